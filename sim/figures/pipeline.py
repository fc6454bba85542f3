"""The exchange as a pipeline: who is at which stage, and why cases end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.run import Results, Shown, exchange_beds, replications, scenarios, with_exchange
from sim.figures.style import (
    HALO,
    INK,
    MISSING,
    OKABE_ITO,
    QUIET,
    Label,
    Pen,
    amount,
    count_axis,
    date_axis,
    end_labels,
    look,
    page,
    simulation_note,
)

COLUMNS = {
    "Return cases that are open": {"papers": "await papers", "seat": "await a seat", "bed": "beds used"},
    "Legal route to the UK": {"applicant": "applicants", "checks": "in checks"},
    "In reception in France": {"reception": "returned"},
}
PENS = (
    Pen(OKABE_ITO[0], "-", "o"), Pen(OKABE_ITO[1], (0, (5, 1.5)), "s"), Pen("#3C3C3C", (0, (1.2, 1.2)), "^"),
)  # fmt: skip
ENDS = {
    "returned": "returned to France", "refused_by_france": "refused by France", "court_stopped": "stopped by a court",
    "claim_upheld": "trafficking claim upheld", "voided": "void: out of time", "": "still open at the end",
}  # fmt: skip


@look()
def draw(results: Results) -> Figure | None:
    """Where do people wait on the way through the exchange, and how do their cases end?"""
    cast = with_exchange(scenarios(results))
    if not cast:
        return None
    stocks, cases, n = weekly_stocks(results), results.table("cases"), replications(results)
    figure = page(
        (11.0, 6.0 * len(cast) + 1.2),
        "Where people wait in the exchange, and how return cases end",
        "Cases wait for papers (request, reply, claims, courts), then for a seat on a flight; both may hold a bed.",
        f"{simulation_note(n)} Stocks on the last evening of each week; bars: mean cases a replication, whole run."
        + (" Scales differ between scenarios." if len(cast) > 1 else ""),
    )
    grid = figure.subplots(2 * len(cast), 2).reshape(len(cast), 4)
    for row, scenario in zip(grid, cast, strict=True):
        _beds(row[0], exchange_beds(results, scenario))
        draw_scenario(row, of(stocks, scenario), of(cases, scenario), scenario, n)
    return figure


def weekly_stocks(results: Results) -> pd.DataFrame:
    """People at each stage, one evening a week: scenario, replication, date, stage, stock."""
    stages = [stage for column in COLUMNS.values() for stage in column]
    table = results.table("pipeline")
    table = table[table["stage"].isin(stages)]
    weekly = pd.date_range(table["date"].min(), table["date"].max(), freq="7D").strftime("%Y-%m-%d")
    table = table[table["date"].isin(weekly)]
    return table.assign(date=pd.to_datetime(table["date"]))


def draw_scenario(
    row: Sequence[Axes], stocks: pd.DataFrame, cases: pd.DataFrame, scenario: Shown, replications: int
) -> None:
    """Three panels of stocks and one of ends for one scenario."""
    first = pd.Timestamp((scenario.exchange or {}).get("from") or scenario.start)
    running = stocks[stocks["date"] >= first - pd.Timedelta(weeks=4)]
    for axes, (title, stages) in zip((row[0], row[2], row[3]), COLUMNS.items(), strict=True):
        stock_panel(axes, running, stages, scenario)
        axes.set_title(title)
    ends_panel(row[1], cases, scenario, replications)
    row[0].annotate(
        scenario.label, (0, 1), (0, 19), xycoords="axes fraction", textcoords="offset points", size=11, weight="bold",
        color=scenario.colour,
    )  # fmt: skip


def stock_panel(axes: Axes, stocks: pd.DataFrame, stages: dict[str, str], scenario: Shown) -> None:
    """People at some stages over time."""
    labels = []
    for (stage, words), pen in zip(stages.items(), PENS, strict=False):
        spread = fan(stocks[stocks["stage"] == stage], "stock", "date")
        draw_fan(axes, spread, replace(scenario, pen=pen))
        if len(spread):
            end = float(spread[0.5].iloc[-1])
            labels.append(Label(spread.index[-1], end, f"{words} {amount(end)}", pen.colour, "bold"))
    axes.set_ylim(0, max(axes.get_ylim()[1] * 1.08, 1))
    axes.set(xlabel="Date", ylabel="People")
    count_axis(axes.yaxis)
    date_axis(axes, 5)
    end_labels(axes, labels, gap=0.075)


def _beds(axes: Axes, beds: float | None) -> None:
    if beds is None:
        return
    axes.axhline(beds, color=INK, lw=1.0, ls=(0, (4, 3)))
    axes.annotate(
        f"{amount(beds)} beds", (0.01, beds), (0, 5), xycoords=("axes fraction", "data"), textcoords="offset points",
        size=8.5, path_effects=HALO,
    )  # fmt: skip


def ends_panel(axes: Axes, cases: pd.DataFrame, scenario: Shown, replications: int) -> None:
    """How cases end: counts a replication and shares."""
    counts = case_ends(cases) / replications
    total = counts.sum()
    places = range(len(counts))
    axes.barh(places, counts, color=scenario.colour, alpha=0.85, height=0.68)
    axes.set_yticks(places, [ENDS[end] for end in counts.index])
    axes.invert_yaxis()
    for y, count in zip(places, counts, strict=True):
        words = f"{amount(count)}  ({share(count, total)})"
        axes.annotate(words, (count, y), (4, 0), textcoords="offset points", va="center", size=8.5)
    axes.set_xlim(0, max(counts.max() * 1.45, 1))
    axes.set_title(f"What became of {amount(total)} return cases")
    axes.set_xlabel("Cases a replication")
    axes.tick_params(axis="y", length=0, labelcolor=QUIET)
    axes.grid(visible=False, axis="y")
    count_axis(axes.xaxis, 4)


def share(part: float, whole: float) -> str:
    """A share in words.

    >>> share(5, 1280), share(1, 4), share(0, 10)
    ('<1 %', '25 %', '0 %')
    """
    if not whole:
        return MISSING
    return "<1 %" if 0 < part / whole < 0.005 else f"{100 * part / whole:.0f} %"


def case_ends(cases: pd.DataFrame) -> pd.Series:
    """Cases by how they ended, in a fixed order; the empty end stands for cases still open."""
    return cases["end"].fillna("").value_counts().reindex(list(ENDS), fill_value=0)
