"""Captions of figures: on the picture, in its files, and out of them again; names are text whatever they hold."""

from pathlib import Path

import pytest
from captioned import all_lacking, lacking
from made_up import Fake
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from sim.experiment.results import Results
from sim.figures import SECTIONS, draw, figure_names, section
from sim.figures.captions import Caption, caption, read_caption
from sim.figures.run import scenarios
from sim.figures.saving import save
from sim.figures.style import look, page

HOSTILE = "a$b$ <b>\"bold\"</b> & 'x' $\\frac{1}{2}$"
LONG = "patrols_doubled_and_returns_of_a_thousand_people_a_week_from_the_first_of_January_with_more_beds"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Results:
    names = ("plain", HOSTILE, f"{LONG}_100", f"{LONG}_200")
    return Results(Fake(tmp_path_factory.mktemp("hostile"), names, replications=2, days=120).folder)


@look()
def made(title: str = "A title", finding: str = "A finding.", note: str = "A note.") -> Figure:
    figure = page((6, 3), title, finding, note)
    figure.subplots().set(xlabel="x", ylabel="y")
    return figure


def saved(figure: Figure, folder: Path) -> tuple[Path, Path]:
    paths = folder / "one.png", folder / "one.svg"
    save(figure, *paths)
    return paths


def names_of(results: Results) -> list[str]:
    return [name for name in figure_names() if draw(name, results) is not None]


def test_every_figure_of_a_run_says_how_many_runs_what_intervals_mean_and_its_sources(tmp_path: Path) -> None:
    results = Results(Fake(tmp_path).folder)
    figures = {name: draw(name, results) for name in names_of(results)}
    assert len(figures) >= 16
    assert all_lacking(figures) == {}


def test_one_replication_has_a_complete_caption_too(tmp_path: Path) -> None:
    results = Results(Fake(tmp_path, replications=1, days=100).folder)
    assert all_lacking({name: draw(name, results) for name in names_of(results)}) == {}


def test_a_caption_without_numbers_of_runs_intervals_or_sources_is_found_out() -> None:
    assert lacking(Caption("T", "F", "Simulated.")) == ["how many runs", "what intervals mean", "sources"]


def test_every_figure_has_a_part_of_the_report() -> None:
    assert {section(name) for name in figure_names()} <= set(SECTIONS) - {"more"}


def test_a_caption_comes_out_of_the_svg_as_it_went_in(tmp_path: Path) -> None:
    told = f"{HOSTILE} and again {HOSTILE} on a second line"
    figure = made(HOSTILE, told, "Two runs; " * 20 + "small-boat crossings.")
    _, svg = saved(figure, tmp_path)
    assert read_caption(svg) == caption(figure)
    assert caption(figure).title == HOSTILE
    assert caption(figure).finding == told
    assert "small-boat crossings. Source: simulated" in caption(figure).note


def test_an_svg_of_somebody_else_has_no_caption(tmp_path: Path) -> None:
    other = tmp_path / "other.svg"
    other.write_text("<svg xmlns='http://www.w3.org/2000/svg'><title>Other</title></svg>")
    assert read_caption(other) is None


def test_a_png_bears_its_caption(tmp_path: Path) -> None:
    figure = made("Réception \N{MINUS SIGN}5 %")
    png, _ = saved(figure, tmp_path)
    with Image.open(png) as image:
        told = [image.text[key] for key in ("Title", "Description", "Source")]  # type: ignore[attr-defined]
    assert told == list(caption(figure))


def test_the_text_that_stands_for_a_picture_is_its_title_and_finding() -> None:
    assert Caption("What changes?", "Little.", "n").alt == "What changes? Little."
    assert Caption("The market", "Little.", "n").alt == "The market. Little."


def test_a_name_is_text_whatever_it_holds(hostile: Results) -> None:
    for name in names_of(hostile):
        found = draw(name, hostile).findobj(Text)
        assert not any(text.get_parse_math() for text in found if "$" in text.get_text()), name


def test_a_hostile_name_is_no_markup_in_the_svg(hostile: Results, tmp_path: Path) -> None:
    _, svg = saved(draw("monthly", hostile), tmp_path)
    assert "<b>" not in svg.read_text()
    words = read_caption(svg)
    assert words is not None
    assert scenarios(hostile)[1].label in words.finding


def test_long_names_are_cut_in_the_middle_and_stay_apart(hostile: Results) -> None:
    labels = [shown.label for shown in scenarios(hostile)[2:]]
    assert all(len(label) <= 30 and "\N{HORIZONTAL ELLIPSIS}" in label for label in labels)
    assert labels[0] != labels[1]


@pytest.mark.parametrize("name", ["cumulative", "monthly", "effects", "waterfall", "market", "exchange_weekly"])
def test_long_names_stay_on_the_page(hostile: Results, name: str) -> None:
    figure = draw(name, hostile)
    figure.draw_without_rendering()
    width = figure.bbox.width
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= -1, (name, text.get_text())
            assert box.x1 <= width + 1, (name, text.get_text())
