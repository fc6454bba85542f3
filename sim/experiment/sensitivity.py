"""Which settings an outcome depends on: Sobol and Morris indices, and regression for any other sample.

Every index has a 95 % interval from a seeded bootstrap over the sample. Indices are of the mean over replications:
what is left of the replications' noise counts as variance, and `noise_share` says how much of it that is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm, rankdata

from sim.domain.randomness import Floats, Streams
from sim.experiment.intervals import CONFIDENCE
from sim.experiment.smoothing import basis, explained, is_number, orthonormal, resampled
from sim.experiment.swept import DESIGNS, SAMPLING, Outcome, Sample, Swept, samples
from sim.scenario import Problem, ScenarioError

RESAMPLES = 300
KNOTS = (4, 10)
SPARE = 10  # points beyond one for each setting that a regression on all settings needs
SOBOL, MORRIS = "Sobol indices (Saltelli 2010)", "elementary effects (Morris 1991)"
Booleans = npt.NDArray[np.bool_]
SPLINES, RANKS = "splines, one setting at a time", "rank regression, all settings together"
COLUMNS = (
    "policy", "metric", "unit", "setting", "kind", "method", "index", "value", "low", "high", "noise_share", "points",
    "replications", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Index:
    """One index of one setting with its 95 % interval."""

    setting: str
    method: str
    name: str
    value: float
    low: float
    high: float


def sensitivity(swept: Swept, outcome: Outcome, seed: int) -> pd.DataFrame:
    """`sensitivity.parquet`: a row a policy, setting and index.

    Raises:
        ScenarioError: the sweep has no sample of settings to analyse, or it is not whole.
    """
    both = all(swept.design(kind) in SAMPLING for kind in ("lever", "uncertainty"))
    kinds = [kind for kind in ("uncertainty", "lever") if swept.design(kind) in SAMPLING]
    if not kinds:
        given = " and ".join(dict.fromkeys(d for d in map(swept.design, DESIGNS) if d))
        what = f"its design is a {given}" if given else "none of its settings varies"
        message = (
            f"is no sample of settings ({what}): a sensitivity needs settings drawn over their ranges, by a sweep with "
            f"design: {', '.join(SAMPLING[:-1])} or {SAMPLING[-1]} (to move one setting at a time: sim tornado)"
        )
        raise ScenarioError([Problem(str(swept.folder), message)])
    rows = []
    for kind in kinds:
        for sample in samples(swept, outcome, kind, each_row=not both):
            rows += [_row(outcome, sample, each, swept.settings) for each in indices(sample, swept.settings, seed)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def indices(sample: Sample, settings: pd.DataFrame, seed: int) -> list[Index]:
    """The indices that the design of a sample allows."""
    draw = Streams(seed, 0).generator(f"sensitivity {sample.policy} {sample.kind}")
    if sample.design == "saltelli":
        return list(sobol_indices(sample, int(draw.integers(1, 2**31))))
    if sample.design == "morris":
        return list(morris_indices(sample, settings, draw))
    kept = sample.whole()
    if len(kept.means) < KNOTS[0] + SPARE:
        message = "are too few points to tell what an outcome depends on"
        raise ScenarioError([Problem("samples", message, str(len(kept.means)), f"{KNOTS[0] + SPARE} or more")])
    return [*spline_indices(kept, settings, draw), *rank_indices(kept, draw)]


def sobol_indices(sample: Sample, seed: int) -> Iterator[Index]:
    """First-order and total Sobol indices (Saltelli et al. 2010, as in SALib)."""
    from SALib.analyze import sobol

    names = list(sample.inputs.columns)
    size = len(names) + 2
    means = _complete(sample, [sample.size * size, sample.size * (2 * size - 2)])
    if len(means) > sample.size * size:  # of the rows for second-order indices only those that the others need
        means = np.delete(means.reshape(sample.size, -1), np.s_[size - 1 : -1], axis=1).ravel()
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    if not means.std():
        found = {name: np.full(len(names), np.nan) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    else:
        found = sobol.analyze(problem, means, False, RESAMPLES, CONFIDENCE, seed=seed)
    for index in ("S1", "ST"):
        for i, setting in enumerate(names):
            value, half = float(found[index][i]), float(found[f"{index}_conf"][i])
            yield Index(setting, SOBOL, index, value, value - half, value + half)


def morris_indices(sample: Sample, settings: pd.DataFrame, draw: np.random.Generator) -> Iterator[Index]:
    """Mean, mean size and spread of the elementary effects, in the outcome's unit over the whole range of a setting.

    For words: of going from one to another.
    """
    names = list(sample.inputs.columns)
    means = _complete(sample, [sample.size * (len(names) + 1)])
    places = np.column_stack([place(sample.inputs[name], settings.loc[[name]].iloc[0]) for name in names])
    words = np.array([not is_number(sample.inputs[name]) for name in names])
    effects = elementary_effects(places, words, means, len(names) + 1)
    drawn = effects[draw.integers(len(effects), size=(RESAMPLES, len(effects)))]
    measures: dict[str, Callable[[Floats, int], Floats]] = {
        "mu": lambda e, axis: e.mean(axis=axis),
        "mu_star": lambda e, axis: np.abs(e).mean(axis=axis),
        "sigma": lambda e, axis: e.std(axis=axis, ddof=1),
    }
    for index, measure in measures.items():
        values = measure(effects, 0)
        low, high = np.quantile(measure(drawn, 1), [0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2], axis=0)
        for i, setting in enumerate(names):
            yield Index(setting, MORRIS, index, float(values[i]), float(low[i]), float(high[i]))


def elementary_effects(places: Floats, words: Booleans, outcomes: Floats, steps: int) -> Floats:
    """Change of the outcome per unit of each input along each trajectory of `steps` points; (trajectories, inputs).

    Between words every step has the same length. A setting that a step leaves where it is, because whole numbers or
    words lie too far apart, has no effect there.
    """
    paths = places.reshape(-1, steps, places.shape[1])
    moved = np.diff(paths, axis=1)
    moved[:, :, words] = np.sign(moved[:, :, words])
    rise = np.diff(outcomes.reshape(-1, steps), axis=1)[:, :, None]
    slopes = np.divide(rise, moved, out=np.zeros_like(moved), where=moved != 0)
    return np.asarray(slopes.sum(axis=1))


def place(values: pd.Series, told: pd.Series) -> Floats:
    """Where values lie in the range of a setting, from 0 to 1; words by their alphabet from nil on."""
    if not is_number(values):
        return np.asarray(pd.factorize(values, sort=True)[0], dtype=float)
    x, ends = values.to_numpy(float), np.array([told["low"], told["high"]], dtype=float)
    if np.isnan(ends).any() or told["values"]:
        ends = np.array([x.min(), x.max()])
    if told["scale"] == "log" and ends[0] > 0:
        x, ends = np.log(x), np.log(ends)
    return np.asarray((x - ends[0]) / (float(ends[1] - ends[0]) or 1.0))


def spline_indices(sample: Sample, settings: pd.DataFrame, draw: np.random.Generator) -> Iterator[Index]:
    """First-order indices from any sample: the share of the variance that a smooth function of one setting explains.

    Adjusted for the columns of the splines, so that a setting without effect has zero on average (and may be just
    below); settings must not depend on each other. Interval: 1.96 standard errors, by bootstrap over the points.
    """
    n = len(sample.means)
    weights = np.vstack([np.ones(n), resampled(n, RESAMPLES, draw)])
    for name in sample.inputs:
        columns = basis(sample.inputs[name], bool(settings.at[name, "scale"] == "log"), *KNOTS)
        value, *drawn = explained(orthonormal(columns), sample.means, weights).tolist()
        half = _half_width(np.array(drawn))
        yield Index(str(name), SPLINES, "S1", value, value - half, value + half)


def rank_indices(sample: Sample, draw: np.random.Generator) -> Iterator[Index]:
    """Standardised rank regression coefficients: direction and strength, as far as the outcome is monotonic.

    Settings with numbers only; none where there are too few points for a regression on all of them. Interval: 1.96
    standard errors, by bootstrap over the points; it ends where such a coefficient does, at -1 and 1.
    """
    names = [str(name) for name in sample.inputs if is_number(sample.inputs[name])]
    n = len(sample.means)
    if not names or n < len(names) + SPARE or not sample.means.std():
        return
    inputs = sample.inputs[names].to_numpy(float)
    slopes = partial(_rank_slopes, inputs, sample.means)
    values = slopes(np.arange(n))
    drawn = np.array([slopes(rows) for rows in draw.integers(n, size=(RESAMPLES, n))])
    for i, setting in enumerate(names):
        half = _half_width(drawn[:, i])
        value, low, high = np.clip([values[i], values[i] - half, values[i] + half], -1.0, 1.0).tolist()
        yield Index(setting, RANKS, "SRRC", value, low, high)


def _rank_slopes(inputs: Floats, outcomes: Floats, rows: npt.NDArray[np.int64]) -> Floats:
    x, y = rankdata(inputs[rows], axis=0), rankdata(outcomes[rows])
    x, y = x - x.mean(axis=0), y - y.mean()
    slopes = np.linalg.lstsq(x, y, rcond=None)[0]
    return np.asarray(slopes * x.std(axis=0) / max(float(y.std()), 1e-300))


def _half_width(resampled: Floats) -> float:
    return float(norm.ppf(0.5 + CONFIDENCE / 2) * resampled.std(ddof=1))


def _complete(sample: Sample, sizes: Sequence[int]) -> Floats:
    """The mean outcome of every point of a design that has no use for a part of itself.

    Raises:
        ScenarioError: points are missing, or have no outcome.
    """
    means = sample.means
    if len(means) not in sizes:
        allowed = " or ".join(map(str, sizes))
        message = f"of {sample.policy} are not those of a whole {sample.design} design; is the sweep finished?"
        raise ScenarioError([Problem("points", message, str(len(means)), allowed)])
    missing = int(np.isnan(means).sum())
    if missing:
        message = f"of {sample.policy} have no outcome, and a {sample.design} design needs all; is the sweep finished?"
        raise ScenarioError([Problem("points", message, f"{missing} of {len(means)} without one")])
    return means


def _row(outcome: Outcome, sample: Sample, each: Index, settings: pd.DataFrame) -> tuple[object, ...]:
    return (
        sample.policy, outcome.metric, outcome.unit, each.setting, sample.kind, each.method, each.name, each.value,
        each.low, each.high, sample.noise_share, len(sample.inputs), sample.replications,
        settings.at[each.setting, "confidence"],
    )  # fmt: skip
