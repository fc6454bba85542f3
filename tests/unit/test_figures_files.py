"""Files of figures: fit for print, small, and the same however they are drawn."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from made_up import Fake
from matplotlib.figure import Figure
from PIL import Image

from sim.experiment.results import Results
from sim.figures import draw, draw_all, drawing
from sim.figures.captions import Caption
from sim.figures.drawing import each
from sim.figures.saving import DPI, save
from sim.figures.slim import slim
from sim.figures.style import look, page
from sim.figures.tables import Tables

DRAWN = """
import os, sys
from pathlib import Path
from sim import figures
from sim.figures import drawing
from sim.experiment.results import Results
os.sched_getaffinity = lambda _: set(range(int(sys.argv[2])))
figures.figure_names = lambda: ["effects", "hazard", "monthly", "waterfall"]
print(drawing.processes(4))
figures.draw_all(Results(Path(sys.argv[1])))
"""
PARTS = ("<svg ", "<!--", "<!DOCTYPE", "<metadata")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(Fake(tmp_path_factory.mktemp("pair"), replications=2, days=100).folder)


@look()
def made() -> Figure:
    figure = page((4, 2), "A title", "A finding.", "A note.")
    axes = figure.subplots()
    axes.plot([0, 1, 2], [1.23456789, 2, 0], color="#D55E00")
    axes.set(xlabel="x", ylabel="y")
    return figure


def test_a_png_is_fit_for_print_and_in_few_colours(tmp_path: Path) -> None:
    save(made(), tmp_path / "one.png", tmp_path / "one.svg")
    with Image.open(tmp_path / "one.png") as image:
        assert DPI == 300
        assert image.size == (4 * DPI, 2 * DPI)
        assert image.info["dpi"] == pytest.approx((DPI, DPI), abs=0.1)
        assert image.mode == "P"


def test_main_colours_of_a_png_are_what_they_should_be(tmp_path: Path) -> None:
    save(made(), tmp_path / "one.png", tmp_path / "one.svg")
    with Image.open(tmp_path / "one.png") as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    shares = {colour: (pixels == colour).all(axis=1).mean() for colour in ((255, 255, 255), (0xD5, 0x5E, 0x00))}
    assert shares[255, 255, 255] > 0.8
    assert shares[0xD5, 0x5E, 0x00] > 0.001


def test_an_svg_holds_its_picture_in_hundredths_of_a_point_and_nothing_that_no_reader_needs(pair: Results) -> None:
    whole = pair.folder / "whole.svg"
    figure = draw("monthly", pair)
    save(figure, pair.folder / "monthly.png", pair.folder / "monthly.svg")
    with look():
        figure.savefig(whole)
    small = (pair.folder / "monthly.svg").read_text()
    assert [part in small for part in PARTS] == [True, False, False, False]
    assert not re.search(r' d="[^"]*\.\d{3}', small)
    assert len(small) < 0.6 * whole.stat().st_size


def test_places_stay_where_they_are_however_long_the_line() -> None:
    corners = [(i * 1.23456, (i * 7.654321) % 50) for i in range(1, 500)]
    data = "M 0 0 " + " ".join(f"L {x:.6f} {y:.6f}" for x, y in corners)
    found = re.search(r' d="([^"]*)"', slim(f'<svg a="b"><path d="{data}"/></svg>', Caption("", "", "")))
    assert found
    x = y = 0.0
    steps = re.findall(r"-?(?:\d+(?:\.\d+)?|\.\d+)", found[1])[2:]
    for place in range(0, len(steps), 2):
        x, y = x + float(steps[place]), y + float(steps[place + 1])
    assert (x, y) == pytest.approx(corners[-1], abs=0.006)


def test_an_unknown_kind_of_path_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown letter in a path: 'A'"):
        slim('<svg a="b"><path d="M 0 0 A 1 1 0 0 1 2 2"/></svg>', Caption("", "", ""))


def test_a_halo_and_its_letters_share_one_path() -> None:
    data = "M 0 0 " + "L 1.5 2.5 " * 60
    svg = slim(f'<svg a="b"><path d="{data}" style="a"/><path d="{data}" style="b"/></svg>', Caption("", "", ""))
    assert svg.count(" d=") == 1
    assert svg.count("<use ") == 2


def test_files_are_the_same_in_one_process_or_two(pair: Results) -> None:
    files = {}
    for count in (1, 2):
        said = subprocess.run([sys.executable, "-c", DRAWN, str(pair.folder), str(count)], check=True,
                              capture_output=True, text=True)  # fmt: skip
        assert said.stdout.split() == [str(count) if sys.platform == "linux" else "1"]
        files[count] = {path.name: path.read_bytes() for path in (pair.folder / "figures").iterdir()}
    assert len(files[1]) == 8
    assert files[1] == files[2]


def test_a_process_that_is_killed_leaves_the_work_to_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> list[str]:
        raise drawing.BrokenProcessPool

    monkeypatch.setattr(drawing, "processes", lambda names: 2)
    monkeypatch.setattr(drawing, "_abreast", killed)
    assert each(str.upper, ["a", "b"]) == ["A", "B"]


def test_few_figures_or_other_threads_are_drawn_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing.sys, "platform", "linux")
    monkeypatch.setattr(drawing.os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    monkeypatch.setattr(drawing.threading, "active_count", lambda: 1)
    assert drawing.processes(10) == 2
    assert drawing.processes(2) == 1
    monkeypatch.setattr(drawing.threading, "active_count", lambda: 2)
    assert drawing.processes(10) == 1
    monkeypatch.setattr(drawing.threading, "active_count", lambda: 1)
    monkeypatch.setattr(drawing.sys, "platform", "darwin")
    assert drawing.processes(10) == 1


def test_figures_that_the_tables_no_longer_allow_are_removed(pair: Results) -> None:
    stale = pair.folder / "figures" / "tornado.svg"
    stale.parent.mkdir(exist_ok=True)
    stale.write_text("old")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.figures.figure_names", lambda: ["tornado"])
        assert draw_all(pair) == []
    assert not stale.exists()


def test_a_table_is_read_once_however_often_it_is_asked_for(pair: Results) -> None:
    read: list[str] = []

    class Counted:
        folder = pair.folder

        def table(self, name: str) -> object:
            read.append(name)
            return pair.table(name)

    tables = Tables(Counted())  # type: ignore[arg-type]
    assert tables.table("runs").equals(tables.table("runs"))
    del tables.table("runs")["scenario"]
    assert "scenario" in tables.table("runs")
    assert read == ["runs"]
