"""`sim calibrate`: waves of runs, a posterior, what it predicts, and the tables that tell all that."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from sim.experiment.calibration.fit import (
    Fit,
    draws_table,
    fit,
    parameters_table,
    posterior_table,
    predicted,
    summaries_table,
)
from sim.experiment.calibration.reading import Calibration
from sim.experiment.calibration.summaries import LAST_DAY
from sim.experiment.calibration.waves import Design, design_table, matter_of, run_waves, waves_table
from sim.experiment.results import Results, write_answer
from sim.experiment.study import Options


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The results of a calibration, and how many of its runs were computed and found."""

    results: Results
    computed: int
    reused: int


def calibrate(calibration: Calibration, options: Options) -> Calibrated:
    """Run the waves, draw the posterior, look at what it predicts, and write the tables.

    For each of the calibration's origins also the posterior of what was known on the day before:
    `posterior_<origin>.parquet`, which rolling tests use.

    Raises:
        InterruptedRunError: Ctrl-C; finished runs are kept and found again.
        RunFailedError: runs failed; the others are kept.
    """
    folder = options.folder(calibration.name)
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    how = options.execution(folder)
    design = run_waves(calibration, matter_of(calibration), how)
    fitted = fit(calibration, matter_of(calibration), design)
    after = predicted(calibration, fitted, how)
    draws = draws_table(calibration, fitted)
    tables = {
        "calibration": about(calibration, design, fitted),
        "posterior": posterior_table(calibration, draws),
        "draws": draws,
        "parameters": parameters_table(calibration, fitted, draws),
        "summaries": summaries_table(fitted, design.outputs[design.wave == 1], after),
        "waves": waves_table(design, fitted.matter),
        "design": design_table(calibration, fitted.matter, design),
        **{f"posterior_{origin}": posterior_before(calibration, design, origin) for origin in calibration.origins},
    }
    asked = [calibration.scenario]
    found = write_answer(folder, tables, asked, asked, None, len(design.unit), options.command)
    return Calibrated(found, design.tally.computed, design.tally.reused)


def posterior_before(calibration: Calibration, design: Design, origin: date) -> pd.DataFrame:
    """The posterior of what was known on the day before an origin, from the same runs."""
    fitted = fit(calibration, matter_of(calibration, origin - timedelta(days=1)), design)
    return posterior_table(calibration, draws_table(calibration, fitted))


def about(calibration: Calibration, design: Design, fitted: Fit) -> pd.DataFrame:
    """`calibration.parquet`: one row about the whole."""
    chain = fitted.posterior
    row = {
        "name": calibration.name, "question": calibration.question, "until": str(LAST_DAY),
        "parameters": len(calibration.parameters), "summaries": int(fitted.matter.used.sum()),
        "runs": len(design.unit), "draws": len(chain.draws), "predictive": calibration.predictive,
        "walkers": chain.walkers, "steps": chain.steps, "burn_in": chain.burn_in,
        "autocorrelation": chain.autocorrelation, "effective": chain.effective, "acceptance": chain.acceptance,
        "converged": chain.converged, "widening": fitted.widening, "not_ruled_out": design.shares[-1],
        "seed": calibration.seed,
    }  # fmt: skip
    return pd.DataFrame([row])
