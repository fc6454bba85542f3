"""The pattern scorecard through the command line, on a very small coast."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pandas as pd
import pytest
from described import faults

from sim.experiment.patterns.scorecard import COLUMNS

ROOT = Path(__file__).resolve().parents[2]
PLAN = """
    replications: 2
    scenarios:
      usual:
        scenario: base
        set: {start: 2024-07-01, measure_from: 2024-07-10, until: 2024-08-20, coast.people_at_start: 300,
                     theatre.inflow.people_per_year: {2024: 3000}, gangs.firms: 4, gangs.firms_at_most: 5}
      twice:
        scenario: base
        set: {start: 2024-07-01, measure_from: 2024-07-10, until: 2024-08-20, coast.people_at_start: 300,
              theatre.inflow.people_per_year: {2024: 3000}, gangs.firms: 4, gangs.firms_at_most: 5,
              money.patrol_unit_gbp_per_day: 8000, asylum.work_share: 0}
    checks:
      doubled:
        {pattern: P3, mark: validate-on, label: Cost of patrols, measure: relative_change, of: [usual, twice],
         given: {metric: arrivals}, target: {low: -0.001, high: 0.001}, source: judgement, confidence: guess,
         note: what patrols cost stops nobody}
      empty_days:
        {pattern: P1, mark: calibrate-on, label: Empty days, measure: days_without_arrivals, of: [usual],
         target: {high: -1}, source: judgement, confidence: guess, note: never below zero}
"""


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("plans") / "few.yaml"
    path.write_text(dedent(PLAN))
    return path


@pytest.fixture(scope="module")
def asked(plan) -> tuple[Path, list[str], subprocess.CompletedProcess[str]]:
    folder = plan.parent / "results" / "patterns"
    command = ["patterns", str(plan), "--workers", "1", "--quiet", "--out", str(folder)]
    done = sim(*command)
    assert done.returncode == 0, done.stderr
    return folder, command, done


def test_the_scorecard_has_the_columns_agreed_and_a_row_a_quantity(asked):
    table = pd.read_csv(asked[0] / "patterns.csv")
    assert list(table.columns) == COLUMNS
    assert table["pattern"].tolist() == ["P3", "P1"]
    assert table["mark"].tolist() == ["validate-on", "calibrate-on"]
    assert table["target_low"].isna().tolist() == [False, True]


def test_a_value_in_its_range_passes_and_another_fails(asked):
    table = pd.read_csv(asked[0] / "patterns.csv").set_index("quantity")
    assert table.loc["doubled", ["value", "low", "high", "verdict"]].tolist() == [0, 0, 0, "pass"]
    assert table.loc["empty_days", "value"] > 0
    assert table.loc["empty_days", "verdict"] == "fail"


def test_the_scorecard_is_printed_and_says_what_fails(asked):
    printed = asked[2].stdout
    assert "P3       validate-on   doubled" in printed
    assert "calibrate-on: 0 of 1 quantities pass." in printed
    assert "P1 empty_days fails (Empty days). Expected: never below zero." in printed


def test_the_figure_is_drawn_and_can_be_drawn_again(asked):
    folder = asked[0]
    first = (folder / "figures" / "patterns.png").read_bytes()
    assert sim("figures", str(folder), "--quiet").returncode == 0
    assert (folder / "figures" / "patterns.png").read_bytes() == first


def test_how_the_scorecard_came_to_be_is_told(asked):
    facts = json.loads((asked[0] / "provenance.json").read_text())
    assert list(facts["scenario_hashes"]) == ["usual", "twice"]
    assert facts["replications"] == 2


def test_finished_runs_are_not_run_again(asked):
    folder, command, done = asked
    kept = {path: path.stat().st_mtime_ns for path in (folder.parent / ".store").rglob("manifest.json")}
    again = sim(*command)
    assert len(kept) == 4
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert again.stdout == done.stdout


def test_everything_wrong_with_what_is_asked_is_told_at_once():
    done = sim("patterns", "--only", "P77", "--executor", "magic", "--set", "patrols.unit=3")
    assert done.returncode == 2
    assert "P77" in done.stderr
    assert "magic" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_does_not_exist_is_blamed_on_the_option_and_told_once():
    done = sim("patterns", "--only", "P3", "--set", "patrols.unit=3")
    assert done.returncode == 2
    assert done.stderr.count("--set patrols.unit=3") == 1
    assert "did you mean" in done.stderr


def test_a_plan_that_does_not_exist_is_an_error_in_the_input():
    done = sim("patterns", "no_such_plan")
    assert done.returncode == 2
    assert "no_such_plan" in done.stderr


def test_the_dictionary_tells_every_table_of_the_scorecard(asked):
    assert faults(asked[0]) == []
