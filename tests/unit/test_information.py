"""What knowing an uncertain setting is worth, against cases with a closed form."""

from dataclasses import replace
from pathlib import Path

import made_up_sweeps as made
import numpy as np
import pandas as pd
import pytest

from sim.experiment.information import KNOTS, chance_level, information, rank, worth
from sim.experiment.smoothing import basis, orthonormal
from sim.experiment.swept import Sample, read_outcome, read_swept
from sim.report.explorer.sweep_words import information_text
from sim.scenario import ScenarioError

QUIET = dict.fromkeys(made.NOISE, 0.0)
SIZE = 1000.0  # how far `risky` moves from one end of the range of x0 to its middle


def two_policies(futures: int = 400, **changes: object) -> made.Made:
    """`safe` avoids 3,000 arrivals; `risky` as many on average, more where x0 is high; x1 (words) moves both alike."""
    x0 = made.Varied("beliefs.x0", -1, 1)
    x1 = made.Varied("beliefs.rule", values=("herding", "bayes"), base="bayes")
    x2 = made.Varied("beliefs.x2", 0, 1, confidence="ok")
    draw = np.random.default_rng(8)
    even = draw.permutation((np.arange(futures) + 0.5) / futures)
    rows = [{"beliefs.x0": x0.at(u), "beliefs.rule": x1.at(draw.random()), "beliefs.x2": draw.random()} for u in even]

    def outcome(changes: made.Changes, source: str) -> dict[str, float]:
        gain = {"": 0.0, "safe": 3000.0, "risky": 2999.0 + SIZE * changes["beliefs.x0"]}[source]
        level = made.BASE["arrivals"] + (500 if changes["beliefs.rule"] == "herding" else 0)
        return {**made.BASE, "arrivals": level - gain}

    plan = made.Made((x0, x1, x2), futures=rows, sources=("safe", "risky"), outcome=outcome, design="",
                     uncertainty_design="lhs", uncertainty_samples=futures, noise=QUIET)  # fmt: skip
    return replace(plan, **changes)  # type: ignore[arg-type]


def found(folder: Path, best: str = "lowest") -> pd.DataFrame:
    swept = read_swept(folder)
    return information(swept, read_outcome(swept, None), best, 1)


def test_the_worth_of_the_setting_on_which_two_linear_policies_cross_is_the_closed_form(tmp_path: Path) -> None:
    table = found(made.write_sweep(tmp_path / "two", two_policies())).set_index("setting")
    # the expectation of max(0, SIZE x) for x uniform from -1 to 1 is SIZE / 4; risky is better half of the time
    assert table.at["beliefs.x0", "evppi"] == pytest.approx(SIZE / 4, rel=0.02)
    assert table.at["beliefs.x0", "probability"] == pytest.approx(0.5, abs=0.01)
    assert table.at["beliefs.x0", "evppi_low"] < SIZE / 4 < table.at["beliefs.x0", "evppi_high"]
    assert table.at["beliefs.x0", "evpi"] == pytest.approx(SIZE / 4, rel=0.02)
    assert table.at["beliefs.x0", "policy_now"] == "safe"
    assert table.at["beliefs.x0", "policy_else"] == "risky"
    assert table.at["beliefs.x0", "policy_else_share"] == pytest.approx(0.5, abs=0.01)


def test_only_the_setting_that_can_change_the_ranking_is_above_noise(tmp_path: Path) -> None:
    table = found(made.write_sweep(tmp_path / "two", two_policies()))
    assert table["setting"].iloc[0] == "beliefs.x0"
    assert table["above_noise"].tolist() == [True, False, False]
    assert table["evppi"].iloc[0] > 5 * table["evppi_noise"].iloc[0]


def test_a_word_can_be_what_the_ranking_turns_on(tmp_path: Path) -> None:
    def outcome(changes: made.Changes, source: str) -> dict[str, float]:
        gain = {"": 0, "safe": 0, "risky": -800 if changes["beliefs.rule"] == "herding" else 600}[source]
        return {**made.BASE, "arrivals": made.BASE["arrivals"] - gain}

    table = found(made.write_sweep(tmp_path / "words", two_policies(outcome=outcome)))
    top = table.iloc[0]
    assert top["setting"] == "beliefs.rule"
    assert top["evppi"] == pytest.approx(600 * top["probability"])


def test_the_best_policy_may_be_the_one_with_the_highest_outcome(tmp_path: Path) -> None:
    folder = made.write_sweep(tmp_path / "two", two_policies())
    table = found(folder, "highest").set_index("setting")
    assert table.at["beliefs.x0", "policy_now"] == "risky"
    assert table.at["beliefs.x0", "evppi"] == pytest.approx(SIZE / 4, rel=0.02)
    with pytest.raises(ScenarioError, match="--best: is unknown; got 'middle'; allowed: lowest, highest"):
        found(folder, "middle")


def test_one_policy_or_few_futures_say_nothing_of_a_ranking(tmp_path: Path) -> None:
    assert found(made.write_sweep(tmp_path / "one", two_policies(sources=("safe",)))).empty
    assert found(made.write_sweep(tmp_path / "few", two_policies(futures=19))).empty
    assert found(made.write_sweep(tmp_path / "morris", two_policies(uncertainty_design="morris"))).empty


