"""95 % intervals for a mean hold the mean in 93 to 97 of 100 experiments."""

import numpy as np
import pytest
from scipy.stats import t

from sim.domain.randomness import Streams
from sim.experiment.intervals import mean_interval, mean_intervals
from sim.experiment.precision import Precision

EXPERIMENTS = 500
STOPPED = 2000


@pytest.mark.parametrize("replications", [4, 16, 40])
def test_the_interval_covers_the_mean_as_often_as_it_says(replications):
    streams, keys = Streams(20250710, replications), np.arange(replications, dtype=np.uint64)
    covered = 0
    for experiment in range(EXPERIMENTS):
        _, low, high = mean_interval(100 + 15 * streams.normal("replication", keys, experiment))
        covered += low <= 100 <= high
    assert 0.93 <= covered / EXPERIMENTS <= 0.97


@pytest.mark.parametrize("enough", [6, 10, 24, 64])
def test_replicating_until_an_interval_is_narrow_keeps_most_of_its_coverage(enough):
    """`enough` replications are what the goal takes on average. Stopping early by luck costs up to two in a hundred."""
    mean, spread = 100.0, 15.0
    goal = spread * float(t.ppf(0.975, enough - 1)) / enough**0.5
    precision = Precision(half_width=goal, fewest=8, most=128)
    streams, keys = Streams(20250711, enough), np.arange(128, dtype=np.uint64)
    covered, used = 0, 0
    for experiment in range(STOPPED):
        values = mean + spread * streams.normal("replication", keys, experiment)
        count, more = 0, precision.fewest
        while more > count:
            count = more
            _, low, high = mean_interval(values[:count])
            more = precision.next(count, (high - low) / 2, mean)
        assert (high - low) / 2 <= goal or count == 128
        covered += low <= mean <= high
        used += count
    assert 0.92 <= covered / STOPPED <= 0.975
    assert used / STOPPED <= 1.25 * max(enough, precision.fewest)


def test_the_intervals_of_many_columns_are_those_of_each_alone():
    values = 100 + 15 * Streams(3, 0).normal("replication", np.arange(60, dtype=np.uint64)).reshape(12, 5)
    values[3, 1] = values[5, 1] = values[:, 2] = values[1:, 3] = np.nan
    together = np.array(mean_intervals(values))
    alone = np.array([mean_interval(column) for column in values.T]).T
    assert np.allclose(together, alone, rtol=1e-12, equal_nan=True)
