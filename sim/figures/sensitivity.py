"""Which settings the outcome depends on: Sobol indices, elementary effects or regressions, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.breakeven import rough
from sim.figures.run import Results
from sim.figures.style import INK, OKABE_ITO, QUIET, count_axis, look, page
from sim.figures.sweep import scaled
from sim.figures.wording import metric_within, policy_words, setting_words

SECTION = "uncertainty"
TABLES = ("sensitivity",)
MOST, MOST_PANELS = 15, 4  # settings and policies on the page; the table holds them all
NOISY = 0.2  # of the variance between points: with more replication noise the indices are not trusted
GUESS = "guess"
IN_UNIT = ("mu", "mu_star", "sigma")  # indices in the metric's own unit; the others have none


@dataclass(frozen=True, slots=True)
class Mark:
    """How an index is drawn, and what it says."""

    index: str
    label: str
    colour: str
    marker: str
    filled: bool
    lane: float


PAIRS = (
    (
        Mark("ST", "total effect, with all interactions (ST)", OKABE_ITO[0], "D", True, -0.16),
        Mark("S1", "effect alone (first order, S1)", OKABE_ITO[1], "o", False, 0.16),
    ),
    (
        Mark("mu_star", "mean size of its effects (\N{GREEK SMALL LETTER MU}*)", OKABE_ITO[0], "D", True, -0.16),
        Mark("sigma", "spread of its effects: interactions, bends (\N{GREEK SMALL LETTER SIGMA})", OKABE_ITO[1], "o",
             False, 0.16),
    ),
)  # fmt: skip


@look()
def draw(results: Results) -> Figure | None:
    """On which settings does the outcome depend, alone and together with others?"""
    table = results.table("sensitivity")
    marks = marks_of(table)
    table = table[table["index"].isin([mark.index for mark in marks]) & table["value"].notna()]
    if table.empty:
        return None
    policies = list(dict.fromkeys(table["policy"]))
    settings = ranked(table, marks[0])
    shown = settings[:MOST]
    panels = policies[:MOST_PANELS]
    first: dict[Any, Any] = table.iloc[0].to_dict()
    figure = page(
        (max(4.6 + 2.9 * len(panels), 9.6), 2.7 + 0.36 * len(shown)),
        f"What {metric_within(first['metric'])} depend{'' if _plural(first['metric']) else 's'} on",
        finding(table, marks[0], policies, settings),
        note(table, first, len(policies)),
    )
    grid = figure.subplots(1, len(panels), squeeze=False, sharey=True, sharex=True)[0]
    for axes, policy in zip(grid, panels, strict=True):
        unit = _panel(axes, table[table["policy"] == policy], table, shown, marks)
        axes.set_title(fill(policy_words(str(policy)), 34) if len(policies) > 1 else " ", pad=24)
        axes.set_xlabel(unit)
    _rows(grid[0], table, shown)
    _legend(grid[0], marks)
    return figure


def marks_of(table: pd.DataFrame) -> tuple[Mark, ...]:
    """The indices that are drawn: a pair of Sobol's or of Morris's, or whatever single one the table holds."""
    known = list(dict.fromkeys(table["index"]))
    for pair in PAIRS:
        present = tuple(mark for mark in pair if mark.index in known)
        if present:
            return present if len(present) > 1 else (replace(present[0], lane=0.0),)
    lanes = (-0.16, 0.16) if len(known) > 1 else (0.0,)
    pens = ((OKABE_ITO[0], "D", True), (OKABE_ITO[1], "o", False))
    return tuple(Mark(name, str(name), *pen, lane) for name, pen, lane in zip(known, pens, lanes, strict=False))


def ranked(table: pd.DataFrame, mark: Mark) -> list[str]:
    """The settings, those first that matter most under any policy."""
    main = table[table["index"] == mark.index]
    return list(main["value"].abs().groupby(main["setting"]).max().sort_values(ascending=False, kind="stable").index)


def finding(table: pd.DataFrame, mark: Mark, policies: Sequence[str], settings: Sequence[str]) -> str:
    """The setting that matters most under each policy, and whether noise drowns the rest."""
    main = table[table["index"] == mark.index].assign(size=lambda rows: rows["value"].abs())
    first = main.sort_values("size", ascending=False).drop_duplicates("policy").sort_index()
    parts = []
    for setting, rows in first.groupby("setting", sort=False):
        under = "; ".join(policy_words(str(policy)) for policy in rows["policy"])
        under = "" if len(policies) == 1 else " under every policy" if len(rows) == len(policies) else f" under {under}"
        parts.append(
            f"“{setting_words(str(setting))}” matters most{under}: {mark.index.replace('_star', '*')} {_span(rows)}"
        )
    which = f"the {MOST} of {len(settings)} that matter most" if len(settings) > MOST else f"{len(settings)} settings"
    noise = f"{100 * _noise(table):.0f} % of the variance between {_points(table)} is replication noise"
    warned = f" {noise}: add replications." if _noise(table) > NOISY else ""
    return f"{'; '.join(parts)}. Shown: {which}.{warned}"


def _span(rows: pd.DataFrame) -> str:
    """One index with its interval, or the lowest to the highest of several."""
    values = rows["value"]
    if len(rows) > 1:
        return f"{rough(values.min())} to {rough(values.max())}"
    low, high = rows["low"].iloc[0], rows["high"].iloc[0]
    return rough(values.iloc[0]) + ("" if isnan(low) else f" (95 % interval {rough(low)} to {rough(high)})")


def note(table: pd.DataFrame, first: dict[Any, Any], policies: int) -> str:
    """How the indices were found, from how many runs, and what the marks mean."""
    points, n = _points(table), int(first["replications"])
    runs = f"{int(first['points']):,} {points} of {n} replication{'s' * (n != 1)} each"
    methods = ", ".join(str(method).replace("_", " ") for method in dict.fromkeys(table["method"]))
    out = f" {policies - MOST_PANELS} more policies are in the table." if policies > MOST_PANELS else ""
    noise = f"{100 * _noise(table):.1f} % of the variance between {points}, not taken out."
    noise = "it cannot be told how much, for there are no repeated runs." if isnan(_noise(table)) else noise
    guess = " * The scenario's value is a guess." if (table["confidence"] == GUESS).any() else ""
    return (
        f"Simulation: {runs}. Method: {methods}. Lines = 95 % intervals over resampled {points}. "
        f"Indices hold for the ranges that were sampled only. Replication noise: {noise}{guess}{out}"
    )


def _noise(table: pd.DataFrame) -> float:
    """The largest share of noise under any policy; NaN where single runs do not tell."""
    return float(table["noise_share"].max()) if "noise_share" in table else float("nan")


def _points(table: pd.DataFrame) -> str:
    """What was sampled: futures, or combinations of levers."""
    kinds = set(table["kind"])
    return "futures" if kinds == {"uncertainty"} else "combinations" if kinds == {"lever"} else "points"


def _plural(metric: str) -> bool:
    return metric.rpartition("_")[2].endswith("s") or "arrivals" in metric


def _panel(axes: Axes, mine: pd.DataFrame, table: pd.DataFrame, shown: Sequence[str], marks: Sequence[Mark]) -> str:
    """The marks of one policy, and the label of its axis."""
    in_unit = marks[0].index in IN_UNIT
    factor, unit = scaled(table[["value"]], str(table["unit"].iloc[0])) if in_unit else (1.0, "")
    places = {name: float(i) for i, name in enumerate(shown)}
    axes.axvline(0, color=INK, lw=1.0, zorder=1)
    for mark in marks:
        rows = mine[(mine["index"] == mark.index) & mine["setting"].isin(shown)]
        y = rows["setting"].map(places) + mark.lane
        axes.hlines(y, rows["low"] / factor, rows["high"] / factor, color=mark.colour, lw=1.6, zorder=2)
        axes.plot(
            rows["value"] / factor, y, mark.marker, ms=6, mew=1.3, color=mark.colour, zorder=3,
            mfc=mark.colour if mark.filled else "white",
        )  # fmt: skip
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    count_axis(axes.xaxis, 5)
    if in_unit:
        return f"Effect over the whole range of a setting ({unit})"
    return "Share of the variance" if marks[0].index in {"ST", "S1"} else f"{marks[0].label} (no unit)"


def _rows(axes: Axes, table: pd.DataFrame, shown: Sequence[str]) -> None:
    """The settings' names at the left, a star for guesses."""
    confidence = table.drop_duplicates("setting").set_index("setting")["confidence"]
    stars = ["*" if confidence[name] == GUESS else "" for name in shown]
    axes.set_yticks(
        range(len(shown)), [f"{setting_words(name)}{star}" for name, star in zip(shown, stars, strict=True)]
    )


def _legend(axes: Axes, marks: Sequence[Mark]) -> None:
    """What the marks are, below the title of the first panel."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [], [], color=m.colour, marker=m.marker, mfc=m.colour if m.filled else "white", lw=1.6, ms=6, label=m.label
        )
        for m in marks
    ]
    legend = axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False,
        fontsize=9, labelcolor=QUIET, borderaxespad=0.2,
    )  # fmt: skip
    legend.set_in_layout(False)
