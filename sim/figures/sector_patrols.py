"""Launches against patrols, sector by sector: who follows whom along the coast."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import half_width, of
from sim.figures.run import Results, Shown, dated, has, replications, scenarios
from sim.figures.style import INK, QUIET, look, page, spread_out

SECTION = "map"
QUARTER = 91
TWO_ROWS, FAINT = 3, "#B5B5B5"
KEYS = ["scenario", "replication", "sector"]
COUNTED = ["boats_launched", "boats_prevented", "patrol_units"]


@look()
def draw(results: Results) -> Figure | None:
    """Do launches move away from the patrols, and do the patrols follow the launches?"""
    cast, sectors = scenarios(results), dated(results, "sectors")
    first, last = cast[0].measure_from, cast[0].until
    measured = sectors[(sectors["date"] >= first) & (sectors["date"] < last)]
    if measured.empty or "boats_prevented" not in measured:
        return None
    span = pd.Timedelta(days=min(QUARTER, max((last - first).days // 2, 1)))
    ends = shares(measured[measured["date"] < first + span]), shares(measured[measured["date"] >= last - span])
    rows = 1 if len(cast) < TWO_ROWS else 2
    across = -(-len(cast) // rows)
    room = across * rows > len(cast)  # for the last panel beside the last scenario
    figure = page(
        (4.6 * across + 0.8 if room else 5.0 + 4.1 * across, 3.5 * rows + 2.0),
        "Where the boats go, and where the patrols stand",
        finding(ends, cast),
        f"Simulation: {replications(results)} replication{'s' if replications(results) > 1 else ''} of each scenario, "
        f"means. Circle: the first {span.days} days of the measured window; arrow head: the last {span.days}. On the "
        "diagonal a sector has the same share of the patrol units as of the launches. Right: the measured window; line "
        "= 95 % t-interval of the mean over replications. Sectors from the north-east to the south-west; they are the "
        "model's own, no official figure by beach exists.",
    )  # fmt: skip
    names, shown = place_names(results, measured), limits(ends)
    cells = figure.add_gridspec(rows, across + (not room), width_ratios=(*[1.0] * across, *[0.95] * (not room)))
    for number, scenario in enumerate(cast):
        axes = figure.add_subplot(cells[number // across, number % across])
        arrows(axes, ends, scenario, names, shown)
        axes.label_outer()
    stopped(figure.add_subplot(cells[-1, -1] if room else cells[:, across]), stopped_shares(measured), cast, names)
    return figure


def limits(ends: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """The shares (per cent) between which the arrows lie, with some room."""
    values = np.concatenate([end.to_numpy(float).ravel() for end in ends])
    low, high = float(np.nanmin(values, initial=100)), float(np.nanmax(values, initial=0))
    room = 0.08 * max(high - low, 5)
    return (max(low - room, 0), high + room) if high > low else (0.0, 100.0)


def place_names(results: Results, sectors: pd.DataFrame) -> dict[str, str]:
    """Every sector's name in words, in the order of the tables (from the north-east to the south-west)."""
    known = dict(results.table("places").set_index("name")["label"]) if has(results, "places") else {}
    return {name: known.get(name, name.replace("_", " ").capitalize()) for name in dict.fromkeys(sectors["sector"])}


def shares(days: pd.DataFrame) -> pd.DataFrame:
    """Each sector's share of launches and of patrol units (per cent), by scenario and sector: mean over replications.

    A replication without launches (or units) in these days has no shares and is left out.
    """
    sums = days.groupby(KEYS, sort=False)[COUNTED].sum()
    totals = sums.groupby(KEYS[:2]).transform("sum")
    percent = (100 * sums / totals.where(totals > 0)).groupby(["scenario", "sector"], sort=False).mean()
    return percent.rename(columns={"boats_launched": "launches", "patrol_units": "patrols"})[["launches", "patrols"]]


def stopped_shares(days: pd.DataFrame) -> pd.DataFrame:
    """Launches stopped as per cent of all, by scenario, replication and sector."""
    sums = days.groupby(KEYS, sort=False)[COUNTED].sum()
    launched = sums["boats_launched"].where(sums["boats_launched"] > 0)
    return (100 * sums["boats_prevented"] / launched).rename("stopped").reset_index()


