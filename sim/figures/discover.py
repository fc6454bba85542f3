"""Where a policy fails its aim: the box in the uncertainty that holds most of its failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from textwrap import fill
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.figures.run import Results
from sim.figures.style import HALO, INK, OKABE_ITO, QUIET, count_axis, look, page
from sim.figures.sweep import (
    Swept,
    behind,
    fails,
    measure,
    numeric,
    outcomes,
    policy_name,
    read_sweep,
    said,
    wrapped_setting,
)
from sim.figures.wording import aim_words, metric_within, policy_words

SECTION = "uncertainty"
TABLES = ("discover", "discover_boxes", "discover_trajectory", "points", "dimensions", "effects", "sweep")
MOST_BOXES = 3  # policies on the page; the tables hold them all
FAILS, MEETS, WHOLE = OKABE_ITO[1], OKABE_ITO[0], "#D4D4D4"
FEW = 2  # limits: the bars of fewer are no thicker
MARGIN = 0.06  # of a range: how far the axes of the scatter go beyond what was run


@dataclass(frozen=True, slots=True)
class Found:
    """One policy's box: what it holds, its limits, the points of the policy and whether each fails."""

    facts: dict[Any, Any]
    limits: list[dict[Any, Any]]
    points: pd.DataFrame
    failing: npt.NDArray[np.bool_]

    @property
    def name(self) -> str:
        """The policy's name."""
        return str(self.facts["policy"])


@look()
def draw(results: Results) -> Figure | None:
    """In which part of the uncertainty does a policy fail its aim?"""
    swept, boxes = read_sweep(results), results.table("discover_boxes")
    found = [each for each in (_found(results, swept, row) for row in boxes.to_dict("records")) if each]
    if not found:
        return None
    shown = found[:MOST_BOXES]
    longest = max(len(each.limits) for each in shown)
    figure = page(
        (14.2, 2.3 + len(shown) * max(3.5, 1.5 + 0.55 * longest)),
        f"Where the aim of {aim_words(str(shown[0].facts['target']))} "
        f"{metric_within(str(shown[0].facts['metric']))} is missed",
        finding(shown, boxes),
        note(swept, shown[0], len(found)),
    )
    grid = figure.subplots(len(shown), 3, squeeze=False, width_ratios=(0.8, 1.0, 0.62))
    steps = results.table("discover_trajectory")
    for (left, middle, right), each in zip(grid, shown, strict=True):
        _ranges(left, each)
        _scatter(middle, each, swept)
        _way(right, steps[steps["policy"] == each.name], each)
        left.set_title(fill(policy_words(each.name), 40))
    return figure


def _found(results: Results, swept: Swept, facts: dict[Any, Any]) -> Found | None:
    """The box of a row of `discover_boxes`; None if it has none."""
    limits = results.table("discover")
    mine = limits[limits["policy"] == facts["policy"]]
    if mine.empty or isnan(facts["coverage"]):
        return None
    rows = outcomes(results, str(facts["metric"]))
    points = rows[[policy_name(row, swept) == facts["policy"] for row in rows.to_dict("records")]]
    failing = fails(points, str(facts["target"]), str(facts["fails"])).to_numpy(bool)
    return Found(facts, mine.to_dict("records"), points, failing)


def finding(shown: Sequence[Found], boxes: pd.DataFrame) -> str:
    """Of each policy: how often it fails, and how much of that the box holds."""
    parts = [
        f"{policy_words(each.name)} misses it in {each.facts['failing']} of {each.facts['futures']} futures; "
        f"its box holds {100 * each.facts['coverage']:.0f} % of them (coverage), and of the futures inside "
        f"{100 * each.facts['density']:.0f} % miss it (density)"
        for each in shown
    ]
    named = {each.name for each in shown}
    bare = boxes[boxes["coverage"].isna() & ~boxes["policy"].isin(named)]
    parts += [
        f"No box for {policy_words(row['policy'])} ({row['failing']} of {row['futures']})" for _, row in bare.iterrows()
    ]
    return ". ".join(parts) + "."


