"""Albania 2022-23: arrivals of Albanians and of others by quarter under each assumption, beside what was observed."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.run import Results
from sim.figures.style import INK, MARKERS, OKABE_ITO, QUIET, amount, count_axis, look, page

SECTION = "fit"
TABLES = ("albania", "natural")
APART = 0.17  # quarters between the marks of two assumptions


@look()
def draw(results: Results) -> Figure | None:
    """Does the model make of the agreement with Albania what history made of it, and under which assumption?"""
    table = results.table("albania")
    parts = table["assumption"].str.partition(", ")
    table = table.assign(expects=parts[0], level=parts[2])
    levels, groups = list(dict.fromkeys(table["level"])), list(dict.fromkeys(table["group"]))
    pens = _pens(list(dict.fromkeys(table["expects"])))
    replications = int(results.table("natural")["replications"].iloc[0])
    figure = page(
        (12.0, 1.6 + 2.9 * len(groups)), "Albania: what does each assumption make of the agreement?", finding(table),
        "Arrivals by quarter. Dots = observed; marks = median and middle 95 % of "
        f"{replications} replications. The agreement is of 13 December 2022; the fall of Albanian arrivals began a "
        "quarter before, and how many would have come in 2023 is not known: the columns hold two levels of it.",
        "Observed: Home Office HO_IRR_D01_2023Q4.",
    )  # fmt: skip
    grid = figure.subplots(len(groups), len(levels), sharex=True, sharey="row", squeeze=False)
    for row, group in zip(grid, groups, strict=True):
        for axes, level in zip(row, levels, strict=True):
            _panel(axes, table[(table["group"] == group) & (table["level"] == level)], pens)
            axes.set_title(" ".join(part for part in (f"{group.capitalize()}:", level) if part))
        row[0].set_ylabel("People a quarter")
        row[0].set_ylim(0, None)
    grid[0, 0].legend(loc="upper right", frameon=False, fontsize=8.5)
    return figure


def finding(table: pd.DataFrame) -> str:
    """Albanians of the year after the agreement under each assumption, and as observed."""
    mine = table[(table["group"] == table["group"].iloc[0]) & (table["quarter"] >= "2023")]
    total = mine.groupby("assumption", sort=False)["median"].sum()
    seen = mine.drop_duplicates("quarter")["observed"].sum()
    told = "; ".join(f"{name} {amount(value)}" for name, value in total.items())
    return f"People of that group in 2023 (sum of medians): {told}; observed {amount(seen)}."


def _pens(names: list[str]) -> dict[str, tuple[str, str]]:
    colours = (QUIET, *OKABE_ITO)
    return {name: (colours[i % len(colours)], MARKERS[i % len(MARKERS)]) for i, name in enumerate(names)}


def _panel(axes: Axes, mine: pd.DataFrame, pens: dict[str, tuple[str, str]]) -> None:
    """One group at one level: what was observed, and each assumption beside it."""
    quarters = sorted(mine["quarter"].unique())
    at = {quarter: place for place, quarter in enumerate(quarters)}
    seen = mine.drop_duplicates("quarter").sort_values("quarter")
    axes.plot([at[q] for q in seen["quarter"]], seen["observed"], "o", color=INK, ms=5, label="observed", zorder=4,
              clip_on=False)  # fmt: skip
    for number, (name, part) in enumerate(mine.groupby("expects", sort=False)):
        colour, marker = pens[str(name)]
        x = np.array([at[q] for q in part["quarter"]]) + APART * (number + 1)
        spread: Any = np.array([part["median"] - part["low"], part["high"] - part["median"]])
        axes.errorbar(x, part["median"], spread, fmt=marker, color=colour, ms=4, lw=1.2, label=str(name))
    axes.set_xticks(range(len(quarters)), [quarter[2:4] + " " + quarter[4:] for quarter in quarters])
    count_axis(axes.yaxis)
