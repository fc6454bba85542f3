"""The Greek islands of 2016 as a forecast: weekly arrivals under each assumption, after what was known by 8 March."""

from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.run import Results
from sim.figures.style import INK, OKABE_ITO, QUIET, amount, count_axis, date_axis, look, page

SECTION = "fit"
TABLES = ("aegean", "natural")
SERIES = "aegean_daily_before.csv"
BANDS = ((0.025, 0.975, 0.14), (0.1, 0.9, 0.16), (0.25, 0.75, 0.22))
ACROSS = 4  # panels in a row
DAYS_PER_WEEK = 7


@look()
def draw(results: Results) -> Figure | None:
    """Would the model have foreseen the collapse of 2016, and under which assumption?"""
    table = results.table("aegean")
    names = list(dict.fromkeys(table["assumption"]))
    before, rows = observed_before(), -(-len(names) // ACROSS)
    replications = int(results.table("natural")["replications"].iloc[0])
    figure = page(
        (12.0, 1.7 + 2.5 * rows), "Greek islands 2016: what does each assumption foresee?", finding(table),
        f"Arrivals a week. To 8 March 2016: observed, on which alone the theatre is fitted. "
        f"After it: line = median, bands = middle 50, 80 and 95 % of {replications} replications, each with "
        "weather and a level of the inflow of its own. Held: those who land are held on the islands.",
        "Observed: UNHCR, daily arrivals by sea.",
    )  # fmt: skip
    grid = figure.subplots(rows, ACROSS, sharex=True, sharey=True, squeeze=False)
    for axes, name, colour in zip(grid.flat, names, _colours(len(names)), strict=False):
        _panel(axes, table[table["assumption"] == name], before, name, colour)
    for axes in list(grid.flat)[len(names) :]:
        axes.set_visible(False)
    grid[0, 0].set_ylim(0, None)
    for axes in grid[:, 0]:
        axes.set_ylabel("People a week")
    return figure


def finding(table: pd.DataFrame) -> str:
    """The median week of the last two months under each assumption, against that with things as they stood."""
    medians = table[table["quantile"] == 0.5]
    late = medians[medians["week"] >= medians["week"].max() - pd.Timedelta(weeks=8)]
    level = late.groupby("assumption", sort=False)["value"].mean()
    return (
        "People a week in the last two months (median): "
        + "; ".join(f"{n} {amount(v)}" for n, v in level.items())
        + "."
    )


def observed_before() -> pd.DataFrame:
    """Observed arrivals of whole weeks that end on 8 March 2016: columns week (first day), arrivals."""
    with (files("sim") / "data" / SERIES).open() as file:
        daily = pd.read_csv(file, parse_dates=["date"])
    whole = len(daily) // DAYS_PER_WEEK * DAYS_PER_WEEK
    last = daily.tail(whole)
    arrivals = last["arrivals_greek_islands"].to_numpy().reshape(-1, DAYS_PER_WEEK).sum(axis=1)
    return pd.DataFrame({"week": last["date"].to_numpy()[::DAYS_PER_WEEK], "arrivals": arrivals})


def _colours(count: int) -> list[str]:
    return [QUIET, *(OKABE_ITO[i % len(OKABE_ITO)] for i in range(count - 1))]


def _panel(axes: Axes, mine: pd.DataFrame, before: pd.DataFrame, name: str, colour: str) -> None:
    """One assumption: the weeks before, and the fan after."""
    fan: Any = mine.pivot(index="week", columns="quantile", values="value")
    x = np.asarray(fan.index)
    for low, high, alpha in BANDS:
        axes.fill_between(x, fan[low], fan[high], color=colour, alpha=alpha, lw=0)
    axes.plot(x, fan[0.5], color=colour, lw=1.9)
    axes.plot(before["week"].to_numpy(), before["arrivals"], color=INK, lw=1.3)
    axes.set_title(name[0].upper() + name[1:])
    count_axis(axes.yaxis)
    date_axis(axes, ticks=5)
