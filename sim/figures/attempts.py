"""How often people try before they arrive or give up."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.fan import half_width, of
from sim.figures.run import Results, Shown, replications, scenarios
from sim.figures.style import INK, MISSING, QUIET, look, page

SECTION = "market"
TABLES = ("runs", "daily", "attempts")
OFTEN = (3, 5)
LEAST_SHARE = 2e-4
"""Share of the people below which the tail is too thin to be drawn."""
FEWEST = 50
"""People whose tries ended after so many below which the share that gave up is not drawn."""
Z95 = 1.96
KEYS = ["scenario", "replication"]
ENDED = ["arrived", "gave_up", "died"]


@look()
def draw(results: Results) -> Figure | None:
    """Do people try again and again more often than chance alone would have it?"""
    cast, table, n = scenarios(results), ended(results.table("attempts")), replications(results)
    each = {scenario.name: repeaters(of(table, scenario)) for scenario in cast}
    figure = page(
        (13.2, 5.6 + 0.34 * max(len(cast) - 2, 0)),
        "How often people try to cross",
        finding(each, cast),
        f"Simulation: {n} replication{'s' if n > 1 else ''} of each scenario. People who first tried in the measured "
        "window and whose tries have ended (arrived by boat, gave up or died); those still trying at the end are left "
        f"out ({waiting_words(results.table('attempts'))}). Left and right: replications pooled. Hollow and dotted: "
        "the geometric law with the same mean, as if each try ended it with the same chance for everybody. Middle: "
        "mean and 95 % t-interval over replications. Right: 95 % Wilson interval of the share, from "
        f"{FEWEST} people on.",
    )  # fmt: skip
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.05, 0.6, 1.0))
    tails(left, table, cast)
    often(middle, each, cast)
    surrender(right, table, cast)
    return figure


def ended(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `people` whose tries have ended, by scenario, replication and number of tries."""
    return table.assign(people=table[ENDED].sum(axis=1))


def repeaters(mine: pd.DataFrame) -> pd.DataFrame:
    """Mean tries and, for each number of OFTEN, the share of people with so many or more; a row a replication.

    Columns `mean`, `share_3`, `geometric_3` and so on (shares in per cent).
    """
    rows = []
    for _, run in mine.groupby("replication"):
        people, tries = run["people"].to_numpy(float), run["attempts"].to_numpy()
        if not people.sum():
            continue
        mean = float((people * tries).sum() / people.sum())
        row = {"mean": mean}
        for number in OFTEN:
            row[f"share_{number}"] = 100 * people[tries >= number].sum() / people.sum()
            row[f"geometric_{number}"] = 100 * geometric(mean, number)
        rows.append(row)
    return pd.DataFrame(rows)


def geometric(mean: float, number: float) -> float:
    """Share of people with `number` tries or more if every try ends it with the chance 1 / mean.

    >>> geometric(2.0, 3), geometric(1.0, 1)
    (0.25, 1.0)
    """
    return float((1 - 1 / mean) ** (number - 1))


def at_least(mine: pd.DataFrame) -> pd.Series:
    """Share of people who tried n times or more, by n; replications pooled; empty if nobody tried."""
    people = mine.groupby("attempts")["people"].sum().sort_index()
    left = people[::-1].cumsum()[::-1]
    return left / people.sum() if people.sum() else left.astype(float)[:0]


def finding(each: dict[str, pd.DataFrame], cast: Sequence[Shown]) -> str:
    """Mean tries, and the share of those who try most beside that of the geometric law, in words."""
    said = []
    for scenario in cast:
        mine = each[scenario.name]
        if mine.empty:
            said.append(f"{scenario.label}: nobody tried")
            continue
        most = OFTEN[-1]
        share, law = (mine[f"{what}_{most}"].mean() for what in ("share", "geometric"))
        said.append(
            f"{scenario.label}: {mine['mean'].mean():.2f} tries on average, {most} or more {share:.1f} % "
            f"(geometric {law:.1f} %)"
        )
    return ". ".join(said) + "."


def waiting_words(table: pd.DataFrame) -> str:
    """How many of those who tried are still trying, in words."""
    whole = table[[*ENDED, "waiting"]].to_numpy(float).sum()
    return f"{100 * table['waiting'].sum() / whole:.1f} % of all" if whole else "nobody tried"


