"""Cumulative arrivals by day of year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import QUANTILES, draw_fan, fan, of
from sim.figures.observed import CUT_OFF, arrivals_daily
from sim.figures.run import Results, Shown, dated, panels, replications, scenarios
from sim.figures.style import (
    INK,
    OBSERVED_NOTE,
    QUIET,
    Label,
    amount,
    count_axis,
    end_labels,
    look,
    on_day,
    page,
    simulation_note,
)

SECTION = "key"
MONTH_STARTS = (1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)
MONTHS = "JFMAMJJASOND"
EVERY = 3
"""Days from one point of a line to the next."""


@look()
def draw(results: Results) -> Figure | None:
    """Do simulated years of arrivals look like the real ones, and does a policy bend the curve?"""
    daily, cast = dated(results, "daily"), scenarios(results)
    years = simulated_years(daily)
    if not years:
        return None
    rows = panels(cast)
    n = replications(results)
    figure = page(
        (5.6 * len(years) + 0.9, 3.4 * len(rows) + 1.6),
        "Arrivals since 1 January: simulated years among the real ones",
        finding(daily, cast, years),
        "Thin grey lines: the real years; bold: the real year that the model simulates. "
        f"{simulation_note(n)} Years that the simulation enters after 1 January are left out.",
        OBSERVED_NOTE,
    )
    grid = figure.subplots(len(rows), len(years), sharex=True, sharey=True, squeeze=False)
    top = max(float(daily_totals(daily)["total"].max()), 47_000) * 1.06
    for axes_row, shown in zip(grid, rows, strict=True):
        for axes, year in zip(axes_row, years, strict=True):
            axes.set(xlim=(1, 366), ylim=(0, top))
            panel(axes, daily, shown, year)
    return figure


def finding(daily: pd.DataFrame, cast: Sequence[Shown], years: Sequence[int]) -> str:
    """The model's arrivals beside those observed, as far as both go, and where every scenario ends, in words."""
    text, last = "", min(CUT_OFF, daily["date"].max())
    if last.year in years:
        spread = _until(daily, cast[0], last)
        real = arrivals_daily()
        seen = int(real[(real["date"].dt.year == last.year) & (real["date"] <= last)]["people"].sum())
        low, high = spread[0.05], spread[0.95]
        held = "" if low <= seen <= high else ", which is outside that range"
        between = f" (90 % of replications {amount(low)} to {amount(high)})" if low < high else ""
        text = (
            f"By {on_day(last.date())} the model ({cast[0].label}) has {amount(spread[0.5])} arrivals{between}; "
            f"{amount(seen)} were observed{held if between else ''}. "
        )
    end = daily[daily["date"].dt.year == years[-1]]["date"].max()
    totals = ", ".join(f"{s.label} {amount(_until(daily, s, end)[0.5])}" for s in cast)
    return f"{text}Since 1 January {years[-1]}, by {on_day(end.date())} (medians): {totals}."


def _until(daily: pd.DataFrame, scenario: Shown, last: pd.Timestamp) -> pd.Series:
    """Quantiles over replications of the arrivals from 1 January to a day of the same year."""
    mine = of(daily, scenario)
    mine = mine[(mine["date"].dt.year == last.year) & (mine["date"] <= last)]
    found: pd.Series = mine.groupby("replication")["arrivals"].sum().quantile(list(QUANTILES))
    return found


def simulated_years(daily: pd.DataFrame) -> list[int]:
    """Calendar years that the tables hold from their first of January on."""
    return sorted({d.year for d in daily["date"].unique() if (d.month, d.day) == (1, 1)})


def daily_totals(daily: pd.DataFrame) -> pd.DataFrame:
    """Arrivals since 1 January, by scenario, replication and day of year (columns year, day, total)."""
    frame = daily.assign(year=daily["date"].dt.year, day=daily["date"].dt.day_of_year).sort_values("date")
    return frame.assign(total=frame.groupby(["scenario", "replication", "year"])["arrivals"].cumsum())


def panel(axes: Axes, daily: pd.DataFrame, shown: Sequence[Shown], year: int) -> None:
    """One simulated year: real years behind, the scenarios with their fans in front."""
    ends = list(real_years(axes, year))
    totals = daily_totals(daily[daily["date"].dt.year == year])
    inner: list[Label] = []
    for scenario in shown:
        mine = of(totals, scenario)
        spread = fan(mine[_drawn(mine["day"])], "total", "day")
        draw_fan(axes, spread, scenario)
        day, total = int(spread.index[-1]), float(spread[0.5].iloc[-1])
        label = Label(day, total, f"{scenario.label} {amount(total)}", scenario.colour, "bold")
        (ends if day > 360 else inner).append(label)
    end_labels(axes, ends)
    _so_far(axes, inner, year)
    _warm_up(axes, shown[-1], year)
    axes.set_title(f"Simulated {year}" + ("" if len(shown) == 2 else f": {shown[0].label}"))
    axes.set_xticks(MONTH_STARTS, MONTHS)
    axes.set(xlabel="Day of the year (ticks: first of the month)", ylabel="Arrivals since 1 January (people)")
    count_axis(axes.yaxis, 7)
    axes.label_outer()


def _drawn(days: pd.Series) -> pd.Series:
    """Every third day and the last: a line through them cannot be told from one through all."""
    kept: pd.Series = ((days - 1) % EVERY == 0) | (days == days.max())
    return kept


def real_years(axes: Axes, highlighted: int) -> Iterator[Label]:
    """Draw the real years; yield the labels of their ends."""
    real = arrivals_daily()
    for year, days in real.groupby(real["date"].dt.year):
        mine = year == highlighted
        kept = _drawn(days["date"].dt.day_of_year)
        x, total = days["date"].dt.day_of_year[kept], days["people"].cumsum()[kept]
        axes.plot(x, total, color=INK if mine else "#A8A8A8", lw=1.7 if mine else 0.9, zorder=3 if mine else 1.5)
        colour, weight = (INK, "bold") if mine else (QUIET, "normal")
        if x.iloc[-1] < 360:
            text = f"real {year}, to 30 June"
            axes.annotate(
                text, (x.iloc[-1], total.iloc[-1]), (-6, 10), textcoords="offset points", size=8.5, ha="right",
                color=colour, weight=weight,
            )  # fmt: skip
        else:
            yield Label(366, float(total.iloc[-1]), f"{year}", colour, weight)


def _warm_up(axes: Axes, shown: Shown, year: int) -> None:
    if shown.measure_from.year == year and shown.measure_from > pd.Timestamp(year, 1, 1):
        day = shown.measure_from.day_of_year
        axes.axvline(day, color=QUIET, lw=0.9, ls=(0, (2, 2)), zorder=1)
        words = f"measured from {shown.measure_from.day} {shown.measure_from:%B}"
        axes.annotate(
            words, (day, 1), (-3, -3), xycoords=("data", "axes fraction"), textcoords="offset points", size=8,
            color=QUIET, ha="right", va="top",
        )  # fmt: skip


def _so_far(axes: Axes, labels: Sequence[Label], year: int) -> None:
    """The standing of a year that the simulation does not finish, in a corner free of lines."""
    for i, label in enumerate(labels):
        last = pd.Timestamp(year, 1, 1) + pd.Timedelta(days=label.x - 1)
        axes.annotate(
            f"{label.text} by {last.day} {last:%B}", (0.03, 0.95 - 0.075 * i), xycoords="axes fraction", size=8.5,
            color=label.colour, weight=label.weight, va="top",
        )  # fmt: skip
