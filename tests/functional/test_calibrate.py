"""A whole calibration on a very small coast: its tables, what is found again, and that nobody sees how it was run."""

import shutil
import subprocess
import sys
from datetime import date
from math import isnan
from pathlib import Path

import numpy as np
import pytest
from described import faults

from sim.experiment.calibration.calibrate import Calibrated, calibrate
from sim.experiment.calibration.reading import read_calibration
from sim.experiment.runner import InterruptedRunError
from sim.experiment.study import Options

ROOT = Path(__file__).resolve().parents[2]
# Nothing on so small a coast is as it was in the Channel: the wide discrepancies leave it all the same.
TINY = """
question: Which values agree on a very small coast?
scenario: {scenario}
seed: 7
waves: [10, 10]
draws: 60
predictive: 2
origins: [2024-01-01]
level:
  setting: theatre.inflow.people_per_year
  from: [2021-07-01, 2023-01-01]
  first: {{unit: people/year, range: [300, 600], source: judgement, confidence: guess}}
  growth: {{unit: ratio to the stretch before, range: [0.6, 1.67], source: judgement, confidence: guess}}
  month_spread: {{unit: sd of log, range: [0, 0.4], source: judgement, confidence: guess}}
  month_persistence: 0.5
over:
  theatre.weather.median_height_m: range
  gangs.wave_limit_m: range
  gangs.seats_per_boat.2023: {{low: 20, high: 40}}
  patrols.sweep_km_per_unit: range
  passage.incident_share: {{scale: log}}
  migrants.benefit_gbp: {{low: 15000, high: 30000, scale: log}}
  migrants.return_loss_gbp: range
  beliefs.announced_weight: range
discrepancy: {{arrivals: 9, boats: 9, roughness: 9, crossing_days: 2, crossing_day_quantiles: 9, persistence: 2,
  people_per_boat: 9, prevented: 20, rescued: 20, deaths: 20, group_shares: 2, red_days: 2}}
"""
SMALL = [
    "coast.people_at_start=20", "coast.rest_days=1", "gangs.firms=2", "gangs.firms_at_most=2",
    "gangs.seats_per_boat={2022: 20, 2023: 20, 2024: 20}", "gangs.fill_at_least=0.3", "gangs.overhead_gbp_per_day=0",
    "patrols.units=5", "migrants.budget_gbp=12000",
]  # fmt: skip
WAVE, RUNS, PREDICTIVE, DRAWS, PARAMETERS = 10, 20, 2, 60, 11


def command(file: Path) -> list[str]:
    settings = [part for setting in SMALL for part in ("--set", setting)]
    return ["calibrate", str(file), "--quiet", *settings]


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("calibrations") / "tiny.yaml"
    path.write_text(TINY.format(scenario=ROOT / "configs" / "history.yaml"))
    return path


@pytest.fixture(scope="module")
def whole(file) -> Calibrated:
    """Calibrated with one worker, at one go."""
    return calibrate(read_calibration(str(file), SMALL), Options(workers=1, out=file.parent / "one" / "tiny"))


@pytest.fixture(scope="module")
def begun(whole) -> tuple[Path, int]:
    """A folder whose store lacks every third run of that calibration, and how many runs it has."""
    at_one_go = whole.results.folder
    folder = at_one_go.parent.parent / "two" / at_one_go.name
    shutil.copytree(at_one_go.parent / ".store", folder.parent / ".store")
    runs = sorted((folder.parent / ".store" / "runs").glob("*/*/replication=*"), key=lambda run: run.name)
    for run in runs[::3]:
        shutil.rmtree(run)
    return folder, len(runs) - len(runs[::3])


@pytest.fixture(scope="module")
def resumed(begun, file) -> Calibrated:
    """The same with two workers: what is lacking, after somebody pressed Ctrl-C on the way."""
    calibration, (folder, kept) = read_calibration(str(file), SMALL), begun

    def press(done: int, total: int, left: float) -> None:
        if not isnan(left):  # something has been computed
            raise KeyboardInterrupt

    with pytest.raises(InterruptedRunError, match=f"of {WAVE} runs are finished"):
        calibrate(calibration, Options(workers=2, out=folder, progress=press))
    assert not (folder / "posterior.parquet").exists()
    found = len(list((folder.parent / ".store" / "runs").glob("*/*/replication=*")))
    assert kept < found < RUNS + PREDICTIVE
    return calibrate(calibration, Options(workers=2, out=folder))


