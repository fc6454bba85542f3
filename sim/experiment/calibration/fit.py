"""From the runs to a posterior: the last emulator, draws, and runs with draws of it that show what it predicts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.calibration.design import NEEDED, wanted_runs
from sim.experiment.calibration.emulator import Emulator
from sim.experiment.calibration.identify import informed_by, informed_text, narrowed
from sim.experiment.calibration.parameters import values_of
from sim.experiment.calibration.posterior import Posterior, sample
from sim.experiment.calibration.reading import Calibration
from sim.experiment.calibration.waves import Design, Matter, near_runs, summaries_of
from sim.experiment.calibration.widening import widening
from sim.experiment.runner import Execution, run_wanted

QUANTILES = {"q025": 0.025, "q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95, "q975": 0.975}
PRIOR_QUANTILES = {"prior_q05": 0.05, "prior_q50": 0.5, "prior_q95": 0.95}


@dataclass(frozen=True, slots=True)
class Fit:
    """A posterior with the emulator behind it, and what was matched."""

    matter: Matter
    emulator: Emulator
    posterior: Posterior
    widening: float


def fit(calibration: Calibration, matter: Matter, design: Design) -> Fit:
    """The emulator of the runs that are near, and draws of the posterior that it gives, as wide as it must be."""
    runs = near_runs(design, matter)
    emulator = Emulator.fit(*runs)
    factor = widening(*runs, matter.discrepancy, matter.used, calibration.seed)
    drawn = sample(
        emulator, matter.observed, matter.discrepancy, matter.used, calibration.draws, calibration.seed,
        widening=factor,
    )  # fmt: skip
    return Fit(matter, emulator, drawn, factor)


def predicted(calibration: Calibration, fitted: Fit, how: Execution) -> Floats:
    """Summaries (runs, summaries), on their scales, of runs with draws of the posterior.

    Their weather and people are those of no run that was fitted to. Errors as `run_wanted`.
    """
    first = sum(calibration.waves)
    rows = np.linspace(0, len(fitted.posterior.draws) - 1, calibration.predictive).round().astype(int)
    points = fitted.posterior.draws[rows]
    run_wanted(wanted_runs(calibration, points, first), len(points), how, NEEDED)
    return np.array(list(summaries_of(calibration, fitted.matter, points, first, how)))


def draws_table(calibration: Calibration, fitted: Fit) -> pd.DataFrame:
    """`draws.parquet`: a row a draw, a column a parameter, in its unit."""
    values = values_of(calibration.parameters, fitted.posterior.draws)
    return pd.DataFrame(values, columns=[parameter.name for parameter in calibration.parameters])


def posterior_table(calibration: Calibration, draws: pd.DataFrame) -> pd.DataFrame:
    """`posterior.parquet`: of the draws, the settings that mean the same in other scenarios."""
    return draws[[parameter.name for parameter in calibration.parameters if parameter.carried]]


def parameters_table(calibration: Calibration, fitted: Fit, draws: pd.DataFrame) -> pd.DataFrame:
    """`parameters.parquet`: prior, posterior, how far the data narrow it and which of them do."""
    matter, unit = fitted.matter, fitted.posterior.draws
    kinds = [summary.kind for summary in matter.summaries]
    said = informed_by(fitted.emulator, unit, matter.used, kinds, matter.discrepancy)
    rows = []
    for parameter, share, by in zip(calibration.parameters, narrowed(unit), said, strict=True):
        low, median, high = draws[parameter.name].quantile([0.05, 0.5, 0.95])
        rows.append(
            {
                "parameter": parameter.name, "setting": parameter.name if parameter.carried else "",
                "unit": parameter.unit, "low": parameter.low, "high": parameter.high, "scale": parameter.scale,
                "base": np.nan if parameter.base is None else parameter.base, "median": median, "q05": low, "q95": high,
                "narrowed": float(share), "informed_by": informed_text(by), "carried": parameter.carried,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def summaries_table(fitted: Fit, before: Floats, after: Floats) -> pd.DataFrame:
    """`summaries.parquet`: what was observed, and quantiles of it over runs of the prior and of the posterior.

    `before` and `after` hold summaries on their scales, (runs, summaries). `z` is how far the observed value lies from
    the mean of the posterior's runs, in standard deviations of them and of the discrepancy.
    """
    matter, rows = fitted.matter, []
    for i, summary in enumerate(matter.summaries):
        was, now = summary.natural(before[:, i]), summary.natural(after[:, i])
        apart = matter.observed[i] - after[:, i].mean()
        spread = np.hypot(after[:, i].std(ddof=1), matter.discrepancy[i])
        rows.append(
            {
                "summary": summary.name, "kind": summary.kind, "label": summary.label,
                "start": summary.start.isoformat(), "end": summary.end.isoformat(), "unit": summary.unit,
                "observed": float(summary.natural(matter.observed[i])), "fitted": bool(matter.used[i]),
                **_quantiles(was, PRIOR_QUANTILES), **_quantiles(now, QUANTILES),
                "z": float(apart / spread), "skill": float(fitted.emulator.skill[i]),
                "discrepancy": float(matter.discrepancy[i]), "scale": summary.scale,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _quantiles(values: Floats, named: dict[str, float]) -> dict[str, float]:
    return dict(zip(named, np.quantile(values, list(named.values())).tolist(), strict=True))


def covered(table: pd.DataFrame, kinds: Sequence[str] = ()) -> tuple[int, int]:
    """How many observed summaries lie within the 90 % band of the posterior's runs, and of how many."""
    mine = table[table["kind"].isin(kinds)] if kinds else table
    inside = (mine["q05"] <= mine["observed"]) & (mine["observed"] <= mine["q95"])
    return int(inside.sum()), len(mine)
