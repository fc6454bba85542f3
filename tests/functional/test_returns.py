"""'One out': who is selected, the beds, void cases, and what follows a return."""

import numpy as np
import pytest
from worlds import cases, count, ended, evenings, run, times, who, with_exchange

from sim.domain.population import Age, Place
from sim.processes.world import run_tables
from sim.records.recorder import Happened

NO_FLIGHTS = {"flight_cancelled_share": 1}
FEW_CLERKS = {"centre.staff": 2, "centre.registration_hours": 10}


def test_a_smooth_case_takes_request_reply_and_the_next_noon(returning):
    for case in ended(returning, "returned"):
        ready = max(case["arrived_day"] + 1, case["selected_day"]) + 3
        noons = np.floor(ready) + np.array([0.5, 1.5])
        assert case["end_day"] == pytest.approx(noons[noons > ready][0], abs=0.01)


def test_everyone_within_scope_is_selected(returning):
    assert sorted(who(returning, Happened.SELECTED)) == sorted(who(returning, Happened.REGISTERED))


def test_unaccompanied_minors_are_never_selected():
    world = run({**with_exchange(), "theatre.ages.unaccompanied_minor_share": 0.4})
    ages = world.people.attributes.age
    assert Age.UNACCOMPANIED_MINOR not in ages[who(world, Happened.SELECTED)]
    assert Age.UNACCOMPANIED_MINOR in ages[who(world, Happened.REGISTERED)]


def test_accompanied_minors_may_be_selected():
    world = run({**with_exchange(), "theatre.ages.accompanied_minor_share": 1})
    assert count(world, Happened.SELECTED) == count(world, Happened.REGISTERED) > 0


def test_people_who_arrived_before_the_first_day_are_never_selected():
    slow = {"centre.staff": 1, "centre.registration_hours": 3}
    world = run({**with_exchange("2025-01-11", request_limit_days=1000), **slow})
    registered = np.array(who(world, Happened.REGISTERED))[times(world, Happened.REGISTERED) > 10]
    assert (world.people.uk_day[registered] < 10).any()
    assert (world.people.uk_day[who(world, Happened.SELECTED)] >= 10).all()


def test_nobody_is_selected_before_the_exchange_opens():
    assert times(run(with_exchange("2025-01-11")), Happened.SELECTED).min() >= 10


def test_nobody_is_selected_or_returned_after_its_end():
    world = run(with_exchange(until="2025-01-21"))
    assert times(world, Happened.SELECTED).max() < 20
    assert times(world, Happened.RETURNED).max() < 20


def test_cases_waiting_for_a_seat_become_void_at_its_end():
    world = run(with_exchange(until="2025-01-21", **NO_FLIGHTS))
    assert 20 in times(world, Happened.VOIDED)
    assert world.people.count[Place.CASE] == 0


def test_without_beds_there_are_no_cases():
    assert count(run(with_exchange(beds=0)), Happened.SELECTED) == 0


def test_no_more_cases_are_open_than_there_are_beds():
    world = run(with_exchange(beds=5))
    beds = run_tables(world)["daily"]["detained"]
    assert beds.max() == 5
    assert count(world, Happened.RETURNED) > 5


def test_a_case_keeps_its_bed_until_it_ends():
    world = run(with_exchange(beds=5, **NO_FLIGHTS))
    assert count(world, Happened.SELECTED) == 5
    assert world.returns.beds.busy == 5


def test_more_beds_from_a_date_take_more_cases():
    lever = {"detention_beds": {"from": "2025-01-21", "beds": 9}}
    changes = with_exchange(beds=5, **NO_FLIGHTS)
    world = run({**changes, "levers": [*changes["levers"], lever]})
    assert max(evenings(world, "beds_used")[:20]) == 5
    assert max(evenings(world, "beds_used")) == 9


def test_fewer_beds_from_a_date_turn_nobody_out():
    lever = {"detention_beds": {"from": "2025-01-21", "until": "2025-01-31", "beds": 2}}
    changes = with_exchange(beds=5, french_reply_days=12)
    world = run({**changes, "levers": [*changes["levers"], lever]})
    assert evenings(world, "beds")[19:31] == [5] + [2] * 10 + [5]
    in_cut = [day for day in times(world, Happened.SELECTED) if 20 <= day < 30]
    assert evenings(world, "beds_used")[20] > 2
    assert min(evenings(world, "beds_used")[20:30]) <= 2
    assert len(in_cut) <= 2


