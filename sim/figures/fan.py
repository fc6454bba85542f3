"""Fans: how a quantity is spread over replications, as numbers and as bands."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.run import Shown

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def fan(frame: pd.DataFrame, value: str, by: str) -> pd.DataFrame:
    """Quantiles over replications (columns 0.05 … 0.95) of `value` for each `by`."""
    return frame.groupby(by)[value].quantile(list(QUANTILES)).unstack()


def draw_fan(axes: Axes, table: pd.DataFrame, shown: Shown, label: str = "", marker: bool = False) -> None:
    """Median line with bands for the middle 50 and 90 % of replications."""
    x, pen = table.index.to_numpy(), shown.pen
    if not np.allclose(table[0.05], table[0.95], equal_nan=True):
        axes.fill_between(x, table[0.05], table[0.95], color=pen.colour, alpha=0.13, lw=0)
        axes.fill_between(x, table[0.25], table[0.75], color=pen.colour, alpha=0.22, lw=0)
    axes.plot(
        x, table[0.5], color=pen.colour, ls=pen.line, marker=pen.marker if marker else "", ms=4.2,
        label=label or shown.label,
    )  # fmt: skip


def of(frame: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """The rows of one scenario."""
    return frame[frame["scenario"] == shown.name]


def by_week(frame: pd.DataFrame, first: pd.Timestamp, values: dict[str, str]) -> pd.DataFrame:
    """Whole weeks counted from `first` (a row a replication and week): each value summed, averaged or the last one."""
    week = (frame["date"] - first).dt.days // 7
    keys = ["scenario", "replication"]
    frame = frame.assign(week=first + pd.to_timedelta(7 * week, unit="D"))
    days = frame.groupby([*keys, "week"])["date"].nunique().rename("days")
    weekly = frame.groupby([*keys, "week"]).agg(values).join(days)
    return weekly[weekly["days"] == 7].drop(columns="days").reset_index()
