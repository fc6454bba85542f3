"""Intervals for means over replications."""

from math import isnan, sqrt

import numpy as np
import pytest

from sim.experiment.intervals import mean_interval, ratio_interval

NAN = float("nan")


def test_the_interval_is_students():
    mean, low, high = mean_interval(np.array([1.0, 2.0, 3.0]))
    half = 4.302652729749464 / sqrt(3)
    assert (mean, low, high) == pytest.approx((2, 2 - half, 2 + half))


def test_equal_values_have_an_interval_without_width():
    assert mean_interval(np.full(5, 7.0)) == (7, 7, 7)


def test_one_value_has_no_interval():
    mean, low, high = mean_interval(np.array([4.0]))
    assert mean == 4
    assert isnan(low)
    assert isnan(high)


def test_no_values_have_no_mean():
    assert all(isnan(x) for x in mean_interval(np.array([])))


def test_missing_values_are_left_out():
    assert mean_interval(np.array([1.0, NAN, 2.0, 3.0])) == mean_interval(np.array([1.0, 2.0, 3.0]))


def test_a_metric_that_is_always_missing_has_no_mean():
    assert all(isnan(x) for x in mean_interval(np.array([NAN, NAN])))


def test_a_ratio_of_means_is_missing_where_the_mean_below_may_be_zero():
    assert np.isnan(ratio_interval(np.array([5.0, 6.0, 7.0]), np.array([-1.0, 0.5, 1.0]))).all()


def test_a_ratio_without_noise_below_has_the_interval_of_the_mean_above():
    above, below = np.array([8.0, 10.0, 12.0]), np.full(3, 2.0)
    assert np.allclose(ratio_interval(above, below), np.array(mean_interval(above)) / 2)


def test_the_interval_of_a_ratio_holds_the_ratio():
    ratio, low, high = ratio_interval(np.array([90.0, 110.0, 105.0, 95.0]), np.array([9.0, 12.0, 10.0, 9.5]))
    assert low < ratio < high
