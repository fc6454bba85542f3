"""A forecast: draw members, condition their levels on the last year observed, run them on, and read the quantiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats, Streams
from sim.experiment.forecasts.asked import Question
from sim.experiment.forecasts.condition import conditioned, month_noise, observations, predictions
from sim.experiment.forecasts.ensemble import run_members, sums
from sim.experiment.forecasts.levels import levels_ahead, prior_levels, prior_seats, seats_ahead, seats_so_far
from sim.experiment.forecasts.members import INFLOW, SEATS, dated, member_scenario, people_of
from sim.experiment.forecasts.outlook import Stage, forecast_tables
from sim.experiment.results import Results, write_answer
from sim.experiment.runner import Execution
from sim.experiment.study import Options
from sim.scenario import Problem, Scenario, ScenarioError

FITTED = ("arrivals", "boats_arrived")  # what members are conditioned on


@dataclass(frozen=True, slots=True)
class Drivers:
    """What each member holds of the drivers that are not known: levels of the inflow from `starts` on, and seats.

    `log_people` is (members, starts); `seats` (members, blocks) from the window on, or None for the scenario's own.
    """

    starts: pd.DatetimeIndex
    log_people: Floats
    seats: Floats | None


def forecast(question: Question, options: Options) -> Results:
    """Run a forecast and write its tables, `forecast` first of all.

    Raises:
        ScenarioError: a row of the posterior holds values that cannot be, or no member lets anybody arrive.
        InterruptedRunError, RunFailedError, StoppedError, StoreError: as `run_wanted`.
    """
    folder = options.folder(f"{question.scenario.name}_forecast")
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    how = options.execution(folder)
    drawn = _drawn(question)
    draws = Streams(question.scenario.seed, 0).generator("forecast levels")
    levels = prior_levels(question.past, question.method, draws, question.members)
    factors = prior_seats(question.method, draws, question.members)
    before = _hindcast(question, drawn, levels, factors, how)
    levels, factors, noise = _conditioned(question, before, levels, factors)
    drivers, scenarios = _ahead(question, drawn, levels, factors, noise)
    ran = _run(question, scenarios, drivers, how)
    tables = forecast_tables(question, before, ran, noise)
    return write_answer(
        folder, tables, [question.scenario], [question.scenario, *scenarios], None, question.members, options.command
    )


def _drawn(question: Question) -> list[dict[str, Any]]:
    """The settings that each member has from the posterior; none without one."""
    if question.posterior is None:
        return [{} for _ in range(question.members)]
    return question.posterior.drawn(question.members, question.scenario.seed)


def _hindcast(
    question: Question, drawn: Sequence[Mapping[str, Any]], levels: Floats, factors: Floats, how: Execution
) -> Stage:
    """The members from the start to the origin as they are drawn."""
    starts = _steps(question.start, question.method.level_months, levels.shape[1])
    seats = seats_so_far(factors, question.past) if question.past.has_boats else None
    drivers = Drivers(starts, levels, seats)
    scenarios = _scenarios(question, drawn, drivers, question.origin)
    return _run(question, scenarios, drivers, how)


def _conditioned(question: Question, before: Stage, levels: Floats, factors: Floats) -> tuple[Floats, Floats, float]:
    """Levels and factors after the window was looked at, and the noise of a month that they leave unexplained."""
    past, method = question.past, question.method
    observed = observations(past, method)
    arrivals, boats = (sums(before.days, metric, past.months, "month") for metric in FITTED)
    if not arrivals.any():
        message = "nobody arrives in the months observed, in any member: this coast cannot have made the series"
        raise ScenarioError([Problem("", message, question.scenario.name, "a scenario in which people cross")])
    predicted = predictions(arrivals, boats, past, method)
    noise = month_noise(predicted, observed, method)
    spread = np.full(len(observed.values), method.seats_misfit)
    spread[: observed.months] = noise
    unknowns = np.vstack([levels.T, factors[None]]) if past.has_boats else levels.T
    found = conditioned(unknowns, predicted, observed, spread, question.scenario.seed)
    blocks = levels.shape[1]
    return found[:blocks].T, found[blocks] if past.has_boats else factors, noise


def _ahead(
    question: Question, drawn: Sequence[Mapping[str, Any]], levels: Floats, factors: Floats, noise: float
) -> tuple[Drivers, list[Scenario]]:
    """The members from the start to the end of the forecast, conditioned, their levels walking on."""
    method, past = question.method, question.past
    months = _months_between(question.origin, question.stop)
    draws = Streams(question.scenario.seed, 0).generator("forecast ahead")
    further = levels_ahead(levels, past.walk, noise, method, draws, months)
    starts = _steps(question.start, method.level_months, levels.shape[1])
    all_starts = pd.DatetimeIndex([*starts, *_steps(question.origin, 1, months)])
    seats = None
    if past.has_boats:
        so_far = seats_so_far(factors, past)
        seats = np.hstack([so_far, seats_ahead(so_far[:, -1], past, method, draws, months)])
    drivers = Drivers(all_starts, np.hstack([levels, further]), seats)
    return drivers, _scenarios(question, drawn, drivers, question.stop)


def _scenarios(
    question: Question, drawn: Sequence[Mapping[str, Any]], drivers: Drivers, stop: pd.Timestamp
) -> list[Scenario]:
    """The scenario of each member: the posterior's settings, what it holds of the drivers, and the dates."""
    scenario = question.scenario
    people, seats = scenario.theatre.inflow.people_per_year, scenario.rules.gangs.seats_per_boat
    window = question.past.months[0]
    dates = {"start": question.start, "measure_from": window, "until": stop}
    common = people_of(scenario, question.origin.date()) | {name: f"{day:%Y-%m-%d}" for name, day in dates.items()}
    starts = [start.date() for start in drivers.starts]
    found = []
    for number, settings in enumerate(drawn):
        changes = {**settings, **common, INFLOW: dated(people, starts, np.exp(drivers.log_people[number]))}
        if drivers.seats is not None:
            blocks = _steps(window, question.method.level_months, drivers.seats.shape[1])[1:]
            changes[SEATS] = dated(seats, [starts[0], *(block.date() for block in blocks)], drivers.seats[number])
        found.append(member_scenario(scenario, changes, f"member {number}"))
    return found


def _run(question: Question, scenarios: Sequence[Scenario], drivers: Drivers, how: Execution) -> Stage:
    metrics = list(dict.fromkeys([*FITTED, *question.metrics]))
    return Stage(drivers.starts, drivers.log_people, drivers.seats, run_members(scenarios, metrics, how))


def _steps(first: pd.Timestamp, months: int, number: int) -> pd.DatetimeIndex:
    """The starts of so many spans of months."""
    return pd.DatetimeIndex([first + pd.DateOffset(months=months * step) for step in range(number)])


def _months_between(origin: pd.Timestamp, stop: pd.Timestamp) -> int:
    """How many months, the last one begun, lie between two days."""
    months = 0
    while origin + pd.DateOffset(months=months) < stop:
        months += 1
    return months
