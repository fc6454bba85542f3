"""The sea state has its stated spread and persistence."""

from math import sqrt

import numpy as np

from sim.domain.randomness import Streams
from sim.domain.weather import forecasts, seasonal_log_mean, wave_heights
from sim.scenario import load_scenario

LIMIT, N, DAYS = 4.0, 300, np.arange(1.0, 366.0)
WEATHER = load_scenario("base").theatre.weather


def anomalies() -> np.ndarray:
    """Standardised anomalies, a row a replication."""
    mean = seasonal_log_mean(WEATHER, DAYS)
    return np.array(
        [(np.log(wave_heights(WEATHER, DAYS, Streams(1, n))) - mean) / WEATHER.log_spread for n in range(N)]
    )


def test_every_day_has_the_stated_spread():
    assert np.abs(((anomalies() ** 2).mean(axis=0) - 1) / sqrt(2 / N)).max() < LIMIT + 0.5  # the largest of 365


def test_the_persistence_from_day_to_day_is_the_stated_one():
    x = anomalies()
    each = (x[:, 1:] * x[:, :-1]).mean(axis=1)
    assert abs(each.mean() - WEATHER.persistence) / (each.std() / sqrt(N)) < LIMIT


def test_forecast_errors_have_the_stated_size_and_half_of_it_in_common():
    error = np.log(np.concatenate([forecasts(WEATHER, np.ones(365), 2, Streams(1, n)) for n in range(N)]))
    variance, shared = error[:, 0] ** 2, error[:, 0] * error[:, 1]
    for values, expected in ((variance, WEATHER.forecast_log_error**2), (shared, WEATHER.forecast_log_error**2 / 2)):
        assert abs(values.mean() - expected) / (values.std() / sqrt(len(values))) < LIMIT
