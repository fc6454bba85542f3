"""Arrivals are a Poisson process with the stated rate."""

from dataclasses import replace
from math import sqrt

import numpy as np
from scipy import stats

from sim.domain.inflow import calendar_days, daily_rate, potential_of_group
from sim.domain.randomness import Streams
from sim.scenario import load_scenario

LIMIT, ALMOST_NEVER = 4.0, 6e-5
REPLICATIONS, DAYS, WINDOW = 200, 728, 28
SCENARIO = load_scenario("base")
GROUP = replace(SCENARIO.theatre.groups[0], share={2023: 0.1})
RATE = daily_rate(SCENARIO.theatre.inflow, GROUP, calendar_days(SCENARIO.start, 0, DAYS), 1.25)


def times(replication: int) -> np.ndarray:
    return potential_of_group(0, RATE, 0.0, Streams(SCENARIO.seed, replication)).set_out_day


COUNTS = np.array([np.histogram(times(n), np.arange(0, DAYS + 1, WINDOW))[0] for n in range(REPLICATIONS)])
EXPECTED = RATE.reshape(-1, WINDOW).sum(axis=1)


def test_mean_counts_per_window_are_the_integrated_rate():
    z = (COUNTS.mean(axis=0) - EXPECTED) / np.sqrt(EXPECTED / REPLICATIONS)
    assert np.abs(z).max() < LIMIT


def test_counts_per_window_are_as_spread_as_poisson_counts():
    dispersion = ((COUNTS - EXPECTED) ** 2 / EXPECTED).mean()
    assert abs(dispersion - 1) / sqrt(2 / COUNTS.size) < LIMIT


def test_counts_of_windows_are_independent():
    z = (COUNTS - EXPECTED) / np.sqrt(EXPECTED)
    assert abs((z[:, :-1] * z[:, 1:]).mean()) * sqrt(z[:, 1:].size) < LIMIT


def test_rescaled_gaps_are_exponential():
    cumulative = np.concatenate([[0.0], np.cumsum(RATE)])
    gaps = [np.diff(np.interp(times(n), np.arange(DAYS + 1.0), cumulative)) for n in range(20)]
    assert stats.kstest(np.concatenate(gaps), "expon").pvalue > ALMOST_NEVER


def test_thinning_by_a_share_leaves_that_share():
    streams = Streams(SCENARIO.seed, 0)
    people = potential_of_group(0, RATE * 20, 0.0, streams)
    kept = streams.uniform("come", people.key) < 0.4
    assert abs(kept.mean() - 0.4) / sqrt(0.4 * 0.6 / len(kept)) < LIMIT


def test_the_whole_world_has_the_people_of_its_years():
    from sim.processes.arrivals import potential_people

    scenario = load_scenario("no_exchange", {"coast.people_at_start": 0, "until": "2025-12-31"})
    expected = sum(
        daily_rate(
            scenario.theatre.inflow, group, calendar_days(scenario.start, 0, 364), scenario.rules.coast.seen_from_afar
        ).sum()
        for group in scenario.theatre.groups
    )
    totals = []
    for replication in range(40):
        people = potential_people(scenario, Streams(scenario.seed, replication))
        totals.append((~people.applicant).sum())
    assert abs(np.mean(totals) - expected) / sqrt(expected / 40) < LIMIT
