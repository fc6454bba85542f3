"""`sim score` as a user meets it: tables, words, figure, and what it says when something is wrong."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sim.cli import main
from sim.experiment.forecasts import rivals
from sim.experiment.forecasts.observations import SHIPPED
from sim.experiment.forecasts.scores import LEVELS

FIRST, LAST = "2024-07-01", "2025-06-30"
MODELS = ["forecast", "climatology", "seasonal naive", "SARIMA", "ETS"]


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


def observed_daily() -> pd.DataFrame:
    return pd.read_csv(SHIPPED, parse_dates=["date"])


def totals(column: str, frequency: str) -> pd.Series:
    """What happened from the first to the last day, in whole periods."""
    days = observed_daily().set_index("date")[column][FIRST:LAST]
    return days.resample(frequency).sum()[: 12 if frequency == "MS" else 52]


def forecast_rows(metric: str, period: str, centres: pd.Series, wide: float = 0.3) -> pd.DataFrame:
    """A made-up forecast around some values."""
    values = np.outer(centres.to_numpy() + 1.0, np.exp(wide * norm.ppf(LEVELS)))
    table = pd.DataFrame(values, columns=list(LEVELS)).assign(start=[f"{at:%Y-%m-%d}" for at in centres.index])
    long = table.melt(id_vars="start", var_name="quantile", value_name="value")
    return long.assign(metric=metric, period=period, quantile=long["quantile"].astype(float))


def months_only() -> pd.DataFrame:
    return forecast_rows("arrivals", "month", totals("people", "MS"))


@pytest.fixture(autouse=True)
def quick(monkeypatch, request):
    """Fewer orders of SARIMA, and a figure only where it is looked at, for speed."""
    if "figure" not in request.node.name:
        monkeypatch.setattr("sim.cli.forecasts.draw", lambda *_: None)
    monkeypatch.setattr(rivals, "ORDERS", ((1, 0),))
    monkeypatch.setattr(rivals, "SEASONAL_ORDERS", ((0, 1),))


@pytest.fixture
def score(tmp_path, monkeypatch, capsys) -> Callable[..., Said]:
    """Write a forecast to `tmp_path/forecast`, score it and say what came of it."""

    def run(forecast: pd.DataFrame | None, observed: Path = SHIPPED, *more: str) -> Said:
        folder = tmp_path / "forecast"
        folder.mkdir(exist_ok=True)
        if forecast is not None:
            forecast.to_parquet(folder / "forecast.parquet")
        monkeypatch.setattr(sys, "argv", ["sim", "score", str(folder), str(observed), *more])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Said(ended.value.code or 0, told.out, told.err)

    return run


def test_a_forecast_is_scored_next_to_its_rivals_with_a_figure(score, tmp_path):
    forecast = pd.concat(
        [
            months_only(),
            forecast_rows("boats", "week", totals("boats", "7D")),
            forecast_rows("returned", "month", totals("people", "MS")),
        ]
    )
    said = score(forecast)
    assert said.status == 0, said.err
    table = pd.read_parquet(tmp_path / "forecast" / "score.parquet")
    periods = pd.read_parquet(tmp_path / "forecast" / "score_periods.parquet")
    assert table["model"].tolist() == MODELS * 2
    assert set(zip(table["metric"], table["period"], table["periods"], strict=True)) == {
        ("arrivals", "month", 12), ("boats", "week", 52),
    }  # fmt: skip
    assert len(periods) == 5 * (12 + 52)
    mine = periods[(periods["model"] == "forecast") & (periods["period"] == "month")]
    assert mine["observed"].tolist() == totals("people", "MS").tolist()
    assert (mine["pit"] - 0.5).abs().max() < 0.01
    assert "Not observed, not scored: returned." in said.out
    assert (tmp_path / "forecast" / "figures" / "score.png").exists()
    assert "Warning" not in said.err


def test_means_are_those_of_the_periods_and_skill_is_against_the_best_rival(score, tmp_path):
    said = score(forecast_rows("arrivals", "month", 1.5 * totals("people", "MS")))
    table = pd.read_parquet(tmp_path / "forecast" / "score.parquet").set_index("model")
    periods = pd.read_parquet(tmp_path / "forecast" / "score_periods.parquet")
    means = periods.groupby("model")["crps"].mean()
    best = means.drop("forecast").min()
    assert table["crps"].to_dict() == pytest.approx(means.to_dict())
    assert table["skill"].to_dict() == pytest.approx((1 - means / best).to_dict())
    mine = periods[periods["model"] == "forecast"]
    assert table.loc["forecast", "bias"] == pytest.approx((mine["q0.5"] - mine["observed"]).mean())
    assert table.loc["forecast", "absolute_error"] == pytest.approx((mine["q0.5"] - mine["observed"]).abs().mean())
    inside = ((mine["q0.1"] <= mine["observed"]) & (mine["observed"] <= mine["q0.9"])).mean()
    assert table.loc["forecast", "coverage_80"] == inside
    assert f"{means['forecast'] / best:.2f} of the best rival's ({means.drop('forecast').idxmin()}" in said.out


def test_rivals_know_nothing_of_what_they_forecast(score, tmp_path):
    """What is observed from the first day of the forecast on changes scores, never what a rival says."""
    other = observed_daily()
    other.loc[other["date"] >= FIRST, "people"] *= 3
    other.to_csv(tmp_path / "other.csv", index=False)
    said = []
    for file in (SHIPPED, tmp_path / "other.csv"):
        score(months_only(), file)
        said.append(pd.read_parquet(tmp_path / "forecast" / "score_periods.parquet"))
    assert said[0]["q0.5"].equals(said[1]["q0.5"])
    assert not said[0]["observed"].equals(said[1]["observed"])


def test_days_before_the_observed_ones_come_from_the_shipped_series(score, tmp_path):
    days = observed_daily()
    days[days["date"] >= FIRST].to_csv(tmp_path / "late.csv", index=False)
    tables = []
    for file in (SHIPPED, tmp_path / "late.csv"):
        score(months_only(), file)
        tables.append(pd.read_parquet(tmp_path / "forecast" / "score.parquet"))
    pd.testing.assert_frame_equal(*tables)


def test_periods_that_are_not_observed_whole_are_left_out_and_counted(score, tmp_path):
    days = observed_daily()
    days[days["date"] < "2024-10-15"].drop(columns="boats").to_csv(tmp_path / "until.csv", index=False)
    boats = forecast_rows("boats", "month", totals("boats", "MS"))
    said = score(pd.concat([months_only(), boats]), tmp_path / "until.csv")
    table = pd.read_parquet(tmp_path / "forecast" / "score.parquet")
    assert set(table["periods"]) == {3}
    assert set(table["left_out"]) == {9}
    assert "Left out, not observed whole: 9 months of arrivals." in said.out
    assert "Not observed, not scored: boats." in said.out


def test_a_rival_that_cannot_be_fitted_is_named_with_the_reason(score, tmp_path):
    days = observed_daily()
    days[days["date"] >= "2023-07-01"].to_csv(tmp_path / "short.csv", index=False)
    said = score(months_only(), tmp_path / "short.csv", "--history", str(tmp_path / "short.csv"))
    assert said.status == 0, said.err
    assert "SARIMA could not be fitted: needs 3 years of history" in said.out
    assert "no rival could be fitted" in said.out
    table = pd.read_parquet(tmp_path / "forecast" / "score.parquet").set_index("model")
    assert table.loc["SARIMA", "note"] == "needs 3 years of history"
    assert np.isnan(table.loc["SARIMA", "crps"])
    assert table.loc["SARIMA", "periods"] == 0


def test_the_order_of_the_rows_does_not_matter(score, tmp_path):
    first = score(months_only())
    tables = [(tmp_path / "forecast" / f"{name}.parquet").read_bytes() for name in ("score", "score_periods")]
    again = score(months_only().sample(frac=1.0, random_state=1))
    assert first.out == again.out
    assert tables == [(tmp_path / "forecast" / f"{name}.parquet").read_bytes() for name in ("score", "score_periods")]


def test_every_problem_of_both_files_is_told_at_once(score, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("date,people\n2024-07-01,5\n2024-07-01,6\n2024-13-01,7\n2024-07-04,-8\n2024-07-05,many\n")
    broken = months_only()
    broken = broken[~((broken["start"] == "2024-08-01") & (broken["quantile"] == 0.05))]
    broken.loc[(broken["start"] == "2024-10-01") & (broken["quantile"] == 0.5), "value"] = 9e9
    said = score(broken, bad)
    assert said.status == 2
    assert "Traceback" not in said.err
    for words in (
        "bad.csv:3: date: this day is on line 2 already; got 2024-07-01",
        "bad.csv:4: date: wrong value; got 2024-13-01",
        "bad.csv:5: people: wrong value; got -8", "bad.csv:6: people: wrong value; got many",
        "quantiles are missing; got arrivals month 2024-08-01", "quantiles cross: a higher one has a lower value",
    ):  # fmt: skip
        assert words in said.err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop(columns="value"), "value: this column is missing"),
        (lambda t: t.assign(value=-1.0), "rows are negative"),
        (lambda t: t.assign(value=np.nan), "hold none that can be read"),
        (lambda t: t.assign(start="soon"), "start: 108 rows hold none that can be read"),
        (lambda t: t.assign(period="year"), "period: unknown; got year; allowed: week, month"),
        (lambda t: pd.concat([t, t]), "quantiles are doubled"),
        (lambda t: t[t["quantile"] != 0.5], "and 9 more"),
        (lambda t: t.assign(start=t["start"].str[:8] + "02"), "months start on the first"),
        (lambda t: t.assign(period="week"), "weeks are no whole weeks apart"),
        (lambda t: t.iloc[:0], "holds no forecast"),
    ],
)
def test_a_forecast_that_cannot_be_meant_is_refused(change, words, score):
    said = score(change(months_only()))
    assert said.status == 2
    assert words in said.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day,count\n2024-07-01,3\n", "date: this column is missing; got day, count"),
        ("date,people\n", "holds no day"),
        ("", "this column is missing"),
        ("date,people\n2015-01-01,3\n", "no period of the forecast is observed whole"),
        ("date,people\n" + "soon,1\n" * 9, "and 4 more lines like these"),
    ],
)
def test_observations_that_cannot_be_meant_are_refused(text, words, score, tmp_path):
    (tmp_path / "bad.csv").write_text(text)
    said = score(months_only(), tmp_path / "bad.csv")
    assert said.status == 2
    assert words in said.err


def test_what_is_not_there_is_said(score, tmp_path):
    said = score(None, tmp_path / "nowhere.csv")
    assert said.status == 2
    assert "there is no such forecast" in said.err
    assert re.search(r"nowhere\.csv: cannot be read as CSV: No such file", said.err)


def test_a_file_that_is_no_table_is_refused(score, tmp_path):
    (tmp_path / "forecast").mkdir()
    (tmp_path / "forecast" / "forecast.parquet").write_text("no")
    said = score(None)
    assert said.status == 2
    assert "cannot be read as a table" in said.err
