"""The response to a lever, where it meets a target, and what the pipeline returns meanwhile."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite, isinf, isnan
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from sim.figures.run import Results, label_of
from sim.figures.style import (
    HALO,
    INK,
    OKABE_ITO,
    QUIET,
    amount,
    count_axis,
    look,
    page,
    thousands,
    true_minus,
)
from sim.figures.wording import aim_words, metric_within, metric_words, setting_within, setting_words

SECTION = "key"
TABLES = ("breakeven", "breakeven_answer")
MILLION, MANY = 1e6, 1e7  # amounts above MANY are shown in millions
FEW = 10  # numbers below this need decimals
WIDE, APART = 10, 1.5  # levels over more than this factor lie on a log-like axis, its ticks at least so far apart
HEADROOM = 1.7  # of the most that is returned: what is asked may go far beyond it and leave the panel
RESPONSE, RETURNS, TARGET = OKABE_ITO[0], OKABE_ITO[2], OKABE_ITO[1]


@look()
def draw(results: Results) -> Figure | None:
    """At which value of the lever is the target met, and where does the pipeline of returns fill up?"""
    curve = results.table("breakeven").sort_values("level")
    answer: dict[Any, Any] = results.table("breakeven_answer").iloc[0].to_dict()
    figure = page(
        (11.6, 5.6),
        f"What would it take? {metric_words(answer['metric'])} against {setting_within(answer['lever'])}",
        finding(curve, answer),
        note(answer),
    )
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
    response_panel(left, curve, answer)
    returns_panel(right, curve, answer)
    for axes in (left, right):
        axes.set_xlabel(f"{setting_words(answer['lever'])} ({answer['lever_unit']})")
        _level_axis(axes, curve["level"])
    return figure


def finding(curve: pd.DataFrame, answer: dict[Any, Any]) -> str:
    """Where the target is met, and where returns stop rising, in words."""
    named = f"{label_of(answer['scenario'])} against {label_of(answer['baseline'])}"
    if isnan(answer["value"]):
        span = f"{rough(curve['level'].min())} to {rough(curve['level'].max())}"
        met = f"{named}: the mean response does not cross the target from {span} {answer['lever_unit']}"
    else:
        met = f"{named}: the target is met at {rough(answer['value'])} {answer['lever_unit']}{interval(answer)}"
    full = answer["saturates_at"]
    if not isfinite(full):
        return f"{met}."
    pace = f"{rough(answer['returned_per_week'])} returns a week"
    return f"{met}. The pipeline saturates at {rough(full)} {answer['lever_unit']}, with {pace}."


def note(answer: dict[Any, Any]) -> str:
    """What the marks mean and how many runs stand behind them."""
    n = answer["replications"]
    if n == 1:
        one = "Simulation: 1 replication of each level, so no interval can be shown. Dots = levels that were run."
        return f"{one} Setting: {answer['lever']}."
    crossing = (
        f" Bar on the target = 95 % percentile interval of the crossing over {answer['resamples']:,} bootstrap "
        f"resamples of the replications (an arrow: beyond the levels), of which {100 * answer['never_share']:.1f} % "
        "never meet it within these levels."
    )
    return (
        f"Simulation: {n} replications of each level, paired with the baseline on common random numbers. Dots = means "
        "at the levels that were run, joined by straight lines; bands = 95 % t-intervals at each level."
        f"{'' if isnan(answer['value']) else crossing} Replication noise only, not the uncertainty of parameters. "
        f"Setting: {answer['lever']}."
    )


def response_panel(axes: Axes, curve: pd.DataFrame, answer: dict[Any, Any]) -> None:
    """The paired difference against the lever, the target, and where the two meet."""
    factor, unit = scale([curve["difference"], curve["low"], curve["high"]], answer["unit"])
    target = answer["target_difference"] / factor
    _banded(axes, curve["level"], [curve[name] / factor for name in ("difference", "low", "high")], RESPONSE)
    axes.axhline(0, color="#8A8A8A", lw=1.0, zorder=1)
    axes.axhline(target, color=TARGET, lw=1.3, ls=(0, (5, 2)), zorder=2)
    _name_target(axes, curve, answer, f"{rough(target)} {unit}", target)
    axes.set(title="Response", ylabel=f"Difference in {metric_within(answer['metric'])} ({unit})")
    axes.margins(y=0.12)
    count_axis(axes.yaxis)
    if not isnan(answer["value"]):
        _crossing(axes, curve, answer, target)


def returns_panel(axes: Axes, curve: pd.DataFrame, answer: dict[Any, Any]) -> None:
    """Returns a week of the measured window against the lever, beside what is asked for."""
    levels, weeks = curve["level"], answer["weeks"]
    mean, low, high = (curve[name] / weeks for name in ("returned", "returned_low", "returned_high"))
    _banded(axes, levels, [mean, low.clip(lower=0), high], RETURNS)
    top = HEADROOM * max(np.nanmax([mean, high]), 1.0)
    asked = curve["asked"] / weeks
    if asked.notna().all():
        top = max(top, 1.1 * asked.min())
        axes.plot(between := _between(levels), np.interp(between, levels, asked), color=INK, lw=1.2, ls=(0, (1.5, 1.5)))
        x = float(np.interp(0.9 * top, asked, levels)) if asked.max() > asked.min() else float(levels.mean())
        axes.annotate(
            "asked", (x, float(np.interp(x, levels, asked))), (6, -3), textcoords="offset points", size=9,
            path_effects=HALO, annotation_clip=False,
        )  # fmt: skip
    axes.set(title="Returns achieved", ylabel="Returned (people a week)", ylim=(0, top))
    count_axis(axes.yaxis)
    if isfinite(answer["saturates_at"]):
        _saturation(axes, answer)


def scale(values: list[pd.Series], unit: str) -> tuple[float, str]:
    """What to divide by so that the numbers are short, and the unit that goes with it."""
    largest = max(float(np.nanmax(np.abs(v))) if v.notna().any() else 0.0 for v in values)
    return (MILLION, f"million {unit}") if largest >= MANY else (1.0, unit)


def rough(value: float) -> str:
    """A number to three figures, whether large or small.

    >>> rough(12345.0), rough(4.256), rough(0.0312), rough(0.0)
    ('12,300', '4.26', '0.0312', '0')
    """
    return amount(value) if abs(value) >= FEW or value == 0 else true_minus(f"{value:.3g}")


def interval(answer: dict[Any, Any]) -> str:
    """The interval of the crossing in words; ends beyond the levels as such."""
    if isnan(answer["low"]):
        return ""
    low, high = (("below" if end < 0 else "beyond") + " the levels" if isinf(end) else rough(end)
                 for end in (answer["low"], answer["high"]))  # fmt: skip
    return f" (95 % interval {low} to {high})"


def _banded(axes: Axes, levels: pd.Series, spread: list[pd.Series], colour: str) -> None:
    """Means with dots at the levels that were run, and their intervals as a band; straight in the lever's own scale."""
    mean, low, high = (np.interp(between := _between(levels), levels, values) for values in spread)
    axes.fill_between(between, low, high, color=colour, alpha=0.18, lw=0)
    axes.plot(between, mean, color=colour, zorder=3)
    axes.plot(levels, spread[0], "o", color=colour, ms=5, mec="white", mew=0.8, zorder=3, clip_on=False)


