"""A sweep of one setting at a time: how far each end moves the effect of each policy, and what of it ships."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.study import Options
from sim.experiment.sweep import read_plan, shipped
from sim.experiment.sweep.execute import Swept, sweep
from sim.experiment.sweep.oat import ends_table
from sim.experiment.sweep.plan import Plan
from sim.figures import draw
from sim.report.effect import signed
from sim.report.explorer import write_explorer

SMALL = [
    "theatre.inflow.people_per_year.2025=6000", "coast.people_at_start=150", "start=2025-05-01", "until=2025-09-20",
]  # fmt: skip
TEXT = """
question: What moves the effect?
scenarios: [pilot.yaml, returns_500.yaml]
baseline: no_exchange.yaml
replications: 2
uncertainties:
  design: oat
  over:
    patrols.units: {low: 60, high: 120}
    exchange.weekly_target: [0, 500]
"""


def planned(folder: Path, text: str = TEXT) -> Plan:
    file = folder / "ends.yaml"
    file.write_text(text)
    return read_plan(str(file), SMALL)


def done(folder: Path, text: str = TEXT) -> tuple[Plan, Swept]:
    plan = planned(folder, text)
    return plan, sweep(plan, Options(executor="serial", workers=1, out=folder / "ends"))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Plan, Swept]:
    return done(tmp_path_factory.mktemp("sweeps"))


def effect(found: Swept, source: str, **changed: float) -> pd.Series:
    """The paired difference in arrivals of a policy, by replication, in the future with these settings."""
    points = found.results.table("points")
    for name, value in changed.items():
        points = points[points[name.replace("__", ".")] == value]
    future = points["future"].min()
    points = points[points["future"] == future].set_index("source")["point"]
    runs = found.results.table("runs").set_index(["point", "replication"])["arrivals"]
    return runs[points[source]] - runs[points["no_exchange"]]


def test_it_leaves_the_tornado_of_the_first_policys_effect(made):
    _, found = made
    table = found.results.table("tornado").set_index(["setting", "end"])
    moved = effect(found, "pilot", patrols__units=120) - effect(found, "pilot")
    assert table["difference"]["patrols.units", "high"] == pytest.approx(moved.mean())
    assert set(table["metric"]) == {"arrivals against no_exchange"}
    assert table["base_value"]["exchange.weekly_target", "low"] == 50


@pytest.mark.parametrize("source", ["pilot", "returns_500"])
def test_each_policy_has_ends_of_its_own(made, source):
    plan, found = made
    table, skipped = ends_table(plan, found.results.folder, source)
    row = table.set_index(["setting", "end"]).loc[("patrols.units", "low")]
    there, here = effect(found, source, patrols__units=60), effect(found, source)
    assert row["effect"] == pytest.approx(there.mean())
    assert row["base_mean"] == pytest.approx(here.mean())
    assert row["difference"] == pytest.approx((there - here).mean())
    assert row["effect_low"] < row["effect"] < row["effect_high"]
    assert skipped == []
    whole = found.results.table("ends")
    mine = whole[whole["scenario"] == source].set_index(["setting", "end"])
    assert mine["effect"]["patrols.units", "low"] == row["effect"]


def test_an_end_whose_baseline_is_not_of_this_world_has_no_effect_and_the_other_end_stays(made, tmp_path):
    _, whole = made
    shutil.copytree(whole.results.folder.parent / ".store", tmp_path / ".store")
    points, runs = whole.results.table("points"), whole.results.table("runs")
    levels = runs.groupby("point")["arrivals"].mean()
    by_units = points[points["baseline"]].set_index("patrols.units")["point"].map(levels)
    few, here = by_units[60], by_units[120]
    assert few > here, "fewer patrols let more people arrive"
    base = levels[points.loc[points["baseline"] & (points["future"] == 0), "point"].iloc[0]]
    plan, found = done(tmp_path, TEXT + f"plausible: {{arrivals: [0, {(few + max(base, here)) / 2}]}}\n")
    table = ends_table(plan, found.results.folder, "pilot")[0].set_index(["setting", "end"])
    assert table["difference"].isna()["patrols.units", "low"]
    assert table["effect"].isna()["patrols.units", "low"]
    assert table["difference"].notna()["patrols.units", "high"]
    assert table["swing"]["patrols.units", "low"] == table["swing"]["patrols.units", "high"]


def test_its_page_answers_with_the_span_of_each_effect_and_draws_each_tornado(made):
    _, found = made
    page = write_explorer(found.results).read_text()
    ends = found.results.table("ends").query("scenario == 'returns_500'")
    answer = page.partition('<div class="answer">')[2].partition("</div>")[0]
    assert f"Returns 500: {signed(ends['base_mean'].iloc[0])} arrivals by boat against the baseline" in answer
    assert all(f'data-chart="ends_{i}"' in page for i in range(2))


def test_its_page_takes_no_end_of_a_range_for_a_sample_of_what_may_be(made):
    _, found = made
    page = write_explorer(found.results).read_text()
    assert "futures of ten" not in page
    assert "Where it works" not in page
    assert "mean, with every setting as it is" in page
    names = ("tornado", "pareto", "parallel")
    assert [name for name in names if draw(name, found.results) is not None] == ["tornado"]


def test_the_ends_of_all_policies_ship_with_the_hashes_they_hold_for(made, tmp_path):
    plan, found = made
    (file,) = shipped.ship_ends(found.results, tmp_path / "ends.csv")
    table = shipped.shipped_ends(file)
    assert set(table["scenario"]) == {"pilot", "returns_500"}
    assert set(table["metric"]) == {"arrivals"}
    hashes = found.results.provenance["scenario_hashes"]
    assert set(table["scenario_hash"]) == {hashes["pilot"], hashes["returns_500"]}
    assert set(table["baseline_hash"]) == {hashes["no_exchange"]}
    for source, mine in table.groupby("scenario"):
        expected = ends_table(plan, found.results.folder, str(source))[0]
        assert mine["effect"].to_numpy() == pytest.approx(expected["effect"].to_numpy(), rel=1e-4)
    assert shipped.shipped_ends(tmp_path / "none.csv").empty
