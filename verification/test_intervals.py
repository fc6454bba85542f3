"""95 % intervals for a mean hold the mean in 93 to 97 of 100 experiments."""

import numpy as np
import pytest

from sim.domain.randomness import Streams
from sim.experiment.intervals import mean_interval

EXPERIMENTS = 500


@pytest.mark.parametrize("replications", [4, 16, 40])
def test_the_interval_covers_the_mean_as_often_as_it_says(replications):
    streams, keys = Streams(20250710, replications), np.arange(replications, dtype=np.uint64)
    covered = 0
    for experiment in range(EXPERIMENTS):
        _, low, high = mean_interval(100 + 15 * streams.normal("replication", keys, experiment))
        covered += low <= 100 <= high
    assert 0.93 <= covered / EXPERIMENTS <= 0.97
