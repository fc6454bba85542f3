"""Claims beside a return case: what delays it, what ends it, and what bars removal for a while."""

import numpy as np
import pytest
from worlds import by_person, cases, count, ended, evenings, run, stage, times, who, with_exchange

from sim.domain.population import Place
from sim.processes.world import World, run_tables
from sim.records.recorder import Happened

COUNT_HOUR = 23.9 / 24
HUMAN_RIGHTS = {"claims.human_rights_share": 1, "claims.human_rights_days": 10, "claims.human_rights_upheld_share": 0}
APPEALED = {
    **HUMAN_RIGHTS, "claims.human_rights_days": 2, "claims.appeal_share": 1, "claims.appeal_days": 5,
    "claims.appeal_allowed_share": 0,
}  # fmt: skip
BARRED = {
    "claims.trafficking_share": 1, "claims.trafficking_upheld_share": 1, "claims.trafficking_days": 2,
    "claims.trafficking_bar_days": 10, "claims.trafficking_final_days": 1, "claims.trafficking_final_share": 0,
}  # fmt: skip
DISPUTED = {"claims.age_dispute_share": 1, "claims.age_dispute_days": 6, "claims.age_dispute_minor_share": 0}
ONE_DAY = {"until": "2025-01-04"}  # registered people of the first landings


def spans(world: World, since: str, until: str, end: str | None = None) -> list[float]:
    """Days between two stages of every case that reached both (and ended so)."""
    rows = cases(world) if end is None else ended(world, end)
    days = [(case[since], case[until]) for case in rows]
    return [later - sooner for sooner, later in days if sooner is not None and later is not None]


def about(days: float, world: World, happened: Happened):
    """As many equal spans as events."""
    assert count(world, happened) > 0
    return pytest.approx([days] * count(world, happened), abs=1e-5)


def test_a_claim_that_fails_delays_a_case_whose_papers_are_done():
    world = run({**with_exchange(), **HUMAN_RIGHTS})
    assert spans(world, "selected_day", "ready_day") == about(10, world, Happened.READY)
    assert max(spans(world, "accepted_day", "ready_day")) > 5
    assert count(world, Happened.RETURNED) > 0


def test_a_claim_settled_before_the_answer_delays_nothing():
    world = run({**with_exchange(), **HUMAN_RIGHTS, "claims.human_rights_days": 2})
    assert spans(world, "accepted_day", "ready_day") == about(0, world, Happened.READY)
    assert count(world, Happened.HUMAN_RIGHTS_RAISED) == count(world, Happened.SELECTED)


def test_the_longest_of_several_claims_decides():
    claims = {**HUMAN_RIGHTS, **DISPUTED, "claims.trafficking_share": 1, "claims.trafficking_days": 4,
              "claims.trafficking_upheld_share": 0}  # fmt: skip
    world = run({**with_exchange(), **claims})
    assert spans(world, "selected_day", "ready_day") == about(10, world, Happened.READY)
    raised = (Happened.HUMAN_RIGHTS_RAISED, Happened.CLAIM_RAISED, Happened.AGE_DISPUTED)
    assert {count(world, claim) for claim in raised} == {count(world, Happened.SELECTED)}


def test_a_claim_that_succeeds_cuts_the_papers_short():
    world = run({**with_exchange(), **HUMAN_RIGHTS, "claims.human_rights_upheld_share": 1,
                 "claims.human_rights_days": 2})  # fmt: skip
    upheld = ended(world, "human_rights_upheld")
    assert spans(world, "selected_day", "end_day") == about(2, world, Happened.HUMAN_RIGHTS_UPHELD)
    assert all(case["requested_day"] is not None and case["accepted_day"] is None for case in upheld)
    assert count(world, Happened.RETURNED) == 0


def test_a_claim_that_succeeds_after_the_papers_are_done_ends_the_case_as_well():
    world = run({**with_exchange(), **HUMAN_RIGHTS, "claims.human_rights_upheld_share": 1})
    upheld = ended(world, "human_rights_upheld")
    assert spans(world, "selected_day", "end_day") == about(10, world, Happened.HUMAN_RIGHTS_UPHELD)
    assert all(case["accepted_day"] is not None and case["ready_day"] is None for case in upheld)


