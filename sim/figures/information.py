"""Which uncertainty is worth resolving: what knowing each setting would change in the ranking of the policies."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.breakeven import rough
from sim.figures.run import Results
from sim.figures.style import INK, OKABE_ITO, QUIET, count_axis, look, page
from sim.figures.sweep import scaled
from sim.figures.wording import metric_within, policy_words, setting_within, setting_words

SECTION = "uncertainty"
TABLES = ("information",)
MOST = 15  # settings on the page; the table holds them all
NEAR = 1.6  # times the largest gain: a gain of knowing everything within this is drawn, else only told
NOISE, FOUND = "#D9D9D9", OKABE_ITO[0]
SEEN = 0.01  # of what knowing everything gains: less is no gain; a tenth of it as a chance is no change
NOISY = 0.2  # of the variance of the policies' differences: with more replication noise the answer is not trusted


@look()
def draw(results: Results) -> Figure | None:
    """Which uncertainty, if known, would most likely change which policy is best, and what would be gained?"""
    table = results.table("information")
    if table.empty or nothing_gained(table):
        return None  # one policy is the best whichever setting is known; the report says so in words
    shown = table.head(MOST)
    first: dict[Any, Any] = table.iloc[0].to_dict()
    figure = page(
        (12.6, 3.0 + 0.34 * len(shown)),
        "Which uncertainty, if known, would change the choice of policy",
        finding(table, first),
        note(table, first),
    )
    left, right = figure.subplots(1, 2, sharey=True)
    _panel(left, shown, "probability", 0.01, (0.0, 1.0))
    factor, unit = scaled(shown[["evppi"]], str(first["unit"]))
    _panel(right, shown, "evppi", factor, (float(first["evpi"]), SEEN * float(first["evpi"]) / factor))
    left.set(xlabel="Chance that another policy is best once it is known (%)")
    right.set(xlabel=f"Expected gain in {metric_within(str(first['metric']))} ({unit})")
    for axes, title in ((left, "The choice changes"), (right, "What is gained on average")):
        axes.set_title(title, pad=24)
    stars = np.where(shown["confidence"] == "guess", "*", "")
    names = [f"{setting_words(name)}{star}" for name, star in zip(shown["setting"], stars, strict=True)]
    left.set_yticks(range(len(shown)), names)
    _legend(left, _has_noise(shown))
    return figure


def nothing_gained(table: pd.DataFrame) -> bool:
    """Whether no setting, once known, would change the choice often enough, or gain enough, to be seen on an axis."""
    if not table[["probability_high", "evppi_high", "evppi_noise"]].to_numpy(float).any():
        return True
    gains, everything = table["evppi"].max(), float(table["evpi"].iloc[0])
    return bool(table["probability"].max() < SEEN / 10 and gains <= SEEN * max(everything, 0.0))


def _has_noise(table: pd.DataFrame) -> bool:
    """Whether chance alone would show anything, so that something grey is drawn."""
    return bool((table[["probability_noise", "evppi_noise"]] > 0).any(axis=None))


def finding(table: pd.DataFrame, first: dict[Any, Any]) -> str:
    """What is best now, and what knowing which setting would change."""
    now, other = (_name(first[key]) for key in ("policy_now", "policy_else"))
    base = (
        f"Best on average of {first['policies']} policies: {now}; {other} is the best in "
        f"{100 * first['policy_else_share']:.0f} % of {first['futures']} futures"
    )
    above = table[table["above_noise"].astype(bool)]
    most = table.sort_values("probability", ascending=False).iloc[0]
    if above.empty:
        return f"{base}. Knowing any one setting gains no more than the best of {len(table)} would by chance."
    top = above.sort_values("evppi", ascending=False).iloc[0]

    def within(row: pd.Series) -> str:
        return setting_within(str(row["setting"]))

    chance = f"{100 * most['probability']:.0f} %"
    gain = f"{rough(top['evppi'])} {first['unit']}"
    if most["setting"] == top["setting"]:
        text = f"Knowing {within(top)} would most likely change that ({chance}) and gain most ({gain} on average)"
    else:
        text = f"Knowing {within(most)} would most likely change that ({chance}); {within(top)} gains most ({gain})"
    which = f"{len(above)} of {len(table)} settings gain more than the best of them would by chance"
    noise = first["noise_share"]
    told = f" {100 * noise:.0f} % of the variance of differences is replication noise: add replications."
    return f"{base}. {text}; {which}.{told if noise > NOISY else ''}"


def note(table: pd.DataFrame, first: dict[Any, Any]) -> str:
    """How the numbers were found, and what the marks mean."""
    n = int(first["replications"])
    out = f" Shown: the {MOST} of {len(table)} settings that gain most." if len(table) > MOST else ""
    guess = " * The scenario's value is a guess." if (table["confidence"] == "guess").any() else ""
    grey = (
        f"grey = what the best of {len(table)} settings would not exceed 19 times in 20 if none of them said anything "
        "(futures shuffled)"
    )
    if not _has_noise(table):
        grey = f"the best of {len(table)} settings that say nothing would show no gain either (futures shuffled)"
    return (
        f"Simulation: {first['futures']} futures, {n} replication{'s' * (n != 1)} of each under all policies; best = "
        f"{first['best']} {metric_within(str(first['metric']))}. Gain = expected value of knowing one setting (EVPPI; "
        f"regression after Strong, Oakley & Brennan 2014); of knowing all of them at most {rough(first['evpi'])} "
        f"{first['unit']}. Lines = 95 % intervals over resampled futures; {grey}.{out}{guess}"
    )


def _name(policy: Any, width: int = 70) -> str:
    return shorten(policy_words(str(policy)), width, placeholder=" \N{HORIZONTAL ELLIPSIS}")


def _panel(axes: Axes, shown: pd.DataFrame, column: str, factor: float, ends: tuple[float, float]) -> None:
    """Dots with intervals from top to bottom, over what the best of them would reach by chance.

    `ends`: what knowing everything gains, in the column's unit, and the least that the axis, in its own, goes up to.
    """
    all_known, least = ends
    places = np.arange(len(shown), dtype=float)
    value, low, high, noise = (shown[f"{column}{end}"] / factor for end in ("", "_low", "_high", "_noise"))
    above = shown["above_noise"].to_numpy(bool) if column == "evppi" else (value > noise).to_numpy(bool)
    axes.barh(places, noise, height=0.72, color=NOISE, zorder=1)
    axes.hlines(places, low, high, color=FOUND, lw=1.7, zorder=2)
    for mine, fill in ((above, FOUND), (~above, "white")):
        axes.plot(value[mine], places[mine], "o", ms=6.5, mew=1.3, color=FOUND, mfc=fill, zorder=3)
    largest = max(
        float(np.nanmax([high.max(), noise.max(), value.max()])),
        least if column == "probability" else least / factor,
        1e-9,
    )
    if 0 < all_known / factor <= NEAR * largest:
        axes.axvline(all_known / factor, color=INK, lw=1.1, ls=(0, (4, 2)))
        axes.annotate(
            "all known", (all_known / factor, len(shown) - 0.55), (-4, 2), textcoords="offset points", size=8.5,
            ha="right", color=QUIET,
        )  # fmt: skip
        largest = max(largest, all_known / factor)
    axes.set(ylim=(len(shown) - 0.4, -0.6), xlim=(0, 1.05 * largest))
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    count_axis(axes.xaxis, 6)


def _legend(axes: Axes, noise: bool) -> None:
    handles: Sequence[Any] = [
        Line2D([], [], color=FOUND, marker="o", lw=1.7, ms=6.5, label="above chance"),
        Line2D([], [], color=FOUND, marker="o", mfc="white", lw=1.7, ms=6.5, label="not above chance"),
        *([Patch(color=NOISE, label="what the best of so many silent settings shows")] if noise else []),
    ]
    legend = axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False, fontsize=9,
        labelcolor=QUIET, borderaxespad=0.2,
    )  # fmt: skip
    legend.set_in_layout(False)