def test_selection_ends_with_the_weeks_target():
    world = run(with_exchange(weekly_target=8, over_selection=1.5))
    weeks = np.bincount(times(world, Happened.SELECTED).astype(int) // 7)
    assert weeks.tolist() == [12] * len(weeks)


def test_a_selection_share_of_zero_selects_nobody():
    assert count(run(with_exchange(selection_share=0)), Happened.SELECTED) == 0


def test_a_larger_selection_share_selects_those_of_the_smaller_too():
    few, many = (set(who(run(with_exchange(selection_share=s)), Happened.SELECTED)) for s in (0.3, 0.6))
    assert few < many


def test_if_every_flight_is_cancelled_nobody_is_returned_and_cases_become_void():
    world = run(with_exchange(void_days=10, **NO_FLIGHTS))
    assert count(world, Happened.RETURNED) == 0
    assert count(world, Happened.VOIDED) > 0
    assert world.people.count[Place.ASYLUM] > 0


def test_a_case_becomes_void_at_the_midnight_after_its_days():
    world = run(with_exchange(void_days=10, **NO_FLIGHTS))
    days = [case["end_day"] - case["arrived_day"] for case in ended(world, "voided")]
    assert min(days) >= 10 - 1e-3
    assert max(days) < 11


def test_ninety_days_is_the_pilots_limit():
    world = run({**with_exchange(void_days=90, **NO_FLIGHTS), "until": "2025-05-01"})
    days = [case["end_day"] - case["arrived_day"] for case in ended(world, "voided")]
    assert 90 - 1e-3 <= min(days) <= max(days) < 91


def test_papers_that_take_too_long_make_a_case_void():
    world = run(with_exchange(french_reply_days=30, void_days=10))
    days = [case["end_day"] - case["arrived_day"] for case in ended(world, "voided")]
    assert days == pytest.approx([10] * len(days), abs=1e-3)
    assert count(world, Happened.RETURNED) == 0


def test_nobody_is_returned_after_the_case_has_become_void():
    world = run(with_exchange(void_days=4.2, french_reply_days=2.9))
    back = [case["end_day"] - case["arrived_day"] for case in ended(world, "returned")]
    assert max(back) <= 4.2 + 1e-3


def test_a_person_registered_after_the_limit_has_no_case_that_lasts():
    world = run({**with_exchange(void_days=2, request_limit_days=1000), **FEW_CLERKS})
    assert count(world, Happened.RETURNED) == 0
    late = [case for case in cases(world) if case["selected_day"] - case["arrived_day"] > 2 + 1e-3]
    assert late
    assert all(case["end_day"] == case["selected_day"] and case["end"] == "voided" for case in late)


def test_selection_pauses_beyond_the_parity_tolerance():
    world = run({**with_exchange(), "legal_route.parity_tolerance": 5, "legal_route.window_every_days": 1})
    sixth = np.sort(times(world, Happened.RETURNED))[5]
    assert times(world, Happened.SELECTED).max() <= np.ceil(sixth)  # the balance is reviewed at the next draw
    assert count(world, Happened.SELECTED) < count(world, Happened.REGISTERED)


@pytest.mark.parametrize(
    ("claim", "home", "place"), [(1, 0, Place.FRANCE_ASYLUM), (0, 1, Place.HOME), (0, 0, Place.SETTLED)]
)
def test_people_returned_go_where_the_shares_say(claim, home, place):
    shares = {"after_return.claim_in_france_share": claim, "after_return.go_home_share": home}
    world = run({**with_exchange(), **shares})
    ends = {p: world.people.count[p] for p in (Place.FRANCE_ASYLUM, Place.HOME, Place.SETTLED)}
    assert [p for p, people in ends.items() if people] == [place]


def test_people_returned_spend_their_days_in_reception():
    world = run({**with_exchange(), "after_return.reception_days": 1000})
    assert world.people.count[Place.RECEPTION] == count(world, Happened.RETURNED) > 0


TRY_AGAIN = {"after_return.try_again_share": 1, "after_return.claim_in_france_share": 0, "after_return.retry_days": 1}


def test_who_tries_again_is_at_the_coast_again():
    world = run({**with_exchange(), **TRY_AGAIN})
    again = set(who(world, Happened.TRIES_AGAIN))
    assert again
    assert world.people.attempts[list(again)].max() >= 2


def test_returnees_seen_again_are_recognised_and_returned():
    world = run({**with_exchange(), **TRY_AGAIN, "after_return.recognised_selection_share": 1})
    assert world.people.returns.max() >= 2


def test_returnees_who_are_not_recognised_stay():
    world = run({**with_exchange(), **TRY_AGAIN, "after_return.recognised_selection_share": 0})
    assert world.people.returns.max() == 1
    assert world.people.count[Place.ASYLUM] > 0


def test_a_returnees_own_share_does_not_select_others():
    world = run({**with_exchange(selection_share=0), "after_return.recognised_selection_share": 1})
    assert count(world, Happened.SELECTED) == 0
