"""Sensitivity of a sweep's outcome against functions whose indices are known."""

from dataclasses import replace
from pathlib import Path

import made_up_sweeps as made
import numpy as np
import pandas as pd
import pytest

from sim.experiment import smoothing
from sim.experiment.sensitivity import elementary_effects, sensitivity
from sim.experiment.swept import Sample, read_outcome, read_swept, samples
from sim.report.explorer.sweep_words import sensitivity_text
from sim.scenario import ScenarioError

S1 = {"market.x1": 0.3139, "market.x2": 0.4424, "market.x3": 0.0}  # Ishigami & Homma 1990, a = 7, b = 0.1
ST = {"market.x1": 0.5576, "market.x2": 0.4424, "market.x3": 0.2437}
QUIET = dict.fromkeys(made.NOISE, 0.0)


def found(folder: Path, metric: str | None = None, seed: int = 1) -> pd.DataFrame:
    swept = read_swept(folder)
    return sensitivity(swept, read_outcome(swept, metric), seed)


def value(table: pd.DataFrame, index: str) -> dict[str, float]:
    return table[table["index"] == index].set_index("setting")["value"].to_dict()


def explained(values: pd.Series, outcomes: np.ndarray, log: bool = False) -> float:
    """The share of the outcomes' variance that a smooth function of one setting explains."""
    columns = smoothing.orthonormal(smoothing.basis(values, log, 4, 10))
    return float(smoothing.explained(columns, outcomes, np.ones((1, len(outcomes))))[0])


def linear(**changes: object) -> made.Made:
    """A hypercube of three settings with effects of 300, 100 and 0 people over their range."""
    settings = tuple(made.Varied(f"beliefs.x{i}") for i in range(3))
    draws = np.random.default_rng(4).permuted(np.tile((np.arange(400) + 0.5) / 400, (3, 1)), axis=1).T
    rows = [{d.setting: u for d, u in zip(settings, draw, strict=True)} for draw in draws.tolist()]

    def outcome(changes: made.Changes, source: str) -> dict[str, float]:
        gain = 300 * changes["beliefs.x0"] - 100 * changes["beliefs.x1"] if source else 0.0
        return {**made.BASE, "arrivals": made.BASE["arrivals"] * (1 + changes["beliefs.x2"]) + gain}

    plan = made.Made(settings, futures=rows, outcome=outcome, design="", uncertainty_design="lhs",
                     uncertainty_samples=400, noise=QUIET)  # fmt: skip
    return replace(plan, **changes)  # type: ignore[arg-type]


def sample_of(values: np.ndarray) -> Sample:
    inputs = pd.DataFrame({"beliefs.x0": np.arange(float(len(values)))})
    return Sample("pilot", "uncertainty", "lhs", len(values), inputs, values, values * np.nan)


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_intervals_of_the_ishigami_function_hold_its_known_indices(tmp_path: Path, second_order: bool) -> None:
    table = found(made.ishigami(tmp_path / "ishigami", second_order=second_order))
    for index, known in (("S1", S1), ("ST", ST)):
        rows = table[table["index"] == index].set_index("setting")
        for setting, share in known.items():
            assert rows.at[setting, "low"] <= share <= rows.at[setting, "high"]
            assert rows.at[setting, "value"] == pytest.approx(share, abs=0.12)


def test_the_rows_of_a_saltelli_design_may_lie_in_any_order(tmp_path: Path) -> None:
    folder = made.ishigami(tmp_path / "ishigami", base=64)
    before = found(folder)
    points = pd.read_parquet(folder / "points.parquet")
    points.sample(frac=1, random_state=1).to_parquet(folder / "points.parquet")
    pd.testing.assert_frame_equal(found(folder), before)


def test_the_same_seed_gives_the_same_intervals_and_another_does_not(tmp_path: Path) -> None:
    folder = made.ishigami(tmp_path / "ishigami", base=64)
    pd.testing.assert_frame_equal(found(folder, seed=0), found(folder, seed=0))
    assert not found(folder, seed=0)["low"].equals(found(folder, seed=1)["low"])


