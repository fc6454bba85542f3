"""Choosing: expected values in pounds, Becker's threshold, logit, the prospect of work."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.domain.choice import (
    DAYS_PER_QUARTER,
    NEVER,
    Choice,
    arrest_rate,
    becker_threshold,
    best,
    chance_to_come,
    prospect_of_work,
    value_of_boat,
)

CHANCES, POUNDS = st.floats(0, 0.95), st.floats(1, 50_000)


def value(benefit=10_000.0, stopped=0.0, returned=0.0, price=0.0, effort=0.0, dread=0.0, loss=0.0, prepaid=False):
    numbers = (np.array([float(x)]) for x in (benefit, stopped, returned, price, effort, dread))
    return float(value_of_boat(*numbers, return_loss=loss, prepaid=prepaid)[0])


@given(benefit=st.floats(100, 100_000), p=CHANCES, r=st.floats(0, 1), price=POUNDS, cost=POUNDS)
def test_a_risk_neutral_person_tries_exactly_below_beckers_threshold(benefit, p, r, price, cost):
    threshold = becker_threshold(benefit, p, price, cost)
    assume(abs(r - threshold) > 1e-9)
    tries = value(benefit, p, r, price, effort=cost, prepaid=True) > 0
    assert tries == (r < threshold)


def test_beckers_threshold_by_hand():
    assert becker_threshold(benefit=10_000, stopped=0.5, price=1_000, cost=1_500) == pytest.approx(0.5)


def test_participation_is_the_distribution_of_benefits():
    benefits = np.arange(1_000.0, 11_000.0, 1_000.0)
    zero = np.zeros(10)
    for r in (0.0, 0.25, 0.5, 0.75):
        tried = value_of_boat(benefits, zero, zero + r, zero + 1_400, zero, zero, prepaid=True) > 0
        assert tried.mean() == (benefits > 1_400 / (1 - r)).mean()


def test_a_fare_in_escrow_is_only_paid_on_arrival():
    assert value(stopped=0.4, price=1000) - value(stopped=0.4) == pytest.approx(-600)


def test_a_fare_paid_beforehand_is_lost_when_stopped():
    assert value(stopped=0.4, price=1000, prepaid=True) - value(stopped=0.4) == pytest.approx(-1000)


def test_a_certain_stop_leaves_only_effort_and_dread():
    assert value(stopped=1.0, price=3000, effort=200, dread=50) == -250


def test_a_certain_return_loses_the_benefit_and_more():
    assert value(returned=1.0, loss=3000) == -3000


def test_a_return_costs_only_those_who_arrive():
    assert value(stopped=0.5, returned=1.0, loss=3000) == -1500


@pytest.mark.parametrize("worse", ["stopped", "returned", "price", "effort", "dread"])
def test_every_cost_and_risk_lowers_the_value(worse):
    assert value(**{worse: 0.5}) < value()


def test_the_best_option_wins_without_noise():
    utilities = np.array([[1.0, 2.0, 0.0], [NEVER, -5.0, -4.0]])
    assert best(utilities, np.zeros((2, 3)), 100.0).tolist() == [1, 2]


def test_noise_counts_at_its_scale():
    utilities, noise = np.array([[10.0, 0.0]]), np.array([[0.0, 1.0]])
    assert best(utilities, noise, 9.0)[0] == 0
    assert best(utilities, noise, 11.0)[0] == 1


@given(noise=st.floats(-30, 30))
def test_what_is_never_possible_is_never_chosen(noise):
    assert best(np.array([[NEVER, 0.0]]), np.array([[noise, -noise]]), 4000.0)[0] == 1


def test_a_journey_worth_nothing_is_begun_by_half():
    assert chance_to_come(np.array([0.0]), 1500.0)[0] == 0.5


def test_the_chance_to_come_is_logistic():
    assert chance_to_come(np.array([1500.0 * np.log(3)]), 1500.0)[0] == pytest.approx(0.75)


def test_an_impossible_journey_is_never_begun():
    assert chance_to_come(np.array([NEVER]), 1500.0)[0] == pytest.approx(0.0, abs=1e-300)


def test_the_prospect_of_work_is_one_at_the_reference():
    assert prospect_of_work(2400, 2400, 0.1) == 1.0


def test_twice_the_visits_lower_the_prospect_by_the_elasticity():
    assert prospect_of_work(4800, 2400, 0.1) == pytest.approx(2**-0.1)


def test_without_elasticity_visits_do_not_matter():
    assert prospect_of_work(9999, 2400, 0.0) == 1.0


def test_arrests_are_spread_over_all_who_work_without_permission():
    assert arrest_rate(DAYS_PER_QUARTER, 0.5, 1000) == pytest.approx(0.5 / 1000)
    assert arrest_rate(2 * DAYS_PER_QUARTER, 0.5, 1000) == pytest.approx(2 * 0.5 / 1000)
    assert arrest_rate(DAYS_PER_QUARTER, 0.5, 4000) == pytest.approx(0.5 / 4000)


def test_without_arrests_at_visits_the_rate_is_nil():
    assert arrest_rate(2400, 0, 1000) == 0


def test_the_columns_of_the_choice_are_boat_wait_lorry_legal_settle_home():
    assert [c.name for c in Choice] == ["BOAT", "WAIT", "LORRY", "LEGAL", "SETTLE", "HOME"]
