"""From the arrivals of the baseline to those of a policy, by what became of the people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import isnan
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import half_width
from sim.figures.run import Results, Shown, replications, scenarios
from sim.figures.style import INK, QUIET, Swatch, amount, count_axis, key, look, page, thousands, true_minus
from sim.metrics.displacement import KINDS, MOVED, SHIFTED

SECTION = "moved"
TABLES = ("runs", "displacement")
READ = (
    "How to read it: each bar starts where the one above it ended; bars to the left are arrivals by boat that the "
    "policy takes away, by what became of these people, and bars to the right are arrivals that it brings."
)
DIMENSIONS = {
    "deterred": Swatch("deterred", "#0072B2"),
    "mode": Swatch("another mode", "#E69F00", "///"),
    "time": Swatch("another time", "#56B4E9", ".."),
    "returned": Swatch("returned before", "#009E73", "xxx"),
    "died": Swatch("died", "#3C3C3C"),
    "set out": Swatch("set out otherwise", "#BDBDBD"),
    "repeat": Swatch("repeat arrivals", "#D55E00", "\\\\\\"),
    "space": Swatch("another sector", "#CC79A7"),
}
SAME_SCALE, ABREAST = 2.0, 5
TOTAL = "#7A7A7A"
ROW, FRAME = 0.27, 1.15  # inches


class Change(NamedTuple):
    """A net change of people and half the width of its 95 % interval (0 with one replication)."""

    words: str
    colour: str
    hatch: str
    mean: float
    half: float

    @property
    def text(self) -> str:
        """The change in words, with its interval."""
        return signed(self.mean) + interval(self.mean, self.half)


class Fall(NamedTuple):
    """One policy against the baseline: arrivals of both, what lies between them, and who moved within."""

    shown: Shown
    before: float
    after: float
    total: Change
    changes: tuple[Change, ...]
    moved: tuple[Change, ...]

    @property
    def feet(self) -> list[float]:
        """Where each bar starts, as the difference to the baseline; the last entry is where the last bar ends."""
        return list(accumulate((change.mean for change in self.changes), initial=0.0))

    @property
    def reach(self) -> tuple[float, float]:
        """How far the axis goes: all bars, and intervals up to as far again on either side."""
        ends = [(end, c.half) for end, c in zip(self.feet[1:], self.changes, strict=True)]
        return reach_of([*ends, (self.total.mean, self.total.half)])


@look()
def draw(results: Results) -> Figure | None:
    """What becomes of the people whom a policy keeps from arriving by boat?"""
    cast, table = scenarios(results), results.table("displacement")
    if len(cast) < 2 or not cast[0].baseline or table.empty:
        return None
    kinds, places = happening(table), sectors(results, table)
    falls = [fall(results, table, cast[0], shown, kinds, places) for shown in cast[1:]]
    n, same = replications(results), same_scale(falls)
    height = ROW * max(len(kinds) + 2, len(places) + 1) + FRAME
    figure = page(
        (13.2, height * len(falls) + 2.3),
        "Deterred, displaced, or come all the same?",
        " ".join(finding(each, table) for each in falls),
        f"Simulation: {n} pair{'s' if n > 1 else ''} of runs on common random numbers; the same people in both worlds, "
        "compared one by one over the measured window. Bars = mean net change (people lost to a fate less people "
        "gained from it), lines = "
        + ("its 95 % t-interval (an arrow: beyond the axis)." if n > 1 else "no interval: one pair has none.")
        + " People who are returned to France still count as arrivals."
        + ("" if same else " Scales differ between scenarios."),
    )
    grid = figure.subplots(len(falls), 2, squeeze=False, width_ratios=(1.5, 1.0))
    ends = [each.reach for each in falls]
    widest = min(low for low, _ in ends), max(high for _, high in ends)
    for i, (row, each) in enumerate(zip(grid, falls, strict=True)):
        steps(row[0], each, cast[0], widest if same else each.reach)
        moves(row[1], each)
        if i == len(falls) - 1:
            row[0].set_xlabel("Arrivals by boat, difference to the baseline (people in the measured window)")
            row[1].set_xlabel("Net change (people in the measured window)")
    legend(grid[0, 0], falls[0].shown, kinds)
    return figure


def happening(table: pd.DataFrame) -> list[str]:
    """The classes that count in the difference of arrivals and that anyone is in, in any scenario."""
    used = table[table["of_arrivals"] & ((table["lost"] > 0) | (table["gained"] > 0))]["kind"].unique()
    return [kind for kind in KINDS if kind in used]


def sectors(results: Results, table: pd.DataFrame) -> dict[str, str]:
    """The sectors in the order of the coast, with their labels."""
    moved = table[table["kind"] == MOVED]
    names = list(dict.fromkeys([*moved["from_sector"], *moved["to_sector"]]))
    labels: dict[str, str] = {}
    if (results.folder / "places.parquet").exists():
        places = results.table("places")
        labels = dict(zip(places["name"], places["label"], strict=True))
    return {name: labels.get(name, name.replace("_", " ")) for name in names}


def fall(
    results: Results, table: pd.DataFrame, base: Shown, shown: Shown, kinds: Sequence[str], places: dict[str, str]
) -> Fall:
    """The split of one policy's difference to the baseline, averaged over replications."""
    runs = results.table("runs").set_index(["scenario", "replication"])["arrivals"]
    mine = table[table["scenario"] == shown.name]
    numbers = sorted(mine["replication"].unique().tolist())
    before, after = runs.loc[base.name].reindex(numbers), runs.loc[shown.name].reindex(numbers)
    net = mine.pivot_table(index="replication", columns="kind", values="people", aggfunc="sum")
    net = net.reindex(index=numbers, columns=list(KINDS), fill_value=0)
    swatches = {kind: DIMENSIONS[KINDS[kind].dimension] for kind in KINDS}
    changes = [change(KINDS[kind].words, swatches[kind], -net[kind]) for kind in kinds]
    moved = [change(places[name], swatches[MOVED], gain) for name, gain in by_sector(mine, places, numbers).items()]
    later = change("two weeks later, net", swatches[SHIFTED], net[SHIFTED])
    total = change(shown.label, Swatch("", TOTAL), after - before)
    return Fall(shown, float(before.mean()), float(after.mean()), total, tuple(changes), (*moved, later))


