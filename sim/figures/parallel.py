"""A design as parallel coordinates: one line a point through all its settings to what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.run import Results
from sim.figures.style import HALO, INK, OKABE_ITO, QUIET, look, page, true_minus
from sim.figures.sweep import (
    Swept,
    behind,
    fails,
    named,
    numeric,
    outcome_words,
    outcomes,
    read_sweep,
    said,
    scaled,
    words,
    wrapped_setting,
)
from sim.figures.wording import aim_words, metric_within

SECTION = "uncertainty"
TABLES = ("points", "dimensions", "sweep")
FEWEST, MOST = 3, 12  # settings on the page
MOST_PANELS = 4
MOST_LINES = 600  # of all panels: more cannot be told apart
MOST_WORDS = 6  # along an axis
JITTER = 0.012  # of an axis: lines through the same level do not hide one another
STRONG = 0.6  # of all lines: with more lines each is paler


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that are drawn alike."""

    label: str
    colour: str
    dash: Any
    members: npt.NDArray[np.bool_]


@look()
def draw(results: Results) -> Figure | None:
    """Through which settings do the points run that meet the aim, and those that do not?"""
    swept = read_sweep(results)
    rows = outcomes(results, swept.metric)
    facets = _facets(rows, swept)
    settings = list(swept.varied if len(facets) == 1 else swept.uncertainties)
    if swept.alone or len(settings) < FEWEST or rows.empty or len(rows) < FEWEST:
        return None
    strength = strengths(rows, settings, [places for _, places in facets])
    shown = sorted(settings, key=lambda name: -float(np.mean(np.abs(strength[name]))))[:MOST]
    groups = grouped(rows, swept)
    figure = page(
        (13.6, 2.9 + (2.4 if len(facets) > 1 else 3.0) * len(facets)),
        f"{counted(rows, swept)}, and what came of {metric_within(swept.metric)}",
        finding(rows, shown, strength, groups, swept),
        note(swept, len(settings), len(rows), len(facets)),
    )
    panels = figure.subplots(len(facets), 1, squeeze=False)[:, 0]
    factor, unit = scaled(rows[["value"]], rows["unit"].iloc[0])
    end = f"{words(swept.metric)}:\n{'difference ' if swept.compared else ''}\n({unit})"
    for axes, (name, places) in zip(panels, facets, strict=True):
        _panel(axes, rows, places, shown, groups, swept, factor)
        axes.set_title(_title(name, groups, places))
        last = axes is panels[-1]
        labels = [wrapped_setting(s, swept.unit(s), swept.guessed(s)) for s in shown]
        axes.set_xticks(range(len(shown) + 1), [*labels, end.replace("\n\n", "\n")] if last else [])
    _legend(panels[0], groups)
    return figure


def counted(rows: pd.DataFrame, swept: Swept) -> str:
    """How many points there are: combinations of scenario and levers, futures, or both."""
    both = len(rows.groupby(["source", "row"])), int(rows["future"].nunique())
    parts = [f"{n:,} {word}{'s' * (n != 1)}" for n, word in zip(both, ("combination", "future"), strict=True) if n > 1]
    return " in ".join(parts) or "1 combination"


def _facets(rows: pd.DataFrame, swept: Swept) -> list[tuple[str, npt.NDArray[np.bool_]]]:
    """A panel a policy where the uncertainties vary under few policies; one for all points otherwise."""
    if rows.empty:
        return []
    policies = rows.groupby(["source", "row"], sort=False)
    if swept.uncertainties and 1 < policies.ngroups <= MOST_PANELS:
        return [
            (named(swept, mine.iloc[0], swept.levers), rows.index.isin(mine.index)) for _, mine in policies
        ]  # fmt: skip
    return [("", np.ones(len(rows), dtype=bool))]


def _title(name: str, groups: Sequence[Group], places: npt.NDArray[np.bool_]) -> str:
    if not name or len(groups) > 2:
        return name
    return f"{name}: {int((groups[1].members & places).sum())} of {int(places.sum())} futures meet the aim"


def strengths(
    rows: pd.DataFrame, settings: Sequence[str], facets: Sequence[npt.NDArray[np.bool_]]
) -> dict[str, tuple[float, ...]]:
    """How each setting ranks with the outcome within each of the panels' policies.

    Spearman's correlation, from -1 to 1; for words the correlation ratio of the ranks, from 0 to 1.
    """
    parts = [rows[places] for places in facets]
    ranks = [part["value"].rank() for part in parts]
    return {
        name: tuple(_strength(part[name], rank) for part, rank in zip(parts, ranks, strict=True))
        for name in settings
    }  # fmt: skip


