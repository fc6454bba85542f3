"""The market's rules: Cournot prices, costs, orders, shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.market import boats_to_order, cost_per_seat, cournot_price, learn, pick, softmax


@pytest.mark.parametrize(("firms", "passed_on"), [(1, 1 / 2), (2, 2 / 3), (5, 5 / 6), (10, 10 / 11)])
def test_firms_in_competition_pass_costs_on_as_cournot_predicts(firms, passed_on):
    rise = cournot_price(100, 13, firms) - cournot_price(100, 10, firms)
    assert rise / 3 == pytest.approx(passed_on)


@pytest.mark.parametrize(("firms", "price"), [(1, 55), (2, 40), (5, 25), (10, 200 / 11)])
def test_the_cournot_price_for_a_demand_of_100_less_price_and_a_cost_of_10(firms, price):
    assert cournot_price(100, 10, firms) == pytest.approx(price)


def test_at_the_choke_price_costs_are_all_that_is_asked():
    assert cournot_price(100, 100, 7) == 100


@given(cost=st.floats(0, 99), firms=st.integers(1, 40))
def test_more_firms_lower_the_price_towards_the_cost(cost, firms):
    assert cost < cournot_price(100, cost, firms + 1) < cournot_price(100, cost, firms) < 100


def test_the_boat_is_shared_by_the_people_in_it():
    assert cost_per_seat(package_gbp=10_000, people=50, delivered_share=1.0, other_gbp=100) == 300


def test_lost_boats_are_paid_by_those_who_arrive():
    assert cost_per_seat(10_000, 50, 0.5, 100) == 600


def test_a_gang_that_delivers_nobody_still_has_a_finite_cost():
    assert np.isfinite(cost_per_seat(10_000, 50, 0.0, 100))


def test_orders_cover_the_lead_time_and_some_days():
    assert boats_to_order(0.5, lead_days=7, cover_days=10, stock=0, ordered=0, lost_share=0.0) == 9


def test_orders_allow_for_stock_and_what_is_on_its_way():
    assert boats_to_order(0.5, 7, 10, stock=3, ordered=4, lost_share=0.0) == 2


def test_a_full_store_orders_nothing():
    assert boats_to_order(0.5, 7, 10, stock=20, ordered=0, lost_share=0.0) == 0


def test_orders_make_up_for_boats_that_will_be_seized():
    assert boats_to_order(0.5, 7, 10, stock=0, ordered=0, lost_share=0.5) == 18
    assert boats_to_order(0.5, 7, 10, stock=0, ordered=18, lost_share=0.5) == 0


def test_softmax_shares_add_up_to_one():
    assert softmax(np.array([1e6, 0.0, -1e6]), 3.0).sum() == pytest.approx(1)


def test_equal_scores_have_equal_shares():
    assert softmax(np.full(4, 7.0), 1.0) == pytest.approx(0.25)


def test_softmax_odds_follow_the_difference():
    shares = softmax(np.array([np.log(3.0) * 10, 0.0]), 10.0)
    assert shares == pytest.approx([0.75, 0.25])


def test_learning_moves_by_the_rate_towards_the_outcome():
    assert learn(10.0, 20.0, 0.25) == 12.5


def test_a_uniform_picks_the_share_it_falls_into():
    shares = np.array([0.2, 0.0, 0.5, 0.3])
    assert [pick(shares, u) for u in (0.0, 0.19, 0.21, 0.69, 0.71, 0.999999)] == [0, 0, 2, 2, 3, 3]


def test_rounding_never_picks_beyond_the_last_share():
    assert pick(np.array([0.1] * 10), 1 - 1e-17) == 9
