"""Logit shares, deaths, and stops have their stated chances."""

from math import sqrt

import numpy as np
import pytest

from sim.domain.choice import best
from sim.domain.market import pick, softmax
from sim.domain.passage import deaths_in_incident
from sim.domain.patrolling import stopped_in_series
from sim.domain.randomness import Streams
from sim.scenario import load_scenario

LIMIT, N = 4.0, 200_000
STREAMS, KEYS = Streams(20250710, 1), np.arange(N, dtype=np.uint64)


def z_of_share(share: float, expected: float, n: int = N) -> float:
    return (share - expected) / sqrt(expected * (1 - expected) / n)


def test_choices_have_logit_shares():
    utilities = np.array([2000.0, 1000.0, 0.0, -500.0])
    noise = STREAMS.gumbel("choice", KEYS[:, None], np.arange(4))
    chosen = np.bincount(best(np.tile(utilities, (N, 1)), noise, 1500.0), minlength=4) / N
    for share, expected in zip(chosen, softmax(utilities, 1500.0), strict=True):
        assert abs(z_of_share(share, expected)) < LIMIT


def test_routes_chosen_by_inverse_distance_have_their_known_shares():
    """Choice in proportion to 1 / (distance + 10) over 834, 1368 and 536 km."""
    utilities = -np.log(np.array([834.0, 1368.0, 536.0]) + 10)
    noise = STREAMS.gumbel("route", KEYS[:, None], np.arange(3))
    chosen = np.bincount(best(np.tile(utilities, (N, 1)), noise, 1.0), minlength=3) / N
    for share, expected in zip(chosen, (0.31663, 0.19393, 0.48944), strict=True):
        assert abs(z_of_share(share, expected)) < LIMIT


def test_picks_have_their_shares():
    shares = np.array([0.2, 0.5, 0.3])
    picked = np.bincount([pick(shares, float(u)) for u in STREAMS.uniform("sector", KEYS[:50_000])]) / 50_000
    for share, expected in zip(picked, shares, strict=True):
        assert abs(z_of_share(share, expected, 50_000)) < LIMIT


def test_three_points_in_series_stop_as_often_as_they_say():
    chances = (0.2, 0.1, 0.3)
    passed = np.ones(N, dtype=bool)
    for number, chance in enumerate(chances):
        passed &= STREAMS.uniform("stopped", KEYS, number) >= chance
    assert abs(z_of_share(1 - passed.mean(), stopped_in_series(chances))) < LIMIT


@pytest.mark.parametrize("mean", [1.5, 2.5, 6.0])
def test_deaths_in_an_incident_have_their_mean(mean):
    from dataclasses import replace

    rules = replace(load_scenario("base").rules.passage, deaths_per_incident=mean)
    deaths = np.array([deaths_in_incident(rules, 10**6, float(u)) for u in STREAMS.uniform("deaths", KEYS[:50_000])])
    assert abs((deaths.mean() - mean) / (deaths.std() / sqrt(len(deaths)))) < LIMIT
