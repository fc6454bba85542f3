"""Calibration: emulator, history matching, posterior and recovery, on made-up simulators with known answers.

The simulator is linear with normal noise, so that its posterior is known; parameter 2 does nothing.
"""

from dataclasses import replace

import numpy as np
import pytest

from sim.domain.randomness import Floats
from sim.experiment.calibration.emulator import Emulator
from sim.experiment.calibration.identify import informed_by, informed_text, narrowed
from sim.experiment.calibration.matching import CUTOFF, implausibility, not_ruled_out
from sim.experiment.calibration.posterior import sample
from sim.experiment.calibration.recovery import ALL, coverage_table, posterior_ranks

RUNS, CASES, LENGTHS = 500, 64, 12
SLOPES = np.array([[1.0, 0.8, 0.0, 0.3, 0.5], [0.0, 0.4, 1.0, -0.6, 0.5], [0.0, 0.0, 0.0, 0.0, 0.0]])
SD, CORRELATION = 0.12, 0.8
USED = np.ones(SLOPES.shape[1], dtype=bool)
NOTHING = np.zeros(SLOPES.shape[1])


def noise(correlation: float = CORRELATION) -> Floats:
    k = SLOPES.shape[1]
    return np.asarray(SD**2 * (correlation * np.ones((k, k)) + (1 - correlation) * np.eye(k)))


def simulated(unit: Floats, seed: int, correlation: float = CORRELATION) -> Floats:
    draw = np.random.default_rng(seed)
    return np.asarray(unit @ SLOPES + draw.multivariate_normal(NOTHING, noise(correlation), len(unit)))


def points(count: int, seed: int = 0) -> Floats:
    return np.random.default_rng([9, seed]).random((count, SLOPES.shape[0]))


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    unit = points(RUNS)
    return Emulator.fit(unit, simulated(unit, 1))


def off_by(runs: int) -> tuple[Floats, Floats, Floats]:
    """Squared errors of the mean, its own variance and the noise variance, over many emulators of few runs."""
    found = []
    for seed in range(40):
        unit, fresh = points(runs, 100 + seed), points(100, 200 + seed)
        few = Emulator.fit(unit, simulated(unit, seed))
        errors = np.square(few.mean(fresh) - fresh @ SLOPES)
        found.append([errors.mean(axis=0), few.variance(fresh).mean(axis=0), np.diag(few.noise)])
    errors, own, about = np.mean(found, axis=0)
    return errors, own, about


def test_the_emulated_mean_is_the_simulator_s_within_its_own_uncertainty() -> None:
    errors, own, _ = off_by(80)
    assert errors == pytest.approx(own, rel=0.35)


def test_noise_leaves_out_the_uncertainty_that_comes_on_top() -> None:
    errors, own, about = off_by(40)
    assert about == pytest.approx(np.diag(noise()), rel=0.15)
    assert about + own == pytest.approx(np.diag(noise()) + errors, rel=0.15)
    assert own.min() > 0.1 * SD**2  # else it would not matter here


def test_noise_is_the_covariance_of_runs_about_the_mean(emulator: Emulator) -> None:
    assert np.diag(emulator.noise) == pytest.approx(np.diag(noise()), rel=0.2)
    assert emulator.noise[0, 1] / np.sqrt(emulator.noise[0, 0] * emulator.noise[1, 1]) == pytest.approx(0.8, abs=0.06)


def test_skill_tells_what_the_parameters_explain_out_of_fold() -> None:
    unit = points(200)
    silent, clear = np.random.default_rng(3).standard_normal(200), unit[:, 0] ** 2
    skill = Emulator.fit(unit, np.column_stack([silent, clear])).skill
    assert -0.1 < skill[0] < 0.1
    assert skill[1] > 0.999


def test_curvature_and_interactions_are_emulated() -> None:
    unit, fresh = points(200), points(50, 1)

    def curved(x: Floats) -> Floats:
        return np.asarray((x[:, :1] - 0.5) ** 2 + x[:, :1] * x[:, 1:2])

    assert Emulator.fit(unit, curved(unit)).mean(fresh) == pytest.approx(curved(fresh), abs=1e-3)


