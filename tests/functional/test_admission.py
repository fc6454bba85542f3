"""From being chosen to arriving by the legal route: checks, biometrics, visa, journey."""

from collections import Counter

import numpy as np
import pytest
from worlds import (
    NO_RETURNS,
    by_person,
    chosen_on,
    count,
    evenings,
    exchange,
    on_day,
    run,
    stage,
    times,
    who,
    with_exchange,
)

from sim.domain.population import Place
from sim.records.recorder import Happened

TEN = {**NO_RETURNS, "legal_route.float_places": 10, "legal_route.parity_tolerance": 100}


def test_checks_a_day_of_biometrics_the_visa_and_the_journey_take_their_days():
    world = run({**NO_RETURNS, "legal_route.visa_days": 4, "legal_route.travel_days": 2})
    assert times(world, Happened.BIOMETRICS_GIVEN).tolist() == [7 + 3 + 1.0] * 5
    assert times(world, Happened.ADMITTED).tolist() == [7 + 3 + 1 + 4 + 2.0] * 5


def test_who_is_admitted_waits_for_a_decision_in_the_uk_and_keeps_the_slot():
    world = run({**NO_RETURNS, "asylum.decision_days": 9000})
    assert (world.people.place_view[who(world, Happened.ADMITTED)] == Place.ADMITTED).all()
    assert (world.ledger.admitted, world.ledger.promised, world.ledger.places_open()) == (5, 0, 0)


def test_a_place_of_someone_who_fails_the_checks_is_drawn_again():
    world = run({**NO_RETURNS, "legal_route.pass_share": 0})
    assert count(world, Happened.ADMITTED) == count(world, Happened.BIOMETRICS_GIVEN) == 0
    assert times(world, Happened.FAILED_CHECKS).tolist() == [day + 3 for day in (7, 14, 21, 28, 35) for _ in range(5)]
    assert chosen_on(world) == {7: 5, 14: 5, 21: 5, 28: 5, 35: 5}


def test_a_place_of_someone_whose_visa_is_refused_is_drawn_again():
    world = run({**NO_RETURNS, "legal_route.visa_refused_share": 1, "legal_route.visa_days": 2})
    assert count(world, Happened.ADMITTED) == 0
    assert times(world, Happened.FAILED_CHECKS).tolist() == [
        day + 3 + 1 + 2 for day in (7, 14, 21, 28) for _ in range(5)
    ]
    assert chosen_on(world) == {7: 5, 14: 5, 21: 5, 28: 5, 35: 5}


def test_some_visas_are_refused_and_the_others_granted():
    world = run({**TEN, "legal_route.visa_refused_share": 0.4})
    refused, admitted = set(who(world, Happened.FAILED_CHECKS)), set(who(world, Happened.ADMITTED))
    assert refused
    assert admitted
    assert not refused & admitted


def test_applicants_from_elsewhere_who_fail_settle():
    world = run({**NO_RETURNS, "legal_route.pass_share": 0})
    assert (world.people.place_view[who(world, Happened.FAILED_CHECKS)] == Place.SETTLED).all()


def test_appointments_for_biometrics_are_a_days_number():
    world = run({**TEN, "legal_route.biometrics_per_day": 3})
    given = on_day(world, Happened.BIOMETRICS_GIVEN)
    assert given[11:15] == [3, 3, 3, 1]
    assert on_day(world, Happened.ADMITTED)[12:16] == [3, 3, 3, 1]
    assert sum(given) == 10


def test_more_appointments_from_a_date_admit_those_who_wait_together():
    more = {"legal_route": {"from": "2025-01-13", "biometrics_per_day": 100}}
    world = run({**TEN, "legal_route.biometrics_per_day": 2, "levers": [exchange(beds=0), more]})
    assert on_day(world, Happened.BIOMETRICS_GIVEN)[11:15] == [2, 2, 6, 0]


def test_those_chosen_first_give_biometrics_first():
    world = run({**TEN, "legal_route.biometrics_per_day": 3})
    assert who(world, Happened.BIOMETRICS_GIVEN) == who(world, Happened.CHOSEN)


def test_checks_and_visas_differ_by_their_spread():
    world = run({**TEN, "legal_route.days_spread": 0.5, "legal_route.visa_days": 4})
    checked = times(world, Happened.BIOMETRICS_GIVEN) - 8
    admitted, given = by_person(world, Happened.ADMITTED), by_person(world, Happened.BIOMETRICS_GIVEN)
    visas = np.array([admitted[person] - given[person] for person in admitted])
    assert len(set(checked.round(6).tolist())) == 10
    assert len(set(visas.round(6).tolist())) == 10
    assert checked.min() < 3 < checked.max()
    assert visas.min() < 4 < visas.max()


def test_admissions_under_way_are_finished_after_the_end():
    world = run({**NO_RETURNS, **with_exchange(until="2025-01-09", beds=0)})
    assert times(world, Happened.ADMITTED).tolist() == [7 + 3 + 1 + 1.0] * 5


def test_every_admission_in_process_holds_a_promise():
    world = run({**TEN, "legal_route.biometrics_per_day": 1})
    assert evenings(world, "promised") == stage(world, "checks").tolist()
    assert max(evenings(world, "promised")) == 10


def test_someone_chosen_once_is_not_chosen_again():
    world = run({**TEN, "legal_route.pass_share": 0.5})
    assert set(Counter(who(world, Happened.CHOSEN)).values()) == {1}


@pytest.mark.parametrize("stage_name", ["chosen", "biometrics_given", "admitted"])
def test_no_stage_has_more_people_than_the_one_before(stage_name):
    world = run({**TEN, "legal_route.pass_share": 0.6, "legal_route.visa_refused_share": 0.3})
    order = ["applied", "chosen", "biometrics_given", "admitted"]
    before = Happened[order[order.index(stage_name) - 1].upper()]
    assert 0 < count(world, Happened[stage_name.upper()]) < count(world, before)
