"""Finished toy worlds that several tests look at. Nobody changes them."""

import sys
from pathlib import Path

import pytest

from sim.experiment.store import Store
from sim.processes.world import World, simulate
from sim.scenario import Scenario

sys.path.insert(0, str(Path(__file__).parent))  # for the tests' own module `worlds`
sys.path.append(str(Path(__file__).parents[1] / "unit"))  # for `described`, which unit tests use too

from stored import KEY, facts, tables
from worlds import pilot, run, with_exchange


@pytest.fixture(scope="session")
def calm() -> World:
    """The toy strait where nothing goes wrong and there is no exchange."""
    return run()


@pytest.fixture(scope="session")
def returning() -> World:
    """The toy strait with an exchange that could return everyone within days."""
    return run(with_exchange())


@pytest.fixture(scope="session")
def small_pilot() -> Scenario:
    """The pilot on a small scale, yet with people enough for every mechanism of the Channel to act."""
    people = {"theatre.inflow.people_per_year": dict.fromkeys((2022, 2023, 2024, 2025), 12_000)}
    return pilot({**people, "coast.people_at_start": 300, "until": "2025-12-15"})


@pytest.fixture(scope="session")
def small_pilot_run(small_pilot) -> World:
    """A finished run of the small pilot."""
    return simulate(small_pilot, 0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store that keeps what it says about damage."""
    said: list[str] = []
    found = Store(tmp_path / "store", said.append)
    found.said = said
    return found


@pytest.fixture
def saved(store: Store) -> Store:
    """A store with one run."""
    store.save(KEY, tables(), facts())
    return store
