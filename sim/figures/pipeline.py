"""The exchange as a pipeline: who is at which stage, and why cases end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.run import Results, Shown, by_target, dated, has, replications, scenarios, with_exchange
from sim.figures.style import (
    HALO,
    INK,
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
    share,
    simulation_note,
)

SECTION = "pipeline"
COLUMNS = {
    "In detention: papers and claims": {
        "awaiting_reply": "await reply", "awaiting_request": "await request", "bed": "beds used",
        "awaiting_claims": "await claims",
    },
    "Papers complete, or removal barred": {"seat": "await a seat", "in_court": "in court", "barred": "barred"},
    "Legal route to the UK": {"applicant": "applicants", "checks": "in checks"},
    "In reception in France": {"reception": "returned"},
}  # fmt: skip
PENS = (
    Pen(OKABE_ITO[0], "-", "o"), Pen(OKABE_ITO[1], (0, (5, 1.5)), "s"), Pen("#3C3C3C", (0, (1.2, 1.2)), "^"),
    Pen(OKABE_ITO[3], (0, (3, 1, 1, 1)), "D"),
)  # fmt: skip
ENDS = {
    "returned": "returned to France", "refused_by_france": "refused by France",
    "refused_for_imbalance": "refused for imbalance", "request_too_late": "request too late",
    "claim_upheld": "trafficking claim upheld", "human_rights_upheld": "human-rights claim upheld",
    "appeal_allowed": "appeal allowed", "found_minor": "found to be a minor",
    "injunction_stopped": "stopped by a court", "voided": "void: time or exchange over", "": "still open at the end",
}  # fmt: skip


@look()
def draw(results: Results) -> Figure | None:
    """Where do people wait on the way through the exchange, and how do their cases end?"""
    cast = with_exchange(scenarios(results))
    if not cast or not has(results, "ledger"):
        return None
    stocks, ledger, n = weekly_stocks(results), dated(results, "ledger", "week"), replications(results)
    cast = [shown for shown, _ in by_target(ledger, cast)]
    if not cast:
        return None
    figure = page(
        (14.0, 5.4 * len(cast) + 1.2),
        "Where people wait in the exchange, and how return cases end",
        "In detention people wait for the request, France's reply and claims, then for a seat or a court. "
        "Those barred after an upheld claim leave it.",
        f"{simulation_note(n)} Stocks on the last evening of each week; bars: mean cases a replication, whole run."
        + (" Scales differ between scenarios." if len(cast) > 1 else ""),
    )
    grid = figure.add_gridspec(2 * len(cast), 3)
    for i, scenario in enumerate(cast):
        spots = [grid[2 * i + row, column] for row in (0, 1) for column in (0, 1)]
        panels = [figure.add_subplot(spot) for spot in spots]
        draw_stocks(panels, of(stocks, scenario), scenario)
        _beds(panels[0], of(ledger, scenario))
        ends_panel(figure.add_subplot(grid[2 * i : 2 * i + 2, 2]), of(results.table("cases"), scenario), scenario, n)
    return figure


def weekly_stocks(results: Results) -> pd.DataFrame:
    """People at each stage, one evening a week: scenario, replication, date, stage, stock."""
    stages = [stage for column in COLUMNS.values() for stage in column]
    table = results.table("pipeline")
    table = table[table["stage"].isin(stages)]
    weekly = pd.date_range(table["date"].min(), table["date"].max(), freq="7D").strftime("%Y-%m-%d")
    table = table[table["date"].isin(weekly)]
    return table.assign(date=pd.to_datetime(table["date"]))


def draw_stocks(panels: Sequence[Axes], stocks: pd.DataFrame, scenario: Shown) -> None:
    """Panels of stocks of one scenario, from four weeks before its exchange starts."""
    first = pd.Timestamp((scenario.exchange or {}).get("from") or scenario.start)
    running = stocks[stocks["date"] >= first - pd.Timedelta(weeks=4)]
    for axes, (title, stages) in zip(panels, COLUMNS.items(), strict=True):
        stock_panel(axes, running, stages, scenario)
        axes.set_title(title)
    panels[0].annotate(
        scenario.label, (0, 1), (0, 19), xycoords="axes fraction", textcoords="offset points", size=11, weight="bold",
        color=scenario.colour,
    )  # fmt: skip


def stock_panel(axes: Axes, stocks: pd.DataFrame, stages: dict[str, str], scenario: Shown) -> None:
    """People at some stages over time."""
    labels = []
    for (stage, words), pen in zip(stages.items(), PENS, strict=False):
        spread = fan(stocks[stocks["stage"] == stage], "stock", "date")
        if spread.empty:
            continue
        draw_fan(axes, spread, replace(scenario, pen=pen), fans=len(stages))
        end = float(spread[0.5].iloc[-1])
        labels.append(Label(spread.index[-1], end, f"{words} {amount(end)}", pen.colour, "bold"))
    axes.set_ylim(0, max(axes.get_ylim()[1] * 1.08, 1))
    axes.set(xlabel="Date", ylabel="People")
    count_axis(axes.yaxis)
    date_axis(axes, 5)
    end_labels(axes, labels, gap=0.075)


def _beds(axes: Axes, ledger: pd.DataFrame) -> None:
    """The beds there were, mean of the replications."""
    beds = ledger[ledger["open_days"] > 0].groupby("week")["beds"].mean()
    if beds.empty:
        return
    axes.step(beds.index, beds, where="post", color=INK, lw=1.0, ls=(0, (4, 3)))
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.12 * beds.max()))
    axes.annotate(
        f"{amount(beds.iloc[0])} beds", (beds.index[0], beds.iloc[0]), (0, 4), textcoords="offset points", size=8.5,
        path_effects=HALO,
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
    axes.set_title(f"How {amount(total)} return cases ended")
    axes.set_xlabel("Cases a replication")
    axes.tick_params(axis="y", length=0, labelcolor=QUIET)
    axes.grid(visible=False, axis="y")
    count_axis(axes.xaxis, 4)


def case_ends(cases: pd.DataFrame) -> pd.Series:
    """Cases by how they ended, in a fixed order; the empty end stands for cases still open."""
    return cases["end"].fillna("").value_counts().reindex(list(ENDS), fill_value=0)