def test_whose_claim_succeeds_waits_for_a_decision_in_the_uk():
    world = run({**with_exchange(), **HUMAN_RIGHTS, "claims.human_rights_upheld_share": 1,
                 "asylum.decision_days": 9000})  # fmt: skip
    people = who(world, Happened.HUMAN_RIGHTS_UPHELD)
    assert (world.people.place_view[people] == Place.ASYLUM).all()


def test_an_appeal_follows_a_refused_claim_and_delays_the_case():
    world = run({**with_exchange(), **APPEALED})
    appealed, begun = by_person(world, Happened.APPEALED), by_person(world, Happened.SELECTED)
    assert [day - begun[person] for person, day in appealed.items()] == about(2, world, Happened.APPEALED)
    assert spans(world, "selected_day", "ready_day") == about(2 + 5, world, Happened.READY)


def test_an_appeal_that_is_allowed_ends_the_case():
    world = run({**with_exchange(), **APPEALED, "claims.appeal_allowed_share": 1})
    assert spans(world, "selected_day", "end_day") == about(2 + 5, world, Happened.APPEAL_ALLOWED)
    assert count(world, Happened.RETURNED) == 0


def test_an_upheld_claim_is_not_appealed():
    world = run({**with_exchange(), **APPEALED, "claims.human_rights_upheld_share": 1})
    assert count(world, Happened.APPEALED) == 0 < count(world, Happened.HUMAN_RIGHTS_UPHELD)


def test_nothing_is_raised_after_the_case_has_ended_otherwise():
    """France says no on the fourth day; the claim would have been refused and appealed on the sixth."""
    world = run({**with_exchange(french_refusal_share=1), **APPEALED, "claims.human_rights_days": 6})
    assert count(world, Happened.HUMAN_RIGHTS_RAISED) == count(world, Happened.SELECTED)
    assert count(world, Happened.APPEALED) == 0 < count(world, Happened.REFUSED_BY_FRANCE)


def test_a_dispute_of_age_delays_and_may_end_the_case():
    delayed = run({**with_exchange(), **DISPUTED})
    assert spans(delayed, "selected_day", "ready_day") == about(6, delayed, Happened.READY)
    minors = run({**with_exchange(), **DISPUTED, "claims.age_dispute_minor_share": 1})
    assert spans(minors, "selected_day", "end_day") == about(6, minors, Happened.FOUND_MINOR)
    assert count(minors, Happened.RETURNED) == 0


def test_the_case_of_an_accompanied_minor_waits_for_the_familys_arrangements():
    world = run({**with_exchange(), **DISPUTED, "theatre.ages.accompanied_minor_share": 1, "claims.family_days": 8})
    assert spans(world, "selected_day", "ready_day") == about(8, world, Happened.READY)
    assert count(world, Happened.AGE_DISPUTED) == 0  # nobody disputes that a child is a child


def test_an_adults_case_does_not_wait_for_a_family():
    world = run({**with_exchange(), "claims.family_days": 8})
    assert spans(world, "accepted_day", "ready_day") == about(0, world, Happened.READY)


def test_three_months_end_a_case_that_waits_for_a_claim():
    world = run({**with_exchange(void_days=7), **HUMAN_RIGHTS})
    assert spans(world, "arrived_day", "end_day") == about(7, world, Happened.VOIDED)
    assert {case["end"] for case in cases(world)} == {"voided", ""}


def test_the_claims_lever_changes_cases_that_begin_from_its_date():
    lever = {"claims": {"from": "2025-01-16", "human_rights_share": 1, "human_rights_days": 9}}
    changes = with_exchange()
    world = run({**changes, "levers": [*changes["levers"], lever]})
    raised = set(who(world, Happened.HUMAN_RIGHTS_RAISED))
    assert raised == {p for p, day in by_person(world, Happened.SELECTED).items() if day >= 15}


# Removal barred


