"""`sim forecast` and `sim rolling` as a user meets them: a very small coast, a window of three months, few members."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from described import faults

from sim.cli import main
from sim.experiment.forecasts import members
from sim.experiment.forecasts.settings import read_method

SMALL = {
    "coast.people_at_start": 100, "patrols.units": 5, "gangs.firms": 4, "gangs.firms_at_most": 5,
    "gangs.boats_at_start": 3, "legal_route.other_applicants_per_week": 1,
}  # fmt: skip
SETTINGS = [part for name, value in SMALL.items() for part in ("--set", f"{name}={value}")]
HOW = ["--executor", "serial", "--quiet"]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A series with a boat on a third of the days, and a method that looks at three months."""
    folder = tmp_path_factory.mktemp("given")
    days = pd.date_range("2021-01-01", "2025-06-30")
    boats = (np.random.default_rng(1).random(len(days)) < 1 / 3).astype(int)
    pd.DataFrame({"date": days, "people": 45 * boats, "boats": boats}).to_csv(folder / "series.csv", index=False)
    method = read_method()
    changed = {"window_months": 3, "warm_up_months": 1, "level_months": 1, "members": 4}
    numbers = {name: changed.get(name, getattr(method, name)) for name in method.__slots__}
    (folder / "method.yaml").write_text("".join(f"{name}: {value}\n" for name, value in numbers.items()))
    return folder


@pytest.fixture(autouse=True)
def unshipped(monkeypatch):
    """No posterior unless one is named."""
    monkeypatch.setattr(members, "POSTERIOR", Path("nowhere"))


@pytest.fixture
def sim(monkeypatch, capsys) -> Callable[..., Said]:
    """Give a command and say what came of it."""

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["sim", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Said(ended.value.code or 0, told.out, told.err)

    return run


def asked(files: Path, out: Path, *more: str) -> list[str]:
    return [
        "forecast", "no_exchange", "--data-until", "2024-07-31", "--until", "2024-08-31", "--series",
        str(files / "series.csv"), "--method", str(files / "method.yaml"), "--out", str(out), *SETTINGS, *HOW, *more,
    ]  # fmt: skip


def test_a_forecast_leaves_quantiles_provenance_and_a_figure_and_can_be_scored(sim, files, tmp_path):
    out = tmp_path / "results" / "no_exchange_forecast"
    said = sim(*asked(files, out))
    assert said.status == 0, said.err
    table = pd.read_parquet(out / "forecast.parquet")
    assert list(table.columns) == ["metric", "period", "start", "quantile", "value"]
    assert table.groupby(["metric", "period"])["start"].nunique().to_dict()["arrivals", "week"] == 4
    assert set(table["start"][table["period"] == "month"]) == {"2024-08-01"}
    assert table["value"].max() > 0
    assert len(json.loads((out / "provenance.json").read_text())["scenario_hashes"]) == 5  # four members, and itself
    assert (out / "scenario.yaml").exists()
    assert (out / "figures" / "forecast.png").exists()
    for words in ("arrivals from 2024-08-01 to 2024-08-31, 90 % interval", "No posterior", "lowest and highest member"):
        assert words in said.out
    scored = sim("score", str(out), str(files / "series.csv"), "--history", str(files / "series.csv"), "--quiet")
    assert scored.status == 0, scored.err
    assert faults(out) == []  # of the data dictionary


def test_every_problem_is_told_at_once(sim, files, tmp_path):
    (tmp_path / "posterior.csv").write_text("gangs.frims\n30\n")
    wrong = ["--data-until", "2026-01-01", "--posterior", str(tmp_path / "posterior.csv"), "--metric", "arivals"]
    said = sim(*asked(files, tmp_path / "out", *wrong))
    assert said.status == 2
    assert "Traceback" not in said.err
    for words in ("gangs.frims", "did you mean 'arrivals'?", "must come after the last day known"):
        assert words in said.err
    assert not (tmp_path / "out").exists()


def test_levers_of_the_scenario_act_in_its_forecast(sim, files, tmp_path):
    """With an exchange from the first day that is forecast somebody may be returned; without one nobody ever is."""
    posterior = tmp_path / "posterior.csv"
    posterior.write_text("migrants.benefit_gbp,weight\n30000,1\n20000,0\n")
    lever = (
        "[{exchange: {from: 2024-08-01, weekly_target: 50, selection_share: 1, request_days: 1, french_reply_days: 3}}]"
    )
    more = ["--set", f"levers={lever}", "--until", "2024-10-31", "--posterior", str(posterior), "--members", "2"]
    said = sim(*asked(files, tmp_path / "results" / "levers", *more))
    assert said.status == 0, said.err
    totals = pd.read_parquet(tmp_path / "results" / "levers" / "forecast_totals.parquet").set_index("metric")
    assert totals.loc["returned", "q0.975"] > 0
    assert "1 settings drawn from posterior.csv" in said.out


def test_rolling_tests_score_each_origin_and_all_together(sim, files, tmp_path, monkeypatch):
    for name in ("asked", "rolling"):
        monkeypatch.setattr(f"sim.experiment.forecasts.{name}.SHIPPED", files / "series.csv")
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        f"scenario: no_exchange\nmethod: {files / 'method.yaml'}\norigins: [2024-08-01, 2024-09-01]\nmonths: 1\n"
    )
    calibration = tmp_path / "calibration"
    calibration.mkdir()
    (pd.DataFrame({"migrants.benefit_gbp": [15000.0]})).to_parquet(calibration / "posterior_2024-09-01.parquet")
    out = tmp_path / "results" / "rolling"
    said = sim("rolling", str(calibration), "--plan", str(plan), "--out", str(out), "--members", "3", *SETTINGS, *HOW)
    assert said.status == 0, said.err
    table = pd.read_parquet(out / "rolling.parquet")
    mine = table[table["model"] == "forecast"].set_index("origin")
    assert list(mine.index) == ["2024-08-01", "2024-09-01", "all"]
    assert mine["months"].tolist() == [1, 1, 2]
    assert set(pd.read_parquet(out / "rolling_periods.parquet")["period"]) == {"month"}
    assert mine.loc["all", "crps"] == pytest.approx(mine["crps"].iloc[:2].mean())
    assert mine["posterior"].tolist() == ["", "posterior_2024-09-01.parquet", ""]
    rivals = table[table["model"] != "forecast"].groupby("origin")["crps"].min()
    assert (mine["ratio"] == mine["crps"] / rivals[mine.index]).all()
    assert "which know later years: 2024-08-01" in said.out
    assert (out / "figures" / "rolling.png").exists()
    assert faults(out) == []  # of the data dictionary
