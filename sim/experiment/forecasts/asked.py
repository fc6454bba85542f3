"""What a forecast is asked for, checked as a whole before anything is run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import pandas as pd

from sim.experiment.forecasts.levels import Past, past_of
from sim.experiment.forecasts.members import TRACE, Posterior, read_posterior
from sim.experiment.forecasts.observations import SHIPPED, read_daily
from sim.experiment.forecasts.settings import MONTHS_A_YEAR, Method, read_method
from sim.experiment.variants import read_together, varied
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.errors import shown

METRICS = ("arrivals", "boats_arrived", "people_prevented", "returned", "admitted")
"""What is forecast unless something else is asked for: flows of people or boats a day."""
FLOWS = (
    *METRICS, "attempts", "boats_launched", "boats_prevented", "deaths", "turned_back", "selected", "voided",
)  # fmt: skip
DAY = pd.Timedelta(days=1)
DATE_FORM = "an ISO date such as 2024-06-30"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, as a user writes it; what is missing takes its default or is reported."""

    data_until: str | None
    until: str | None
    members: int | None = None
    posterior: Path | None = None
    series: Path | None = None
    weather: Path | None = None
    metrics: Sequence[str] = ()
    method: Path | str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, checked. The forecast covers the days [origin, stop)."""

    scenario: Scenario
    past: Past
    stop: pd.Timestamp
    members: int
    metrics: tuple[str, ...]
    method: Method
    posterior: Posterior | None
    observed: pd.DataFrame

    @property
    def origin(self) -> pd.Timestamp:
        """The first day that is forecast; the series is known up to the day before."""
        return self.past.origin

    @property
    def start(self) -> pd.Timestamp:
        """The first day that is simulated."""
        return self.origin - pd.DateOffset(months=self.method.window_months + self.method.warm_up_months)


def read_question(load: Callable[[], Scenario], asked: Asked) -> Question:
    """The question; `load` gives the scenario.

    Raises:
        ScenarioError: everything that is wrong with the scenario and with what is asked.
    """

    def about_scenario() -> tuple[Scenario, Posterior | None]:
        scenario = load()
        with_weather, posterior = read_together(
            partial(_with_weather, scenario, asked.weather), partial(read_posterior, asked.posterior, scenario)
        )
        return with_weather, posterior

    (scenario, posterior), metrics, (past, stop, method, observed) = read_together(
        about_scenario, partial(_metrics, asked.metrics), partial(_dates, asked)
    )
    return Question(scenario, past, stop, asked.members or method.members, metrics, method, posterior, observed)


def _with_weather(scenario: Scenario, weather: Path | None) -> Scenario:
    return scenario if weather is None else varied(scenario, {TRACE: str(weather.resolve())})


def _metrics(given: Sequence[str]) -> tuple[str, ...]:
    problems = []
    for name in given:
        if name not in FLOWS:
            near = get_close_matches(name, FLOWS, n=1, cutoff=0.5)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            problems.append(
                Problem("--metric", f"is no flow that can be forecast{meant}", shown(name), ", ".join(FLOWS))
            )
    if problems:
        raise ScenarioError(problems)
    return tuple(dict.fromkeys(given)) or METRICS


def _dates(asked: Asked) -> tuple[Past, pd.Timestamp, Method, pd.DataFrame]:
    """What the series says up to the last day known, and the first day that is no more forecast."""
    last, until, method, daily = read_together(
        partial(_date, asked.data_until, "--data-until"),
        partial(_date, asked.until, "--until"),
        partial(read_method, asked.method),
        partial(read_daily, asked.series or SHIPPED),
    )
    file = str(asked.series or SHIPPED.name)
    problems = [*_horizon_problems(last, until), *_series_problems(daily, last, method, file)]
    if problems:
        raise ScenarioError(problems)
    return past_of(daily, last + DAY, method), until + DAY, method, daily


def _date(given: str | None, option: str) -> pd.Timestamp:
    try:
        return pd.Timestamp(date.fromisoformat(given or ""))
    except ValueError:
        message = "is no date" if given else "is missing"
        raise ScenarioError([Problem(option, message, shown(given) if given else "", DATE_FORM)]) from None


def _horizon_problems(last: pd.Timestamp, until: pd.Timestamp) -> list[Problem]:
    if until <= last:
        message = "the last day that is forecast must come after the last day known"
        return [Problem("--until", message, f"{until:%Y-%m-%d}", f"later than {last:%Y-%m-%d}")]
    if until < last + 7 * DAY:
        return [Problem("--until", "leaves no whole week to forecast", f"{until:%Y-%m-%d}", "a week ahead or more")]
    return []


def _series_problems(daily: pd.DataFrame, last: pd.Timestamp, method: Method, file: str) -> list[Problem]:
    """The last day is in the series, with a year and the window whole before it, and somebody in the window."""
    span = f"{daily.index[0]:%Y-%m-%d} to {daily.index[-1]:%Y-%m-%d}"
    if last not in daily.index:
        return [Problem("--data-until", "is not in the series", f"{last:%Y-%m-%d}", span, file)]
    months = max(MONTHS_A_YEAR, method.window_months)
    first = last + DAY - pd.DateOffset(months=months)
    needed = daily["people"].reindex(pd.date_range(first, last))
    if daily.index[0] > first:
        message = f"needs {months} months of the series up to the last day known"
        return [Problem("--data-until", message, f"{last:%Y-%m-%d}", f"the series has {span}", file)]
    if needed.isna().any():
        lacking = needed.index[needed.isna()]
        days = f"{len(lacking)} days from {lacking[0]:%Y-%m-%d}"
        return [Problem("people", f"are missing in the {months} months before the forecast", days, "every day", file)]
    if not needed.sum():
        return [Problem("people", f"nobody arrives in the {months} months before the forecast", "0", "", file)]
    return []
