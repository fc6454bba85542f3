"""What the observations make of each parameter: its prior range, its posterior, and the value in the scenario."""

from __future__ import annotations

from math import floor
from textwrap import fill
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.breakeven import rough
from sim.figures.run import Results
from sim.figures.style import FITTED_TO, INK, OKABE_ITO, QUIET, look, page

SECTION = "fit"
TABLES = ("draws", "parameters")
COLUMNS = 6
MOST = 60  # parameters on the page; the table holds them all
BARS = 24
INFORMED = 0.1  # share by which the spread must shrink to count as informed, as `sim.report.posterior` has it
LEARNT, KEPT, BASE = OKABE_ITO[0], "#8C8C8C", OKABE_ITO[1]


@look()
def draw(results: Results) -> Figure | None:
    """What do the observations make of each uncertain number?"""
    draws, parameters = results.table("draws"), in_order(results.table("parameters"))
    shown = parameters.head(MOST)
    if shown.empty:
        return None
    rows = -(-len(shown) // COLUMNS)
    figure = page(
        (14.4, 2.0 + 1.52 * rows),
        "What the observations make of each uncertain number",
        finding(parameters),
        note(parameters, len(draws)),
        FITTED_TO,
    )
    grid = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, row in zip(grid, shown.to_dict("records"), strict=False):
        _panel(axes, row, draws[row["parameter"]].to_numpy(float))
    for axes in grid[len(shown) :]:
        axes.axis("off")
    return figure


def in_order(parameters: pd.DataFrame) -> pd.DataFrame:
    """The parameters, those first that the observations narrow most."""
    return parameters.sort_values("narrowed", ascending=False, kind="stable")


def finding(parameters: pd.DataFrame) -> str:
    """How many parameters were narrowed, and for how many the scenario's value is no longer likely."""
    learnt = parameters[parameters["narrowed"] >= INFORMED]
    base = parameters[parameters["base"].notna()]
    away = base[(base["base"] < base["q05"]) | (base["base"] > base["q95"])]
    text = (
        f"{len(learnt)} of {len(parameters)} parameters are narrower than their prior by {100 * INFORMED:.0f} % or more"
    )
    if len(learnt):
        first = learnt.iloc[0]
        text += f", most of all {first['parameter']} ({percent(first['narrowed'])})"
    if len(base):
        text += f"; in {len(away)} of {len(base)} the scenario's value lies outside the 90 % interval"
    return text + "."


def note(parameters: pd.DataFrame, draws: int) -> str:
    """What the marks mean and how the posterior was found."""
    out = f" {len(parameters) - MOST} more in parameters.parquet." if len(parameters) > MOST else ""
    return (
        f"Bars: posterior ({draws:,} draws by MCMC on the emulated likelihood), as a density over the whole prior "
        "range from edge to edge; blue = narrowed, grey = about as its prior. Dashed: the prior. Line with dot below: "
        "90 % interval and median. Triangle: the scenario's value, at the edge if beyond the range. Percent: how "
        "much smaller the sd is than the prior's. log = prior uniform in the logarithm. Narrow is not true: intervals "
        f"hold for this model, these priors and these discrepancies.{out}"
    )


def unit_place(values: Any, row: dict[Any, Any]) -> npt.NDArray[np.float64]:
    """Where values lie between the ends of the prior, 0 to 1, on the scale on which the prior is uniform."""
    low, high, x = float(row["low"]), float(row["high"]), np.asarray(values, dtype=float)
    if row["scale"] == "log":
        low, high, x = np.log(low), np.log(high), np.log(x)
    return np.asarray((x - low) / (high - low))


def _panel(axes: Axes, row: dict[Any, Any], draws: npt.NDArray[np.float64]) -> None:
    """One parameter: posterior bars over the prior, interval and median below, the scenario's value."""
    colour = LEARNT if row["narrowed"] >= INFORMED else KEPT
    edges = np.linspace(0, 1, BARS + 1)
    heights = np.histogram(np.clip(unit_place(draws, row), 0, 1), edges, density=True)[0]
    top = max(float(heights.max()), 1.6)
    axes.stairs(heights, edges, fill=True, color=colour, alpha=0.55, lw=0)
    axes.plot([0, 0, 1, 1], [0, 1, 1, 0], color=QUIET, lw=0.9, ls=(0, (3, 2)))
    low, median, high = unit_place([row["q05"], row["median"], row["q95"]], row)
    below = -0.11 * top
    axes.plot([low, high], [below, below], color=INK, lw=1.5, solid_capstyle="butt", clip_on=False)
    axes.plot(median, below, "o", color=INK, ms=4.2, clip_on=False)
    if not pd.isna(row["base"]) and not (row["scale"] == "log" and row["base"] <= 0):
        at = float(np.clip(unit_place(row["base"], row), 0, 1))
        axes.plot(at, 0.97 * top, "v", color=BASE, ms=6, mec="white", mew=0.6, clip_on=False, zorder=4)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.22 * top, 1.05 * top), yticks=[])
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    _words(axes, row)


def _words(axes: Axes, row: dict[Any, Any]) -> None:
    """Name, narrowing, and the ends of the prior in the parameter's unit."""
    section, _, name = str(row["parameter"]).rpartition(".") if _dotted(row) else ("", "", str(row["parameter"]))
    axes.set_title(fill(name.replace("_", " "), 30), size=8.6, pad=10 if section else 3)
    if section:
        _at_top(axes, 0, section, size=7, color=QUIET)
    colour = LEARNT if row["narrowed"] >= INFORMED else QUIET
    _at_top(axes, 1, percent(row["narrowed"]), size=8, weight="bold", color=colour, ha="right")
    log = row["scale"] == "log"
    middle = np.sqrt(row["low"] * row["high"]) if log else (row["low"] + row["high"]) / 2
    axes.set_xticks([0, 0.5, 1], [short(value) for value in (row["low"], middle, row["high"])], size=7.5)
    first, _, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    axes.tick_params(axis="x", length=2, pad=2)
    unit = fill(f"{row['unit']}{', log' if log else ''}".strip(", "), 34)
    axes.set_xlabel(unit, size=7.5, color=QUIET, labelpad=1)


def _at_top(axes: Axes, x: float, text: str, **how: Any) -> None:
    axes.annotate(text, (x, 1), (0, 2), xycoords="axes fraction", textcoords="offset points", **how)


def _dotted(row: dict[Any, Any]) -> bool:
    return "." in str(row["parameter"])


def percent(narrowed: float) -> str:
    """How much narrower, rounded down: what says 10 % counts as 10 %.

    >>> percent(0.0951), percent(0.1), percent(-0.02)
    ('9 %', '10 %', '0 %')
    """
    return f"{floor(100 * max(narrowed, 0) + 1e-9)} %"


def short(value: float) -> str:
    """A number in as few figures as an axis needs.

    >>> short(0.00123), short(45000.0), short(2.5)
    ('0.00123', '45,000', '2.5')
    """
    return rough(value) if abs(value) >= 1000 else f"{value:.3g}"
