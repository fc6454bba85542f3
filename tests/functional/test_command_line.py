"""The command line as a user meets it: exit status, messages, files."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = [
    "--set", "theatre.inflow.people_per_year.2025=900", "--set", "coast.people_at_start=60", "--until", "2025-08-25",
    "--set", "gangs.firms=4", "--set", "gangs.firms_at_most=5", "--workers", "1", "--quiet",
]  # fmt: skip


def sim(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("results") / "pilot"
    return folder, sim("run", "pilot.yaml", "--replications", "2", *SMALL, "--record", "people", "--out", str(folder))


def test_a_run_ends_with_status_0_and_prints_effects(finished):
    _, done = finished
    assert done.returncode == 0, done.stderr
    assert "Paired differences over 2 replications" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_run_writes_every_table_of_the_contract(finished):
    folder, _ = finished
    tables = {path.stem for path in folder.glob("*.parquet")}
    assert tables >= {
        "daily", "sectors", "gangs", "groups", "pipeline", "runs", "summary", "effects", "people", "journeys",
    }  # fmt: skip
    assert (folder / "scenario.yaml").exists()


def test_the_daily_table_has_the_columns_of_the_contract(finished):
    folder, _ = finished
    assert pd.read_parquet(folder / "daily.parquet").columns.tolist() == [
        "scenario", "replication", "date", "attempts", "boats_launched", "boats_prevented", "people_prevented",
        "boats_arrived", "arrivals", "deaths", "turned_back", "selected", "detained", "returned", "admitted", "voided",
        "ledger_gap", "waiting_at_coast", "wave_height_m", "price_gbp", "gangs_active", "cost_uk_gbp", "cost_fr_gbp",
    ]  # fmt: skip


def test_the_daily_table_holds_every_scenario_replication_and_day(finished):
    folder, _ = finished
    daily = pd.read_parquet(folder / "daily.parquet")
    assert daily.groupby(["scenario", "replication"]).size().tolist() == [236] * 4


def test_provenance_names_the_command_and_the_seed(finished):
    folder, _ = finished
    facts = json.loads((folder / "provenance.json").read_text())
    assert facts["seed"] == 20250710
    assert facts["command"].startswith("python -m sim run pilot.yaml")


def test_the_people_table_has_the_columns_of_the_contract(finished):
    folder, _ = finished
    columns = pd.read_parquet(folder / "people.parquet").columns.tolist()
    assert columns[:11] == [
        "scenario", "replication", "person", "group", "age_class", "uk_links", "reached_coast", "attempts", "outcome",
        "outcome_date", "sector",
    ]  # fmt: skip


def test_running_again_simulates_nothing(finished):
    folder, _ = finished
    marks = {path: path.stat().st_mtime_ns for path in (folder.parent / ".store").rglob("manifest.json")}
    again = sim("run", "pilot.yaml", "--replications", "2", *SMALL, "--record", "people", "--out", str(folder))
    assert again.returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (folder.parent / ".store").rglob("manifest.json")} == marks


def test_figures_are_redrawn_from_the_tables_alone(finished):
    folder, _ = finished
    before = (folder / "figures" / "effects.svg").read_bytes()
    (folder / "figures" / "effects.svg").unlink()
    done = sim("figures", str(folder), "--quiet")
    assert done.returncode == 0, done.stderr
    assert (folder / "figures" / "effects.svg").read_bytes() == before


def test_export_writes_a_csv_of_each_table(finished):
    folder, _ = finished
    assert sim("export", str(folder), "--format", "csv").returncode == 0
    assert len(pd.read_csv(folder / "csv" / "daily.csv")) == len(pd.read_parquet(folder / "daily.parquet"))


def test_a_wrong_scenario_ends_with_status_2_and_no_traceback():
    done = sim("check", "no_such_scenario.yaml")
    assert done.returncode == 2
    assert "no_such_scenario" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_override_is_blamed_on_the_override():
    done = sim("run", "pilot.yaml", "--set", "exchange.weekly_target=-5", "--replications", "1")
    assert done.returncode == 2
    assert "exchange.weekly_target=-5" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_executor_is_refused_with_the_known_ones():
    done = sim("run", "pilot.yaml", "--executor", "cloud")
    assert done.returncode == 2
    assert "process, serial" in done.stderr


def test_figures_of_a_run_that_does_not_exist_say_how_to_make_it():
    done = sim("figures", "nowhere")
    assert done.returncode == 2
    assert "make run" in done.stderr


def test_scenarios_over_different_days_are_not_compared(tmp_path):
    other = tmp_path / "later.yaml"
    other.write_text(f"base: {ROOT}/configs/no_exchange.yaml\nuntil: 2026-07-01\n")
    done = sim("run", "pilot.yaml", "--baseline", str(other), "--replications", "1")
    assert done.returncode == 2
    assert "until" in done.stderr


def test_results_can_be_written_nowhere_but_where_one_may_write(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = sim("run", "pilot.yaml", "--replications", "1", *SMALL, "--out", str(blocked / "pilot"))
    assert done.returncode == 1
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr


def test_explain_names_unit_range_and_source():
    done = sim("explain", "exchange.beds")
    assert done.returncode == 0
    assert "beds" in done.stdout
    assert "S84" in done.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["check", "pilot.yaml"]])
def test_help_and_check_load_no_library_that_only_runs_need(arguments):
    code = (
        f"import sys; sys.argv = ['sim', *{arguments}]\n"
        "try:\n    import sim.cli; sim.cli.main()\n"
        "finally:\n    print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert {"sim", "typer"} <= loaded
    assert not loaded & {"numpy", "scipy", "pandas", "pyarrow", "networkx", "simpy", "matplotlib"}
