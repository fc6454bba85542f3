"""A sweep from its file to its tables: paired, resumed, replicated until precise, and told of where it fails."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli.words_points import estimate_text, sweep_text
from sim.experiment.compare import effects_table, runs_table, summary_table
from sim.experiment.precision import Precision
from sim.experiment.store import Store
from sim.experiment.study import Options
from sim.experiment.sweep import execute, read_plan
from sim.experiment.sweep.estimate import estimate
from sim.experiment.sweep.execute import Swept, sweep
from sim.experiment.sweep.plan import Plan

SMALL = [
    "theatre.inflow.people_per_year.2025=6000", "coast.people_at_start=150", "start=2025-05-01", "until=2025-09-20",
]  # fmt: skip
SWEEP = """
question: What do more returns do, with few patrols and with many?
scenario: pilot.yaml
baseline: no_exchange.yaml
replications: 3
design: grid
over:
  exchange.weekly_target: [0, 50, 500]
uncertainties:
  design: list
  over:
    - {patrols.units: 60}
    - {patrols.units: 120}
"""


def planned(folder: Path, text: str = SWEEP, name: str = "small") -> Plan:
    """A sweep of the pilot on a small scale."""
    file = folder / f"{name}.yaml"
    file.write_text(text)
    return read_plan(str(file), SMALL)


def done(plan: Plan, folder: Path, **options) -> Swept:
    """The sweep run here, in this process, unless told otherwise."""
    given = {"executor": "serial", "workers": 1, "out": folder / plan.name} | options
    return sweep(plan, Options(**given))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sweeps")


@pytest.fixture(scope="module")
def swept(folder) -> Swept:
    return done(planned(folder), folder)


def tables(swept: Swept) -> dict[str, pd.DataFrame]:
    """What must not depend on how a sweep came to be."""
    names = ("points", "dimensions", "runs", "summary", "effects")
    return {name: swept.results.table(name).drop(columns="wall_s", errors="ignore") for name in names}


def test_a_sweep_crosses_levers_with_states_of_the_world_and_each_has_its_own_baseline(swept):
    points = swept.results.table("points")
    assert list(points["baseline"]) == [True, False, False, False] * 2
    assert points["baseline_hash"][5] == points["scenario_hash"][4] != points["scenario_hash"][0]
    assert list(points["patrols.units"]) == [60] * 4 + [120] * 4
    assert points["exchange.weekly_target"].isna().sum() == 2
    assert swept.tally.computed == 8 * 3
    assert swept.tally.reused == 0


def test_a_lever_never_changes_the_baseline(swept):
    assert swept.results.table("points").query("baseline")["scenario_hash"].nunique() == 2


def test_an_exchange_of_nil_a_week_selects_nobody(swept):
    effects = swept.results.table("effects").set_index(["point", "metric"])["difference"]
    assert effects[1, "selected"] == effects[5, "selected"] == 0
    assert effects[3, "selected"] > 0


def test_effects_and_summaries_are_those_of_a_study_of_the_same_scenarios(swept, folder):
    plan = planned(folder)
    point, against = plan.point(7), plan.point(4)
    scenario, baseline = plan.scenario(point), plan.scenario(against)
    runs = runs_table([baseline, scenario], baseline, range(3), Store(folder / ".store"))
    for name, whole in (("effects", effects_table(runs, baseline.name)), ("summary", summary_table(runs))):
        found = swept.results.table(name)
        mine = found[found["scenario"] == point.name].drop(columns="point").reset_index(drop=True)
        expected = whole[whole["scenario"] == point.name].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, expected, rtol=1e-9, check_dtype=False)


def test_a_second_start_computes_nothing_and_writes_the_same_tables(swept, folder):
    before = tables(swept)
    again = done(planned(folder), folder)
    assert (again.tally.computed, again.tally.reused) == (0, 24)
    for name, table in tables(again).items():
        pd.testing.assert_frame_equal(table, before[name])


def test_another_sweep_that_shares_runs_computes_only_its_own(swept, folder):
    text = SWEEP.replace("[0, 50, 500]", "[50, 60, 500]").replace("replications: 3", "replications: 2")
    other = done(planned(folder, text, "other"), folder)
    assert (other.tally.computed, other.tally.reused) == (4, 12)


def test_two_workers_in_any_order_give_the_same_tables(swept, folder, tmp_path):
    pool = done(planned(folder), tmp_path, executor="process", workers=2)
    assert pool.tally.computed == 24
    expected = tables(swept)
    for name, table in tables(pool).items():
        pd.testing.assert_frame_equal(table, expected[name])


def test_replications_are_added_at_each_point_until_its_interval_is_narrow_enough(swept, folder, tmp_path):
    shutil.copytree(folder / ".store", tmp_path / ".store")
    goal = Precision("arrivals", half_width=150.0, fewest=3, most=9)
    plan = replace(planned(folder), replications=None, precision=goal)
    found = done(plan, tmp_path)
    effects = found.results.table("effects").query("metric == 'arrivals'")
    half = (effects["high"] - effects["low"]) / 2
    counts = found.results.table("points").set_index("point")["replications"]
    assert set(effects["replications"]) != {3}
    for point, width, used in zip(effects["point"], half, effects["replications"], strict=True):
        assert counts[point] == used
        assert width <= 150.0 or used == 9
        against = plan.baseline_of(plan.point(point))
        assert counts[against.index] >= used
    named = {plan.point(p).name for p, width in zip(effects["point"], half, strict=True) if width > 150.0}
    assert set(found.wide) == named


def test_a_failing_run_is_told_of_and_the_rest_is_in_the_tables(folder, tmp_path, monkeypatch):
    from sim.experiment import worker

    whole = worker.simulate

    def failing(scenario, replication):
        if "500" in scenario.name and replication == 1:
            raise RuntimeError("the boat that broke it")
        return whole(scenario, replication)

    monkeypatch.setattr(worker, "simulate", failing)
    found = done(planned(folder), tmp_path)
    assert "the boat that broke it" in found.failed
    assert "--set exchange.weekly_target=500" in found.failed
    assert "--first-replication 1" in found.failed
    counts = found.results.table("points")["replications"]
    assert list(counts) == [3, 3, 3, 2] * 2
    effects = found.results.table("effects").query("metric == 'arrivals'").set_index("point")["replications"]
    assert effects[3] == 2


def test_a_dry_run_counts_runs_and_those_that_are_there_and_simulates_nothing_of_them(swept, folder):
    text = SWEEP.replace("replications: 3", "replications: 5")
    plan = planned(folder, text, "more")
    found = estimate(plan, Options(executor="serial", out=folder / "more"))
    assert (found.points, found.runs, found.stored, found.left) == (8, 40, 24, 16)
    assert found.seconds == pytest.approx(16 * found.seconds_a_run)
    assert found.bytes > 16 * 10_000
    assert "40 different runs, of which the store has 24" in estimate_text(plan.name, found)
    assert not (folder / "more").exists()


def test_a_dry_run_of_an_empty_store_measures_a_trial(folder, tmp_path):
    found = estimate(planned(folder), Options(workers=2, out=tmp_path / "small"))
    assert found.stored == 0
    assert found.seconds_a_run > 0.01
    assert found.measured.endswith("trial runs")
    assert not list(tmp_path.iterdir())


def test_the_terminal_shows_policies_over_the_futures(swept):
    said = sweep_text(swept.results)
    assert "24 runs" in said
    assert "exchange.weekly_target=500" in said
    assert "over the futures" in said


def test_without_a_baseline_there_are_no_effects(folder, tmp_path):
    plan = planned(folder, SWEEP.replace("no_exchange.yaml", "none").replace("replications: 3", "replications: 1"))
    found = done(plan, tmp_path)
    assert not (found.results.folder / "effects.parquet").exists()
    assert "95 % t-intervals" in sweep_text(found.results) or "over the futures" in sweep_text(found.results)


def test_the_parent_holds_few_scenarios_at_a_time(folder, tmp_path, monkeypatch):
    """Scenarios are loaded as workers become free: a sweep of thousands does not hold thousands."""
    plan = planned(folder)
    ahead, begun = [], []
    loaded = type(plan).scenario

    def loading(self, point):
        begun.append(point.index)
        return loaded(self, point)

    from sim.experiment import worker

    whole = worker.simulate

    def noticing(scenario, replication):
        ahead.append(len(begun))
        return whole(scenario, replication)

    hashes = execute.resolved(plan)
    monkeypatch.setattr(type(plan), "scenario", loading)
    monkeypatch.setattr(execute, "resolved", lambda _: hashes)
    monkeypatch.setattr(worker, "simulate", noticing)
    done(replace(plan, replications=1), tmp_path)
    assert len(ahead) == 8
    assert np.all(np.array(ahead) <= np.arange(1, 9) + 4)


def test_a_folder_that_cannot_be_written_is_told_of_before_any_run(folder, tmp_path):
    blocked = tmp_path / "results"
    blocked.write_text("a file where a folder should be")
    with pytest.raises(OSError, match=os.strerror(20)):
        done(planned(folder), blocked)


def test_futures_whose_baseline_is_not_of_this_world_are_marked_and_left_out_of_answers(swept, folder, tmp_path):
    shutil.copytree(folder / ".store", tmp_path / ".store")
    runs = swept.results.table("runs").groupby("point")["arrivals"].mean()
    few, many = sorted((runs[0], runs[4]))
    text = SWEEP + f"plausible: {{arrivals: [{(few + many) / 2}, {2 * many}]}}\n"
    found = done(planned(folder, text, "worlds"), tmp_path)
    points = found.results.table("points")
    left_out = 0 if runs[0] < runs[4] else 1
    assert list(points["plausible"]) == [future != left_out for future in points["future"]]
    assert len(found.results.table("effects")["point"].unique()) == 6
    said = sweep_text(found.results)
    assert "1 of 2 futures are left out" in said
    assert said.count("\n500 ") == 1


def test_answers_go_when_the_tables_they_rest_on_change_and_stay_otherwise(swept, folder, tmp_path):
    shutil.copytree(folder / ".store", tmp_path / ".store")
    answer = tmp_path / "small" / "sensitivity.parquet"
    done(planned(folder), tmp_path)
    answer.write_bytes(b"an answer")
    done(planned(folder), tmp_path)
    assert answer.exists()
    done(replace(planned(folder), replications=2), tmp_path)
    assert not answer.exists()


def test_the_copy_of_the_sweep_says_under_which_overrides_it_was_run(swept):
    copy = (swept.results.folder / "sweep.yaml").read_text()
    assert copy.startswith("".join(f"# run with --set {change}\n" for change in SMALL))
    assert copy.endswith(SWEEP)


def test_where_every_policy_run_fails_the_failures_are_told_without_a_traceback(folder, tmp_path, monkeypatch):
    from sim.experiment import worker

    whole = worker.simulate

    def failing(scenario, replication):
        if "weekly_target" in scenario.name:
            raise RuntimeError("no boat left")
        return whole(scenario, replication)

    monkeypatch.setattr(worker, "simulate", failing)
    found = done(replace(planned(folder), replications=1), tmp_path)
    assert "no boat left" in found.failed
    assert "No point has a finished run and that of its baseline." in sweep_text(found.results)
