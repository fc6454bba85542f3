"""Paired effects with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isnan
from typing import NamedTuple

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.run import Results, Shown, has, replications, scenarios
from sim.figures.style import QUIET, amount, count_axis, look, page, true_minus

SECTION = "key"
OUTCOMES = {
    "arrivals": "Arrivals by boat", "attempts": "Attempts", "boats_arrived": "Boats arriving",
    "deaths": "Deaths at sea", "price_gbp": "Price of a seat",
    "gang_profit_gbp": "Profit of the gangs", "cost_uk_gbp": "Cost to the UK",
    "waiting_at_coast": "People waiting at the coast", "lorry_arrivals": "Arrivals by lorry",
    "settled_elsewhere": "Settled elsewhere",
}  # fmt: skip
PEOPLE = {
    "arrivals": "Arrivals by boat", "deterred": "Deterred", "displaced_mode": "Moved to lorry or legal route",
    "displaced_space": "Moved down the coast, net", "displaced_time": "Came later", "returned": "Returned to France",
    "admitted": "Admitted by the legal route",
}  # fmt: skip

DOTTED, KEY_COLUMNS = 3, 4
"""Policies up to which every pair is a dot, and policies that stand side by side in the key."""


class Effect(NamedTuple):
    """One mark: a metric's paired effect in one scenario, its interval, and the effect in every replication."""

    words: str
    scenario: Shown
    mean: float
    low: float
    high: float
    each: tuple[float, ...]


@look()
def draw(results: Results) -> Figure | None:
    """What does each policy change against the baseline, in per cent and in people?"""
    cast = scenarios(results)
    if not has(results, "effects") or len(cast) < 2 or not cast[0].baseline:
        return None
    relative, people = effects(results, cast, OUTCOMES, True), effects(results, cast, PEOPLE, False)
    rows = max(len(relative), len(people))
    n, dots = replications(results), len(cast) - 1 <= DOTTED
    end = ", " if dots else ". "
    figure = page(
        (14.6, 2.8 + max(0.30 * rows, 3.6)),
        f"What changes against “{cast[0].label}”?",
        finding(relative),
        f"Simulation: {n} pair{'s' if n > 1 else ''} of runs on common random numbers over the measured window. "
        f"Large mark = mean of the paired differences, line = its 95 % t-interval (an arrow: beyond the axis){end}"
        f"{'small dots below it = single pairs. ' * dots}"
        + ("One pair has no interval." if n == 1 else "An interval that crosses zero does not show an effect."),
    )  # fmt: skip
    left, right = figure.subplots(1, 2, width_ratios=(1.0, 1.0))
    forest(left, relative, lambda value: true_minus(f"{round(value, 1) + 0.0:+.1f}"), " %", dots)
    forest(right, people, lambda value: ("+" if value >= 0.5 else "") + amount(value), "", dots)
    room = 8 + (14 * _key(left, cast[1:]) + 8 if len(cast) > 2 else 0)
    for axes, title in ((left, "Outcomes"), (right, "People")):
        axes.set_title(title, pad=room)
    left.set(xlabel="Difference (% of the baseline's mean)")
    right.set(xlabel="Difference (people in the measured window)")
    return figure


