"""A made-up results folder with all that a replay needs: boats whose days add up to the daily table."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from made_up import SECTORS, Fake

from sim.experiment.results import Results
from sim.report.replay.runs import ENDS

ONE_WAY = "arrived"
STAGES = ("centre", "bed", "seat", "awaiting_request")
DAYS = 190


def launches(fake: Fake, name: str, replication: int, each_day: int = 2) -> pd.DataFrame:
    """A few boats a day with every end, deaths among those that put to sea, not in the order of their hour."""
    size = DAYS * each_day
    launched = np.repeat(np.arange(DAYS), each_day) + np.round(fake.random.uniform(0, 0.3, size), 4)
    end = fake.random.choice(ENDS, size)
    took = np.where(np.isin(end, ENDS[:2]), 0, np.round(fake.random.uniform(0.1, 0.5, size), 4))
    people = fake.random.integers(30, 90, size)
    dead = np.where((took > 0) & (fake.random.uniform(0, 1, size) < 0.1), fake.random.integers(1, 9, size), 0)
    frame = pd.DataFrame(
        {
            "scenario": name, "replication": replication, "date": fake.dates[launched.astype(int)],
            "launched": launched, "ended": launched + took, "gang": fake.random.integers(0, 5, size),
            "camp": "old_camp", "sector": fake.random.choice(SECTORS, size),
            "landing": np.where(end == ONE_WAY, "port", ""), "taxi": False, "people": people, "dead": dead, "end": end,
        }
    )  # fmt: skip
    return frame.sample(frac=1, random_state=replication)


def days(fake: Fake, boats: pd.DataFrame, name: str, replication: int) -> pd.DataFrame:
    """The daily table that such boats give."""
    day = boats["launched"].astype(int)

    def by_day(people: pd.Series, among: pd.Series) -> np.ndarray:
        return np.bincount(day, weights=people.where(among, 0), minlength=DAYS).astype(int)

    alive, everyone = boats["people"] - boats["dead"], boats["people"] > 0
    table = {
        "arrivals": by_day(alive, boats["end"] == ONE_WAY),
        "deaths": by_day(boats["dead"], everyone),
        "turned_back": by_day(alive, boats["end"] == "turned_back"),
        "people_prevented": by_day(boats["people"], boats["end"] == "prevented"),
        "returned": fake.random.integers(0, 9, DAYS) if fake.exchanges(name) else 0,
        "admitted": fake.random.integers(0, 9, DAYS) if fake.exchanges(name) else 0,
        "selected": fake.random.integers(0, 9, DAYS),
        "wave_height_m": np.round(fake.random.uniform(0.1, 3, DAYS), 2),
        "price_gbp": np.round(fake.random.uniform(2000, 3000, DAYS)),
    }
    return pd.DataFrame({"scenario": name, "replication": replication, "date": fake.dates, **table})


def flights(fake: Fake, name: str, replication: int) -> pd.DataFrame:
    taken = [(80.5, 20, 12, 9, False), (82.5, 20, 5, 0, True)] if fake.exchanges(name) else []
    frame = pd.DataFrame(taken, columns=["day", "seats", "planned", "flown", "cancelled"])
    return frame.assign(scenario=name, replication=replication)


def stages(fake: Fake, name: str, replication: int) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"date": fake.dates, "stage": stage, "stock": fake.column(DAYS), "entered": 0.0})
        for stage in STAGES
    ]
    return pd.concat(parts).assign(scenario=name, replication=replication)


def recorded(folder: Path, **options: Any) -> Results:
    """A results folder with all that a replay needs."""
    fake = Fake(folder, days=DAYS, **options)
    runs = [(name, replication) for name in fake.names for replication in range(fake.replications)]
    boats = {run: launches(fake, *run) for run in runs}
    fake.write("boats", pd.concat(boats.values()))
    fake.write("daily", pd.concat([days(fake, boats[run], *run) for run in runs]))
    fake.write("pipeline", pd.concat([stages(fake, *run) for run in runs]))
    fake.write("flights", pd.concat([flights(fake, *run) for run in runs]))
    camps = [
        pd.DataFrame({"date": fake.dates, "camp": "old_camp", "waiting": fake.column(DAYS, 30).astype(int)}).assign(
            scenario=name, replication=replication
        )
        for name, replication in runs
    ]
    fake.write("camps", pd.concat(camps))
    return Results(folder)