def tails(axes: Axes, table: pd.DataFrame, cast: Sequence[Shown]) -> None:
    """Share of people with n tries or more, on a scale on which the geometric law is a straight line."""
    for scenario in cast:
        mine = of(table, scenario)
        share = at_least(mine)
        share = share[share >= LEAST_SHARE]
        if share.empty:
            continue
        mean = float((mine["people"] * mine["attempts"]).sum() / mine["people"].sum())
        law = [geometric(mean, number) for number in share.index]
        pen = scenario.pen
        axes.plot(share.index, law, color=pen.colour, lw=1.1, ls=(0, (1, 1.3)), zorder=2)
        axes.plot(
            share.index, share, color=pen.colour, ls=pen.line, lw=1.7, marker=pen.marker, ms=5, zorder=3,
            label=scenario.label,
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(0.5 * LEAST_SHARE, 1.5)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.set(title="People with n tries or more", xlabel="Tries (n)", ylabel="Share of the people (log scale)")
    handles, words = axes.get_legend_handles_labels()
    law_line = Line2D([], [], color=QUIET, lw=1.1, ls=(0, (1, 1.3)))
    axes.legend([*handles, law_line], [*words, "Geometric"], frameon=False, fontsize=8.5, loc="lower left")


def often(axes: Axes, each: dict[str, pd.DataFrame], cast: Sequence[Shown]) -> None:
    """Share of people with many tries in every scenario, beside that of the geometric law."""
    heights, names, y = [], [], 0.0
    for number in OFTEN:
        for scenario in cast:
            mine, colour = each[scenario.name], scenario.colour
            if not mine.empty:
                share, law = mine[f"share_{number}"], mine[f"geometric_{number}"].mean()
                half = half_width(share)
                axes.plot([share.mean() - half, share.mean() + half], [y, y], color=colour, lw=1.8)
                axes.plot(law, y, marker="o", ms=8, mfc="none", mec=colour, mew=1.2)
                axes.plot(share.mean(), y, marker=scenario.pen.marker, ms=6, color=colour)
            words = MISSING if mine.empty else f"{share.mean():.1f} %  (geometric {law:.1f} %)"
            axes.annotate(words, (1.02, y), xycoords=("axes fraction", "data"), size=8.5, va="center", color=colour)
            heights.append(y)
            names.append(scenario.label)
            y += 1.0
        y += 0.9
    for turn, number in enumerate(OFTEN):
        top = turn * (len(cast) + 0.9) - 0.62
        axes.annotate(f"{number} tries or more", (0.01, top), xycoords=("axes fraction", "data"), size=9,
                      weight="bold", color=INK, va="center")  # fmt: skip
    axes.set_yticks(heights, names)
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(y - 1.4, -1.1)
    axes.set_xlim(0, max(axes.get_xlim()[1], 1))
    axes.grid(visible=False, axis="y")
    axes.set(title="Repeaters", xlabel="Share of the people (%)")


def wilson(part: pd.Series, whole: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The 95 % interval of each share `part` / `whole` (Wilson's).

    >>> [round(float(end.iloc[0]), 3) for end in wilson(pd.Series([5]), pd.Series([50]))]
    [0.043, 0.214]
    """
    share, room = part / whole, Z95**2 / whole
    middle = (share + room / 2) / (1 + room)
    half = (share * (1 - share) * room + room**2 / 4) ** 0.5 / (1 + room)
    return middle - half, middle + half


def surrender(axes: Axes, table: pd.DataFrame, cast: Sequence[Shown]) -> None:
    """Of those whose tries ended after n, the share that gave up: discouragement grows with failures, or does not."""
    for turn, scenario in enumerate(cast):
        sums = of(table, scenario).groupby("attempts")[["gave_up", "people"]].sum()
        sums = sums[sums["people"] >= FEWEST]
        sums.index = sums.index + 0.12 * (turn - (len(cast) - 1) / 2)  # intervals stand beside one another
        pen = scenario.pen
        low, high = wilson(sums["gave_up"], sums["people"])
        axes.vlines(sums.index, 100 * low, 100 * high, color=pen.colour, lw=1.1)
        axes.plot(sums.index, 100 * sums["gave_up"] / sums["people"], color=pen.colour, ls=pen.line, lw=1.7,
                  marker=pen.marker, ms=5)  # fmt: skip
    axes.set_ylim(0, max(1.1 * axes.get_ylim()[1], 1))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set(title="Gave up, by the number of tries", xlabel="Tries made", ylabel="Gave up, of those who ended (%)")
