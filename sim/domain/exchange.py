"""The exchange's arithmetic: what the committee reviews, what is announced, when flights are due."""

from dataclasses import dataclass
from enum import IntEnum

from sim.domain.randomness import Floats

DAYS_PER_WEEK = 7


class PassedOver(IntEnum):
    """Why someone whom the agreement covers was not selected at arrival."""

    LOT = 0
    PARITY = 1
    TARGET = 2
    BEDS = 3


@dataclass(frozen=True, slots=True)
class Review:
    """What the committee knows when it decides on the target or on a renewal.

    Attributes:
        begins: whether this is the first week, before which there was no target.
        target: last week's target, returns a week.
        weeks_open: whole weeks since the opening.
        delivered: returns a week since the last review.
        parity_held: whether selection is not paused for parity.
        flow_change: arrivals since the last review over those of as many weeks before, less 1; nan if unknown.
    """

    begins: bool
    target: float
    weeks_open: int
    delivered: float
    parity_held: bool
    flow_change: float


def announced_share(weekly_target: float, arrivals_per_week: float) -> float:
    """The chance of return that the announced target implies at the recent flow, at most 1.

    >>> announced_share(50, 800)
    0.0625
    """
    return min(weekly_target / max(arrivals_per_week, 1.0), 1.0)


def flights_due(day: int, per_week: float) -> int:
    """Charters due on a day since the opening, spread evenly over each week.

    >>> [flights_due(day, 3) for day in range(7)], sum(flights_due(day, 0.5) for day in range(14))
    ([0, 0, 1, 0, 1, 0, 1], 1)
    """
    return int((day + 1) * per_week / DAYS_PER_WEEK) - int(day * per_week / DAYS_PER_WEEK)


def flow_change(daily: Floats, days: int) -> float:
    """Arrivals of the last `days` over those of as many days before, less 1; nan if there were none or too few days.

    `daily` is arrivals a day up to yesterday; shape (days known,).

    >>> import numpy as np
    >>> flow_change(np.array([10.0] * 7 + [5.0] * 7), 7)
    -0.5
    """
    if len(daily) < 2 * days:
        return float("nan")
    before = float(daily[-2 * days : -days].sum())
    return float(daily[-days:].sum()) / before - 1 if before else float("nan")
