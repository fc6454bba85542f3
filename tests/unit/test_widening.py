"""How much wider the likelihood must be: nothing where it is right, more where it is too sure of itself."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiment.calibration.emulator import Emulator
from sim.experiment.calibration.posterior import Seen, approximate, sample
from sim.experiment.calibration.widening import FEWEST_CASES, widening

RUNS, PARAMETERS, SUMMARIES = 600, 3, 6
SLOPES = np.random.default_rng(3).normal(size=(PARAMETERS, SUMMARIES))
USED, NOTHING = np.ones(SUMMARIES, dtype=bool), np.zeros(SUMMARIES)


def made_up(noise: np.ndarray, runs: int = RUNS) -> tuple[np.ndarray, np.ndarray]:
    """Runs of a linear model with this noise about it."""
    unit = np.random.default_rng(1).random((runs, PARAMETERS))
    return unit, unit @ SLOPES + noise[:runs]


def too_sure(monkeypatch: pytest.MonkeyPatch, times: float) -> None:
    """Let the emulator state a noise variance so many times too small."""
    honest = Emulator.fit

    def fit(unit, outputs):
        emulator = honest(unit, outputs)
        return replace(emulator, noise=emulator.noise / times)

    monkeypatch.setattr("sim.experiment.calibration.widening.Emulator.fit", fit)


def test_the_likelihood_is_widened_by_as_much_as_it_was_too_sure(monkeypatch):
    runs = made_up(0.2 * np.random.default_rng(2).normal(size=(RUNS, SUMMARIES)))
    honest = widening(*runs, NOTHING, USED, seed=5)
    too_sure(monkeypatch, 3.0)
    assert honest < 1.5
    assert widening(*runs, NOTHING, USED, seed=5) / honest == pytest.approx(3.0, rel=0.35)


def test_too_few_runs_tell_nothing():
    few = 4 * FEWEST_CASES
    assert widening(*made_up(np.zeros((few, SUMMARIES)), few), NOTHING, USED, seed=5) == 1.0


def test_a_wider_likelihood_gives_wider_draws_by_its_root():
    noise = 0.05 * np.random.default_rng(2).normal(size=(RUNS, SUMMARIES))
    unit, outputs = made_up(noise)
    emulator, middle = Emulator.fit(unit, outputs), np.full(PARAMETERS, 0.5) @ SLOPES
    narrow, wide = (approximate(emulator, Seen(middle, NOTHING, USED, by), 4000, 1).std(axis=0) for by in (1.0, 4.0))
    assert wide / narrow == pytest.approx(2.0, rel=0.15)


def test_the_approximation_is_that_of_the_draws_where_the_model_is_linear():
    noise = 0.1 * np.random.default_rng(2).normal(size=(RUNS, SUMMARIES))
    emulator, middle = Emulator.fit(*made_up(noise)), np.full(PARAMETERS, 0.5) @ SLOPES
    quick = approximate(emulator, Seen(middle, NOTHING, USED, 2.0), 4000, 1)
    walked = sample(emulator, middle, NOTHING, USED, 2000, 1, lengths=20, widening=2.0).draws
    assert quick.mean(axis=0) == pytest.approx(walked.mean(axis=0), abs=0.03)
    assert quick.std(axis=0) == pytest.approx(walked.std(axis=0), rel=0.15)
