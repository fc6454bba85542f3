"""Lives are SimPy processes with fewer events: what they do is the same, and so is every byte of every table."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import simpy

from sim.processes import boat, centre, coast, gang, legal_route, patrol, rescue, supply, world
from sim.processes.lives import Life, Past, Waiting
from sim.processes.world import records_of, run_tables, simulate
from sim.records.people_tables import journeys_table
from sim.records.tidy import Coded
from sim.scenario import load_scenario

PLACES = (boat, centre, coast, gang, legal_route, patrol, rescue, supply, world)
MONTHS = {"until": "2025-10-20", "theatre.inflow.people_per_year.2025": 8000, "passage.incident_share": 0.05}


class PlainWaiting:
    """People who wait as SimPy's manual says: an event each, succeeded one after the other."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env, self.lives = env, {}

    def joins(self, person: int) -> simpy.Event:
        self.lives[person] = self.env.event()
        return self.lives[person]

    def call(self, people: Iterable[int], event: simpy.Event) -> None:
        called = [self.lives.pop(person) for person in people]

        def wake(happened: simpy.Event) -> None:
            for one in called:
                one.succeed(happened.value)

        if event.processed:
            wake(event)
        else:
            event.callbacks.append(wake)


def tables(changes: dict[str, Any]) -> dict[str, bytes]:
    run = simulate(load_scenario("pilot.yaml", MONTHS | changes), 0)
    made = {**run_tables(run), "journeys": journeys_table(records_of(run))}
    assert len(run.recorder.code) > 5000
    return {
        f"{name}.{column}": np.asarray(values.codes if isinstance(values, Coded) else values).tobytes()
        for name, table in made.items()
        for column, values in table.items()
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"exchange.weekly_target": 400, "migrants.lorry_success": 0.4},
        {"centre.staff": 1, "centre.called_together": 1},
    ],
    ids=["pilot", "many returns and lorries", "one slow desk"],
)
def test_results_are_those_of_plain_simpy_processes_byte_for_byte(changes, monkeypatch):
    ours = tables(changes)
    swapped = 0
    for module in PLACES:
        for name, plain in (("Life", simpy.Process), ("Waiting", PlainWaiting)):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, plain)
                swapped += 1
    theirs = tables(changes)
    assert swapped >= 9
    assert {name for name in ours if ours[name] != theirs[name]} == set()


@pytest.fixture
def env() -> simpy.Environment:
    return simpy.Environment()


def test_a_life_begins_at_once_and_goes_on_when_its_event_happens(env):
    said = []

    def story():
        said.append(("begun", env.now))
        said.append(((yield env.timeout(3, "later")), env.now))

    Life(env, story())
    assert said == [("begun", 0)]
    env.run()
    assert said == [("begun", 0), ("later", 3)]


def test_a_life_that_ends_makes_no_event_unless_somebody_waits_for_it(env):
    def story():
        yield env.timeout(1)
        return "done"

    def waits(life):
        return (yield life)

    Life(env, story())
    watched = env.process(waits(Life(env, story())))
    env.run(until=1)
    env.run()
    assert watched.value == "done"
    alone = simpy.Environment()
    Life(alone, (alone.timeout(1) for _ in range(1)))
    alone.step()
    with pytest.raises(simpy.core.EmptySchedule):
        alone.step()


def test_a_life_that_has_ended_can_still_be_waited_for(env):
    def story():
        return "done"
        yield

    over = Life(env, story())
    assert not over.is_alive

    def waits():
        return (yield over)

    assert env.run(env.process(waits())) == "done"


def test_a_life_begun_by_a_process_leaves_that_process_the_active_one(env):
    seen = []

    def inner():
        yield env.timeout(1)

    def outer():
        me = env.active_process
        Life(env, inner())
        seen.append(env.active_process is me)
        yield env.timeout(1)

    env.process(outer())
    env.run()
    assert seen == [True]


def test_an_error_in_a_life_stops_the_run(env):
    def story():
        yield env.timeout(1)
        raise ValueError("lost at sea")

    Life(env, story())
    with pytest.raises(ValueError, match="lost at sea"):
        env.run()


def test_a_life_hears_of_an_event_that_failed(env):
    said = []

    def story():
        try:
            yield bad
        except ValueError as error:
            said.append(str(error))

    bad = env.event()
    Life(env, story())
    bad.fail(ValueError("no"))
    env.run()
    assert said == ["no"]


def test_a_life_can_be_interrupted(env):
    said = []

    def story():
        try:
            yield env.timeout(10)
        except simpy.Interrupt as interrupt:
            said.append((interrupt.cause, env.now))

    life = Life(env, story())

    def breaks_in():
        yield env.timeout(2)
        life.interrupt("news")

    env.process(breaks_in())
    env.run()
    assert said == [("news", 2)]


def test_people_called_together_go_on_in_the_order_of_the_call_by_one_event(env):
    waiting, said = Waiting(env), []

    def story(person):
        said.append((person, (yield waiting.joins(person)), env.now))

    for person in range(3):
        Life(env, story(person))
    waiting.call([2, 0], env.timeout(4, "now"))
    events = len(env._queue)
    env.run()
    assert events == 1
    assert said == [(2, "now", 4), (0, "now", 4)]
    assert list(waiting.lives) == [1]


def test_people_called_by_an_event_that_is_past_go_on_at_once_and_leave_the_caller_active(env):
    waiting, said = Waiting(env), []

    def story(person):
        said.append((person, (yield waiting.joins(person)), env.active_process is not caller))

    def calls():
        for person in range(2):
            Life(env, story(person))
        yield env.timeout(1)
        waiting.call([1, 0], Past("then"))
        said.append(env.active_process is caller)

    caller = env.process(calls())
    env.run()
    assert said == [(1, "then", True), (0, "then", True), True]


def test_calling_someone_who_does_not_wait_is_an_error(env):
    with pytest.raises(KeyError):
        Waiting(env).call([7], env.event())
