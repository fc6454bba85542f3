"""Which settings move a metric most: each at the low and the high end of its plausible range."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.figures.breakeven import rough, scale
from sim.figures.run import Results, has, label_of
from sim.figures.style import HALO, INK, OKABE_ITO, QUIET, count_axis, look, page
from sim.figures.wording import metric_words, policy_words, setting_words

SECTION = "uncertainty"
TABLES = ("tornado", "tornado_skipped")
MOST = 15  # settings on the page; the table holds them all
COLOURS = {"low": OKABE_ITO[5], "high": OKABE_ITO[1]}
LANES = {"low": -0.2, "high": 0.2}  # the two bars of a setting lie side by side: both may point the same way
GUESS = "guess"


@look()
def draw(results: Results) -> Figure | None:
    """Which settings, over their plausible ranges, move the metric most?"""
    table = results.table("tornado")
    names = list(dict.fromkeys(table["setting"]))
    shown = table[table["setting"].isin(names[:MOST])]
    first: dict[Any, Any] = table.iloc[0].to_dict()
    rows = len(names[:MOST])
    skipped = len(results.table("tornado_skipped"))
    figure = page(
        (10.6, 2.5 + 0.46 * rows),
        f"What moves “{measured(first['metric'])}” most, one setting at a time{under(results)}",
        finding(first, len(names)),
        note(first, skipped),
    )
    axes = figure.subplots()
    bars(axes, shown, first["metric_unit"])
    axes.set_xlabel(f"{measured(first['metric'])}: difference from the scenario itself ({axes.get_xlabel()})")
    return figure


def measured(metric: str) -> str:
    """The metric in words; that of a sweep is a metric `against` a baseline.

    >>> measured("returned"), measured("arrivals against no_exchange")
    ('Returned to France', 'Arrivals by boat against ‘No exchange’')
    """
    name, _, base = metric.partition(" against ")
    return metric_words(name) + (f" against ‘{label_of(base)}’" if base else "")


def under(results: Results) -> str:
    """Of which policy, where there are several: the first one of a sweep."""
    names = list(results.table("ends")["scenario"].unique()) if has(results, "ends") else []
    return f": {policy_words(names[0])}" if len(names) > 1 else ""


def finding(first: dict[Any, Any], settings: int) -> str:
    """The setting with the widest swing, in words."""
    which = f"the {MOST} of {settings} settings with the widest swing" if settings > MOST else f"{settings} settings"
    widest = f"“{setting_words(first['setting'])}” moves it by {rough(first['swing'])} over its range"
    base = f"{rough(first['base_mean'])} {first['metric_unit']} in the scenario itself"
    return f"{base}; {widest}. Shown: {which}."


def note(first: dict[Any, Any], skipped: int) -> str:
    """What the marks mean and how many runs stand behind them."""
    n = first["replications"]
    lines = "thin lines = 95 % t-intervals" if n > 1 else "one pair has no interval"
    left_out = f" {skipped} left out: an end of the range does not go with other settings." if skipped else ""
    return (
        f"Simulation: {n} pair{'s' if n > 1 else ''} of runs at each end on common random numbers, all else as in the "
        f"scenario. Bars = mean paired differences; {lines}; numbers at the bars = the setting's value there. "
        f"* The scenario's value is a guess.{left_out}"
    )


def bars(axes: Axes, shown: pd.DataFrame, unit: str) -> None:
    """Two bars a setting from top to bottom, the widest swing first; the axis is labelled with the unit."""
    factor, unit = scale([shown["difference"], shown["low"], shown["high"]], unit)
    places = {name: float(i) for i, name in enumerate(dict.fromkeys(shown["setting"]))}
    axes.axvline(0, color=INK, lw=1.0, zorder=3)
    rows: list[dict[Any, Any]] = shown.to_dict("records")
    for row in rows:
        _bar(axes, row, places[row["setting"]] + LANES[row["end"]], factor)
    labels = {row["setting"]: _label(row) for row in rows}
    axes.set_yticks(list(places.values()), [labels[name] for name in places])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.set_xlim(*_reach(shown, factor))
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(unit)
    count_axis(axes.xaxis, 6)
    axes.legend(
        handles=[Patch(color=colour, label=f"{end} end of the range") for end, colour in COLOURS.items()],
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, fontsize=9, borderaxespad=0.2,
    )  # fmt: skip


def _bar(axes: Axes, row: dict[Any, Any], y: float, factor: float) -> None:
    """One end of one setting: the bar, its interval, and the setting's value beyond both."""
    difference = row["difference"] / factor
    if isnan(difference):
        return
    low, high = (row[name] / factor for name in ("low", "high"))
    axes.barh(y, difference, height=0.36, color=COLOURS[row["end"]], zorder=2)
    if not isnan(low):
        axes.plot([low, high], [y, y], color=QUIET, lw=0.9, zorder=4)
    left = difference < 0 or (difference == 0 and row["end"] == "low")
    outer = np.nanmin([difference, low]) if left else np.nanmax([difference, high])
    axes.annotate(
        rough(row["value"]), (outer, y), (-4 if left else 4, 0), textcoords="offset points", size=8,
        ha="right" if left else "left", va="center", color=INK, path_effects=HALO, zorder=5,
    )  # fmt: skip


def _label(row: dict[Any, Any]) -> str:
    star = "*" if row["confidence"] == GUESS else ""
    return f"{setting_words(row['setting'])}{star}\n{row['unit']}, now {rough(row['base_value'])}"


def _reach(shown: pd.DataFrame, factor: float) -> tuple[float, float]:
    """Both ends of the axis, with room for the values beside the bars."""
    marks = shown[["difference", "low", "high"]].to_numpy(float) / factor
    known = marks[~np.isnan(marks)]
    low, high = min(known.min(initial=0.0), 0.0), max(known.max(initial=0.0), 0.0)
    room = 0.12 * (high - low) or 1.0
    return low - room, high + room
