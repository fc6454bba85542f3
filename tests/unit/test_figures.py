"""Figures: drawn from tables alone, honest about units and sources, the same each time."""

from pathlib import Path

import numpy as np
import pytest
from made_up import Fake
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.experiment.results import Results
from sim.figures import draw, draw_all, figure_names
from sim.figures import effects as effects_figure
from sim.figures.run import scenarios

OF_EXCHANGE = {"binding", "case_outcomes", "exchange_costs", "exchange_weekly", "pipeline"}
NAMED = {"binding", "effects", "exchange_costs", "map", "pipeline", "waterfall"}  # their rows are named, not measured
OF_SWEEPS = {"discover", "heat", "information", "parallel", "pareto", "response", "sensitivity"}
OF_FITS = {"posterior", "predictive", "identifiability", "forecast", "rolling", "score", "albania", "aegean"}
ANSWERS = {"breakeven", "patterns", "tornado"} | OF_FITS | OF_SWEEPS  # figures of other answers than a run of scenarios


def drawn(folder: Path) -> dict[str, Figure]:
    figures = {name: draw(name, Results(folder)) for name in figure_names()}
    return {name: figure for name, figure in figures.items() if figure is not None}


def texts(figure: Figure) -> str:
    """All words on a figure, line breaks as spaces; titles and labels are set when it is laid out."""
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return "\n".join(text.get_text().replace("\n", " ") for text in found)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Fake(tmp_path_factory.mktemp("pair")).folder


@pytest.fixture(scope="module")
def figures(pair: Path) -> dict[str, Figure]:
    return drawn(pair)


@pytest.fixture(scope="module")
def words(figures: dict[str, Figure]) -> dict[str, str]:
    return {name: texts(figure) for name, figure in figures.items()}


def test_a_pair_with_an_exchange_draws_every_figure(figures: dict[str, Figure]) -> None:
    assert list(figures) == [name for name in figure_names() if name not in ANSWERS]
    assert len(figures) >= 8


