"""Work without permission while waiting for a decision: who, from when, until an arrest or the decision."""

from math import floor, log

import numpy as np
from worlds import by_person, count, evenings, on_day, run, stage, times, who, with_exchange

from sim.domain.choice import arrest_rate
from sim.processes.world import World
from sim.records.recorder import Happened

NO_DECISION = {"asylum.decision_days": 9000, "asylum.decision_shape": 10}
ALL_WORK = {
    "asylum.work_share": 1, "asylum.work_after_days": 5, "asylum.work_elasticity": 0, "asylum.arrests_per_visit": 0,
    **NO_DECISION,
}  # fmt: skip
CAUGHT = {"asylum.arrests_per_visit": 1, "asylum.visits_per_quarter": 2400, "asylum.irregular_workers": 500}
SOON = {"asylum.decision_days": 10, "asylum.decision_shape": 2}


def decided(world: World) -> dict[int, float]:
    return by_person(world, Happened.GRANTED) | by_person(world, Happened.REFUSED_ASYLUM)


def at_work(world: World, ends: dict[int, float], days: range = range(40)) -> list[int]:
    """How many have begun to work and have neither been arrested nor had their decision, each evening."""
    began, arrested = by_person(world, Happened.STARTED_WORK), by_person(world, Happened.ARRESTED_AT_WORK)
    return [
        sum(begin <= day < min(arrested.get(person, 99), ends.get(person, 99)) for person, begin in began.items())
        for day in days
    ]


def test_nobody_works_where_nobody_would():
    world = run({**ALL_WORK, "asylum.work_share": 0})
    assert count(world, Happened.STARTED_WORK) == 0
    assert set(evenings(world, "working")) == {0}


def test_everyone_who_waits_works_after_the_days_it_takes_to_find_work():
    world = run(ALL_WORK)
    registered, began = by_person(world, Happened.REGISTERED), by_person(world, Happened.STARTED_WORK)
    assert began == {person: floor(day) + 1 + 5 for person, day in registered.items() if floor(day) + 1 + 5 < 40}


def test_a_share_of_those_who_wait_works_and_a_larger_share_includes_them():
    few, many, everyone = (
        set(who(run({**ALL_WORK, "asylum.work_share": share}), Happened.STARTED_WORK)) for share in (0.2, 0.6, 1)
    )
    assert set() < few < many < everyone
    assert len(few) < 0.35 * len(everyone)


def test_more_visits_lower_the_share_who_find_work():
    """At an elasticity of 1 twice the visits halve it."""
    visited = {**ALL_WORK, "asylum.work_elasticity": 1, "asylum.visits_per_quarter": 4800,
               "asylum.reference_visits_per_quarter": 2400}  # fmt: skip
    half = run({**ALL_WORK, "asylum.work_share": 0.5})
    assert who(run(visited), Happened.STARTED_WORK) == who(half, Happened.STARTED_WORK)


def test_more_visits_from_a_date_count_for_those_who_come_from_then_on():
    lever = {"illegal_working_enforcement": {"from": "2025-01-11", "visits_per_quarter": 240_000}}
    deterred = {**ALL_WORK, "asylum.work_elasticity": 1, "asylum.reference_visits_per_quarter": 2400,
                "asylum.visits_per_quarter": 2400}  # fmt: skip
    world, before = run({**deterred, "levers": [lever]}), run(deterred)
    early, late = range(10 + 5), range(10 + 5, 40)
    began, began_before = (np.array(on_day(w, Happened.STARTED_WORK)) for w in (world, before))
    assert began[early].tolist() == began_before[early].tolist()
    assert began[late].sum() < 0.1 * began_before[late].sum()


def test_those_at_work_are_those_who_began_while_nobody_is_arrested_or_decided():
    world = run(ALL_WORK)
    assert evenings(world, "working") == np.cumsum(on_day(world, Happened.STARTED_WORK)).tolist()


def test_without_arrests_at_visits_nobody_is_arrested():
    assert count(run(ALL_WORK), Happened.ARRESTED_AT_WORK) == 0