def note(swept: Swept, first: Found, found: int) -> str:
    """How the box was found and what the marks mean."""
    guess = " * The scenario's value is a guess." if any(row["confidence"] == "guess" for row in first.limits) else ""
    out = f" {found - MOST_BOXES} more boxes are in the tables." if found > MOST_BOXES else ""
    own = str(swept.facts.get("aim_target") or ""), swept.facts.get("aim_metric")
    if own[0] and own != (str(first.facts["target"]), first.facts["metric"]):
        out += f" This is not the sweep's own aim of {aim_words(own[0])} {metric_within(str(own[1]))}."
    return behind(
        swept,
        "Missed = judged on the mean of a future's replications. Box by PRIM (Friedman & Fisher 1999; Bryant & Lempert "
        f"2010), chosen by: {first.facts['rule']}. Bars = what the box keeps of the range that was sampled (grey); "
        "qp = quasi-p-value of a limit; halves = share of half samples in which the setting is limited again. "
        "Right: PRIM's steps from all futures to the smallest box; square = the box with limits lifted."
        f"{guess}{out} No interval is shown: the box is of these {swept.point}s.",
    )


def _ranges(axes: Axes, each: Found) -> None:
    """The limited settings from top to bottom: the box's range within the whole one."""
    for place, limit in enumerate(each.limits):
        axes.barh(place, 1.0, height=0.26, color=WHOLE, zorder=1)
        if limit["words"]:
            _words(axes, place, limit)
        else:
            _numbers(axes, place, limit)
        trust = f"qp {_small(limit['qp'])}, halves {100 * limit['reproduced']:.0f} %"
        axes.annotate(
            trust, (0.5, place + 0.16), (0, -1), textcoords="offset points", ha="center", va="top", size=8.5,
            color=QUIET,
        )  # fmt: skip
    labels = [wrapped_setting(row["setting"], row["unit"], row["confidence"] == "guess", 22) for row in each.limits]
    axes.set_yticks(range(len(labels)), labels)
    middle, half = (len(labels) - 1) / 2, max(len(labels), FEW) / 2
    axes.set(xlim=(0, 1), ylim=(middle + half + 0.1, middle - half), xticks=[])
    axes.set_xlabel("Range that was sampled, from end to end")
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def _small(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.2g}"


def _words(axes: Axes, place: int, limit: dict[Any, Any]) -> None:
    axes.barh(place, 1.0, height=0.26, color=FAILS, alpha=0.35, zorder=2)
    kept = ", ".join(said(word) for word in str(limit["words"]).split(" | "))
    axes.text(0.5, place, f"only {kept}", ha="center", va="center", size=8.5, color=INK, path_effects=HALO, zorder=3)


def _numbers(axes: Axes, place: int, limit: dict[Any, Any]) -> None:
    """The kept part of a range, its limits in words above it and the ends of the range below."""
    start, stop = float(limit["range_low"]), float(limit["range_high"])
    low, high = (_or(limit["low"], start), _or(limit["high"], stop))
    left, right = ((end - start) / ((stop - start) or 1.0) for end in (low, high))
    axes.barh(place, right - left, left=left, height=0.26, color=FAILS, zorder=2)
    for at, end, side in ((left, limit["low"], "left"), (right, limit["high"], "right")):
        if not isnan(end):
            align = "left" if at < 0.12 else "right" if at > 0.88 else ("right" if side == "right" else "left")
            axes.annotate(
                f"{'from' if side == 'left' else 'to'} {_figures(end)}", (at, place - 0.16), (0, 1), ha=align,
                textcoords="offset points", va="bottom", size=8.5, weight="bold", color=FAILS, zorder=4,
            )  # fmt: skip
    for at, end, align in ((0.0, start, "left"), (1.0, stop, "right")):
        axes.annotate(
            _figures(end), (at, place + 0.16), (0, -1), textcoords="offset points", ha=align, va="top", size=8,
            color=QUIET,
        )  # fmt: skip


