"""What goes on beyond the edge of its box shows that it does, as long as it does."""

import io

import matplotlib.image
import numpy as np
import pytest

PHONE = 375
SEEN = 8  # of 255: a difference that an eye can see
WIDE = """() => [...document.querySelectorAll(".scroll:has(> table)")]
  .findIndex((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 100)"""
FADES = "box => ['--fade-left', '--fade-right'].map((name) => parseFloat(getComputedStyle(box).getPropertyValue(name)))"
CUE = "box => [getComputedStyle(box).maskImage, getComputedStyle(box).backgroundImage]"
TABLE = "[aria-label='Costs by payer and item']"


def margins(box):
    """How far the ground at the left and at the right edge of a box is from that in its midst, without the words."""
    box.locator("table").evaluate("table => { table.style.visibility = 'hidden'; }")
    rows = matplotlib.image.imread(io.BytesIO(box.screenshot()))[:, :, :3] * 255
    ground = np.median(rows, axis=(0, 1))
    return tuple(float(np.abs(np.median(rows[:, at], axis=0) - ground).max()) for at in (1, -2))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_has_a_shadow_where_it_goes_on(visit, report, scheme):
    page = visit(report, PHONE, color_scheme=scheme).scrolled().page
    box = page.locator(".scroll:has(> table)").nth(page.evaluate(WIDE))
    left, right = margins(box)
    assert left < SEEN < right
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    left, right = margins(box)
    assert right < SEEN < left


def test_a_table_that_fits_has_no_shadow(visit, report):
    page = visit(report).scrolled().page
    box = page.locator(TABLE)
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert max(margins(box)) < SEEN


def test_a_printed_figure_fades_where_it_goes_on_and_is_whole_where_it_fits(visit, report):
    page = visit(report, PHONE).scrolled().page
    box = page.locator("figure.print .scroll").first
    assert box.evaluate(CUE)[0] != "none"
    left, right = box.evaluate(FADES)
    assert left == 0
    assert right > 20
    box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
    page.wait_for_function(f"box => ({FADES})(box)[1] === 0", arg=box.element_handle())
    assert box.evaluate(FADES)[0] > 20
    wide = visit(report).scrolled().page
    assert wide.locator("figure.print .scroll").first.evaluate(FADES) == [0, 0]


def test_paper_has_neither(visit, report):
    page = visit(report, PHONE).scrolled().page
    page.emulate_media(media="print")
    for kind in (".scroll:has(> table)", "figure.print .scroll"):
        assert page.locator(kind).first.evaluate(CUE) == ["none", "none"]
