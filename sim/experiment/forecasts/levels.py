"""Levels of the inflow and of boats' seats: what a member may hold before it is conditioned, and how they go on.

A level holds for `level_months`. Blocks are counted from the origin, the first day that is forecast: block -1 is the
last one observed, block 0 the first one ahead.
"""

from dataclasses import dataclass
from math import log, nan, sqrt

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.forecasts.periods import totals
from sim.experiment.forecasts.settings import MONTHS_A_YEAR, Method

MAD = 1.4826  # standard deviations of a normal distribution per median absolute deviation
AVERAGED = 1.5  # variance of a year's step of a random walk per variance of the change of its yearly means
FEWEST = 2  # points of a trend beyond which there is an error to estimate


@dataclass(frozen=True, slots=True)
class Past:
    """What the series says up to the origin; nothing of it is known later.

    `months` are the window's (their first days), `people` and `boats` their totals (boats missing if not observed);
    `per_boat` people per boat in the window's blocks. `walk` is the sd of log per square root of a year by which the
    level drifts; `growth` the change of log people per boat from block to block, with its standard error.
    """

    origin: pd.Timestamp
    months: pd.DatetimeIndex
    people: Floats
    boats: Floats
    per_boat: Floats
    walk: float
    growth: float
    growth_error: float

    @property
    def has_boats(self) -> bool:
        """Whether people per boat are known in every block of the window."""
        return bool(np.isfinite(self.per_boat).all())


def past_of(daily: pd.DataFrame, origin: pd.Timestamp, method: Method) -> Past:
    """What a daily series (people, perhaps boats, by date) says before the origin."""
    known = daily[daily.index < origin]
    months, blocks = _back(origin, 1, method.window_months), _back(origin, method.level_months, method.window_months)
    boats = known["boats"] if "boats" in known else pd.Series(nan, index=known.index)
    people = totals(known["people"], months, "month")
    recent = _back(origin, method.level_months, round(method.recent_years * MONTHS_A_YEAR))
    growth, error = trend(np.log(_per_boat(known["people"], boats, recent, origin)))
    return Past(
        origin, months, people, totals(boats, months, "month"), _per_boat(known["people"], boats, blocks, origin),
        walk_per_year(known["people"], origin, method), growth, error,
    )  # fmt: skip


def _back(origin: pd.Timestamp, step: int, months: int) -> pd.DatetimeIndex:
    """Starts of spans of `step` months that fill the last `months` before the origin, in order."""
    return pd.DatetimeIndex([origin - pd.DateOffset(months=back) for back in range(months, 0, -step)])


def _per_boat(people: pd.Series, boats: pd.Series, starts: pd.DatetimeIndex, origin: pd.Timestamp) -> Floats:
    """People per boat from each start to the next, the last one to the origin; missing without boats."""
    found = []
    for start, stop in zip(starts, [*starts[1:], origin], strict=True):
        inside = (people.index >= start) & (people.index < stop)
        sailed = boats[inside].sum()
        found.append(people[inside].sum() / sailed if sailed else nan)
    return np.array(found, dtype=np.float64)


def walk_per_year(people: pd.Series, origin: pd.Timestamp, method: Method) -> float:
    """How far the level of the inflow drifts: sd of its log per square root of a year.

    From the changes from one year to the next of log 12-month totals, at every month end of the `recent_years` before
    the origin: their robust sd (1.4826 times the median distance from their median, so that steady growth is no
    drift), times sqrt(3/2), since yearly means of a random walk change by 2/3 of its variance over a year. Overlapping
    as they are, they count as so many years, and are averaged with `walk_per_year` of the method, which counts as
    `walk_weight_years`; variances are averaged. Never more than `walk_at_most`.
    """
    months = round(method.recent_years * MONTHS_A_YEAR)
    starts = _back(origin, 1, months + 2 * MONTHS_A_YEAR)
    yearly = pd.Series(totals(people, starts, "month")).rolling(MONTHS_A_YEAR).sum().to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = np.log(yearly[MONTHS_A_YEAR:]) - np.log(yearly[:-MONTHS_A_YEAR])
    changes = changes[np.isfinite(changes)][-months:]
    if not len(changes):
        return method.walk_per_year
    years, seen = (
        len(changes) / MONTHS_A_YEAR,
        MAD * float(np.median(np.abs(changes - np.median(changes)))) * sqrt(AVERAGED),
    )
    weighed = years * seen**2 + method.walk_weight_years * method.walk_per_year**2
    return min(sqrt(weighed / (years + method.walk_weight_years)), method.walk_at_most)


