"""What people believe against what happens to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.run import Results, Shown, dated, replications, scenarios
from sim.figures.style import count_axis, date_axis, look, mark_date, page, share, simulation_note

GROUPS_SHOWN, ACROSS = 6, 3
TRAILING_DAYS, STEP_DAYS = 84, 14
FEWEST = 100
"""Arrivals (or tries) in the trailing window below which a realised share says nothing."""
SECTION = "market"
TABLES = ("runs", "daily", "groups")
KEYS = ["scenario", "replication"]


@look()
def draw(results: Results) -> Figure | None:
    """Do people's beliefs follow what really happens to those who cross, in each group?"""
    cast, table = scenarios(results), shares(dated(results, "groups"))
    if table.empty:
        return None
    largest = list(table.groupby("group")["attempts"].sum().sort_values(ascending=False).index[:GROUPS_SHOWN])
    rows = -(-len(largest) // ACROSS)
    figure = page(
        (14.0, 2.9 * rows + 1.9),
        "Belief in being returned or stopped, against what happened",
        finding(table, cast),
        f"{simulation_note(replications(results), 'thick line = median belief, bands = middle 50 % and 90 %')} Thin "
        f"dotted line: realised share, median, over the {TRAILING_DAYS // 7} weeks before; none where fewer than "
        f"{FEWEST} people arrived (or tried). Returns: of arrivals by boat in the agreement's scope; those "
        "returned may have arrived before, so that it may pass 100 %. Stopped: tries that ended in France. Largest "
        "groups by tries; right: mean of all groups by their tries. Beliefs are the model's own: none are observed.",
    )  # fmt: skip
    cells = figure.add_gridspec(rows, ACROSS + 1, width_ratios=(*[1.0] * ACROSS, 1.25))
    small: list[Axes] = []
    for number, group in enumerate(largest):
        axes = figure.add_subplot(cells[number // ACROSS, number % ACROSS], sharey=small[0] if small else None)
        small.append(axes)
        panel(axes, table[table["group"] == group], cast, "return")
        axes.set_title(str(group).replace("_", " ").capitalize())
        axes.set_ylabel("Chance of being returned (%)" if number % ACROSS == 0 else "")
        axes.tick_params(labelleft=number % ACROSS == 0, labelbottom=number + ACROSS >= len(largest))
    _height(small)
    right = figure.add_subplot(cells[:, ACROSS])
    panel(right, together(table), cast, "stopped")
    right.set_title("All groups: being stopped")
    right.set_ylabel("Chance that a try is stopped (%)")
    right.set_ylim(0, min(1.05 * right.get_ylim()[1], 100))
    count_axis(right.yaxis)
    right.legend(frameon=False, fontsize=8.5, loc="lower left")
    for axes in (*small[-ACROSS:], right):
        axes.set_xlabel("Date")
    return figure


def shares(groups: pd.DataFrame) -> pd.DataFrame:
    """What each group believes and what happened in the trailing window (per cent), every other week of each run.

    Columns scenario, replication, group, date, attempts (in the window), believed_return, realised_return,
    believed_stopped, realised_stopped.
    """
    scope = "arrivals_in_scope" if "arrivals_in_scope" in groups else "arrivals"
    groups = groups.assign(stopped=groups["attempts"] - groups["arrivals"] - groups["deaths"], scope=groups[scope])
    flows = ["returned", "scope", "attempts", "stopped"]
    steps = pd.Index(groups["date"].unique())[TRAILING_DAYS - 1 :: STEP_DAYS]
    wide = groups.set_index([*KEYS, "group", "date"])[flows].unstack("date", fill_value=0)
    parts = []
    for name in flows:
        days = wide[name].sort_index(axis=1)
        parts.append(days.T.rolling(TRAILING_DAYS).sum().T[steps].stack().rename(name))
    window = pd.concat(parts, axis=1)
    believed = groups.set_index([*KEYS, "group", "date"])[["believed_return", "believed_stopped"]] * 100
    table = window.join(believed)
    table["realised_return"] = 100 * table["returned"] / table["scope"].where(table["scope"] >= FEWEST)
    table["realised_stopped"] = 100 * table["stopped"] / table["attempts"].where(table["attempts"] >= FEWEST)
    return pd.DataFrame(table.reset_index())


def together(table: pd.DataFrame) -> pd.DataFrame:
    """All groups as one, weighted by their tries in the window."""
    weight = table["attempts"].clip(lower=1)
    parts = table.assign(weight=weight, believed=weight * table["believed_stopped"])
    sums = parts.groupby([*KEYS, "date"])[["weight", "believed", "stopped", "attempts"]].sum()
    sums["believed_stopped"] = sums["believed"] / sums["weight"]
    sums["realised_stopped"] = 100 * sums["stopped"] / sums["attempts"].where(sums["attempts"] >= FEWEST)
    return pd.DataFrame(sums.reset_index())


def finding(table: pd.DataFrame, cast: Sequence[Shown]) -> str:
    """Believed and realised chance of return of all groups at the end, in words."""
    last = table[table["date"] == table["date"].max()]
    said = []
    for scenario in cast:
        mine = of(last, scenario)
        believed = float(np.average(mine["believed_return"], weights=mine["attempts"].clip(lower=1)))
        words = f"believed {share(believed, 100)}, realised {share(mine['returned'].sum(), mine['scope'].sum())}"
        said.append(f"{scenario.label}: {words}")
    return "Chance of return at the end, all groups. " + "; ".join(said) + "."


def panel(axes: Axes, table: pd.DataFrame, cast: Sequence[Shown], subject: str) -> None:
    """One group: belief with its fan and the realised share, for every scenario."""
    for scenario in cast:
        mine = of(table, scenario)
        draw_fan(axes, fan(mine, f"believed_{subject}", "date"), scenario, fans=len(cast))
        realised = mine.groupby("date")[f"realised_{subject}"].median()
        axes.plot(realised.index, realised, color=scenario.colour, lw=1.2, ls=(0, (1, 1.3)), zorder=4)
    mark_date(axes, cast[-1].measure_from, "")
    date_axis(axes, 5)


def _height(panels: Sequence[Axes]) -> None:
    high = max(axes.dataLim.ymax for axes in panels)
    panels[0].set_ylim(0, min(1.08 * max(high, 1), 100))
    for axes in panels:
        count_axis(axes.yaxis)
