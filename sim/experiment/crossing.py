"""Where a response curve meets its target: piecewise linear, with a bootstrap interval over replications. Pure.

A curve is given by its levels, shape (levels,), ascending, and by its *gaps*: how far the effect is above the target
in each replication, shape (levels, replications). The mean curve meets the target where its gap is nil.
"""

from dataclasses import dataclass
from math import inf, isnan, nan

import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats
from sim.experiment.intervals import CONFIDENCE, mean_interval

RESAMPLES = 2000  # the ends of a 95 % percentile interval then rest on some fifty resamples each
SATURATED = 0.95  # a pipeline is full where it gives this share of the most that it gives anywhere


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where the mean curve first meets the target, with its 95 % interval over resampled replications.

    `value` is missing if the mean curve never meets it, and the interval too. An end of the interval is infinite if
    it lies beyond the levels. `never_share` is the share of the resamples that never meet the target.
    """

    value: float
    low: float
    high: float
    never_share: float


def mean_over(values: Floats) -> Floats:
    """Means over replications, missing values left out: (levels, replications) to (levels,)."""
    return _weighted(values, np.ones((1, values.shape[1])))[:, 0]


def first_crossing(levels: Floats, gaps: Floats) -> float:
    """The first level at which a piecewise linear curve of gaps, shape (levels,), is nil; missing if it never is.

    A curve that starts at nil has to leave and come back: where a lever does nothing, an effect of nil is no answer.

    >>> first_crossing(np.array([0.0, 10.0, 20.0]), np.array([4.0, 1.0, -3.0]))
    12.5
    """
    step = crossing_step(levels, gaps)
    if step is None:
        return nan
    (start, above), (end, below) = step
    return float(start + (end - start) * above / (above - below))


def crossing_step(levels: Floats, gaps: Floats) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The two neighbouring points (level, gap) between which the curve first meets nil, or None."""
    points = [(float(x), float(y)) for x, y in zip(levels, gaps, strict=True) if not isnan(y)]
    start = next((i for i, (_, gap) in enumerate(points) if gap), len(points))
    for before, after in zip(points[start:], points[start + 1 :], strict=False):
        if before[1] * after[1] <= 0:
            return before, after
    return None


def crossing(levels: Floats, gaps: Floats, generator: np.random.Generator) -> Crossing:
    """Where the mean curve meets the target, and how sure that is.

    Whole replications are drawn with replacement, so that levels stay paired. A resample that never meets the target
    counts as meeting it beyond the levels: above the highest, or below the lowest if it lies wholly on the far side.
    One replication has no interval.
    """
    mean = mean_over(gaps)
    value, n = first_crossing(levels, mean), gaps.shape[1]
    if n < 2:
        return Crossing(value, nan, nan, nan)
    drawn = generator.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    places = np.array([_place(levels, curve, mean) for curve in _weighted(gaps, drawn).T])
    never_share = float(np.isinf(places).mean())
    if isnan(value):
        return Crossing(nan, nan, nan, never_share)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(places, [tail, 1 - tail], method="inverted_cdf")
    return Crossing(value, float(low), float(high), never_share)


def saturation(levels: Floats, returned: Floats) -> float:
    """The smallest level at which mean returns reach 95 % of the most at any level.

    Infinite if that is the highest level: returns still rise there. Missing if returns do not rise with the lever,
    that is if the 95 % t-interval of the gain over the lowest level holds zero. `returned`: (levels, replications).
    """
    mean = mean_over(returned)
    if np.isnan(mean).any():
        return nan
    gain, low, _ = mean_interval(returned[int(mean.argmax())] - returned[0])
    if not (gain if isnan(low) else low) > 0:
        return nan
    full = int(np.argmax(mean >= SATURATED * mean.max()))
    return inf if full == len(levels) - 1 else float(levels[full])


def _place(levels: Floats, curve: Floats, mean: Floats) -> float:
    """Where one resample meets the target; infinite if it does not."""
    found = first_crossing(levels, curve)
    if not isnan(found):
        return found
    sides, before = _sides(curve), _sides(mean)
    wholly_beyond = len(sides) > 0 and len(before) > 0 and sides[0] == -before[0]
    return -inf if wholly_beyond else inf


def _sides(gaps: Floats) -> Floats:
    """On which side of the target a curve lies, point by point; points on it and missing ones left out."""
    known = gaps[~np.isnan(gaps)]
    return np.asarray(np.sign(known[known != 0]))


def _weighted(values: Floats, weights: npt.NDArray[np.integer] | Floats) -> Floats:
    """Weighted means without missing values: (levels, replications) and (draws, replications) to (levels, draws)."""
    known = ~np.isnan(values)
    total, count = np.where(known, values, 0.0) @ weights.T, known.astype(float) @ weights.T
    means: Floats = np.divide(total, count, out=np.full(total.shape, nan), where=count > 0)
    return means
