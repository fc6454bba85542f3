"""Finding launches: random search, and points of interception in series."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.patrolling import coverage, detection_chance, stopped_in_series

CHANCES = st.lists(st.floats(0, 1), max_size=6)


def test_three_points_in_series_stop_49_6_per_cent():
    assert stopped_in_series([0.2, 0.1, 0.3]) == pytest.approx(0.496)


@given(chances=CHANCES)
def test_the_order_of_the_points_does_not_matter(chances):
    assert stopped_in_series(chances) == pytest.approx(stopped_in_series(chances[::-1]))


@given(chances=CHANCES, more=st.floats(0, 1))
def test_another_point_never_lowers_the_chance(chances, more):
    assert stopped_in_series([*chances, more]) >= stopped_in_series(chances) - 1e-12


def test_no_points_stop_nobody():
    assert stopped_in_series([]) == 0


def test_one_certain_point_stops_everybody():
    assert stopped_in_series([0.1, 1.0]) == 1


@pytest.mark.parametrize("swept", [0.0, 0.5, 1.0, 3.0])
def test_random_search_finds_one_less_e_to_the_minus_coverage(swept):
    assert detection_chance(swept) == pytest.approx(1 - exp(-swept))


def test_coverage_is_what_the_units_sweep_of_the_coast():
    assert coverage(free_units=3, sweep_km_per_unit=5, length_km=30) == 0.5


def test_without_free_units_nothing_is_found():
    assert detection_chance(coverage(0, 5.0, 30.0)) == 0


@given(units=st.integers(0, 50))
def test_searches_by_separate_units_are_points_in_series(units):
    alone = detection_chance(coverage(1, 5.0, 30.0))
    assert detection_chance(coverage(units, 5.0, 30.0)) == pytest.approx(stopped_in_series([alone] * units))
