"""A forecast's fans: the months observed, the window its members were fitted to, and what they say is to come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.run import Results, label_of
from sim.figures.style import (
    INK,
    OBSERVED_NOTE,
    OKABE_ITO,
    QUIET,
    Label,
    amount,
    count_axis,
    date_axis,
    end_labels,
    look,
    mark_date,
    on_day,
    page,
)

SECTION = "key"
TABLES = (
    "forecast", "forecast_totals", "forecast_window", "forecast_levels", "forecast_observed", "forecast_about",
)  # fmt: skip
COLOUR, FITTED = OKABE_ITO[0], OKABE_ITO[2]
BANDS = ((0.05, 0.95, 0.18), (0.1, 0.9, 0.14), (0.25, 0.75, 0.24))
OBSERVED = {"arrivals": "people", "boats_arrived": "boats"}
UNITS = {"boats_arrived": "boats", "boats_launched": "boats", "boats_prevented": "boats"}
MOST = 4  # metrics on the page; the tables hold them all
MIDDLE = pd.Timedelta(days=14)


@look()
def draw(results: Results) -> Figure | None:
    """What is to come?"""
    table = results.table("forecast")
    table = table.assign(start=pd.to_datetime(table["start"]))
    about: dict[Any, Any] = results.table("forecast_about").iloc[0].to_dict()
    metrics = _shown(table)
    if not metrics:
        return None
    rows = len(metrics) + 1
    figure = page(
        (10.5, 1.8 + 2.75 * rows), "What is to come?", finding(results), note(about, len(table)), OBSERVED_NOTE
    )
    grid = figure.subplots(rows, 2, width_ratios=(1.55, 1.0), squeeze=False)
    for axes, metric in zip(grid, metrics, strict=False):
        _months(axes[0], results, table, metric)
        _weeks(axes[1], table, metric)
    _levels(grid[-1, 0], results, about)
    _spread(grid[-1, 1], table, metrics[0])
    return figure


def finding(results: Results) -> str:
    """The total of what was asked for first, with its intervals."""
    row: dict[Any, Any] = results.table("forecast_totals").iloc[0].to_dict()
    name = str(row["metric"]).replace("_", " ")
    return (
        f"{name.capitalize()} from {on_day(row['first'])} to {on_day(row['last'])}: {amount(row['q0.5'])} in the "
        f"middle, {amount(row['q0.25'])} to {amount(row['q0.75'])} with an even chance, {amount(row['q0.05'])} to "
        f"{amount(row['q0.95'])} with 90 %."
    )


def note(about: dict[Any, Any], rows: int) -> str:
    """What the marks mean, and what the spread holds."""
    behaviour = f"behaviour drawn from {about['posterior']}" if about["posterior"] else "behaviour at its base values"
    return (
        f"Scenario {label_of(about['scenario'])}; data until {on_day(about['data_until'])}; {about['members']} "
        f"members, {behaviour}. Line = median, bands = middle 50, 80 and 90 % of the members. "
        "Green: the months that the members were fitted "
        f"to. The level of the inflow drifts {about['walk_per_year']:.2f} (sd of log) in a year, months have noise of "
        f"{about['month_noise']:.2f}. Errors of the model's structure are not in the bands."
    )


def _shown(table: pd.DataFrame) -> list[str]:
    """Metrics that are ever other than none."""
    most = table.groupby("metric", sort=False)["value"].max()
    return [str(metric) for metric in most[most > 0].index][:MOST]


def _wide(table: pd.DataFrame, metric: str, period: str) -> pd.DataFrame:
    mine = table[(table["metric"] == metric) & (table["period"] == period)]
    return mine.pivot(index="start", columns="quantile", values="value").sort_index()


def _fan(axes: Axes, x: pd.DatetimeIndex, wide: pd.DataFrame, colour: str) -> None:
    """Bands and the median, a column a level."""
    for low, high, alpha in BANDS:
        axes.fill_between(x.to_numpy(), wide[low], wide[high], color=colour, alpha=alpha, lw=0)
    axes.plot(x.to_numpy(), wide[0.5], color=colour, lw=1.9, marker="o" if len(x) < 2 else "", ms=4)


def _months(axes: Axes, results: Results, table: pd.DataFrame, metric: str) -> None:
    """Observed months, the window as the members see it after they were fitted, and the months ahead."""
    wide = _wide(table, metric, "month")
    column = OBSERVED.get(metric)
    window = results.table("forecast_window")
    fitted = window[(window["metric"] == metric) & (window["stage"] == "conditioned")]
    if len(fitted):
        levels = fitted.filter(regex="^q").rename(columns=lambda name: float(name[1:]))
        _fan(axes, pd.DatetimeIndex(pd.to_datetime(fitted["start"])) + MIDDLE, levels, FITTED)
    if column:
        seen = results.table("forecast_observed")
        places = pd.DatetimeIndex(pd.to_datetime(seen["start"])) + MIDDLE
        axes.bar(places, seen[column], width=24, color="#DADADA", edgecolor="#B5B5B5", lw=0.6)
    if len(wide):
        x = pd.DatetimeIndex(wide.index) + MIDDLE
        _fan(axes, x, wide, COLOUR)
        end_labels(axes, [Label(x[-1], float(wide[0.5].iloc[-1]), amount(float(wide[0.5].iloc[-1])), COLOUR, "bold")])
        mark_date(axes, wide.index[0], "forecast")
    axes.set_title(f"{_name(metric)} by month" + ("; bars = observed" if column else ""))
    _finish(axes, f"{UNITS.get(metric, 'people')} a month", 8)


def _weeks(axes: Axes, table: pd.DataFrame, metric: str) -> None:
    wide = _wide(table, metric, "week")
    _fan(axes, pd.DatetimeIndex(wide.index) + pd.Timedelta(days=3), wide, COLOUR)
    axes.set_title(f"{_name(metric)} by week")
    _finish(axes, f"{UNITS.get(metric, 'people')} a week", 6)


def _levels(axes: Axes, results: Results, about: dict[Any, Any]) -> None:
    """The level of the inflow as members were drawn and after they were fitted, and how it goes on."""
    table = results.table("forecast_levels")
    begins = pd.Timestamp(about["data_until"]) + pd.Timedelta(days=1)
    until = pd.Timestamp(about["until"])
    for stage, colour in (("drawn", QUIET), ("conditioned", COLOUR)):
        mine = table[table["stage"] == stage]
        mine = pd.concat([mine, mine.iloc[[-1]].assign(start=until if colour == COLOUR else begins)])  # its last step
        x = pd.to_datetime(mine["start"]).to_numpy()
        axes.fill_between(x, mine["q0.05"], mine["q0.95"], step="post", color=colour, alpha=0.16, lw=0)
        axes.plot(x, mine["q0.5"], drawstyle="steps-post", color=colour, lw=1.6, label=stage)
    fitted = table[table["stage"] == "conditioned"]
    axes.set_ylim(0, 1.5 * float(fitted["q0.95"].max()))
    mark_date(axes, begins, "forecast")
    axes.set_title("Level of the inflow: grey as drawn, blue as fitted; 90 % bands")
    _finish(axes, "people a year", 8)


def _spread(axes: Axes, table: pd.DataFrame, metric: str) -> None:
    """How wide the forecast is as a share of its median, month by month."""
    wide = _wide(table, metric, "month")
    for low, high, words in ((0.05, 0.95, "90 %"), (0.25, 0.75, "50 %")):
        width: pd.Series = (wide[high] - wide[low]) / np.maximum(wide[0.5], 1)
        axes.plot(wide.index.to_numpy(), width, color=COLOUR, lw=1.9 if low == 0.05 else 1.2, marker="o", ms=3)
        if len(wide):
            end_labels(axes, [Label(wide.index[-1], float(width.iloc[-1]), words, COLOUR)])
    axes.set_title("Width of the intervals over the median")
    _finish(axes, f"ratio, {_name(metric).lower()} by month", 6)


def _name(metric: str) -> str:
    return metric.replace("_", " ").capitalize()


def _finish(axes: Axes, unit: str, ticks: int) -> None:
    axes.set_ylim(0, axes.get_ylim()[1])
    axes.set_ylabel(unit.capitalize())
    axes.set_xlabel("Date")
    axes.margins(x=0.02)
    count_axis(axes.yaxis)
    date_axis(axes, ticks)
    axes.tick_params(axis="x", labelcolor=INK)
