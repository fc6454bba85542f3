"""Charters to France: how many a week, their seats, cancellations, and people who miss theirs."""

from collections import Counter

import numpy as np
import pytest
from worlds import by_person, content, count, ended, evenings, exchange, run, times, who, with_exchange

from sim.domain.population import Place
from sim.processes.world import World, run_tables
from sim.records.recorder import Happened


def flight_days(world: World) -> list[int]:
    """Whole days on which charters left or were cancelled; a day once for each."""
    return [int(row.day) for row in world.recorder.flights]


def test_flights_leave_at_noon():
    world = run(with_exchange())
    assert {round(row.day % 1, 6) for row in world.recorder.flights} == {0.5}


@pytest.mark.parametrize(("per_week", "weekdays"), [(1, {6}), (2, {3, 6}), (3, {2, 4, 6}), (7, set(range(7)))])
def test_flights_are_spread_over_each_week_since_the_opening(per_week, weekdays):
    world = run(with_exchange("2025-01-04", flights_per_week=per_week, seats_per_flight=1))
    first = int(times(world, Happened.READY).min() + 0.5)
    assert flight_days(world) == [day for day in range(first, 40) if (day - 3) % 7 in weekdays]


def test_half_a_flight_a_week_is_one_in_two_weeks():
    world = run(with_exchange("2025-01-04", flights_per_week=0.5))
    assert flight_days(world) == [3 + 13, 3 + 27]


def test_several_flights_may_leave_at_one_noon():
    world = run(with_exchange(flights_per_week=14, seats_per_flight=2))
    assert set(Counter(flight_days(world)).values()) == {2}
    assert set(Counter(times(world, Happened.RETURNED).astype(int).tolist()).values()) == {4}


def test_a_second_flight_needs_someone_whom_the_first_left_behind():
    world = run(with_exchange(flights_per_week=14))
    assert set(Counter(flight_days(world)).values()) == {1}


def test_no_flight_takes_more_than_its_seats():
    world = run(with_exchange(seats_per_flight=2))
    flown = np.bincount(times(world, Happened.RETURNED).astype(int))
    assert flown.max() == 2
    assert {row.seats for row in world.recorder.flights} == {2}
    assert max(row.planned for row in world.recorder.flights) == 2


def test_those_ready_first_fly_first():
    world = run(with_exchange(seats_per_flight=2))
    flown = who(world, Happened.RETURNED)
    assert flown == who(world, Happened.READY)[: len(flown)]


def test_everyone_returned_was_on_a_flight():
    world = run(with_exchange(flights_per_week=10, seats_per_flight=5, seat_attrition_share=0.3))
    flown = Counter(times(world, Happened.RETURNED).tolist())
    rows = Counter()
    for row in world.recorder.flights:
        rows[row.day] += row.flown
    assert {day: people for day, people in rows.items() if people} == dict(flown)


def test_a_cancelled_flight_flies_nobody():
    world = run(with_exchange(flight_cancelled_share=0.5))
    rows = world.recorder.flights
    assert {row.cancelled for row in rows} == {True, False}
    assert all((row.flown == 0) == row.cancelled for row in rows)
    assert all(row.planned > 0 for row in rows)
    assert count(world, Happened.MISSED_FLIGHT) == 0


def test_people_of_a_cancelled_flight_fly_on_the_next():
    world = run(with_exchange(flight_cancelled_share=0.5))
    cancelled = {int(row.day) for row in world.recorder.flights if row.cancelled}
    for case in ended(world, "returned"):
        flight = int(case["ready_day"] + 0.5)
        while flight in cancelled:
            flight += 1
        assert int(case["end_day"]) == flight


def test_no_flight_leaves_if_nobody_is_ready():
    assert run(with_exchange(french_reply_days=1000)).recorder.flights == []


def test_no_flight_leaves_before_somebody_is_ready():
    world = run(with_exchange())
    assert world.recorder.flights[0].day > times(world, Happened.READY).min()
    assert 0 < world.recorder.flights[0].day - times(world, Happened.READY).min() <= 1


def test_no_flight_leaves_while_the_exchange_is_closed():
    first, second = exchange(until="2025-01-16"), exchange("2025-01-26")
    world = run({**with_exchange(), "levers": [first, second]})
    days = set(flight_days(world))
    assert days
    assert not days & set(range(15, 25))
    assert {day < 15 for day in days} == {True, False}


def test_a_charter_waits_for_enough_people():
    world = run(with_exchange(seats_per_flight=30, flight_filled_at_least=0.5))
    planned = [row.planned for row in world.recorder.flights]
    assert 15 <= min(planned) <= max(planned) == 30
    assert any(row.planned < 15 for row in run(with_exchange(seats_per_flight=30)).recorder.flights)