def test_an_arrest_comes_at_the_persons_own_time_and_ends_the_work():
    world = run({**ALL_WORK, **CAUGHT})
    began, arrested = by_person(world, Happened.STARTED_WORK), by_person(world, Happened.ARRESTED_AT_WORK)
    rate = arrest_rate(2400, 1, 500)
    waits = {person: -log(world.streams.one("arrested", int(world.people.key[person]))) / rate for person in began}
    assert arrested == {p: floor(began[p] + wait) for p, wait in waits.items() if floor(began[p] + wait) < 40}
    assert 10 < len(arrested) < len(began)
    assert evenings(world, "working") == at_work(world, {})


def test_where_visits_are_countless_everyone_is_arrested_on_the_first_day():
    world = run({**ALL_WORK, **CAUGHT, "asylum.irregular_workers": 1e-3})
    assert times(world, Happened.ARRESTED_AT_WORK).tolist() == times(world, Happened.STARTED_WORK).tolist() != []
    assert set(evenings(world, "working")) == {0}


def test_more_visits_arrest_more():
    few, many = (
        set(who(run({**ALL_WORK, **CAUGHT, "asylum.visits_per_quarter": visits}), Happened.ARRESTED_AT_WORK))
        for visits in (1000, 4000)
    )
    assert few < many


def test_nobody_begins_to_work_whose_decision_comes_first():
    world = run({**ALL_WORK, **SOON})
    ends, began = decided(world), by_person(world, Happened.STARTED_WORK)
    assert set(ends) - set(began)
    assert all(began[person] <= ends[person] for person in set(ends) & set(began))


def test_nobody_is_arrested_after_the_decision():
    world = run({**ALL_WORK, **SOON, **CAUGHT})
    ends, arrested = decided(world), by_person(world, Happened.ARRESTED_AT_WORK)
    assert set(ends) - set(arrested)
    assert all(day <= ends.get(person, 99) for person, day in arrested.items())


def test_a_decision_ends_the_work_within_a_day():
    world = run({**ALL_WORK, **SOON, **CAUGHT})
    ends = decided(world)
    fewest, most = at_work(world, ends), at_work(world, {person: day + 1 for person, day in ends.items()})
    working = evenings(world, "working")
    assert all(low <= people <= high for low, people, high in zip(fewest, working, most, strict=True))
    assert max(working) > 30


def test_those_at_work_are_what_the_events_say():
    world = run({**ALL_WORK, **SOON, **CAUGHT})
    assert evenings(world, "working") == at_work(world, decided(world))


def test_nobody_works_once_everyone_has_a_decision_or_has_been_arrested():
    """No boat gets away from the second week on, and decisions come within weeks: work ends and is never below nil."""
    stopped = {"levers": [{"patrol_units": {"from": "2025-01-08", "units": 100_000}}], "patrols.stop_beach": 1,
               "patrols.night_share": 1, "patrols.busy_hours": 0.01}  # fmt: skip
    world = run({**ALL_WORK, **CAUGHT, **stopped, "asylum.decision_days": 8, "asylum.decision_shape": 2,
                 "asylum.work_after_days": 1, "until": "2025-04-01"})  # fmt: skip
    working = evenings(world, "working")
    assert len(decided(world)) == count(world, Happened.REGISTERED)
    assert max(working) > 20
    assert min(working) == working[-1] == 0


def test_people_admitted_by_the_legal_route_may_work_as_well():
    applicants = {
        "legal_route.other_applicants_per_week": 70,
        "legal_route.float_places": 9,
        "legal_route.checks_days": 3,
        "legal_route.pass_share": 1,
        "legal_route.parity_tolerance": 100,
    }
    world = run({**with_exchange(beds=0), **applicants, **ALL_WORK, "coast.people_at_start": 0})
    admitted = set(who(world, Happened.ADMITTED))
    assert admitted
    assert admitted <= set(who(world, Happened.STARTED_WORK))


def test_people_detained_for_return_do_not_work():
    world = run({**with_exchange(french_reply_days=80), **ALL_WORK})
    assert count(world, Happened.STARTED_WORK) == 0 < count(world, Happened.SELECTED)


def test_the_pipeline_shows_who_works_and_who_is_arrested():
    world = run({**ALL_WORK, **CAUGHT})
    assert stage(world, "working").tolist() == evenings(world, "working")
    assert stage(world, "working", "entered").tolist() == on_day(world, Happened.STARTED_WORK)
    assert stage(world, "arrested_at_work", "entered").tolist() == on_day(world, Happened.ARRESTED_AT_WORK)
