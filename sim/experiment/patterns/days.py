"""Quantities of days: how arrivals and boats are spread over them (patterns P1 and P9)."""

import numpy as np

from sim.experiment.patterns.quantity import Days, Run, quantity, quantity_of_days


@quantity_of_days("share of days", "arrivals", "people")
def days_without_arrivals(arrivals: Days) -> float:
    """Days on which nobody arrived, as a share of all days."""
    return float((arrivals == 0).mean())


@quantity_of_days("variance/mean of people a day", "arrivals", "people")
def dispersion_of_arrivals(arrivals: Days) -> float:
    """Variance of the daily arrivals over their mean; 1 if people came independently of each other."""
    return _dispersion(arrivals)


@quantity_of_days("variance/mean of boats a day", "boats_arrived", "boats")
def dispersion_of_boats(boats: Days) -> float:
    """Variance of the boats that arrive in a day over their mean; 1 if boats came independently of each other."""
    return _dispersion(boats)


@quantity_of_days("correlation", "arrivals", "people")
def persistence_of_crossing_days(arrivals: Days) -> float:
    """Correlation between whether anyone arrives on a day and on the day before."""
    crossing = (arrivals > 0).astype(float)
    return float(np.corrcoef(crossing[1:], crossing[:-1])[0, 1]) if 0 < crossing.mean() < 1 else float("nan")


@quantity("share of arrivals")
def arrivals_on_calm_days(run: Run, *, calmest: float) -> float:
    """Arrivals on the `calmest` share of days, by waves at the reference point, as a share of all arrivals."""
    waves, arrivals = run.tables.daily("wave_height_m"), run.tables.daily("arrivals")
    calm = np.argsort(waves, kind="stable")[: round(calmest * len(waves))]
    return float(arrivals[calm].sum() / arrivals.sum()) if arrivals.any() else float("nan")


def _dispersion(counts: Days) -> float:
    return float(counts.var() / counts.mean()) if counts.any() else float("nan")
