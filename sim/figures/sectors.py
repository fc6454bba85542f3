"""Launches and patrols along the coast."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.run import Results, Shown, dated, has, replications, scenarios
from sim.figures.style import Label, date_axis, end_labels, look, mark_date, page, share, simulation_note

SECTION = "map"
MIDDLE, WHOLE_MONTH = pd.Timedelta(days=14), 28
FEWEST_LAUNCHES = 10
"""Launches in a month below which shares of them say nothing."""


@look()
def draw(results: Results) -> Figure | None:
    """Where do boats set off, and do the patrols follow them?"""
    cast, months = scenarios(results), shares(dated(results, "sectors"))
    if months.empty:
        return None
    names = list(dict.fromkeys(months["sector"]))
    rows = -(-len(names) // 3)
    figure = page(
        (13.0, 3.0 * rows + 1.5),
        "Where boats set off, and where the patrols are",
        finding(months, cast, labels(results)),
        f"Share of all launches by month, with spread; thin dotted line: share of the patrol units, mean. "
        f"{simulation_note(replications(results))} Months with fewer than {FEWEST_LAUNCHES} launches are left out. "
        "Sectors from the north-east to the south-west. "
        "No official figure by beach exists: sectors are the model's own.",
    )  # fmt: skip
    grid = figure.subplots(rows, 3, sharex=True, sharey=True, squeeze=False).ravel()
    ends = []
    for axes, name in zip(grid, names, strict=False):
        ends.append(panel(axes, months[months["sector"] == name], cast))
        axes.set_title(labels(results).get(name, name.replace("_", " ").capitalize()))
        axes.label_outer()
    for axes in grid[len(names) :]:
        axes.set_axis_off()
    grid[0].set_ylim(0, None)
    for axes, found in zip(grid, ends, strict=False):
        end_labels(axes, found, size=8, gap=0.075, halo=False)  # last, for all panels share the scale
    return figure


def finding(months: pd.DataFrame, cast: Sequence[Shown], names: dict[str, str]) -> str:
    """From where most boats set off in the measured months, and how much of the patrols stands there, in words."""
    said = []
    for scenario in cast:
        mine = of(months, scenario)
        measured = mine[mine["month"] >= scenario.measure_from.to_period("M").to_timestamp()]
        means = (mine if measured.empty else measured).groupby("sector")[["launches", "patrols"]].mean().dropna()
        if means.empty:
            said.append(f"{scenario.label}: too few launches to tell")
            continue
        place_at = int(means["launches"].to_numpy().argmax())
        most = means.index[place_at]
        place = names.get(str(most), str(most).replace("_", " ").capitalize())
        launches, patrols = (share(float(means[column].iloc[place_at]), 100) for column in ("launches", "patrols"))
        said.append(f"{scenario.label}: {place}, with {launches} of the launches and {patrols} of the patrol units")
    return f"Most boats set off from one sector, mean of the measured months. {'; '.join(said)}."


def labels(results: Results) -> dict[str, str]:
    """The places' names in words, where the tables have them."""
    return dict(results.table("places").set_index("name")["label"]) if has(results, "places") else {}


def shares(sectors: pd.DataFrame) -> pd.DataFrame:
    """Each sector's share of launches and of patrol units (per cent), by scenario, replication and month."""
    keys = ["scenario", "replication", "month"]
    month = sectors["date"].dt.to_period("M").dt.to_timestamp()
    table = sectors.assign(month=month).groupby([*keys, "sector"], sort=False)
    sums = table[["boats_launched", "patrol_units"]].sum()[table["date"].nunique() >= WHOLE_MONTH]
    totals = sums.groupby(keys).transform("sum")
    fewest = {"boats_launched": FEWEST_LAUNCHES, "patrol_units": 1}
    percent = 100 * sums / totals.where(totals >= pd.Series(fewest))
    return percent.rename(columns={"boats_launched": "launches", "patrol_units": "patrols"}).reset_index()


def panel(axes: Axes, months: pd.DataFrame, cast: Sequence[Shown]) -> list[Label]:
    """One sector: launches with their fan and the patrols' share, for every scenario; returns the lines' labels."""
    ends = []
    for scenario in cast:
        mine = of(months, scenario)
        spread = fan(mine, "launches", "month")
        spread.index = pd.DatetimeIndex(spread.index) + MIDDLE
        draw_fan(axes, spread, scenario, marker=True, fans=len(cast))
        patrols = mine.groupby("month")["patrols"].mean()
        middles = pd.DatetimeIndex(patrols.index) + MIDDLE
        axes.plot(middles, patrols, color=scenario.colour, lw=1.1, ls=(0, (1, 1.5)), zorder=4)
        end = spread[0.5].dropna()
        if len(end):
            ends.append(Label(end.index[-1], float(end.iloc[-1]), scenario.label, scenario.colour))
    axes.set_ylabel("Share of the coast's total (%)")
    axes.set_xlabel("Month")
    date_axis(axes, 6)
    mark_date(axes, cast[-1].measure_from, "")
    return ends
