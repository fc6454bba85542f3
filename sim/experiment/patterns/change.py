"""Quantities of two scenarios on common random numbers: how metrics of a run change (patterns P3, P5, P6, P8)."""

from collections.abc import Callable
from math import log

import numpy as np

from sim.experiment.patterns.quantity import Run, quantity
from sim.metrics import RunTables, outcome_metrics
from sim.metrics.outcomes import price_gbp


@quantity("relative change")
def relative_change(before: Run, after: Run, *, metric: str) -> float:
    """How much larger a metric is in the second scenario, as a share of the first."""
    return change(metric_of(metric)(after.tables), metric_of(metric)(before.tables))


@quantity("relative change")
def rise_over_fall(before: Run, after: Run, *, rising: str, falling: str) -> float:
    """Relative rise of one metric less the relative fall of another: above 0 the rise is the larger of the two."""
    return relative_change(before, after, metric=rising) + relative_change(before, after, metric=falling)


@quantity("elasticity")
def elasticity_of_price(before: Run, after: Run) -> float:
    """Change of the log of the mean asking price over that of the number of patrol units."""
    units = [float(run.scenario.rules_on(run.tables.first_day).patrols.units) for run in (before, after)]
    prices = [price_gbp(run.tables) for run in (before, after)]
    return log(prices[1] / prices[0]) / log(units[1] / units[0])


@quantity("relative change")
def change_of_queue(before: Run, after: Run, *, stage: str) -> float:
    """How much longer the mean queue of a stage of the pipeline is in the second scenario, as a share of the first."""
    return change(*(float(np.mean(run.tables.stage(stage, "stock"))) for run in (after, before)))


def change(here: float, before: float) -> float:
    """Relative change; missing from nothing.

    >>> change(3.0, 2.0), change(3.0, 0.0)
    (0.5, nan)
    """
    return here / before - 1 if before else float("nan")


def metric_of(name: str) -> Callable[[RunTables], float]:
    """The function of an outcome metric."""
    return next(metric.function for metric in outcome_metrics() if metric.name == name)