def trend(values: Floats) -> tuple[float, float]:
    """Slope per step and its standard error by least squares, missing values left out; (0, 0) where there is none."""
    at = np.flatnonzero(np.isfinite(values))
    if len(at) <= FEWEST:
        return 0.0, 0.0
    x, y = at - at.mean(), values[at] - values[at].mean()
    slope = float(x @ y / (x @ x))
    rest = y - slope * x
    return slope, sqrt(float(rest @ rest) / (len(at) - FEWEST) / float(x @ x))


def prior_levels(past: Past, method: Method, draws: np.random.Generator, members: int) -> Floats:
    """Log people a year in each block of warm-up and window, (members, blocks), before the window is looked at closely.

    Centred on the window's yearly arrivals times `inflow_ratio`, with the wide spread `inflow_ratio_spread` common to
    all blocks; the blocks walk about that.
    """
    blocks = (method.warm_up_months + method.window_months) // method.level_months
    yearly = float(past.people.sum()) * MONTHS_A_YEAR / method.window_months
    drawn = draws.standard_normal((members, blocks + 1))
    walked = np.cumsum(drawn[:, 1:], axis=1) * past.walk * sqrt(method.level_years)
    middle = log(yearly * method.inflow_ratio) + method.inflow_ratio_spread * drawn[:, :1]
    levels: Floats = middle + walked - walked.mean(axis=1, keepdims=True)
    return levels


def prior_seats(method: Method, draws: np.random.Generator, members: int) -> Floats:
    """Log of seats per observed person per boat, (members,)."""
    spread: Floats = log(method.seats_ratio) + method.seats_ratio_spread * draws.standard_normal(members)
    return spread


def levels_ahead(
    levels: Floats, walk: float, noise: float, method: Method, draws: np.random.Generator, months: int
) -> Floats:
    """Log people a year in each month ahead, (members, months), from those of the blocks so far, (members, blocks).

    From block to block a random walk that falls back towards the mean of the member's last year, `level_kept` of the
    distance being kept; each month besides has noise of its own (sd of log), whose mean factor is 1.
    """
    blocks = -(-months // method.level_months)
    drawn = draws.standard_normal((len(levels), blocks + months))
    mean = levels[:, -(method.window_months // method.level_months) :].mean(axis=1)
    off, ahead = levels[:, -1] - mean, []
    for block in range(blocks):
        off = method.level_kept * off + walk * sqrt(method.level_years) * drawn[:, block]
        ahead.append(mean + off)
    monthly: Floats = np.repeat(np.array(ahead).T, method.level_months, axis=1)[:, :months]
    return monthly + noise * drawn[:, blocks:] - noise**2 / 2


def seats_so_far(factors: Floats, past: Past) -> Floats:
    """Seats per boat in the window's blocks, (members, blocks): people per boat as observed, times each factor."""
    seats: Floats = past.per_boat * np.exp(factors)[:, None]
    return seats


def seats_ahead(last: Floats, past: Past, method: Method, draws: np.random.Generator, months: int) -> Floats:
    """Seats per boat in the blocks ahead, (members, blocks), from the last ones, (members,).

    They grow by the recent trend, drawn for each member within its standard error and damped, and walk besides.
    """
    blocks = -(-months // method.level_months)
    drawn = draws.standard_normal((len(last), blocks + 1))
    growth = past.growth + past.growth_error * drawn[:, :1]
    damped = np.cumsum(method.seats_kept ** np.arange(1, blocks + 1))
    walked = np.cumsum(drawn[:, 1:], axis=1) * method.seats_walk_per_year * sqrt(method.level_years)
    seats: Floats = last[:, None] * np.exp(growth * damped + walked)
    return seats
