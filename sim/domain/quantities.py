"""The kinds of number a setting may hold. Each carries the hard limits that every value must respect.

Hard limits say what is *possible* (a share lies in [0, 1]); what is *plausible* is the `range` given beside
each value in `configs/base.yaml`. Units are in the settings' names.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from annotated_types import Ge, Gt, Interval

Share = Annotated[float, Interval(ge=0.0, le=1.0)]
Positive = Annotated[float, Gt(0.0)]
NonNegative = Annotated[float, Ge(0.0)]
AtLeastOne = Annotated[float, Ge(1.0)]
Count = Annotated[int, Ge(0)]
PositiveCount = Annotated[int, Ge(1)]
Hour = Annotated[float, Interval(ge=0.0, lt=24.0)]
DayOfYear = Annotated[float, Interval(ge=0.0, le=366.0)]
Latitude = Annotated[float, Interval(ge=-90.0, le=90.0)]
Longitude = Annotated[float, Interval(ge=-180.0, le=180.0)]
Persistence = Annotated[float, Interval(ge=0.0, lt=1.0)]
Year = Annotated[int, Interval(ge=1990, le=2100)]
ByDate = dict[Year | date, Positive]
"""Levels of a dated driver: each holds from its year's first day, or its date, until that of the next."""


def from_day(key: int | date) -> date:
    """The day from which a level holds."""
    return key if isinstance(key, date) else date(key, 1, 1)


def in_order(levels: Mapping[int | date, float]) -> list[tuple[date, float]]:
    """The levels with the day from which each holds, earliest first; a date counts before the year that it begins."""
    years_first = sorted(levels.items(), key=lambda level: isinstance(level[0], date))
    return sorted({from_day(key): level for key, level in years_first}.items())


def levels_on(levels: Mapping[int | date, float], days: list[date]) -> list[float]:
    """The level of a dated driver on each of consecutive days; the first is held before its day, the last for ever.

    >>> levels_on({2023: 49.0, date(2024, 7, 1): 55.0}, [date(2020, 1, 1), date(2024, 6, 30), date(2026, 1, 1)])
    [49.0, 49.0, 55.0]
    """
    known = in_order(levels)
    found, at = [], 0
    for day in days:
        while at + 1 < len(known) and known[at + 1][0] <= day:
            at += 1
        found.append(known[at][1])
    return found


def level_on(levels: Mapping[int | date, float], day: date) -> float:
    """The level of a dated driver on one day."""
    return levels_on(levels, [day])[0]
