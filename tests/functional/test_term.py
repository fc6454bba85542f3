"""The exchange's term: when it opens and closes, whether it is renewed, and one exchange after another."""

import numpy as np
import pytest
from worlds import count, evenings, exchange, on_day, run, times, with_exchange

from sim.domain.population import Place
from sim.processes.world import World, run_tables
from sim.records.recorder import Happened

NO_FLIGHTS = {"flight_cancelled_share": 1}
PROOF = {"scale_up": "proof_of_concept", "review_weeks": 4, "scale_factor": 2, "delivery_needed": 0,
         "delivery_to_hold": 0, "target_at_most": 1000}  # fmt: skip
SIX_A_WEEK = {"flights_per_week": 1, "seats_per_flight": 6, "french_reply_days": 1}  # on the seventh noon of each week


def weekly_targets(world: World) -> list[float]:
    return evenings(world, "weekly_target")


def open_days(world: World) -> list[int]:
    return np.flatnonzero(evenings(world, "exchange_open")).tolist()


def renewed(**settings) -> World:
    """An exchange of three weeks that the committee may renew for a week at a time."""
    return run(with_exchange(until="2025-01-22", **{"renewal_weeks": 1, "review_weeks": 1, **settings}))


def test_the_exchange_is_open_from_its_first_day_to_the_day_before_its_end():
    assert open_days(run(with_exchange("2025-01-11", until="2025-01-21"))) == list(range(10, 20))


def test_an_exchange_without_an_end_stays_open():
    assert open_days(run(with_exchange("2025-01-11"))) == list(range(10, 40))


def test_not_renewed_it_closes_on_its_end_date():
    world = renewed(renewal="never")
    assert open_days(world) == list(range(21))
    assert world.committee.renewals == 0
    assert times(world, Happened.SELECTED).max() < 21


def test_always_renewed_it_never_closes():
    world = renewed(renewal="always")
    assert open_days(world) == list(range(40))
    assert world.committee.renewals == 3  # after three, four and five weeks
    assert evenings(world, "renewals") == [0] * 21 + [1] * 7 + [2] * 7 + [3] * 5


def test_a_renewed_exchange_goes_on_as_if_it_had_no_end():
    endless = run(with_exchange(weekly_target=9))
    world = renewed(renewal="always", weekly_target=9)
    for name in ("selected", "returned", "admitted"):
        assert run_tables(world)["daily"][name].tolist() == run_tables(endless)["daily"][name].tolist()
    assert times(world, Happened.SELECTED).max() > 21
    assert weekly_targets(world) == [9] * 40


def test_a_renewal_lasts_its_weeks():
    world = renewed(renewal="always", renewal_weeks=2)
    assert evenings(world, "renewals") == [0] * 21 + [1] * 14 + [2] * 5


def test_a_committee_that_stops_renewing_lets_the_last_term_end():
    lever = {"renewal": {"from": "2025-01-23", "renewal": "never"}}
    changes = with_exchange(until="2025-01-22", renewal="always", renewal_weeks=1)
    assert open_days(run({**changes, "levers": [*changes["levers"], lever]})) == list(range(28))


def test_an_exchange_that_has_delivered_is_renewed():
    world = renewed(renewal="if_delivered", renewal_delivery_needed=0.6, weekly_target=10, **SIX_A_WEEK)
    assert open_days(world) == list(range(40))


def test_an_exchange_that_has_not_delivered_is_not_renewed():
    world = renewed(renewal="if_delivered", renewal_delivery_needed=0.61, weekly_target=10, **SIX_A_WEEK)
    assert open_days(world) == list(range(21))


def test_each_renewal_asks_for_delivery_again():
    grounded = {"flights": {"from": "2025-01-22", "flight_cancelled_share": 1}}
    changes = with_exchange(until="2025-01-22", renewal="if_delivered", renewal_weeks=1, review_weeks=1,
                            renewal_delivery_needed=0.6, weekly_target=10, **SIX_A_WEEK)  # fmt: skip
    world = run({**changes, "levers": [*changes["levers"], grounded]})
    assert open_days(world) == list(range(28))
    assert world.committee.renewals == 1


def test_delivery_is_judged_over_the_weeks_since_the_last_review():
    """Reviews every two weeks: at the end of the third the committee looks back on one week, with six returns."""
    held, missed = (
        renewed(renewal="if_delivered", renewal_delivery_needed=needed, weekly_target=10, **SIX_A_WEEK,
                review_weeks=2)
        for needed in (0.6, 0.61)
    )  # fmt: skip
    assert len(open_days(held)) > 21 == len(open_days(missed))


def test_an_end_in_the_middle_of_a_week_is_judged_by_the_time_since_the_last_review():
    """Everyone is returned within days, at a rate of seventy a week, reviewed after two weeks; it ends three later."""
    changes = with_exchange(until="2025-01-18", renewal="if_delivered", renewal_weeks=1, review_weeks=2,
                            weekly_target=40, renewal_delivery_needed=0.7)  # fmt: skip
    world = run(changes)
    last_days = sum(on_day(world, Happened.RETURNED)[14:17])
    assert last_days / 3 * 7 > 0.7 * 40
    assert len(open_days(world)) > 17


