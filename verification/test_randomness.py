"""Streams are uniform, independent, and shaped as they say."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from sim.domain.randomness import Streams

N = 200_000
KEYS = np.arange(N, dtype=np.uint64)
LIMIT = 4.0
ALMOST_NEVER = 6e-5  # two-sided, four standard errors
STREAMS = Streams(20250710, 0)


def z_of_mean(values: np.ndarray, mean: float, sd: float) -> float:
    return (values.mean() - mean) / (sd / sqrt(len(values)))


def z_of_correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1]) * sqrt(len(one))


@pytest.mark.parametrize("purpose", ["age", "come", "choice", "found", "rest"])
def test_draws_are_uniform(purpose):
    assert stats.kstest(STREAMS.uniform(purpose, KEYS), "uniform").pvalue > ALMOST_NEVER


@pytest.mark.parametrize("purpose", ["age", "choice"])
def test_draws_are_uniform_along_the_ordinals_of_one_person(purpose):
    assert (
        stats.kstest(STREAMS.uniform(purpose, np.full(N, 7, dtype=np.uint64), np.arange(N)), "uniform").pvalue
        > ALMOST_NEVER
    )


def test_draws_fill_the_square_of_neighbouring_people():
    u = STREAMS.uniform("age", KEYS)
    counts, _, _ = np.histogram2d(u[:-1:2], u[1::2], bins=20)
    assert stats.chisquare(counts.ravel()).pvalue > ALMOST_NEVER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("age", 0, 0), ("links", 0, 0)), (("rest", 0, 0), ("rest", 1, 0)), (("rest", 1, 0), ("rest", 2, 0)),
        (("age", 0, 0), ("age", 0, 1)), (("seats", 0, 0), ("seats/angle", 0, 0)),
    ],
)  # fmt: skip
def test_draws_for_different_purposes_ordinals_and_replications_are_uncorrelated(one, other):
    columns = [Streams(20250710, replication).uniform(purpose, KEYS, n) for purpose, n, replication in (one, other)]
    assert abs(z_of_correlation(*columns)) < LIMIT


@pytest.mark.parametrize("lag", [1, 2, 64, 1 << 12])
def test_draws_of_people_some_apart_are_uncorrelated(lag):
    u = STREAMS.uniform("come", KEYS)
    assert abs(z_of_correlation(u[:-lag], u[lag:])) < LIMIT


def test_draws_of_groups_are_uncorrelated():
    shifted = KEYS + (np.uint64(1) << np.uint64(40))
    assert abs(z_of_correlation(STREAMS.uniform("age", KEYS), STREAMS.uniform("age", shifted))) < LIMIT


def test_normals_are_normal():
    assert stats.kstest(STREAMS.normal("pace", KEYS), "norm").pvalue > ALMOST_NEVER


def test_gumbel_noise_is_gumbel():
    assert stats.kstest(STREAMS.gumbel("choice", KEYS), "gumbel_r").pvalue > ALMOST_NEVER


@pytest.mark.parametrize("shape", [1, 2, 4])
def test_erlang_times_have_their_law(shape):
    law = stats.gamma(shape, scale=1 / shape)
    assert stats.kstest(STREAMS.erlang("decision", KEYS, shape), law.cdf).pvalue > ALMOST_NEVER


def test_the_same_person_in_many_replications_draws_uniformly():
    draws = np.array([Streams(20250710, replication).one("age", 3) for replication in range(5000)])
    assert stats.kstest(draws, "uniform").pvalue > ALMOST_NEVER
