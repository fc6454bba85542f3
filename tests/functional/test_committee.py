"""The committee: the weekly target it sets, what it announces, and whether it is believed."""

import numpy as np
import pytest
from worlds import count, evenings, exchange, on_day, run, times, with_exchange

from sim.processes.world import World, run_tables
from sim.records.recorder import Happened

NO_FLIGHTS = {"flight_cancelled_share": 1}
PROOF = {"scale_up": "proof_of_concept", "review_weeks": 1, "scale_factor": 2, "delivery_needed": 0,
         "delivery_to_hold": 0, "target_at_most": 1000}  # fmt: skip
SIX_A_WEEK = {"flights_per_week": 1, "seats_per_flight": 6, "french_reply_days": 1}  # on the seventh noon of each week
EVERYONE_STOPPED = {"patrol_units": {"from": "2025-01-14", "units": 100_000}}
TRUSTED = {"beliefs.announced_weight": 1, "beliefs.credibility_at_start": 1, "beliefs.returned_prior": 0}


def weekly_targets(world: World) -> list[float]:
    return evenings(world, "weekly_target")


# Its target


def test_a_fixed_target_holds_from_the_first_day():
    assert weekly_targets(run(with_exchange("2025-01-11", weekly_target=50))) == [0] * 10 + [50] * 30


def test_dated_steps_change_the_target_on_their_weeks():
    world = run(with_exchange("2025-01-11", weekly_target=10, scale_up="dated_steps", steps={1: 20, 3: 5}))
    assert weekly_targets(world) == [0] * 10 + [10] * 7 + [20] * 14 + [5] * 9


def test_a_proof_of_concept_grows_when_it_delivers():
    world = run(with_exchange(weekly_target=10, scale_up="proof_of_concept", review_weeks=2, scale_factor=2,
                              delivery_needed=0.1, target_at_most=30))  # fmt: skip
    assert weekly_targets(world) == [10] * 14 + [20] * 14 + [30] * 12


def test_a_proof_of_concept_shrinks_when_nobody_is_returned():
    world = run(with_exchange(weekly_target=40, scale_up="proof_of_concept", review_weeks=2, cut_factor=0.5,
                              delivery_to_hold=0.1, **NO_FLIGHTS))  # fmt: skip
    assert weekly_targets(world) == [40] * 14 + [20] * 14 + [10] * 12


def test_a_proof_of_concept_waits_while_parity_does_not_hold():
    world = run({**with_exchange(weekly_target=10, scale_up="proof_of_concept", review_weeks=1, delivery_needed=0.1),
                 "legal_route.parity_tolerance": 0})  # fmt: skip
    assert count(world, Happened.RETURNED) > 0
    assert set(weekly_targets(world)) == {10}


@pytest.mark.parametrize(
    ("needed", "to_hold", "targets"),
    [
        (0.6, 0, [10] * 14 + [20] * 14 + [20] * 12),
        (0.61, 0, [10] * 40),
        (1, 0.61, [10] * 14 + [5] * 14 + [10] * 12),
    ],
)
def test_a_review_looks_at_the_returns_a_week_since_the_last(needed, to_hold, targets):
    """Six returns a week of ten aimed at: enough for 0.6, too few for 0.61; of twenty, too few; of five, plenty."""
    world = run(with_exchange(weekly_target=10, scale_up="proof_of_concept", review_weeks=2, scale_factor=2,
                              cut_factor=0.5, delivery_needed=needed, delivery_to_hold=to_hold, **SIX_A_WEEK)
                )  # fmt: skip
    assert [day for day, people in enumerate(on_day(world, Happened.RETURNED)) if people] == [6, 13, 20, 27, 34]
    assert set(on_day(world, Happened.RETURNED)) == {0, 6}
    assert weekly_targets(world) == targets


@pytest.mark.parametrize(
    ("fall_needed", "targets"), [(0.9, [10] * 21 + [20] * 19), (0.6, [10] * 14 + [20] * 7 + [40] * 19)]
)
def test_a_review_that_looks_at_the_flow_grows_only_after_arrivals_fell(fall_needed, targets):
    """The first week has 167 arrivals, the second 56, the others none: boats are stopped. None is no fall from none."""
    changes = with_exchange(weekly_target=10, review_flow=True, flow_fall_needed=fall_needed, **PROOF)
    world = run({**changes, "levers": [*changes["levers"], EVERYONE_STOPPED],
                 "patrols.stop_beach": 1, "patrols.night_share": 1, "patrols.busy_hours": 0.01})  # fmt: skip
    arrived = np.array(on_day(world, Happened.ARRIVED)[:35]).reshape(5, 7).sum(axis=1)
    assert 0.6 < 1 - arrived[1] / arrived[0] < 0.9
    assert (arrived[1] > 0, arrived[2:].sum()) == (True, 0)
    assert weekly_targets(world) == targets


def test_a_review_that_does_not_look_at_the_flow_grows_every_time():
    assert (
        weekly_targets(run(with_exchange(weekly_target=10, **PROOF)))
        == [10 * 2**week for week in range(6) for _ in range(7)][:40]
    )


