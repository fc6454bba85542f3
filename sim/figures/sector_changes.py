"""Arrivals by launch sector beside the map: what a policy changes, or how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import t

from sim.figures.run import Shown
from sim.figures.style import INK, amount, count_axis

PALE = 0.5


def arrivals(flows: pd.DataFrame, shown: Shown, sectors: Mapping[str, str]) -> pd.DataFrame:
    """Arrivals by sector of launch (columns, as ordered) in each replication (rows)."""
    mine = flows[(flows["scenario"] == shown.name) & flows["start"].isin(list(sectors))]
    table = mine.pivot_table(index="replication", columns="start", values="people", aggfunc="sum")
    return table.reindex(columns=list(sectors), fill_value=0)


def draw_changes(axes: Axes, flows: pd.DataFrame, cast: Sequence[Shown], sectors: Mapping[str, str]) -> None:
    """Difference to the baseline by sector: bars to the left are fewer, to the right more; lines are 95 % intervals."""
    base, policies = arrivals(flows, cast[0], sectors), cast[1:]
    height = 0.74 / len(policies)
    for i, policy in enumerate(policies):
        gain = arrivals(flows, policy, sectors) - base
        places = [row + height * (i - (len(policies) - 1) / 2) for row in range(len(sectors))]
        axes.barh(places, gain.mean(), height=0.8 * height, zorder=2, **_filling(policy))
        _intervals(axes, gain, places, policy)
        for value, y in zip(gain.mean(), places, strict=True):
            words = ("+" if value >= 0.5 else "") + amount(value)
            axes.annotate(words, (1, y), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                          size=8.5, va="center", color=policy.colour)  # fmt: skip
    axes.axvline(0, color="#555555", lw=1.0)
    axes.set_title("Change of arrivals by launch sector")
    axes.set_xlabel(f"People in the measured window,\ndifference to “{cast[0].label}”")
    _frame(axes, sectors, policies)


def _filling(shown: Shown) -> dict[str, Any]:
    """A pale bar, on which dots and lines are seen."""
    return {"color": shown.colour, "alpha": PALE, "hatch": shown.pen.hatch, "edgecolor": "white", "lw": 0}


def _intervals(axes: Axes, gain: pd.DataFrame, places: Sequence[float], policy: Shown) -> None:
    n = len(gain)
    for (_, values), y in zip(gain.items(), places, strict=True):
        axes.plot(values, [y] * n, ls="", marker=".", ms=4, color=INK, alpha=0.35, mew=0, zorder=3)
        if n > 1:
            half = float(t.ppf(0.975, n - 1)) * float(values.std()) / n**0.5
            axes.plot([values.mean() - half, values.mean() + half], [y, y], color=INK, lw=1.6, zorder=2.5)


def draw_levels(axes: Axes, flows: pd.DataFrame, cast: Sequence[Shown], sectors: Mapping[str, str]) -> None:
    """Arrivals by sector, where there is no baseline to compare with: bars are means, dots single replications."""
    height = 0.74 / len(cast)
    for i, scenario in enumerate(cast):
        people = arrivals(flows, scenario, sectors)
        places = [row + height * (i - (len(cast) - 1) / 2) for row in range(len(sectors))]
        axes.barh(places, people.mean(), height=0.8 * height, zorder=2, **_filling(scenario))
        for (_, values), y in zip(people.items(), places, strict=True):
            axes.plot(values, [y] * len(values), ls="", marker=".", ms=4, color=INK, alpha=0.35, mew=0, zorder=3)
    axes.set_title("Arrivals by launch sector")
    axes.set_xlabel("People in the measured window")
    _frame(axes, sectors, cast)


def _frame(axes: Axes, sectors: Mapping[str, str], shown: Sequence[Shown]) -> None:
    axes.set_yticks(range(len(sectors)), list(sectors.values()))
    axes.set_ylim(len(sectors) - 0.4, -0.6 - 0.22 * len(shown))
    axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=8.5)
    axes.grid(visible=False, axis="y")
    count_axis(axes.xaxis, 4)
    for i, scenario in enumerate(shown):
        axes.annotate(
            scenario.label, (0.02, 1), (0, -4 - 12 * i), xycoords="axes fraction", textcoords="offset points", va="top",
            size=9, weight="bold", color=scenario.colour,
        )  # fmt: skip
