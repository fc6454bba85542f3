"""The smugglers' market."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import by_week, draw_fan, fan, of
from sim.figures.run import Results, Shown, dated, has, replications, scenarios
from sim.figures.style import Label, amount, count_axis, date_axis, end_labels, look, mark_date, page, simulation_note

SECTION = "market"
WEEKS = 4
PANELS = {
    "price_gbp": ("Asking price of a seat", "GBP a person"),
    "profit": ("Profit of all gangs together", "Thousand GBP a week"),
    "gangs_active": ("Active gangs", "Firms"),
    "boats_launched": ("Boats launched or stopped on the beach", "Boats a week"),
    "boats": ("Boats in store", "Boats of all gangs"),
    "boats_seized": ("Boats seized on the way", "Boats a week"),
    "queue": ("Customers in the queue", "People of all gangs"),
}
A_WEEK = ("profit", "boats_launched", "boats_seized")
SUMS = ("profit_gbp", "boats", "queue")
RUN = ["scenario", "replication"]
SHOWN = 6
MEASURED = {"price_gbp": "GBP", "gang_profit_gbp": "thousand GBP"}  # told over the measured window; profit a week
UNTOLD = "cannot be told from chance"


@look()
def draw(results: Results) -> Figure | None:
    """What does the policy do to the price of a seat, the gangs' profits, their number and their boats?"""
    cast, n = scenarios(results), replications(results)
    frame = weekly(results, min(s.start for s in cast))
    shown = [value for value in PANELS if value in frame][:SHOWN]
    floor = "Thin dotted line: cost of one more seat, the floor of the price. " if "floor" in frame else ""
    figure = page(
        (15.2, 8.2),
        "The smugglers' market: price, profit, gangs and boats",
        finding(results, cast),
        f"{simulation_note(n)} A point is the mean of four whole weeks; numbers at the right: the last four weeks. "
        f"{floor}Prices, gangs and boats are the model's own: no official series exists.",
    )
    grid = figure.subplots(2, 3, sharex=True).ravel()
    for axes, value in zip(grid, shown, strict=False):
        panel(axes, frame, value, cast)
        axes.set_title(PANELS[value][0])
        axes.set_ylabel(PANELS[value][1])
    for axes in grid[len(shown) :]:
        axes.set_axis_off()
    for axes in grid[max(len(shown) - 3, 0) : len(shown)]:
        axes.set_xlabel("Four weeks beginning")
        axes.tick_params(labelbottom=True)
    return figure


def finding(results: Results, cast: Sequence[Shown]) -> str:
    """Price and profit over the measured window, with what each policy changes where that is more than chance."""
    runs = results.table("runs")
    if not set(MEASURED) <= set(runs):
        return ""
    means = {str(name): dict(mine[list(MEASURED)].mean()) for name, mine in runs.groupby("scenario")}
    changes = _changes(results) if cast[0].baseline and len(cast) > 1 else {}
    known = any(not isnan(low) for _, low, _ in changes.values())
    beside = f" (in brackets: the paired difference to {cast[0].label}{', 95 % interval' if known else ''})"
    said = "; ".join(f"{shown.label} {_measured(shown, means[shown.name], changes)}" for shown in cast)
    return f"Price of a seat and profit a week, means over the measured window{beside if changes else ''}: {said}."