def by_sector(mine: pd.DataFrame, places: dict[str, str], numbers: list[int]) -> dict[str, pd.Series]:
    """People who arrived in both worlds: how many more set out from each sector, by replication."""
    moved = mine[mine["kind"] == MOVED]
    left, reached = (
        moved.pivot_table(index="replication", columns=end, values="people", aggfunc="sum").reindex(
            index=numbers, columns=list(places), fill_value=0
        )
        for end in ("from_sector", "to_sector")
    )
    return {name: reached[name].fillna(0) - left[name].fillna(0) for name in places}


def change(words: str, swatch: Swatch, each: pd.Series) -> Change:
    """Mean and interval of a change over the replications."""
    values = each.to_numpy(dtype=float)
    return Change(words, swatch.colour, swatch.hatch, float(np.mean(values)), half_width(list(values)))


def reach_of(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Lowest and highest place of bars that begin at nil or at each other's ends, given as (end, half an interval).

    Wide intervals do not make small bars vanish: beyond the length of all bars together they are cut off.

    >>> reach_of([(-10.0, 2.0), (-4.0, 1.0)]), reach_of([(-10.0, 500.0)])
    ((-12.0, 0.0), (-20.0, 10.0))
    """
    low, high = min([0.0, *(end for end, _ in ends)]), max([0.0, *(end for end, _ in ends)])
    below, above = min([low, *(end - half for end, half in ends)]), max([high, *(end + half for end, half in ends)])
    length = high - low
    return max(below, low - length), min(above, high + length)


def same_scale(falls: Sequence[Fall]) -> bool:
    """Whether the largest change is not so large that the smallest would vanish beside it."""
    sizes = [high - low for low, high in (each.reach for each in falls)]
    return max(sizes) <= SAME_SCALE * min(sizes)


def steps(axes: Axes, each: Fall, base: Shown, reach: tuple[float, float]) -> None:
    """The waterfall: from the baseline, step by step, to the policy; totals in words."""
    last = len(each.changes) + 1
    room = 0.04 * (reach[1] - reach[0]) or 1.0
    axes.set_xlim(reach[0] - room, reach[1] + room)
    axes.axvline(0, color="#8A8A8A", lw=1.0)
    for row, (step, foot) in enumerate(zip(each.changes, each.feet, strict=False), start=1):
        end = foot + step.mean
        axes.plot([foot, foot], [row - 1, row + 0.38], color=QUIET, lw=0.8, zorder=2.5)
        _bar(axes, row, step, foot)
        _whisker(axes, row, end, step.half)
        _number(axes, row, step.text)
    axes.plot([each.feet[-1]] * 2, [last - 1, last + 0.38], color=QUIET, lw=0.8, zorder=2.5)
    _bar(axes, last, each.total, 0.0)
    _whisker(axes, last, each.total.mean, each.total.half)
    _number(axes, 0, f"{thousands(round(each.before))} arrivals")
    _number(axes, last, f"{thousands(round(each.after))} arrivals, {each.total.text}", "bold")
    axes.set_yticks(range(last + 1), [f"“{base.label}”", *(step.words for step in each.changes), each.shown.label])
    axes.set_title(each.shown.label, color=each.shown.colour)
    _frame(axes, last)


def moves(axes: Axes, each: Fall) -> None:
    """People who arrived in both worlds: where and when otherwise."""
    size = max(map(abs, reach_of([(step.mean, step.half) for step in each.moved]))) * 1.08 or 1.0
    axes.set_xlim(-size, size)
    axes.axvline(0, color="#8A8A8A", lw=1.0)
    for row, step in enumerate(each.moved):
        _bar(axes, row, step, 0.0)
        _whisker(axes, row, step.mean, step.half)
        _number(axes, row, step.text)
    last = len(each.moved) - 1
    axes.axhline(last - 0.5, color="#C8C8C8", lw=0.8)
    axes.set_yticks(range(last + 1), [step.words for step in each.moved])
    axes.set_title("Came in both worlds: where and when")
    _frame(axes, last)


def _bar(axes: Axes, row: int, step: Change, foot: float) -> None:
    axes.barh(row, step.mean, left=foot, height=0.62, color=step.colour, hatch=step.hatch, edgecolor="white", lw=0,
              zorder=2)  # fmt: skip


def _whisker(axes: Axes, row: int, end: float, half: float) -> None:
    """The interval around a bar's end; an arrow where it goes beyond the axis."""
    if not half:
        return
    low, high = axes.get_xlim()
    axes.plot([end - half, end + half], [row, row], color=INK, lw=1.3, solid_capstyle="butt", zorder=3)
    inside = 0.015 * (high - low)
    for beyond, side, arrow in ((end - half < low, low + inside, "<"), (end + half > high, high - inside, ">")):
        if beyond:
            axes.plot([side], [row], marker=arrow, ms=6, color=INK, zorder=5)


def _number(axes: Axes, row: int, words: str, weight: str = "normal") -> None:
    axes.annotate(
        words, (1.015, row), xycoords=("axes fraction", "data"), size=8.5, va="center", color=INK, weight=weight,
        annotation_clip=False,
    )  # fmt: skip


def _frame(axes: Axes, last: int) -> None:
    axes.set_ylim(last + 0.6, -0.6)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.grid(visible=False, axis="y")
    count_axis(axes.xaxis, 4)


def legend(axes: Axes, shown: Shown, kinds: Sequence[str]) -> None:
    """The dimensions of the steps that occur, above the first panel."""
    dimensions = dict.fromkeys(KINDS[kind].dimension for kind in kinds)
    if dimensions:
        rows = -(-len(dimensions) // ABREAST)
        axes.set_title(shown.label, color=shown.colour, pad=8 + 14 * rows)
        key(axes, [DIMENSIONS[dimension] for dimension in dimensions], columns=-(-len(dimensions) // rows))


def finding(each: Fall, table: pd.DataFrame) -> str:
    """The change of arrivals and its dimensions in words."""
    mine = table[(table["scenario"] == each.shown.name) & table["of_arrivals"]]
    net = mine.groupby("dimension", sort=False)["people"].sum() / mine["replication"].nunique()
    parts = [f"{DIMENSIONS[str(d)].words} {signed(-v)}" for d, v in net.items() if abs(v) >= 0.5]
    share = f" ({signed_share(each.total.mean / each.before)})" if each.before else ""
    words = f"{each.shown.label}: {signed(each.total.mean)} arrivals{share}"
    return f"{words}: {', '.join(parts)}." if parts else f"{words}."


def signed(value: float) -> str:
    """A change of people in words, with its sign.

    >>> signed(12.4), signed(-0.2), signed(-1234.0)
    ('+12', '0', '\N{MINUS SIGN}1,230')
    """
    return ("+" if value >= 0.5 else "") + amount(value)


def signed_share(value: float) -> str:
    """A share with its sign, in per cent.

    >>> signed_share(-0.0068), signed_share(0.0)
    ('\N{MINUS SIGN}0.7 %', '+0.0 %')
    """
    return "" if isnan(value) else true_minus(f"{100 * value + 0.0:+.1f} %")


def interval(mean: float, half: float) -> str:
    """An interval in words; empty without one.

    >>> interval(10.0, 4.0), interval(10.0, 0.0)
    ('  (+6 to +14)', '')
    """
    return f"  ({signed(mean - half)} to {signed(mean + half)})" if half else ""
