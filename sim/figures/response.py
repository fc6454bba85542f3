"""Response curves: what a lever does to the headline outcome, to deaths, to returns and to the cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from sim.figures.run import Results, label_of
from sim.figures.style import (
    INK,
    QUIET,
    Label,
    Pen,
    count_axis,
    end_labels,
    look,
    page,
    policy_pen,
    thousands,
)
from sim.figures.sweep import (
    Swept,
    aimed,
    behind,
    levels,
    measure,
    named,
    nobody,
    numeric,
    outcome_words,
    outcomes,
    read_sweep,
    said,
    scaled,
    together,
    words,
)
from sim.figures.wording import aim_words, metric_within, setting_within

SECTION = "key"
TABLES = ("points", "dimensions", "sweep")
BESIDE = ("deaths", "returned", "cost_uk_gbp")
MOST_LINES, BANDS = 6, 3  # lines on a page; bands would hide one another beyond so many
TICKS = 9  # levels up to this number are ticks themselves, where they lie far enough apart
NEAR = 0.02  # of the largest value: nearer lines hide one another
APART = 0.055  # the least room between ticks, as a share of the axis


@dataclass(frozen=True, slots=True)
class Cut:
    """The lever along the x axis, what tells the lines apart, and what the other levers are held at."""

    lever: str
    across: str | None
    lines: tuple[tuple[Any, ...], ...]
    held: dict[str, Any]
    numbers: bool
    left_out: int

    @property
    def bands(self) -> bool:
        """Whether the spread is drawn as bands: for few lines."""
        return self.numbers and len(self.lines) <= BANDS

    @property
    def by(self) -> list[str]:
        """The columns that tell the lines apart."""
        return ["source", *([self.across] if self.across else [])]


@look()
def draw(results: Results) -> Figure | None:
    """How do arrivals, deaths, returns and cost respond to the lever?"""
    swept = read_sweep(results)
    shown = dict.fromkeys((swept.metric, *BESIDE))
    tables = {metric: rows for metric in shown if len(rows := outcomes(results, metric))}
    cut = cut_through(tables.get(swept.metric, pd.DataFrame()), swept)
    if cut is None:
        return None
    curves = {metric: _of(rows, cut) for metric, rows in tables.items()}
    figure = page(
        (13.0, 8.4 if len(curves) > 2 else 5.4),
        f"What {setting_within(cut.lever)} does to {metric_within(swept.metric)}",
        finding(curves[swept.metric], tables[swept.metric]["unit"].iloc[0], cut, swept),
        note(cut, swept) + nobody(curves[swept.metric].assign(**cut.held)),
    )
    grid = figure.subplots((len(curves) + 1) // 2, min(len(curves), 2), squeeze=False)
    for axes, (metric, curve) in zip(grid.flat, curves.items(), strict=False):
        _panel(axes, curve, metric, tables[metric]["unit"].iloc[0], cut, swept, aimed(results, swept, metric))
    for axes in grid.flat[len(curves) :]:
        axes.set_visible(False)
    return figure


def cut_through(rows: pd.DataFrame, swept: Swept) -> Cut | None:
    """The first lever, numbers before words, along which points differ in nothing else; None if there is none."""
    if swept.sampled and len(swept.levers) > 1:
        return None
    levers = [name for name in swept.levers if name in rows]
    for lever in sorted(levers, key=lambda name: not numeric(rows, name)):
        others = [name for name in levers if name != lever]
        held = {name: _middle(rows, name, swept) for name in others[1:]}
        kept = _at(rows, held)
        across = others[0] if others else None
        by = ["source", *([across] if across else [])]
        groups = kept.groupby(by, sort=False)[lever].nunique()
        lines = [key if isinstance(key, tuple) else (key,) for key in groups[groups > 1].index]
        if lines:
            chosen = _few(sorted(lines, key=lambda line: (swept.sources.index(line[0]), *line[1:])))
            if across and len({line[1] for line in chosen}) == 1:
                held, across, chosen = {across: chosen[0][1], **held}, None, [line[:1] for line in chosen]
            return Cut(lever, across, tuple(chosen), held, numeric(rows, lever), len(lines) - len(chosen))
    return None


def _few(lines: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As many lines as a page holds: every scenario, and levels of the second lever evenly among them."""
    if len(lines) <= MOST_LINES:
        return lines
    sources = list(dict.fromkeys(line[0] for line in lines))[:MOST_LINES]
    room, kept = max(MOST_LINES // len(sources), 1), []
    for source in sources:
        mine = [line for line in lines if line[0] == source]
        places = {round(i * (len(mine) - 1) / max(room - 1, 1)) for i in range(min(room, len(mine)))}
        kept += [mine[place] for place in sorted(places)]
    return kept


def _middle(rows: pd.DataFrame, setting: str, swept: Swept) -> Any:
    """The level that the scenario has, or else the middle one."""
    known = levels(rows, setting)
    base = str(swept.settings.at[setting, "base"])
    return next((level for level in known if base in (str(level), f"{level:g}" if numeric(rows, setting) else "")),
                known[len(known) // 2])  # fmt: skip


def _at(rows: pd.DataFrame, held: dict[str, Any]) -> pd.DataFrame:
    for name, value in held.items():
        rows = rows[rows[name] == value]
    return rows


def _of(rows: pd.DataFrame, cut: Cut) -> pd.DataFrame:
    """The points of the lines: one row a line and level, over all futures."""
    found = together(_at(rows, cut.held), [*cut.by, cut.lever])
    keys = found[cut.by].apply(tuple, axis=1)
    return found[keys.isin(cut.lines)].assign(line=keys)


def finding(curve: pd.DataFrame, unit: str, cut: Cut, swept: Swept) -> str:
    """The outcome at the ends of the lever, for the first and the last line, in words."""
    factor, unit = scaled(curve[["value"]], unit)
    kind = "90 % of futures" if swept.futures > 1 else "95 % interval"
    parts = []
    for line in dict.fromkeys((cut.lines[0], cut.lines[-1])):
        ends = []
        mine = curve[curve["line"] == line]
        order = mine.sort_values(cut.lever) if cut.numbers else mine
        for row in (order.iloc[0], order.iloc[-1]):
            spread = f"{outcome_words(swept, row['low'] / factor)} to {outcome_words(swept, row['high'] / factor)}"
            spread = f" ({kind} {spread})" if row["low"] == row["low"] else ""
            ends.append(f"{outcome_words(swept, row['value'] / factor)} {unit}{spread} at {said(row[cut.lever])}")
        name = _line_name(line, cut, swept)
        parts.append(f"{name}: " * bool(name) + ", ".join(ends))
    lever = f"{swept.short(cut.lever)}" + f" ({swept.unit(cut.lever)})" * bool(swept.unit(cut.lever))
    against = " against the baseline" if swept.compared else ""
    return f"{words(swept.metric)}{against}, by {lever}. {'; '.join(parts)}."


def note(cut: Cut, swept: Swept) -> str:
    """What the marks mean, what is held, and what is left out."""
    spread = "band" if cut.bands else "bar"
    if swept.futures > 1:
        marks = f"Line = median of {swept.futures} futures, {spread} = the middle 90 % of them (their means)."
    elif swept.most == 1:
        marks = "Dots = single pairs, so no interval can be shown."
    else:
        marks = f"Dots = means at the levels that were run, {spread}s = 95 % t-intervals: replication noise only."
    lines = f" Lines: {swept.axis(cut.across)}." if cut.across else ""
    lines += " Dashed: would hide another line." if cut.numbers and len(cut.lines) > 1 else ""
    held = ", ".join(f"{swept.short(name)} at {said(value)}" for name, value in cut.held.items())
    held = f" Held: {held}." if held else ""
    out = f" {cut.left_out} more lines are in effects.parquet." if cut.left_out else ""
    return behind(swept, f"{marks}{lines}{held}{out} Setting: {cut.lever}.")


def _line_name(line: Sequence[Any], cut: Cut, swept: Swept) -> str:
    row = dict(zip(cut.by, line, strict=True))
    return named(swept, row, [cut.across] if cut.across else []) if len(swept.sources) > 1 or cut.across else ""


def _panel(axes: Axes, curve: pd.DataFrame, metric: str, unit: str, cut: Cut, swept: Swept, aim: float | None) -> None:
    factor, unit = scaled(curve[["value", "low", "high"]], unit)
    places = {level: float(level) if cut.numbers else float(i) for i, level in enumerate(levels(curve, cut.lever))}
    labels = []
    drawn: dict[str, pd.DataFrame] = {}
    for i, line in enumerate(cut.lines):
        mine = curve[curve["line"] == line]
        mine = mine.assign(x=mine[cut.lever].map(places)).sort_values("x")
        if mine.empty:
            continue
        pen, shift = policy_pen(i), _shift(i, len(cut.lines), cut, places)
        y = mine.set_index("x")[["value", "low", "high"]] / factor
        same = next((name for name, other in drawn.items() if other.equals(y)), "")
        hides = _hides(y["value"], drawn, float(np.nanmax(np.abs(curve[["value", "low", "high"]]))) / factor)
        _line(axes, mine["x"] + shift, y.reset_index(drop=True), pen, cut, hides)
        drawn[_end(line, cut, swept)] = y
        if len(cut.lines) > 1:
            edge = mine["x"].iloc[-1] + abs(_shift(0, len(cut.lines), cut, places))
            name = _end(line, cut, swept) + f" = {same}" * bool(same)
            labels.append(Label(edge, y["value"].iloc[-1], name, pen.colour))
    if swept.compared:
        axes.axhline(0, color=INK, lw=0.9, zorder=1)
    if aim is not None:
        axes.axhline(aim / factor, color=INK, lw=1.1, ls=(0, (4, 2)), zorder=2)
        labels.append(Label(_last(places, cut), aim / factor, f"aim: {aim_words(str(swept.facts['aim_target']))}", INK))
    axes.set(title=words(metric), ylabel=measure(swept, metric, unit), xlabel=swept.axis(cut.lever))
    count_axis(axes.yaxis)
    if not curve[["value", "low", "high"]].fillna(0).to_numpy().any():
        axes.set(ylim=(-1.0 * swept.compared, 1.0), yticks=range(-1 if swept.compared else 0, 2))
    _lever_axis(axes, list(places), cut, str(swept.settings.at[cut.lever, "scale"]))
    if labels:
        end_labels(axes, labels, gap=0.062)


def _shift(i: int, lines: int, cut: Cut, places: dict[Any, float]) -> float:
    """Bars of several lines stand beside one another."""
    step = 0.1 if not cut.numbers else 0.0 if cut.bands else 0.007 * (max(places.values()) - min(places.values()))
    return step * (i - (lines - 1) / 2)


def _last(places: dict[Any, float], cut: Cut) -> float:
    """Where the axis of the lever ends."""
    room = 0.0 if cut.bands else 0.03 * (max(places.values()) - min(places.values()))
    return max(places.values()) + (room if cut.numbers else 0.5)


def _end(line: Sequence[Any], cut: Cut, swept: Swept) -> str:
    """The label at the end of a line: as short as what tells it from the others."""
    parts = [label_of(str(line[0]))] if len(swept.sources) > 1 else []
    if cut.across:
        unit = swept.unit(cut.across)
        parts.append(f"{said(line[1])} {unit}" if unit and len(unit) <= 8 else said(line[1]))
    return ", ".join(parts)


def _hides(values: pd.Series, drawn: dict[str, pd.DataFrame], reach: float) -> bool:
    """Whether a line would hide one below it: for two neighbouring levels at least, they cannot be told apart."""
    near = [(values - other["value"]).abs() <= NEAR * reach for other in drawn.values()]
    return any((each & each.shift(fill_value=False)).any() for each in near)


def _line(axes: Axes, x: pd.Series, y: pd.DataFrame, pen: Pen, cut: Cut, dashed: bool) -> None:
    """Means with dots and a band, or bars where bands would hide one another; for words no line between them.

    A dashed line lets the one that it would hide be seen through it.
    """
    marker: dict[str, Any] = {"marker": pen.marker, "ms": 5, "mec": "white", "mew": 0.7, "color": pen.colour}
    if cut.bands:
        axes.fill_between(x, y["low"], y["high"], color=pen.colour, alpha=0.12, lw=0)
        axes.plot(x, y[["low", "high"]], color=pen.colour, lw=0.7, alpha=0.6)
    else:
        axes.vlines(x, y["low"], y["high"], color=pen.colour, lw=1.3 if cut.numbers else 1.8, clip_on=False)
    joined: dict[str, Any] = {"lw": 1.3 if not cut.bands else 1.9, "ls": (0, (3, 3)) if dashed else "-"}
    joined = joined if cut.numbers else {"ls": "none", "ms": 7}
    axes.plot(x, y["value"], zorder=3, clip_on=False, **{**marker, **joined})


def _lever_axis(axes: Axes, known: list[Any], cut: Cut, scale: str) -> None:
    """The levels as ticks where they have room; on a logarithmic axis where the lever was sampled so."""
    if not cut.numbers:
        axes.set_xticks(range(len(known)), [said(level) for level in known])
        axes.set_xlim(-0.5, len(known) - 0.5)
        axes.tick_params(axis="x", labelcolor=QUIET)
        return
    low, high = known[0], known[-1]
    if scale == "log" and low > 0:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(known if len(known) <= TICKS else [low, (low * high) ** 0.5, high])
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
    elif len(known) <= TICKS and min(b - a for a, b in pairwise(known)) > APART * (high - low):
        axes.set_xticks(known)
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
    else:
        count_axis(axes.xaxis, 7)
    room = 0.0 if cut.bands or scale == "log" else 0.03 * (high - low)
    axes.set_xlim(low - room, high + room)