def _changes(results: Results) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Paired difference, low and high end of its interval, by scenario and metric."""
    rows: list[dict[Any, Any]] = results.table("effects").to_dict("records") if has(results, "effects") else []
    return {
        (row["scenario"], row["metric"]): (row["difference"], row["low"], row["high"])
        for row in rows
        if row["metric"] in MEASURED
    }


def _measured(shown: Shown, means: dict[str, float], changes: dict[tuple[str, str], tuple[float, float, float]]) -> str:
    """One scenario's price and weekly profit, each with its change in brackets."""
    weeks = (shown.until - shown.measure_from).days / 7
    scales = {"price_gbp": 1.0, "gang_profit_gbp": 1 / weeks / 1000}
    levels = [f"{amount(means[metric] * scale)} {MEASURED[metric]}" for metric, scale in scales.items()]
    found = [
        (changes[shown.name, metric], scale) for metric, scale in scales.items() if (shown.name, metric) in changes
    ]
    if len(found) < len(levels):
        return " and ".join(levels)
    told = [_changed(*(scale * value for value in change)) for change, scale in found]
    if all(change.endswith(UNTOLD) for change in told):
        return f"{' and '.join(levels)} (differences {UNTOLD})"
    return " and ".join(f"{level} ({change})" for level, change in zip(levels, told, strict=True))


def _changed(difference: float, low: float, high: float) -> str:
    """A paired difference with its interval, unless that holds zero; one pair has none."""
    if low <= 0 <= high:
        return f"difference {UNTOLD}"
    return _signed(difference) + ("" if isnan(low) else f", {_signed(low)} to {_signed(high)}")


def _signed(value: float) -> str:
    text = amount(value)
    return f"+{text}" if value > 0 and text != "0" else text


def weekly(results: Results, first: pd.Timestamp) -> pd.DataFrame:
    """Means of four weeks of each run: columns of PANELS and `floor`, as far as the tables have them.

    Profit in thousand GBP a week; boats launched and seized a week; price, gangs, boats and queue on a day.
    """
    daily = dated(results, "daily").merge(by_day(dated(results, "gangs")), on=[*RUN, "date"], how="left")
    wanted = [value for value in (*PANELS, "floor") if value in daily]
    frame = by_week(daily, first, dict.fromkeys(wanted, "mean"), weeks=WEEKS)
    return frame.assign(**{value: 7 * frame[value] for value in A_WEEK if value in frame})


def by_day(gangs: pd.DataFrame) -> pd.DataFrame:
    """All gangs together by day: profit (thousand GBP), boats in store, queue, boats seized on the day, cost floor.

    Columns that older results do not have are left out. `floor` is the mean over the active gangs.
    """
    keys = [*RUN, "date"]
    sums = [name for name in (*SUMS, "boats_seized") if name in gangs]
    table = gangs.groupby(keys, sort=False)[sums].sum()
    table["profit"] = table.pop("profit_gbp") / 1000
    if "boats_seized" in table:
        table["boats_seized"] = table.groupby(RUN)["boats_seized"].diff().fillna(table["boats_seized"]).clip(lower=0)
    if "cost_per_seat_gbp" in gangs:
        table["floor"] = gangs[gangs["active"] > 0].groupby(keys)["cost_per_seat_gbp"].mean()
    return table.reset_index()


def panel(axes: Axes, frame: pd.DataFrame, value: str, cast: list[Shown]) -> None:
    """One quantity over time, a fan for each scenario, labelled at its end."""
    labels = []
    for scenario in cast:
        mine = of(frame, scenario)
        spread = fan(mine, value, "week")
        draw_fan(axes, spread, scenario, marker=True, fans=len(cast))
        end = spread[0.5].dropna()
        if len(end):
            text = f"{scenario.label} {amount(end.iloc[-1])}"
            labels.append(Label(end.index[-1], float(end.iloc[-1]), text, scenario.colour, "bold"))
        if value == "price_gbp" and "floor" in mine:
            floor = mine.groupby("week")["floor"].median()
            axes.plot(floor.index, floor, color=scenario.colour, lw=1.2, ls=(0, (1, 1.3)))
    _scale(axes)
    end_labels(axes, labels, gap=0.065, halo=False)
    mark_date(axes, cast[-1].measure_from, "measured from here" if value == "price_gbp" else "")
    date_axis(axes)


def _scale(axes: Axes) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, 0) if low < 0 else 0, high * 1.08 if high > 0 else 1)
    if low < 0:
        axes.axhline(0, color="#8A8A8A", lw=0.8)
    count_axis(axes.yaxis)