def test_while_removal_is_barred_nobody_is_detained():
    world = run({**with_exchange(), **BARRED, **ONE_DAY, "until": "2025-01-12"})
    begun, barred = times(world, Happened.SELECTED), times(world, Happened.BARRED)
    for day in range(11):
        now = day + COUNT_HOUR
        assert evenings(world, "beds_used")[day] == ((begun <= now) & (begun > now - 2)).sum()
        assert evenings(world, "barred")[day] == (barred <= now).sum()


def test_a_case_rests_for_the_bar_and_goes_on_at_the_next_noon_if_the_final_decision_is_negative():
    world = run({**with_exchange(), **BARRED})
    back = ended(world, "returned")
    assert back
    for case in back:
        free = case["selected_day"] + 2 + 10
        assert case["end_day"] == pytest.approx(np.floor(free - 0.5) + 1.5, abs=1e-6)


def test_the_bar_lasts_until_the_final_decision():
    world = run({**with_exchange(), **BARRED, "claims.trafficking_final_days": 15})
    assert min(spans(world, "barred_day", "end_day", "returned")) >= 15


def test_a_confirmed_claim_ends_the_case():
    world = run({**with_exchange(), **BARRED, "claims.trafficking_final_share": 1, "asylum.decision_days": 9000})
    assert count(world, Happened.RETURNED) == count(world, Happened.VOIDED) == 0
    barred, over = (by_person(world, happened) for happened in (Happened.BARRED, Happened.CLAIM_UPHELD))
    assert {p: pytest.approx(day - 10) for p, day in over.items()} == {p: barred[p] for p in over} != {}
    over = list(over)
    assert (world.people.place_view[over] == Place.ASYLUM).all()
    assert world.people.count[Place.CASE] == count(world, Happened.SELECTED) - len(over)


def test_a_bar_that_outlasts_the_three_months_ends_the_case_then():
    world = run({**with_exchange(void_days=8), **BARRED, "asylum.decision_days": 9000})
    assert count(world, Happened.RETURNED) == count(world, Happened.VOIDED) == 0
    late = [p for p in who(world, Happened.SELECTED) if world.people.uk_day[p] + 8 < 40]
    assert late
    assert (world.people.place_view[late] == Place.ASYLUM).all()
    assert world.people.count[Place.CASE] == count(world, Happened.SELECTED) - len(late)


def test_a_bar_that_outlasts_the_exchange_ends_the_case_with_it():
    world = run({**with_exchange(until="2025-01-11"), **BARRED, "asylum.decision_days": 9000})
    rested = [case for case in cases(world) if case["barred_day"] is not None]
    assert {case["end"] for case in rested} == {"claim_upheld"}
    assert evenings(world, "barred")[9] > 50
    assert evenings(world, "barred")[10] == world.people.count[Place.CASE] == 0


def test_who_may_be_removed_again_waits_for_a_bed():
    world = run({**with_exchange(beds=5, flight_cancelled_share=1), **BARRED, "claims.trafficking_bar_days": 1})
    assert max(evenings(world, "beds_used")) == 5
    assert evenings(world, "beds_used")[-5:] == [5] * 5
    assert stage(world, "barred")[-1] == count(world, Happened.SELECTED) - 5 > 0


def test_who_waits_for_a_bed_takes_it_at_the_midnight_after_it_is_free():
    world = run({**with_exchange(beds=5), **BARRED, "claims.trafficking_bar_days": 1})
    assert max(evenings(world, "beds_used")) == 5
    assert count(world, Happened.RETURNED) > 5
    assert min(spans(world, "barred_day", "end_day", "returned")) >= 1


def test_a_case_that_waits_for_a_bed_beyond_three_months_is_void():
    world = run({**with_exchange(beds=5, flight_cancelled_share=1, void_days=8), **BARRED,
                 "claims.trafficking_bar_days": 1})  # fmt: skip
    rested = [case for case in ended(world, "voided") if case["barred_day"] is not None]
    assert rested
    days = [case["end_day"] - case["arrived_day"] for case in rested]
    assert 8 - 1e-3 <= min(days) <= max(days) < 9


def test_a_refused_trafficking_claim_bars_nothing():
    world = run({**with_exchange(), **BARRED, "claims.trafficking_upheld_share": 0})
    assert count(world, Happened.CLAIM_UPHELD) == 0 < count(world, Happened.RETURNED)
    assert not any(evenings(world, "barred"))


