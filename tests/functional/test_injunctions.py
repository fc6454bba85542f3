"""Injunctions: asked for once a case when a seat is planned; the person leaves the list while a court looks at it."""

from collections import Counter

import pytest
from worlds import by_person, cases, count, ended, evenings, run, times, who, with_exchange

from sim.domain.population import Place
from sim.processes.world import World
from sim.records.recorder import Happened

COUNT_HOUR = 23.9 / 24
COURT = {"claims.injunction_share": 1, "claims.injunction_days": 4.7, "claims.injunction_stop_share": 0}
TRY_AGAIN = {
    "after_return.try_again_share": 1, "after_return.claim_in_france_share": 0, "after_return.retry_days": 1,
    "after_return.recognised_selection_share": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def in_court() -> World:
    """Everyone with a seat asks for an injunction, which is refused after 4.7 days."""
    return run({**with_exchange(), **COURT})


def test_an_injunction_is_asked_for_once_a_case_when_a_seat_is_planned(in_court):
    asked = Counter(who(in_court, Happened.INJUNCTION_ASKED))
    assert set(asked.values()) == {1}
    assert set(who(in_court, Happened.RETURNED)) <= set(asked)
    assert {round(day % 1, 6) for day in times(in_court, Happened.INJUNCTION_ASKED)} == {0.5}


def test_who_asks_leaves_the_list_and_flies_when_the_court_has_refused(in_court):
    asked, flown = (by_person(in_court, h) for h in (Happened.INJUNCTION_ASKED, Happened.RETURNED))
    assert len(flown) > 50
    assert [flown[person] - asked[person] for person in flown] == pytest.approx([5] * len(flown))


def test_a_seat_planned_for_someone_in_court_stays_empty_and_is_not_missed(in_court):
    asked = Counter(times(in_court, Happened.INJUNCTION_ASKED).tolist())
    assert count(in_court, Happened.MISSED_FLIGHT) == 0
    assert all(row.planned - row.flown == asked[row.day] for row in in_court.recorder.flights)


def test_people_in_court_are_counted_apart_from_those_who_wait_for_a_seat(in_court):
    asked, ready, flown = (times(in_court, h) for h in (Happened.INJUNCTION_ASKED, Happened.READY, Happened.RETURNED))
    for day in range(40):
        now = day + COUNT_HOUR
        court = ((asked <= now) & (asked > now - 4.7)).sum()
        assert evenings(in_court, "in_court")[day] == court
        assert evenings(in_court, "seat_queue")[day] == (ready <= now).sum() - (flown <= now).sum() - court


def test_a_court_that_always_stops_leaves_nobody_to_return():
    world = run({**with_exchange(), **COURT, "claims.injunction_stop_share": 1, "asylum.decision_days": 9000})
    stopped = who(world, Happened.INJUNCTION_STOPPED)
    assert count(world, Happened.RETURNED) == 0 < len(stopped)
    assert (world.people.place_view[stopped] == Place.ASYLUM).all()
    asked = by_person(world, Happened.INJUNCTION_ASKED)
    waited = [day - asked[person] for person, day in by_person(world, Happened.INJUNCTION_STOPPED).items()]
    assert waited == pytest.approx([4.7] * len(waited))


def test_a_long_court_case_delays_the_return():
    world = run({**with_exchange(), **COURT, "claims.injunction_days": 20})
    assert min(case["end_day"] - case["selected_day"] for case in ended(world, "returned")) >= 20


def test_three_months_end_a_case_in_court():
    world = run({**with_exchange(void_days=9), **COURT, "claims.injunction_days": 30})
    void = ended(world, "voided")
    assert [case["end_day"] - case["arrived_day"] for case in void] == pytest.approx([9] * len(void), abs=1e-5)
    assert len(void) > 50


def test_a_seat_on_a_cancelled_flight_provokes_no_injunction():
    world = run({**with_exchange(flight_cancelled_share=1), **COURT})
    assert count(world, Happened.INJUNCTION_ASKED) == 0 < len(world.recorder.flights)


def test_some_ask_and_the_others_fly_at_once():
    world = run({**with_exchange(), **COURT, "claims.injunction_share": 0.4})
    asked, first_flight = set(who(world, Happened.INJUNCTION_ASKED)), 0
    for case in ended(world, "returned"):
        first_flight += case["end_day"] - case["ready_day"] <= 1
    assert 0 < len(asked) < first_flight
    assert first_flight == len(set(who(world, Happened.RETURNED)) - asked)


def test_whose_first_seat_provoked_nothing_is_not_asked_again():
    """The luck is the case's own: who did not ask for the first seat does not ask for a later one either."""
    world = run({**with_exchange(seat_attrition_share=0.5), **COURT, "claims.injunction_share": 0.4})
    asked, missed = by_person(world, Happened.INJUNCTION_ASKED), {}
    for person, day in zip(who(world, Happened.MISSED_FLIGHT), times(world, Happened.MISSED_FLIGHT), strict=True):
        missed.setdefault(person, day)
    assert [person for person in asked if missed.get(person, 99) < asked[person]] == []


def test_another_case_of_the_same_person_may_go_to_court_again():
    world = run({**with_exchange(), **TRY_AGAIN, **COURT, "claims.injunction_days": 0.2})
    asked, begun = Counter(who(world, Happened.INJUNCTION_ASKED)), Counter(who(world, Happened.SELECTED))
    assert max(asked.values()) >= 2
    assert all(times_asked <= begun[person] for person, times_asked in asked.items())


def test_cases_ended_by_a_court_had_been_ready():
    world = run({**with_exchange(), **COURT, "claims.injunction_stop_share": 1})
    stopped = [case for case in cases(world) if case["end"] == "injunction_stopped"]
    assert stopped
    assert all(case["accepted_day"] <= case["ready_day"] < case["end_day"] for case in stopped)
