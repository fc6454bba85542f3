"""Scores do what they are for: calibrated forecasts cover as stated, and who knows the distribution wins."""

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sim.domain.randomness import Streams
from sim.experiment.forecasts.periods import History
from sim.experiment.forecasts.rivals import RIVALS
from sim.experiment.forecasts.scores import INTERVALS, LEVELS, crps_quantiles, crps_sample, held, place

LIMIT, N = 4.0, 100_000
STREAMS = Streams(20250710, 1)
YEARS, AHEAD, CASES = 6, 6, 12
MEAN, SEASON, CARRY, NOISE = 7.0, 0.8, 0.9, 0.15  # of a made-up monthly series, in logarithms


def test_intervals_of_a_calibrated_forecaster_hold_what_they_state():
    centre = STREAMS.generator("centre").normal(size=N)
    spread = np.exp(STREAMS.generator("spread").normal(size=N))
    quantiles = centre[:, None] + spread[:, None] * norm.ppf(LEVELS)
    observed = centre + spread * STREAMS.generator("observed").normal(size=N)
    for percent in INTERVALS:
        share, stated = held(quantiles, observed, percent).mean(), percent / 100
        assert abs(share - stated) / sqrt(stated * (1 - stated) / N) < LIMIT
    between = np.histogram(place(quantiles, observed), [0, *LEVELS, 1])[0] / N
    for share, stated in zip(between, np.diff([0, *LEVELS, 1]), strict=True):
        assert abs(share - stated) / sqrt(stated * (1 - stated) / N) < LIMIT


def test_the_sample_crps_of_few_values_is_unbiased_for_their_own_distribution():
    """Ten values from the distribution that also makes the outcome: on average 1 + 1/10 times its own CRPS."""
    values, observed = STREAMS.generator("ten").normal(size=(N, 10)), STREAMS.generator("one").normal(size=N)
    scores = crps_sample(values, observed)
    assert abs(scores.mean() - 1.1 / sqrt(np.pi)) / (scores.std() / sqrt(N)) < LIMIT


def made_up(case: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A series with seasons whose level wanders and comes back (AR(1) in logarithms).

    Returns the whole history, what came next, and what one who knows the process can say of it in quantiles.
    """
    months, draw = 12 * YEARS + AHEAD, STREAMS.generator(f"series {case}")
    level = np.zeros(months)
    level[0] = draw.normal(0, NOISE / sqrt(1 - CARRY**2))
    for month in range(1, months):
        level[month] = CARRY * level[month - 1] + draw.normal(0, NOISE)
    seasons = MEAN + SEASON * np.sin(2 * np.pi * np.arange(months) / 12)
    counts = np.expm1(seasons + level)
    steps, past = np.arange(1, AHEAD + 1), 12 * YEARS
    middle = seasons[past:] + CARRY**steps * level[past - 1]
    spread = NOISE * np.sqrt((1 - CARRY ** (2 * steps)) / (1 - CARRY**2))
    return counts[:past], counts[past:], np.expm1(middle[:, None] + spread[:, None] * norm.ppf(LEVELS))


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    """Mean CRPS of every rival, and of one who knows the process, in each case."""
    rows = []
    for case in range(CASES):
        past, observed, knowing = made_up(case)
        known = History("month", pd.date_range("2018-01-01", periods=len(past), freq="MS"), past)
        starts = pd.date_range("2024-01-01", periods=AHEAD, freq="MS")
        said = {name: rival(known, starts).quantiles for name, rival in RIVALS.items()}
        rows.append(
            {name: crps_quantiles(each, observed).mean() for name, each in {**said, "knowing": knowing}.items()}
        )
    return pd.DataFrame(rows)


def test_who_knows_the_distribution_beats_every_rival_on_average(scores):
    assert scores.mean().idxmin() == "knowing"


def test_sarima_beats_climatology_where_the_level_carries_over(scores):
    assert scores["SARIMA"].mean() < scores["climatology"].mean()
