"""Break-even and one setting at a time through the command line and the front door, on a very small coast.

The cost of patrols is pure accounting: the cost to the UK rises in a straight line with what a unit costs a day.
"""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from described import faults

import sim as front_door
from sim.scenario import ScenarioError

ROOT = Path(__file__).resolve().parents[2]
LEVER, OWN_COST = "money.patrol_unit_gbp_per_day", 4000
SMALL = {
    "theatre.inflow.people_per_year.2025": 900, "coast.people_at_start": 60, "gangs.firms": 4,
    "gangs.firms_at_most": 5, "until": "2025-08-25", LEVER: OWN_COST,
}  # fmt: skip
SETTINGS = [part for name, value in SMALL.items() for part in ("--set", f"{name}={value}")]
OPTIONS = [*SETTINGS, "--replications", "2", "--workers", "1", "--quiet"]
ASKED = ["--lever", LEVER, "--metric", "cost_uk_gbp", "--target", "0", "--levels", "3000,6000"]


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("results") / "breakeven"
    return folder, sim("breakeven", "pilot.yaml", *ASKED, *OPTIONS, "--out", str(folder))


@pytest.fixture(scope="module")
def surveyed(finished) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = finished[0].parent / "tornado"
    over = f"{LEVER},gangs.firms"
    return folder, sim("tornado", "pilot", "--metric", "cost_uk_gbp", "--over", over, *OPTIONS, "--out", str(folder))


def test_costs_break_even_with_the_baseline_at_the_baselines_own_unit_cost(finished):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    answer = pd.read_parquet(folder / "breakeven_answer.parquet").iloc[0]
    assert answer["value"] == pytest.approx(OWN_COST, rel=0.05)
    assert answer["low"] <= answer["value"] <= answer["high"]
    assert f"is met at {LEVER} = " in done.stdout
    assert done.stderr == ""


def test_a_level_was_added_where_the_target_is_met(finished):
    levels = pd.read_parquet(finished[0] / "breakeven.parquet")["level"].tolist()
    assert levels[0] == 3000
    assert levels[-1] == 6000
    assert any(abs(level - OWN_COST) <= 0.05 * OWN_COST for level in levels[1:-1])


def test_provenance_names_the_command_and_every_scenario_that_ran(finished):
    facts = json.loads((finished[0] / "provenance.json").read_text())
    assert facts["command"].startswith("python -m sim breakeven pilot.yaml --lever")
    assert facts["replications"] == 2
    assert {"pilot", "no_exchange", f"pilot {LEVER}=3000", f"pilot {LEVER}=6000"} <= set(facts["scenario_hashes"])
    assert (finished[0] / "scenario.yaml").exists()


def test_asking_again_runs_nothing_and_answers_the_same(finished):
    folder, first = finished
    runs = {path: path.stat().st_mtime_ns for path in (folder.parent / ".store").rglob("manifest.json")}
    again = sim("breakeven", "pilot.yaml", *ASKED, *OPTIONS, "--out", str(folder))
    assert again.stdout == first.stdout
    assert {path: path.stat().st_mtime_ns for path in (folder.parent / ".store").rglob("manifest.json")} == runs


def test_the_front_door_gives_the_same_answer(finished):
    folder, _ = finished
    scenario = front_door.load_scenario("pilot", SMALL)
    found = front_door.breakeven(
        scenario, lever=LEVER, metric="cost_uk_gbp", target=0, levels=[3000, 6000], replications=2, workers=1,
        out=folder.parent / "again",
    )  # fmt: skip
    assert found.table("breakeven_answer").equals(pd.read_parquet(folder / "breakeven_answer.parquet"))


def test_the_figure_is_redrawn_from_the_tables_and_no_other_is_drawn(finished):
    folder = finished[0] / "figures"
    before = (folder / "breakeven.svg").read_bytes()
    (folder / "breakeven.svg").unlink()
    assert sim("figures", str(finished[0]), "--quiet").returncode == 0
    assert (folder / "breakeven.svg").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["breakeven.png", "breakeven.svg"]


def test_an_answer_has_no_report_but_can_be_exported(finished):
    done = sim("report", str(finished[0]))
    assert done.returncode == 2
    assert "no runs to report on" in done.stderr
    assert sim("export", str(finished[0])).returncode == 0
    assert (finished[0] / "csv" / "breakeven_answer.csv").exists()


def test_everything_wrong_with_a_question_ends_with_status_2_and_no_traceback():
    wrong = ["--lever", "exchange.weekly_targt", "--metric", "arrivls", "--levels", "0,b", "--executor", "cloud"]
    done = sim("breakeven", "pilot", *wrong)
    assert done.returncode == 2
    for option in ("--lever", "--metric", "--target", "--levels", "--executor"):
        assert option in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("metric", "target", "said"),
    [
        ("returned", "-10%", "--target: is a share of returned in no_exchange, which is nil; got -10%"),
        ("median_days_to_return", 1, "--metric: is missing in every run of no_exchange"),
    ],
)
def test_a_difference_that_means_nothing_is_refused_once_the_runs_show_it(metric, target, said, finished):
    scenario, out = front_door.load_scenario("pilot", SMALL), finished[0].parent / "nothing"
    with pytest.raises(ScenarioError, match=said):
        front_door.breakeven(
            scenario, lever=LEVER, metric=metric, target=target, levels=[3000, 6000], replications=2, workers=1, out=out
        )


def test_the_break_even_of_the_impact_assessment_needs_no_scenario():
    done = sim("breakeven", "--gross-gbp", "169000", "--saved-gbp", "106000")
    assert done.returncode == 0
    assert "37.3 %" in done.stdout


def test_half_of_the_costs_is_refused():
    done = sim("breakeven", "--gross-gbp", "169000")
    assert done.returncode == 2
    assert "--saved-gbp" in done.stderr


def test_a_setting_at_both_ends_of_its_range_is_paired_with_the_scenario(surveyed):
    folder, done = surveyed
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(folder / "tornado.parquet").set_index("end")
    assert set(table["setting"]) == {LEVER}
    units, days = 80, 19
    expected = (table["value"] - OWN_COST) * units * days
    assert table["difference"].tolist() == pytest.approx(expected.tolist(), rel=0.01)
    assert (table["base_value"] == OWN_COST).all()


def test_a_setting_whose_ends_cannot_be_is_listed_with_the_reason(surveyed):
    folder, done = surveyed
    assert "skipped gangs.firms: " in done.stdout
    assert "firms must not exceed firms_at_most" in done.stdout
    assert (folder / "figures" / "tornado.png").exists()


def test_the_tornado_of_the_front_door_gives_the_same_table(surveyed):
    folder, _ = surveyed
    scenario = front_door.load_scenario("pilot", SMALL)
    found = front_door.tornado(
        scenario, metric="cost_uk_gbp", over=f"{LEVER},gangs.firms", replications=2, workers=1,
        out=folder.parent / "swings",
    )  # fmt: skip
    assert found.table("tornado").equals(pd.read_parquet(folder / "tornado.parquet"))


def test_the_dictionary_tells_every_table_of_the_answer(finished):
    assert faults(finished[0]) == []
