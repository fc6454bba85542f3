"""What an SVG says again and again is written once, and looks as it did."""

import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from sim.figures.lettering import PlainHalos, halos, marks, ungrouped, words
from sim.figures.saving import save
from sim.figures.style import HALO, look, page

LETTERS = {name: f'<use xlink:href="#{name}"/>' for name in "ab"}


@look()
def haloed() -> Figure:
    figure = page((4, 3), "A title", "A finding.", "A note.")
    axes = figure.subplots()
    axes.annotate("halo halo", (0.5, 0.5), path_effects=HALO, color="#D55E00")
    axes.annotate("two\nlines", (0.1, 0.1), path_effects=[withStroke(linewidth=2, foreground="white", alpha=0.5)])
    return figure


def saved(figure: Figure, folder: Path) -> str:
    save(figure, folder / "one.png", folder / "one.svg")
    return (folder / "one.svg").read_text()


def test_a_halo_is_made_of_the_letters_of_its_text(tmp_path: Path) -> None:
    svg = saved(haloed(), tmp_path)
    assert svg.count("stroke:#ffffff;stroke-width:") == 3  # a line of text each
    assert svg.count("stroke-opacity:0.5") == 2
    assert max(map(len, re.findall(r'<path d="([^"]*)"', svg))) < 400  # no text is one long path


def test_a_halo_is_as_wide_as_it_was_drawn() -> None:
    figure = haloed()
    with look(), PlainHalos(figure):
        figure.savefig(written := StringIO(), format="svg")
    text = re.sub(r">\s+<", "><", re.sub(r"<!--.*?-->", "", written.getvalue(), flags=re.S))
    found = re.search(r"scale\(([\d.]+) -[\d.]+\)\"><g style=\"stroke:#ffffff;stroke-width:(\d+)\"", halos(text))
    assert found
    assert float(found[2]) / 64 * float(found[1]) == pytest.approx(2.6, rel=0.01)


def test_texts_have_their_halos_again_after_the_svg() -> None:
    figure = haloed()
    note = figure.axes[0].texts[0]
    with PlainHalos(figure):
        assert note.get_path_effects() == []
    assert note.get_path_effects() == HALO
    assert note.get_gid() is None


def test_a_halo_around_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not made of letters"):
        halos('<svg a="b"><g id="halo 2.6 #ffffff 1"><path d="M0 0"/></g></svg>')


def test_a_word_that_stands_twice_is_written_once_and_blanks_are_not_drawn() -> None:
    blank = '<defs><path id="c" transform="scale(0.015625)"/></defs>'
    line = f'<g t="1">{LETTERS["a"]}<use xlink:href="#b" x="60"/><use xlink:href="#c" x="90"/>'
    line += '<use xlink:href="#a" x="100"/><use xlink:href="#b" x="160"/></g>'
    svg = words(f'<svg a="b">{blank}{line}</svg>')
    assert svg.count('xlink:href="#b"') == 1
    assert 'id="w0"><use xlink:href="#a"/><use xlink:href="#b" x="60"/></g>' in svg
    assert '<g t="1"><use xlink:href="#w0"/><use xlink:href="#w0" x="100"/></g>' in svg
    assert "#c" not in svg


def test_marks_that_look_alike_are_one_and_say_what_they_say_once() -> None:
    mark = ' d="M0 0v3" style="stroke:#111111"/>'
    use = '<use xlink:href="#{}" x="1" y="2" style="fill:#222222;stroke:#111111"/>'
    svg = marks(f'<path id="a"{mark}{use.format("a")}<path id="b"{mark}{use.format("b")}')
    assert svg.count("<path ") == 1
    assert '"#b"' not in svg
    assert svg.count("stroke:#111111") == 1
    together = marks(use.format("z") * 3)
    assert together.count("fill:#222222") == 1
    assert together.count("<use ") == 3


def test_only_groups_that_say_nothing_are_left_out() -> None:
    assert ungrouped('<g><g a="b"><g>x</g></g><g>y</g></g>') == '<g a="b">x</g>y'
    assert ungrouped('<g><g a="b"/><g c="d">x</g></g>') == '<g a="b"/><g c="d">x</g>', "one that closes itself is whole"


def test_a_picture_with_an_empty_line_of_words_can_still_be_read(tmp_path: Path) -> None:
    figure = page((4, 3), "A title", "A finding.", "A note.")
    figure.subplots().set_title("one\n\ntwo")
    save(figure, tmp_path / "empty.png", tmp_path / "empty.svg")
    assert ElementTree.parse(tmp_path / "empty.svg").getroot().tag.endswith("svg")
