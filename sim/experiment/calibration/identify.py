"""What the observations told: how much narrower each parameter became, and which kinds of summary did it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.calibration.emulator import Emulator, Mask

PRIOR_SD = 1.0 / np.sqrt(12.0)
"""Of the uniform prior on the unit interval."""
POINTS = 200  # draws over which slopes are averaged
LEAST_SHARE = 0.1  # of what is said about a parameter: kinds that say less are not named
MOST_KINDS = 3


def narrowed(draws: Floats) -> Floats:
    """1 - posterior sd / prior sd of each parameter (d,), from draws (m, d) in the unit cube.

    0 where nothing was learnt; slightly below it by chance, or well below where the ends of the range are favoured.
    """
    return np.asarray(1.0 - draws.std(axis=0, ddof=1) / PRIOR_SD)


def informed_by(
    emulator: Emulator, draws: Floats, used: Mask, kinds: Sequence[str], discrepancy: Floats | None = None
) -> list[list[tuple[str, float]]]:
    """For each parameter the kinds of summary that say most about it, each with its share; the largest first.

    `kinds` (k,) names the kind of every summary, used or not. What a summary says of a parameter is the square of the
    emulated slope in units of noise (its part of Fisher's information), averaged over draws. Noise is correlated: it is
    taken out by ZCA-cor whitening, which keeps each whitened summary as close as can be to its own (Kessy, Lewin &
    Strimmer 2018). Kinds below a tenth are left out, and more than three. A summary that says much in itself may add
    little to the posterior where several parameters act alike.
    """
    said = _information(emulator.subset(used), draws, None if discrepancy is None else discrepancy[used])
    names = np.array(kinds)[used]
    known = list(dict.fromkeys(names.tolist()))
    by_kind = np.stack([said[names == kind].sum(axis=0) for kind in known])  # (kinds, d)
    shares = by_kind / np.maximum(by_kind.sum(axis=0), np.finfo(float).tiny)
    return [_largest(known, column) for column in shares.T]


def informed_text(pairs: Sequence[tuple[str, float]]) -> str:
    """The kinds and their shares in words.

    >>> informed_text([("arrivals", 0.62), ("crossing_days", 0.2)])
    'arrivals 62 %, crossing days 20 %'
    """
    return ", ".join(f"{kind.replace('_', ' ')} {100 * share:.0f} %" for kind, share in pairs)


def _information(emulator: Emulator, draws: Floats, discrepancy: Floats | None) -> Floats:
    """What each whitened summary says of each parameter, shape (k, d)."""
    points = draws[np.linspace(0, len(draws) - 1, min(POINTS, len(draws))).round().astype(int)]
    covariance = emulator.noise + (0.0 if discrepancy is None else np.diag(np.square(discrepancy)))
    sd = np.sqrt(np.diag(covariance))
    sizes, turns = np.linalg.eigh(covariance / np.outer(sd, sd))
    whitening = (turns / np.sqrt(np.maximum(sizes, 1e-12))) @ turns.T / sd
    slopes = [np.square(whitening @ emulator.gradient(point[None])[0]) for point in points]
    return np.asarray(np.mean(slopes, axis=0))


def _largest(kinds: Sequence[str], shares: Floats) -> list[tuple[str, float]]:
    order = np.argsort(-shares, kind="stable")[:MOST_KINDS]
    return [(kinds[i], float(shares[i])) for i in order if shares[i] >= LEAST_SHARE]
