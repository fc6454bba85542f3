"""Target ranges from the observed daily series: what some years were, give or take what years differ by."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import sqrt

import numpy as np
import pandas as pd

from sim.experiment.patterns.quantity import Days

SERIES = "arrivals_daily.csv"
STANDARD_ERRORS = 2


@cache
def arrivals_daily() -> pd.DataFrame:
    """Observed people and boats by day, indexed by date."""
    with (files("sim") / "data" / SERIES).open() as file:
        return pd.read_csv(file, parse_dates=["date"]).set_index("date")


def observed_range(
    observe: Callable[[Mapping[str, Days]], float], years: Sequence[int], spread_of: Sequence[int]
) -> tuple[float, float]:
    """Observed value of some years together, less and plus two standard errors.

    The standard error is that of a mean of as many years, from the standard deviation between the years `spread_of`:
    by how much the weather of other years, and whatever else makes years differ, could have moved the value.

    Raises:
        ValueError: the series has not all of these years, or there are too few to differ.
    """
    value = observe(_days(years))
    apart = [observe(_days([year])) for year in spread_of]
    if len(apart) < 2:
        raise ValueError("needs at least two years to spread over")
    half = STANDARD_ERRORS * float(np.std(apart, ddof=1)) / sqrt(len(years))
    return value - half, value + half


def _days(years: Sequence[int]) -> dict[str, Days]:
    """Columns of the series over whole years."""
    series = arrivals_daily()
    of_year = pd.DatetimeIndex(series.index).year
    whole = [year for year in years if (of_year == year).sum() >= 365]
    if len(whole) < len(years):
        missing = ", ".join(str(year) for year in years if year not in whole)
        raise ValueError(f"the observed series has no whole year {missing}")
    inside = series[np.isin(of_year, years)]
    return {name: inside[name].to_numpy() for name in ("people", "boats")}
