"""The exchange week by week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import by_week, draw_fan, fan, of
from sim.figures.run import Results, Shown, dated, replications, scenarios, with_exchange
from sim.figures.style import INK, QUIET, amount, count_axis, date_axis, look, mark_date, page, simulation_note

ROWS = {
    "returned": "Returns to France\n(people a week)",
    "admitted": "Admissions to the UK\n(people a week)",
    "ledger_gap": "Returns less admissions\nsince the start (people)",
}
WEEKS_BEFORE = 5


@look()
def draw(results: Results) -> Figure | None:
    """Does the exchange reach its weekly target, and do admissions keep pace with returns?"""
    cast = with_exchange(scenarios(results))
    if not cast:
        return None
    daily, targets = dated(results, "daily"), target(results)
    n, own = replications(results), {s.name: weeks(daily, s) for s in cast}
    figure = page(
        (max(4.4 * len(cast) + 1.2, 8.2), 8.0),
        "Does the exchange reach its target, and do admissions keep pace?",
        "; ".join(finding(own[s.name], s) for s in cast) + ".",
        f"{simulation_note(n)} Whole weeks from the day the exchange starts. Thin stepped line: weekly target of "
        "returns, mean of the replications." + (" Scales differ between scenarios." if len(cast) > 1 else ""),
    )
    grid = figure.subplots(3, len(cast), sharex=True, sharey="row" if len(cast) == 1 else False, squeeze=False)
    for column, scenario in zip(grid.T, cast, strict=True):
        draw_scenario(column, own[scenario.name], of(targets, scenario), scenario)
    for axes, words in zip(grid[:, 0], ROWS.values(), strict=True):
        axes.set_ylabel(words)
    figure.align_ylabels()
    return figure


def target(results: Results) -> pd.DataFrame:
    """The weekly target by day: scenario, replication, date, stock."""
    pipeline = results.table("pipeline")
    rows = pipeline[pipeline["stage"] == "weekly_target"]
    return rows.assign(date=pd.to_datetime(rows["date"]))


def weeks(daily: pd.DataFrame, scenario: Shown) -> pd.DataFrame:
    """The scenario's weeks, from a few before the exchange starts."""
    first = starts(scenario)
    mine = of(daily, scenario)
    mine = mine[mine["date"] >= first - pd.Timedelta(weeks=WEEKS_BEFORE)]
    return by_week(mine, first, {"returned": "sum", "admitted": "sum", "ledger_gap": "last"})


def starts(scenario: Shown) -> pd.Timestamp:
    """The first day on which the exchange is in force."""
    return pd.Timestamp((scenario.exchange or {}).get("from") or scenario.measure_from)


def finding(weekly: pd.DataFrame, scenario: Shown) -> str:
    """Mean returns and admissions a week, in words."""
    running = weekly[weekly["week"] >= starts(scenario)]
    if running.empty:
        return f"{scenario.label}: no whole week"
    returned, admitted = running["returned"].mean(), running["admitted"].mean()
    return f"{scenario.label}: {amount(returned)} returned and {amount(admitted)} admitted a week on average"


def draw_scenario(column: Sequence[Axes], weekly: pd.DataFrame, targets: pd.DataFrame, scenario: Shown) -> None:
    """Three panels of one scenario: returns with the target, admissions, ledger gap."""
    for axes, value in zip(column, ROWS, strict=True):
        spread = fan(weekly, value, "week")
        draw_fan(axes, spread, scenario)
        if value == "returned":
            _target(axes, targets)
        _dates(axes, scenario)
        _spread_to_zero(axes)
        count_axis(axes.yaxis, 4)
    column[0].set_title(scenario.label, color=scenario.colour)
    column[-1].set_xlabel("Week beginning")


def _target(axes: Axes, targets: pd.DataFrame) -> None:
    level = targets.groupby("date")["stock"].mean()
    if not level.any():
        return
    level = level[level > 0]
    axes.step(level.index, level, where="post", color=INK, lw=1.0)
    axes.annotate(
        f"target {amount(level.iloc[-1])}", (level.index[-1], level.iloc[-1]), (4, 0), textcoords="offset points",
        va="center", size=8.5, color=INK, annotation_clip=False,
    )  # fmt: skip


def _spread_to_zero(axes: Axes) -> None:
    axes.relim()
    low, high = axes.dataLim.intervaly
    low, high = (0.0, 1.0) if not np.isfinite([low, high]).all() else (min(low, 0.0), max(high, 1.0))
    axes.set_ylim(low * 1.08, high * 1.12)
    axes.axhline(0, color=QUIET, lw=0.8)


def _dates(axes: Axes, scenario: Shown) -> None:
    exchange = scenario.exchange or {}
    if axes.get_subplotspec().is_first_row():  # type: ignore[union-attr]
        words = {"announced": "announced", "from": "in force"}
    else:
        words = {"announced": "", "from": ""}
    for key, word in words.items():
        if exchange.get(key) and pd.Timestamp(exchange[key]) > scenario.start:
            mark_date(axes, pd.Timestamp(exchange[key]), word, upright=True)
    date_axis(axes)
