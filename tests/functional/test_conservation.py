"""Everything is in exactly one place, at every event; and the run stops, telling, when it is not."""

import numpy as np
import pytest
from worlds import count, exchange, pilot, toy, with_exchange

from sim.domain.population import ConservationError, Place
from sim.processes.audit import audit
from sim.processes.world import World, build_world, simulate
from sim.records.exchange_tables import CASE_ENDS
from sim.records.recorder import Happened

BOTH_WAYS = {
    "levers": [exchange(weekly_target=10, over_selection=1, seat_attrition_share=0.3, caseworkers=3,
                        request_work_days=0.5)],
    "claims.trafficking_share": 0.5, "claims.trafficking_bar_days": 4, "claims.trafficking_final_days": 4,
    "claims.trafficking_upheld_share": 0.4, "claims.human_rights_share": 0.3, "claims.human_rights_days": 3,
    "claims.injunction_share": 0.3, "claims.injunction_days": 3, "legal_route.biometrics_per_day": 1,
    "legal_route.other_applicants_per_week": 20, "legal_route.float_places": 3, "legal_route.checks_days": 5,
    "after_return.try_again_share": 0.5, "after_return.claim_in_france_share": 0.3,
    "after_return.retry_days": 1, "after_return.reception_days": 1,
    "passage.turn_back_share": 0.1, "passage.incident_share": 0.1, "patrols.units": 10,
}  # fmt: skip
HORIZON = 40  # a scan of everyone comes every few weeks
IN_THE_UK = (Place.CENTRE, Place.CASE, Place.ASYLUM, Place.DECIDED)


def until(day: float, changes: dict | None = None) -> World:
    """A toy world on its way."""
    world = build_world(toy(changes), 0)
    world.env.run(until=day)
    return world


def test_admissions_never_exceed_returns_plus_the_float_at_any_event():
    world = build_world(toy(BOTH_WAYS), 0)
    while world.env.peek() < world.scenario.horizon_days:
        world.env.step()
        ledger = world.ledger
        assert ledger.admitted + ledger.promised <= ledger.returned + ledger.float_places
    assert world.ledger.admitted > world.ledger.float_places


def test_everyone_is_somewhere_at_every_event():
    world = build_world(toy({**BOTH_WAYS, "until": "2025-01-21"}), 0)
    while world.env.peek() < world.scenario.horizon_days:
        world.env.step()
        assert np.bincount(world.people.place_view, minlength=len(Place)).tolist() == world.people.count


def test_every_arrival_is_in_the_uk_or_was_returned():
    world = simulate(toy(BOTH_WAYS), 0)
    here = sum(world.people.in_place(place) for place in IN_THE_UK)
    assert count(world, Happened.RETURNED) > 0
    assert count(world, Happened.ARRIVED) == here + count(world, Happened.RETURNED)


def test_every_return_case_is_open_or_ended_one_way():
    refusing = exchange(french_refusal_share=0.2, french_imbalance_share=0.5, caseworkers=3, request_work_days=0.5)
    world = simulate(toy({**BOTH_WAYS, "levers": [refusing], "legal_route.parity_tolerance": 20}), 0)
    ended = sum(count(world, end) for end in CASE_ENDS)
    assert count(world, Happened.SELECTED) == ended + world.people.count[Place.CASE]
    assert count(world, Happened.CLAIM_UPHELD) > 0


def test_every_person_returned_is_counted_once_in_the_ledger():
    world = simulate(toy(BOTH_WAYS), 0)
    assert world.ledger.returned == count(world, Happened.RETURNED) == int(world.people.returns.sum())


def test_every_admission_is_counted_once_in_the_ledger():
    world = simulate(toy(BOTH_WAYS), 0)
    here = sum(world.people.in_place(place) for place in (Place.ADMITTED, Place.ADMITTED_DECIDED))
    assert world.ledger.admitted == count(world, Happened.ADMITTED) == here > 0
    assert world.ledger.promised == world.people.in_place(Place.ADMISSION)


def test_beds_desks_and_appointments_are_never_taken_beyond_their_number():
    world = build_world(toy({**BOTH_WAYS, "levers": [exchange(beds=12, caseworkers=2, request_work_days=0.7)]}), 0)
    returns, most = world.returns, [0, 0, 0]
    while world.env.peek() < world.scenario.horizon_days:
        world.env.step()
        busy = [pool.busy for pool in (returns.beds, returns.papers.desk, world.legal_route.appointments)]
        assert min(busy) >= 0
        most = [max(pair) for pair in zip(most, busy, strict=True)]
    assert most == [12, 2, 1]


def test_every_try_ends_one_way():
    world = simulate(toy(BOTH_WAYS), 0)
    ends = (Happened.PREVENTED, Happened.TURNED_BACK, Happened.ARRIVED, Happened.DIED)
    at_sea = [row.people for row in world.recorder.boats]
    assert count(world, Happened.TRIED) >= sum(count(world, end) for end in ends) == sum(at_sea)


