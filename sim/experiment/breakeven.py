"""The value of a lever at which a target is met: a response curve in pairs, refined where it meets the target.

The lever changes the scenario only, never its baseline. All levels, and the baseline, share their random numbers.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats, Streams
from sim.experiment.crossing import RESAMPLES, crossing, crossing_step, first_crossing, mean_over, saturation
from sim.experiment.intervals import mean_interval
from sim.experiment.question import Question, Target, rounded
from sim.experiment.results import Results, write_answer
from sim.experiment.study import Options
from sim.experiment.variants import Number, Setting, evaluated, varied
from sim.scenario import Problem, Scenario, ScenarioError

REPLICATIONS = 8
REFINEMENTS = 3  # new levels at the crossing: after three, noise and not the grid decides how sure the answer is
NARROW = 0.01  # of the span of the levels: a bracket this narrow needs no new level
DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Curve:
    """The response: levels ascending, shape (levels,); outcome and returns, (levels, replications); the baseline's."""

    levels: Floats
    outcome: Floats
    returned: Floats
    baseline: Floats

    @property
    def differences(self) -> Floats:
        """Paired differences to the baseline, shape (levels, replications)."""
        return self.outcome - self.baseline

    def gaps(self, target: Target) -> Floats:
        """How far each pair is above the target, shape (levels, replications)."""
        return self.differences - target.differences(self.baseline)


def breakeven(question: Question, options: Options) -> Results:
    """Run the levels, look closer where the target is met, and write `breakeven` and `breakeven_answer`.

    Raises:
        ScenarioError: the metric is missing in the baseline, or a share is asked of a baseline of nil.
    """
    folder = options.folder(f"{question.scenario.name}_breakeven")
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    variants = dict(question.variants)
    curve = _curve(question, variants, options)
    _check_baseline(question, curve)
    for _ in range(REFINEMENTS):
        level = next_level(curve.levels, mean_over(curve.gaps(question.target)), question.lever)
        if level is None:
            break
        variants[level] = varied(question.scenario, {question.lever.name: level})
        curve = _curve(question, variants, options)
    asked = [asked_returns(variants[level]) for level in sorted(variants)]
    tables = {"breakeven": curve_table(question, curve, asked), "breakeven_answer": answer_table(question, curve)}
    about, n = [question.scenario, question.baseline], len(curve.baseline)
    return write_answer(folder, tables, about, [*about, *variants.values()], question.baseline, n, options.command)


def next_level(levels: Floats, gaps: Floats, lever: Setting) -> Number | None:
    """Where to look next: at the crossing of the mean curve, shape (levels,); None if that would tell nothing new."""
    step = crossing_step(levels, gaps)
    if step is None:
        return None
    (below, _), (above, _) = step
    level = lever.fitting(rounded(first_crossing(levels, gaps)))
    narrow = above - below <= NARROW * (levels[-1] - levels[0])
    return None if narrow or not below < level < above else level


def curve_table(question: Question, curve: Curve, asked: list[float]) -> pd.DataFrame:
    """`breakeven.parquet`: a row a level. Differences in the metric's unit, returns as people in the measured window.

    `asked` is what the weekly target asks for in that window; missing where the target is not fixed.
    """
    base = float(np.nanmean(curve.baseline))
    effects = [mean_interval(differences) for differences in curve.differences]
    returned = [mean_interval(each) for each in curve.returned]
    columns = {
        "lever": question.lever.name, "level": curve.levels, "metric": question.metric.name,
        "unit": question.metric.unit,
        **dict(zip(("difference", "low", "high"), zip(*effects, strict=True), strict=True)),
        "relative": [mean / base if base else nan for mean, _, _ in effects],
        **dict(zip(("returned", "returned_low", "returned_high"), zip(*returned, strict=True), strict=True)),
        "replications": len(curve.baseline), "asked": asked,
    }  # fmt: skip
    return pd.DataFrame(columns)


def answer_table(question: Question, curve: Curve) -> pd.DataFrame:
    """`breakeven_answer.parquet`: one row, the lever's value with its interval, and where the pipeline saturates.

    An infinite end lies beyond the levels; a missing value says that the mean curve never meets the target. `nearest`
    is the level whose effect comes nearest to it. `returned_per_week` is what is returned at `saturates_at`, or at
    the highest level if there is none.
    """
    scenario, gaps = question.scenario, curve.gaps(question.target)
    mean, returned = mean_over(gaps), mean_over(curve.returned)
    found = crossing(curve.levels, gaps, Streams(scenario.seed, 0).generator("breakeven"))
    full = saturation(curve.levels, curve.returned)
    weeks = (scenario.horizon_days - scenario.warm_up_days) / DAYS_PER_WEEK
    row = {
        "scenario": scenario.name, "baseline": question.baseline.name,
        "lever": question.lever.name, "lever_unit": question.lever.unit,
        "metric": question.metric.name, "unit": question.metric.unit, "target": str(question.target),
        "target_difference": float(np.nanmean(question.target.differences(curve.baseline))),
        "value": found.value, "low": found.low, "high": found.high,
        "never_share": found.never_share, "resamples": RESAMPLES,
        "nearest": nan if np.isnan(mean).all() else float(curve.levels[np.nanargmin(np.abs(mean))]),
        "saturates_at": full,
        "returned_per_week": float(returned[curve.levels == full][0] if isfinite(full) else returned[-1]) / weeks,
        "weeks": weeks, "replications": len(curve.baseline),
    }  # fmt: skip
    return pd.DataFrame([row])


def asked_returns(scenario: Scenario) -> float:
    """Returns that the exchange asks for in the measured window (people): weekly target times weeks open.

    Missing where the target is not fixed, since what is asked for then depends on the run.
    """
    steps = [*scenario.timeline(), (scenario.horizon_days, scenario.rules)]
    asked = 0.0
    for (day, rules), (end, _) in pairwise(steps):
        if rules.exchange.open and rules.exchange.scale_up != "fixed":
            return nan
        days = max(end - max(day, scenario.warm_up_days), 0.0)
        asked += rules.exchange.weekly_target * days / DAYS_PER_WEEK if rules.exchange.open else 0.0
    return asked


def _curve(question: Question, variants: dict[Number, Scenario], options: Options) -> Curve:
    """The levels evaluated, in order."""
    levels = sorted(variants)
    first = options.first_replication
    numbers = range(first, first + (options.replications or REPLICATIONS))
    how = options.execution(options.folder(f"{question.scenario.name}_breakeven"))
    metrics = evaluated([question.baseline, *(variants[level] for level in levels)], numbers, how)

    def of(name: str) -> Floats:
        return np.array([metrics[variants[level].name][name].to_numpy(float) for level in levels])

    baseline = metrics[question.baseline.name][question.metric.name].to_numpy(float)
    return Curve(np.array(levels, dtype=float), of(question.metric.name), of("returned"), baseline)


def _check_baseline(question: Question, curve: Curve) -> None:
    """Only runs can tell whether a difference to the baseline, or a share of it, means anything."""
    metric, baseline = question.metric.name, question.baseline.name
    if np.isnan(curve.baseline).all():
        message = f"is missing in every run of {baseline}, so that nothing differs from it"
        raise ScenarioError([Problem("--metric", message, repr(metric), "a metric that the baseline has")])
    if question.target.relative and not np.nanmean(curve.baseline):
        message = f"is a share of {metric} in {baseline}, which is nil"
        raise ScenarioError([Problem("--target", message, str(question.target), "a difference in numbers")])
