"""Rolling tests: forecasts from past origins against what happened, and their scores next to the rivals'."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from sim.figures.run import Results
from sim.figures.style import INK, OBSERVED_NOTE, OKABE_ITO, QUIET, amount, count_axis, date_axis, look, on_day, page

SECTION = "fit"
TABLES = ("rolling", "rolling_periods")
FORECAST, POOLED = "forecast", "all"
BANDS = (("q0.05", "q0.95", 0.18), ("q0.1", "q0.9", 0.14), ("q0.25", "q0.75", 0.24))
COVERED = (50, 80, 90)
COLOUR = OKABE_ITO[0]
MODELS = ("forecast", "climatology", "seasonal naive", "SARIMA", "ETS")
MIDDLE = pd.Timedelta(days=14)


@look()
def draw(results: Results) -> Figure | None:
    """Would its past forecasts have been any good?"""
    table, months = results.table("rolling"), results.table("rolling_periods")
    origins = [str(origin) for origin in dict.fromkeys(table["origin"]) if origin != POOLED]
    figure = page(
        (11.0, 2.0 + 2.7 * (len(origins) + 1)), draw.__doc__ or "", finding(table), note(table), OBSERVED_NOTE
    )
    grid = figure.subplots(len(origins) + 1, 2, width_ratios=(1.6, 1.0), squeeze=False)
    for axes, origin in zip(grid, origins, strict=False):
        _fan(axes[0], months[months["origin"] == origin], origin)
        _scores(axes[1], table[table["origin"] == origin], "from " + on_day(origin))
    _coverage(grid[-1, 0], table[table["origin"] == POOLED])
    _scores(grid[-1, 1], table[table["origin"] == POOLED], "all origins")
    return figure


def finding(table: pd.DataFrame) -> str:
    """The forecast's CRPS as a share of the best rival's, at each origin and over all."""
    mine = table[table["model"] == FORECAST]
    parts = [
        f"{ratio:.2f} " + ("over all origins" if origin == POOLED else f"from {on_day(origin)}")
        for origin, ratio in zip(mine["origin"], mine["ratio"], strict=True)
    ]
    return f"CRPS of the forecast over that of the best rival (below 1 is better): {', '.join(parts)}."


def note(table: pd.DataFrame) -> str:
    """What the marks mean and how much they prove."""
    mine = table[(table["model"] == FORECAST) & (table["origin"] != POOLED)]
    without = ", ".join(on_day(origin) for origin in mine.loc[mine["posterior"] == "", "origin"])
    return (
        "Bands = middle 50, 80 and 90 % of the forecast, dots = observed, thin lines = medians of the rivals. CRPS "
        "from nine quantiles of every model on the same months; in brackets over that of the best rival, picked in "
        f"hindsight. {sum(mine['months'])} months from {len(mine)} origins; months of one origin are not independent "
        "and origins overlap: few origins prove little."
        + (f" Base values, which know later years, instead of a posterior: {without}." if without else "")
    )


def _pens() -> dict[str, str]:
    return {model: OKABE_ITO[i % len(OKABE_ITO)] for i, model in enumerate(MODELS)}


def _fan(axes: Axes, months: pd.DataFrame, origin: str) -> None:
    """What was forecast from one origin, what the rivals expected, and what happened."""
    mine = months[months["model"] == FORECAST]
    x = (pd.to_datetime(mine["start"]) + MIDDLE).to_numpy()
    for low, high, alpha in BANDS:
        axes.fill_between(x, mine[low], mine[high], color=COLOUR, alpha=alpha, lw=0)
    axes.plot(x, mine["q0.5"], color=COLOUR, lw=2.0, label=FORECAST)
    for model, colour in list(_pens().items())[1:]:
        rival = months[months["model"] == model]
        if len(rival):
            places = (pd.to_datetime(rival["start"]) + MIDDLE).to_numpy()
            axes.plot(places, rival["q0.5"], color=colour, lw=1.0, ls=(0, (4, 1.5)), label=model)
    axes.plot(x, mine["observed"], "o", color=INK, ms=5, mec="white", mew=0.6, zorder=4)
    axes.set_ylim(0, None)
    axes.set_title(f"Arrivals by month, forecast from {on_day(origin)}")
    axes.set_ylabel("People a month")
    axes.set_xlabel("Date")
    axes.legend(fontsize=7.5, frameon=False, ncols=2, handlelength=1.6, labelspacing=0.25)
    count_axis(axes.yaxis)
    date_axis(axes, 8)


def _scores(axes: Axes, rows: pd.DataFrame, words: str) -> None:
    """Mean CRPS of each model, the best on top."""
    ordered: list[dict[Any, Any]] = rows.sort_values("crps", kind="stable").to_dict("records")
    for y, row in enumerate(ordered):
        mine = row["model"] == FORECAST
        colour = _pens().get(row["model"], QUIET)
        axes.barh(y, row["crps"], height=0.62, color=colour, alpha=1.0 if mine else 0.55)
        axes.annotate(
            f"{amount(row['crps'])}  ({row['ratio']:.2f})", (row["crps"], y), (3, 0), textcoords="offset points",
            va="center", size=8, color=INK, weight="bold" if mine else "normal",
        )  # fmt: skip
    axes.set_yticks(range(len(ordered)), [str(row["model"]) for row in ordered])
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    axes.set_ylim(len(ordered) - 0.4, -0.6)
    axes.set_xlim(0, 1.4 * max(float(row["crps"]) for row in ordered) or 1)
    axes.grid(visible=False, axis="y")
    axes.set_title(f"Mean CRPS (ratio), {words}")
    axes.set_xlabel("People a month")
    count_axis(axes.xaxis, 4)


def _coverage(axes: Axes, rows: pd.DataFrame) -> None:
    """The share of months that each interval held, over all origins, against what it should hold."""
    axes.plot([0.4, 1.0], [0.4, 1.0], color=QUIET, lw=0.9, ls=(0, (2, 2)), zorder=1)
    for i, (model, colour) in enumerate(_pens().items()):
        row = rows[rows["model"] == model]
        if len(row):
            x = [percent / 100 + 0.012 * (i - 2) for percent in COVERED]
            y = [float(row[f"coverage_{percent}"].iloc[0]) for percent in COVERED]
            axes.plot(x, y, "o", color=colour, ms=8 if model == FORECAST else 5, mec="white", mew=0.6, label=model)
    axes.set_xlim(0.42, 0.98)
    axes.set_ylim(0, 1.04)
    axes.set_xticks([percent / 100 for percent in COVERED])
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    axes.set_title("Months held by each interval, all origins")
    axes.set_ylabel("Held")
    axes.set_xlabel("Stated")
    axes.legend(loc="lower right", fontsize=7.5, frameon=False, labelspacing=0.25)
