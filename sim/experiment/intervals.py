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


def mean_intervals(values: Floats) -> tuple[Floats, Floats, Floats]:
    """`mean_interval` of every column: (replications, columns) to three times (columns,)."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean = np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0)
    squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
    half = np.full(len(n), np.nan)
    some = n > 1
    half[some] = t.ppf(0.5 + CONFIDENCE / 2, n[some] - 1) * np.sqrt(squares[some] / (n[some] - 1) / n[some])
    return mean, mean - half, mean + half


def ratio_interval(above: Floats, below: Floats) -> tuple[float, float, float]:
    """Ratio of two means over paired replications and its 95 % interval by Fieller's theorem (1954).

    All three are missing where the mean below cannot be told from zero: the ratio then says nothing.
    """
    n = len(above)
    if n < 2:
        return float("nan"), float("nan"), float("nan")
    quantile = float(t.ppf(0.5 + CONFIDENCE / 2, n - 1))
    cov = np.cov(above, below) / n
    a, b = float(above.mean()), float(below.mean())
    g = quantile**2 * float(cov[1, 1]) / b**2 if b else np.inf
    if g >= 1:
        return float("nan"), float("nan"), float("nan")
    ratio = a / b
    middle = ratio - g * float(cov[0, 1]) / float(cov[1, 1]) if cov[1, 1] else ratio
    spread = cov[0, 0] - 2 * ratio * cov[0, 1] + ratio**2 * cov[1, 1]
    if cov[1, 1]:
        spread -= g * (cov[0, 0] - cov[0, 1] ** 2 / cov[1, 1])
    half = quantile / abs(b) * sqrt(max(float(spread), 0.0))
    return ratio, (middle - half) / (1 - g), (middle + half) / (1 - g)