def test_the_pilot_keeps_everything_in_its_place(small_pilot_run):
    audit(small_pilot_run)
    people = small_pilot_run.people
    assert people.count == np.bincount(people.place_view, minlength=len(Place)).tolist()


def test_a_run_with_everything_going_wrong_keeps_everything_in_its_place():
    world = simulate(
        pilot({"passage.incident_share": 0.2, "gangs.cash_at_start_gbp": 5000, "gangs.seized_share": 0.5}), 1
    )
    audit(world)
    assert world.accounts.balance["escrow"] == pytest.approx(world.people.fare_gbp.sum(), abs=0.01)


def test_a_person_in_two_places_stops_the_run():
    world = until(5.5)
    person = int(np.flatnonzero(world.people.place_view == Place.ASYLUM)[0])
    world.people.place[person] = Place.CUSTOMER
    with pytest.raises(ConservationError, match="counts of people by place"):
        world.env.run(until=HORIZON)


@pytest.mark.parametrize("place", [Place.HOME, Place.DEAD, Place.CAMP, Place.ADMITTED])
def test_a_person_who_changes_place_unseen_stops_the_run(place):
    world = until(5.5)
    person = int(np.flatnonzero(world.people.place_view == Place.ASYLUM)[0])
    world.people.place[person] = place
    with pytest.raises(ConservationError):
        world.env.run(until=HORIZON)


def test_a_person_taken_out_of_the_queue_stops_the_run():
    world = until(5.3)
    queue = next(queue for queue in world.market.queues if queue)
    queue.popitem()
    with pytest.raises(ConservationError, match="customers do not fill the places in the queues"):
        audit(world)


def test_a_boat_from_nowhere_stops_the_run():
    world = until(5.5)
    world.market.boats_stocked[1] += 1
    with pytest.raises(ConservationError, match=r"gang 1 bought \d+ boats but has .* in stock"):
        world.env.run(until=7)


def test_a_pound_from_nowhere_stops_the_run():
    world = until(5.5)
    world.accounts.balance["gang 0"] += 5
    with pytest.raises(ConservationError, match="accounts sum to 5.00 GBP"):
        world.env.run(until=7)


def test_a_fare_taken_out_of_escrow_stops_the_run():
    world = until(5.5)
    world.accounts.pay("escrow", "gang 0", 100)
    with pytest.raises(ConservationError, match="escrow holds .* but people deposited"):
        world.env.run(until=HORIZON)


def test_a_bed_without_a_case_stops_the_run():
    world = until(5.5)
    world.returns.beds.take()
    with pytest.raises(ConservationError, match="1 beds are taken but 0 cases are in a stage that has one"):
        world.env.run(until=7)


def test_a_bed_given_back_twice_stops_the_run():
    world = until(5.9, with_exchange(french_reply_days=10))
    world.returns.beds.give_back()
    with pytest.raises(ConservationError, match=r"\d+ beds are taken but \d+ cases are in a stage that has one"):
        world.env.run(until=7)


@pytest.mark.parametrize("stage", ["cases_at_papers", "flights.in_court"])
def test_a_case_in_no_stage_or_in_two_stops_the_run(stage):
    world = until(5.9, with_exchange(french_reply_days=10))
    *path, name = stage.split(".")
    where = getattr(world.returns, path[0]) if path else world.returns
    setattr(where, name, getattr(where, name) + 1)
    with pytest.raises(ConservationError, match="cases are in a stage that has one"):
        audit(world)


def test_a_case_neither_in_a_bed_nor_barred_stops_the_run():
    world = until(5.9, with_exchange(french_reply_days=10))
    cases = world.people.count[Place.CASE]
    world.returns.barred += 1
    with pytest.raises(ConservationError, match=f"{cases} cases have beds and 1 are barred, but {cases} are open"):
        world.env.run(until=7)


def test_an_admission_without_a_slot_stops_the_run():
    world = until(5.5)
    world.ledger.admitted += 100
    with pytest.raises(ConservationError, match="100 admitted and 0 promised exceed"):
        world.env.run(until=7)


def test_the_error_names_the_day_and_the_replication():
    world = until(5.5)
    world.market.boats_stocked[1] += 1
    with pytest.raises(ConservationError, match=r"day 5\.\d+, replication 0:"):
        world.env.run(until=7)


def test_an_audit_changes_nothing():
    world = until(5.5, with_exchange())
    before = bytes(world.people.place), dict(world.accounts.balance)
    audit(world)
    assert (bytes(world.people.place), dict(world.accounts.balance)) == before


def test_the_small_pilot_is_no_empty_stage(small_pilot_run):
    """What the tests on it say would be hollow if nobody crossed, were returned or were admitted there."""
    for happened in (Happened.ARRIVED, Happened.SELECTED, Happened.RETURNED, Happened.APPLIED, Happened.ADMITTED):
        assert count(small_pilot_run, happened) >= 10
