"""Calibration: what is read from its YAML, the inflow's path, and the summaries of runs and of the Channel."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sim.experiment.calibration.design import first_points, scenario_at
from sim.experiment.calibration.emulator import Emulator
from sim.experiment.calibration.level import Level, months_between
from sim.experiment.calibration.observed import observed_summaries
from sim.experiment.calibration.parameters import Parameter
from sim.experiment.calibration.reading import read_calibration
from sim.experiment.calibration.summaries import (
    FIRST_DAY,
    LAST_DAY,
    Run,
    Summary,
    known_by,
    of_run,
    run_of_tables,
    summaries,
)
from sim.experiment.calibration.waves import Design, matter_of, near_runs
from sim.scenario import ScenarioError

CHANNEL = read_calibration("channel")
SHIPPED = Path("configs/calibrations/channel.yaml").resolve()
DAYS = (LAST_DAY - FIRST_DAY).days + 1


def changed(folder: Path, old: str, new: str) -> str:
    """The shipped calibration with one thing changed, as a file."""
    text = SHIPPED.read_text()
    assert old in text
    file = folder / "changed.yaml"
    file.write_text(text.replace(old, new, 1).replace("../history.yaml", str(SHIPPED.parents[1] / "history.yaml")))
    return str(file)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("seed: 20220101", "sed: 20220101", "sed: is unknown"),
        ("value: [450, 250, 250]", "value: [450, 5]", "must list runs a wave"),
        ("draws: {value: 2000", "draws: {value: few", "must be a whole number"),
        ("origins: [2023-07-01", "origins: [2022-03-01", "days within the data"),
        ("  gangs.fill_at_least: range", "  gangs.fill_at_lest: range", "is no setting"),
        ("  gangs.fill_at_least: range", "  gangs.fill_at_least: [0.3, 0.5]", "needs a range, not single values"),
        ("  gangs.fill_at_least: range", "  gangs.fill_at_least: {low: 2}", "gangs.fill_at_least"),
        ("from: [2021-07-01, 2022-07-01", "from: [2021-07-15, 2022-07-01", "the firsts of months"),
        ("from: [2021-07-01, 2022-07-01", "from: [2022-01-01, 2022-07-01", "begins after the scenario's start"),
        ("unit: ratio to the half-year before, range: [0.6, 1.67]", "unit: ratio", "needs a range"),
        ("  deaths: {value: 0.5", "  deaths: {value: -1", "0 or more"),
        ("scenario: ../history.yaml", "scenario: histry.yaml", "no file"),
    ],
)
def test_what_is_wrong_with_a_calibration_is_told_with_its_line(tmp_path, old, new, told):
    with pytest.raises(ScenarioError) as error:
        read_calibration(changed(tmp_path, old, new))
    assert told in str(error.value)
    assert "changed.yaml:" in str(error.value)


def test_several_problems_are_told_at_once(tmp_path):
    file = Path(changed(tmp_path, "seed: 20220101", "sed: 20220101"))
    file.write_text(file.read_text().replace("draws: {value: 2000", "draws: {value: 0"))
    with pytest.raises(ScenarioError) as error:
        read_calibration(str(file))
    assert "sed" in str(error.value)
    assert "draws" in str(error.value)


def test_an_unknown_calibration_names_those_there_are():
    with pytest.raises(ScenarioError, match=r"no such calibration.*channel\.yaml"):
        read_calibration("chanel")


def test_priors_lie_within_the_plausible_ranges_and_hold_the_base_values():
    for parameter in (p for p in CHANNEL.parameters if p.carried):
        meta = CHANNEL.scenario.catalogue[
            parameter.name.removesuffix(".2022").removesuffix(".2023").removesuffix(".2024")
        ]
        assert meta.low <= parameter.low < parameter.high <= meta.high, parameter.name
        assert parameter.low <= parameter.base <= parameter.high, parameter.name


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_parameter_goes_to_the_unit_interval_and_back(scale):
    parameter = Parameter("p", "people", 2.0, 50.0, scale)
    for u in (0.0, 0.3, 1.0):
        assert parameter.unit_of(parameter.at(u)) == pytest.approx(u)


LEVEL = Level("theatre.inflow.people_per_year", (date(2022, 1, 1), date(2022, 7, 1)), date(2023, 1, 1),
              (100, 1000), (0.5, 2), (0, 0.4), 0.5)  # fmt: skip


def path_of(spread: float, run: int = 0, level: Level = LEVEL) -> np.ndarray:
    names = [parameter.name for parameter in level.parameters]
    values = dict(zip(names, (400.0, 1.5, spread), strict=True))
    return np.array(list(level.changes(values, 7, run)[level.setting].values()))


def test_a_level_grows_at_its_dates_and_months_do_not_stray_without_spread():
    assert path_of(0.0).tolist() == [400.0] * 6 + [600.0] * 6


def test_months_stray_by_the_spread_around_the_level_and_persist():
    long = replace(LEVEL, until=date(2062, 1, 1))
    strays = np.log(path_of(0.3, level=long)[6:] / 600.0)
    assert strays.std() == pytest.approx(0.3, rel=0.15)
    assert np.exp(strays).mean() == pytest.approx(1.0, abs=0.06)
    assert np.corrcoef(strays[:-1], strays[1:])[0, 1] == pytest.approx(0.5, abs=0.12)


def test_every_run_has_strays_of_its_own_and_the_same_each_time():
    assert (path_of(0.3, 1) != path_of(0.3, 2)).all()
    assert (path_of(0.3, 1) == path_of(0.3, 1)).all()


def test_the_months_of_a_stretch_are_its_firsts():
    assert months_between(date(2021, 11, 1), date(2022, 2, 1)) == [
        date(2021, 11, 1), date(2021, 12, 1), date(2022, 1, 1)
    ]  # fmt: skip


def test_a_point_becomes_a_scenario_with_all_its_values():
    points = first_points(CHANNEL)
    assert points.shape == (CHANNEL.waves[0], len(CHANNEL.parameters))
    scenario = scenario_at(CHANNEL, points[3], 3)
    by_name = dict(zip([p.name for p in CHANNEL.parameters], points[3], strict=True))
    beds = next(p for p in CHANNEL.parameters if p.name == "gangs.nightly_boats")
    assert scenario.rules.gangs.nightly_boats == pytest.approx(beds.at(by_name["gangs.nightly_boats"]))
    assert date(2024, 6, 1) in scenario.theatre.inflow.people_per_year


def a_run(arrivals: np.ndarray, boats: np.ndarray | None = None, **more: np.ndarray) -> Run:
    nothing = np.zeros(DAYS)
    daily = {"arrivals": arrivals, "boats": arrivals / 50 if boats is None else boats}
    daily |= {"prevented": nothing, "rescued": nothing, "deaths": nothing, "calm": nothing}
    return Run(FIRST_DAY, daily | more, {"iran": arrivals / 4, "other": arrivals * 3 / 4})


def value_of(name: str, run: Run) -> float:
    summary = next(s for s in summaries() if s.name == name)
    return float(summary.natural(of_run([summary], run)[0]))


def test_summaries_of_a_made_up_run_are_what_one_reckons_by_hand():
    every_other = np.where(np.arange(DAYS) % 2 == 0, 100.0, 0.0)
    run = a_run(every_other, deaths=np.full(DAYS, 0.1), calm=np.ones(DAYS))
    assert value_of("arrivals.2022-01", run) == pytest.approx(1600)
    assert value_of("boats.2022-01", run) == pytest.approx(32)
    assert value_of("crossing_days.2022-01", run) == pytest.approx(0.5)
    assert value_of("crossing_day_quantiles.median.2022-01", run) == pytest.approx(100)
    assert value_of("persistence.2022-01", run) == pytest.approx(-1.0, abs=0.01)
    assert value_of("people_per_boat.2023-07", run) == pytest.approx(50)
    assert value_of("deaths.2023-01", run) == pytest.approx(36.5)
    assert value_of("group_shares.iran.2022-01", run) == pytest.approx(0.25)
    assert value_of("red_days.2023-05", run) == pytest.approx(1.0)
    assert value_of("roughness.2022-01", run) < 0.1


def test_a_run_in_which_nobody_crosses_has_summaries_too():
    assert np.isfinite(of_run(summaries(), a_run(np.zeros(DAYS)))).all()


def test_the_tables_of_a_run_become_its_series():
    daily = pa.table({"arrivals": [5, 0], "boats_arrived": [1, 0], "people_prevented": [2, 3], "turned_back": [0, 4],
                      "deaths": [0, 1], "wave_height_m": [0.3, 0.9]})  # fmt: skip
    group = pa.array(["iran", "other", "iran", "other"]).dictionary_encode()
    run = run_of_tables(date(2022, 1, 1), daily, pa.table({"group": group, "arrivals": [2, 3, 0, 0]}), 0.5)
    assert run.daily["calm"].tolist() == [1, 0]
    assert run.daily["rescued"].tolist() == [0, 4]
    assert run.groups["iran"].tolist() == [2, 0]


def test_the_channels_summaries_are_those_of_the_published_figures():
    wanted = summaries()
    found = dict(zip([s.name for s in wanted], observed_summaries(wanted), strict=True))
    natural = {s.name: float(s.natural(np.array(found[s.name]))) for s in wanted}
    assert not np.isnan(list(found.values())).any()
    assert sum(natural[f"arrivals.2022-{month:02d}"] for month in range(1, 13)) == pytest.approx(45774, abs=40)
    assert natural["prevented.2022-01"] == pytest.approx(33788)
    assert natural["rescued.2023-01"] == pytest.approx(4858)
    assert natural["deaths.2023-01"] == pytest.approx(17)
    assert natural["deaths.2024-01"] == pytest.approx(16)
    assert natural["red_days.2022-05"] == pytest.approx(102 / 365)
    assert natural["group_shares.albania.2022-01"] == pytest.approx(12658 / 45774, abs=0.002)


def test_only_what_was_known_by_a_day_is_matched():
    until = date(2023, 6, 30)
    used = matter_of(CHANNEL, until).used
    assert all(summary.end <= until for summary, mine in zip(summaries(), used, strict=True) if mine)
    assert used.sum() == known_by(summaries(), until).sum() < matter_of(CHANNEL).used.sum()


def test_a_calibration_whose_runs_are_all_far_out_says_so():
    matter = matter_of(CHANNEL)
    draw = np.random.default_rng(1)
    unit = draw.random((60, len(CHANNEL.parameters)))
    off = matter.observed + 50 + 0.01 * draw.normal(size=(60, len(matter.observed)))
    design = Design(np.ones(60, dtype=np.int64), unit, off, [Emulator.fit(unit, off)])
    with pytest.raises(ScenarioError, match="0 of 60 runs come near the data"):
        near_runs(design, matter, 1)


def test_summaries_have_names_of_their_own_and_scales_that_go_back():
    wanted = summaries()
    assert len({summary.name for summary in wanted}) == len(wanted)
    for summary in {s.kind: s for s in wanted}.values():
        assert float(summary.natural(summary.scaled(np.array(0.37)))) == pytest.approx(0.37)


def test_a_summary_is_labelled_by_its_days():
    assert Summary("arrivals", "", date(2022, 3, 1), date(2022, 3, 31), "people", "log").label == "arrivals, Mar 2022"
