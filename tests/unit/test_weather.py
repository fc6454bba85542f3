"""Sea state: a seasonal mean, persistence from day to day, and forecasts with an error."""

from dataclasses import replace

import numpy as np
import pytest

from sim.domain.randomness import Streams
from sim.domain.theatre import Weather
from sim.domain.weather import forecasts, seasonal_log_mean, wave_heights

WEATHER = Weather(
    median_height_m=0.6, season_log_amplitude=0.2, roughest_day=20, log_spread=0.5, persistence=0.5,
    forecast_log_error=0.15,
)  # fmt: skip
DAYS = np.arange(1.0, 200.0)


@pytest.fixture
def streams() -> Streams:
    return Streams(1, 0)


def test_the_roughest_day_has_the_highest_seasonal_mean():
    days = np.arange(1.0, 366.0)
    assert days[seasonal_log_mean(WEATHER, days).argmax()] == WEATHER.roughest_day


def test_half_a_year_after_the_roughest_day_the_sea_is_calmest():
    mean = seasonal_log_mean(WEATHER, np.array([20.0, 20.0 + 365.25 / 2]))
    assert mean == pytest.approx(np.log(0.6) + np.array([0.2, -0.2]))


def test_without_spread_every_day_has_its_seasonal_height(streams):
    calm = replace(WEATHER, log_spread=1e-12)
    assert wave_heights(calm, DAYS, streams) == pytest.approx(np.exp(seasonal_log_mean(calm, DAYS)))


def test_waves_are_positive(streams):
    assert (wave_heights(WEATHER, DAYS, streams) > 0).all()


def test_the_first_days_do_not_depend_on_the_horizon(streams):
    assert (wave_heights(WEATHER, DAYS[:50], streams) == wave_heights(WEATHER, DAYS, streams)[:50]).all()


def test_a_rougher_season_keeps_the_same_weather_luck(streams):
    rough = replace(WEATHER, median_height_m=1.2)
    assert wave_heights(rough, DAYS, streams) == pytest.approx(2 * wave_heights(WEATHER, DAYS, streams))


def test_each_days_anomaly_remembers_the_day_before(streams):
    anomaly = (np.log(wave_heights(WEATHER, DAYS, streams)) - seasonal_log_mean(WEATHER, DAYS)) / WEATHER.log_spread
    shocks = streams.generator("weather").standard_normal(len(DAYS))
    assert anomaly[0] == pytest.approx(shocks[0])
    assert anomaly[1:] == pytest.approx(0.5 * anomaly[:-1] + np.sqrt(0.75) * shocks[1:])


def test_without_persistence_days_are_independent_shocks(streams):
    free = replace(WEATHER, persistence=0.0)
    anomaly = (np.log(wave_heights(free, DAYS, streams)) - seasonal_log_mean(free, DAYS)) / free.log_spread
    assert anomaly == pytest.approx(streams.generator("weather").standard_normal(len(DAYS)))


def test_replications_have_different_weather():
    assert not np.intersect1d(
        wave_heights(WEATHER, DAYS, Streams(1, 0)), wave_heights(WEATHER, DAYS, Streams(1, 1))
    ).size


def test_a_forecast_without_error_is_the_sea_itself(streams):
    heights = wave_heights(WEATHER, DAYS, streams)
    seen = forecasts(replace(WEATHER, forecast_log_error=0.0), heights, 3, streams)
    assert seen == pytest.approx(np.tile(heights[:, None], 3))


def test_every_gang_reads_the_forecast_in_its_own_way(streams):
    seen = forecasts(WEATHER, np.ones(10), 3, streams)
    assert seen.shape == (10, 3)
    assert (seen[:, 0] != seen[:, 1]).all()


def test_half_of_the_error_is_shared_by_all_gangs(streams):
    error = np.log(forecasts(WEATHER, np.ones(10), 2, streams)) * np.sqrt(2) / WEATHER.forecast_log_error
    own = streams.generator("reading").standard_normal((10, 2))
    shared = streams.generator("forecast").standard_normal((10, 1))
    assert error - own == pytest.approx(np.tile(shared, 2))


def test_forecasts_of_the_first_days_do_not_depend_on_the_horizon(streams):
    assert (forecasts(WEATHER, np.ones(10), 3, streams) == forecasts(WEATHER, np.ones(30), 3, streams)[:10]).all()
