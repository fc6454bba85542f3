"""An outcome smoothed over one setting: natural cubic splines for numbers, group means for words and few values."""

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats

POINTS_A_KNOT = 25  # a spline needs data: one knot for so many points, within the bounds that the caller gives
OUTER = 0.05  # share of the points beyond the first and the last knot, where a natural spline is a straight line


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers (switches are words)."""
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def basis(values: pd.Series, log: bool, fewest: int, most: int) -> Floats:
    """Columns whose combinations are the smooth functions of a setting, constants among them; shape (points, columns).

    Hastie, Tibshirani & Friedman 2009, section 5.2.1, with knots at quantiles; their number grows with the points from
    `fewest` to `most`. Words, and numbers with no more values than knots, have a column for each value.
    """
    codes, distinct = pd.factorize(values)
    knots = int(np.clip(len(values) // POINTS_A_KNOT, fewest, most))
    if len(distinct) <= knots or not is_number(values):
        return np.eye(len(distinct))[codes]
    x = np.log(values.to_numpy(float)) if log and values.min() > 0 else values.to_numpy(float)
    x = (x - x.min()) / (x.max() - x.min())
    at = np.unique(np.quantile(x, np.linspace(OUTER, 1 - OUTER, knots)))
    columns = [np.ones_like(x), x]
    if len(at) > 2:
        cubes = [(_cubed(x - k) - _cubed(x - at[-1])) / (at[-1] - k) for k in at[:-1]]
        columns += [cube - cubes[-1] for cube in cubes[:-1]]
    return np.column_stack(columns)


def orthonormal(columns: Floats) -> Floats:
    """An orthonormal basis of the same space, columns that say nothing new left out."""
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, sizes > sizes[0] * 1e-9])


def resampled(points: int, resamples: int, draw: np.random.Generator) -> Floats:
    """How often each point is drawn in each of some bootstrap samples; shape (resamples, points)."""
    return np.asarray(draw.multinomial(points, np.full(points, 1 / points), size=resamples), dtype=float)


def coefficients(columns: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """Least squares of the outcomes (points, policies) on the columns, for each row of weights of the points.

    Shape (rows of weights, columns, policies); the normal equations of all rows are had from one product.
    """
    n, k = columns.shape
    squares = (columns[:, :, None] * columns[:, None, :]).reshape(n, -1)
    products = (columns[:, :, None] * outcomes[:, None, :]).reshape(n, -1)
    left = (weights @ squares).reshape(-1, k, k)
    right = (weights @ products).reshape(len(weights), k, -1)
    return np.asarray(np.linalg.pinv(left, rcond=1e-9, hermitian=True) @ right)


def explained(columns: Floats, outcomes: Floats, weights: Floats) -> Floats:
    """Adjusted share of an outcome's variance that combinations of orthonormal columns explain, a row of weights each.

    Missing where the outcome does not vary.
    """
    n, k = columns.shape
    outcomes = outcomes - outcomes.mean()
    slopes = coefficients(columns, outcomes[:, None], weights)[:, :, 0]
    left = (weights * (outcomes - slopes @ columns.T) ** 2).sum(axis=1) / (n - k)
    means = weights @ outcomes / n
    total = (weights @ outcomes**2 - n * means**2) / (n - 1)
    shares = np.full(len(weights), np.nan)
    np.divide(left, total, out=shares, where=total > 0)
    return np.asarray(1 - shares)


def _cubed(x: Floats) -> Floats:
    return np.asarray(np.maximum(x, 0.0) ** 3)
