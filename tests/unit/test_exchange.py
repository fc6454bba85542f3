"""The exchange's arithmetic: what is announced, when flights are due, how arrivals change, how word spreads."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.exchange import DAYS_PER_WEEK, PassedOver, announced_share, flights_due, flow_change


def due(per_week: float, days: int) -> list[int]:
    return [flights_due(day, per_week) for day in range(days)]


def test_the_announced_share_is_the_target_over_the_flow():
    assert announced_share(50, 500) == 0.1


def test_the_announced_share_is_at_most_one():
    assert announced_share(1000, 500) == announced_share(5, 0) == 1.0


def test_where_fewer_than_one_arrives_a_week_the_target_is_over_one():
    assert announced_share(0.25, 0.5) == 0.25


@pytest.mark.parametrize(
    ("per_week", "first_week"),
    [
        (0, [0] * 7), (1, [0, 0, 0, 0, 0, 0, 1]), (2, [0, 0, 0, 1, 0, 0, 1]), (3, [0, 0, 1, 0, 1, 0, 1]),
        (7, [1] * 7), (10, [1, 1, 2, 1, 2, 1, 2]), (14, [2] * 7),
    ],
)  # fmt: skip
def test_flights_are_spread_evenly_over_a_week(per_week, first_week):
    assert due(per_week, 14) == 2 * first_week


def test_half_a_flight_a_week_leaves_on_the_last_day_of_the_second():
    assert due(0.5, 28) == ([0] * 13 + [1]) * 2


@given(per_week=st.integers(0, 40), weeks=st.integers(1, 30))
def test_no_flight_is_lost_over_whole_weeks(per_week, weeks):
    assert sum(due(per_week, weeks * DAYS_PER_WEEK)) == per_week * weeks


@given(per_week=st.floats(0, 40), days=st.integers(0, 200))
def test_flights_so_far_never_run_ahead_of_their_number_a_week(per_week, days):
    assert sum(due(per_week, days)) <= days * per_week / DAYS_PER_WEEK
    assert min(due(per_week, days), default=0) >= 0


def test_the_flow_changes_by_the_last_days_over_as_many_before():
    daily = np.array([99.0, 10, 10, 4, 11])
    assert flow_change(daily, 2) == pytest.approx(15 / 20 - 1)
    assert flow_change(daily, 1) == pytest.approx(11 / 4 - 1)


def test_a_rise_is_positive_and_an_end_of_arrivals_minus_one():
    assert flow_change(np.array([1.0, 2.0]), 1) == 1
    assert flow_change(np.array([5.0, 0.0]), 1) == -1


@pytest.mark.parametrize("daily", [[], [1.0] * 13, [0.0] * 14, [0.0] * 7 + [5.0] * 7])
def test_a_change_from_nothing_or_over_too_few_days_is_unknown(daily):
    assert isnan(flow_change(np.array(daily), 7))


def test_two_full_periods_are_enough():
    assert flow_change(np.ones(14), 7) == 0


def test_reasons_for_passing_someone_over_are_looked_at_in_order():
    assert [why.name for why in PassedOver] == ["LOT", "PARITY", "TARGET", "BEDS"]
