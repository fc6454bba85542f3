"""The kinds of number a setting may hold. Each carries the hard limits that every value must respect.

Hard limits say what is *possible* (a share lies in [0, 1]); what is *plausible* is the `range` given beside
each value in `configs/base.yaml`. Units are in the settings' names.
"""

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
ByYear = dict[Year, Positive]


def in_year(levels: dict[int, float], year: int) -> float:
    """The level of a dated driver in a calendar year; the first or last level is held outside the dated span.

    >>> in_year({2023: 49.0, 2024: 53.0}, 2026)
    53.0
    """
    known = sorted(levels)
    held = min(max(year, known[0]), known[-1])
    return levels[max(y for y in known if y <= held)]