def test_without_parity_it_is_not_renewed():
    unequal = {"legal_route.parity_tolerance": 0}
    changes = with_exchange(until="2025-01-22", renewal="if_delivered", renewal_delivery_needed=0, renewal_weeks=1)
    assert open_days(run({**changes, **unequal})) == list(range(21))
    assert open_days(run(changes)) == list(range(40))


def test_at_its_end_cases_that_wait_for_a_seat_are_void_and_nobody_is_selected():
    world = renewed(renewal="never", **NO_FLIGHTS)
    assert on_day(world, Happened.VOIDED)[21] > 0
    assert sum(on_day(world, Happened.SELECTED)[21:]) == 0
    assert world.people.count[Place.CASE] == 0


AT_A_STAGE = {
    "a caseworker": {"exchange": {"caseworkers": 1, "request_work_days": 5}},
    "a request being written": {"exchange": {"request_work_days": 13}},
    "the day of the request": {"exchange": {"request_days": 14}},
    "France": {"exchange": {"french_reply_days": 60}},
    "a claim": {"claims.human_rights_share": 1, "claims.human_rights_days": 60},
    "a seat": {"exchange": NO_FLIGHTS},
    "a court": {"claims.injunction_share": 1, "claims.injunction_days": 60},
}  # fmt: skip


@pytest.mark.parametrize("stage", AT_A_STAGE)
def test_whatever_a_case_waits_for_it_is_void_when_the_exchange_ends(stage):
    changes = dict(AT_A_STAGE[stage])
    world = run({**with_exchange(until="2025-01-11", **changes.pop("exchange", {})), **changes})
    assert on_day(world, Happened.VOIDED)[10] > 50
    assert set(times(world, Happened.VOIDED)) == {10.0}
    assert evenings(world, "beds_used")[9] > 50
    assert evenings(world, "beds_used")[10] == world.people.count[Place.CASE] == 0
    assert world.returns.papers.desk.busy == world.returns.papers.desk.waiting == 0


def test_a_case_that_has_begun_ends_with_its_own_exchange_not_with_the_next():
    first, second = exchange(until="2025-01-11", french_reply_days=20), exchange("2025-01-13", french_reply_days=20)
    world = run({**with_exchange(), "levers": [first, second]})
    assert set(times(world, Happened.VOIDED)) == {10.0}
    assert times(world, Happened.RETURNED).min() > 12 + 20


def test_renewed_cases_that_wait_for_a_seat_go_on_waiting():
    world = renewed(renewal="always", **NO_FLIGHTS)
    assert count(world, Happened.VOIDED) == 0 < world.people.count[Place.CASE]


# One after another


def test_two_exchanges_one_after_the_other_count_their_own_weeks():
    first = exchange("2025-01-01", until="2025-01-11", weekly_target=10)
    second = exchange("2025-01-16", weekly_target=20, scale_up="dated_steps", steps={1: 30})
    world = run({**with_exchange(), "levers": [first, second]})
    assert weekly_targets(world) == [10] * 10 + [0] * 5 + [20] * 7 + [30] * 18
    assert open_days(world) == [*range(10), *range(15, 40)]


def test_a_second_exchange_selects_nobody_who_came_before_it():
    first, second = exchange(until="2025-01-11"), exchange("2025-01-16")
    world = run({**with_exchange(), "levers": [first, second]})
    when = times(world, Happened.SELECTED)
    assert not ((when >= 10) & (when < 15)).any()
    assert (when < 10).any()
    assert (when >= 15).any()


def test_a_second_exchange_may_follow_one_that_was_renewed():
    first = exchange(until="2025-01-08", renewal="always", renewal_weeks=1, weekly_target=10)
    second = exchange("2025-01-18", until="2025-01-25", weekly_target=20, renewal="never")
    world = run({**with_exchange(), "levers": [first, second]})
    assert open_days(world) == list(range(24))
    assert weekly_targets(world) == [10] * 17 + [20] * 7 + [0] * 16


def test_a_second_exchange_has_only_the_settings_that_it_gives():
    first = exchange(until="2025-01-08", renewal="always", renewal_weeks=1)
    second = {"exchange": {"from": "2025-01-18", "until": "2025-01-25"}}
    world = run({**with_exchange(), "levers": [first, second]})
    assert world.rules.exchange.renewal == "never"


def test_an_exchange_that_opened_before_the_run_has_its_target_from_the_first_day():
    world = run(with_exchange("2024-12-22", weekly_target=10))
    assert weekly_targets(world) == [10] * 40


def test_a_proof_of_concept_that_began_before_the_run_has_a_target():
    world = run(with_exchange("2024-12-22", weekly_target=10, **PROOF))
    assert weekly_targets(world)[-1] > 0


@pytest.mark.parametrize("first", [{"until": "2025-01-18"}, {"until": "2025-01-08", "renewal": "always"}])
def test_nobody_is_detained_once_the_last_of_two_exchanges_that_follow_at_once_has_closed(first):
    levers = [
        exchange(**first, renewal_weeks=1, **NO_FLIGHTS),
        exchange("2025-01-18", until="2025-01-25", **NO_FLIGHTS),
    ]
    world = run({**with_exchange(), "levers": levers})
    assert open_days(world) == list(range(24))
    assert evenings(world, "beds_used")[24:] == [0] * 16
