"""Waves of runs: each looks where the waves before ruled nothing out. Finished runs are found in the store again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.calibration.design import NEEDED, first_points, scenario_at, wanted_runs
from sim.experiment.calibration.emulator import Emulator
from sim.experiment.calibration.matching import CUTOFF, implausibility, not_ruled_out
from sim.experiment.calibration.observed import observed_summaries
from sim.experiment.calibration.reading import Calibration
from sim.experiment.calibration.summaries import Summary, known_by, of_run, run_of_tables, summaries
from sim.experiment.runner import Execution, Tally, run_key, run_wanted
from sim.experiment.store import Store
from sim.scenario import Problem, ScenarioError

FAR = 2 * CUTOFF
"""Runs of earlier waves that lie farther out no longer shape the surface: it need only be right near what is left."""
FEWEST_NEAR = 8
"""Runs without which there is no surface."""
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Matter:
    """What is matched: summaries, their observed values and discrepancies (each (summaries,)), and which count."""

    summaries: tuple[Summary, ...]
    observed: Floats
    discrepancy: Floats
    used: Mask


@dataclass(slots=True)
class Design:
    """The runs so far: wave (runs,), points (runs, parameters) of the unit cube, summaries on their scales."""

    wave: np.ndarray[tuple[int], np.dtype[np.int64]]
    unit: Floats
    outputs: Floats
    emulators: list[Emulator] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    tally: Tally = field(default_factory=lambda: Tally(0, 0))


def matter_of(calibration: Calibration, until: date | None = None) -> Matter:
    """What is matched; with `until` only what was known by the end of that day."""
    wanted = summaries()
    observed = observed_summaries(wanted)
    discrepancy = np.array([calibration.discrepancy[summary.kind] for summary in wanted])
    used = ~np.isnan(observed)
    if until is not None:
        used &= known_by(wanted, until)
    return Matter(wanted, np.nan_to_num(observed), discrepancy, used)


def run_waves(calibration: Calibration, matter: Matter, how: Execution) -> Design:
    """Every wave, with the emulator that judged the next one.

    Raises:
        InterruptedRunError: Ctrl-C; finished runs are kept and found again.
        RunFailedError: runs failed.
        ScenarioError: hardly any run comes near the data.
    """
    d, k = len(calibration.parameters), len(matter.summaries)
    design = Design(np.empty(0, dtype=np.int64), np.empty((0, d)), np.empty((0, k)))
    for number, count in enumerate(calibration.waves):
        points, share = _next(calibration, matter, design, number, count)
        _run(calibration, matter, design, points, number, how)
        design.shares.append(share)
        design.emulators.append(_emulator_of_wave(design, matter, number))
    return design


def _next(calibration: Calibration, matter: Matter, design: Design, number: int, count: int) -> tuple[Floats, float]:
    """The points of a wave, and the share of the prior that is left for it."""
    if number == 0:
        return first_points(calibration), 1.0
    return not_ruled_out(
        design.emulators, matter.observed, matter.discrepancy, matter.used, count, calibration.seed + number
    )


def _run(calibration: Calibration, matter: Matter, design: Design, points: Floats, number: int, how: Execution) -> None:
    """Run a wave's points and take in their summaries."""
    first = len(design.unit)
    tally = run_wanted(wanted_runs(calibration, points, first), len(points), how, NEEDED)
    outputs = np.array(list(summaries_of(calibration, matter, points, first, how)))
    design.tally = Tally(design.tally.computed + tally.computed, design.tally.reused + tally.reused)
    design.wave = np.append(design.wave, np.full(len(points), number + 1))
    design.unit, design.outputs = np.vstack([design.unit, points]), np.vstack([design.outputs, outputs])


def summaries_of(
    calibration: Calibration, matter: Matter, points: Floats, first: int, how: Execution
) -> Iterator[Floats]:
    """The summaries of finished runs at points (points, parameters), one row a run."""
    store = Store(how.store)
    for offset, point in enumerate(points):
        scenario = scenario_at(calibration, point, first + offset)
        key = run_key(scenario, first + offset)
        limit = scenario.rules.gangs.wave_limit_m
        run = run_of_tables(scenario.start, store.arrow(key, "daily"), store.arrow(key, "groups"), limit)
        yield of_run(matter.summaries, run)


def _emulator_of_wave(design: Design, matter: Matter, number: int) -> Emulator:
    """The emulator that a wave adds: of all runs not far out by those before."""
    return Emulator.fit(*near_runs(design, matter, number))


def near_runs(design: Design, matter: Matter, number: int | None = None) -> tuple[Floats, Floats]:
    """Points and summaries of the runs that the first `number` emulators (None: all but the last) leave near.

    Raises:
        ScenarioError: hardly any is left: the model as it is cannot look like the data.
    """
    near = np.ones(len(design.unit), dtype=bool)
    for emulator in design.emulators[: len(design.emulators) - 1 if number is None else number]:
        near &= implausibility(emulator, design.unit, matter.observed, matter.discrepancy, matter.used) <= FAR
    if near.sum() < FEWEST_NEAR:
        message = f"only {near.sum()} of {len(near)} runs come near the data: more runs, wider priors or discrepancies"
        raise ScenarioError([Problem("waves", message, "", f"at least {FEWEST_NEAR} runs that are not far out")])
    return design.unit[near], design.outputs[near]


def design_table(calibration: Calibration, matter: Matter, design: Design) -> pd.DataFrame:
    """`design.parquet`: a row a run, its wave, its point (`u.<parameter>`) and its summaries (`s.<summary>`)."""
    points = {f"u.{p.name}": design.unit[:, i] for i, p in enumerate(calibration.parameters)}
    found = {f"s.{s.name}": design.outputs[:, i] for i, s in enumerate(matter.summaries)}
    return pd.DataFrame({"wave": design.wave, **points, **found})


def waves_table(design: Design, matter: Matter) -> pd.DataFrame:
    """`waves.parquet`: a row a wave, with the share of the prior in which its runs lie."""
    counts = [int((design.wave == number + 1).sum()) for number in range(len(design.shares))]
    skill = [float(np.median(emulator.skill[matter.used])) for emulator in design.emulators]
    return pd.DataFrame(
        {
            "wave": range(1, len(counts) + 1), "runs": counts, "not_ruled_out": design.shares, "median_skill": skill,
        }
    )  # fmt: skip
