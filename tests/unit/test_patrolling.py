"""Patrols without a clock: units and their sectors, finding launches, points of interception in series."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviours import choices, find
from sim.domain.patrolling import (
    Watched,
    coverage,
    detection_chance,
    security_game,
    stopped_in_series,
    units_on,
    whole_units,
)
from sim.scenario import load_scenario

CHANCES = st.lists(st.floats(0, 1), max_size=6)
SECTORS = st.lists(st.tuples(st.floats(0.01, 10), st.floats(0.1, 10)), min_size=1, max_size=6)
RULES = replace(
    load_scenario("base").rules.patrols,
    units=80, sweep_km_per_unit=10, allocation_fixed_weight=0.25, extra_funding_gbp_per_year=0, funded_since_day=0,
    recruitment_days=100,
)  # fmt: skip
PLAN = np.array([1.0, 3.0])


def shares(rule: str, launches: list[float], units=1.0, plan=PLAN, length=(10.0, 10.0), **rules: float) -> list[float]:
    seen = Watched(np.array(plan), np.array(launches, dtype=float), np.array(length), units)
    return find("allocation", rule)(replace(RULES, **rules), seen).tolist()


def funded(day: float, **rules: float) -> float:
    money = {"extra_funding_gbp_per_year": 365.25 * 4000 * 20, "funded_since_day": 30.0} | rules
    return units_on(replace(RULES, **money), 4000.0, day)


# Random search


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


# The security game


def test_one_unit_on_values_3_and_1_covers_them_to_0_75_and_0_25():
    found = security_game(np.array([3.0, 1.0]), np.array([1.0, 1.0]), 1.0)
    assert found.tolist() == pytest.approx([0.75, 0.25])


def test_a_sector_worth_less_than_what_is_left_of_the_others_is_not_covered():
    found = security_game(np.array([5.0, 4.0, 1.0]), np.ones(3), 0.5)
    assert found[2] == 0
    assert 5 * (1 - found[0]) == pytest.approx(4 * (1 - found[1]))


def test_a_longer_beach_takes_more_units_for_the_same_coverage():
    found = security_game(np.ones(2), np.array([1.0, 3.0]), 2.0)
    assert found.tolist() == pytest.approx([0.5, 0.5])


def test_with_units_enough_every_sector_is_covered_once_and_never_more():
    assert security_game(np.array([3.0, 1.0]), np.ones(2), 9.0).tolist() == pytest.approx([1, 1])


@given(sectors=SECTORS, units=st.floats(0, 20))
def test_no_other_spread_of_the_units_leaves_the_attacker_less(sectors, units):
    values, need = (np.array(column) for column in zip(*sectors, strict=True))
    found = security_game(values, need, units)
    assert (found * need).sum() <= units + 1e-6
    worst = (values * (1 - found)).max()
    better = np.clip(1 - (worst - 1e-3) / values, 0, 1)  # what it would take to leave a little less
    assert worst <= 1e-3 or (better * need).sum() > units


# The rules of allocation


@pytest.mark.parametrize("rule", choices("allocation"))
@given(launches=st.lists(st.integers(0, 1000), min_size=2, max_size=2), units=st.sampled_from([0, 0.3, 1, 7.5, 500]))
def test_every_rule_shares_out_all_units(rule, launches, units):
    given_out = shares(rule, launches, units)
    assert sum(given_out) == pytest.approx(1)
    assert min(given_out) >= 0


def test_fixed_patrols_follow_the_plan():
    assert shares("fixed", [9, 0]) == [0.25, 0.75]


def test_proportional_patrols_follow_recent_launches():
    assert shares("proportional", [3, 1], allocation_fixed_weight=0) == [0.75, 0.25]


def test_proportional_patrols_leave_no_beach_bare():
    assert shares("proportional", [4, 0]) == [0.25 * 0.25 + 0.75, 0.25 * 0.75]


@pytest.mark.parametrize("rule", ["proportional", "security_game"])
def test_with_no_launches_to_go_by_patrols_keep_to_the_plan(rule):
    assert shares(rule, [0, 0]) == pytest.approx([0.25, 0.75])


def test_a_security_game_is_played_on_recent_launches_over_the_plan():
    assert shares("security_game", [3, 1], allocation_fixed_weight=0) == pytest.approx([0.75, 0.25])
    assert shares("security_game", [4, 0]) == pytest.approx([0.0625 + 0.75, 0.1875])


def test_what_a_security_game_leaves_over_is_spread_along_the_coast():
    assert shares("security_game", [3, 1], units=100, length=(10, 30)) == pytest.approx([0.25, 0.75])


def test_units_that_see_nothing_stay_with_the_plan():
    assert shares("security_game", [3, 1], sweep_km_per_unit=0) == [0.25, 0.75]


# Whole units


@given(
    expected=st.lists(st.floats(0, 30), min_size=1, max_size=8), u=st.floats(0, 1, exclude_min=True, exclude_max=True)
)
def test_posting_whole_units_is_never_off_by_one_in_all_or_in_any_sector(expected, u):
    posted = whole_units(np.array(expected), u)
    assert abs(posted.sum() - sum(expected)) < 1 + 1e-9
    assert (abs(posted - expected) < 1 + 1e-9).all()
    assert posted.tolist() == [int(units) for units in posted]


def test_over_all_chances_every_sector_has_exactly_its_expected_units():
    expected = np.array([0.75, 0.25, 2.4, 0.0])
    even = (np.arange(1000) + 0.5) / 1000
    assert np.mean([whole_units(expected, u) for u in even], axis=0) == pytest.approx(expected)


def test_units_that_are_whole_already_leave_nothing_to_chance():
    assert {tuple(whole_units(np.array([3.0, 0.0, 2.0]), u)) for u in (0.001, 0.5, 0.999)} == {(3, 0, 2)}


# Funding


def test_without_extra_money_there_are_the_standing_units():
    assert funded(400, extra_funding_gbp_per_year=0) == 80


def test_money_buys_nothing_before_its_day_nor_on_it():
    assert funded(10) == funded(30) == 80


def test_money_becomes_units_as_they_are_recruited():
    assert funded(30 + 100) == pytest.approx(80 + 20 * (1 - exp(-1)))
    assert funded(30 + 1e6) == pytest.approx(100)


def test_half_the_money_buys_half_the_units():
    half = funded(130, extra_funding_gbp_per_year=365.25 * 4000 * 10) - 80
    assert half == pytest.approx((funded(130) - 80) / 2)


def test_units_without_a_price_are_not_bought():
    assert units_on(replace(RULES, extra_funding_gbp_per_year=1e6), 0.0, 400) == 80