def _key(axes: Axes, policies: Sequence[Shown]) -> int:
    """Which mark is which policy, above the axes; returns how many lines that takes."""
    handles = [
        Line2D([], [], color=s.colour, marker=s.pen.marker, ms=7, mec="white", lw=1.8, label=s.label) for s in policies
    ]
    legend = axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=KEY_COLUMNS, frameon=False, fontsize=9,
        borderaxespad=0.3, borderpad=0.1, labelspacing=0.3,
    )  # fmt: skip
    legend.set_in_layout(False)
    return -(-len(policies) // KEY_COLUMNS)


def effects(results: Results, cast: Sequence[Shown], metrics: dict[str, str], relative: bool) -> list[Effect]:
    """The effects of every policy on these metrics; as per cent of the baseline's mean if `relative`."""
    table = results.table("effects").set_index(["scenario", "metric"])
    runs = results.table("runs")
    known = set(table.index.get_level_values("metric"))
    return [
        _effect(table.loc[[(shown.name, metric)]].iloc[0], runs, cast[0], shown, metric, words, relative)
        for metric, words in metrics.items()
        for shown in cast[1:]
        if metric in known
    ]


def _effect(
    row: pd.Series, runs: pd.DataFrame, base: Shown, shown: Shown, metric: str, words: str, relative: bool
) -> Effect:
    values = runs.set_index(["scenario", "replication"])[metric]
    mine, theirs = values.loc[shown.name], values.loc[base.name]
    paired_by_itself = bool(theirs.isna().all())
    each = mine if paired_by_itself else mine - theirs
    scale = 100 / theirs.mean() if relative and theirs.mean() else float("nan") if relative else 1.0
    mean, low, high = (scale * float(row[column]) for column in ("difference", "low", "high"))
    return Effect(words, shown, mean, low, high, tuple(scale * each.dropna()))


def finding(relative: Sequence[Effect]) -> str:
    """The effects on arrivals, in words."""
    return ". ".join(_sentence(e) for e in relative if e.words == OUTCOMES["arrivals"]) + "."


def _sentence(effect: Effect) -> str:
    if effect.mean != effect.mean:
        return f"{effect.scenario.label}: the effect on arrivals is not known"
    words = f"{abs(effect.mean):.1f} % {'fewer' if effect.mean < 0 else 'more'} arrivals"
    if effect.low != effect.low:
        return f"{effect.scenario.label}: {words}"
    interval = true_minus(f"{effect.low:+.1f} to {effect.high:+.1f} %")
    return f"{effect.scenario.label}: {words} (95 % interval {interval})"


def forest(axes: Axes, rows: Sequence[Effect], number: Callable[[float], str], unit: str, dots: bool) -> None:
    """Marks and whiskers from top to bottom, the numbers in words at the right; single pairs as dots if asked for."""
    reach, heights = _reach(rows), _heights(rows)
    if dots:
        _pairs(axes, rows, heights)
    axes.axvline(0, color="#8A8A8A", lw=1.0)
    for effect, y in zip(rows, heights, strict=True):
        _mark(axes, effect, y, reach)
        _numbers(axes, effect, y, _words(effect, number, unit))
    _rows(axes, rows, heights)
    axes.set_xlim(-reach, reach)
    axes.set_ylabel("")
    count_axis(axes.xaxis, 5)


def _rows(axes: Axes, rows: Sequence[Effect], heights: Sequence[float]) -> None:
    """The metrics' names at the left."""
    names = list(dict.fromkeys(effect.words for effect in rows))
    places = [[y for e, y in zip(rows, heights, strict=True) if e.words == name] for name in names]
    axes.set_yticks([sum(p) / len(p) for p in places], names)
    axes.tick_params(axis="y", length=0, labelsize=9.5, labelcolor="#222222")
    axes.set_ylim(max(heights, default=0) + 0.8, -0.8)
    axes.grid(visible=False, axis="y")


def _pairs(axes: Axes, rows: Sequence[Effect], heights: Sequence[float]) -> None:
    """Every replication's difference as a small dot, just below the line of its effect."""
    marks = [(v, y + 0.26, e.scenario.name) for e, y in zip(rows, heights, strict=True) for v in e.each]
    colours = {e.scenario.name: e.scenario.colour for e in rows}
    dots = pd.DataFrame(marks, columns=["value", "height", "scenario"])
    sns.stripplot(
        dots, x="value", y="height", hue="scenario", palette=colours, orient="h", native_scale=True, jitter=False,
        size=3.6, alpha=0.55, legend=False, ax=axes,
    )  # fmt: skip


def _heights(rows: Sequence[Effect]) -> list[float]:
    """Where the rows lie: closer within a metric than between metrics."""
    heights, y = [], 0.0
    for i, effect in enumerate(rows):
        y += 0.0 if i == 0 else 1.0 if effect.words == rows[i - 1].words else 1.5
        heights.append(y)
    return heights


def _reach(rows: Sequence[Effect]) -> float:
    """How far the axis goes: as far as all pairs, but one or two metrics far beyond the others do not set it."""
    size: dict[str, float] = {}
    for effect in rows:
        size[effect.words] = max([size.get(effect.words, 0.0), *(abs(v) for v in effect.each)])
    largest = sorted(size.values(), reverse=True) or [0.0]
    for _ in range(2):
        if len(largest) > 3 and largest[0] > 2.2 * largest[1]:
            largest.pop(0)
    ends = [abs(v) for e in rows for v in (e.low, e.high) if not isnan(v)]
    return 1.1 * min(max([largest[0], *ends]), 1.5 * largest[0]) or 1.0


def _mark(axes: Axes, effect: Effect, y: float, reach: float) -> None:
    colour, pen = effect.scenario.colour, effect.scenario.pen
    if effect.low == effect.low:
        axes.plot([effect.low, effect.high], [y, y], color=colour, lw=1.8, solid_capstyle="butt", zorder=3)
    for end in (effect.low, effect.high, effect.mean):
        if abs(end) > reach:
            side, arrow = (reach, ">") if end > 0 else (-reach, "<")
            axes.plot([side], [y], marker=arrow, ms=7, color=colour, clip_on=False, zorder=5)
    axes.plot([effect.mean], [y], marker=pen.marker, ms=7, color=colour, mec="white", mew=0.9, zorder=4)


def _words(effect: Effect, number: Callable[[float], str], unit: str) -> str:
    if effect.mean != effect.mean:
        return "not known"
    interval = f"  ({number(effect.low)} to {number(effect.high)})" if effect.low == effect.low else ""
    return number(effect.mean) + unit + interval


def _numbers(axes: Axes, effect: Effect, y: float, text: str) -> None:
    axes.annotate(
        text, (1.055, y), xycoords=("axes fraction", "data"), size=8.5, va="center", annotation_clip=False,
        color=effect.scenario.colour if effect.mean == effect.mean else QUIET,
    )  # fmt: skip
