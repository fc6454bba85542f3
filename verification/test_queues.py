"""The arrival centre is an M/M/3 queue when it is given one; Little's law holds; D/D/1 and M/D/1 as known."""

from math import sqrt
from types import SimpleNamespace

import numpy as np
import pytest
import simpy

from sim.domain.randomness import Streams
from sim.processes.centre import Centre
from sim.processes.lives import Life, Past, Waiting
from sim.processes.moments import HOURS_PER_DAY, Clock

LIMIT, BATCHES, PEOPLE, WARM_UP = 4.0, 40, 6000, 1000


def waits(staff: int, per_hour: float, hours: float, shape: int, replication: int) -> np.ndarray:
    """Waits in the queue (hours) of people who come one by one to the product's own centre."""
    streams, keys = Streams(7, replication), np.arange(PEOPLE, dtype=np.uint64)
    service = (hours * streams.erlang("registration", keys, shape)).astype(np.float32)
    landing = np.cumsum(streams.erlang("inflow", keys, 1)) / per_hour / HOURS_PER_DAY
    env = simpy.Environment()
    waiting = Waiting(env)
    world = SimpleNamespace(
        env=env, clock=Clock(env), people=SimpleNamespace(registration_hours=service),
        rules=SimpleNamespace(centre=SimpleNamespace(staff=staff, places=PEOPLE, called_together=1)),
    )  # fmt: skip
    centre, left = Centre(world, lambda called: waiting.call(called, Past())), np.full(PEOPLE, np.nan)

    def arrivals():
        for person in range(PEOPLE):
            yield env.timeout(landing[person] - env.now)
            Life(env, stands_in_line(person))
            centre.admit([person])

    def stands_in_line(person):
        yield waiting.joins(person)
        left[person] = env.now

    env.process(arrivals())
    env.run()
    return ((left - landing) * HOURS_PER_DAY - service)[WARM_UP:]


def z(values: list[float], expected: float) -> float:
    return (np.mean(values) - expected) / (np.std(values, ddof=1) / sqrt(len(values)))


@pytest.mark.parametrize(
    ("staff", "per_hour", "hours", "shape", "mean_wait"),
    [(3, 0.2, 10.0, 1, 4.4444), (1, 0.8, 1.0, 1, 4.0), (1, 0.8, 1.0, 0, 2.0)],
    ids=["M/M/3", "M/M/1", "M/D/1"],
)
def test_the_mean_wait_is_the_known_one(staff, per_hour, hours, shape, mean_wait):
    means = [waits(staff, per_hour, hours, shape, replication).mean() for replication in range(BATCHES)]
    assert abs(z(means, mean_wait)) < LIMIT


def test_the_chance_to_wait_is_erlang_c():
    """M/M/3 with two erlangs: 4/9."""
    shares = [(waits(3, 0.2, 10.0, 1, replication) > 1e-4).mean() for replication in range(BATCHES)]
    assert abs(z(shares, 4 / 9)) < LIMIT
