"""The emulator: a fast regression that stands for the mean of the simulation's summaries over its parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats

SECOND_ORDER = (0.5, 0.25, 0.1, 0.03)  # prior sd of curvature and interactions as a share of a main effect's, tried
PENALTIES = tuple(np.logspace(-1.0, 5.0, 19))  # ridge penalties tried: noise variance over a main effect's
FEWEST = 8  # runs: with fewer there is nothing to leave out
LEAST_SD = 1e-6  # of a summary's own sd: noise is never nil, so that covariances can be inverted
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Basis:
    """The directions of the features in which the runs lie, at one share of second-order effects.

    `weights` (features,), `centre` (features,), `right` (features, rank) and `sizes` (rank,) of the singular value
    decomposition of the centred, weighted features.
    """

    weights: Floats
    centre: Floats
    right: Floats
    sizes: Floats

    def spread(self, features: Floats, penalties: Floats, runs: int) -> Floats:
        """Variance of the mean at points, shape (points, penalties), as a share of the noise variance.

        That of a Bayesian linear model whose coefficients have prior variance 1 / penalty (Rasmussen & Williams 2006,
        section 2.1), with a flat prior of the intercept.
        """
        shifted = features * self.weights - self.centre
        along = np.square(shifted @ self.right)
        beyond = np.maximum(np.square(shifted).sum(axis=1) - along.sum(axis=1), 0.0)  # where no run tells anything
        seen = along @ (1.0 / (np.square(self.sizes)[:, None] + penalties))
        return np.asarray(1.0 / runs + seen + beyond[:, None] / penalties)


@dataclass(frozen=True, slots=True)
class Emulator:
    """Second-order response surfaces of k summaries over d parameters in [0, 1].

    Polynomials of degree two in Legendre's orthonormal form (polynomial chaos, Xiu & Karniadakis 2002), fitted by ridge
    regression. The penalty of each summary, and how much less is expected of curvature and interactions than of main
    effects, are those with the smallest leave-one-out error (Allen's PRESS, exact for ridge: Golub, Heath & Wahba
    1979).

    `noise` is the covariance of runs about the surface (chance in a run and what the surface misses), without the
    surface's own uncertainty: leave-one-out residuals times sqrt(1 - leverage), shrunk after Ledoit & Wolf 2004 on
    their standardised form. So `noise` and `variance` add up to what is found out of fold. `skill` is the R2 of the
    leave-one-out predictions.
    """

    intercept: Floats
    coefficients: Floats
    noise: Floats
    skill: Floats
    penalties: Floats
    shares: npt.NDArray[np.intp]
    bases: tuple[Basis, ...]
    runs: int

    @classmethod
    def fit(cls, unit: Floats, outputs: Floats) -> Emulator:
        """Fit surfaces to runs: parameters (n, d) in [0, 1] and their summaries (n, k).

        Raises:
            ValueError: fewer than 8 runs, shapes that do not match, or values that are not finite.
        """
        _check(unit, outputs)
        features = _features(unit)
        location, scale = outputs.mean(axis=0), _sd(outputs)
        scaled = (outputs - location) / scale
        bases, fits = [], []
        for share in SECOND_ORDER:
            basis, left = _basis(features, share, unit.shape[1])
            bases.append(basis)
            fits.append(_ridge(left, basis.sizes, scaled))
        shares = np.argmin([fit.error for fit in fits], axis=0)
        chosen = [fits[share] for share in shares]
        columns = range(outputs.shape[1])
        penalties = np.array([chosen[j].penalties[j] for j in columns])
        residuals = np.column_stack([chosen[j].residuals[:, j] for j in columns])
        leverage = np.column_stack([chosen[j].leverage[:, j] for j in columns])
        coefficients = np.column_stack([_coefficients(bases[s], fits[s], j) for j, s in enumerate(shares)])
        middle = np.column_stack([bases[s].centre / bases[s].weights for s in shares])
        return cls(
            intercept=location - scale * np.sum(middle * coefficients, axis=0),
            coefficients=coefficients * scale,
            noise=_covariance(residuals * np.sqrt(1.0 - leverage), scale),
            skill=1.0 - np.square(residuals).sum(axis=0) / np.maximum(np.square(scaled).sum(axis=0), 1.0),
            penalties=penalties,
            shares=shares,
            bases=tuple(bases),
            runs=len(unit),
        )

    @property
    def parameters(self) -> int:
        """How many parameters there are, d: the features number d (d + 3) / 2."""
        return round((sqrt(9 + 8 * len(self.coefficients)) - 3) / 2)

    def mean(self, unit: Floats) -> Floats:
        """The emulated summaries (m, k) at points (m, d)."""
        return np.asarray(self.intercept + _features(unit) @ self.coefficients)

    def variance(self, unit: Floats) -> Floats:
        """The surface's own uncertainty, a variance (m, k) at points (m, d); chance in a run comes on top."""
        features = _features(unit)
        found = np.empty((len(unit), len(self.intercept)))
        for share in np.unique(self.shares):
            mine = self.shares == share
            found[:, mine] = self.bases[share].spread(features, self.penalties[mine], self.runs)
        return np.asarray(found * np.diag(self.noise))

    def gradient(self, unit: Floats) -> Floats:
        """The change of the emulated summaries with each parameter, (m, k, d), at points (m, d)."""
        d = unit.shape[1]
        x = 2.0 * unit - 1.0
        first, square, pairs = np.split(self.coefficients, [d, 2 * d])
        curves = np.zeros((d, d, len(self.intercept)))
        rows, columns = np.triu_indices(d, 1)
        curves[rows, columns] = curves[columns, rows] = 3.0 * pairs
        curves[np.arange(d), np.arange(d)] = 3.0 * np.sqrt(5.0) * square
        slopes = np.sqrt(3.0) * first + np.tensordot(x, curves, axes=(1, 0))
        return np.asarray(2.0 * np.swapaxes(slopes, 1, 2))

    def subset(self, used: Mask) -> Emulator:
        """The emulator of some of the summaries only."""
        return replace(
            self, intercept=self.intercept[used], coefficients=self.coefficients[:, used],
            noise=self.noise[np.ix_(used, used)], skill=self.skill[used], penalties=self.penalties[used],
            shares=self.shares[used],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ridge:
    """Ridge fits of k outputs, each with its best penalty: projections (rank, k), residuals and leverage (n, k)."""

    penalties: Floats
    error: Floats
    projected: Floats
    residuals: Floats
    leverage: Floats


def _features(unit: Floats) -> Floats:
    """Orthonormal Legendre polynomials under the uniform prior: d of degree one, d squares, d(d-1)/2 products."""
    x = 2.0 * unit - 1.0
    rows, columns = np.triu_indices(unit.shape[1], 1)
    squares = np.sqrt(5.0) * (1.5 * np.square(x) - 0.5)
    return np.concatenate([np.sqrt(3.0) * x, squares, 3.0 * x[:, rows] * x[:, columns]], axis=1)


def _basis(features: Floats, share: float, parameters: int) -> tuple[Basis, Floats]:
    """The basis at a share of second-order effects, and the runs in it (runs, rank)."""
    weights = np.full(features.shape[1], share)
    weights[:parameters] = 1.0
    weighted = features * weights
    centre = weighted.mean(axis=0)
    left, sizes, right = np.linalg.svd(weighted - centre, full_matrices=False)
    kept = sizes > sizes[0] * 1e-10
    return Basis(weights, centre, np.ascontiguousarray(right[kept].T), sizes[kept]), left[:, kept]


def _ridge(left: Floats, sizes: Floats, scaled: Floats) -> _Ridge:
    """Ridge regression on centred outputs (n, k) with the penalty that predicts runs left out best."""
    projected = left.T @ scaled
    squares, tried = np.square(left), np.array(PENALTIES)
    kept = np.square(sizes)[:, None] / (np.square(sizes)[:, None] + tried)
    leverage = 1.0 / len(scaled) + squares @ kept  # (runs, penalties)
    errors = np.empty((len(tried), scaled.shape[1]))
    for i in range(len(tried)):
        errors[i] = np.square((scaled - left @ (kept[:, i, None] * projected)) / _free(leverage[:, i, None])).sum(
            axis=0
        )
    best = np.argmin(errors, axis=0)
    mine = kept[:, best] * projected
    hat = np.minimum(leverage[:, best], 1.0 - 1e-9)
    return _Ridge(tried[best], errors.min(axis=0), mine, (scaled - left @ mine) / _free(hat), hat)


def _free(leverage: Floats) -> Floats:
    return np.asarray(np.maximum(1.0 - leverage, 1e-9))


def _coefficients(basis: Basis, fit: _Ridge, column: int) -> Floats:
    """Coefficients (features,) of the unweighted features."""
    return np.asarray(basis.weights * (basis.right @ (fit.projected[:, column] / basis.sizes)))


def _covariance(residuals: Floats, scale: Floats) -> Floats:
    """The covariance of residuals in the outputs' units, their correlations shrunk."""
    from sklearn.covariance import ledoit_wolf

    sd = np.maximum(np.sqrt(np.mean(np.square(residuals), axis=0)), LEAST_SD)
    shrunk: Any = ledoit_wolf(residuals / sd, assume_centered=True)[0]
    own = np.sqrt(np.maximum(np.diag(shrunk), LEAST_SD))
    correlation = shrunk / np.outer(own, own)  # shrinking is meant for correlations, not for the variances
    np.fill_diagonal(correlation, 1.0)
    return np.asarray(correlation * np.outer(sd * scale, sd * scale))


def _sd(outputs: Floats) -> Floats:
    sd = outputs.std(axis=0)
    return np.asarray(np.where(sd > 0, sd, 1.0))


def _check(unit: Floats, outputs: Floats) -> None:
    if unit.ndim != 2 or outputs.ndim != 2 or len(unit) != len(outputs):
        raise ValueError(f"parameters {unit.shape} and summaries {outputs.shape} do not match")
    if len(unit) < FEWEST:
        raise ValueError(f"{len(unit)} runs are too few for an emulator; it needs {FEWEST}")
    if not (np.isfinite(unit).all() and np.isfinite(outputs).all()):
        raise ValueError("parameters and summaries must be finite")
