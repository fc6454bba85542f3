"""Sea state: significant wave height per day, log-normal AR(1) around a seasonal mean, and what gangs foresee of it.

The daily series of crossing days (crossing_days.csv) has a lag-1 autocorrelation of 0.37; for a Gaussian AR(1)
cut at its median the binary correlation is (2/pi) asin(rho), which puts `persistence` near 0.5.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sim.domain.randomness import Floats, Streams
from sim.domain.theatre import Weather

DAYS_PER_YEAR = 365.25


def seasonal_log_mean(weather: Weather, day_of_year: Floats) -> Floats:
    """Mean of the log wave height (log m) on given days of the year; shape as given."""
    phase = 2 * np.pi * (day_of_year - weather.roughest_day) / DAYS_PER_YEAR
    return np.asarray(np.log(weather.median_height_m) + weather.season_log_amplitude * np.cos(phase))


def wave_heights(weather: Weather, day_of_year: Floats, streams: Streams) -> Floats:
    """Significant wave height (m) at the reference point for consecutive days; shape as `day_of_year`."""
    shocks = streams.generator("weather").standard_normal(len(day_of_year))
    state, anomaly = 0.0, np.empty(len(day_of_year))
    innovation = np.sqrt(1 - weather.persistence**2)
    for day, shock in enumerate(shocks):
        state = shock if day == 0 else weather.persistence * state + innovation * shock
        anomaly[day] = state
    return np.asarray(np.exp(seasonal_log_mean(weather, day_of_year) + weather.log_spread * anomaly))


def with_trace(heights: Floats, days: Sequence[date], trace: Mapping[date, float] | None) -> Floats:
    """The heights with those of an observed trace (m by date) on the days that it covers; shape (days,)."""
    if not trace:
        return heights
    return np.array([trace.get(day, height) for day, height in zip(days, heights.tolist(), strict=True)])


def forecasts(weather: Weather, heights: Floats, readers: int, streams: Streams) -> Floats:
    """Wave height (m) that each of `readers` gangs expects for each day; shape (days, readers).

    Half of the error's variance is shared by all (the forecast itself), half is each gang's own reading of it.
    """
    days = len(heights)
    shared = streams.generator("forecast").standard_normal((days, 1))
    own = streams.generator("reading").standard_normal((days, readers))
    error = weather.forecast_log_error * (shared + own) / np.sqrt(2.0)
    return np.asarray(heights[:, None] * np.exp(error))
