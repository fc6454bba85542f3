"""Whole weeks and months: where they start and end, and what a daily series adds up to in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats

PERIODS = ("week", "month")
SEASON = {"week": 52, "month": 12}  # periods in a year; 52 weeks are 364 days
WEEK = pd.Timedelta(days=7)
MONTH = pd.DateOffset(months=1)


@dataclass(frozen=True, slots=True)
class History:
    """What was observed before a forecast: totals of one period after the other, missing where days are missing."""

    period: str
    starts: pd.DatetimeIndex
    values: Floats

    @property
    def season(self) -> int:
        """Periods in a year."""
        return SEASON[self.period]

    def steps(self, starts: pd.DatetimeIndex) -> Sequence[int]:
        """How many periods after the last of this history each of `starts` is; the next one is 1."""
        last = self.starts[-1]
        if self.period == "week":
            return [int((start - last) // WEEK) for start in starts]
        return [12 * (start.year - last.year) + start.month - last.month for start in starts]


def ends(starts: pd.DatetimeIndex, period: str) -> pd.DatetimeIndex:
    """The first day after each period."""
    return pd.DatetimeIndex(starts + (WEEK if period == "week" else MONTH))


def totals(daily: pd.Series, starts: pd.DatetimeIndex, period: str) -> Floats:
    """Sums of a daily series (indexed by date) over periods; missing where a day of the period is not observed."""
    if daily.empty or not len(starts):
        return np.full(len(starts), nan)
    stops = ends(starts, period)
    every = pd.date_range(min(starts.min(), daily.index.min()), max(stops.max(), daily.index.max()))
    days = daily.reindex(every).to_numpy(dtype=np.float64)
    known = np.concatenate([[0], np.cumsum(~np.isnan(days))])
    summed = np.concatenate([[0.0], np.cumsum(np.nan_to_num(days))])
    first, after = every.get_indexer(starts), every.get_indexer(stops)
    whole = known[after] - known[first] == after - first
    return np.where(whole, summed[after] - summed[first], nan)


def history(daily: pd.Series, period: str, first: pd.Timestamp, before: pd.Timestamp, years: int) -> History:
    """The last `years` years of whole periods that end before the day `before`.

    Weeks are counted back from `first`, the start of the forecast's first week, so that they have the same weekdays.
    Periods that are not whole at either end are left off: the history is empty if there is no whole one.
    """
    most = years * SEASON[period]
    gap = max(int((first - before).days), 0) // 7 + 2  # periods from the forecast's first start back to `before`
    offset = WEEK if period == "week" else MONTH
    starts = pd.DatetimeIndex([first - offset * back for back in range(most + gap, 0, -1)])
    starts = starts[ends(starts, period) <= before]
    values = totals(daily[daily.index < before], starts, period)
    known = np.flatnonzero(~np.isnan(values))
    if not len(known):
        return History(period, starts[:0], values[:0])
    within = slice(max(int(known[0]), int(known[-1]) + 1 - most), int(known[-1]) + 1)
    return History(period, starts[within], values[within])
