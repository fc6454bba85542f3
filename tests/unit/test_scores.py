"""Scores of forecasts in quantiles: known answers, and what makes them worse."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.experiment.forecasts.scores import (
    LEVELS,
    crps_normal,
    crps_quantiles,
    crps_sample,
    held,
    level_weights,
    pinball,
    place,
    share_interval,
)

NORMAL = norm.ppf(LEVELS)[None]
SPREAD = norm.ppf((np.arange(4000) + 0.5) / 4000)  # a normal distribution as equally likely values


def test_pinball_costs_the_level_above_and_the_rest_below():
    assert pinball(np.array([[10.0, 10.0]]), np.array([14.0]), (0.25, 0.75)).tolist() == [[1.0, 3.0]]
    assert pinball(np.array([[10.0, 10.0]]), np.array([6.0]), (0.25, 0.75)).tolist() == [[3.0, 1.0]]


def test_the_crps_of_a_single_value_is_the_absolute_error():
    point = np.full((3, len(LEVELS)), 10.0)
    observed = np.array([4.0, 10.0, 17.0])
    assert crps_quantiles(point, observed) == pytest.approx([6, 0, 7])
    assert crps_sample(point, observed) == pytest.approx([6, 0, 7])


def test_crps_is_in_the_unit_of_the_outcome_and_does_not_care_where_zero_is():
    scaled = crps_quantiles(100 + 30 * NORMAL, np.array([100 + 30 * 0.8]))
    assert scaled == pytest.approx(30 * crps_quantiles(NORMAL, np.array([0.8])))


@pytest.mark.parametrize(("z", "exact"), [(0.0, 0.23370), (1.0, 0.60244), (-2.5, 1.93982)])
def test_the_closed_form_of_the_normal_has_its_known_values(z, exact):
    assert crps_normal(np.array([0.0]), np.array([1.0]), np.array([z])) == pytest.approx([exact], abs=1e-4)


@pytest.mark.parametrize("z", [-2.0, -0.7, 0.0, 0.3, 1.5])
def test_the_crps_of_many_values_is_that_of_their_distribution(z):
    exact = crps_normal(np.array([5.0]), np.array([2.0]), np.array([5 + 2 * z]))
    assert crps_sample((5 + 2 * SPREAD)[None], np.array([5 + 2 * z])) == pytest.approx(exact, abs=2e-3)


def test_the_order_of_the_values_does_not_matter():
    values = np.array([[3.0, 9.0, 1.0, 4.0]])
    by_pairs = np.abs(values - 5.0).mean() - np.abs(values.T - values).mean() / 2
    assert crps_sample(values, np.array([5.0])) == pytest.approx([by_pairs])


def test_nine_quantiles_come_near_the_crps_of_a_normal():
    """2.8 % too small on average, as the docstring says; at most 8 % from half to two deviations."""
    drawn = np.repeat(NORMAL, len(SPREAD), axis=0)
    mean = crps_quantiles(drawn, SPREAD).mean() / crps_normal(np.array(0.0), np.array(1.0), SPREAD).mean()
    assert mean == pytest.approx(0.972, abs=0.001)
    within = np.linspace(0.5, 2.0, 15)
    exact = crps_normal(np.array(0.0), np.array(1.0), within)
    assert crps_quantiles(np.repeat(NORMAL, 15, axis=0), within) == pytest.approx(exact, rel=0.08)


def test_more_levels_come_nearer():
    fine = tuple((np.arange(400) + 0.5) / 400)
    exact = crps_normal(np.array([0.0]), np.array([1.0]), np.array([0.4]))
    assert crps_quantiles(norm.ppf(fine)[None], np.array([0.4]), fine) == pytest.approx(exact, rel=2e-3)


def test_weights_of_levels_add_up_to_one():
    assert level_weights().sum() == pytest.approx(1.0)
    assert np.allclose(level_weights(), level_weights()[::-1])


@pytest.mark.parametrize(("shift", "wide"), [(0.7, 1.0), (-0.7, 1.0), (0.0, 0.4), (0.0, 2.5)])
def test_nobody_gains_by_stating_other_quantiles_than_believed(shift, wide):
    rows = np.repeat(NORMAL, len(SPREAD), axis=0)
    assert crps_quantiles(shift + wide * rows, SPREAD).mean() > crps_quantiles(rows, SPREAD).mean() + 0.01


def test_an_interval_holds_its_ends():
    quantiles = np.tile(np.arange(9.0), (4, 1))
    observed = np.array([3.0, 2.99, 5.0, 5.01])
    assert held(quantiles, observed, 50).tolist() == [True, False, True, False]
    assert held(quantiles, observed, 80).all()
    assert held(quantiles, np.array([1.0, 0.9, 7.0, 7.1]), 90).tolist() == [True, False, True, False]


def test_the_place_of_the_outcome_is_its_level():
    quantiles = np.repeat(NORMAL, 5, axis=0)
    observed = np.array([NORMAL[0, 3], NORMAL[0, 4], (NORMAL[0, 3] + NORMAL[0, 4]) / 2, -9.0, 9.0])
    assert place(quantiles, observed) == pytest.approx([0.25, 0.5, 0.375, 0.0125, 0.9875])


def test_in_the_middle_of_quantiles_that_share_a_value():
    assert place(np.array([[0.0, 0, 0, 0, 0, 5, 6, 7, 8]]), np.array([0.0])) == pytest.approx([(0.025 + 0.5) / 2])


def test_the_interval_of_a_share_stays_within_0_and_1():
    assert share_interval(0, 12) == pytest.approx((0.0, 0.2425), abs=1e-4)
    assert share_interval(12, 12) == pytest.approx((0.7575, 1.0), abs=1e-4)
    assert np.isnan(share_interval(0, 0)).all()
