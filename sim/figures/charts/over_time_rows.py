"""Outcomes week by week: means with intervals and quantiles over replications, as rows of a chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t

from sim.figures.charts.columns import coded, rounded
from sim.figures.run import Results, Shown

WEEK = 7
SHARES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}


class Outcome(NamedTuple):
    """A column of the daily table as a reader chooses it: summed over a week, or the mean of its days."""

    column: str
    words: str
    unit: str
    sums: bool
    part: str


OUTCOMES = (
    Outcome("arrivals", "Arrivals by boat", "people a week", True, "The crossing"),
    Outcome("attempts", "Tries", "people a week", True, "The crossing"),
    Outcome("people_prevented", "Prevented on the beach", "people a week", True, "The crossing"),
    Outcome("turned_back", "Brought back from the sea", "people a week", True, "The crossing"),
    Outcome("deaths", "Deaths at sea", "people a week", True, "The crossing"),
    Outcome("waiting_at_coast", "Waiting at the coast", "people, mean of the week", False, "The crossing"),
    Outcome("wave_height_m", "Waves", "m, mean of the week", False, "The crossing"),
    Outcome("returned", "Returned to France", "people a week", True, "The exchange"),
    Outcome("admitted", "Admitted by the legal route", "people a week", True, "The exchange"),
    Outcome("selected", "Selected for return", "people a week", True, "The exchange"),
    Outcome("detained", "In detention beds", "people, mean of the week", False, "The exchange"),
    Outcome("ledger_gap", "Returns ahead of admissions", "people, mean of the week", False, "The exchange"),
    Outcome("price_gbp", "Price of a seat", "GBP a person, mean of the week", False, "Market and money"),
    Outcome("gangs_active", "Active gangs", "firms, mean of the week", False, "Market and money"),
    Outcome("cost_uk_gbp", "Cost to the UK", "GBP a week", True, "Market and money"),
    Outcome("cost_fr_gbp", "Cost to France", "GBP a week", True, "Market and money"),
)
LEVEL, DIFFERENCE, RUNNING = "level", "difference", "running"
VIEWS = {
    LEVEL: "Each scenario",
    DIFFERENCE: "Difference to the baseline",
    RUNNING: "Difference added up since the start of the measured window",
}


def weekly_rows(results: Results, cast: Sequence[Shown]) -> dict[str, Any]:
    """The columns of the chart's rows, one row a scenario, outcome, view and week.

    Columns: `week` (ISO date of its first day), `who` (scenario), `place` (its number), `what` (outcome), `view`,
    `mean` with its 95 % t-interval `low` to `high`, and the quantiles over replications q05, q25, median, q75, q95. A
    week that the run does not hold whole is left out. The running view counts from the measured window on, and only
    what can be summed.
    """
    daily = results.table("daily")
    parts = [part for outcome in OUTCOMES if outcome.column in daily for part in _of(outcome, daily, cast)]
    told: dict[str, Any] = {
        name: coded([key for part in parts for key in [part[name]] * len(part["weeks"])])
        for name in ("who", "place", "what", "view")
    }
    told["week"] = coded([week for part in parts for week in part["weeks"]])
    for name in ("mean", "low", "high", *SHARES):
        told[name] = rounded([value for part in parts for value in part[name]])
    return told


def _of(outcome: Outcome, daily: pd.DataFrame, cast: Sequence[Shown]) -> Iterator[dict[str, Any]]:
    """The views of one outcome: every scenario, and every policy's difference to the baseline."""
    weekly = {shown.name: by_week(daily[daily["scenario"] == shown.name], outcome) for shown in cast}
    if not any(runs.to_numpy().any() for runs in weekly.values()):
        return  # nothing of the kind ever happened: no exchange, for instance
    base = weekly[cast[0].name] if cast[0].baseline and len(cast) > 1 else None
    for place, shown in enumerate(cast):
        yield _spread(outcome, shown, str(place), LEVEL, weekly[shown.name])
        if base is None or shown.baseline:
            continue
        change = weekly[shown.name] - base
        yield _spread(outcome, shown, str(place), DIFFERENCE, change)
        if outcome.sums:
            measured = change.loc[change.index >= shown.measure_from.strftime("%Y-%m-%d")]
            yield _spread(outcome, shown, str(place), RUNNING, measured.cumsum())


def by_week(daily: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """One row a whole week, by the date of its first day, one column a replication."""
    days = daily.pivot(index="date", columns="replication", values=outcome.column)
    weeks = len(days) // WEEK
    values = days.to_numpy(float)[: weeks * WEEK].reshape(weeks, WEEK, days.shape[1])
    whole = values.sum(axis=1) if outcome.sums else values.mean(axis=1)
    return pd.DataFrame(whole, index=days.index[: weeks * WEEK : WEEK], columns=days.columns)


def _spread(outcome: Outcome, shown: Shown, place: str, view: str, runs: pd.DataFrame) -> dict[str, Any]:
    """Mean with its 95 % t-interval, and quantiles, over the replications that have a value in the week."""
    n = runs.count(axis=1)
    mean, half = runs.mean(axis=1), t.ppf(0.975, np.maximum(n - 1, 1)) * runs.std(axis=1, ddof=1) / np.sqrt(n)
    found = {name: runs.quantile(share, axis=1).to_numpy() for name, share in SHARES.items()}
    interval = {"mean": mean.to_numpy(), "low": (mean - half).to_numpy(), "high": (mean + half).to_numpy()}
    if view == LEVEL and (runs.to_numpy() >= 0).all():
        interval["low"] = np.maximum(interval["low"], 0.0)  # a count is not below zero, whatever Student's t says
    about = {"who": shown.label, "place": place, "what": outcome.column, "view": view, "weeks": runs.index.tolist()}
    return {**about, **interval, **found}