def test_a_charter_does_not_wait_until_a_case_becomes_void():
    """Cases are ready on their fourth or fifth day; full charters of a thousand never come together."""
    world = run(with_exchange(seats_per_flight=1000, flight_filled_at_least=1, void_days=15))
    assert count(world, Happened.VOIDED) == 0 < count(world, Happened.RETURNED)
    left = {}
    for case in ended(world, "returned"):
        left[case["end_day"]] = min(left.get(case["end_day"], 99), case["arrived_day"] + 15 - case["end_day"])
    assert 5.9 < min(left.values()) <= max(left.values()) <= 7


def test_nobody_is_returned_while_returns_have_run_ahead():
    ahead = {"legal_route.parity_tolerance": 5, "legal_route.window_every_days": 1}
    world = run({**with_exchange(), **ahead})
    paused = next(day for day, on in enumerate(evenings(world, "returns_paused")) if on)
    assert flight_days(world) == list(range(flight_days(world)[0], paused))
    assert evenings(world, "seat_queue")[-1] > 0


def test_flights_leave_again_once_admissions_have_caught_up():
    """Nobody applies before day 21: by then returns are paused, and each place drawn lets as many fly again."""
    late = {"legal_route": {"from": "2025-01-22", "awareness": 1}}
    ahead = {"legal_route.parity_tolerance": 5, "legal_route.window_every_days": 1, "legal_route.awareness": 0,
             "legal_route.other_applicants_per_week": 300, "legal_route.pass_share": 1}  # fmt: skip
    world = run({**with_exchange(seats_per_flight=10), **ahead, "levers": [exchange(seats_per_flight=10), late]})
    paused = evenings(world, "returns_paused")
    days = set(flight_days(world))
    assert not days & {day for day, on in enumerate(paused) if on}
    assert {day < 21 for day in days} == {True, False}


def test_more_flights_from_a_date():
    more = {"flights": {"from": "2025-01-21", "flights_per_week": 7, "seats_per_flight": 3}}
    changes = with_exchange(flights_per_week=1, seats_per_flight=2)
    world = run({**changes, "levers": [*changes["levers"], more]})
    assert flight_days(world) == [6, 13, *range(20, 40)]
    assert [row.flown for row in world.recorder.flights] == [2, 2] + [3] * 20


def test_a_planned_seat_missed_leaves_the_person_in_the_queue():
    world = run(with_exchange(seat_attrition_share=1))
    assert count(world, Happened.RETURNED) == 0
    assert count(world, Happened.MISSED_FLIGHT) > 0
    assert world.people.count[Place.CASE] > 0
    assert all(row.flown == 0 < row.planned and not row.cancelled for row in world.recorder.flights)


def test_attrition_delays_returns_without_losing_anyone():
    world = run(with_exchange(seat_attrition_share=0.5))
    missed = set(who(world, Happened.MISSED_FLIGHT))
    assert missed & set(who(world, Happened.RETURNED))


def test_who_misses_a_flight_goes_to_the_end_of_the_queue():
    """Two seats a day, all missed: everyone is planned for once before anybody is planned for again."""
    world = run(with_exchange(seat_attrition_share=1, seats_per_flight=2, french_reply_days=3, until="2025-02-09"))
    missed = who(world, Happened.MISSED_FLIGHT)
    first = {person: number for number, person in reversed(list(enumerate(missed)))}
    ready_on = by_person(world, Happened.READY)
    missed_on = times(world, Happened.MISSED_FLIGHT)
    again = [n for n, person in enumerate(missed) if first[person] != n]
    waiting = [p for p, day in ready_on.items() for n in again if p not in first and day < missed_on[n]]
    assert len(missed) > 20
    assert waiting == []


def test_who_misses_the_first_flight_of_a_day_may_take_the_second():
    world = run(with_exchange(flights_per_week=14, seat_attrition_share=0.5))
    missed = set(zip(who(world, Happened.MISSED_FLIGHT), times(world, Happened.MISSED_FLIGHT).tolist(), strict=True))
    flown = set(zip(who(world, Happened.RETURNED), times(world, Happened.RETURNED).tolist(), strict=True))
    assert missed & flown


def test_the_table_of_flights_has_a_row_a_charter():
    world = run(with_exchange(flights_per_week=3, seats_per_flight=4, flight_cancelled_share=0.3))
    table = content(run_tables(world)["flights"])
    assert list(zip(*table.values(), strict=True)) == [tuple(row) for row in world.recorder.flights]
    assert list(table) == ["day", "seats", "planned", "flown", "cancelled"]
