"""A made-up simulator in the place of the real one: what a forecast does can be told from what the model does.

Arrivals of a day follow the level and the season of the member's scenario, and a sea that lets people cross on some
days only, the same for a replication whatever the level. Boats carry the seats of the day.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from sim.domain.inflow import season
from sim.domain.quantities import levels_on
from sim.experiment.forecasts.members import dated
from sim.scenario import Scenario, load_scenario

CROSSED = 0.45  # share of days on which people cross
GUSTS = 0.5  # sd of the log of what a crossing day carries


def weather(days: int, seed: int) -> np.ndarray:
    """What each day lets through, 1 on average; that of a day does not depend on how many there are."""
    open_days = np.random.default_rng([seed, 1]).random(days) < CROSSED
    gusts = np.random.default_rng([seed, 2]).standard_normal(days)
    return open_days * np.exp(GUSTS * gusts - GUSTS**2 / 2) / CROSSED


def daily(scenario: Scenario, replication: int) -> pd.DataFrame:
    """The days of one run: arrivals, boats and the other flows, which are nil."""
    number = int(scenario.horizon_days)
    dates = [scenario.start + timedelta(days=day) for day in range(number)]
    level = np.array(levels_on(scenario.theatre.inflow.people_per_year, dates)) / 365.25
    shape = season(scenario.theatre.inflow, np.array([day.timetuple().tm_yday for day in dates], dtype=float))
    people = np.round(level * shape * weather(number, 7_000 + replication))
    seats = np.array(levels_on(scenario.rules.gangs.seats_per_boat, dates))
    return pd.DataFrame(
        {"arrivals": people, "boats_arrived": np.ceil(people / seats)}, index=pd.DatetimeIndex(dates)
    ).reindex(columns=["arrivals", "boats_arrived", "people_prevented", "returned", "admitted"], fill_value=0.0)


def run_members(members: Sequence[Scenario], metrics: Sequence[str], how: object) -> list[pd.DataFrame]:
    """As `sim.experiment.forecasts.ensemble.run_members`, at once."""
    return [daily(member, i).reindex(columns=list(metrics), fill_value=0.0) for i, member in enumerate(members)]


def series(levels: dict[str, float], per_boat: float, seed: int, last: str) -> pd.DataFrame:
    """An observed series from the first date of `levels` to `last`, made by the same coast: people, boats."""
    first = min(levels)
    starts = [date.fromisoformat(start) for start in levels]
    own = load_scenario("no_exchange")
    people, seats = own.theatre.inflow.people_per_year, own.rules.gangs.seats_per_boat
    scenario = load_scenario(
        "no_exchange",
        {
            "start": first, "measure_from": first, "until": f"{pd.Timestamp(last) + pd.Timedelta(days=1):%Y-%m-%d}",
            "theatre.inflow.people_per_year": dated(people, starts, np.array(list(levels.values()))),
            "gangs.seats_per_boat": dated(seats, starts[:1], np.array([per_boat])),
        },
    )  # fmt: skip
    days = daily(scenario, seed)
    return days.rename(columns={"arrivals": "people", "boats_arrived": "boats"})[["people", "boats"]]
