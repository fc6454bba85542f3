"""How return cases end, and how long returns take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.run import Results, Shown, by_target, dated, has, replications, scenarios, term, with_exchange
from sim.figures.style import (
    Label,
    Swatch,
    amount,
    count_axis,
    date_axis,
    end_labels,
    key,
    look,
    mark_date,
    page,
    share,
    simulation_note,
)

SECTION = "pipeline"
OUTCOMES = {
    "returned": Swatch("returned", "#0072B2"),
    "claim": Swatch("claim upheld, or found a minor", "#E69F00", "///"),
    "refused": Swatch("refused by France", "#CC79A7", ".."),
    "court": Swatch("stopped by a court", "#3C3C3C"),
    "void": Swatch("void: out of time, or the exchange ended", "#D55E00", "xxx"),
    "open": Swatch("still waiting", "#D2D2D2"),
}
GROUPS = {
    "returned": "returned", "claim_upheld": "claim", "human_rights_upheld": "claim", "appeal_allowed": "claim",
    "found_minor": "claim", "refused_by_france": "refused", "refused_for_imbalance": "refused",
    "injunction_stopped": "court", "voided": "void", "request_too_late": "void", "": "open",
}  # fmt: skip
"""Ends of cases in the tables, as this figure groups them; the empty end stands for cases still open."""

HALF, MOST = 0.5, 0.9
WITHIN = {HALF: "half within", MOST: "90 % within"}
WEEK, DAY = pd.Timedelta(weeks=1), pd.Timedelta(days=1)


@look()
def draw(results: Results) -> Figure | None:
    """How do return cases end, and how long do returns take?"""
    cast = with_exchange(scenarios(results))
    if not cast or not has(results, "cases", "ledger"):
        return None
    ledger = dated(results, "ledger", "week")
    scales, n = by_target(ledger, cast), replications(results)
    if not scales:
        return None
    cases = {shown.name: dated_cases(of(results.table("cases"), shown), shown.start) for shown, _ in scales}
    figure = page(
        (12.6, 3.0 * len(scales) + 2.0),
        "How return cases end, and how long returns take",
        " ".join(finding(cases[shown.name], shown, n) for shown, _ in scales),
        f"{simulation_note(n)} Columns: cases begun in each whole week, mean of the replications, by how they had "
        "ended when the simulation stopped. Days from arrival to return: of the people returned in a week, each "
        "replication by itself." + (" Scales of the columns differ between scenarios." if len(scales) > 1 else ""),
    )
    grid = figure.subplots(len(scales), 2, sharex="row", sharey="col" if len(scales) == 1 else False, squeeze=False)
    for row, (shown, target) in zip(grid, scales, strict=True):
        first, last = term(ledger, shown)
        outcomes_panel(row[0], outcomes(cases[shown.name], first, last, n))
        row[0].set_title(f"{shown.label}: {amount(target)} a week", color=shown.colour)
        days_panel(row[1], days_to_return(cases[shown.name], first), shown)
        _frame(row, shown, first, last)
    grid[0, 0].set_title(grid[0, 0].get_title(loc="left"), color=scales[0][0].colour, pad=34)
    key(grid[0, 0], list(OUTCOMES.values()), columns=3)
    return figure


def dated_cases(cases: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Cases with the dates of their selection and their end, their days to the end, and their outcome (of OUTCOMES)."""
    return cases.assign(
        selected=start + cases["selected_day"] * DAY,
        ended=start + cases["end_day"] * DAY,
        days=cases["end_day"] - cases["arrived_day"],
        outcome=cases["end"].fillna("").map(GROUPS.__getitem__),
    )


def outcomes(cases: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, replications: int) -> pd.DataFrame:
    """Mean cases a replication by week of selection (rows, whole weeks from `first` on) and outcome (columns)."""
    weeks = pd.date_range(first, last - WEEK, freq=WEEK)
    week = first + (cases["selected"] - first) // WEEK * WEEK
    counts = pd.crosstab(week, cases["outcome"]) / replications
    return counts.reindex(index=weeks, columns=list(OUTCOMES), fill_value=0.0)


def days_to_return(cases: pd.DataFrame, first: pd.Timestamp) -> dict[float, pd.DataFrame]:
    """Days from arrival to return: quantiles over replications of the median and of the 90th percentile, by week.

    A replication counts in the weeks in which it returned somebody; weeks without any return have no number.
    """
    done = cases[cases["outcome"] == "returned"]
    by_week = done.assign(week=first + (done["ended"] - first) // WEEK * WEEK).groupby(["replication", "week"])["days"]
    fans = {part: fan(by_week.quantile(part).reset_index(), "days", "week") for part in WITHIN}
    return {part: spread.asfreq("7D") for part, spread in fans.items()}


def finding(cases: pd.DataFrame, shown: Shown, replications: int) -> str:
    """Cases, the share returned, and the days it took, in words."""
    done = cases.loc[cases["outcome"] == "returned", "days"]
    begun, returned = amount(len(cases) / replications), share(len(done), len(cases))
    words = f"{shown.label}: of {begun} cases begun, {returned} returned"
    if done.empty:
        return f"{words}."
    half, most = (amount(float(done.quantile(part))) for part in WITHIN)
    return f"{words}, half within {half} days of arrival and nine in ten within {most}."


def outcomes_panel(axes: Axes, weekly: pd.DataFrame) -> None:
    """Cases by week of selection, stacked by outcome."""
    foot = np.zeros(len(weekly))
    middles = pd.DatetimeIndex(weekly.index) + WEEK / 2
    for name, swatch in OUTCOMES.items():
        axes.bar(middles, weekly[name], width=6.2, bottom=foot, color=swatch.colour, hatch=swatch.hatch,
                 edgecolor="white", lw=0)  # fmt: skip
        foot = foot + weekly[name].to_numpy()
    axes.set_ylim(0, max(1.15 * float(foot.max(initial=0)), 1))
    axes.set_ylabel("Cases begun\n(people a week)")
    axes.grid(visible=False, axis="x")
    count_axis(axes.yaxis, 4)


def days_panel(axes: Axes, fans: dict[float, pd.DataFrame], shown: Shown) -> None:
    """Median and 90th percentile of the days from arrival to return, by week of return."""
    labels, top = [], 1.0
    for part, spread in fans.items():
        if spread.empty:
            continue
        draw_fan(axes, spread.set_axis(pd.DatetimeIndex(spread.index) + WEEK / 2), shown)
        end = float(spread[0.5].iloc[-1])
        place = spread.index[-1] + WEEK / 2
        labels.append(Label(place, end, f"{WITHIN[part]}\n{amount(end)} days", shown.colour, "bold"))
        top = max(top, float(spread[0.95].max()))
    axes.set_ylim(0, 1.12 * top)
    axes.set_ylabel("Days from arrival\nto return")
    count_axis(axes.yaxis, 4)
    end_labels(axes, labels, gap=0.17)


def _frame(row: Iterable[Axes], shown: Shown, first: Any, last: Any) -> None:
    for axes, words in zip(row, ("Week of selection", "Week of return"), strict=True):
        axes.set_xlim(first - 2 * WEEK, max(last, shown.until) + WEEK)
        mark_date(axes, first, "opens", upright=True)
        mark_date(axes, last, "ends", upright=True)
        date_axis(axes)
        axes.set_xlabel(words)