def _strength(setting: pd.Series, ranks: pd.Series) -> float:
    if pd.api.types.is_numeric_dtype(setting):
        found = setting.rank().corr(ranks) if setting.nunique() > 1 and ranks.nunique() > 1 else 0.0
    else:
        spread = ranks.var(ddof=0)
        found = (ranks.groupby(setting).transform("mean").var(ddof=0) / spread) ** 0.5 if spread else 0.0
    return 0.0 if isnan(found) else float(found)


def grouped(rows: pd.DataFrame, swept: Swept) -> list[Group]:
    """Who meets the aim and who does not; without an aim the lowest and the highest third of the outcome."""
    target = str(swept.facts.get("aim_target") or "")
    blue, red, grey = OKABE_ITO[0], OKABE_ITO[1], "#9A9A9A"
    if target and swept.facts.get("aim_metric") == swept.metric and swept.compared:
        missed = fails(rows, target).to_numpy(bool)
        aim = aim_words(target)
        return [Group(f"misses the aim of {aim}", red, (0, (4, 1.6)), missed),
                Group(f"meets the aim of {aim}", blue, "-", ~missed)]  # fmt: skip
    third = pd.qcut(rows["value"].rank(method="first"), 3, labels=False).to_numpy()
    return [Group("middle third", grey, (0, (1, 1.2)), third == 1),
            Group("highest third", red, (0, (4, 1.6)), third == 2),
            Group("lowest third", blue, "-", third == 0)]  # fmt: skip


def finding(
    rows: pd.DataFrame, shown: Sequence[str], strength: dict[str, tuple[float, ...]], groups: list[Group], swept: Swept
) -> str:
    """How many points meet the aim, and which settings rank with the outcome most closely, and in which direction."""
    if len(groups) == 2:
        meet = groups[1].label.replace("meets", "meet")
        part = f"{int(groups[1].members.sum()):,} of {len(rows):,} {_lines(rows, swept)} {meet}"
    else:
        factor, unit = scaled(rows[["value"]], rows["unit"].iloc[0])
        low, high = rows["value"].quantile([1 / 3, 2 / 3]) / factor
        part = f"Thirds of the outcome divide at {outcome_words(swept, low)} and {outcome_words(swept, high)} {unit}"
    most = ", ".join(f"{swept.short(name)} ({_signed(strength[name], numeric(rows, name))})" for name in shown[:3])
    which = "rank correlation" + (" within each policy, lowest to highest" if len(strength[shown[0]]) > 1 else "")
    return f"{part}. Ranked with the outcome most closely: {most} ({which})."


def _lines(rows: pd.DataFrame, swept: Swept) -> str:
    """What each line stands for, in the plural."""
    alone = len(rows.groupby(["source", "row"])) == 1
    return "futures" if alone else "combinations" if swept.futures == 1 else "pairs of a combination and a future"


def _signed(found: Sequence[float], numbers: bool) -> str:
    """A correlation in words, or the lowest to the highest of several; without a sign for words, which have none."""
    ends = dict.fromkeys(true_minus(f"{end:{'+' * numbers}.2f}") for end in (min(found), max(found)))
    return " to ".join(ends)


def note(swept: Swept, settings: int, points: int, panels: int) -> str:
    """What the lines are, and which settings are left out."""
    which = f"the {MOST} of {settings} settings that rank" if settings > MOST else "the settings, first those that rank"
    some = f" Drawn: {MOST_LINES} of {points:,} lines, evenly chosen." if points > MOST_LINES else ""
    within = "within each panel's policy, sizes averaged" if panels > 1 else "over all lines"
    guess = " * The scenario's value is a guess."
    guess = guess if any(swept.guessed(name) for name in swept.varied) else ""
    return behind(
        swept,
        f"A line = a {swept.point} (the mean of its replications), replication noise not shown. From left to right: "
        f"{which} most closely with the outcome (size of the rank correlation, words: correlation ratio; {within}), "
        f"which says nothing of settings that work only together.{some}{guess}",
    )


