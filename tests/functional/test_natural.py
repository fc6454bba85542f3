"""The natural experiments: the plan that ships, its tables, its words, its figures."""

from pathlib import Path

import pandas as pd
import pytest
from described import faults

from sim.cli.words_natural import natural_text
from sim.experiment.natural import natural, read_plan
from sim.experiment.study import Options
from sim.figures import aegean, albania
from sim.figures.aegean import observed_before
from sim.scenario import ScenarioError, load_scenario

SMALL = ["gangs.firms=4", "gangs.firms_at_most=5", "coast.people_at_start=20", "centre.staff=5"]
PLAN = """
replications: 2
albania:
  group: albania
  observed: albania_quarterly.csv
  assumptions:
    - {{name: "no agreement, as in all of 2022", scenario: albania_open.yaml, set: {{{channel}}}}}
    - {{name: "announced, as in all of 2022", scenario: albania.yaml, set: {{{channel}, {announced}}}}}
aegean:
  observed: aegean_daily_before.csv
  level_from: 2016-03-09
  level_spread: {spread}
  assumptions:
    - {{name: as on 8 March, scenario: aegean_open.yaml, set: {{{islands}}}}}
    - {{name: "announced, held", scenario: aegean.yaml, set: {{{islands}, beliefs.expectation: announced}}}}
"""
CHANNEL = (
    "start: 2022-10-01, until: 2023-02-01, theatre: theatres/channel_albania_2022.yaml, "
    "theatre.inflow.people_per_year.2022-10-01: 2000, theatre.inflow.people_per_year.2023: 2000"
)
ANNOUNCED = "beliefs.expectation: announced"
LEVELS = ("2015-12-01", "2016-01-01", "2016-02-01", "2016-03-01")
FEW = ", ".join(f"theatre.inflow.people_per_year.{day}: 20000" for day in LEVELS)


def plan(folder: Path, spread: float = 0.4, **changes: str) -> Path:
    """A plan on a small scale: some hundred people a run."""
    file = folder / "small.yaml"
    islands = f"start: 2016-03-01, until: 2016-04-10, {FEW}"
    file.write_text(
        PLAN.format(**{"spread": spread, "channel": CHANNEL, "islands": islands, "announced": ANNOUNCED, **changes})
    )
    return file


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("natural")
    options = Options(out=folder / "natural", executor="serial", workers=1)
    return natural(read_plan(plan(folder), SMALL), options)


def test_the_plan_that_ships_is_valid_and_leaves_tastes_as_they_are():
    base = load_scenario("base")
    shipped = read_plan("natural.yaml")
    assert [each.name for each in shipped.experiments] == ["albania", "aegean"]
    for each in (assumption.scenario for one in shipped.experiments for assumption in one.assumptions):
        changed = {
            name for name, meta in each.catalogue.items()
            if name.startswith(("migrants.", "beliefs.")) and meta.value != base.catalogue[name].value
        }  # fmt: skip
        assert changed <= {"beliefs.expectation", "migrants.lorry_gbp"}  # the second: no lorries in the Aegean


def test_the_islands_are_forecast_by_weeks_with_nine_quantiles_that_do_not_cross(found):
    table = found.table("aegean")
    assert table["week"].min() == pd.Timestamp("2016-03-09")
    wide = table.pivot(index=["assumption", "week"], columns="quantile", values="value")
    assert wide.shape == (2 * 4, 9)
    assert (wide.diff(axis=1).iloc[:, 1:] >= 0).all().all()


def test_announced_return_and_containment_empty_the_boats(found):
    medians = found.table("aegean").query("quantile == 0.5").groupby("assumption")["value"].sum()
    assert medians["announced, held"] < 0.7 * medians["as on 8 March"]


def test_the_level_of_a_replication_is_the_same_under_every_assumption(tmp_path):
    experiment = read_plan(plan(tmp_path), SMALL, "aegean").experiments[0]
    one, other = (each.on(1, experiment.level) for each in experiment.assumptions)
    levels = one.theatre.inflow.people_per_year
    assert levels == other.theatre.inflow.people_per_year
    assert levels != experiment.assumptions[0].on(0, experiment.level).theatre.inflow.people_per_year
    certain = read_plan(plan(tmp_path, spread=0), SMALL, "aegean").experiments[0]
    assert set(certain.assumptions[0].on(1, certain.level).theatre.inflow.people_per_year.values()) >= {20000}


def test_albanians_and_others_stand_beside_what_was_observed(found):
    table = found.table("albania").set_index(["assumption", "group", "quarter"])
    row = table.loc[("announced, as in all of 2022", "albania", "2023Q1")]
    assert row["low"] <= row["median"] <= row["high"]
    assert row["observed"] == 28
    assert table.loc[("announced, as in all of 2022", "others", "2022Q4"), "observed"] == 11541


def test_the_words_name_every_assumption_and_how_often_return_was(found):
    text = natural_text(found)
    assert all(name in text for name in found.table("natural")["assumption"])
    assert "Returned:" in text


def test_the_figures_show_a_panel_an_assumption(found):
    figure = aegean.draw(found)
    shown = [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()]
    assert shown == ["As on 8 March", "Announced, held"]
    assert len(albania.draw(found).axes) == 2


def test_the_islands_before_are_known_to_8_march_only():
    weeks = observed_before()
    assert weeks["week"].max() == pd.Timestamp("2016-03-02")
    assert weeks["arrivals"].iloc[-1] == 2162 + 2569 + 332 + 630 + 2480 + 728 + 811


def test_everything_wrong_with_a_plan_is_told_at_once(tmp_path):
    file = plan(tmp_path, spread=-1, islands="patrols.unit: 3")
    text = file.read_text().replace("group: albania", "group: atlantis").replace("replications: 2", "replications: 0")
    file.write_text(text)
    with pytest.raises(ScenarioError) as error:
        read_plan(file, (), "the moon")
    told = str(error.value)
    assert all(part in told for part in ("replications", "--only", "the moon"))
    with pytest.raises(ScenarioError) as error:
        read_plan(file)
    told = str(error.value)
    assert all(part in told for part in ("replications", "atlantis", "level_spread", "patrols.unit"))


def test_the_dictionary_tells_every_table_of_the_experiments(found):
    assert faults(found.folder) == []