def _between(levels: pd.Series) -> npt.NDArray[np.float64]:
    """Many places between the levels, so that a line which is straight in the lever bends on a log-like axis."""
    steps = [np.linspace(a, b, 50) for a, b in pairwise(levels)]
    return np.concatenate(steps)


def _level_axis(axes: Axes, levels: pd.Series) -> None:
    """The axis of the lever: even, or log-like from the first level above nil if the levels span a wide range."""
    above = levels[levels > 0]
    if levels.min() < 0 or levels.max() <= WIDE * above.min():
        count_axis(axes.xaxis, 6)
    else:
        axes.set_xscale("symlog", linthresh=above.min(), linscale=0.6)
        ticks = [float(levels.max())]
        for level in sorted(above, reverse=True):
            ticks += [float(level)] if level * APART <= ticks[-1] else []
        axes.set_xticks([*levels[levels == 0], *ticks])
        axes.xaxis.set_major_formatter(FuncFormatter(thousands))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(levels.min(), levels.max())


def _crossing(axes: Axes, curve: pd.DataFrame, answer: dict[Any, Any], target: float) -> None:
    """The crossing as a dot, its interval as a bar on the target, both named; arrows for ends beyond the levels."""
    value, ends = answer["value"], (curve["level"].min(), curve["level"].max())
    if not isnan(answer["low"]):
        low, high = (float(np.clip(answer[name], *ends)) for name in ("low", "high"))
        axes.plot([low, high], [target, target], color=TARGET, lw=5, alpha=0.55, solid_capstyle="butt", zorder=4)
        for name, marker in (("low", "<"), ("high", ">")):
            if isinf(answer[name]):
                axes.plot([np.clip(answer[name], *ends)], [target], marker, color=TARGET, ms=9, clip_on=False, zorder=6)
    axes.plot([value], [target], "D", color=TARGET, mec="white", ms=8, zorder=7, clip_on=False)
    right, above = _room(curve, answer)
    axes.annotate(
        f"{rough(value)} {answer['lever_unit']}", (value, target), (9 if right else -9, 7 if above else -7),
        textcoords="offset points", color=TARGET, ha="left" if right else "right", va="bottom" if above else "top",
        size=9.5, weight="bold", path_effects=HALO, zorder=8,
    )  # fmt: skip


def _name_target(axes: Axes, curve: pd.DataFrame, answer: dict[Any, Any], size: str, target: float) -> None:
    """The target in words, at the end of its line that is further from the crossing, and on its other side."""
    right, above = _room(curve, answer)
    share = f"{aim_words(answer['target'])}, " if answer["target"].endswith("%") else ""
    axes.annotate(
        true_minus(f"target: {share}{size}"), (0.99 if right else 0.01, target), (0, -4 if above else 4), color=TARGET,
        xycoords=("axes fraction", "data"), textcoords="offset points", ha="right" if right else "left", size=9,
        va="top" if above else "bottom", path_effects=HALO,
    )  # fmt: skip


def _room(curve: pd.DataFrame, answer: dict[Any, Any]) -> tuple[bool, bool]:
    """Where beside the crossing nothing is drawn: to its right or left, and above or below, as the curve runs."""
    right = not (curve["level"] < answer["value"]).mean() > 1 / 2
    falls = answer["target_difference"] < curve["difference"].iloc[0]
    return right, falls == right


def _saturation(axes: Axes, answer: dict[Any, Any]) -> None:
    full, pace = answer["saturates_at"], answer["returned_per_week"]
    axes.plot([full, full], [0, pace], color=QUIET, lw=0.9, ls=(0, (2, 2)), zorder=2)
    axes.annotate(
        f"saturates at {rough(full)}:\n{rough(pace)} returned a week", (full, pace), (10, -12), size=9, va="top",
        textcoords="offset points", color=RETURNS, path_effects=HALO,
    )  # fmt: skip
