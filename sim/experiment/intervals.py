"""Intervals for means over replications."""

from math import sqrt

import numpy as np
from scipy.stats import t

from sim.domain.randomness import Floats

CONFIDENCE = 0.95


def mean_interval(values: Floats) -> tuple[float, float, float]:
    """Mean and its 95 % t-interval over replications (low, high); values missing in a replication are left out.

    Student's t with n - 1 degrees of freedom; with fewer than two values the interval is missing.
    """
    values = values[~np.isnan(values)]
    if len(values) == 0:
        return float("nan"), float("nan"), float("nan")
    mean = float(values.mean())
    if len(values) == 1:
        return mean, float("nan"), float("nan")
    half = float(t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1)) * float(values.std(ddof=1)) / sqrt(len(values))
    return mean, mean - half, mean + half
