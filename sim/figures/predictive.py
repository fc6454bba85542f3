"""What the calibrated model would have shown: runs with draws of the posterior against what was observed."""

from __future__ import annotations

from textwrap import fill, shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.run import Results, has
from sim.figures.style import FITTED_TO, INK, OKABE_ITO, QUIET, count_axis, date_axis, look, page

SECTION = "fit"
TABLES = ("summaries",)
MONTHLY = ("arrivals", "boats")  # across the page, month by month
COLUMNS = 4
FEW_ROWS = 13  # rows of a small panel that can be read
HIDDEN = 48  # letters of a label that are shown
PRIOR, AFTER = "#B9B9B9", OKABE_ITO[0]
MISSED = OKABE_ITO[1]
Row = dict[Any, Any]


@look()
def draw(results: Results) -> Figure | None:
    """Would the calibrated model have shown what was observed?"""
    table = results.table("summaries")
    kinds = list(dict.fromkeys(table["kind"]))
    series = [kind for kind in MONTHLY if kind in kinds]
    parts = [part for kind in kinds if kind not in series for part in split(table[table["kind"] == kind])]
    if table.empty:
        return None
    below = -(-len(parts) // COLUMNS)
    figure = page(
        (14.8, 1.9 + 2.5 * len(series) + 2.75 * below),
        "What the calibrated model would have shown, against what was observed",
        finding(table),
        note(table, runs(results)),
        FITTED_TO,
    )
    shape = figure.add_gridspec(len(series) + below, COLUMNS, height_ratios=[2.5] * len(series) + [2.75] * below)
    for place, kind in enumerate(series):
        _months(figure.add_subplot(shape[place, :]), table[table["kind"] == kind], place == 0)
    for place, part in enumerate(parts):
        _rows(figure.add_subplot(shape[len(series) + place // COLUMNS, place % COLUMNS]), part)
    return figure


def split(mine: pd.DataFrame) -> list[pd.DataFrame]:
    """The summaries of one kind, in as many panels as they need to be read, about the same number in each."""
    panels = -(-len(mine) // FEW_ROWS)
    each = -(-len(mine) // panels)
    return [mine.iloc[first : first + each] for first in range(0, len(mine), each)]


def finding(table: pd.DataFrame) -> str:
    """How many observed values lie within the bands, fitted ones and others apart, and the worst."""
    seen = table[table["observed"].notna()]
    parts = []
    for fitted, words in ((True, "fitted"), (False, "not fitted")):
        mine = seen[seen["fitted"].astype(bool) == fitted]
        if len(mine):
            half, most = (int(_within(mine, *ends).sum()) for ends in (("q25", "q75"), ("q05", "q95")))
            parts.append(
                f"of {len(mine)} {words}, {100 * half / len(mine):.0f} % lie within the 50 % and "
                f"{100 * most / len(mine):.0f} % within the 90 % bands"
            )
    text = f"Observed values: {'; '.join(parts)}."
    if not seen["z"].notna().any():
        return text
    worst: Row = seen.sort_values("z", key=abs).dropna(subset="z").iloc[-1].to_dict()
    return f"{text} Farthest off: {worst['label']}, {abs(worst['z']):.1f} sd {'above' if worst['z'] > 0 else 'below'}."


def runs(results: Results) -> str:
    """How many runs the bands are made of, in words; older results do not tell."""
    told = has(results, "calibration")
    return f"{int(results.table('calibration')['predictive'].iloc[0])} runs" if told else "runs"


def note(table: pd.DataFrame, runs: str) -> str:
    """What the marks mean, and what they do not show."""
    unfitted = " Open dots: observed, not fitted." if not table["fitted"].astype(bool).all() else ""
    return (
        f"Simulation: {runs} with draws of the posterior, not the emulator. Blue: middle 50 and 90 % and median of "
        "these runs, chance in a run included. Grey: middle 90 % and median of runs over the whole prior. Dots: "
        f"observed, orange where outside the 90 % band.{unfitted} The fit also allows for a discrepancy of the "
        "model, which the bands leave out; sd = of the posterior's runs and the discrepancy. Summaries share a run's "
        "weather and are not independent; fitted ones are no test of the model."
    )


def _within(rows: pd.DataFrame, low: str, high: str) -> pd.Series:
    return (rows["observed"] >= rows[low]) & (rows["observed"] <= rows[high])


def _months(axes: Axes, mine: pd.DataFrame, first: bool) -> None:
    """A monthly series: bands of the posterior over that of the prior, dots as observed."""
    mine = mine.sort_values("start")
    x = pd.to_datetime(mine["start"]).to_numpy()
    axes.fill_between(x, mine["prior_q05"], mine["prior_q95"], color=PRIOR, alpha=0.35, lw=0)
    axes.plot(x, mine["prior_q50"], color=QUIET, lw=0.9, ls=(0, (3, 2)))
    for low, high, alpha in (("q05", "q95", 0.25), ("q25", "q75", 0.4)):
        axes.fill_between(x, mine[low], mine[high], color=AFTER, alpha=alpha, lw=0)
    axes.plot(x, mine["q50"], color=AFTER, lw=1.8)
    for at, row in zip(x, mine.to_dict("records"), strict=True):
        _dot(axes, at, row["observed"], row, 5.5)
    top = float(np.nanmax([mine["q95"].max(), mine["observed"].max()]))
    axes.set_ylim(0, 1.12 * top)
    if len(x) > 1:
        axes.set_xlim(x[0], x[-1])
        axes.margins(x=0)
        date_axis(axes, 12)
    kind = str(mine["kind"].iloc[0])
    axes.set_title(f"{kind.replace('_', ' ').capitalize()} by month ({mine['unit'].iloc[0]})")
    count_axis(axes.yaxis)
    if first:
        axes.legend(
            handles=_marks(), loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=5, frameon=False, fontsize=8.5,
            labelcolor=QUIET, borderaxespad=0.1, columnspacing=1.4,
        ).set_in_layout(False)  # fmt: skip


def _rows(axes: Axes, mine: pd.DataFrame) -> None:
    """Summaries from top to bottom: intervals of the posterior over those of the prior, dots as observed."""
    for place, row in enumerate(mine.to_dict("records")):
        axes.plot([row["prior_q05"], row["prior_q95"]], [place, place], color=PRIOR, alpha=0.5, lw=7.5,
                  solid_capstyle="butt")  # fmt: skip
        axes.plot([row["q05"], row["q95"]], [place, place], color=AFTER, alpha=0.45, lw=4, solid_capstyle="butt")
        axes.plot([row["q25"], row["q75"]], [place, place], color=AFTER, lw=4, solid_capstyle="butt")
        axes.plot(row["q50"], place, "|", color="white", ms=5, mew=1.2)
        _dot(axes, row["observed"], place, row, 4.6)
    kind = str(mine["kind"].iloc[0]).replace("_", " ")
    axes.set_title(kind.capitalize(), size=9.5)
    axes.set_yticks(range(len(mine)), [_label(str(label), kind) for label in mine["label"]], size=7)
    axes.set_ylim(max(len(mine), 4) - 0.4, -0.6)
    axes.set_xlabel(fill(str(mine["unit"].iloc[0]), 40), size=8, labelpad=1)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.tick_params(axis="x", labelsize=8)
    count_axis(axes.xaxis, 4)


def _dot(axes: Axes, x: Any, y: Any, row: Row, size: float) -> None:
    """An observed value: open if it was not fitted, orange outside the 90 % band; nothing if it is missing."""
    if pd.isna(row["observed"]):
        return
    colour = INK if row["q05"] <= row["observed"] <= row["q95"] else MISSED
    axes.plot(
        x, y, "o", ms=size, color=colour, mfc=colour if row["fitted"] else "white", mec=colour,
        mew=1.2, zorder=4, clip_on=False,
    )  # fmt: skip


def _label(label: str, kind: str) -> str:
    """A summary's label without its kind, which the title says."""
    text = label.removeprefix(kind).removeprefix(kind.capitalize()).strip(" ,:") or label
    return shorten(text, HIDDEN, placeholder="\N{HORIZONTAL ELLIPSIS}")


def _marks() -> list[Any]:
    dot: dict[str, Any] = {"color": "none", "marker": "o", "ms": 5.5}
    return [
        Patch(color=PRIOR, alpha=0.5, label="prior, 90 %"),
        Patch(color=AFTER, alpha=0.4, label="posterior, 50 and 90 %"),
        Line2D([], [], mfc=INK, mec=INK, label="observed", **dot),
        Line2D([], [], mfc=MISSED, mec=MISSED, label="outside 90 %", **dot),
        Line2D([], [], mfc="white", mec=INK, label="not fitted", **dot),
    ]
