"""Deaths at sea by load and by waves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import chi2

from sim.figures.fan import of
from sim.figures.run import Results, Shown, replications, scenarios
from sim.figures.style import amount, count_axis, look, page

SECTION = "market"
TABLES = ("runs", "daily", "hazard")
BANDS = {"load": ("load_from", "load_to", "People aboard", "People aboard"),
         "wave": ("wave_from_m", "wave_to_m", "Waves", "Wave height at the beach (m)")}  # fmt: skip
COUNTS = ["left_beach", "people_at_sea", "incidents", "deaths", "deaths_squared"]
PER = 1000
FEWEST = 1000
"""People at sea, in all replications, below which a band has no rate."""
BEYOND = 2.0
"""An interval may reach beyond the axis, which ends at this multiple of the highest rate at the most."""
NUMBERED = 2
"""Scenarios up to which every mark bears its number of deaths."""


@look()
def draw(results: Results) -> Figure | None:
    """How many of the people at sea die, by how full the boat is and by how high the waves are?"""
    cast, table, n = scenarios(results), results.table("hazard"), replications(results)
    figure = page(
        (13.2, 7.6),
        "Deaths at sea by load and by waves",
        finding(table, cast),
        f"Simulation: {n} replication{'s' if n > 1 else ''} of each scenario, pooled, measured window; boats that left "
        "the beach. Above: deaths per 1,000 people at sea, line = 95 % interval (gamma, for deaths that come several "
        f"at a time; an arrow: beyond the axis), {'numbers = deaths in all, ' * (len(cast) <= NUMBERED)}no mark where "
        f"fewer than {FEWEST:,} people were at sea in all replications together. Below: boats a replication. "
        "Load and waves are not independent. "
        "The level rests on observed deaths by year; how it rises with load and waves is a guess (see the settings).",
    )  # fmt: skip
    grid = figure.subplots(2, 2, sharex="col", sharey="row", height_ratios=(1.7, 1.0))
    bands = {by: by_band(table, by) for by in BANDS}
    end = top(list(bands.values()))
    for column, (by, (low, _, title, words)) in zip(grid.T, BANDS.items(), strict=True):
        places = {start: place for place, start in enumerate(sorted(bands[by][low].unique()))}
        rates(column[0], bands[by], cast, bands[by][low].map(places), end)
        boats(column[1], bands[by], cast, bands[by][low].map(places), n)
        column[0].set_title(title)
        column[1].set_xticks(list(places.values()), band_names(bands[by], by))
        column[1].set_xlabel(words)
    for axes, words in zip(grid[:, 0], ("Deaths per 1,000 people at sea", "Boats at sea a replication"), strict=True):
        axes.set_ylabel(words)
        count_axis(axes.yaxis)
    grid[1, 0].legend(frameon=False, fontsize=8.5, loc="upper left", handlelength=1.1)
    return figure


def top(bands: Sequence[pd.DataFrame]) -> float:
    """Where the axis of the rates ends: above the intervals of bands with deaths, not too far above the highest rate.

    Longer intervals end in arrows.
    """
    known = [each[each["deaths"] > 0] for each in bands]  # where nobody died, few people make a long interval
    rate, high = (float(np.nanmax([0.1, *(each[column].max() for each in known)])) for column in ("rate", "high"))
    return 1.08 * min(high, BEYOND * rate)


def by_band(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Counts of each scenario by band of load or of waves, replications pooled, with `rate`, `low`, `high` per 1,000.

    Bands in which no scenario had a boat at sea are left out; those with few people have no rate.
    """
    edges = list(BANDS[by][:2])
    sums = table.groupby(["scenario", *edges])[COUNTS].sum()
    sailed = sums.groupby(edges)["left_beach"].transform("sum") > 0
    sums = (sums[sailed] if sailed.any() else sums).reset_index()
    size = float(sums["deaths_squared"].sum() / max(sums["deaths"].sum(), 1)) or 1.0
    people = sums["people_at_sea"].where(sums["people_at_sea"] >= FEWEST, 0)
    counts = zip(sums["deaths"], sums["deaths_squared"], people, strict=True)
    found = np.array([interval(deaths, squares, at_sea, size) for deaths, squares, at_sea in counts])
    return sums.assign(rate=found[:, 0], low=found[:, 1], high=found[:, 2])


