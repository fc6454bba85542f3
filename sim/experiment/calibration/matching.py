"""History matching: which points of the prior are so far from what was observed that they need no more runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.calibration.emulator import Emulator, Mask

CUTOFF = 3.0
"""Points beyond it are ruled out: Pukelsheim's (1994) three-sigma rule, as Vernon, Goldstein & Bower 2010 use it."""
RANK = 3  # which of the largest distances counts
BATCH = 2**13  # candidates judged at once
MOST_CANDIDATES = 2**17  # of the prior; if fewer than wanted are left of them, others are found beside those
RARE = 1e-4  # share of the prior below which candidates are no longer drawn from all of it
KEPT = 0.1  # share of points kept from level to level on the way to a rare region (Au & Beck 2001)
WALK = 12  # steps that spread points out at each level
MOST_LEVELS = 30


@dataclass(frozen=True, slots=True)
class Observed:
    """What runs are held against: values (k,), the model's discrepancy as a sd (k,), and which summaries count (k,)."""

    values: Floats
    discrepancy: Floats
    used: Mask


def distances(emulator: Emulator, unit: Floats, observed: Floats, discrepancy: Floats, used: Mask) -> Floats:
    """Distance of each used summary (m, k used) at points (m, d) from the observed one, in standard deviations.

    The variance is the surface's own, that of a run about it, and the squared discrepancy.
    """
    mine = emulator.subset(used)
    variance = mine.variance(unit) + np.diag(mine.noise) + np.square(discrepancy[used])
    return np.asarray(np.abs(mine.mean(unit) - observed[used]) / np.sqrt(variance))


def implausibility(
    emulator: Emulator, unit: Floats, observed: Floats, discrepancy: Floats, used: Mask, rank: int = RANK
) -> Floats:
    """The third largest distance (m,) at points (m, d), or the largest of fewer than three summaries.

    Of a hundred summaries the true point itself has one beyond three standard deviations in a quarter of cases, and any
    one may be emulated badly; hence not the largest (Vernon, Goldstein & Bower 2010, section 3.3, use the second and
    the third). The third of a hundred independent ones lies beyond in 3 of 1,000 cases, fewer are independent here.
    """
    found = distances(emulator, unit, observed, discrepancy, used)
    return np.asarray(np.sort(found, axis=1)[:, -min(rank, found.shape[1])])


def not_ruled_out(
    emulators: Sequence[Emulator], observed: Floats, discrepancy: Floats, used: Mask, count: int, seed: int
) -> tuple[Floats, float]:
    """Points (count, d) that no wave rules out, spread over that region, and its share of the prior.

    Scrambled Sobol' candidates are rejected if any wave's emulator rules them out. If that leaves too few, points walk
    towards and within the region by levels of implausibility (subset simulation: Au & Beck 2001). If the region is not
    reached, the share is 0 and the points are the least implausible that were found.

    Raises:
        ValueError: no emulator is given.
    """
    if not emulators:
        raise ValueError("history matching needs the emulator of at least one wave")
    judge = _Judge(tuple(emulators), Observed(observed, discrepancy, used))
    points, share = _rejected(judge, count, seed)
    if len(points) >= count:
        return points[:count], share
    return _walked(judge, count, seed)


@dataclass(frozen=True, slots=True)
class _Judge:
    """The implausibility of points in the worst of all waves."""

    emulators: tuple[Emulator, ...]
    observed: Observed

    def __call__(self, unit: Floats) -> Floats:
        seen = self.observed
        found = [implausibility(each, unit, seen.values, seen.discrepancy, seen.used) for each in self.emulators]
        return np.asarray(np.max(found, axis=0))

    @property
    def parameters(self) -> int:
        return self.emulators[0].parameters


def _rejected(judge: _Judge, count: int, seed: int) -> tuple[Floats, float]:
    """Candidates of the whole prior that are not ruled out, until there are enough or they prove rare."""
    accepted: list[Floats] = []
    tried = found = 0
    for batch in _candidates(judge.parameters, seed):
        left = batch[judge(batch) <= CUTOFF]
        accepted.append(left)
        tried, found = tried + len(batch), found + len(left)
        if found >= count or (tried >= 2 / RARE and found < RARE * tried):
            break
    return np.concatenate(accepted), found / tried


def _candidates(parameters: int, seed: int) -> Iterator[Floats]:
    from scipy.stats import qmc

    sequence = qmc.Sobol(parameters, scramble=True, rng=np.random.default_rng(seed))
    for _ in range(MOST_CANDIDATES // BATCH):
        yield np.asarray(sequence.random(BATCH))


def _walked(judge: _Judge, count: int, seed: int) -> tuple[Floats, float]:
    """Points reached by lowering the level of implausibility, each level a share `KEPT` of the one above."""
    from scipy.special import ndtr

    draw = np.random.default_rng([seed, 1])
    size = max(count, 1000)
    normal: Floats = draw.standard_normal((size, judge.parameters))
    found, share = judge(ndtr(normal)), 1.0
    for _ in range(MOST_LEVELS):
        level = max(CUTOFF, float(np.quantile(found, KEPT)))
        inside = found <= level
        share *= float(inside.mean())
        from_inside = draw.choice(np.flatnonzero(inside), size)
        normal, found = _spread(judge, normal[from_inside], found[from_inside], level, draw)
        if level <= CUTOFF:
            return np.asarray(ndtr(normal[:count])), share
    return np.asarray(ndtr(normal[np.argsort(found, kind="stable")[:count]])), 0.0


def _spread(
    judge: _Judge, normal: Floats, found: Floats, level: float, draw: np.random.Generator
) -> tuple[Floats, Floats]:
    """Points moved within the region of a level, uniformly over it in the end.

    Steps of the preconditioned Crank-Nicolson walk (Cotter et al. 2013), which by themselves keep the prior; their
    length adapts to the share of steps taken.
    """
    from scipy.special import ndtr

    length = 0.5
    for _ in range(WALK):
        moved = np.sqrt(1 - length**2) * normal + length * draw.standard_normal(normal.shape)
        judged = judge(ndtr(moved))
        taken = judged <= level
        normal, found = np.where(taken[:, None], moved, normal), np.where(taken, judged, found)
        length = float(np.clip(length * np.exp(taken.mean() - 0.3), 0.01, 0.95))
    return normal, found
