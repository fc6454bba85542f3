"""What the exchange costs, stage by stage."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import half_width, of
from sim.figures.run import Results, Shown, by_target, dated, has, replications, scenarios, with_exchange
from sim.figures.style import INK, MISSING, OKABE_ITO, QUIET, amount, count_axis, look, page
from sim.metrics.costs import ADMISSIONS, RETURNS

SECTION = "costs"
MILLION = 1e6
ABREAST = 5  # panels in one row at most
ITEMS = {
    "detention": "detention", "casework": "casework", "claims": "claims and courts", "flights": "charters",
    "admissions": "checks, visas, travel", "housing_admitted": "housing of those admitted",
    "french_replies": "replies to requests", "french_reception": "reception of those returned",
}  # fmt: skip


class Side(NamedTuple):
    """One side of the accounts: its items, and the metric of what it costs a person."""

    words: str
    items: tuple[str, ...]
    colour: str
    hatch: str
    who: str
    each: str = ""


SIDES = (
    Side("UK: returns", RETURNS, OKABE_ITO[0], "", "returns", "cost_per_return_gbp"),
    Side("UK: admissions", ADMISSIONS, OKABE_ITO[2], "///", "admissions", "cost_per_admission_gbp"),
    Side("France", ("french_replies", "french_reception"), OKABE_ITO[1], "..", "France"),
)
GAP = 0.55


@look()
def draw(results: Results) -> Figure | None:
    """What does the exchange cost, and where?"""
    cast = with_exchange(scenarios(results))
    if not cast or not has(results, "costs", "ledger"):
        return None
    scales, n = by_target(dated(results, "ledger", "week"), cast), replications(results)
    if not scales:
        return None
    costs, runs = results.table("costs"), results.table("runs")
    rows = -(-len(scales) // ABREAST)
    columns = -(-len(scales) // rows)
    figure = page(
        (max(2.7 * columns + 2.4, 8.6), 4.3 * rows + 1.6),
        "What the exchange costs, and where",
        " ".join(finding(of(runs, shown), totals(of(costs, shown), shown), shown) for shown, _ in scales),
        f"Simulation: {n} replication{'s' if n > 1 else ''} of each scenario, measured window; bars are means"
        + (", lines their 95 % t-intervals." if n > 1 else "; one replication has no interval.")
        + " Failed cases count as well. Only what belongs to the exchange: not patrols, registration and housing of "
        "people who come by boat; no savings are taken off."
        + (" Scales differ between scenarios." if len(scales) > 1 else ""),
    )  # fmt: skip
    grid = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
    for axes, (shown, target) in zip(grid, scales, strict=False):
        panel(axes, totals(of(costs, shown), shown), shown, target)
    for axes in grid[len(scales) :]:
        axes.set_axis_off()
    return figure


def totals(costs: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Cost of each item of the exchange over the measured window (million GBP), a row a replication."""
    first, last = (day.strftime("%Y-%m-%d") for day in (shown.measure_from, shown.until))
    mine = costs[costs["of_exchange"] & (costs["date"] >= first) & (costs["date"] < last)]
    table = mine.pivot_table(index="replication", columns="item", values="gbp", aggfunc="sum", observed=True)
    return table.reindex(columns=list(ITEMS), fill_value=0.0) / MILLION


def finding(runs: pd.DataFrame, cost: pd.DataFrame, shown: Shown) -> str:
    """What each side costs, in all and for each person, in words."""
    parts = []
    for side in SIDES:
        words = f"{million(float(cost[list(side.items)].sum(axis=1).mean()))} million for {side.who}"
        parts.append(words + (f" ({amount(runs[side.each].mean())} each)" if side.each else ""))
    return f"{shown.label}: GBP {', '.join(parts)}."


def million(value: float) -> str:
    """Millions as people say them.

    >>> million(0.04), million(7.94), million(144.2)
    ('0.0', '7.9', '144')
    """
    return MISSING if isnan(value) else f"{value:.1f}" if value < 99.95 else amount(value)


def places() -> dict[str, float]:
    """Where the rows lie, from top to bottom: each side's name and below it its items."""
    found, y = {}, 0.0
    for side in SIDES:
        for name in (side.words, *side.items):
            found[name] = y
            y += 1.0
        y += GAP
    return found


def panel(axes: Axes, cost: pd.DataFrame, shown: Shown, target: float) -> None:
    """One scenario: a bar for each item, the sum of each side in words."""
    where = places()
    top = max(float(cost.max().max()), 1e-9)
    for side in SIDES:
        items = list(side.items)
        _words(axes, 0.0, where[side.words], million(cost[items].sum(axis=1).mean()), side.colour, "bold")
        for item in items:
            mean, half, y = float(cost[item].mean()), half_width(cost[item]), where[item]
            axes.barh(y, mean, height=0.66, color=side.colour, hatch=side.hatch, edgecolor="white", lw=0)
            if half:
                axes.plot([mean - half, mean + half], [y, y], color=INK, lw=1.5)
            _words(axes, mean + half, y, million(mean), INK)
    axes.set_title(f"{shown.label}: {amount(target)} a week", color=shown.colour)
    axes.set_xlabel("Million GBP")
    axes.set_xlim(0, 1.3 * top)
    _rows(axes, where)
    count_axis(axes.xaxis, 4)


def _rows(axes: Axes, where: dict[str, float]) -> None:
    sides = {side.words: side.colour for side in SIDES}
    axes.set_yticks(list(where.values()), [ITEMS.get(name, name) for name in where])
    for name, tick in zip(where, axes.get_yticklabels(), strict=False):  # only the first of a row has them
        tick.set(color=sides.get(name, QUIET), weight="bold" if name in sides else "normal")
    axes.set_ylim(max(where.values()) + 0.7, -0.7)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")


def _words(axes: Axes, x: float, y: float, words: str, colour: str, weight: str = "normal") -> None:
    axes.annotate(words, (x, y), (4, 0), textcoords="offset points", size=8.5, va="center", color=colour, weight=weight)
