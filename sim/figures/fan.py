"""Fans: how a quantity is spread over replications, as numbers and as bands."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import t

from sim.figures.run import Shown

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def fan(frame: pd.DataFrame, value: str, by: str) -> pd.DataFrame:
    """Quantiles over replications (columns 0.05 … 0.95) of `value` for each `by`."""
    return frame.groupby(by)[value].quantile(np.array(QUANTILES)).unstack()


def draw_fan(axes: Axes, table: pd.DataFrame, shown: Shown, marker: bool = False, fans: int = 1) -> None:
    """Median line with bands for the middle 50 and 90 % of replications; fainter if many fans share the axes."""
    x, pen = table.index.to_numpy(), shown.pen
    above, width = (3, 1.5) if shown.baseline else (2, 2.0)
    every = 1 if shown.baseline else max(len(x) // 20, 1)
    faint = 1 / max(fans - 1, 1) ** 0.6
    if not np.allclose(table[0.05], table[0.95], equal_nan=True):
        axes.fill_between(x, table[0.05], table[0.95], color=pen.colour, alpha=0.13 * faint, lw=0)
        axes.fill_between(x, table[0.25], table[0.75], color=pen.colour, alpha=0.22 * faint, lw=0)
    axes.plot(
        x, table[0.5], color=pen.colour, ls=pen.line, marker="" if shown.baseline or not marker else pen.marker, ms=4.5,
        markevery=every, label=shown.label, zorder=above, lw=width,
    )  # fmt: skip


def half_width(values: Sequence[float] | pd.Series) -> float:
    """Half the 95 % t-interval of a mean over replications; 0 if there is one replication.

    >>> round(half_width([1.0, 2.0, 3.0]), 3), half_width([5.0])
    (2.484, 0.0)
    """
    n = len(values)
    return float(t.ppf(0.975, n - 1)) * float(np.std(values, ddof=1)) / n**0.5 if n > 1 else 0.0


def of(frame: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """The rows of one scenario."""
    return frame[frame["scenario"] == shown.name]


def by_week(frame: pd.DataFrame, first: pd.Timestamp, values: dict[str, str], weeks: int = 1) -> pd.DataFrame:
    """Whole weeks (or spans of weeks) from `first`, a row a replication and week: summed, averaged or the last."""
    span = 7 * weeks
    turn = (frame["date"] - first).dt.days // span
    keys = ["scenario", "replication"]
    frame = frame.assign(week=first + pd.to_timedelta(span * turn, unit="D"))
    days = frame.groupby([*keys, "week"])["date"].nunique().rename("days")
    weekly = frame.groupby([*keys, "week"]).agg(values).join(days)
    return weekly[weekly["days"] == span].drop(columns="days").reset_index()
