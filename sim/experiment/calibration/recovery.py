"""Known truths got back: whether the posterior's intervals hold the truth as often as they state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.calibration.emulator import Emulator, Mask
from sim.experiment.calibration.posterior import sample

LEVELS = (0.5, 0.8, 0.9)
DRAWS = 400  # a case
LENGTHS = 30  # autocorrelation times of each chain: its many walkers make up for its length
ALL = "all"


def coverage(
    emulator: Emulator, truths: Floats, outputs: Floats, used: Mask, levels: Sequence[float] = LEVELS,
    names: Sequence[str] | None = None, seed: int = 1, widening: float = 1.0,
    discrepancy: Floats | None = None, lengths: float = LENGTHS,
) -> pd.DataFrame:  # fmt: skip
    """How often central intervals hold the truth in runs at known parameters (c, d) with summaries (c, k).

    The runs must not be among those that the emulator was fitted to. Without a discrepancy (k,) it is nil, since here
    the model is the truth; with one, and a `widening`, the posterior is the one that the data meet. Truths should be
    drawn from the prior; only then is coverage expected to be as stated.

    A row for each parameter and level, and for `all`: parameter, level, covered (share of cases whose truth the
    interval holds), standard_error, cases, rank (mean rank of the truth among the draws, 0.5 if unbiased), rank_p.

    The unit is the case. For one parameter the standard error is that of a share that is as stated,
    sqrt(level (1 - level) / c), and `rank_p` is Kolmogorov's p-value of ranks being uniform (simulation-based
    calibration: Talts et al. 2018). The parameters of one case share its weather and are not independent: over all,
    the standard error is the sd over cases of the share of parameters held, over sqrt(c), and `rank_p` is Student's
    p-value of the mean rank of a case being 0.5.
    """
    ranks = posterior_ranks(emulator, truths, outputs, used, seed, lengths, widening, discrepancy)
    names = list(names) if names is not None else [str(i) for i in range(truths.shape[1])]
    return coverage_table(ranks, names, levels)


def posterior_ranks(
    emulator: Emulator, truths: Floats, outputs: Floats, used: Mask, seed: int, lengths: float = LENGTHS,
    widening: float = 1.0, discrepancy: Floats | None = None,
) -> Floats:  # fmt: skip
    """The share of posterior draws below the truth (c, d), halfway between the steps; nearly uniform if all is well."""
    missed = np.zeros(outputs.shape[1]) if discrepancy is None else discrepancy
    ranks = np.empty_like(truths)
    for case, (truth, output) in enumerate(zip(truths, outputs, strict=True)):
        found = sample(emulator, output, missed, used, DRAWS, seed + case, lengths=lengths, widening=widening)
        ranks[case] = ((found.draws < truth).sum(axis=0) + 0.5) / (len(found.draws) + 1)
    return ranks


def coverage_table(ranks: Floats, names: Sequence[str], levels: Sequence[float]) -> pd.DataFrame:
    """The table of `coverage` from the ranks (c, d) of the truths."""
    from scipy.stats import kstest, ttest_1samp

    cases = len(ranks)
    rows: list[dict[str, Any]] = []
    for level in levels:
        held: npt.NDArray[np.bool_] = np.abs(ranks - 0.5) <= level / 2
        error = np.sqrt(level * (1 - level) / cases)
        for i, name in enumerate(names):
            p = float(kstest(ranks[:, i], "uniform").pvalue)
            rows.append(_row(name, level, held[:, i].mean(), error, cases, ranks[:, i].mean(), p))
        by_case = held.mean(axis=1)
        p = float(ttest_1samp(ranks.mean(axis=1), 0.5).pvalue)
        rows.append(_row(ALL, level, by_case.mean(), by_case.std(ddof=1) / np.sqrt(cases), cases, ranks.mean(), p))
    return pd.DataFrame(rows)


def _row(name: str, level: float, covered: float, error: float, cases: int, rank: float, p: float) -> dict[str, Any]:
    return {
        "parameter": name, "level": level, "covered": float(covered), "standard_error": float(error), "cases": cases,
        "rank": float(rank), "rank_p": p,
    }  # fmt: skip
