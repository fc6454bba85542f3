"""The runs of a calibration: points of the unit cube as scenarios, each run once with people and weather of its own."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.calibration.parameters import values_of
from sim.experiment.calibration.reading import Calibration
from sim.experiment.runner import Wanted
from sim.experiment.variants import varied
from sim.scenario import Scenario

NEEDED = frozenset({"daily", "groups"})
"""Tables of a run that summaries are made of."""


def first_points(calibration: Calibration) -> Floats:
    """The points of the first wave, spread over the whole prior: a scrambled Sobol' sequence; (runs, parameters)."""
    from scipy.stats import qmc

    sampler = qmc.Sobol(len(calibration.parameters), rng=np.random.default_rng(calibration.seed))
    exponent = int(np.ceil(np.log2(calibration.waves[0])))
    points: Floats = sampler.random_base2(exponent)[: calibration.waves[0]]
    return points


def scenario_at(calibration: Calibration, unit: Floats, run: int) -> Scenario:
    """The scenario of one point, (parameters,), with the strays of the months of a run's number."""
    names = [parameter.name for parameter in calibration.parameters]
    values = dict(zip(names, values_of(calibration.parameters, unit[None, :])[0].tolist(), strict=True))
    settings = {p.name: values[p.name] for p in calibration.parameters if p.carried}
    changes = {**settings, **calibration.level.changes(values, calibration.seed, run)}
    return replace(varied(calibration.scenario, changes), name=f"{calibration.scenario.name} run {run}")


def wanted_runs(calibration: Calibration, unit: Floats, first: int) -> Iterator[Wanted]:
    """The runs of points, (points, parameters). The run of number n is replication n: no two share their weather."""
    for offset, point in enumerate(unit):
        yield Wanted(scenario_at(calibration, point, first + offset), first + offset)
