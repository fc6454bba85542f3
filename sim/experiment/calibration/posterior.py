"""The posterior: parameters drawn by MCMC from the emulated likelihood of the observed summaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.calibration.emulator import Emulator, Mask

WALKERS_A_PARAMETER = 3  # and at least FEWEST_WALKERS; emcee needs two
FEWEST_WALKERS = 32
LENGTHS = 50  # autocorrelation times that a chain should last (Foreman-Mackey et al. 2013; emcee's own advice)
BURN_IN = 5  # autocorrelation times left out at the start, which is near the posterior already
GROWTH = 1.5  # how much longer the chain is at least at the next look
FIRST_LOOK = 200  # steps before the chain is first looked at
MOST_STEPS = 12_000
NEAR_MODE = ((0.6, 0.6), (0.25, 0.2))  # walks about the Laplace approximation: length of a step, share of moves
ANYWHERE, BETWEEN_MODES = 0.15, 0.05  # shares of moves by differential evolution
TYPICAL = 200  # points over which the emulator's own uncertainty is averaged
Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws (draws, d) in the unit cube, and how well the chain behind them mixed.

    `autocorrelation` is the longest of the parameters' autocorrelation times, in steps; `effective` the independent
    draws in the whole chain for that parameter; `acceptance` the share of proposals taken.
    """

    draws: Floats
    walkers: int
    steps: int
    burn_in: int
    autocorrelation: float
    effective: float
    acceptance: float

    @property
    def converged(self) -> bool:
        """Whether the chain lasts 50 autocorrelation times."""
        return self.steps >= LENGTHS * self.autocorrelation


def sample(
    emulator: Emulator, observed: Floats, discrepancy: Floats, used: Mask, draws: int, seed: int,
    lengths: float = LENGTHS, most_steps: int = MOST_STEPS, widening: float = 1.0,
) -> Posterior:  # fmt: skip
    """Draw parameters given observed summaries (k,), with a uniform prior on the unit cube.

    The likelihood is normal (a synthetic likelihood: Wood 2010; Price et al. 2018) with the emulated mean; its
    covariance is that of runs about the surface, plus the squared discrepancy (k,), a sd, on the diagonal, plus the
    surface's own uncertainty. The latter changes little over the posterior: it is taken at its average there, as
    correlated over the summaries as runs are, so that one Cholesky factor serves all points.

    Walkers of emcee (affine-invariant ensembles; Foreman-Mackey et al. 2013) move in probit space, where the uniform
    prior is a standard normal one without walls: by walks about the Laplace approximation at the mode, from which they
    start, and by differential evolution (ter Braak 2006; Nelson et al. 2014), which does not rely on it. The chain
    lasts `lengths` autocorrelation times, at most `most_steps`. `widening` multiplies the covariance but for the
    discrepancy (see `widening.py`).

    Raises:
        ValueError: no summary is used.
    """
    from threadpoolctl import threadpool_limits

    draw = np.random.default_rng(seed)
    with threadpool_limits(1):  # thousands of small products: threads would wait for each other
        target, mode = _approximated(emulator, Seen(observed, discrepancy, used, widening), draw)
        return _run(target, mode, _Wanted(draws, lengths, most_steps), draw)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the likelihood is of: observed summaries and discrepancies (each (k,)), those used, and the widening."""

    observed: Floats
    discrepancy: Floats
    used: Mask
    widening: float = 1.0


def approximate(emulator: Emulator, seen: Seen, draws: int, seed: int) -> Floats:
    """Draws (draws, d) of the Laplace approximation of the posterior: as `sample`, without its walk.

    Raises:
        ValueError: no summary is used.
    """
    draw = np.random.default_rng(seed)
    return _unit(_approximated(emulator, seen, draw)[1].points(draws, draw))


def _approximated(emulator: Emulator, seen: Seen, draw: np.random.Generator) -> tuple[_Target, Mode]:
    """The target, and its Laplace approximation; the surface's uncertainty at the posterior needs it, roughly."""
    if not seen.used.any():
        raise ValueError("a posterior needs at least one summary")
    mine = emulator.subset(seen.used)
    near: Floats = draw.random((TYPICAL, mine.parameters))
    for _ in range(2):
        near = _unit(_laplace(_target(mine, seen, near), draw).points(TYPICAL, draw))
    target = _target(mine, seen, near)
    return target, _laplace(target, draw)


@dataclass(frozen=True, slots=True)
class _Target:
    """The log posterior density in probit space; residuals are whitened by the inverse Cholesky factor."""

    emulator: Emulator
    observed: Floats
    whitening: Floats

    def residuals(self, normal: Floats) -> Floats:
        """Whitened distances (m, k) of the emulated from the observed summaries."""
        return np.asarray((self.emulator.mean(_unit(normal)) - self.observed) @ self.whitening.T)

    def slopes(self, normal: Floats) -> Floats:
        """Changes (k, d) of the whitened distances at one point (d,)."""
        dense = np.exp(-0.5 * np.square(normal)) / np.sqrt(2 * np.pi)
        return np.asarray(self.whitening @ self.emulator.gradient(_unit(normal[None]))[0] * dense)

    def __call__(self, normal: Floats) -> Floats:
        off = np.square(self.residuals(normal)).sum(axis=1) + np.square(normal).sum(axis=1)
        return np.asarray(-0.5 * off)