def test_a_future_in_which_a_policy_has_no_outcome_is_left_out(tmp_path: Path) -> None:
    folder = made.write_sweep(tmp_path / "two", two_policies())
    runs = pd.read_parquet(folder / "runs.parquet")
    runs[runs["point"] != 4].to_parquet(folder / "runs.parquet")
    assert set(found(folder)["futures"]) == {399}


def test_the_answer_says_what_would_change_the_ranking_how_likely_and_what_it_gains(tmp_path: Path) -> None:
    text = information_text(found(made.write_sweep(tmp_path / "two", two_policies())))
    assert text.startswith("What would most likely change the ranking if it were known: beliefs.x0. Another policy ")
    assert "Best on average (lowest arrivals): safe, of 2 policies in 400 futures" in text


def test_a_policy_that_is_best_everywhere_is_said_to_stay_so(tmp_path: Path) -> None:
    text = information_text(found(made.known_box(tmp_path / "box", futures=40)))
    assert text.startswith("Knowing any one setting would not change which policy is best beyond chance: both stays")
    assert "in every single one" in text


def test_a_tie_counts_for_the_policy_that_is_best_on_average() -> None:
    inputs = pd.DataFrame({"beliefs.x0": np.arange(40.0)})
    losses = {"usual": np.where(np.arange(40) < 10, 5.0, 0.0), "better": np.zeros(40)}  # tie in the last 30 futures
    policies = [
        Sample(name, "uncertainty", "lhs", 40, inputs, values[:, None], np.full((40, 1), np.nan))
        for name, values in losses.items()
    ]
    ranked = rank(policies, 1.0)
    assert ranked is not None
    assert ranked.policies[ranked.now] == "better"
    assert ranked.first.tolist() == [0.0, 1.0]
    columns = orthonormal(basis(inputs["beliefs.x0"], False, *KNOTS))
    assert worth(columns, ranked.losses, np.ones(40)) == (0.0, 0.0)
    assert worth(columns, np.zeros((40, 2)), np.ones(40)) == (0.0, 0.0)


def test_a_tie_in_the_smoothed_outcomes_is_no_change_of_policy() -> None:
    groups = np.repeat([0.0, 1.0, 2.0], 10)
    losses = np.column_stack([np.where(groups == 0, 1.0, 3.0), np.choose(groups.astype(int), [1.0, 2.0, 3.0])])
    losses[groups == 1, 0], losses[groups == 2, 0] = 1.0, 9.0  # second best on average, tie at 0, better at 1
    columns = orthonormal(basis(pd.Series(groups), False, *KNOTS))
    assert worth(columns, losses, np.ones(30)) == pytest.approx((1 / 3, 1 / 3))


def test_no_setting_is_worth_more_than_everything(tmp_path: Path) -> None:
    draw = np.random.default_rng(2)
    for _ in range(20):
        losses = draw.standard_normal((24, 2)) * 5 + [0, 6]
        columns = orthonormal(basis(pd.Series(draw.random(24)), False, *KNOTS))
        now = int(losses.mean(axis=0).argmin())
        everything = losses[:, now].mean() - losses.min(axis=1).mean()
        assert worth(columns, losses, np.ones(24))[1] <= everything + 1e-12
    table = found(made.known_box(tmp_path / "box", futures=40))
    assert (table["evppi_high"] <= table["evpi"]).all()


def test_settings_come_in_the_order_that_is_given(tmp_path: Path) -> None:
    table = found(made.write_sweep(tmp_path / "two", two_policies()))
    text = information_text(table, ["beliefs.x2", "beliefs.rule", "beliefs.x0"])
    starts = [line.split()[0] for line in text.splitlines() if line.startswith("beliefs.")]
    assert starts == ["beliefs.x2", "beliefs.rule*", "beliefs.x0*"]


def test_of_many_settings_that_say_nothing_none_is_above_the_level_of_chance(tmp_path: Path) -> None:
    """The level is that of the best of all settings: each by itself would be above its own once in twenty."""
    draw = np.random.default_rng(5)
    losses = draw.standard_normal((60, 2))
    silent = [orthonormal(basis(pd.Series(draw.random(60)), False, *KNOTS)) for _ in range(80)]
    level = chance_level(silent, losses, draw)
    alone = chance_level(silent[:1], losses, draw)
    gains = [worth(columns, losses, np.ones(60))[1] for columns in silent]
    assert level[1] > 1.3 * alone[1]
    assert sum(gain > level[1] for gain in gains) <= 1
    assert sum(gain > alone[1] for gain in gains) > 1


def test_futures_that_are_not_of_this_world_are_left_out(tmp_path: Path) -> None:
    made.write_sweep(tmp_path, two_policies(200))
    points = pd.read_parquet(tmp_path / "points.parquet")
    points.assign(plausible=points["future"] < 120).to_parquet(tmp_path / "points.parquet", index=False)
    swept = read_swept(tmp_path)
    assert information(swept, read_outcome(swept, None), "lowest", 1)["futures"].unique().tolist() == [120]
    points.assign(plausible=False).to_parquet(tmp_path / "points.parquet", index=False)
    with pytest.raises(ScenarioError, match="are all left out"):
        read_swept(tmp_path)
