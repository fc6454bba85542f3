"""The smugglers' market."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import by_week, draw_fan, fan, of
from sim.figures.run import Results, Shown, dated, replications, scenarios
from sim.figures.style import Label, amount, count_axis, date_axis, end_labels, look, mark_date, page, simulation_note

PANELS = {
    "price_gbp": ("Asking price of a seat", "GBP a person"),
    "profit": ("Profit of all gangs together", "Thousand GBP a week"),
    "gangs_active": ("Active gangs", "Firms"),
    "boats_launched": ("Boats launched or stopped on the beach", "Boats a week"),
}


@look()
def draw(results: Results) -> Figure | None:
    """What does the policy do to the price of a seat, the gangs' profits, their number and their launches?"""
    cast, n = scenarios(results), replications(results)
    frame = weekly(results, min(s.start for s in cast))
    figure = page(
        (12.0, 8.2),
        "The smugglers' market: price, profit, gangs and launches",
        "Means of four weeks: " + ", ".join(s.label for s in cast) + ". Numbers at the right: the last four weeks.",
        f"{simulation_note(n)} A point is the mean of four whole weeks. Prices and gangs are the model's own: "
        "no official series exists.",
    )
    grid = figure.subplots(2, 2, sharex=True).ravel()
    for axes, (value, (title, unit)) in zip(grid, PANELS.items(), strict=True):
        panel(axes, frame, value, cast)
        axes.set_title(title)
        axes.set_ylabel(unit)
    for axes in grid[2:]:
        axes.set_xlabel("Four weeks beginning")
    return figure


def weekly(results: Results, first: pd.Timestamp) -> pd.DataFrame:
    """Price, profit (thousand GBP a week), active gangs, launches a week: means of four weeks of each run."""
    gangs = results.table("gangs").groupby(["scenario", "replication", "date"], sort=False)["profit_gbp"].sum()
    profit = (gangs / 1000).rename("profit").reset_index()
    profit["date"] = pd.to_datetime(profit["date"])
    daily = dated(results, "daily").merge(profit, on=["scenario", "replication", "date"], how="left")
    means = dict.fromkeys(PANELS, "mean")
    frame = by_week(daily, first, means, weeks=4)
    return frame.assign(profit=7 * frame["profit"], boats_launched=7 * frame["boats_launched"])


def panel(axes: Axes, frame: pd.DataFrame, value: str, cast: list[Shown]) -> None:
    """One quantity over time, a fan for each scenario, labelled at its end."""
    labels = []
    for scenario in cast:
        spread = fan(of(frame, scenario), value, "week")
        draw_fan(axes, spread, scenario, marker=True, fans=len(cast))
        end = spread[0.5].dropna()
        if len(end):
            text = f"{scenario.label} {amount(end.iloc[-1])}"
            labels.append(Label(end.index[-1], float(end.iloc[-1]), text, scenario.colour, "bold"))
    _scale(axes)
    end_labels(axes, labels, gap=0.065)
    mark_date(axes, cast[-1].measure_from, "measured from here" if value == "price_gbp" else "")
    date_axis(axes)


def _scale(axes: Axes) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0) if low < 0 else 0, high * 1.08 if high > 0 else 1)
    if low < 0:
        axes.axhline(0, color="#8A8A8A", lw=0.8)
    count_axis(axes.yaxis)
