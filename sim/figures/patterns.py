"""The pattern scorecard: each quantity with its interval against its target range."""

from __future__ import annotations

from itertools import pairwise
from math import isnan
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.run import Results
from sim.figures.style import INK, OKABE_ITO, QUIET, look, page, true_minus

SECTION = "fit"
TABLES = ("scorecard",)
BAND = (1 / 3, 2 / 3)  # where the target range lies on the strip of a row
EDGE = 0.02  # a mark beyond the strip is drawn this far from its end
COLUMNS = {"value": 0.0, "target": 0.42, "verdict": 0.88}  # where the numbers stand beside the strips
PENS = {"pass": (OKABE_ITO[2], "o"), "fail": (OKABE_ITO[1], "X")}
BAND_COLOUR = "#DCE6EF"
Row = dict[Any, Any]


class Strip(NamedTuple):
    """How a row's numbers are laid on its strip: what lies at both ends of the band."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Where a value lies on the strip, 0 to 1; values beyond its ends are drawn near them."""
        at = BAND[0] + (value - self.low) / (self.high - self.low) * (BAND[1] - BAND[0])
        return float(np.clip(at, EDGE, 1 - EDGE))


@look()
def draw(results: Results) -> Figure | None:
    """Does the model show what is known to happen?"""
    rows: list[Row] = results.table("scorecard").to_dict("records")
    figure = page(
        (11.8, 2.3 + 0.33 * len(rows)),
        "Does the model show what is known to happen?",
        finding(rows),
        note(rows),
        "Sources of the target ranges: configs/patterns.yaml.",
    )
    axes, beside = figure.subplots(1, 2, width_ratios=(1.0, 0.62), sharey=True)
    for y, row in enumerate(rows):
        _row(axes, row, float(y))
        _numbers(beside, row, float(y))
    _frame(axes, rows)
    _heads(beside)
    return figure


def finding(rows: list[Row]) -> str:
    """How many quantities pass, by mark, and which patterns have one that fails."""
    parts = []
    for mark in dict.fromkeys(row["mark"] for row in rows):
        mine = [row for row in rows if row["mark"] == mark]
        parts.append(f"{sum(row['verdict'] == 'pass' for row in mine)} of {len(mine)} {mark} quantities pass")
    failing = dict.fromkeys(row["pattern"] for row in rows if row["verdict"] == "fail")
    return "; ".join(parts) + (f". Failing: {', '.join(failing)}." if failing else ".")


def note(rows: list[Row]) -> str:
    """What the marks mean and how many runs stand behind them."""
    return (
        f"Simulation: {rows[0]['replications']} replications on common random numbers. Dots = means, lines = 95 % "
        "intervals; a quantity passes if its mean lies in the target range. Each row has its own scale, on which the "
        "target range is the middle third (open to one side where there is one end); marks beyond the scale stand at "
        "its ends. c = calibrate-on, v = validate-on."
    )


def strip_of(row: Row) -> Strip:
    """The scale of a row; a range open to one side is as wide as what is shown is far from its end."""
    low, high = row["target_low"], row["target_high"]
    end = high if isnan(low) else low
    known = [abs(number - end) for number in (row["value"], row["low"], row["high"], 0.0) if not isnan(number)]
    wide = max(known) or 1.0
    low = (high if not isnan(high) else 0.0) - wide if isnan(low) else low
    high = low + wide if isnan(high) else high
    return Strip(low, high if high > low else low + wide)


def band_of(row: Row) -> tuple[float, float]:
    """Both ends of the target range on the strip; an open end reaches to the end of the strip."""
    left = 0.0 if isnan(row["target_low"]) else BAND[0]
    right = 1.0 if isnan(row["target_high"]) else BAND[1]
    return left, right


def figures(value: float) -> str:
    """A number with two figures, three from one on.

    >>> figures(0.12345), figures(280.4), figures(-0.5)
    ('0.12', '280', '\N{MINUS SIGN}0.5')
    """
    return true_minus(f"{value:.3g}" if abs(value) >= 1 else f"{value:.2g}")


def target_in_words(row: Row) -> str:
    """A target range as words."""
    low, high = row["target_low"], row["target_high"]
    if isnan(high):
        return f"{figures(low)} or more"
    return f"{figures(high)} or less" if isnan(low) else f"{figures(low)} to {figures(high)}"


def _row(axes: Axes, row: Row, y: float) -> None:
    """One quantity: the band of its target, its interval and mean, and the numbers beside them."""
    strip, (left, right) = strip_of(row), band_of(row)
    colour, marker = PENS[row["verdict"]]
    axes.barh(y, right - left, left=left, height=0.62, color=BAND_COLOUR, zorder=1)
    if not isnan(row["low"]):
        axes.plot([strip.place(row["low"]), strip.place(row["high"])], [y, y], color=colour, lw=1.6, zorder=2)
    if not isnan(row["value"]):
        axes.plot(strip.place(row["value"]), y, marker, color=colour, ms=7, mec="white", mew=0.8, zorder=3)


def _numbers(axes: Axes, row: Row, y: float) -> None:
    """The same as numbers: value, target range, verdict."""
    value = "missing" if isnan(row["value"]) else figures(row["value"])
    texts = (value, target_in_words(row), row["verdict"])
    inks = (INK, INK, PENS[row["verdict"]][0])
    weights = ("bold", "normal", "bold")
    for x, text, ink, weight in zip(COLUMNS.values(), texts, inks, weights, strict=True):
        axes.text(x, y, text, size=8.5, va="center", color=ink, weight=weight)


def _heads(axes: Axes) -> None:
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    for text, x in COLUMNS.items():
        axes.text(x, -0.75, text, size=8.5, va="bottom", color=QUIET)


def _frame(axes: Axes, rows: list[Row]) -> None:
    """Labels on the left, heads of the columns above, no scale below: each row has its own."""
    labels = [f"{row['label']}   {row['pattern']} {row['mark'][0]}" for row in rows]
    axes.set_yticks(range(len(rows)), labels, size=8.5)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for number, (before, after) in enumerate(pairwise(rows)):
        if before["pattern"] != after["pattern"]:
            axes.axhline(number + 0.5, color="#DDDDDD", lw=0.7, zorder=0)
    handles = [
        Patch(color=BAND_COLOUR, label="target range"),
        *(
            Line2D([], [], color=c, marker=m, lw=1.6, ms=6, label=f"mean and 95 % interval: {v}")
            for v, (c, m) in PENS.items()
        ),
    ]
    axes.legend(
        handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, fontsize=8.5,
        borderaxespad=0.2, columnspacing=1.1, handlelength=1.2,
    ).set_in_layout(False)  # fmt: skip