def test_every_axis_says_what_it_measures(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        for axes in figure.axes:
            place = axes.get_subplotspec()
            if axes.axison and place is not None:
                named = bool(axes.get_yticklabels() and name in NAMED)
                assert axes.get_ylabel() or named or not place.is_first_col(), name
                assert axes.get_xlabel() or not place.is_last_row(), name


@pytest.mark.parametrize(
    ("figure", "unit"),
    [
        ("cumulative", "Arrivals since 1 January (people)"), ("monthly", "Arrivals (people a month)"),
        ("map", "Longitude (degrees east)"), ("map", "People in the measured window"),
        ("exchange_weekly", "(people a week)"), ("pipeline", "Cases a replication"), ("pipeline", "People"),
        ("binding", "People a week"), ("binding", "Share of eligible arrivals (%)"), ("binding", "of bed-days (%)"),
        ("case_outcomes", "(people a week)"), ("case_outcomes", "Days from arrival"), ("exchange_costs", "Million GBP"),
        ("effects", "Difference (% of the baseline's mean)"), ("market", "GBP a person"),
        ("market", "Thousand GBP a week"), ("sectors", "(%)"), ("market", "Boats of all gangs"),
        ("sector_patrols", "Share of the patrol units (%)"), ("sector_patrols", "Launches stopped of all launches (%)"),
        ("beliefs", "Chance of being returned (%)"), ("beliefs", "Chance that a try is stopped (%)"),
        ("attempts", "Share of the people (%)"), ("hazard", "Deaths per 1,000 people at sea"),
        ("hazard", "Wave height at the beach (m)"), ("hazard", "People aboard"),
    ],
)  # fmt: skip
def test_axes_name_their_units(words: dict[str, str], figure: str, unit: str) -> None:
    assert unit in words[figure]


def test_every_figure_says_how_many_runs_stand_behind_it(words: dict[str, str]) -> None:
    for name, said in words.items():
        assert "Simulation: 3 " in said, name


def test_figures_name_the_sources_of_their_data(words: dict[str, str]) -> None:
    for name in ("cumulative", "monthly"):
        assert "Observed: Home Office HO_TS_20260821, to 30 June 2025." in words[name]
    assert "Made with Natural Earth" in words["map"]


def test_every_scenario_of_the_tables_appears(tmp_path: Path) -> None:
    names = ("plain", "no_tents", "swap", "swap_more", "swap_most")
    found = drawn(Fake(tmp_path, names, replications=2, days=100).folder)
    for name, figure in found.items():
        said = texts(figure)
        policies = names[2:] if name in OF_EXCHANGE else names
        assert all(policy.replace("_", " ").capitalize() in said for policy in policies), name


@pytest.fixture
def two_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving takes time: two figures stand for all."""
    monkeypatch.setattr("sim.figures.figure_names", lambda: ["effects", "monthly"])


@pytest.mark.usefixtures("two_figures")
def test_drawing_again_gives_the_same_svg(pair: Path) -> None:
    first = {path.name: path.read_bytes() for path in draw_all(Results(pair)) if path.suffix == ".svg"}
    again = {path.name: path.read_bytes() for path in draw_all(Results(pair)) if path.suffix == ".svg"}
    assert first == again
    assert not any(b"dc:date" in svg for svg in first.values())


@pytest.mark.usefixtures("two_figures")
def test_pictures_lie_in_the_results_folder_and_are_small(pair: Path) -> None:
    paths = draw_all(Results(pair))
    folder = pair / "figures"
    assert paths == [folder / name for name in ("effects.png", "effects.svg", "monthly.png", "monthly.svg")]
    assert all(path.stat().st_size < 400_000 for path in paths if path.suffix == ".png")


def test_a_run_without_exchange_draws_no_exchange_figure(tmp_path: Path) -> None:
    found = drawn(Fake(tmp_path, ("plain",), replications=1, baseline="plain", days=100).folder)
    assert not {*OF_EXCHANGE, "effects"} & set(found)
    assert {"cumulative", "monthly", "map", "market", "sectors"} <= set(found)


def test_without_baseline_there_is_no_effect_to_draw(tmp_path: Path) -> None:
    fake = Fake(tmp_path, ("swap",), baseline="", days=100)
    assert effects_figure.draw(Results(fake.folder)) is None


def test_one_replication_shows_no_bands_and_says_so(tmp_path: Path) -> None:
    found = drawn(Fake(tmp_path, replications=1, days=100).folder)
    assert "no spread can be shown" in texts(found["monthly"])
    assert "One pair has no interval" in texts(found["effects"])


def test_a_sea_that_nobody_crosses_still_draws(tmp_path: Path) -> None:
    found = drawn(Fake(tmp_path, people=0.0, days=100).folder)
    assert all(texts(figure) for figure in found.values())
    assert set(found) == set(figure_names()) - ANSWERS


def test_missing_prices_still_draw(tmp_path: Path) -> None:
    fake = Fake(tmp_path, replications=2, days=100)
    daily = Results(tmp_path).table("daily").assign(price_gbp=np.nan)
    fake.write("daily", daily)
    assert "Asking price of a seat" in texts(drawn(tmp_path)["market"])


def test_without_places_there_is_no_map(tmp_path: Path) -> None:
    (Fake(tmp_path, replications=1, days=60).folder / "places.parquet").unlink()
    assert "map" not in drawn(tmp_path)


def test_a_run_that_sees_no_first_of_january_has_no_cumulative_figure(tmp_path: Path) -> None:
    assert "cumulative" not in drawn(Fake(tmp_path, start="2025-02-01", replications=1, days=90).folder)


def test_scenarios_keep_their_pens_from_figure_to_figure(pair: Path) -> None:
    first, again = scenarios(Results(pair)), scenarios(Results(pair))
    assert [s.pen for s in first] == [s.pen for s in again]
    assert [s.name for s in first] == ["plain", "swap"]
    assert first[0].baseline
