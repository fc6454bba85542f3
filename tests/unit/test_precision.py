"""Replications until an interval is narrow enough: when it is, how many come next, and what may be asked for."""

from math import nan

import pytest

from sim.experiment.precision import FEWEST, MOST, Precision, read_precision
from sim.scenario import ScenarioError


def test_a_share_is_of_the_level_and_a_number_of_one_or_more_is_the_half_width_itself():
    assert Precision(half_width=0.05).goal(-20_000) == 1000
    assert Precision(half_width=500).goal(-20_000) == 500
    assert Precision(half_width=1).goal(10) == 1


def test_an_interval_narrow_enough_asks_for_no_more():
    assert Precision(half_width=0.05).next(8, half=49, level=1000) == 8
    assert Precision(half_width=0.05).next(8, half=50, level=1000) == 8
    assert Precision(half_width=0.05).next(8, half=51, level=1000) > 8


def test_the_next_number_is_what_the_spread_calls_for_and_at_most_twice_the_last():
    precision = Precision(half_width=100)
    assert precision.next(16, half=120, level=0) == 24  # 16 * 1.2² = 23.04, at least
    assert precision.next(16, half=101, level=0) == 18  # never fewer than two more
    assert precision.next(16, half=900, level=0) == 32
    assert precision.next(16, half=nan, level=0) == 32


def test_the_most_is_never_passed_however_wide_the_interval_is():
    precision = Precision(half_width=1, fewest=4, most=21)
    assert precision.next(16, half=900, level=0) == 21
    assert precision.next(21, half=900, level=0) == 21


def test_a_share_of_nothing_is_reached_only_by_no_spread():
    assert Precision(half_width=0.05).reached(0.0, 0.0)
    assert not Precision(half_width=0.05).reached(0.1, 0.0)


@pytest.mark.parametrize(("given", "half"), [("0.05", 0.05), ("5%", 0.05), (0.02, 0.02), ("500", 500.0), ("150%", 1.5)])
def test_a_precision_is_read_as_a_user_writes_it(given, half):
    assert read_precision(given) == Precision("arrivals", pytest.approx(half), FEWEST, MOST)


def test_everything_wrong_with_a_precision_is_told_at_once():
    with pytest.raises(ScenarioError) as wrong:
        read_precision("narrow", "arivals", 1, 0)
    said = str(wrong.value)
    assert "--precision: is no precision; got 'narrow'" in said
    assert "did you mean 'arrivals'" in said
    assert "--fewest: must be at least 2" in said


def test_the_most_must_not_be_below_the_fewest():
    with pytest.raises(ScenarioError, match="--most: must be at least 10, the fewest; got 5"):
        read_precision(0.1, None, 10, 5)


@pytest.mark.parametrize("given", ["0", "-0.1", "inf", "nan", "", True])
def test_a_precision_must_be_a_number_above_nil(given):
    with pytest.raises(ScenarioError, match="is no precision"):
        read_precision(given)


def test_a_share_of_nothing_is_refused_where_there_is_spread():
    with pytest.raises(ScenarioError, match="is a share of returned, whose mean in the baseline is nil"):
        Precision("returned", 0.1).check(0.0, 12.0)
    Precision("returned", 0.1).check(0.0, 0.0)
    Precision("returned", 5).check(0.0, 12.0)
