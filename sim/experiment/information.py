"""Which uncertain setting, if it were known, would most likely change the ranking of policies.

The expected value of partial perfect information by regression (Strong, Oakley & Brennan 2014): each policy's outcome
is smoothed over the setting, the best policy at each of its values is compared with the policy that is best overall.
Such a gain is never below nil and grows with noise: `noise` is what the best of all these settings would show if none
said anything (the 95th percentile of the most over permutations of the futures), and only what is above that is more
than chance: of two hundred settings, ten would each by itself be above its own 95th percentile.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats, Streams
from sim.experiment.intervals import CONFIDENCE
from sim.experiment.smoothing import basis, coefficients, orthonormal, resampled
from sim.experiment.swept import UNWEIGHTED, Outcome, Sample, Swept, samples
from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import shown

KIND = "uncertainty"
RESAMPLES = 200
PERMUTATIONS = 200
KNOTS = (3, 6)
FEWEST_FUTURES = 20
TIE = 1e-9  # of the largest outcome: policies closer than this are equally good
ENDS = {"lowest": 1.0, "highest": -1.0}
COLUMNS = (
    "metric", "unit", "best", "setting", "kind", "confidence", "probability", "probability_low", "probability_high",
    "probability_noise", "evppi", "evppi_low", "evppi_high", "evppi_noise", "above_noise", "evpi", "policy_now",
    "policy_else", "policy_else_share", "policies", "futures", "replications", "noise_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranked:
    """Policies under the same futures: `losses`, lower is better, shape (futures, policies); `now` is best on average.

    `first` says how often each policy is the best one of a future; of several the one that is best on average, if it is
    one of them.
    """

    policies: list[str]
    inputs: pd.DataFrame
    losses: Floats
    now: int
    first: Floats

    @property
    def gain_of_all(self) -> float:
        """Expected gain from knowing everything (EVPI) in the metric's unit; at most, for noise adds to it."""
        return float(self.losses[:, self.now].mean() - self.losses.min(axis=1).mean())

    @property
    def otherwise(self) -> int:
        """The policy that is the best most often, other than the one that is best on average."""
        return int(np.argmax(np.where(np.arange(len(self.first)) == self.now, -1, self.first)))


def information(swept: Swept, outcome: Outcome, best: str, seed: int) -> pd.DataFrame:
    """`information.parquet`: a row an uncertain setting, the one that would gain most first.

    Empty where there are fewer than two policies, or too few futures, or these are no sample of what may be.

    Raises:
        ScenarioError: `best` is neither lowest nor highest.
    """
    if best not in ENDS:
        raise ScenarioError([Problem("--best", "is unknown", shown(best), ", ".join(ENDS))])
    policies = [] if swept.design(KIND) in UNWEIGHTED else samples(swept, outcome, KIND)
    ranked = rank(policies, ENDS[best]) if len(policies) > 1 else None
    if ranked is None:
        return pd.DataFrame(columns=list(COLUMNS))
    draw = Streams(seed, 0).generator("information")
    told = swept.settings
    bases = {name: orthonormal(basis(ranked.inputs[name], bool(told.at[name, "scale"] == "log"), *KNOTS))
             for name in ranked.inputs}  # fmt: skip
    noise = chance_level(list(bases.values()), ranked.losses, draw)
    rows = []
    for name, columns in bases.items():
        known = about(columns, ranked.losses, noise, draw)
        rows.append((outcome.metric, outcome.unit, best, name, KIND, told.at[name, "confidence"], *known))
    shared = (
        ranked.gain_of_all, ranked.policies[ranked.now], ranked.policies[ranked.otherwise],
        float(ranked.first[ranked.otherwise]), len(policies), len(ranked.losses),
        min(each.replications for each in policies), contrast_noise(policies, ranked),
    )  # fmt: skip
    table = pd.DataFrame([(*row, *shared) for row in rows], columns=list(COLUMNS))
    return table.sort_values(["evppi", "probability"], ascending=False, kind="stable", ignore_index=True)


def rank(policies: list[Sample], sign: float) -> Ranked | None:
    """The policies in the futures in which all of them have an outcome; None where there are too few such futures."""
    losses = sign * np.column_stack([each.means for each in policies])
    kept = ~np.isnan(losses).any(axis=1)
    if kept.sum() < FEWEST_FUTURES:
        return None
    losses = losses[kept]
    now = int(losses.mean(axis=0).argmin())
    best = np.where(behind(losses, now, losses) > 0, losses.argmin(axis=1), now)
    first = np.bincount(best, minlength=len(policies)) / len(losses)
    return Ranked([each.policy for each in policies], policies[0].inputs[kept], losses, now, first)


def chance_level(bases: list[Floats], losses: Floats, draw: np.random.Generator) -> tuple[float, float]:
    """Probability and gain that the best of all settings stays below 19 times in 20 if none of them says anything.

    Permutations of the futures against the settings; every setting sees the same permutation.
    """
    most = np.zeros((PERMUTATIONS, 2))
    for i in range(PERMUTATIONS):
        shuffled = losses[draw.permutation(len(losses))]
        most[i] = np.max([worth(columns, shuffled, np.ones(len(losses))) for columns in bases], axis=0)
    probability, gain = np.quantile(most, CONFIDENCE, axis=0)
    return float(probability), float(gain)


def about(
    columns: Floats, losses: Floats, noise: tuple[float, float], draw: np.random.Generator
) -> tuple[float | bool, ...]:
    """What knowing one setting changes: the columns of the table from `probability` to `above_noise`.

    `columns` are orthonormal. Intervals: bootstrap over the futures, as quantiles.
    """
    n = len(losses)
    chance, gain = worth(columns, losses, np.ones(n))
    weights = resampled(n, RESAMPLES, draw)
    slopes = coefficients(columns, losses, weights)
    drawn = np.array([_worth(columns @ b, losses, w) for b, w in zip(slopes, weights, strict=True)])
    at = partial(np.quantile, q=[0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2])
    chances, gains = at(drawn[:, 0]), at(drawn[:, 1])
    return (chance, *map(float, chances), noise[0], gain, *map(float, gains), noise[1], bool(gain > noise[1]))


def worth(columns: Floats, losses: Floats, weights: Floats) -> tuple[float, float]:
    """The share of futures in which another policy is best once the setting is known, and the expected gain (EVPPI).

    `columns` are orthonormal; `weights` count each future.
    """
    return _worth(columns @ (columns.T @ losses), losses, weights)


def behind(values: Floats, now: int, losses: Floats) -> Floats:
    """How far a policy is behind the best of each future; nil in a tie, which rounding must not decide."""
    gaps = values[:, now] - values.min(axis=1)
    return np.where(gaps > TIE * np.abs(losses).max(initial=0.0), gaps, 0.0)


def _worth(smooth: Floats, losses: Floats, weights: Floats) -> tuple[float, float]:
    """As `worth`, of smoothed losses. One setting cannot be worth more than everything, by whatever curve."""
    now = int((weights @ losses).argmin())
    most = float(weights @ behind(losses, now, losses) / weights.sum())
    if not most:
        return 0.0, 0.0
    gaps = behind(smooth, now, losses)
    return float(weights @ (gaps > 0) / weights.sum()), min(most, float(weights @ gaps / weights.sum()))


def contrast_noise(policies: list[Sample], ranked: Ranked) -> float:
    """The noise share of the difference between the two policies that are best most often.

    The ranking rests on differences between policies, in which what they have in common drops out.
    """
    one, other = policies[ranked.now], policies[ranked.otherwise]
    return Sample("", KIND, one.design, one.size, one.inputs, one.values - other.values, one.levels).noise_share