def test_a_calibration_writes_the_tables_agreed(whole):
    sizes = {
        "posterior": DRAWS, "draws": DRAWS, "posterior_2024-01-01": DRAWS, "parameters": PARAMETERS, "waves": 2,
        "design": RUNS, "calibration": 1,
    }  # fmt: skip
    assert {name: len(whole.results.table(name)) for name in sizes} == sizes
    columns = {
        "parameters": {"parameter", "setting", "unit", "low", "high", "scale", "base", "median", "q05", "q95",
                       "narrowed", "informed_by", "carried"},
        "summaries": {"summary", "kind", "label", "start", "unit", "observed", "fitted", "prior_q05", "prior_q50",
                      "prior_q95", "q025", "q05", "q25", "q50", "q75", "q95", "q975", "z", "skill", "discrepancy"},
        "waves": {"wave", "runs", "not_ruled_out", "median_skill"},
    }  # fmt: skip
    missing = {name: wanted - set(whole.results.table(name)) for name, wanted in columns.items()}
    assert not any(missing.values()), missing


def test_only_settings_that_other_scenarios_have_are_carried(whole):
    parameters = whole.results.table("parameters").set_index("parameter")
    assert list(whole.results.table("posterior")) == parameters.index[parameters["carried"]].tolist()
    assert parameters.index[~parameters["carried"]].str.startswith("level.").all()
    assert list(whole.results.table("draws")) == parameters.index.tolist()


def test_every_draw_lies_within_its_prior(whole):
    draws, parameters = whole.results.table("draws"), whole.results.table("parameters").set_index("parameter")
    assert (draws >= parameters["low"] * (1 - 1e-9)).all(axis=None)
    assert (draws <= parameters["high"] * (1 + 1e-9)).all(axis=None)
    assert (draws.nunique() > 10).all()


def test_the_design_holds_every_run_of_every_wave_at_a_point_of_its_own(whole):
    design, waves = whole.results.table("design"), whole.results.table("waves")
    assert design["wave"].value_counts().to_dict() == dict(zip(waves["wave"], waves["runs"], strict=True))
    points = design.filter(like="u.")
    assert points.shape[1] == PARAMETERS
    assert not points.duplicated().any()
    assert np.isfinite(design.filter(like="s.")).all(axis=None)


def test_a_higher_point_of_the_design_was_run_with_a_higher_level(whole):
    design = whole.results.table("design")
    monthly = np.exp(design.filter(like="s.arrivals.202"))
    assert monthly.sum(axis=1).corr(design["u.level.first"]) > 0.3


def test_the_command_computes_nothing_that_is_there_and_writes_the_same_tables(whole, file):
    folder = whole.results.folder
    before = {path: path.read_bytes() for path in folder.glob("*.parquet")}
    assert (whole.computed, whole.reused) == (RUNS, 0)
    again = sim(*command(file), "--workers", "1", "--out", str(folder))
    assert again.returncode == 0, again.stderr
    assert f"{RUNS} runs (0 computed, {RUNS} found), {DRAWS} draws" in again.stdout
    assert {path: path.read_bytes() for path in folder.glob("*.parquet")} == before


def test_an_interrupted_calibration_goes_on_where_it_stopped(resumed):
    assert RUNS * 2 // 3 <= resumed.reused < RUNS
    assert resumed.computed + resumed.reused == RUNS


def test_two_workers_and_an_interruption_give_the_same_bytes_as_one_worker_at_one_go(whole, resumed):
    found = sorted(path.name for path in whole.results.folder.glob("*.parquet"))
    assert found == sorted(path.name for path in resumed.results.folder.glob("*.parquet"))
    assert "posterior.parquet" in found
    for name in found:
        assert (whole.results.folder / name).read_bytes() == (resumed.results.folder / name).read_bytes(), name


def test_the_posterior_before_an_origin_rests_on_less(whole):
    before, after = whole.results.table("posterior_2024-01-01"), whole.results.table("posterior")
    assert list(before) == list(after)
    assert not before.equals(after)
    assert date.fromisoformat(whole.results.table("summaries")["start"].max()) >= date(2024, 1, 1)


def test_a_prior_outside_the_plausible_range_is_refused_with_its_line(file, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    text = file.read_text().replace("gangs.wave_limit_m: range", "gangs.wave_limit_m: {low: -1, high: 0.8}")
    wrong.write_text(text.replace("migrants.benefit_gbp:", "migrants.benefit:"))
    done = sim(*command(wrong), "--out", str(tmp_path / "out" / "wrong"))
    assert done.returncode == 2
    assert "gangs.wave_limit_m" in done.stderr
    assert "migrants.benefit" in done.stderr
    assert "wrong.yaml:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_dictionary_tells_every_table_of_a_calibration(whole):
    assert faults(whole.results.folder) == []