def misplaced(table: pd.DataFrame) -> float:
    """Per cent of the patrol units that would have to stand elsewhere for their shares to be those of the launches.

    >>> misplaced(pd.DataFrame({"launches": [60.0, 40.0], "patrols": [50.0, 50.0]}))
    10.0
    """
    return float((table["launches"] - table["patrols"]).abs().sum(min_count=1)) / 2


def finding(ends: tuple[pd.DataFrame, pd.DataFrame], cast: Sequence[Shown]) -> str:
    """How far patrols and launches are apart, at first and at last, in words."""
    said = []
    for scenario in cast:
        early, late = (misplaced(end.loc[[scenario.name]]) for end in ends)
        known = not (isnan(early) or isnan(late))
        said.append(f"{scenario.label} {early:.0f} % and {late:.0f} %" if known else f"{scenario.label}: no launches")
    return "Share of the patrol units that would have to move to match the launches, at first and at last: " + (
        "; ".join(said) + "."
    )


def arrows(
    axes: Axes,
    ends: tuple[pd.DataFrame, pd.DataFrame],
    scenario: Shown,
    names: dict[str, str],
    span: tuple[float, float],
) -> None:
    """One scenario: an arrow for every sector from its first to its last shares."""
    low, high = span
    axes.plot(span, span, color=QUIET, lw=0.9, ls=(0, (2, 2)), zorder=1)
    moves = pd.concat([end.loc[[scenario.name]].droplevel("scenario") for end in ends], axis=1).reindex(list(names))
    moves = moves[["patrols", "launches"]].dropna()
    found = sorted(zip(moves.to_numpy(float).tolist(), moves.index, strict=True), key=lambda move: move[0][-1])
    heights = spread_out([y for (_, _, _, y), _ in found], 0.055 * (high - low))
    for ((x_before, x, y_before, y), sector), height in zip(found, heights, strict=True):
        axes.annotate(
            "", (x, y), (x_before, y_before),
            arrowprops={"arrowstyle": "-|>", "color": scenario.colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
        axes.plot(x_before, y_before, "o", ms=4.5, color=scenario.colour, mec="white", mew=0.7)
        axes.annotate(
            names[str(sector)], (x, y), (high + 0.02 * (high - low), height), size=8.5, va="center", color=INK,
            annotation_clip=False, arrowprops={"arrowstyle": "-", "color": FAINT, "lw": 0.6, "zorder": 1},
        )  # fmt: skip
    axes.set(xlim=span, ylim=span, ylabel="Share of the launches (%)")
    axes.set_xlabel("Share of the patrol units (%)")
    axes.set_title(scenario.label, color=scenario.colour)


def stopped(axes: Axes, table: pd.DataFrame, cast: Sequence[Shown], names: dict[str, str]) -> None:
    """The share of launches stopped in each sector, a row a sector, a mark a scenario."""
    gap = 0.7 / max(len(cast), 3)
    for turn, scenario in enumerate(cast):
        mine = of(table, scenario).groupby("sector")["stopped"]
        rows = np.arange(len(names)) + gap * (turn - (len(cast) - 1) / 2)
        mean, half = (mine.agg(how).reindex(list(names)) for how in ("mean", lambda each: half_width(each.dropna())))
        edge = scenario.colour if scenario.baseline else "white"
        axes.hlines(rows, mean - half, mean + half, color=scenario.colour, lw=1.6)
        axes.plot(
            mean, rows, ls="", marker=scenario.pen.marker, ms=6.5, color=scenario.colour, mec=edge, mew=1.2,
            label=scenario.label,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), list(names.values()))
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set(xlabel="Launches stopped of all launches (%)", ylim=(len(names) - 0.5 + 0.3 * len(cast), -0.6))
    axes.set_xlim(0, min(max(axes.get_xlim()[1], 10), 100))
    axes.grid(visible=False, axis="y")
    axes.set_title("Share stopped, by sector")
    axes.legend(frameon=False, fontsize=8.5, loc="lower right", handletextpad=0.3)
