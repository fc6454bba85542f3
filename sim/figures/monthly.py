"""Monthly arrivals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import draw_fan, fan, of
from sim.figures.observed import arrivals_monthly
from sim.figures.run import Results, Shown, dated, panels, replications, scenarios
from sim.figures.style import (
    OBSERVED_NOTE,
    Label,
    amount,
    count_axis,
    end_labels,
    look,
    mark_date,
    month_axis,
    page,
    simulation_note,
)

SECTION = "key"
CONTEXT_MONTHS = 12


@look()
def draw(results: Results) -> Figure | None:
    """How many people arrive each month, simulated and observed?"""
    months = by_month(dated(results, "daily"))
    if months.empty:
        return None
    cast = scenarios(results)
    rows, n = panels(cast), replications(results)
    figure = page(
        (10.5, 3.1 * len(rows) + 1.5),
        "Arrivals by month: simulated and observed",
        finding(months, cast),
        "Grey bars: observed, with the year before the simulation for comparison. "
        f"{simulation_note(n)} Months that are only partly simulated are left out.",
        OBSERVED_NOTE,
    )  # fmt: skip
    grid = figure.subplots(len(rows), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for axes, shown in zip(grid, rows, strict=True):
        panel(axes, months, shown)
    grid[-1].set_xlabel("Month")
    return figure


def finding(months: pd.DataFrame, cast: Sequence[Shown]) -> str:
    """In how many observed months the model's 90 % hold what was observed, and arrivals a month, in words."""
    observed = arrivals_monthly()
    first = cast[0]
    spread = fan(of(months, first), "arrivals", "month")
    both = spread.index.intersection(observed.index)
    text = ""
    if len(both):
        seen, model = observed[both], spread.loc[both]
        held = int(((seen >= model[0.05]) & (seen <= model[0.95])).sum())
        text = (
            f"{len(both)} month{'s' * (len(both) > 1)} both simulated and observed, to {both[-1]:%B %Y}: "
            f"{amount(seen.sum())} people observed, {amount(model[0.5].sum())} in the medians of “{first.label}”; "
            f"its 90 % of replications hold {held} of {len(both)}. "
        )
    means = []
    for scenario in cast:
        mine = of(months, scenario)
        measured = mine[mine["month"] >= scenario.measure_from]
        mean = (mine if measured.empty else measured)["arrivals"].mean()
        means.append(f"{scenario.label} {amount(mean)}")
    return f"{text}Mean a month in the measured window: {', '.join(means)}."


def by_month(daily: pd.DataFrame) -> pd.DataFrame:
    """Arrivals of whole months: scenario, replication, month (its first day), arrivals."""
    month = daily["date"].dt.to_period("M").dt.to_timestamp()
    grouped = daily.assign(month=month).groupby(["scenario", "replication", "month"])
    table = grouped.agg(arrivals=("arrivals", "sum"), days=("date", "nunique")).reset_index()
    whole: pd.DataFrame = table[table["days"] == table["month"].dt.days_in_month]
    return whole


def panel(axes: Axes, months: pd.DataFrame, shown: Sequence[Shown]) -> None:
    """Observed bars behind, the scenarios' fans in front, labelled at their ends."""
    first, last = months["month"].min(), months["month"].max()
    observed = arrivals_monthly().loc[first - pd.DateOffset(months=CONTEXT_MONTHS) : last]
    places = _middle(observed.index)
    axes.bar(places, observed, width=24, color="#DADADA", edgecolor="#B5B5B5", lw=0.6, label="Observed")
    labels = []
    for scenario in shown:
        spread = fan(of(months, scenario), "arrivals", "month")
        spread.index = _middle(spread.index)
        draw_fan(axes, spread, scenario, marker=True)
        text = f"{scenario.label} {amount(spread[0.5].iloc[-1])}"
        labels.append(Label(spread.index[-1], float(spread[0.5].iloc[-1]), text, scenario.colour, "bold"))
    axes.set_ylim(0, axes.get_ylim()[1] * 1.04)
    axes.set_ylabel("Arrivals (people a month)")
    count_axis(axes.yaxis)
    end_labels(axes, labels, gap=0.075)
    mark_date(axes, shown[-1].measure_from, "measured from here")
    axes.margins(x=0.01)
    month_axis(axes, 1 + (len(observed) + months["month"].nunique()) // 20)
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=False, axis="x")


def _middle(months: pd.Index) -> pd.DatetimeIndex:
    """The middle of months that are named by their first days."""
    return pd.DatetimeIndex(months) + pd.Timedelta(days=14)