def test_a_review_that_looks_at_the_flow_holds_while_arrivals_go_on():
    world = run(with_exchange(weekly_target=10, review_flow=True, flow_fall_needed=0.7, **PROOF))
    assert set(weekly_targets(world)) == {10}


def test_the_target_ends_with_the_exchange():
    assert weekly_targets(run(with_exchange(until="2025-01-21", weekly_target=50)))[20:] == [0] * 20


def test_selection_begins_afresh_with_each_week():
    world = run(with_exchange("2025-01-04", weekly_target=4, over_selection=1.5))
    weeks = np.bincount((times(world, Happened.SELECTED).astype(int) - 3) // 7)
    assert weeks.tolist() == [6] * len(weeks)


def selected_by_week(world: World) -> list[int]:
    return np.bincount(times(world, Happened.SELECTED).astype(int) // 7, minlength=6).tolist()


@pytest.mark.parametrize(("weeks", "selected"), [(0, 10), (1, 20), (1.5, 25), (2, 30), (8, 30)])
def test_room_for_cases_that_was_not_used_may_be_made_up_later(weeks, selected):
    """Ten a week, but there are no beds for the first two weeks."""
    no_beds = {"detention_beds": {"from": "2025-01-01", "until": "2025-01-15", "beds": 0}}
    lever = exchange(weekly_target=10, over_selection=1, carry_over_weeks=weeks)
    world = run({**with_exchange(), "levers": [lever, no_beds]})
    assert selected_by_week(world)[:5] == [0, 0, selected, 10, 10]


def test_half_a_case_too_many_is_made_up_for_the_week_after():
    """Seven and a half cases a week."""
    assert selected_by_week(run(with_exchange(weekly_target=5, over_selection=1.5)))[:5] == [8, 7, 8, 7, 8]


def test_a_second_exchange_begins_without_what_the_first_left_over():
    first = exchange(until="2025-01-15", weekly_target=10, over_selection=1, carry_over_weeks=8, beds=0)
    second = exchange("2025-01-15", weekly_target=10, over_selection=1, carry_over_weeks=8)
    assert selected_by_week(run({**with_exchange(), "levers": [first, second]}))[:4] == [0, 0, 10, 10]


# What is announced, and believed


@pytest.mark.parametrize("ratio", [0, 0.5, 2])
def test_people_expect_what_is_announced(ratio):
    """A chance of return is the announced target over the recent flow; the working target stays as it is."""
    base = {**TRUSTED, "beliefs.credibility_adjustment": 0}
    plain, told = (
        run({**base, **with_exchange("2025-01-21", beds=0, weekly_target=7, announced_ratio=r)}) for r in (1, ratio)
    )
    expected = [run_tables(world)["groups"]["believed_return"] for world in (plain, told)]
    assert expected[0][20] > 0
    assert expected[1][20] == pytest.approx(ratio * expected[0][20])
    assert weekly_targets(told) == weekly_targets(plain)


def test_the_announcement_lever_acts_from_its_date():
    lever = {"announcement": {"from": "2025-01-26", "announced_ratio": 3}}
    changes = with_exchange("2025-01-21", beds=0, weekly_target=3)
    flat = {**TRUSTED, "beliefs.credibility_adjustment": 0}
    plain, told = (
        run_tables(run({**flat, **changes, "levers": levers}))["groups"]["believed_return"]
        for levers in (changes["levers"], [*changes["levers"], lever])
    )
    assert told[:25].tolist() == plain[:25].tolist()
    assert told[25:30] == pytest.approx(3 * plain[25:30])


@pytest.mark.parametrize(("ratio", "after_a_week"), [(1, 1.0), (2, 0.5 * 1 + 0.5 * 0.5), (0.5, 1.0)])
def test_a_promise_of_more_than_is_delivered_costs_credibility(ratio, after_a_week):
    """Six are aimed at and returned each week; told to expect twelve, people have half of it delivered."""
    world = run({"beliefs.credibility_adjustment": 0.5, "beliefs.credibility_at_start": 1,
                 **with_exchange(weekly_target=6, announced_ratio=ratio, **SIX_A_WEEK)})  # fmt: skip
    assert evenings(world, "credibility")[6:8] == pytest.approx([1, after_a_week])


def test_the_credibility_of_one_exchange_is_the_next_ones_start():
    broken = exchange(until="2025-01-15", weekly_target=10, **NO_FLIGHTS)
    again = exchange("2025-01-20", weekly_target=10, **NO_FLIGHTS)
    world = run({**with_exchange(), "levers": [broken, again], "beliefs.credibility_adjustment": 0.1,
                 "beliefs.credibility_at_start": 1})  # fmt: skip
    told = evenings(world, "credibility")
    assert told[13] == pytest.approx(0.9)
    assert told[14:26] == pytest.approx([0.9] * 12)
    assert told[26] == pytest.approx(0.81)


def test_while_the_exchange_is_closed_people_go_by_what_they_hear():
    world = run({**TRUSTED, **with_exchange(until="2025-01-21", weekly_target=50, beds=0)})
    believed = run_tables(world)["groups"]["believed_return"]
    assert min(believed[2:20]) > 0.5
    assert believed[20:].tolist() == [0] * 20
