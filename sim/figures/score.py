"""A forecast's score: its fan against what happened, and its CRPS and coverage against the rivals'."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.figures.run import Results
from sim.figures.style import (
    INK,
    MARKERS,
    OKABE_ITO,
    QUIET,
    Label,
    amount,
    count_axis,
    date_axis,
    end_labels,
    look,
    page,
    true_minus,
)

SECTION = "fit"
GIVEN = "Observed: the series that was given to score against."
TABLES = ("score", "score_periods")
FORECAST = "forecast"
MOST = 4  # pairs of metric and period on the page; the tables hold them all
COVERED = (50, 80, 90)
BANDS = (("q0.05", "q0.95", 0.16), ("q0.1", "q0.9", 0.14), ("q0.25", "q0.75", 0.22))
LINES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.2, 1, 1.2)), (0, (3, 1, 1, 1, 1, 1)))
Row = dict[Any, Any]
Pens = dict[str, tuple[str, Any, str]]


@look()
def draw(results: Results) -> Figure | None:
    """How good was the forecast?"""
    table, periods = results.table("score"), results.table("score_periods")
    keys = list(table[["metric", "period"]].drop_duplicates().itertuples(index=False, name=None))
    pens = _pens(list(dict.fromkeys(table["model"])))
    shown = keys[:MOST]
    found = [_of(table, key).to_dict("records") for key in shown]
    figure = page(
        (12.0, 1.6 + 3.1 * len(shown)), "How good was the forecast?", finding(found), note(found, len(keys)), GIVEN
    )
    grid = figure.subplots(len(shown), 3, width_ratios=(1.6, 0.85, 0.8), squeeze=False)
    for axes, key, rows in zip(grid, shown, found, strict=True):
        _fan(axes[0], _of(periods, key), rows[0], pens)
        _crps(axes[1], rows, pens)
        _coverage(axes[2], rows, pens)
    return figure


def finding(found: list[list[Row]]) -> str:
    """The forecast's CRPS as a share of the best rival's, and what its 90 % intervals held, for each pair."""
    parts = []
    for rows in found:
        mine = next(row for row in rows if row["model"] == FORECAST)
        rivals = [row for row in rows if row["model"] != FORECAST and not isnan(row["crps"])]
        best = min(rivals, key=lambda row: float(row["crps"])) if rivals else None
        against = f"CRPS {mine['crps'] / best['crps']:.2f} of {best['model']}'s, " if best and best["crps"] else ""
        parts.append(f"{_title(mine)}: {against}90 % intervals held {100 * mine['coverage_90']:.0f} %")
    text = "; ".join(parts) + "."
    return text[0].upper() + text[1:]


def note(found: list[list[Row]], pairs: int) -> str:
    """What the marks mean, how many periods stand behind them, and what is missing."""
    counts = ", ".join(f"{rows[0]['periods']} {_title(rows[0])}" for rows in found)
    out = sum(int(rows[0]["left_out"]) for rows in found)
    unfitted = [f"{row['model']} ({_title(row)}): {row['note']}" for rows in found for row in rows if row["note"]]
    return (
        "Bands = middle 50, 80 and 90 % of the forecast, thin lines = medians of the rivals, fitted on the series "
        f"before the forecast. CRPS: 0 is best. Periods scored: {counts}; "
        f"left out, not observed whole: {out}. CRPS from nine quantiles of every model. Coverage with 95 % Wilson "
        "intervals, as if periods were independent, which those of one forecast are not."
        + (f" Not fitted: {'; '.join(unfitted)}." if unfitted else "")
        + (f" {pairs - MOST} more in score.parquet." if pairs > MOST else "")
    )


def _of(table: pd.DataFrame, key: tuple[Any, ...]) -> pd.DataFrame:
    mine: pd.DataFrame = table[(table["metric"] == key[0]) & (table["period"] == key[1])]
    return mine


def _title(row: Row) -> str:
    return f"{str(row['metric']).replace('_', ' ')} by {row['period']}"


def _pens(models: list[str]) -> Pens:
    """Each model's colour, line and marker, the same in every panel."""
    return {
        model: (OKABE_ITO[i % len(OKABE_ITO)], LINES[i % len(LINES)], MARKERS[i % len(MARKERS)])
        for i, model in enumerate(models)
    }