def test_slopes_are_those_of_the_mean(emulator: Emulator) -> None:
    unit, step = points(3, 2), 1e-6
    for i in range(3):
        ahead = step * np.eye(3)[i]
        slope = (emulator.mean(unit + ahead) - emulator.mean(unit - ahead)) / (2 * step)
        assert emulator.gradient(unit)[:, :, i] == pytest.approx(slope, abs=1e-6)


def test_a_subset_says_the_same_of_its_summaries(emulator: Emulator) -> None:
    used = np.array([True, False, True, False, True])
    part, unit = emulator.subset(used), points(4)
    assert part.mean(unit) == pytest.approx(emulator.mean(unit)[:, used])
    assert part.variance(unit) == pytest.approx(emulator.variance(unit)[:, used])


def test_a_summary_that_never_changes_does_no_harm() -> None:
    unit = points(100)
    flat = Emulator.fit(unit, np.column_stack([unit[:, 0], np.full(100, 7.0)]))
    assert flat.mean(unit[:1])[0, 1] == pytest.approx(7.0)
    assert np.isfinite(np.linalg.cholesky(flat.noise)).all()


@pytest.mark.parametrize(
    ("unit", "outputs", "message"),
    [
        (np.zeros((9, 2)), np.zeros((8, 1)), r"\(9, 2\) and summaries \(8, 1\) do not match"),
        (np.zeros((3, 2)), np.zeros((3, 1)), "3 runs are too few"),
        (np.zeros((9, 2)), np.full((9, 1), np.nan), "must be finite"),
    ],
)
def test_runs_that_cannot_be_fitted_are_refused(unit: Floats, outputs: Floats, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Emulator.fit(unit, outputs)


def test_history_matching_seldom_rules_out_the_truth(emulator: Emulator) -> None:
    truths = points(300, 4)
    runs = simulated(truths, 5)
    pairs = zip(truths, runs, strict=True)
    far = [implausibility(emulator, truth[None], run, NOTHING, USED)[0] > CUTOFF for truth, run in pairs]
    assert np.mean(far) <= 0.01


def test_what_lies_far_off_is_ruled_out_and_discrepancy_forgives_it(emulator: Emulator) -> None:
    observed = np.array([0.1, 0.1, 0.9]) @ SLOPES
    far = np.array([[0.9, 0.9, 0.5]])
    assert implausibility(emulator, far, observed, NOTHING, USED)[0] > CUTOFF
    assert implausibility(emulator, far, observed, np.ones(5), USED)[0] < CUTOFF


def test_one_summary_that_fits_nowhere_rules_out_nothing(emulator: Emulator) -> None:
    truth = np.array([[0.4, 0.6, 0.5]])
    observed = (truth @ SLOPES)[0] + np.array([5.0, 0.0, 0.0, 0.0, 0.0])
    assert implausibility(emulator, truth, observed, NOTHING, USED)[0] < CUTOFF
    assert implausibility(emulator, truth, observed, NOTHING, USED, rank=1)[0] > CUTOFF
    only = np.array([True, False, False, False, False])
    assert implausibility(emulator, truth, observed, NOTHING, only)[0] > CUTOFF


def test_points_not_ruled_out_are_as_many_as_asked_and_share_is_that_of_the_prior(emulator: Emulator) -> None:
    observed = np.array([0.5, 0.5, 0.5]) @ SLOPES
    left, share = not_ruled_out([emulator], observed, NOTHING, USED, 200, seed=1)
    assert left.shape == (200, 3)
    assert (implausibility(emulator, left, observed, NOTHING, USED) <= CUTOFF).all()
    prior = implausibility(emulator, points(20_000), observed, NOTHING, USED) <= CUTOFF
    assert share == pytest.approx(prior.mean(), abs=0.02)


def test_every_wave_counts(emulator: Emulator) -> None:
    observed = np.array([0.5, 0.5, 0.5]) @ SLOPES
    moved = replace(emulator, intercept=emulator.intercept + 0.3)
    left, _ = not_ruled_out([emulator, moved], observed, NOTHING, USED, 50, seed=1)
    for each in (emulator, moved):
        assert (implausibility(each, left, observed, NOTHING, USED) <= CUTOFF).all()


def exact(parameters: int) -> Emulator:
    """An emulator of as many summaries as parameters, each one parameter with little noise."""
    unit = np.random.default_rng(0).random((300, parameters))
    return Emulator.fit(unit, unit + 0.015 * np.random.default_rng(1).standard_normal(unit.shape))


def test_a_rare_region_is_reached_by_levels() -> None:
    sharp, middle = exact(8), np.full(8, 0.5)
    used, nothing = np.ones(8, dtype=bool), np.zeros(8)
    left, share = not_ruled_out([sharp], middle, nothing, used, 100, seed=1)
    assert (implausibility(sharp, left, middle, nothing, used) <= CUTOFF).all()
    assert 0 < share < 1e-4
    assert len(np.unique(left, axis=0)) > 90
    assert left.mean(axis=0) == pytest.approx(middle, abs=0.12)


def test_an_empty_region_gives_the_nearest_points_and_a_share_of_nil() -> None:
    sharp, beyond = exact(3), np.full(3, 3.0)
    left, share = not_ruled_out([sharp], beyond, np.zeros(3), np.ones(3, dtype=bool), 20, seed=1)
    assert share == 0
    assert left.shape == (20, 3)
    assert (left.max(axis=1) > 0.9).all()


def test_without_an_emulator_nothing_can_be_ruled_out() -> None:
    with pytest.raises(ValueError, match="at least one wave"):
        not_ruled_out([], NOTHING, NOTHING, USED, 1, seed=1)


def known_posterior(observed: Floats, discrepancy: float) -> tuple[Floats, Floats]:
    """Mean and sd of the two parameters that act, of the normal posterior with a flat prior."""
    precision = np.linalg.inv(noise() + discrepancy**2 * np.eye(5))
    acting = SLOPES[:2]
    covariance = np.linalg.inv(acting @ precision @ acting.T)
    return covariance @ acting @ precision @ observed, np.sqrt(np.diag(covariance))


@pytest.mark.parametrize("discrepancy", [0.0, 0.1])
def test_the_posterior_of_a_linear_model_is_the_known_one(emulator: Emulator, discrepancy: float) -> None:
    observed = np.array([0.5, 0.45, 0.5]) @ SLOPES
    found = sample(emulator, observed, np.full(5, discrepancy), USED, 2000, seed=1)
    mean, sd = known_posterior(observed, discrepancy)
    assert found.draws[:, :2].mean(axis=0) == pytest.approx(mean, abs=0.03)
    assert found.draws[:, :2].std(axis=0) == pytest.approx(sd, rel=0.15)
    assert found.converged
    assert found.effective > 1000
    assert 0.1 < found.acceptance < 0.95


def test_a_parameter_that_does_nothing_keeps_its_prior(emulator: Emulator) -> None:
    observed = np.array([0.5, 0.45, 0.1]) @ SLOPES
    draws = sample(emulator, observed, NOTHING, USED, 2000, seed=1).draws
    assert np.quantile(draws[:, 2], [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.06)
    learnt = narrowed(draws)
    assert learnt[:2].min() > 0.6
    assert abs(learnt[2]) < 0.06


def test_only_the_summaries_in_use_count(emulator: Emulator) -> None:
    observed = np.array([0.5, 0.45, 0.5]) @ SLOPES
    used = np.array([True, False, False, False, False])  # says nothing of parameter 1
    draws = sample(emulator, observed, NOTHING, used, 1000, seed=1).draws
    assert np.array_equal(draws, sample(emulator, observed + 9.0 * ~used, NOTHING, used, 1000, seed=1).draws)
    assert narrowed(draws)[0] > 0.4
    assert narrowed(draws)[1] < 0.1


def test_draws_stay_within_the_prior(emulator: Emulator) -> None:
    draws = sample(emulator, np.array([1.2, 1.2, 0.0]) @ SLOPES, NOTHING, USED, 500, seed=1).draws
    assert draws.shape == (500, 3)
    assert (draws > 0).all()
    assert (draws < 1).all()


def test_a_posterior_needs_a_summary(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="at least one summary"):
        sample(emulator, NOTHING, NOTHING, ~USED, 10, seed=1)


def test_the_same_seed_gives_the_same_bytes(emulator: Emulator) -> None:
    observed = np.array([0.5, 0.5, 0.5]) @ SLOPES
    first, again, other = (sample(emulator, observed, NOTHING, USED, 50, s).draws for s in (1, 1, 2))
    assert first.tobytes() == again.tobytes() != other.tobytes()
    left, same, else_where = (not_ruled_out([emulator], observed, NOTHING, USED, 50, s)[0] for s in (1, 1, 2))
    assert left.tobytes() == same.tobytes() != else_where.tobytes()
    unit = points(RUNS)
    assert Emulator.fit(unit, simulated(unit, 1)).noise.tobytes() == emulator.noise.tobytes()


@pytest.fixture(scope="module")
def cases() -> tuple[Floats, Floats]:
    truths = points(CASES, 7)
    return truths, simulated(truths, 8)


def test_intervals_hold_the_truth_as_often_as_they_state(emulator: Emulator, cases: tuple[Floats, Floats]) -> None:
    table = coverage_table(posterior_ranks(emulator, *cases, USED, 1, LENGTHS), ["a", "b", "idle"], (0.5, 0.8, 0.9))
    over_all = table[table["parameter"] == ALL]
    assert (abs(over_all["covered"] - over_all["level"]) <= 2 * over_all["standard_error"]).all()
    assert (table["rank_p"] > 0.005).all()
    assert (table["cases"] == CASES).all()


def test_noise_taken_for_independent_makes_coverage_fail(emulator: Emulator, cases: tuple[Floats, Floats]) -> None:
    wrong = replace(emulator, noise=np.diag(np.diag(emulator.noise)))
    table = coverage_table(posterior_ranks(wrong, *cases, USED, 1, LENGTHS), ["a", "b", "idle"], (0.9,))
    acting = table[table["parameter"].isin(["a", "b"])]
    assert (acting["covered"] < 0.9 - 2 * acting["standard_error"]).any()


def test_the_standard_error_over_all_is_that_of_cases_not_of_parameters() -> None:
    ranks = np.repeat(np.random.default_rng(1).random((50, 1)), 20, axis=1)  # parameters that go together
    table = coverage_table(ranks, [str(i) for i in range(20)], (0.5,)).set_index("parameter")
    assert table.at[ALL, "standard_error"] == pytest.approx(np.sqrt(0.25 / 50), rel=0.05)


def test_ranks_that_lean_to_one_side_are_noticed() -> None:
    leaning = np.random.default_rng(1).random((60, 2)) ** 2
    assert (coverage_table(leaning, ["a", "b"], (0.5,))["rank_p"] < 0.01).all()


def test_the_kinds_that_say_most_of_a_parameter_are_named(emulator: Emulator) -> None:
    kinds = ["boats", "boats", "days", "days", "rest"]
    draws = points(100, 3)
    said = informed_by(emulator, draws, USED, kinds)
    assert [said[0][0][0], said[1][0][0]] == ["boats", "days"]
    without = np.array([False, False, True, True, True])
    assert {kind for pairs in informed_by(emulator, draws, without, kinds) for kind, _ in pairs} <= {"days", "rest"}
    forgiven = np.array([9.0, 9.0, 0.0, 0.0, 0.0])
    assert informed_by(emulator, draws, USED, kinds, forgiven)[0][0][0] != "boats"


def test_kinds_are_told_in_words() -> None:
    assert informed_text([("people_per_boat", 0.501), ("boats", 0.3)]) == "people per boat 50 %, boats 30 %"
