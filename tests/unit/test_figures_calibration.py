"""Figures of a calibration, drawn from a made-up folder: what was learnt, what not, and what it predicts."""

from pathlib import Path

import made_up_calibration as made_up
import numpy as np
import pandas as pd
import pytest
from captioned import all_lacking
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.experiment.results import Results
from sim.figures import draw, identifiability, posterior, predictive

NAMES = ("posterior", "predictive", "identifiability")


def texts(figure: Figure) -> str:
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return "\n".join(text.get_text().replace("\n", " ") for text in found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.calibration(tmp_path_factory.mktemp("calibration"))


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, Figure]:
    return {name: draw(name, Results(folder)) for name in NAMES}


@pytest.fixture
def parameters(folder: Path) -> pd.DataFrame:
    return posterior.in_order(Results(folder).table("parameters"))


@pytest.fixture
def summaries(folder: Path) -> pd.DataFrame:
    return Results(folder).table("summaries")


def test_every_parameter_has_a_panel_and_those_that_were_narrowed_most_come_first(
    figures: dict[str, Figure], parameters: pd.DataFrame
) -> None:
    panels = [axes for axes in figures["posterior"].axes if axes.axison]
    assert len(panels) == len(parameters) == 30
    order = parameters["parameter"].str.rpartition(".")[2].str.replace("_", " ")
    assert [axes.get_title(loc="left").replace("\n", " ") for axes in panels] == order.tolist()


def test_every_figure_of_a_fit_says_on_how_much_it_rests_what_intervals_mean_and_its_sources(
    figures: dict[str, Figure],
) -> None:
    assert all_lacking(figures) == {}


def test_a_place_is_told_on_the_scale_on_which_the_prior_is_uniform() -> None:
    log = {"low": 1.0, "high": 100.0, "scale": "log"}
    assert posterior.unit_place([1.0, 10.0, 100.0], log) == pytest.approx([0, 0.5, 1])
    assert posterior.unit_place([1.0, 50.5], {**log, "scale": "linear"}) == pytest.approx([0, 0.5])


def test_parameters_that_stay_at_their_prior_are_named(parameters: pd.DataFrame, figures: dict[str, Figure]) -> None:
    learnt = int((parameters["narrowed"] >= 0.1).sum())
    assert 0 < learnt < 30
    for name in ("posterior", "identifiability"):
        assert f"{learnt} of 30 parameters" in texts(figures[name])
    assert str(parameters["parameter"].iloc[learnt]) in identifiability.finding(parameters)


def test_what_informs_a_parameter_is_told_only_where_it_was_informed(
    figures: dict[str, Figure], parameters: pd.DataFrame
) -> None:
    learnt = int((parameters["narrowed"] >= 0.1).sum())
    assert texts(figures["identifiability"]).count("arrivals 51 %") == learnt


def test_what_does_not_carry_over_is_marked(figures: dict[str, Figure]) -> None:
    said = texts(figures["identifiability"])
    assert "inflow_2022_h1 \N{DAGGER}" in said
    assert "does not carry over" in said


def test_the_scenario_s_value_outside_the_interval_is_counted(parameters: pd.DataFrame) -> None:
    far = parameters.assign(base=parameters["q95"] * 2)
    assert "in 30 of 30 the scenario's value lies outside" in posterior.finding(far)
    assert "scenario's value" not in posterior.finding(parameters.assign(base=np.nan))


def test_observed_values_within_the_bands_are_counted_fitted_ones_apart(summaries: pd.DataFrame) -> None:
    inside = summaries.assign(observed=summaries["q50"])
    assert inside["fitted"].sum() == 111
    told = predictive.finding(inside)
    assert "of 111 fitted, 100 % lie within the 50 % and 100 % within the 90 % bands" in told
    assert "of 5 not fitted, 100 %" in told
    assert "of 111 fitted, 0 %" in predictive.finding(inside.assign(observed=summaries["q975"] * 1.01))


def test_the_worst_summary_is_named_with_its_side(summaries: pd.DataFrame) -> None:
    first = np.arange(len(summaries)) == 0
    worst = summaries.assign(z=np.where(first, -4.2, 0.1), label=np.where(first, "deaths, 2023", "other"))
    assert "Farthest off: deaths, 2023, 4.2 sd below." in predictive.finding(worst)


def test_many_summaries_of_a_kind_share_panels_evenly(summaries: pd.DataFrame) -> None:
    shares = summaries[summaries["kind"] == "group_shares"]
    assert [len(part) for part in predictive.split(shares)] == [10, 10]
    assert pd.concat(predictive.split(shares)).equals(shares)


def test_summaries_that_were_not_observed_are_left_empty(folder: Path, tmp_path: Path) -> None:
    table = Results(folder).table("summaries")
    table.assign(observed=np.where(table["kind"] == "deaths", np.nan, table["observed"])).to_parquet(
        tmp_path / "summaries.parquet"
    )
    assert "of 2 not fitted" in texts(draw("predictive", Results(tmp_path)))


def test_every_panel_names_its_unit(figures: dict[str, Figure], summaries: pd.DataFrame) -> None:
    said = texts(figures["predictive"])
    assert all(unit in said for unit in summaries["unit"].unique())
    assert all(axes.get_xlabel() for axes in figures["posterior"].axes if axes.axison)
    assert figures["identifiability"].axes[0].get_xlabel() == "Narrower than its prior by (%)"


def test_a_folder_without_these_tables_draws_none_of_them(tmp_path: Path) -> None:
    assert [draw(name, Results(tmp_path)) for name in NAMES] == [None, None, None]


def test_few_parameters_draw_as_well(tmp_path: Path) -> None:
    few = Results(made_up.calibration(tmp_path, parameters=2))
    assert all(draw(name, few) is not None for name in NAMES)
