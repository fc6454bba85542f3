"""The crossing: duration, turn-backs, incidents, deaths."""

from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.passage import (
    deaths_in_incident,
    deaths_without_rescue,
    hours_at_sea,
    incident_chance,
    turn_back_chance,
)
from sim.scenario import load_scenario

RULES = replace(
    load_scenario("base").rules.passage,
    speed_km_per_hour=5, speed_spread=0.2, turn_back_share=0.2, turn_back_per_wave_m=2, turn_back_per_crowding=0.5,
    turn_back_per_distance=0.5, incident_share=0.01, incident_per_wave_m=2, incident_per_crowding=2,
    reference_wave_m=0.4, reference_distance_km=50, reference_people=50,
    deaths_per_incident=2.5, taxi_incident_ratio=1.5,
)  # fmt: skip


def incident(wave=0.4, people=50, distance=50.0, taxi=False, rules=RULES) -> float:
    return incident_chance(rules, wave, people, distance, taxi=taxi)


def test_an_average_boat_goes_at_its_speed():
    assert hours_at_sea(RULES, 30, pace=0.0) == 6


def test_bad_luck_with_the_engine_makes_it_slower():
    assert hours_at_sea(RULES, 30, 1.0) > hours_at_sea(RULES, 30, 0.0) > hours_at_sea(RULES, 30, -1.0)


def test_at_the_reference_wave_the_turn_back_share_holds():
    assert turn_back_chance(RULES, 0.4, 50, 50) == pytest.approx(0.2)


def test_waves_raise_the_log_odds_of_turning_back():
    chance = turn_back_chance(RULES, 0.9, 50, 50)
    assert log(chance / (1 - chance)) - log(0.2 / 0.8) == pytest.approx(2 * 0.5)


def test_four_times_the_people_double_the_odds_of_turning_back():
    chance = turn_back_chance(RULES, 0.4, 200, 50)
    assert chance / (1 - chance) == pytest.approx(2 * 0.2 / 0.8)


def test_four_times_the_way_doubles_the_odds_of_turning_back():
    chance = turn_back_chance(RULES, 0.4, 50, 200)
    assert chance / (1 - chance) == pytest.approx(2 * 0.2 / 0.8)


def test_without_turn_backs_no_wave_turns_anyone_back():
    assert turn_back_chance(replace(RULES, turn_back_share=0.0), 3.0, 90, 50) == 0


def test_at_the_reference_the_incident_share_holds():
    assert incident() == pytest.approx(0.01)


def test_twice_the_people_quadruple_the_chance_of_an_incident():
    assert incident(people=100) == pytest.approx(0.04)


def test_twice_the_distance_doubles_the_chance_of_an_incident():
    assert incident(distance=100) == pytest.approx(0.02)


def test_waves_raise_the_chance_of_an_incident():
    assert log(incident(wave=0.9) / incident()) == pytest.approx(1.0)


def test_boarding_from_the_water_is_more_dangerous():
    assert incident(taxi=True) == pytest.approx(0.015)


def test_an_incident_is_never_more_than_certain():
    assert incident(wave=9) == 1.0


@given(u=st.floats(1e-12, 1 - 1e-12), people=st.integers(1, 90))
def test_an_incident_kills_at_least_one_and_at_most_all(u, people):
    assert 1 <= deaths_in_incident(RULES, people, u) <= people


def test_deaths_beyond_the_first_are_geometric():
    stay = 1.5 / 2.5
    assert deaths_in_incident(RULES, 90, stay**2 * 1.0001) == 2
    assert deaths_in_incident(RULES, 90, stay**2 * 0.9999) == 3


def test_with_one_death_an_incident_every_incident_kills_one():
    assert deaths_in_incident(replace(RULES, deaths_per_incident=1.0), 90, 1e-9) == 1


def test_without_help_more_people_die_rounded_up():
    rescue = replace(load_scenario("base").rules.rescue, unrescued_ratio=1.5)
    assert [deaths_without_rescue(rescue, dead, people=50) for dead in (1, 2, 3)] == [2, 3, 5]


def test_no_more_people_die_than_are_aboard_with_or_without_help():
    rescue = replace(load_scenario("base").rules.rescue, unrescued_ratio=10)
    assert deaths_without_rescue(rescue, 6, people=50) == 50


def test_where_help_makes_no_difference_as_many_die_without():
    rescue = replace(load_scenario("base").rules.rescue, unrescued_ratio=1)
    assert deaths_without_rescue(rescue, 4, people=50) == 4