def _unit(normal: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(normal))


def _target(emulator: Emulator, seen: Seen, near: Floats) -> _Target:
    """The target with the surface's uncertainty as it is on average at points `near`."""
    noise = np.diag(emulator.noise)
    factor = np.sqrt(seen.widening * (noise + emulator.variance(near).mean(axis=0)) / noise)
    covariance = emulator.noise * np.outer(factor, factor) + np.diag(np.square(seen.discrepancy[seen.used]))
    return _Target(emulator, seen.observed[seen.used], np.linalg.inv(np.linalg.cholesky(covariance)))


@dataclass(frozen=True, slots=True)
class Mode:
    """The Laplace approximation in probit space: the mode (d,) and the Cholesky root (d, d) of the covariance there."""

    at: Floats
    root: Floats

    def points(self, count: int, draw: np.random.Generator) -> Floats:
        """Points (count, d) of the approximation."""
        return np.asarray(self.at + draw.standard_normal((count, len(self.at))) @ self.root.T)

    def proposal(self, length: float) -> Any:
        """A walk that by itself keeps the approximation, as a proposal of emcee with its log factor.

        The preconditioned Crank-Nicolson walk (Cotter et al. 2013) about the mode: it is refused only as far as the
        posterior is not the approximation, so dimensions cost little; at length 1 points are drawn independently.
        """
        back = np.linalg.inv(self.root)

        def moved(places: Floats, random: Any) -> tuple[Floats, Floats]:
            before = (places - self.at) @ back.T
            after = np.sqrt(1 - length**2) * before + length * random.standard_normal(places.shape)
            factor = 0.5 * (np.square(after).sum(axis=1) - np.square(before).sum(axis=1))
            return self.at + after @ self.root.T, factor

        return moved


@dataclass(frozen=True, slots=True)
class _Wanted:
    draws: int
    lengths: float
    most_steps: int


def _laplace(target: _Target, draw: np.random.Generator) -> Mode:
    """The mode, by Gauss-Newton from the best of some points of the prior, and the curvature there."""
    from scipy.optimize import least_squares

    def all_residuals(normal: Array) -> Floats:
        return np.concatenate([target.residuals(normal[None])[0], normal])

    def all_slopes(normal: Array) -> Floats:
        return np.concatenate([target.slopes(normal), np.eye(len(normal))])

    candidates = 0.5 * draw.standard_normal((TYPICAL, target.emulator.parameters))
    first = candidates[np.argmax(target(candidates))]
    mode: Array = least_squares(all_residuals, first, jac=all_slopes, max_nfev=200).x
    slopes = target.slopes(mode)
    return Mode(mode, np.linalg.cholesky(np.linalg.inv(slopes.T @ slopes + np.eye(len(mode)))))


def _run(target: _Target, mode: Mode, wanted: _Wanted, draw: np.random.Generator) -> Posterior:
    """Run the walkers until the chain lasts long enough for its autocorrelation and for the draws wanted."""
    import emcee

    d = len(mode.at)
    walkers = max(WALKERS_A_PARAMETER * d, FEWEST_WALKERS) // 2 * 2
    near = [(emcee.moves.MHMove(mode.proposal(length)), share) for length, share in NEAR_MODE]
    moves = [*near, (emcee.moves.DEMove(), ANYWHERE), (emcee.moves.DEMove(gamma0=1.0), BETWEEN_MODES)]
    sampler = emcee.EnsembleSampler(walkers, d, target, moves=moves, vectorize=True)
    seeded = np.random.RandomState(int(draw.integers(2**31)))
    state: Any = emcee.State(mode.points(walkers, draw), random_state=seeded.get_state())
    steps, time, enough = 0, np.inf, FIRST_LOOK
    while steps < min(enough, wanted.most_steps):
        more = min(enough, wanted.most_steps) - steps
        state = sampler.run_mcmc(state, more)
        steps += more
        time = max(float(np.max(sampler.get_autocorr_time(tol=0))), 1.0)
        enough = int(np.ceil(max(wanted.lengths * time, (BURN_IN + wanted.draws / walkers) * time)))
        enough = max(enough, int(GROWTH * steps)) if enough > steps else enough  # looking takes time itself
    burn_in = min(int(BURN_IN * time), steps // 2)
    chain = sampler.get_chain(discard=burn_in).reshape(-1, d)
    picked = np.linspace(0, len(chain) - 1, wanted.draws).round().astype(int)
    return Posterior(
        draws=_unit(chain[picked]), walkers=walkers, steps=steps, burn_in=burn_in, autocorrelation=time,
        effective=walkers * (steps - burn_in) / time, acceptance=float(np.mean(sampler.acceptance_fraction)),
    )  # fmt: skip
