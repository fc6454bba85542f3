"""The exchange's ledger, and the plan of a return case."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.exchange import CaseEnd, Ledger, announced_share, in_scope, plan_case
from sim.domain.population import Age, ConservationError
from sim.scenario import load_scenario

RULES = replace(
    load_scenario("base").rules.exchange,
    request_days=3, request_limit_days=14, french_reply_days=14, french_reply_limit_days=28, french_late_share=0,
    french_refusal_share=0, claim_share=0, claim_upheld_share=0, court_share=0, court_days=10, court_stop_share=0,
)  # fmt: skip
ACTIONS = ("record_return", "promise", "keep", "forfeit")


def plan(since_arrival=0.0, claim_days=5.0, **changes):
    return plan_case(replace(RULES, **changes), since_arrival, lambda question: 0.5, claim_days)


@given(actions=st.lists(st.sampled_from(ACTIONS), max_size=60), float_places=st.integers(0, 5))
def test_admissions_never_exceed_returns_plus_the_float(actions, float_places):
    ledger = Ledger(float_places, tolerance=10)
    for action in actions:
        try:
            getattr(ledger, action)()
        except ConservationError:
            continue
        ledger.audit()
        assert ledger.admitted + ledger.promised <= ledger.returned + float_places


def test_a_promise_without_a_place_is_an_error():
    with pytest.raises(ConservationError, match="without an open place"):
        Ledger(0, 10).promise()


def test_a_return_opens_one_place():
    ledger = Ledger(0, 10)
    ledger.record_return()
    assert ledger.places_open() == 1
    ledger.promise()
    assert ledger.places_open() == 0


def test_the_float_opens_places_before_any_return():
    assert Ledger(20, 10).places_open() == 20


def test_a_kept_promise_uses_its_place():
    ledger = Ledger(1, 10)
    ledger.promise()
    ledger.keep()
    assert (ledger.admitted, ledger.promised, ledger.places_open()) == (1, 0, 0)


def test_a_forfeited_promise_opens_its_place_again():
    ledger = Ledger(1, 10)
    ledger.promise()
    ledger.forfeit()
    assert (ledger.admitted, ledger.promised, ledger.places_open()) == (0, 0, 1)


@pytest.mark.parametrize(("action", "how"), [("keep", "kept"), ("forfeit", "forfeited")])
def test_what_was_not_promised_cannot_be_kept_or_forfeited(action, how):
    with pytest.raises(ConservationError, match=f"{how} that had not been promised"):
        getattr(Ledger(5, 10), action)()


def test_the_gap_is_returns_less_admissions():
    assert Ledger(5, 10, returned=8, admitted=3).gap == 5


def reviewed(ledger: Ledger) -> Ledger:
    ledger.review()
    return ledger


def test_returns_pause_only_beyond_the_tolerance():
    assert not reviewed(Ledger(0, 5, returned=5)).paused
    assert reviewed(Ledger(0, 5, returned=6)).paused


def test_promised_admissions_count_against_the_pause():
    assert not reviewed(Ledger(0, 5, returned=6, promised=1)).paused


def test_an_audit_says_what_exceeds_what():
    with pytest.raises(ConservationError, match="3 admitted and 1 promised exceed 2 returned plus a float of 1"):
        Ledger(1, 5, returned=2, promised=1, admitted=3).audit()


@pytest.mark.parametrize(
    ("age", "may"), [(Age.ADULT, True), (Age.ACCOMPANIED_MINOR, True), (Age.UNACCOMPANIED_MINOR, False)]
)
def test_only_adults_and_accompanied_minors_are_in_scope(age, may):
    assert in_scope(age) == may


def test_the_announced_share_is_the_target_over_the_flow():
    assert announced_share(50, 500) == 0.1


def test_the_announced_share_is_at_most_one():
    assert announced_share(1000, 500) == announced_share(5, 0) == 1.0


def test_a_smooth_case_is_ready_after_request_and_reply():
    case = plan()
    assert (case.days, case.ended, case.claim) == (17, None, False)


def test_the_request_waits_only_for_what_is_left_of_its_days():
    assert plan(since_arrival=2.0).days == 15
    assert plan(since_arrival=9.0).days == 14


def test_a_late_reply_takes_the_exceptional_limit():
    assert plan(french_late_share=1.0).days == 3 + 28


def test_a_refusal_ends_the_case_when_the_reply_comes():
    case = plan(french_refusal_share=1.0)
    assert (case.days, case.ended) == (17, CaseEnd.REFUSED)


def test_a_case_begun_after_the_limit_is_too_late_at_once():
    case = plan(since_arrival=14.5)
    assert (case.days, case.ended) == (0, CaseEnd.TOO_LATE)


def test_a_case_begun_on_the_last_day_is_in_time():
    assert plan(since_arrival=14.0).ended is None


def test_a_claim_that_fails_only_delays():
    case = plan(claim_days=30.0, claim_share=1.0)
    assert (case.days, case.ended, case.claim) == (30, None, True)


def test_a_short_claim_runs_beside_the_reply():
    assert plan(claim_days=5.0, claim_share=1.0).days == 17


def test_an_upheld_claim_ends_the_case_at_its_decision():
    case = plan(claim_days=5.0, claim_share=1.0, claim_upheld_share=1.0)
    assert (case.days, case.ended) == (5, CaseEnd.CLAIM_UPHELD)


def test_a_court_case_delays_until_it_is_over():
    assert plan(court_share=1.0, court_days=40).days == 40


def test_a_court_that_stops_the_case_ends_it():
    case = plan(court_share=1.0, court_stop_share=1.0)
    assert (case.days, case.ended) == (10, CaseEnd.COURT_STOPPED)


def test_what_happens_first_ends_the_case():
    case = plan(claim_days=5.0, claim_share=1.0, claim_upheld_share=1.0, french_refusal_share=1.0)
    assert case.ended is CaseEnd.CLAIM_UPHELD


def test_each_question_has_its_own_luck():
    asked = []
    plan_case(replace(RULES, claim_share=1.0, court_share=1.0), 0.0, lambda q: asked.append(q) or 0.5, 5.0)
    assert len(asked) == len(set(asked)) == 6