def _fan(axes: Axes, periods: pd.DataFrame, first: Row, pens: Pens) -> None:
    """What was forecast, what the rivals expected, and what happened."""
    mine = periods[periods["model"] == FORECAST]
    x = pd.to_datetime(mine["start"]).to_numpy()
    colour = pens[FORECAST][0]
    for low, high, alpha in BANDS:
        axes.fill_between(x, mine[low], mine[high], color=colour, alpha=alpha, lw=0)
    labels = [Label(x[-1], float(mine["q0.5"].iloc[-1]), FORECAST, colour, "bold")]
    axes.plot(x, mine["q0.5"], color=colour, lw=2.0)
    for model, (ink, line, _) in pens.items():
        rows = periods[periods["model"] == model]
        if model != FORECAST and len(rows):
            axes.plot(x, rows["q0.5"], color=ink, ls=line, lw=1.1)
            labels.append(Label(x[-1], float(rows["q0.5"].iloc[-1]), model, ink))
    axes.plot(x, mine["observed"], "o", color=INK, ms=4 if len(x) > 24 else 5, mec="white", mew=0.6, zorder=4)
    top = float(np.nanmax([mine["observed"].max(), mine["q0.95"].max(), periods["q0.5"].max()]))
    axes.set_ylim(0, 1.06 * top if top else 1)
    if len(x) > 1:
        axes.set_xlim(x[0], x[-1])
        date_axis(axes, 6)
    axes.set_title(f"{_title(first).capitalize()} ({first['unit']}); dots = observed")
    count_axis(axes.yaxis)
    end_labels(axes, labels, 8, 0.075)


def _crps(axes: Axes, rows: list[Row], pens: Pens) -> None:
    """Mean CRPS of each model, the best on top, with its skill."""
    fitted = sorted((row for row in rows if not isnan(row["crps"])), key=lambda row: float(row["crps"]))
    for y, row in enumerate(fitted):
        mine = row["model"] == FORECAST
        axes.barh(y, row["crps"], height=0.62, color=pens[row["model"]][0], alpha=1.0 if mine else 0.55)
        skill = "" if isnan(row["skill"]) else true_minus(f"  ({row['skill']:+.2f})")
        score = amount(row["crps"]) if row["crps"] >= 10 else f"{row['crps']:.2g}"
        axes.annotate(
            score + skill, (row["crps"], y), (3, 0), textcoords="offset points", va="center", size=8,
            color=INK, weight="bold" if mine else "normal",
        )  # fmt: skip
    axes.set_yticks(range(len(fitted)), [row["model"] for row in fitted])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(fitted) - 0.4, -0.6)
    axes.set_xlim(0, 1.45 * max(float(row["crps"]) for row in fitted) or 1)
    axes.grid(visible=False, axis="y")
    axes.set_title("Mean CRPS (skill)")
    count_axis(axes.xaxis, 4)


def _coverage(axes: Axes, rows: list[Row], pens: Pens) -> None:
    """The share of periods that each interval held, against what it should hold."""
    fitted = [row for row in rows if not isnan(row["crps"])]
    axes.plot([0.4, 1.0], [0.4, 1.0], color=QUIET, lw=0.9, ls=(0, (2, 2)), zorder=1)
    for i, row in enumerate(fitted):
        mine = row["model"] == FORECAST
        colour, _, marker = pens[row["model"]]
        x = [percent / 100 + 0.013 * (i - (len(fitted) - 1) / 2) for percent in COVERED]
        if mine:
            low, high = ([row[f"coverage_{percent}_{end}"] for percent in COVERED] for end in ("low", "high"))
            axes.vlines(x, low, high, color=colour, lw=1.6, zorder=2)
        axes.plot(
            x, [row[f"coverage_{percent}"] for percent in COVERED], marker, color=colour, ms=6.5 if mine else 4.5,
            mec="white", mew=0.6, zorder=4 if mine else 3, ls="", label=row["model"],
        )  # fmt: skip
    axes.set_xlim(0.42, 0.98)
    axes.set_ylim(0, 1.04)
    axes.set_xticks([percent / 100 for percent in COVERED])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    axes.set_title("Held against stated")
    axes.legend(loc="lower right", fontsize=7.5, frameon=False, handletextpad=0.1, labelspacing=0.25, borderpad=0.1)
