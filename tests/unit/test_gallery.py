"""The gallery of the docs: what ships is whole and small, and `sim gallery` writes what it should."""

import re
import shlex
import sys
from pathlib import Path

import pandas as pd
import pytest
from made_up import Fake
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.cli import app, main
from sim.figures import figure_names
from sim.report import gallery

ROOT = Path(__file__).resolve().parents[2]
DOCS, IMAGES = ROOT / "docs", ROOT / "docs" / "gallery"
SHIPPED = (DOCS / "gallery.md").read_text(encoding="utf-8")
MOST_BYTES = 3_000_000  # all images together


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A made-up pilot and nothing else."""
    folder = tmp_path_factory.mktemp("gallery") / "results"
    Fake(folder / "pilot")
    return folder


@pytest.fixture
def made(results, tmp_path, monkeypatch, capsys):
    """Run `sim gallery` on made-up results; returns exit status, what it said, and the folder of the docs."""

    def run(*arguments, root=results):
        monkeypatch.setattr(sys, "argv", ["sim", "gallery", "--results", str(root), "--out", str(tmp_path), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out + said.err, tmp_path

    return run


def with_words(path, **words):
    info = PngInfo()
    for part, text in words.items():
        info.add_itxt(part, text)
    path.parent.mkdir(exist_ok=True)
    Image.new("P", (4, 4)).save(path, pnginfo=info)


def test_every_figure_has_one_place_in_the_gallery():
    assert sorted(gallery.SOURCES) == figure_names()
    assert sum(len(group.figures) for group in gallery.GROUPS) == len(gallery.SOURCES)


@pytest.mark.parametrize("name", figure_names())
def test_every_figure_is_on_the_shipped_page_with_an_image_that_says_what_it_shows(name):
    assert f"(#{name})" in SHIPPED
    assert re.search(rf"!\[[^\n]{{20,}}\]\(gallery/{name}\.png\)", SHIPPED)
    words = gallery.read_words(IMAGES / f"{name}.png")
    assert words.title
    assert words.note


def test_no_shipped_image_is_without_a_figure():
    assert {path.name for path in IMAGES.iterdir()} == {f"{name}.png" for name in figure_names()}


@pytest.mark.parametrize("name", figure_names())
def test_a_shipped_image_is_small_and_as_wide_as_a_page(name):
    path = IMAGES / f"{name}.png"
    assert path.stat().st_size <= gallery.LARGEST
    with Image.open(path) as image:
        assert image.mode == "P"
        assert image.width == pytest.approx(gallery.WIDTH, abs=1)


def test_all_shipped_images_together_are_small():
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) <= MOST_BYTES


def test_the_shipped_page_is_what_the_images_and_the_code_say():
    assert gallery.page_text(IMAGES) == SHIPPED, "make gallery OPTIONS=--page-only"


@pytest.mark.parametrize("command", sorted({c for source in gallery.SOURCES.values() for c in source.commands}))
def test_every_command_of_the_page_is_one_that_there_is(command):
    first, name, *arguments = shlex.split(command)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    commands = [found.name or found.callback.__name__ for found in app.registered_commands]
    assert name in {"make": targets, gallery.SIM: commands}[first]
    for file in (argument.split("=")[-1] for argument in arguments if re.search(r"\.(yaml|csv)$", argument)):
        assert any((ROOT / folder / file).exists() for folder in ("configs", "configs/sweeps", "."))


def test_it_draws_the_figures_that_are_asked_for_and_a_page_around_them(made):
    status, said, docs = made("--only", "hazard, monthly")
    assert status == 0, said
    assert {path.name for path in (docs / "gallery").iterdir()} == {"hazard.png", "monthly.png"}
    told = (docs / "gallery.md").read_text()
    assert "How many of the people at sea die, by how full the boat is and by how high the waves are?" in told
    assert "Simulation: 3 replications of each scenario" in told
    assert told.count("`make run CONFIG=pilot.yaml`") == 2
    assert told.index("(gallery/monthly.png)") < told.index("(gallery/hazard.png)")
    assert "gallery/map.png" not in told


def test_an_image_holds_its_caption(made):
    _, _, docs = made("--only", "hazard")
    words = gallery.read_words(docs / "gallery" / "hazard.png")
    assert words.title == "Deaths at sea by load and by waves"
    assert "3 replications" in words.note


def test_figures_whose_runs_are_missing_are_named_with_the_commands_that_make_them(made):
    status, said, docs = made()
    assert status == 2
    assert "results/returns, for response: make sweep SWEEP=returns.yaml" in said
    assert "discover: make sweep SWEEP=posterior.yaml, then .venv/bin/sim discover posterior" in said
    assert "monthly" not in said
    assert not list(docs.rglob("*"))


def test_a_folder_that_was_not_finished_counts_as_missing(made, tmp_path):
    (tmp_path / "half" / "pilot").mkdir(parents=True)
    pd.DataFrame().to_parquet(tmp_path / "half" / "pilot" / "runs.parquet")
    status, said, _ = made("--only", "monthly", root=tmp_path / "half")
    assert status == 2
    assert "half/pilot, for monthly: make run CONFIG=pilot.yaml" in said


def test_an_unknown_figure_is_named_with_the_nearest_known_one(made):
    status, said, docs = made("--only", "hazards")
    assert status == 2
    assert "there is no figure 'hazards'; did you mean 'hazard'?" in said
    assert not list(docs.rglob("*"))


def test_a_run_that_has_nothing_to_show_is_an_error(made, tmp_path):
    folder = gallery.SOURCES["waterfall"].folder
    Fake(tmp_path / "bare" / folder, names=("plain",)).write("displacement", pd.DataFrame())
    status, said, _ = made("--only", "waterfall", root=tmp_path / "bare")
    assert status == 2
    assert f"bare/{folder} has nothing to show for waterfall" in said
    assert gallery.SOURCES["waterfall"].commands[0] in said


def test_drawing_one_figure_keeps_the_others_and_removes_images_of_no_figure(made, tmp_path):
    with_words(tmp_path / "gallery" / "map.png", title="An older map", note="Of before.")
    with_words(tmp_path / "gallery" / "bygone.png", title="No longer drawn")
    status, _, docs = made("--only", "hazard")
    assert status == 0
    assert {path.name for path in (docs / "gallery").iterdir()} == {"hazard.png", "map.png"}
    assert "![An older map.](gallery/map.png)" in (docs / "gallery.md").read_text()


def test_the_page_alone_is_written_without_any_run(made, tmp_path):
    with_words(tmp_path / "gallery" / "map.png", title="A [map] of *ways*", finding="<1 % more.", note="n | m")
    status, _, docs = made("--page-only", root=tmp_path / "nowhere")
    told = (docs / "gallery.md").read_text()
    assert status == 0
    assert r"![A \[map\] of \*ways\*. \<1 % more.](gallery/map.png)" in told
    assert r"n \| m" in told


def test_an_image_gets_fewer_colours_until_it_is_small_enough(made, monkeypatch):
    _, _, docs = made("--only", "hazard")
    path = docs / "gallery" / "hazard.png"
    before = path.stat().st_size
    monkeypatch.setattr(gallery, "LARGEST", before - 1)
    made("--only", "hazard")
    assert path.stat().st_size < before


def test_an_image_that_stays_too_large_is_an_error(made, monkeypatch):
    monkeypatch.setattr(gallery, "LARGEST", 100)
    status, said, _ = made("--only", "hazard")
    assert status == 2
    assert "at most 100 may be" in said


def test_how_to_read_a_figure_is_on_the_page_where_the_figure_says_it(tmp_path, monkeypatch):
    with_words(tmp_path / "gallery" / "map.png", title="Ways")
    monkeypatch.setattr("sim.figures.map.READ", "From right to left.", raising=False)
    assert "**How to read it.** From right to left." in gallery.page_text(tmp_path / "gallery")
