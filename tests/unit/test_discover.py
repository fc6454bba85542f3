"""Where a policy fails its aim: boxes that are known, and everything that can be asked wrongly."""

import os
from pathlib import Path
from typing import Any

import made_up_sweeps as made
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app, sensitivities
from sim.experiment.boxes import Limit, Peeled, found_box, measured, quasi_p, telling, without_chance
from sim.experiment.discover import discover, read_missed
from sim.experiment.swept import read_swept
from sim.report.explorer.sweep_words import discover_text
from sim.scenario import ScenarioError

QUIET = dict.fromkeys(made.NOISE, 0.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.known_box(tmp_path_factory.mktemp("sweeps") / "box", futures=200)


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.experiment.discover.HALVES", 4)
        return found(folder)


def found(folder: Path, **asked: Any) -> dict[str, pd.DataFrame]:
    swept = read_swept(folder)
    missed = read_missed(swept, asked.get("metric"), asked.get("target"), asked.get("side"))
    return discover(swept, missed, 1)


def failing(folder: Path, **asked: Any) -> dict[str, int]:
    """Failures of each policy, without looking for boxes."""
    from sim.experiment.swept import samples

    swept = read_swept(folder)
    missed = read_missed(swept, asked.get("metric"), asked.get("target"), asked.get("side"))
    return {s.policy: int(missed.fails(s).sum()) for s in samples(swept, missed.outcome, "uncertainty")}


def test_a_known_box_in_three_of_ten_settings_is_found_and_no_other_setting_limited(
    tables: dict[str, pd.DataFrame],
) -> None:
    limits = tables["discover"].set_index("setting")
    assert sorted(limits.index) == ["beliefs.x0", "beliefs.x1", "beliefs.x2"]
    assert limits.at["beliefs.x0", "low"] == pytest.approx(0.6, abs=0.04)
    assert limits.at["beliefs.x1", "high"] == pytest.approx(0.5, abs=0.04)
    assert limits.at["beliefs.x2", "low"] == pytest.approx(0.3, abs=0.04)
    assert limits.loc[["beliefs.x0", "beliefs.x2"], "high"].isna().all()
    assert (limits["qp"] < 0.05).all()
    assert limits.at["beliefs.x0", "reproduced"] >= 0.9
    box = tables["discover_boxes"].set_index("policy").loc["pilot"]
    assert box["coverage"] > 0.9
    assert box["density"] > 0.9
    assert 0.5 < box["density_elsewhere"] <= 1


def test_policies_that_always_or_never_fail_have_no_box_and_are_said_to(tables: dict[str, pd.DataFrame]) -> None:
    boxes = tables["discover_boxes"].set_index("policy")
    assert boxes.loc["patrols_doubled", ["futures", "failing"]].tolist() == [200, 200]
    assert boxes.at["both", "failing"] == 0
    assert boxes.loc[["patrols_doubled", "both"], "coverage"].isna().all()
    text = discover_text(tables["discover_boxes"], tables["discover"])
    assert text.startswith("patrols_doubled fails its aim of -10% arrivals in all 200 futures.")
    assert "both meets its aim of -10% arrivals in all 200 futures." in text


def test_the_answer_says_where_most_failures_lie(tables: dict[str, pd.DataFrame]) -> None:
    text = discover_text(tables["discover_boxes"], tables["discover"])
    count = tables["discover_boxes"].set_index("policy").at["pilot", "failing"]
    assert f"pilot fails its aim of -10% arrivals in {count} of 200 futures; most of the failures (" in text
    assert "beliefs.x0 is at least 0." in text


def test_the_trajectory_goes_from_the_whole_space_to_the_chosen_box(tables: dict[str, pd.DataFrame]) -> None:
    steps = tables["discover_trajectory"]
    assert set(steps["policy"]) == {"pilot"}
    assert steps.iloc[0][["coverage", "mass", "restricted"]].tolist() == [1, 1, 0]
    assert steps["mass"].is_monotonic_decreasing
    assert steps["chosen"].sum() == 1


def test_the_same_seed_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.discover.HALVES", 2)
    folder = made.known_box(tmp_path / "box", futures=60, sources=("pilot",))
    first, again = found(folder), found(folder)
    for name, table in first.items():
        pd.testing.assert_frame_equal(again[name], table)


def test_a_word_can_limit_a_box() -> None:
    draw = np.random.default_rng(2)
    inputs = pd.DataFrame({"a.rule": draw.choice(["x", "y", "z"], 200), "a.size": draw.random(200)})
    fails = (inputs["a.rule"] != "y").to_numpy() & (inputs["a.size"] < 0.4).to_numpy()
    limits = found_box(inputs, fails)[0].limits
    assert limits["a.rule"].words == ("x", "z")
    assert limits["a.size"].high == pytest.approx(0.4, abs=0.03)


def test_failures_all_over_the_place_leave_no_limit() -> None:
    draw = np.random.default_rng(11)
    inputs = pd.DataFrame(draw.random((100, 3)), columns=list("abc"))
    spurious = 0
    for _ in range(5):
        spurious += bool(found_box(inputs, draw.random(100) < 0.5)[0].limits)
    assert spurious <= 1


def test_a_fuzzy_box_among_many_settings_is_found_by_those_that_tell_by_themselves() -> None:
    draw = np.random.default_rng(2)
    inputs = pd.DataFrame(draw.random((200, 10)), columns=[f"x{i}" for i in range(10)])
    inside = ((inputs["x0"] > 0.5) & (inputs["x1"] < 0.6)).to_numpy()
    fails = draw.random(200) < np.where(inside, 0.8, 0.1)
    assert {"x0", "x1"} <= set(telling(inputs, fails)) < set(inputs)
    assert sorted(found_box(inputs, fails)[0].limits) == ["x0", "x1"]


def test_words_that_tell_failing_futures_from_others_are_known() -> None:
    inputs = pd.DataFrame({"rule": ["a", "b"] * 50, "other": ["a", "a", "b", "b"] * 25, "one": ["c"] * 100})
    assert telling(inputs, (inputs["rule"] == "b").to_numpy()) == ["rule"]


def test_of_few_futures_the_setting_that_decides_is_found() -> None:
    """24 futures: those with a weight below 0.48 all fail, and above it failures and successes lie mixed."""
    draw = np.random.default_rng(1)
    weights = (np.arange(24) + 0.5) / 24
    inputs = pd.DataFrame({"weight": weights, **{f"x{i}": draw.permutation(weights) for i in range(5)}})
    fails = np.isin(np.arange(24), [*range(11), 13, 14, 17])
    box, way = found_box(inputs, fails)
    assert list(box.limits) == ["weight"]
    assert np.isnan(box.limits["weight"].low)
    assert 0.4 <= box.limits["weight"].high <= 0.65
    assert box.coverage > 0.7
    assert box.density > 0.8
    assert min(np.diff([-24 * each.mass for each in way.boxes])) >= 2  # futures that a step leaves behind


def test_of_few_futures_that_fail_by_chance_most_have_no_box() -> None:
    draw = np.random.default_rng(7)
    found_by_chance = 0
    for _ in range(20):
        inputs = pd.DataFrame(draw.random((24, 6)), columns=list("abcdef"))
        found_by_chance += bool(found_box(inputs, draw.permutation(24) < 12)[0].limits)
    assert found_by_chance <= 5


def test_where_no_box_passes_the_test_that_is_said(tables: dict[str, pd.DataFrame]) -> None:
    boxes = tables["discover_boxes"]
    text = discover_text(boxes[boxes["policy"] == "pilot"], tables["discover"].iloc[:0])
    assert "futures; no box passed the test: any range of the settings" in text


def test_an_aim_that_is_not_the_sweeps_is_said_to_be_another(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiment.discover.HALVES", 1)
    swept = read_swept(folder)
    assert read_missed(swept, None, None, None).own_aim == ""
    assert read_missed(swept, "arrivals", "-10.0%", None).own_aim == ""
    for metric, target in ((None, "-90%"), ("deaths", "-10%")):
        tables = discover(swept, read_missed(swept, metric, target, None), 1)
        assert set(tables["discover_boxes"]["own_aim"]) == {"-10% arrivals"}
        text = discover_text(tables["discover_boxes"], tables["discover"])
        assert f" an aim of {target} {metric or 'arrivals'} in " in text
        assert text.endswith("; not the sweep's own aim of -10% arrivals.")


def test_a_share_is_worded_as_one_of_the_baseline_and_a_number_as_a_difference(folder: Path) -> None:
    for target, end in (
        ("-90%", "the same future (replications: 4) lies above -90% of the mean arrivals in the baseline of"),
        (
            "-9000",
            "difference to the baseline of the same future (replications: 4) lies above -9000 people (arrivals);",
        ),
    ):
        boxes = found(folder, target=target)["discover_boxes"]
        assert end in discover_text(boxes, pd.DataFrame({"policy": []}))


def test_the_ends_of_the_range_are_named_and_the_figure_to_trust(tables: dict[str, pd.DataFrame]) -> None:
    text = discover_text(tables["discover_boxes"], tables["discover"])
    heads = next(line for line in text.splitlines() if line.startswith("policy"))
    assert " ".join(heads.split()) == "policy setting from to range from range to words quasi-p reproduced"
    assert "rather trust the share in the halves held back" in text


def test_a_limit_that_adds_nothing_has_a_high_quasi_p_value() -> None:
    inputs = pd.DataFrame({"a": np.arange(100.0), "b": np.tile([0.0, 1.0], 50)})
    fails = (inputs["a"] >= 80).to_numpy()
    nan = float("nan")
    box = measured({"a": Limit(80, nan, ()), "b": Limit(0.5, nan, ())}, inputs, fails)
    way = Peeled(inputs, fails, [box], 0)
    assert quasi_p(box, "a", "low", way) == pytest.approx(0.2**10)
    assert quasi_p(box, "b", "low", way) == 1.0
    assert sorted(without_chance(box, way).limits) == ["a"]
    assert (box.coverage, box.density, box.mass) == (0.5, 1.0, 0.1)


def test_one_end_of_a_range_can_be_lifted_and_the_other_kept() -> None:
    inputs = pd.DataFrame({"a": np.arange(100.0)})
    fails = (inputs["a"] >= 60).to_numpy()
    given = measured({"a": Limit(60, 97, ())}, inputs, fails)
    box = without_chance(given, Peeled(inputs, fails, [given], 0))
    assert box.limits["a"].low == 60
    assert np.isnan(box.limits["a"].high)
    assert box.limits["a"].quasi_p == box.limits["a"].chance["low"] < 1e-9
    assert (box.coverage, box.density) == (1.0, 1.0)


def test_a_relative_aim_is_a_share_of_the_baseline_of_the_same_future(tmp_path: Path) -> None:
    setting = made.Varied("beliefs.x0")
    rows = [{"beliefs.x0": i / 40} for i in range(40)]

    def outcome(changes: made.Changes, source: str) -> dict[str, float]:
        level = 10_000 * (1 + changes["beliefs.x0"])
        return {"arrivals": level - (1_500 if source else 0)}  # 10 % of the baseline where x0 is 0.5

    plan = made.Made((setting,), futures=rows, outcome=outcome, uncertainty_design="lhs", noise=QUIET)
    folder = made.write_sweep(tmp_path / "share", plan)
    assert failing(folder) == {"pilot": 19}
    assert failing(folder, target="-1000") == {"pilot": 0}
    assert failing(folder, target="-1501") == {"pilot": 40}


def test_an_increase_is_missed_below_its_target_unless_said_otherwise(folder: Path) -> None:
    returned = {"metric": "returned", "target": "+3000"}
    assert failing(folder, **returned) == {"pilot": 200, "patrols_doubled": 200, "both": 200}
    assert failing(folder, **returned, side="above") == {"pilot": 0, "patrols_doubled": 0, "both": 0}


def test_a_single_success_is_too_little_to_tell(tmp_path: Path) -> None:
    plan = made.Made(
        (made.Varied("beliefs.x0"),), futures=[{"beliefs.x0": i / 40} for i in range(40)], noise=QUIET,
        outcome=lambda changes, source: {"arrivals": 900.0 if source and changes["beliefs.x0"] == 0 else 1000.0},
        uncertainty_design="lhs",
    )  # fmt: skip
    tables = found(made.write_sweep(tmp_path / "one", plan))
    text = discover_text(tables["discover_boxes"], tables["discover"])
    assert text.startswith(
        "pilot fails its aim of -10% arrivals in 39 of 40 futures: too few successes to tell where "
        "(5 or more are needed)."
    )


def test_too_few_futures_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"futures: of .* are too few.*got 19; allowed: 20 or more"):
        found(made.known_box(tmp_path / "few", futures=19))
    with pytest.raises(ScenarioError, match=r"points: of .* are too few"):
        found(made.one_lever(tmp_path / "grid"))


def test_a_design_that_is_no_sample_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is no sample of what may be; got morris"):
        found(made.morris(tmp_path / "morris"))


def test_an_aim_is_needed_and_a_baseline_to_measure_it_from(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(ScenarioError, match="has no baseline: an aim is a difference to one"):
        found(made.ishigami(tmp_path / "ishigami", base=16))
    with pytest.raises(ScenarioError, match="--target: is needed: the sweep aims at arrivals"):
        found(folder, metric="deaths")
    with pytest.raises(ScenarioError, match="--target: is needed: the sweep has no aim"):
        found(made.known_box(tmp_path / "aimless", futures=20, aim=""))
    with pytest.raises(ScenarioError, match="--fails: is unknown; got 'beside'; allowed: above, below"):
        found(folder, side="beside")
    with pytest.raises(ScenarioError, match="--target: is no target; got 'less'"):
        found(folder, target="less")


def test_the_commands_print_the_answer_and_keep_the_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made.known_box(tmp_path / "results" / "box", futures=60, sources=("pilot", "both"))
    monkeypatch.setattr("sim.experiment.discover.HALVES", 1)
    monkeypatch.chdir(tmp_path)
    drawn: list[Path] = []
    monkeypatch.setattr(sensitivities, "draw", lambda results, quiet: drawn.append(results.folder))
    for command, first in (
        ("sensitivity", "pilot: arrivals depends most on"),
        ("discover", "pilot fails its aim of -10% arrivals in "),
    ):
        outcome = CliRunner().invoke(app, [command, "configs/sweeps/box.yaml"])
        assert outcome.exit_code == 0, outcome.output
        assert outcome.output.startswith(first)
    names = ("sensitivity", "information", "discover", "discover_boxes", "discover_trajectory")
    assert all(os.path.exists(f"results/box/{name}.parquet") for name in names)
    assert drawn == [Path("results/box")] * 2
    assert isinstance(CliRunner().invoke(app, ["discover", "nothing"]).exception, ScenarioError)
