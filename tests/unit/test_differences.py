"""What a scenario has other than its baseline, as rows of words."""

from datetime import date
from types import SimpleNamespace

import pytest
from made_up import Fake
from ruamel.yaml import YAML

from sim.experiment.results import Results, _changed
from sim.report.differences import differences
from sim.scenario.meta import Meta

UNITS = {"value": 80, "unit": "units of ten officers", "low": 20.0, "high": 150.0, "source": "judgement",
         "confidence": "guess", "note": ""}  # fmt: skip
LATER = {"from": "2025-03-01", "until": "2025-07-10", "announced": "2025-02-01"}


@pytest.fixture
def rows(tmp_path):
    """The rows of a made-up pair, in which `changes` replace parts of scenario.yaml and of its two scenarios."""

    def of(plain=None, swap=None, **changes) -> dict:
        fake = Fake(tmp_path / "run", replications=1, days=20)
        yaml = YAML(typ="safe")
        told = yaml.load(fake.folder / "scenario.yaml")
        told["settings"]["patrols.units"] = UNITS
        told["scenarios"]["plain"] |= plain or {}
        told["scenarios"]["swap"] |= swap or {"levers": []}
        told["settings_changed"] = {}
        told |= changes
        with (fake.folder / "scenario.yaml").open("w") as file:
            yaml.dump({name: part for name, part in told.items() if part is not None}, file)
        (found,) = differences(Results(fake.folder))
        return found | {"by_name": {row["name"]: row for row in found["rows"]}}

    return of


def test_a_lever_that_the_baseline_lacks_is_told_with_its_dates_and_what_it_sets(rows):
    found = rows(swap={"levers": [{"patrol_units": {"from": "2025-03-01", "until": None, "units": 160}}]})["by_name"]
    assert found["patrol_units"]["baseline"] == "not there"
    assert found["patrol_units"]["scenario"] == "2025-03-01 to the end"
    assert "patrol units" in found["patrol_units"]["what"]
    units = found["patrols.units"]
    assert (units["baseline"], units["scenario"], units["unit"]) == ("80", "160", "units of ten officers")
    assert (units["range"], units["source"], units["guess"]) == ("20 to 150", "set by the scenario", False)


def test_without_an_exchange_none_of_its_settings_has_a_value_in_the_baseline(rows):
    found = rows(swap={"levers": [{"exchange": {**LATER, "weekly_target": 50.0}}]})["by_name"]
    assert found["exchange.weekly_target"]["baseline"] == "–"
    assert found["exchange"]["scenario"] == "2025-03-01 to 2025-07-10, announced 2025-02-01"


def test_levers_that_are_the_same_in_both_are_not_told(rows):
    lever = {"levers": [{"exchange": {**LATER, "weekly_target": 50.0}}]}
    assert rows(plain=lever, swap=lever)["rows"] == []


def test_a_lever_with_another_value_or_date_is_told_by_that_alone(rows):
    before = {"levers": [{"patrol_units": {"from": "2025-03-01", "units": 100}}]}
    found = rows(plain=before, swap={"levers": [{"patrol_units": {"from": "2025-03-01", "units": 160}}]})["by_name"]
    assert list(found) == ["patrols.units"]
    later = rows(plain=before, swap={"levers": [{"patrol_units": {"from": "2025-04-01", "units": 100}}]})["by_name"]
    assert list(later) == ["patrol_units"]


def test_a_lever_of_the_baseline_alone_is_told_too(rows):
    found = rows(plain={"levers": [{"patrol_units": {"from": "2025-03-01", "units": 100}}]})["by_name"]
    assert (found["patrol_units"]["scenario"], found["patrols.units"]["scenario"]) == ("not there", "80")


def test_a_value_that_is_the_sourced_one_has_its_source_and_its_mark(rows):
    units = rows(plain={"levers": [{"patrol_units": {"from": "2025-03-01", "units": 100}}]})["by_name"]["patrols.units"]
    assert (units["source"], units["title"], units["guess"]) == ("judgement", "the modellers' judgement", True)


def test_settings_with_other_values_are_told_on_the_side_that_has_them(rows):
    found = rows(settings_changed={"plain": {"patrols.units": 60, "exchange.beds": 100}})["by_name"]
    assert list(found) == ["patrols.units"]
    assert (found["patrols.units"]["baseline"], found["patrols.units"]["scenario"]) == ("60", "80")


def test_another_window_is_told(rows):
    found = rows(swap={"levers": [], "measure_from": "2025-04-01"})["by_name"]
    assert found["measure_from"]["scenario"] == "2025-04-01"


def test_overrides_and_the_lack_of_settings_in_older_results_are_told(rows):
    found = rows(overrides=["patrols.units=90"], settings_changed=None)
    assert found["overrides"] == ["patrols.units=90"]
    assert "only levers and dates" in found["note"]
    assert rows()["note"] == ""


def test_without_a_baseline_there_is_nothing_to_compare(tmp_path):
    fake = Fake(tmp_path / "alone", baseline="", replications=1, days=20)
    assert differences(Results(fake.folder)) == []


def test_of_another_scenario_only_the_settings_of_sections_that_differ_are_kept():
    def scenario(**values) -> SimpleNamespace:
        return SimpleNamespace(catalogue={name.replace("__", "."): Meta(value) for name, value in values.items()})

    first = scenario(question="why?", patrols__units=80, exchange__beds=100)
    other = scenario(question="how?", patrols__units=60, exchange__beds=100, coast__begins=date(2025, 1, 1))
    assert _changed(other, first) == {"patrols.units": 60, "coast.begins": date(2025, 1, 1)}
