"""Two levers at once: the difference at every pair of their levels, and where it is not told apart from none."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any, cast

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.figures.run import Results
from sim.figures.style import INK, look, page, thousands
from sim.figures.sweep import (
    Swept,
    behind,
    levels,
    measure,
    named,
    nobody,
    outcome_words,
    outcomes,
    read_sweep,
    said,
    scaled,
    short_sign,
    signed,
    together,
    words,
)
from sim.figures.wording import setting_within

SECTION = "key"
TABLES = ("points", "dimensions", "sweep")
MOST_LEVELS = 14  # along either axis
MOST_PANELS = 4
FILLED = 0.6  # the share of cells that a design must fill to be a grid
PALETTE = "RdBu_r"  # blue: fewer; red: more; told apart by all readers, and by the sign in the cell
DARK = 0.45  # luminance below which words are white


@look()
def draw(results: Results) -> Figure | None:
    """What do two levers do together, and where do they change nothing that can be seen?"""
    swept = read_sweep(results)
    rows = outcomes(results, swept.metric)
    pair = two_levers(rows, swept)
    if pair is None:
        return None
    unit = rows["unit"].iloc[0]
    factor, unit = scaled(rows[["value"]], unit)
    rest = [name for name in swept.levers if name not in pair and name in rows]
    cells = together(rows, ["source", *rest, *pair])
    cells[["value", "low", "high"]] /= factor
    panels = list(cells.groupby(["source", *rest], sort=False))
    shown = panels[:MOST_PANELS]
    figure = page(
        _size(rows, pair, len(shown)),
        f"{words(swept.metric)}: {setting_within(pair[0])} by {setting_within(pair[1])}",
        finding(cells, pair, unit, swept),
        note(swept, len(panels), len(cells) < len(panels) * rows[pair[0]].nunique() * rows[pair[1]].nunique())
        + nobody(cells),
    )
    grid = figure.subplots((len(shown) + 1) // 2, min(len(shown), 2), squeeze=False)
    norm = _norm(cells)
    names = [levels(rows, lever) for lever in pair]
    for axes, (_, mine) in zip(grid.flat, shown, strict=False):
        _panel(axes, mine, pair, names, norm)
        axes.set(xlabel=swept.axis(pair[0]), ylabel=swept.axis(pair[1]))
        axes.set_title(named(swept, mine.iloc[0], rest) if len(panels) > 1 else "")
    for axes in grid.flat[len(shown) :]:
        axes.set_visible(False)
    bar = figure.colorbar(ScalarMappable(norm, PALETTE), ax=list(grid.flat), shrink=0.7, aspect=26, pad=0.02)
    bar.set_label(measure(swept, swept.metric, unit))
    bar.ax.yaxis.set_major_formatter(FuncFormatter(thousands))
    cast(Any, bar.outline).set_visible(False)
    return figure


def two_levers(rows: pd.DataFrame, swept: Swept) -> tuple[str, str] | None:
    """The first two levers whose levels make a grid that the design fills, the one with more levels first."""
    if swept.sampled:
        return None
    known = [name for name in swept.levers if name in rows and 2 <= rows[name].nunique() <= MOST_LEVELS]
    for i, second in enumerate(known):
        for first in known[:i]:
            pairs = rows.groupby([first, second]).ngroups
            if pairs >= FILLED * rows[first].nunique() * rows[second].nunique():
                longer, shorter = sorted((first, second), key=lambda name: -rows[name].nunique())
                return longer, shorter
    return None


def _size(rows: pd.DataFrame, pair: Sequence[str], panels: int) -> tuple[float, float]:
    """A page on which the words in a cell can be read."""
    columns, lines = (rows[lever].nunique() for lever in pair)
    across, down = min(panels, 2), (panels + 1) // 2
    return max(9.0, 2.2 + across * (0.72 * columns + 0.9)), 2.3 + down * max(0.62 * lines + 0.7, 2.2)


def _norm(cells: pd.DataFrame) -> TwoSlopeNorm:
    reach = float(np.nanmax(np.abs(cells["value"]), initial=0.0)) or 1.0
    return TwoSlopeNorm(0.0, -reach, reach)


def finding(cells: pd.DataFrame, pair: Sequence[str], unit: str, swept: Swept) -> str:
    """The cells at both ends, and how many are not told apart from zero."""
    order = cells.sort_values("value")
    ends = [("Lowest", order.iloc[0]), ("highest", order.iloc[-1])]
    text = "; ".join(f"{end} {outcome_words(swept, row['value'])} {unit}{_half_words(row)} at {named(swept, row, pair)}"
                     f"{_others(cells, row)}"
                     for end, row in ends)  # fmt: skip
    if not swept.compared or cells["low"].isna().all():
        return f"{text}."
    unclear = int(_unclear(cells).sum())
    shown = ": no effect is shown there" if unclear else ""
    return f"{text}. In {unclear or 'none'} of {len(cells)} cells the interval holds zero{shown}."


def _others(cells: pd.DataFrame, row: Any) -> str:
    """How many other cells hold the very same number."""
    n = int((cells["value"] == row["value"]).sum()) - 1
    return f" (and in {n} other cell{'s' * (n > 1)})" if n else ""


def _half(row: Any) -> float:
    return float(row["high"] - row["low"]) / 2


def _half_words(row: Any) -> str:
    return "" if isnan(_half(row)) else f" (\N{PLUS-MINUS SIGN}{signed(_half(row)).lstrip('+')})"


def _unclear(cells: pd.DataFrame) -> pd.Series:
    return (cells["low"] <= 0) & (cells["high"] >= 0)


def note(swept: Swept, panels: int, holes: bool) -> str:
    """What the numbers in the cells are, and what the hatching says."""
    if swept.futures > 1:
        cell = f"Cell = median of {swept.futures} futures, below it half the width of the middle 90 % of them"
    elif swept.most == 1:
        cell = "Cell = one pair of runs, which has no interval"
    else:
        cell = "Cell = mean, below it the half-width of its 95 % t-interval, replication noise only"
    hatched = "; hatched = the interval holds zero" if swept.compared and swept.most > 1 else ""
    out = f" {panels - MOST_PANELS} more panels are in effects.parquet." if panels > MOST_PANELS else ""
    empty = " Empty = not run." if holes else ""
    return behind(swept, f"{cell}{hatched}.{empty}{out}")


def _panel(
    axes: Axes, cells: pd.DataFrame, pair: Sequence[str], names: Sequence[list[Any]], norm: TwoSlopeNorm
) -> None:
    palette = colormaps[PALETTE]
    for row in cells.to_dict("records"):
        x, y = (known.index(row[lever]) for known, lever in zip(names, pair, strict=True))
        unclear = row["low"] <= 0 <= row["high"]
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=palette(norm(row["value"])), edgecolor="white"))
        if unclear:
            axes.add_patch(
                Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#BDBDBD", linewidth=0)
            )
        _words(axes, row, x, y, _luminance(palette(norm(row["value"]))) < DARK, unclear)
    for axis, known in zip((axes.xaxis, axes.yaxis), names, strict=True):
        axis.set_ticks(range(len(known)), [said(level) for level in known])
    axes.set(xlim=(-0.5, len(names[0]) - 0.5), ylim=(-0.5, len(names[1]) - 0.5))
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


def _words(axes: Axes, row: dict[Any, Any], x: int, y: int, dark: bool, unclear: bool) -> None:
    """The value, and its half-width below it."""
    half = _half(row)
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8} if unclear else None
    colour = "white" if dark and not unclear else INK
    lines = [(0.0 if isnan(half) else 6.0, 9.0, short_sign(row["value"]))]
    lines += [] if isnan(half) else [(-6.0, 7.5, "\N{PLUS-MINUS SIGN}" + short_sign(half).lstrip("+"))]
    for lift, size, text in lines:
        axes.annotate(
            text, (x, y), (0, lift), textcoords="offset points", ha="center", va="center", size=size, color=colour,
            bbox=box,
        )  # fmt: skip


def _luminance(colour: Any) -> float:
    """How light a colour is to the eye, 0 to 1 (weights of ITU-R BT.601)."""
    return float(np.dot(colour[:3], (0.299, 0.587, 0.114)))