def test_a_saltelli_design_with_missing_rows_is_no_finished_sweep(tmp_path: Path) -> None:
    folder = made.ishigami(tmp_path / "ishigami", base=64)
    points = pd.read_parquet(folder / "points.parquet")
    points.iloc[:-1].to_parquet(folder / "points.parquet")
    with pytest.raises(ScenarioError, match=r"is the sweep finished\?; got 319; allowed: 320 or 512"):
        found(folder)


def test_a_saltelli_point_without_runs_is_reported(tmp_path: Path) -> None:
    folder = made.ishigami(tmp_path / "ishigami", base=64)
    runs = pd.read_parquet(folder / "runs.parquet")
    runs[runs["point"] != 7].to_parquet(folder / "runs.parquet")
    with pytest.raises(ScenarioError, match="needs all; is the sweep finished.*1 of 320 without one"):
        found(folder)


def test_mean_elementary_effects_of_a_linear_function_are_its_coefficients(tmp_path: Path) -> None:
    table = found(made.morris(tmp_path / "morris"))
    assert list(value(table, "mu").values()) == pytest.approx([100, -50, 10, 0])
    assert list(value(table, "mu_star").values()) == pytest.approx([100, 50, 10, 0])
    assert list(value(table, "sigma").values()) == pytest.approx([0, 0, 0, 0], abs=1e-9)


def test_elementary_effects_are_those_of_salib_for_a_function_with_interactions() -> None:
    from SALib.analyze import morris as analysed
    from SALib.sample import morris as sampled

    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    x = sampled.sample(problem, 30, num_levels=4, seed=2)
    y = x[:, 0] * x[:, 1] + 3 * x[:, 2] ** 2
    effects = elementary_effects(x, np.zeros(3, dtype=bool), y, 4)
    theirs = analysed.analyze(problem, x, y, num_levels=4, seed=1)
    assert np.abs(effects).mean(axis=0) == pytest.approx(np.asarray(theirs["mu_star"]))
    assert effects.std(axis=0, ddof=1) == pytest.approx(np.asarray(theirs["sigma"]))


def test_a_setting_that_rounding_leaves_where_it_is_has_no_effect_and_words_are_one_step_apart() -> None:
    places = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 2.0]])
    effects = elementary_effects(places, np.array([False, True]), np.array([5.0, 5.0, 9.0]), 3)
    assert effects.tolist() == [[0.0, 4.0]]


def test_regression_finds_the_shares_of_a_linear_function_and_the_directions(tmp_path: Path) -> None:
    table = found(made.write_sweep(tmp_path / "linear", linear()))
    rows = table[table["index"] == "S1"].set_index("setting")
    for setting, share in (("beliefs.x0", 0.9), ("beliefs.x1", 0.1), ("beliefs.x2", 0.0)):
        assert rows.at[setting, "low"] <= share <= rows.at[setting, "high"]
        assert rows.at[setting, "value"] == pytest.approx(share, abs=0.08)
    slopes = value(table, "SRRC")
    assert slopes["beliefs.x0"] > 0.9
    assert slopes["beliefs.x1"] < -0.25
    assert abs(slopes["beliefs.x2"]) < 0.05


def test_what_moves_the_baseline_as_well_has_no_effect_on_the_difference_but_on_the_metric(tmp_path: Path) -> None:
    assert value(found(made.write_sweep(tmp_path / "paired", linear())), "S1")["beliefs.x2"] < 0.03
    alone = found(made.write_sweep(tmp_path / "alone", linear(baseline="", aim="")))
    assert value(alone, "S1")["beliefs.x2"] > 0.95


def test_a_setting_without_effect_has_no_share_on_average() -> None:
    draw = np.random.default_rng(1)
    shares = []
    for _ in range(200):
        x, y = draw.random(80), draw.random(80)
        shares.append(explained(pd.Series(x), y))
    assert np.mean(shares) == pytest.approx(0, abs=0.01)


def test_a_spline_follows_a_curve_and_words_have_their_own_means() -> None:
    x = np.linspace(1, 100, 200)
    assert explained(pd.Series(x), np.log(x), log=True) == pytest.approx(1)
    assert explained(pd.Series(x), (x - 40) ** 2) > 0.99
    words = pd.Series(["a", "b", "c", "b"] * 10)
    outcomes = words.map({"a": 3.0, "b": 1.0, "c": 2.0}).to_numpy()
    assert explained(words, outcomes) == pytest.approx(1)


