"""Finding launches: random search (Koopman 1946) and points of interception in series."""

from collections.abc import Iterable
from math import exp, prod


def coverage(free_units: float, sweep_km_per_unit: float, length_km: float) -> float:
    """Mean number of times the free units sweep a point of the coast while a launch is visible."""
    return free_units * sweep_km_per_unit / length_km


def detection_chance(coverage: float) -> float:
    """P(detect) = 1 - exp(-coverage).

    >>> round(detection_chance(1.0), 4)
    0.6321
    """
    return 1 - exp(-coverage)


def stopped_in_series(chances: Iterable[float]) -> float:
    """P(stopped) at independent points passed one after another.

    >>> round(stopped_in_series([0.2, 0.1, 0.3]), 3)
    0.496
    """
    return 1 - prod(1 - chance for chance in chances)