def _or(value: float, otherwise: float) -> float:
    return otherwise if isnan(value) else float(value)


def _figures(value: float) -> str:
    return said(float(f"{value:.3g}"))


def _scatter(axes: Axes, each: Found, swept: Swept) -> None:
    """The futures over the two settings whose limits are the least likely to be chance, and the box."""
    pair = [limit["setting"] for limit in each.limits[:2]]
    limits = {limit["setting"]: limit for limit in each.limits}
    jitter = np.random.default_rng(1)  # of the drawing only
    places = [_places(each.points[name], jitter) for name in pair]
    if len(pair) == 1:
        places.append(np.asarray(each.points["value"], dtype=float))
    for mine, marker, colour, face in ((~each.failing, "o", MEETS, "none"), (each.failing, "x", FAILS, FAILS)):
        label = f"{'misses' if marker == 'x' else 'meets'} the aim ({int(mine.sum())})"
        style: dict[str, Any] = {"facecolors": face, "edgecolors": colour} if marker == "o" else {"color": colour}
        axes.scatter(places[0][mine], places[1][mine], s=26, marker=marker, lw=1.1, label=label, zorder=2, **style)
    spans = []
    for name, at in zip(pair, places, strict=False):
        spans.append(_span(limits[name], each.points[name], at))
    if len(pair) == 1:
        spans.append(_reach(places[1]))
        count_axis(axes.yaxis)
    (left, right), (low, high) = spans
    axes.add_patch(Rectangle((left, low), right - left, high - low, fill=False, ec=INK, lw=1.6, zorder=3))
    for axis, at, name in zip(("x", "y"), places, [*pair, ""][:2], strict=True):
        getattr(axes, f"set_{axis}lim")(*_reach(at))
        label = swept.axis(name) if name else measure(swept, str(each.facts["metric"]), str(each.facts["unit"]))
        getattr(axes, f"set_{axis}label")(fill(label, 36))
        if name and not numeric(each.points, name):
            known = sorted(each.points[name].unique())
            getattr(axes, f"set_{axis}ticks")(range(len(known)), [said(word) for word in known])
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, fontsize=8.5, handletextpad=0.2,
        columnspacing=1.0, borderaxespad=0.2,
    ).set_in_layout(False)  # fmt: skip


def _places(values: pd.Series, jitter: np.random.Generator) -> npt.NDArray[np.float64]:
    """Where the points lie along an axis; words by their order, a little apart."""
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(float)
    known = {word: float(i) for i, word in enumerate(sorted(values.unique()))}
    return values.map(known).to_numpy(float) + jitter.uniform(-0.22, 0.22, len(values))


def _span(limit: dict[Any, Any], values: pd.Series, places: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The box along one axis; up to the frame where it is not limited. Words that are kept may lie apart."""
    low, high = _reach(places)
    room = 0.3 * (high - low) * MARGIN
    if limit["words"]:
        known = sorted(values.unique())
        kept = [known.index(word) for word in str(limit["words"]).split(" | ") if word in known]
        return min(kept) - 0.4, max(kept) + 0.4
    return _or(limit["low"], low + room), _or(limit["high"], high - room)


def _reach(places: npt.NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(places.min()), float(places.max())
    room = MARGIN * ((high - low) or 1.0)
    return low - room, high + room


def _way(axes: Axes, steps: pd.DataFrame, each: Found) -> None:
    """Coverage against density along the peeling, and the box that was taken."""
    axes.plot(100 * steps["coverage"], 100 * steps["density"], "-", color=QUIET, lw=1.0, marker=".", ms=4, zorder=1)
    at = 100 * float(each.facts["coverage"]), 100 * float(each.facts["density"])
    axes.plot(*at, "s", color=FAILS, ms=8, mec="white", mew=0.9, zorder=3)
    axes.annotate("this box", at, (-7, -10), textcoords="offset points", ha="right", size=8.5, path_effects=HALO)
    axes.set(xlim=(0, 104), ylim=(0, 104), xlabel="Coverage (% of all misses)", ylabel="Density (% of the box)")
