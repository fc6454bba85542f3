"""What ships of the policies under the posterior: which sweeps may ship, and what the tables hold."""

import json

import numpy as np
import pandas as pd
import pytest
from made_up_sweeps import BASE, Made, Varied, write_sweep
from typer.testing import CliRunner

from sim.cli import app
from sim.experiment.results import Results
from sim.experiment.sweep import read_plan, shipped
from sim.scenario import ScenarioError

HASHES = {"pilot": "aaaa", "no_exchange": "bbbb"}
DRAWN = "scenarios: [pilot.yaml]\nbaseline: no_exchange.yaml\nuncertainties:\n  design: posterior\n  samples: 2\n"


def planned(tmp_path, text: str, *overrides: str):
    file = tmp_path / "trial.yaml"
    file.write_text(text)
    return read_plan(str(file), overrides)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Results:
    """A sweep in which arrivals fall with `beliefs.weight` and go with nothing else; deaths go with nothing."""
    random = np.random.default_rng(2)
    settings = (Varied("beliefs.weight"), Varied("coast.rest", confidence="official"))
    futures = [{each.setting: each.at(random.random()) for each in settings} for _ in range(40)]

    def outcome(changes, source):
        fall = 1000 * changes["beliefs.weight"] if source else 0.0
        return BASE | {"arrivals": BASE["arrivals"] - fall}

    made = Made(settings, futures=futures, outcome=outcome, design="", uncertainty_design="posterior",
                uncertainty_samples=40, replications=1)  # fmt: skip
    folder = write_sweep(tmp_path_factory.mktemp("sweep"), made)
    points = pd.read_parquet(folder / "points.parquet")
    points.assign(plausible=points["future"] != 0).to_parquet(folder / "points.parquet", index=False)
    facts = {"scenario_hashes": HASHES, "baseline": "no_exchange", "code_hash": "cccc"}
    (folder / "provenance.json").write_text(json.dumps(facts))
    return Results(folder)


@pytest.fixture(scope="module")
def tables(found, tmp_path_factory) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("data")
    files = shipped.ship_effects(found, folder / "effects.csv", folder / "drivers.csv")
    return shipped.shipped_effects(files[0]), shipped.shipped_drivers(files[1])


def test_effects_over_the_draws_are_told_with_the_hashes_they_hold_for(found, tables):
    row = tables[0].set_index("metric").loc["arrivals"]
    mine = found.table("effects")
    points = found.table("points").set_index("point")
    mine = mine[(mine["metric"] == "arrivals") & mine["point"].map(points["plausible"])]["difference"]
    assert (row["scenario_hash"], row["baseline_hash"], row["code_hash"]) == ("aaaa", "bbbb", "cccc")
    assert row["median"] == pytest.approx(mine.median(), rel=1e-4)
    assert row["q05"] == pytest.approx(mine.quantile(0.05), rel=1e-4)
    assert row["sd"] == pytest.approx(mine.std(), rel=1e-4)
    assert row["share_below"] == pytest.approx((mine < 0).mean(), rel=1e-4)
    assert row["unit"] == "people"


def test_what_the_baseline_is_over_the_draws_is_told_beside_the_effect(found, tables):
    row = tables[0].set_index("metric").loc["arrivals"]
    points, table = found.table("points"), found.table("summary")
    counted = points.loc[points["baseline"] & points["plausible"], "point"]
    level = table[(table["metric"] == "arrivals") & table["point"].isin(counted)]["mean"]
    assert row["base_median"] == pytest.approx(level.median(), rel=1e-4)
    assert row["base_q95"] == pytest.approx(level.quantile(0.95), rel=1e-4)


def test_futures_whose_baseline_is_not_of_this_world_are_left_out_and_counted(tables):
    row = tables[0].set_index("metric").loc["arrivals"]
    assert (row["draws"], row["left_out"]) == (39, 1)


