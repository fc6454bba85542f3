"""The exchange's ledger: returns out, admissions in, and the balance that pauses either side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.ledger import Ledger
from sim.domain.population import ConservationError

ACTIONS = ("record_return", "promise", "keep", "forfeit")


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
    assert not reviewed(Ledger(0, 5, returned=5)).returns_paused
    assert reviewed(Ledger(0, 5, returned=6)).returns_paused


def test_promised_admissions_count_against_the_pause():
    assert not reviewed(Ledger(0, 5, returned=6, promised=1)).returns_paused


def test_an_audit_says_what_exceeds_what():
    with pytest.raises(ConservationError, match="3 admitted and 1 promised exceed 2 returned plus a float of 1"):
        Ledger(1, 5, returned=2, promised=1, admitted=3).audit()


def test_a_pause_ends_at_the_next_review_within_the_tolerance():
    ledger = reviewed(Ledger(0, 5, returned=6))
    ledger.promise()
    assert ledger.returns_paused
    assert not reviewed(ledger).returns_paused


def test_admissions_pause_only_once_made_beyond_the_tolerance():
    assert not Ledger(20, 5, admitted=5).admissions_paused
    assert Ledger(20, 5, admitted=6).admissions_paused
    assert not Ledger(20, 5, promised=20).admissions_paused


def test_other_rules_count_from_now_on_and_what_was_begun_stays_valid():
    ledger = Ledger(3, 10)
    for _ in range(3):
        ledger.promise()
    ledger.allow(0, 1)
    assert (ledger.places_open(), ledger.tolerance) == (0, 1)
    ledger.audit()
    ledger.record_return()
    assert ledger.places_open() == 0
    ledger.allow(4, 1)
    assert ledger.places_open() == 2
