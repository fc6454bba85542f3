"""How good a forecast in quantiles was: CRPS, coverage of its intervals, place of what happened in it.

Arrays have a row a period: `quantiles` (periods, levels), ascending along the levels; `observed` (periods,).
"""

from math import nan, sqrt

import numpy as np
from scipy.stats import norm

from sim.domain.randomness import Floats

LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
INTERVALS = {50: (0.25, 0.75), 80: (0.1, 0.9), 90: (0.05, 0.95)}  # central intervals: percent, lower and upper level
CONFIDENCE = 0.95


def pinball(quantiles: Floats, observed: Floats, levels: tuple[float, ...] = LEVELS) -> Floats:
    """Pinball loss of each quantile, in the unit of the outcome: (periods, levels).

    It costs `level` times what the outcome lies above the quantile, or `1 - level` times what it lies below.
    """
    above = observed[:, None] - quantiles
    level = np.array(levels)
    loss: Floats = np.maximum(level * above, (level - 1) * above)
    return loss


def level_weights(levels: tuple[float, ...] = LEVELS) -> Floats:
    """What part of the levels from 0 to 1 each one stands for; they add up to 1.

    A level stands for all that are nearer to it than to its neighbours; the outermost ones also for the tails beyond,
    about which nine quantiles say nothing.

    >>> [round(float(weight), 4) for weight in level_weights()]
    [0.0375, 0.0375, 0.1, 0.2, 0.25, 0.2, 0.1, 0.0375, 0.0375]
    """
    between = (np.array(levels[1:]) + np.array(levels[:-1])) / 2
    weights: Floats = np.diff(np.concatenate([[0.0], between, [1.0]]))
    return weights


def crps_quantiles(quantiles: Floats, observed: Floats, levels: tuple[float, ...] = LEVELS) -> Floats:
    """Continuous ranked probability score of each period from its quantiles, in the unit of the outcome; 0 is best.

    CRPS is twice the pinball loss integrated over the levels from 0 to 1 (Laio and Tamea 2007, Hydrology and Earth
    System Sciences 11:1267; Gneiting and Ranjan 2011, Journal of Business & Economic Statistics 29:411). Here the
    integral is a sum with `level_weights`. It is proper: nobody gains by stating other quantiles than believed; and of
    a forecast that is a single value it is the absolute error. With nine levels, what a normal distribution scores on
    average comes out 2.8 % too small (the tails beyond 2.5 and 97.5 % count as if they had no length), for every model
    alike.
    """
    score: Floats = 2 * pinball(quantiles, observed, levels) @ level_weights(levels)
    return score


def crps_sample(values: Floats, observed: Floats) -> Floats:
    """CRPS of each period from equally likely values: (periods, values) to (periods,).

    Mean distance of the values from the outcome less half their mean distance from each other (Gneiting and Raftery
    2007, Journal of the American Statistical Association 102:359, equation 21), exact for the distribution that has
    just these values.
    """
    ordered = np.sort(values, axis=1)
    n = ordered.shape[1]
    apart = 2 * (ordered @ (2 * np.arange(1, n + 1) - n - 1.0)) / n**2
    score: Floats = np.abs(ordered - observed[:, None]).mean(axis=1) - apart / 2
    return score


def crps_normal(mean: Floats, spread: Floats, observed: Floats) -> Floats:
    """CRPS of normal distributions in closed form (Gneiting and Raftery 2007): what the others are checked against."""
    z = (observed - mean) / spread
    score: Floats = spread * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / sqrt(np.pi))
    return score


def held(quantiles: Floats, observed: Floats, percent: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the central interval of so many per cent, ends included, held what happened: (periods,)."""
    low, high = (quantiles[:, LEVELS.index(level)] for level in INTERVALS[percent])
    return (low <= observed) & (observed <= high)


def share_interval(successes: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927), as if the trials were independent; missing without any.

    >>> tuple(round(end, 3) for end in share_interval(9, 10))
    (0.596, 0.982)
    """
    if not trials:
        return nan, nan
    z = float(norm.ppf(0.5 + CONFIDENCE / 2))
    share, scale = successes / trials, 1 + z**2 / trials
    middle = (share + z**2 / (2 * trials)) / scale
    half = z * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2)) / scale
    return max(middle - half, 0.0), min(middle + half, 1.0)


def place(quantiles: Floats, observed: Floats) -> Floats:
    """Where in its forecast what happened lies (probability integral transform), 0 to 1: (periods,).

    Between two quantiles by linear interpolation; in the middle of levels that share one value; below the lowest or
    above the highest, the middle of that tail (0.0125 and 0.9875), since nothing is known of its shape.
    """
    return np.array([_place(row, value) for row, value in zip(quantiles, observed, strict=True)])


def _place(quantiles: Floats, value: float) -> float:
    at = np.flatnonzero(quantiles == value)
    if len(at):
        return (LEVELS[at[0]] + LEVELS[at[-1]]) / 2
    return float(np.interp(value, quantiles, LEVELS, left=LEVELS[0] / 2, right=(1 + LEVELS[-1]) / 2))
