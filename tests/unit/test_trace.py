"""An observed trace of wave heights."""

from datetime import date

import numpy as np
import pytest

from sim.domain.weather import with_trace
from sim.scenario import ScenarioError, load_scenario


@pytest.fixture
def trace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str):
        (tmp_path / "waves.csv").write_text(text)
        return lambda: load_scenario("pilot", ["theatre.weather.trace=waves.csv"])

    return write


def test_an_observed_trace_replaces_the_days_it_covers():
    days = [date(2025, 1, d) for d in (1, 2, 3)]
    assert with_trace(np.array([1.0, 2.0, 3.0]), days, {date(2025, 1, 2): 0.3}).tolist() == [1.0, 0.3, 3.0]


def test_a_trace_is_read_from_a_csv_file(trace):
    scenario = trace("date,wave_height_m\n2025-01-01,0.4\n2025-01-02,1.25\n")()
    assert scenario.theatre.weather.trace == {date(2025, 1, 1): 0.4, date(2025, 1, 2): 1.25}


def test_a_trace_changes_the_scenarios_hash(trace):
    with_one = trace("date,wave_height_m\n2025-01-01,0.4\n")()
    assert with_one.scenario_hash != load_scenario("pilot").scenario_hash


def test_wrong_lines_of_a_trace_are_named_all_at_once(trace):
    with pytest.raises(ScenarioError) as error:
        trace("date,wave_height_m\n2025-13-01,0.4\n2025-01-02,-1\n")()
    assert "line 2" in str(error.value)
    assert "line 3" in str(error.value)


def test_a_trace_without_its_columns_is_refused(trace):
    with pytest.raises(ScenarioError, match="wave_height_m"):
        trace("day,height\n2025-01-01,0.4\n")()


def test_a_trace_that_is_not_there_is_refused():
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario("pilot", ["theatre.weather.trace=nowhere.csv"])
