"""The exchange's ledger week by week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.run import Results, Shown, by_target, dated, has, replications, scenarios, term, with_exchange
from sim.figures.style import (
    HALO,
    INK,
    QUIET,
    amount,
    count_axis,
    date_axis,
    look,
    mark_date,
    page,
    simulation_note,
)

SECTION = "pipeline"
ROWS = {
    "returned": "Returns to France\n(people a week)",
    "admitted": "Admissions to the UK\n(people a week)",
    "ledger_gap": "Returns less admissions\nsince the start (people)",
}
PAUSES = {"returned": "returns_paused_days", "admitted": "admissions_paused_days"}
WEEKS_BEFORE, SHADE = 7, 0.28
WEEK = pd.Timedelta(weeks=1)


@look()
def draw(results: Results) -> Figure | None:
    """Does the exchange reach its weekly target, and do admissions keep pace with returns?"""
    cast = with_exchange(scenarios(results))
    if not cast or not has(results, "ledger"):
        return None
    ledger, n = dated(results, "ledger", "week"), replications(results)
    cast = [shown for shown, _ in by_target(ledger, cast)]
    if not cast:
        return None
    own = {s.name: weeks(ledger, s) for s in cast}
    figure = page(
        (max(3.7 * len(cast) + 1.2, 8.2), 8.0),
        "Does the exchange reach its target, and do admissions keep pace?",
        "; ".join(finding(own[s.name], s) for s in cast) + ".",
        f"{simulation_note(n)} Whole weeks. Thin stepped line: weekly target of returns, mean of the replications. "
        "Dotted line: people promised a place and not yet admitted, median. Shaded: weeks in which selection (top) or "
        "admissions (middle) were paused for parity, the stronger the more replications."
        + (" Scales differ between scenarios." if len(cast) > 1 else ""),
    )
    grid = figure.subplots(3, len(cast), sharex="col", squeeze=False)
    for column, scenario in zip(grid.T, cast, strict=True):
        draw_scenario(column, own[scenario.name], scenario, term(ledger, scenario))
    for axes, words in zip(grid[:, 0], ROWS.values(), strict=True):
        axes.set_ylabel(words)
    figure.align_ylabels()
    return figure


def weeks(ledger: pd.DataFrame, scenario: Shown) -> pd.DataFrame:
    """The scenario's whole weeks, from a few before the exchange opens."""
    mine = of(ledger, scenario)
    first, _ = term(ledger, scenario)
    return mine[(mine["week"] >= first - WEEKS_BEFORE * WEEK) & (mine["week"] + WEEK <= scenario.until)]


def finding(weekly: pd.DataFrame, scenario: Shown) -> str:
    """Mean returns and admissions a week, in words."""
    running = weekly[weekly["open_days"] > 0]
    if running.empty:
        return f"{scenario.label}: no whole week"
    returned, admitted = running["returned"].mean(), running["admitted"].mean()
    return f"{scenario.label}: {amount(returned)} returned and {amount(admitted)} admitted a week on average"


def paused(weekly: pd.DataFrame, days: str) -> pd.Series:
    """Share of the replications in which the exchange was paused in a week, by week; weeks without a pause left out."""
    shares = (weekly[days] > 0).groupby(weekly["week"]).mean()
    return shares[shares > 0]


def draw_scenario(
    column: Sequence[Axes], weekly: pd.DataFrame, scenario: Shown, term: tuple[pd.Timestamp, pd.Timestamp]
) -> None:
    """Three panels of one scenario: returns with the target, admissions, the ledger's gap with the places promised."""
    for axes, value in zip(column, ROWS, strict=True):
        draw_fan(axes, fan(weekly, value, "week"), scenario)
        if value in PAUSES:
            _pauses(axes, weekly, PAUSES[value])
    _target(column[0], weekly)
    _promised(column[2], weekly)
    for axes in column:
        _spread_to_zero(axes)
        count_axis(axes.yaxis, 4)
        _dates(axes, scenario, term)
    column[0].set_title(scenario.label, color=scenario.colour)
    column[-1].set_xlabel("Week beginning")


def _pauses(axes: Axes, weekly: pd.DataFrame, days: str) -> None:
    start: Any
    for start, share in paused(weekly, days).items():
        axes.axvspan(start, start + WEEK, color=QUIET, alpha=SHADE * share, lw=0, zorder=0)


def _target(axes: Axes, weekly: pd.DataFrame) -> None:
    level = weekly.groupby("week")["weekly_target"].mean()
    level = level[level > 0]
    if level.empty:
        return
    axes.step(level.index, level, where="post", color=INK, lw=1.0)
    axes.annotate(
        f"target {amount(level.iloc[-1])}", (level.index[-1], level.iloc[-1]), (-10, 4), textcoords="offset points",
        va="bottom", ha="right", size=8.5, color=INK, path_effects=HALO,
    )  # fmt: skip


def _promised(axes: Axes, weekly: pd.DataFrame) -> None:
    promised = weekly.groupby("week")["promised"].median()
    axes.plot(promised.index, promised, color=INK, lw=1.1, ls=(0, (1, 1.5)))
    if promised.any():
        axes.annotate(
            "\N{MIDDLE DOT}\N{MIDDLE DOT}\N{MIDDLE DOT} promised, not yet admitted", (1.0, 1.0),
            xycoords="axes fraction", size=8.5, color=INK, ha="right", va="bottom",
        )  # fmt: skip


def _spread_to_zero(axes: Axes) -> None:
    axes.relim()
    low, high = axes.dataLim.intervaly
    low, high = min(float(low), 0.0), max(float(high), 1.0)
    axes.set_ylim(low * 1.08, high * 1.14)
    axes.axhline(0, color=QUIET, lw=0.8)


def _dates(axes: Axes, scenario: Shown, term: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    first: Any = term[0]
    last: Any = term[1]
    top = axes.get_subplotspec().is_first_row()  # type: ignore[union-attr]
    axes.set_xlim(first - WEEKS_BEFORE * WEEK, max(scenario.until, last) + WEEK)
    announced = (scenario.exchange or {}).get("announced")
    if announced and pd.Timestamp(announced) > scenario.start:
        mark_date(axes, pd.Timestamp(announced), "announced" if top else "", upright=True)
    mark_date(axes, first, "in force" if top else "", upright=True)
    mark_date(axes, last, "ends" if top else "", upright=True)
    date_axis(axes, 5)