def test_nobody_is_returned_without_frances_agreement():
    world = run({**with_exchange(), **BARRED})
    assert all(case["accepted_day"] is not None for case in ended(world, "returned"))


def test_a_case_whose_removal_is_barred_is_still_open_in_the_table():
    world = run({**with_exchange(), **BARRED, "until": "2025-01-12"})
    still_open = [case for case in cases(world) if case["end"] == ""]
    assert len(still_open) == world.people.count[Place.CASE]


def test_people_whose_removal_is_barred_are_housed():
    money = {"money.accommodation_gbp_per_night": 1, "asylum.decision_days": 9000}
    world = run({**with_exchange(), **BARRED, **money, "until": "2025-01-12"})
    costs = run_tables(world)["costs"]
    housing = np.asarray(costs["gbp"])[costs["item"].where("housing")]
    waiting = stage(world, "asylum") + stage(world, "barred")
    assert waiting.sum() > 0
    assert housing.tolist() == waiting.tolist()


# Papers while removal is barred

SHORT_BAR = {**BARRED, "claims.trafficking_bar_days": 3}  # barred from the second to the fifth day


def test_a_request_goes_on_while_removal_is_barred():
    world = run({**with_exchange(french_reply_days=4, request_days=3), **BARRED})
    rested = [case for case in ended(world, "returned") if case["barred_day"] is not None]
    assert rested
    for case in rested:
        assert case["barred_day"] < case["requested_day"] < case["accepted_day"] < case["barred_day"] + 10
    assert spans(world, "arrived_day", "requested_day") == about(3, world, Happened.REQUESTED)


def test_a_bar_that_ends_before_france_has_answered_leads_back_to_the_wait_for_its_answer():
    world = run({**with_exchange(french_reply_days=12), **SHORT_BAR})
    assert spans(world, "requested_day", "accepted_day") == about(12, world, Happened.ACCEPTED_BY_FRANCE)
    assert spans(world, "accepted_day", "ready_day") == about(0, world, Happened.READY)
    assert count(world, Happened.RETURNED) > 0


def test_a_refusal_during_the_bar_ends_the_case_when_the_bar_does():
    world = run({**with_exchange(french_refusal_share=1), **SHORT_BAR})
    assert spans(world, "barred_day", "end_day") == about(3, world, Happened.REFUSED_BY_FRANCE)
    assert {case["end"] for case in cases(world)} == {"refused_by_france", ""}


def test_three_months_end_a_case_that_waits_for_france_after_the_bar():
    world = run({**with_exchange(french_reply_days=60, void_days=9), **SHORT_BAR})
    assert spans(world, "arrived_day", "end_day") == about(9, world, Happened.VOIDED)


def test_nobody_goes_on_with_the_papers_of_a_confirmed_claim():
    confirmed = {**SHORT_BAR, "claims.trafficking_final_share": 1}
    world = run({**with_exchange(until="2025-01-21", french_reply_days=12, caseworkers=2, request_work_days=1),
                 **confirmed})  # fmt: skip
    assert count(world, Happened.REQUESTED) > 0 == count(world, Happened.ACCEPTED_BY_FRANCE)
    assert world.returns.papers.desk.busy == world.returns.papers.desk.waiting == 0


def test_stages_in_detention_do_not_count_those_who_rest():
    """Nobody is in detention while all rest, however many answers and requests are outstanding."""
    world = run({**with_exchange(french_reply_days=30), **BARRED, "claims.trafficking_days": 0.01})
    for name in ("awaiting_request", "awaiting_reply", "awaiting_claims", "seat"):
        assert min(stage(world, name)) >= 0
    parts = stage(world, "awaiting_request") + stage(world, "awaiting_reply") + stage(world, "awaiting_claims")
    assert parts.tolist() == (stage(world, "bed") - stage(world, "seat") - stage(world, "in_court")).tolist()
    assert stage(world, "awaiting_reply")[:10].sum() == 0 < stage(world, "barred")[:10].sum()