def test_weights_stand_for_points_drawn_several_times() -> None:
    draw = np.random.default_rng(5)
    x, y = draw.random(60), draw.random(60)
    columns = smoothing.orthonormal(smoothing.basis(pd.Series(x), False, 4, 10))
    counts = smoothing.resampled(60, 1, draw)
    rows = np.repeat(np.arange(60), counts[0].astype(int))
    again = smoothing.explained(columns[rows], y[rows], np.ones((1, 60)))
    assert smoothing.explained(columns, y, counts) == pytest.approx(again)


def test_each_policy_has_its_own_indices(tmp_path: Path) -> None:
    lever = made.Varied(made.EXCHANGE, 0, 100, "lever", (0, 100), "people/week")
    plan = linear()
    plan = replace(plan, dimensions=(lever, *plan.dimensions), levers=({made.EXCHANGE: 0.0}, {made.EXCHANGE: 100.0}))
    table = found(made.write_sweep(tmp_path / "levers", replace(plan, design="grid", sources=("pilot", "both"))))
    assert list(dict.fromkeys(table["policy"])) == [
        f"{source} exchange.weekly_target={level}" for source in ("pilot", "both") for level in (0, 100)
    ]


def test_common_noise_is_none_and_a_replications_own_noise_is_counted() -> None:
    draw = np.random.default_rng(3)
    means, shared = draw.normal(0, 3, (500, 1)), draw.normal(0, 5, (1, 4))
    assert sample_of(means + shared).noise_share == pytest.approx(0, abs=1e-12)
    own = draw.normal(0, 4, (500, 4))
    assert sample_of(means + shared + own).noise_share == pytest.approx(4 / (9 + 4), abs=0.05)
    assert np.isnan(sample_of(means).noise_share)


def test_noise_above_a_fifth_of_the_variance_is_warned_of(tmp_path: Path) -> None:
    quiet = found(made.write_sweep(tmp_path / "quiet", linear()))
    noisy = found(made.write_sweep(tmp_path / "noisy", linear(noise={"arrivals": 200.0})))
    assert "Caution" not in sensitivity_text(quiet, compared=True)
    assert "of the variance between points is noise" in sensitivity_text(noisy, compared=True)


def test_an_outcome_that_does_not_vary_is_said_to_be_so(tmp_path: Path) -> None:
    folder = made.ishigami(tmp_path / "ishigami", base=64, outcome=lambda changes, source: {"arrivals": 5.0})
    table = found(folder)
    assert table["value"].isna().all()
    assert "does not vary with any of these settings" in sensitivity_text(table, compared=False)


def test_the_answer_names_the_setting_that_matters_most_and_marks_guesses(tmp_path: Path) -> None:
    text = sensitivity_text(found(made.write_sweep(tmp_path / "linear", linear())), compared=True)
    assert text.startswith("pilot: arrivals depends most on beliefs.x0, S1 0.9")
    assert "beliefs.x0*" in text


def test_a_grid_is_no_sample(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"is no sample of settings \(its design is a grid\): .* with design: saltelli, "
    ):
        found(made.one_lever(tmp_path / "grid"))


def test_an_unknown_metric_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="--metric: is no metric of this sweep; did you mean 'arrivals'"):
        found(made.known_box(tmp_path / "box", futures=20), "arrival")


def test_too_few_points_for_a_regression_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="too few points to tell.*got 13; allowed: 14 or more"):
        found(made.known_box(tmp_path / "box", futures=13))


def test_a_folder_without_a_sweep_says_how_to_run_one(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"make sweep SWEEP=nothing.yaml"):
        read_swept(tmp_path / "nothing")
    with pytest.raises(ScenarioError, match=r"make sweep SWEEP=/elsewhere/mine.yaml \(or name its folder"):
        read_swept(tmp_path / "mine", "/elsewhere/mine.yaml")
    with pytest.raises(ScenarioError, match=r"holds no finished sweep; name the folder that a sweep"):
        read_swept(tmp_path, str(tmp_path))