def test_the_setting_that_decides_comes_first_and_is_clear_and_the_other_is_not(tables):
    mine = tables[1][tables[1]["metric"] == "arrivals"]
    assert mine["setting"].tolist() == ["beliefs.weight", "coast.rest"]
    assert mine["clear"].tolist() == [True, False]
    assert mine["rho"].iloc[0] < -0.9
    assert (mine["low"] <= mine["rho"]).all()
    assert (mine["rho"] <= mine["high"]).all()
    assert mine["confidence"].tolist() == ["guess", "official"]


def test_the_interval_of_a_rank_correlation_holds_95_in_100(tables):
    row = tables[1].iloc[0]
    half = 1.96 * np.sqrt(1.03 / (row["draws"] - 3))
    ends = np.tanh(np.arctanh(row["rho"]) + np.array([-half, half]))
    assert row[["low", "high"]].to_numpy(float) == pytest.approx(ends, abs=1e-3)


def test_how_often_an_effect_is_below_and_above_zero_is_not_mixed_up():
    spread = shipped._spread(pd.DataFrame({"difference": [-3.0, -2.0, -1.0, 5.0], "replications": 1}))
    assert (spread["share_below"], spread["share_above"]) == (0.75, 0.25)


def test_a_setting_is_clear_only_if_its_p_survives_that_others_were_looked_at_too(tables):
    assert (tables[1]["clear"] == (tables[1]["p"] * tables[1]["settings"] < 0.05)).all()


@pytest.mark.parametrize("name", ["posterior.yaml", "one_at_a_time.yaml"])
def test_the_shipped_sweeps_may_ship(name):
    assert list(shipped._misfits(read_plan(name))) == []


@pytest.mark.parametrize(
    ("text", "overrides", "expected"),
    [
        (DRAWN.replace("posterior\n  samples: 2", "list\n  over: [{patrols.units: 60}]"), (), "uncertainties.design"),
        (DRAWN + "over: {exchange.beds: [50, 100]}\n", (), "over: does not go with --ship"),
        (DRAWN, ("patrols.units=60",), "--set, --until, --seed: does not go with --ship"),
        (DRAWN.replace("no_exchange.yaml", "none"), (), "baseline: does not go with --ship"),
    ],
)
def test_another_sweep_does_not_ship_and_says_why(tmp_path, text, overrides, expected):
    plan = planned(tmp_path, text, *overrides)
    shipped.check_shippable(False, plan)
    with pytest.raises(ScenarioError) as error:
        shipped.check_shippable(True, plan)
    assert expected in str(error.value)


def test_a_scenario_of_ones_own_does_not_ship(tmp_path):
    (tmp_path / "mine.yaml").write_text("base: pilot.yaml\nquestion: And mine?\n")
    plan = planned(tmp_path, DRAWN.replace("pilot.yaml", "mine.yaml"))
    with pytest.raises(ScenarioError, match="it is no shipped scenario"):
        shipped.check_shippable(True, plan)


def test_the_posterior_of_ones_own_does_not_ship(tmp_path):
    pd.DataFrame({"patrols.units": [60, 70]}).to_csv(tmp_path / "draws.csv", index=False)
    plan = planned(tmp_path, DRAWN + "  table: draws.csv\n")
    with pytest.raises(ScenarioError, match=r"uncertainties\.table"):
        shipped.check_shippable(True, plan)


def test_the_command_refuses_before_anything_is_run(tmp_path):
    (tmp_path / "trial.yaml").write_text(DRAWN)
    asked = ["sweep", str(tmp_path / "trial.yaml"), "--ship", "--set", "patrols.units=60", "--out", str(tmp_path / "o")]
    with pytest.raises(ScenarioError, match="does not go with --ship"):
        CliRunner().invoke(app, asked, catch_exceptions=False)
    assert not (tmp_path / "o").exists()


def test_what_does_not_ship_is_read_as_nothing(tmp_path):
    assert shipped.shipped_effects(tmp_path / "none.csv").empty
    assert shipped.shipped_drivers(tmp_path / "none.csv").empty
