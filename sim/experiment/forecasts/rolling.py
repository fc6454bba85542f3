"""Rolling tests: forecasts from past origins, each scored against what then happened and against the rivals.

At each origin only what was known then is used: the series up to the day before, and a posterior that was calibrated
on it. Where there is no such posterior the base values stand in, and the table says so. Two things of the model are
not of that day: the base values themselves, which were set with the whole series in view, and the shape of the theatre.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.forecasts.asked import Asked, Question, read_question
from sim.experiment.forecasts.forecast import forecast
from sim.experiment.forecasts.observations import SHIPPED
from sim.experiment.forecasts.score import FORECAST, score
from sim.experiment.forecasts.scores import INTERVALS
from sim.experiment.forecasts.settings import Rolling, read_rolling
from sim.experiment.results import Results, write_answer
from sim.experiment.study import Options
from sim.experiment.variants import read_together
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario
from sim.scenario.inherit import find_file

METRIC, PERIOD, POOLED = "arrivals", "month", "all"
RESULTS = Path("results")
SCORES = SHIPPED.with_name("rolling.csv")
"""The scores that ship: every report of a run shows them."""
PosteriorFor = Callable[[date], Path | None]
"""The posterior known at an origin: a table calibrated on nothing later; None if there is none."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Rolling tests, checked: a forecast for each origin."""

    name: str
    plan: Rolling
    questions: Mapping[date, Question]

    @property
    def scenario(self) -> Scenario:
        """The scenario that history took."""
        return next(iter(self.questions.values())).scenario


def posteriors_in(calibration: str) -> PosteriorFor:
    """Tables `posterior_<origin>.parquet` in a folder, or in a folder of that name under `results/`.

    Raises:
        ScenarioError: there is no such folder.
    """
    folders = [Path(calibration), RESULTS / Path(calibration).stem]
    folder = next((each for each in folders if each.is_dir()), None)
    if folder is None:
        raise ScenarioError([Problem("", "there is no such calibration", calibration, " or ".join(map(str, folders)))])

    def posterior_for(origin: date) -> Path | None:
        file = folder / f"posterior_{origin.isoformat()}.parquet"
        return file if file.is_file() else None

    return posterior_for


def read_trials(
    name: str | None, posterior_for: PosteriorFor, members: int | None = None, overrides: Sequence[str] = ()
) -> Trials:
    """The tests of a plan, by default `configs/forecasts/rolling.yaml`.

    Raises:
        ScenarioError: everything that is wrong with the plan, the scenario and the posteriors.
    """
    plan, near = read_rolling(name)
    scenario = find_file(plan.scenario, near, "scenario")
    method = find_file(plan.method, near, "method")

    def question(origin: date) -> Question:
        first = pd.Timestamp(origin)
        last, until = (f"{day - pd.Timedelta(days=1):%Y-%m-%d}" for day in (first, first + _months(plan)))
        asked = Asked(last, until, members, posterior_for(origin), None, None, (METRIC,), method)
        found = read_question(lambda: load_scenario(scenario, overrides), asked)
        return found if asked.posterior else replace(found, posterior=None)  # never one that knows what came later

    asked = read_together(*(lambda origin=origin: question(origin) for origin in plan.origins))
    return Trials(Path(name or "rolling").stem, plan, dict(zip(plan.origins, asked, strict=True)))


def _months(plan: Rolling) -> pd.DateOffset:
    return pd.DateOffset(months=plan.months)


def rolling(trials: Trials, options: Options) -> Results:
    """Forecast and score each origin; tables `rolling` (means) and `rolling_periods` (months).

    Each forecast lies in a folder of its own beside the results, named by its origin. Errors as `forecast`.
    """
    folder = options.folder(trials.name)
    scores, periods = [], []
    for origin, question in trials.questions.items():
        told = forecast(question, replace(options, out=folder.with_name(f"{folder.name}_{origin}")))
        scored = score(str(told.folder), SHIPPED, SHIPPED)
        posterior = question.posterior.file.name if question.posterior else ""
        rows = scored.periods
        rows = rows[(rows["metric"] == METRIC) & (rows["period"] == PERIOD)]
        scores.append(_means(origin.isoformat(), rows, posterior))
        periods.append(rows.assign(origin=origin.isoformat()))
    months = pd.concat(periods, ignore_index=True)
    table = pd.concat([*scores, _means(POOLED, months, "")], ignore_index=True)
    members = next(iter(trials.questions.values())).members
    return write_answer(
        folder, {"rolling": table, "rolling_periods": months}, [trials.scenario], [trials.scenario], None, members,
        options.command,
    )  # fmt: skip


def ship_scores(found: Results, file: Path = SCORES) -> Path:
    """Put the table `rolling` into the package's data, in the place of the one there; returns the file."""
    found.table("rolling").to_csv(file, index=False, float_format="%.6g")
    return file


def _means(origin: str, months: pd.DataFrame, posterior: str) -> pd.DataFrame:
    """Rows of `rolling.parquet`: the means of each model over the months of an origin, or of all of them.

    `ratio` is a model's CRPS over that of the best rival, picked in hindsight; below 1 is better. Rivals count only
    if they were fitted for every month that the forecast has: all are judged on the same months.
    """
    size = int((months["model"] == FORECAST).sum())
    whole = [mine for _, mine in months.groupby("model", sort=False) if len(mine) == size]
    rows = [_mean(mine) for mine in whole]
    best = min((row["crps"] for row in rows if row["model"] != FORECAST), default=nan)
    told = {"origin": origin, "posterior": posterior}
    return pd.DataFrame([told | row | {"ratio": row["crps"] / best if best else nan} for row in rows])


def _mean(months: pd.DataFrame) -> dict[str, Any]:
    """Means of one model: CRPS and bias in people a month, the share of months that each interval held."""
    inside = {
        f"coverage_{percent}": float(months["observed"].between(months[f"q{low:g}"], months[f"q{high:g}"]).mean())
        for percent, (low, high) in INTERVALS.items()
    }
    return {
        "model": months["model"].iloc[0], "months": len(months), "observed": float(months["observed"].mean()),
        "crps": float(months["crps"].mean()), "bias": float((months["q0.5"] - months["observed"]).mean()), **inside,
    }  # fmt: skip
