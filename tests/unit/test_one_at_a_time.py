"""One setting at a time: which settings are varied, how their swings are measured, and how they are shown."""

from functools import partial

import pandas as pd
import pytest
from matplotlib.text import Text

from sim.cli.words import tornado_text
from sim.experiment.one_at_a_time import read_survey, settings_over, tornado_table
from sim.experiment.results import Results
from sim.figures import draw, figure_names
from sim.figures.tornado import MOST
from sim.scenario import ScenarioError, load_scenario


@pytest.fixture(scope="module")
def survey():
    return read_survey(partial(load_scenario, "pilot"), "returned", "patrols.units,patrols.night_share,gangs.firms")


@pytest.fixture(scope="module")
def table(survey) -> pd.DataFrame:
    """Two replications: units move the metric both ways, the share one way only, firms not at all."""
    values = {
        "pilot": [100.0, 200.0],
        "pilot patrols.units=20": [90.0, 170.0], "pilot patrols.units=150": [110.0, 230.0],
        "pilot patrols.night_share=0.15": [150.0, 250.0], "pilot patrols.night_share=0.45": [160.0, 260.0],
        "pilot gangs.firms=20": [100.0, 200.0], "pilot gangs.firms=40": [100.0, 200.0],
    }  # fmt: skip
    return tornado_table(survey, {name: pd.Series(each) for name, each in values.items()})


def test_each_setting_is_put_at_both_ends_of_its_range_and_nothing_else(survey):
    assert [(end.setting.name, end.end, end.value) for end in survey.ends[:2]] == [
        ("patrols.units", "low", 20), ("patrols.units", "high", 150),
    ]  # fmt: skip
    low = survey.ends[0].scenario
    assert low.rules.patrols.units == 20
    assert low.rules.gangs == survey.scenario.rules.gangs


def test_a_section_stands_for_its_numbers_that_have_a_range_and_are_no_definition():
    scenario = load_scenario("pilot")
    names = {setting.name for setting in settings_over("exchange,passage", scenario)}
    assert {"exchange.weekly_target", "exchange.beds", "passage.turn_back_share"} <= names
    assert not {"exchange.open", "exchange.scale_up", "exchange.opened_day", "exchange.void_days"} & names
    assert "passage.reference_people" not in names


def test_a_setting_named_twice_is_varied_once():
    names = [setting.name for setting in settings_over("patrols.units,patrols", load_scenario("pilot"))]
    assert names.count("patrols.units") == 1


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ("patrol", "names no section; did you mean 'patrols'?; got 'patrol'"),
        ("patrols.unit", "is no setting; did you mean 'patrols.units'?"),
        ("exchange.scale_up", "is no number"),
        ("exchange.void_days", "holds nothing to vary"),
        (None, "is missing"),
    ],
)
def test_names_that_cannot_be_varied_are_refused(over, said):
    with pytest.raises(ScenarioError) as caught:
        settings_over(over, load_scenario("pilot"))
    assert f"--over: {said}" in str(caught.value)


def test_wrong_names_and_a_wrong_metric_are_said_at_once():
    with pytest.raises(ScenarioError) as caught:
        read_survey(partial(load_scenario, "pilot"), "return", "patrol,gang")
    assert [problem.setting for problem in caught.value.problems] == ["--metric", "--over", "--over"]


def test_an_end_that_does_not_go_with_the_rest_leaves_the_setting_out_with_the_reason():
    scenario = partial(load_scenario, "pilot", ["gangs.firms=35"])
    survey = read_survey(scenario, "returned", "gangs.firms_at_most,gangs.firms")
    assert [name for name, _ in survey.skipped] == ["gangs.firms_at_most"]
    assert "firms must not exceed firms_at_most" in survey.skipped[0][1]
    assert {end.setting.name for end in survey.ends} == {"gangs.firms"}


def test_nothing_left_to_vary_is_an_error():
    with pytest.raises(ScenarioError, match="gangs.firms_at_most: cannot be varied: .*firms must not exceed"):
        read_survey(partial(load_scenario, "pilot", ["gangs.firms=35"]), "returned", "gangs.firms_at_most")


def test_differences_are_paired_and_swings_include_the_scenario_itself(table):
    swings = table.drop_duplicates("setting").set_index("setting")["swing"].to_dict()
    assert swings == {"patrols.night_share": 60, "patrols.units": 40, "gangs.firms": 0}
    low = table[(table["setting"] == "patrols.units") & (table["end"] == "low")].iloc[0]
    assert low["difference"] == -20
    assert low["low"] < -20 < low["high"]
    assert (low["base_value"], low["base_mean"], low["replications"]) == (80, 150, 2)


def test_the_widest_swing_comes_first(table):
    assert table["setting"].drop_duplicates().tolist() == ["patrols.night_share", "patrols.units", "gangs.firms"]


def written(table: pd.DataFrame, folder, skipped=(("gangs.firms_at_most", "too few"),)) -> Results:
    table.to_parquet(folder / "tornado.parquet")
    pd.DataFrame(skipped, columns=["setting", "reason"]).to_parquet(folder / "tornado_skipped.parquet")
    return Results(folder)


def test_the_text_marks_guesses_and_lists_what_was_left_out(table, tmp_path):
    said = tornado_text(written(table, tmp_path))
    assert "patrols.night_share*" in said
    assert "patrols.units*" not in said
    assert "skipped gangs.firms_at_most: too few" in said
    assert "paired differences to it over 2 replications, 95 % t-intervals" in said


def texts(figure) -> str:
    return "\n".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))


def test_the_figure_names_units_values_guesses_and_replications(table, tmp_path):
    results = written(table, tmp_path)
    said = texts(draw("tornado", results))
    for words in ("(people)", "Patrols: night share*", "0.45", "now 80", "* The scenario's value is a guess",
                  "2 pairs of runs at each end", "95 % t-intervals", "1 left out", "low end of the range"):  # fmt: skip
        assert words in said
    assert [name for name in figure_names() if draw(name, results) is not None] == ["tornado"]


def test_the_figure_holds_the_widest_swings_alone(table, tmp_path):
    many = pd.concat([table.assign(setting=table["setting"] + str(i)) for i in range(10)], ignore_index=True)
    figure = draw("tornado", written(many.sort_values("swing", ascending=False, kind="stable"), tmp_path, []))
    assert len(figure.axes[0].get_yticks()) == MOST
    assert f"the {MOST} of 30 settings" in texts(figure)