def test_a_metric_that_is_like_no_other_is_answered_with_a_few_names_only(tmp_path: Path) -> None:
    folder = made.known_box(tmp_path / "box", futures=20)
    with pytest.raises(ScenarioError, match=r"did you mean 'cost_uk_gbp'.*\?; got 'cost'$"):
        found(folder, "cost")
    with pytest.raises(ScenarioError, match=r"sweep; got 'zzz'; allowed: .* the columns of runs.parquet$") as raised:
        found(folder, "zzz")
    assert str(raised.value).count(",") <= 3


def test_a_rank_coefficient_and_its_interval_stay_within_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.sensitivity.RESAMPLES", 20)
    rows = found(made.known_box(tmp_path / "box", futures=24, sources=("both",)))
    ranks = rows[rows["index"] == "SRRC"]
    assert (ranks[["value", "low", "high"]].abs() <= 1).all(axis=None)
    assert ranks["low"].min() == -1


def test_all_tables_have_their_settings_in_one_order_and_say_which_index_they_count(tmp_path: Path) -> None:
    def outcome(changes: made.Changes, source: str) -> dict[str, float]:
        gain = {"": 0.0, "pilot": 300 * changes["beliefs.x0"], "both": 50 * changes["beliefs.x1"]}[source]
        return {**made.BASE, "arrivals": made.BASE["arrivals"] + gain + 5 * changes["beliefs.x1"] * bool(source)}

    table = found(made.write_sweep(tmp_path / "two", linear(outcome=outcome, sources=("pilot", "both"))))
    text = sensitivity_text(table, compared=True)
    starts = [line.split()[0] for line in text.splitlines() if line.startswith("beliefs.")]
    assert len(starts) == 6
    assert starts[:3] == starts[3:]
    assert "of 3 intervals of S1 lie above zero" in text


def test_a_metric_of_pairs_is_not_compared_twice(tmp_path: Path) -> None:
    swept = read_swept(made.known_box(tmp_path / "box", futures=20, noise=QUIET))
    deterred, arrivals = (samples(swept, read_outcome(swept, name), "uncertainty")[0]
                         for name in ("deterred", "arrivals"))  # fmt: skip
    assert deterred.means == pytest.approx(-arrivals.means)


def test_a_replication_without_its_baseline_is_left_out(tmp_path: Path) -> None:
    folder = made.known_box(tmp_path / "box", futures=20, noise=QUIET)
    runs = pd.read_parquet(folder / "runs.parquet")
    runs[(runs["point"] != 0) | (runs["replication"] == 0)].to_parquet(folder / "runs.parquet")
    swept = read_swept(folder)
    sample = samples(swept, read_outcome(swept, None), "uncertainty")[0]
    assert np.isnan(sample.values).sum(axis=1).tolist() == [3] + [0] * 19
    assert sample.replications == 1


def test_where_levers_and_futures_are_both_sampled_each_is_analysed_over_the_mean_of_the_other(tmp_path: Path) -> None:
    lever, belief = made.Varied(made.EXCHANGE, 0, 100, "lever"), made.Varied("beliefs.x0")
    draw = np.random.default_rng(6)
    levels, futures = (draw.permutation((np.arange(40) + 0.5) / 40) for _ in range(2))

    def outcome(changes: made.Changes, source: str) -> dict[str, float]:
        gain = changes[made.EXCHANGE] + 200 * changes["beliefs.x0"] if source else 0.0
        return {"arrivals": made.BASE["arrivals"] + gain}

    plan = made.Made(
        (lever, belief), [{made.EXCHANGE: 100 * u} for u in levels], [{"beliefs.x0": u} for u in futures],
        outcome=outcome, design="lhs", samples=40, uncertainty_design="lhs", uncertainty_samples=40, noise=QUIET,
    )  # fmt: skip
    table = found(made.write_sweep(tmp_path / "both", plan))
    assert set(table["policy"]) == {"pilot"}
    assert value(table, "S1") == pytest.approx({made.EXCHANGE: 1.0, "beliefs.x0": 1.0})
    assert dict(zip(table["setting"], table["kind"], strict=True))["beliefs.x0"] == "uncertainty"
