"""Double-entry accounts: every pound is in one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.accounts import Accounts
from sim.domain.population import ConservationError

NAMES = st.sampled_from(["world", "people", "escrow", "gang 0"])


@given(payments=st.lists(st.tuples(NAMES, NAMES, st.floats(0, 1e6)), max_size=30))
def test_payments_neither_make_nor_lose_a_pound(payments):
    accounts = Accounts()
    for payer, payee, amount in payments:
        accounts.pay(payer, payee, amount)
    assert sum(accounts.balance.values()) == pytest.approx(0, abs=1e-6)


def test_a_payment_moves_what_was_paid():
    accounts = Accounts()
    accounts.pay("people", "escrow", 10.5)
    assert (accounts.balance["people"], accounts.balance["escrow"]) == (-10.5, 10.5)


def test_a_negative_payment_is_an_error_that_names_both_sides():
    with pytest.raises(ConservationError, match="negative payment of -1.00 GBP from people to escrow"):
        Accounts().pay("people", "escrow", -1)


def test_a_pound_from_nowhere_is_found():
    accounts = Accounts()
    accounts.balance["gang 0"] += 1
    with pytest.raises(ConservationError, match="sum to 1.00 GBP"):
        accounts.audit()


def test_escrow_must_hold_what_people_deposited():
    accounts = Accounts()
    accounts.pay("people", "escrow", 100)
    with pytest.raises(ConservationError, match="escrow holds 100.00 GBP but people deposited 50.00"):
        accounts.audit_escrow(50.0)


def test_accounts_in_order_pass_the_audit():
    accounts = Accounts()
    accounts.pay("people", "escrow", 100)
    accounts.audit()
    accounts.audit_escrow(100.0)
    assert accounts.balance == {"people": -100, "escrow": 100}
