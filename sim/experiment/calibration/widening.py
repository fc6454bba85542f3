"""How much wider the likelihood must be for intervals to hold the truth as often as they say.

The emulated likelihood is a simplification: noise is taken as normal and the same everywhere, and its covariance is
itself estimated from some hundred runs, which by itself makes intervals too narrow (Hartlap, Simon and Schneider 2007).
So the covariance is multiplied by a factor, chosen on runs that are held out of the emulator: the one at which central
intervals hold the known settings of these runs as often as stated (Syring and Martin 2019, Biometrika 106:479, on
calibrating general posteriors). Whether that works is looked at on other runs (`verification/test_recovery.py`).
"""

from dataclasses import replace

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.calibration.emulator import Emulator, Mask
from sim.experiment.calibration.posterior import Seen, approximate

FACTORS = (1.0, 1.5, 2.2, 3.3, 5.0)
LEVELS = (0.5, 0.8, 0.9)
MOST_CASES = 100
FEWEST_CASES = 20  # below which nothing can be told of coverage, and the likelihood is left as it is
SHARE = 0.2  # of the runs that are held out
DRAWS = 200  # a case


def widening(unit: Floats, outputs: Floats, discrepancy: Floats, used: Mask, seed: int) -> float:
    """The factor, at least 1, from runs at points (n, d) with summaries (n, k).

    The likelihood is the one that the data meet, with the discrepancy (k,) in it. Between the factors that are tried it
    is interpolated on a log scale. 1 if there are too few runs to tell.
    """
    cases = min(MOST_CASES, int(SHARE * len(unit)))
    if cases < FEWEST_CASES:
        return 1.0
    from threadpoolctl import threadpool_limits

    order = np.random.default_rng(seed).permutation(len(unit))
    held, kept = order[:cases], order[cases:]
    emulator = Emulator.fit(unit[kept], outputs[kept])
    misses: list[float] = []
    with threadpool_limits(1):  # many small products: threads would wait for each other
        for factor in FACTORS:
            misses.append(_miss(emulator, unit[held], outputs[held], Seen(outputs[0], discrepancy, used, factor)))
            if misses[-1] >= 0:
                break
    return float(np.exp(np.interp(0.0, misses, np.log(FACTORS[: len(misses)]))))


def _miss(emulator: Emulator, truths: Floats, outputs: Floats, seen: Seen) -> float:
    """How much more often than stated intervals hold the truth, on average over the levels; below 0: too narrow."""
    ranks = np.empty_like(truths)
    for case, (truth, output) in enumerate(zip(truths, outputs, strict=True)):
        draws = approximate(emulator, replace(seen, observed=output), DRAWS, case)
        ranks[case] = (draws < truth).mean(axis=0)
    return float(np.mean([(np.abs(ranks - 0.5) <= level / 2).mean() - level for level in LEVELS]))
