"""A pool of places: taken and given back in turn, and changed in number at any time."""

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from sim.processes.pool import Pool


@pytest.fixture
def pool() -> Pool:
    return Pool(simpy.Environment(), 2)


def state(pool: Pool) -> tuple[int, int, int]:
    """Places taken, places free, people in line."""
    return pool.busy, pool.free, pool.waiting


def given_to(events: list[simpy.Event]) -> list[bool]:
    return [event.triggered for event in events]


def test_a_free_place_is_taken_at_once(pool):
    assert pool.take().triggered
    assert state(pool) == (1, 1, 0)


def test_who_finds_no_place_stands_in_line(pool):
    events = [pool.take() for _ in range(4)]
    assert given_to(events) == [True, True, False, False]
    assert state(pool) == (2, 0, 2)


def test_a_place_given_back_goes_to_whoever_has_waited_longest(pool):
    events = [pool.take() for _ in range(5)]
    pool.give_back()
    assert given_to(events) == [True, True, True, False, False]
    pool.give_back()
    assert given_to(events) == [True, True, True, True, False]
    assert state(pool) == (2, 0, 1)


def test_a_place_given_back_while_nobody_waits_is_free(pool):
    pool.take()
    pool.give_back()
    assert state(pool) == (0, 2, 0)


def test_who_leaves_the_line_before_a_place_is_given_is_passed_over(pool):
    events = [pool.take() for _ in range(4)]
    pool.leave_line(events[2])
    assert state(pool) == (2, 0, 1)
    pool.give_back()
    assert given_to(events) == [True, True, False, True]


def test_who_leaves_after_a_place_was_given_gives_it_back(pool):
    events = [pool.take() for _ in range(3)]
    pool.leave_line(events[0])
    assert given_to(events) == [True, True, True]
    assert state(pool) == (2, 0, 0)


def test_who_leaves_after_a_place_was_given_in_the_meantime_loses_nobody_theirs(pool):
    events = [pool.take() for _ in range(4)]
    pool.give_back()
    pool.leave_line(events[2])
    assert given_to(events) == [True] * 4
    assert state(pool) == (2, 0, 0)


def test_more_places_serve_those_in_line_at_once(pool):
    events = [pool.take() for _ in range(5)]
    pool.resize(4)
    assert given_to(events) == [True, True, True, True, False]
    assert state(pool) == (4, 0, 1)


def test_after_a_cut_nobody_is_turned_out_and_places_given_back_are_closed(pool):
    events = [pool.take() for _ in range(3)]
    pool.resize(1)
    assert state(pool) == (2, 0, 1)
    pool.give_back()
    assert given_to(events) == [True, True, False]
    pool.give_back()
    assert given_to(events) == [True, True, True]
    assert state(pool) == (1, 0, 0)


def test_a_pool_without_places_gives_none_until_there_are_some():
    pool = Pool(simpy.Environment(), 0)
    event = pool.take()
    assert not event.triggered
    pool.resize(1)
    assert event.triggered


def test_places_are_given_within_the_run_not_later():
    env = simpy.Environment()
    pool, log = Pool(env, 1), []

    def someone(name: str, days: float):
        yield pool.take()
        log.append((env.now, name))
        yield env.timeout(days)
        pool.give_back()

    for name, days in (("a", 2), ("b", 3), ("c", 1)):
        env.process(someone(name, days))
    env.run()
    assert log == [(0, "a"), (2, "b"), (5, "c")]
    assert state(pool) == (0, 1, 0)


@given(actions=st.lists(st.tuples(st.sampled_from(["take", "give_back", "leave", "resize"]), st.integers(0, 5))))
def test_nobody_waits_while_a_place_is_free_and_no_more_are_taken_than_there_were(actions):
    pool, holders, most = Pool(simpy.Environment(), 2), [], 2
    for action, number in actions:
        if action == "take":
            holders.append(pool.take())
        elif action == "resize":
            pool.resize(number)
            most = max(most, number)
        elif action == "leave" and holders:
            pool.leave_line(holders.pop(number % len(holders)))
        elif action == "give_back" and any(given_to(holders)):
            holders.remove(next(event for event in holders if event.triggered))
            pool.give_back()
        assert pool.free == 0 or pool.waiting == 0
        assert pool.busy == sum(given_to(holders)) <= most
        assert pool.waiting == len(holders) - pool.busy