def _panel(
    axes: Axes, rows: pd.DataFrame, places: npt.NDArray[np.bool_], shown: Sequence[str], groups: list[Group],
    swept: Swept, factor: float,
) -> None:  # fmt: skip
    jitter = np.random.default_rng(1)  # of the drawing only
    columns = [_unit_scale(rows[name], swept, name, jitter) for name in shown]
    outcome = rows["value"] / factor
    low, high = outcome.min(), outcome.max()
    columns.append(((outcome - low) / ((high - low) or 1.0)).to_numpy(float))
    lines = np.stack(columns, axis=1)
    alpha = min(0.85, max(STRONG * 60 / (places & _evenly(len(rows))).sum(), 0.14))
    drawn = places & _evenly(len(rows))
    for group in groups:
        mine = lines[group.members & drawn]
        steps = [np.column_stack([np.arange(lines.shape[1]), line]) for line in mine]
        axes.add_collection(LineCollection(steps, colors=group.colour, linestyles=[group.dash], lw=1.0, alpha=alpha))
    for x, name in enumerate(shown):
        _ends(axes, x, *_labels(rows[name], swept, name))
        _between(axes, x, rows[name])
    _ends(axes, len(shown), outcome_words(swept, low), outcome_words(swept, high))
    axes.set(xlim=(-0.35, len(shown) + 0.35), ylim=(-0.13, 1.13), yticks=[])
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(axis="x", length=0, labelsize=8, labelcolor=INK)


def _evenly(points: int) -> npt.NDArray[np.bool_]:
    """Which of the points are drawn."""
    return np.isin(np.arange(points), np.linspace(0, points - 1, min(points, MOST_LINES)).round())


def _unit_scale(values: pd.Series, swept: Swept, name: str, jitter: np.random.Generator) -> npt.NDArray[np.float64]:
    """A setting's values from 0 to 1 along its axis; words and levels a little apart."""
    if not pd.api.types.is_numeric_dtype(values):
        known = sorted(values.dropna().unique())
        place = values.map({word: i / max(len(known) - 1, 1) for i, word in enumerate(known)}).to_numpy(float)
    else:
        low, high = _range(values, swept, name)
        place = values.to_numpy(float)
        if swept.settings.at[name, "scale"] == "log" and low > 0:
            low, high, place = np.log(low), np.log(high), np.log(place)
        place = (place - low) / ((high - low) or 1.0)
    return place + jitter.uniform(-JITTER, JITTER, len(place)) if values.nunique() <= MOST else place


def _range(values: pd.Series, swept: Swept, name: str) -> tuple[float, float]:
    """The ends of a setting's axis: of its range, or of what was run where that has none or goes beyond."""
    low, high = (float(cast(Any, swept.settings.at[name, end])) for end in ("low", "high"))
    return float(np.nanmin([low, values.min()])), float(np.nanmax([high, values.max()]))


def _labels(values: pd.Series, swept: Swept, name: str) -> tuple[str, str]:
    if pd.api.types.is_numeric_dtype(values):
        low, high = _range(values, swept, name)
        return said(low), said(high)
    known = sorted(values.dropna().unique())
    return said(known[0]), said(known[-1])


def _between(axes: Axes, x: float, values: pd.Series) -> None:
    """The words between the ends of an axis of words, where they have room."""
    if pd.api.types.is_numeric_dtype(values):
        return
    known = sorted(values.dropna().unique())
    for i, word in enumerate(known[1:-1] if len(known) <= MOST_WORDS else (), start=1):
        axes.annotate(
            said(word), (x, i / (len(known) - 1)), (0, 0), textcoords="offset points", ha="center", va="center", size=8,
            color=INK, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2}, zorder=6,
        )  # fmt: skip


def _ends(axes: Axes, x: float, low: str, high: str) -> None:
    """An upright axis with its ends in words."""
    axes.plot([x, x], [0, 1], color="#6A6A6A", lw=1.0, zorder=3)
    for y, text, side in ((-0.03, low, "top"), (1.03, high, "bottom")):
        axes.annotate(text, (x, y), ha="center", va=side, size=8, color=QUIET, path_effects=HALO, zorder=4)


def _legend(axes: Axes, groups: list[Group]) -> None:
    handles = [Line2D([], [], color=g.colour, ls=g.dash, lw=1.8, label=f"{g.label} ({int(g.members.sum()):,})")
               for g in reversed(groups) if g.members.any()]  # fmt: skip
    axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, fontsize=9)