def interval(deaths: float, squares: float, people: float, size: float) -> tuple[float, float, float]:
    """Deaths per 1,000 people with the 95 % gamma interval for clustered events (after Fay and Feuer 1997).

    `squares` sums the squares of each boat's deaths; `size` is the weight of one more incident where there was none.
    With one death a boat it is the exact Poisson interval.

    >>> [round(value, 2) for value in interval(3.0, 3.0, 1000.0, 1.0)]
    [3.0, 0.62, 8.77]
    >>> interval(0.0, 0.0, 0.0, 1.0)
    (nan, nan, nan)
    """
    if not people:
        return float("nan"), float("nan"), float("nan")
    weight = squares / deaths if deaths else size
    events = deaths / weight
    low = weight * float(chi2.ppf(0.025, 2 * events)) / 2 if deaths else 0.0
    high = weight * float(chi2.ppf(0.975, 2 * events + 2)) / 2
    return PER * deaths / people, PER * low / people, PER * high / people


def band_names(bands: pd.DataFrame, by: str) -> list[str]:
    """What the bands are called: people in whole numbers, waves in tenths of a metre."""
    low, high = BANDS[by][:2]
    edges = bands[[low, high]].drop_duplicates().sort_values(low).to_numpy(float)
    return [_band(start, end, by) for start, end in edges]


def _band(start: float, end: float, by: str) -> str:
    places, last = (0, end - 1) if by == "load" else (1, end)
    if np.isinf(end):
        return f"{start:.{places}f} or more"
    return f"{start:.{places}f}\N{EN DASH}{last:.{places}f}" if start else f"under {end:.{places}f}"


def finding(table: pd.DataFrame, cast: Sequence[Shown]) -> str:
    """Deaths and their rate in every scenario, in words."""
    said = []
    for scenario in cast:
        mine = of(table, scenario)
        people, deaths = mine["people_at_sea"].sum(), mine["deaths"].sum()
        if not people:
            said.append(f"{scenario.label}: nobody at sea")
            continue
        runs = mine["replication"].nunique()
        said.append(
            f"{scenario.label}: {amount(deaths / runs)} deaths among {amount(people / runs)} people at sea "
            f"({PER * deaths / people:.2f} per 1,000)"
        )
    return "A replication. " + "; ".join(said) + "."


def _beside(cast: Sequence[Shown], turn: int) -> float:
    """How far a scenario's mark lies beside the middle of a band."""
    return (turn - (len(cast) - 1) / 2) * 0.72 / max(len(cast), 2)


def rates(axes: Axes, bands: pd.DataFrame, cast: Sequence[Shown], places: pd.Series, end: float) -> None:
    """Deaths per 1,000 people at sea by band, a mark and its interval a scenario, the deaths as a number."""
    for turn, scenario in enumerate(cast):
        mine, pen = of(bands, scenario).dropna(subset="rate"), scenario.pen
        x = places[mine.index] + _beside(cast, turn)
        axes.vlines(x, mine["low"], mine["high"].clip(upper=end), color=pen.colour, lw=1.6)
        for place in x[mine["high"] > end]:
            axes.plot(place, 0.985 * end, marker="^", ms=6, color=pen.colour)
        axes.plot(
            x, mine["rate"], ls="", marker=pen.marker, ms=6.5, color=pen.colour, mew=1.1, clip_on=False, zorder=3,
            mec=pen.colour if scenario.baseline else "white", in_layout=False,
        )  # fmt: skip
        if len(cast) <= NUMBERED:
            for place, rate, high, deaths in zip(x, mine["rate"], mine["high"], mine["deaths"], strict=True):
                at, beside, side = (high, (0, 2), "center") if high <= end else (rate, (6, 4), "left")
                axes.annotate(f"{deaths:.0f}", (place, at), beside, textcoords="offset points", size=7.5,
                              va="bottom", ha=side, color=pen.colour)  # fmt: skip
    axes.set_ylim(0, end)
    axes.grid(visible=False, axis="x")


def boats(axes: Axes, bands: pd.DataFrame, cast: Sequence[Shown], places: pd.Series, replications: int) -> None:
    """Boats at sea a replication by band, a bar a scenario."""
    width = 0.72 / max(len(cast), 2)
    for turn, scenario in enumerate(cast):
        mine = of(bands, scenario)
        x = places[mine.index] + _beside(cast, turn)
        axes.bar(x, mine["left_beach"] / replications, 0.86 * width, color=scenario.colour, hatch=scenario.pen.hatch,
                 edgecolor="white", lw=0, label=scenario.label)  # fmt: skip
    axes.grid(visible=False, axis="x")
    axes.set_xlim(-0.6, places.max() + 0.6)
