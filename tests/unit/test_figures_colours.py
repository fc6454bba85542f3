"""The palette: told apart by colour-blind readers, and printed grey."""

from collections.abc import Mapping
from itertools import combinations

import pytest
from colours import SIGHTS, apart, contrast, in_the_dark, lightness

from sim.figures import binding, case_outcomes, exchange_costs, pipeline, waterfall
from sim.figures.style import BASELINE_PEN, INK, OKABE_ITO, QUIET, Pen, policy_pen
from sim.report.pages import static

FAR, FAR_IN_THE_DARK, LIGHTER = 15.0, 9.0, 12.0
"""Distance in CIELAB that two fillings need, and the difference in lightness that does in grey.

The dark theme turns a printed figure's lightness over and leaves less; fillings have hatches and words there too.
"""
TEXT, MARK = 4.5, 3.0  # the contrast that text and marks need (WCAG 2.2, level AA)
PENS = [BASELINE_PEN, *map(policy_pen, range(len(OKABE_ITO)))]
STACKS: Mapping[str, list[tuple[str, str]]] = {
    "waterfall": [(swatch.colour, swatch.hatch) for swatch in waterfall.DIMENSIONS.values()],
    "became": [(swatch.colour, swatch.hatch) for swatch in binding.BECAME.values()],
    "waits": [(swatch.colour, swatch.hatch) for swatch in binding.WAITS.values()],
    "outcomes": [(swatch.colour, swatch.hatch) for swatch in case_outcomes.OUTCOMES.values()],
    "costs": [(side.colour, side.hatch) for side in exchange_costs.SIDES],
    "bars of scenarios": [(pen.colour, pen.hatch) for pen in PENS],
}


def test_black_and_white_are_a_hundred_apart_for_everybody() -> None:
    assert [apart("#000000", "#FFFFFF", sight) for sight in SIGHTS] == pytest.approx([100.0] * 4, abs=0.1)
    assert lightness("#777777") == pytest.approx(50.0, abs=0.6)


def test_the_colour_blind_confuse_what_they_should() -> None:
    red, green = "#C04040", "#708000"
    assert apart(red, green) > 2 * apart(red, green, "deuteranopia")
    assert apart("#2080FF", "#00A890") > 1.5 * apart("#2080FF", "#00A890", "tritanopia")


@pytest.mark.parametrize("sight", SIGHTS)
def test_pens_are_told_apart_by_colour(sight: str) -> None:
    close = [(a.colour, b.colour) for a, b in combinations(PENS, 2) if apart(a.colour, b.colour, sight) < FAR]
    assert close == []


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("stack", STACKS)
def test_parts_of_a_stack_are_told_apart_by_colour(stack: str, sight: str) -> None:
    close = [(a, b) for (a, _), (b, _) in combinations(STACKS[stack], 2) if apart(a, b, sight) < FAR]
    assert close == []


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("stack", STACKS)
def test_parts_of_a_stack_are_told_apart_in_the_dark_theme(stack: str, sight: str) -> None:
    turned = [in_the_dark(colour) for colour, _ in STACKS[stack]]
    close = [(a, b) for a, b in combinations(turned, 2) if apart(a, b, sight) < FAR_IN_THE_DARK]
    assert close == []


def test_text_and_marks_of_a_printed_figure_can_be_read_in_the_dark_theme() -> None:
    assert "--turned: invert(.9) hue-rotate(180deg) brightness(1.15);" in static("style.css"), "as in_the_dark has it"
    paper = in_the_dark("#FFFFFF")
    assert lightness(paper) < 12
    assert [text for text in (INK, QUIET) if contrast(in_the_dark(text), paper) < TEXT] == []
    assert [pen.colour for pen in PENS if contrast(in_the_dark(pen.colour), paper) < MARK] == []


@pytest.mark.parametrize("stack", STACKS)
def test_parts_of_a_stack_are_told_apart_in_grey_by_lightness_or_hatch(stack: str) -> None:
    alike = [
        (one, other) for one, other in combinations(STACKS[stack], 2)
        if abs(lightness(one[0]) - lightness(other[0])) < LIGHTER and one[1] == other[1]
    ]  # fmt: skip
    assert alike == []


@pytest.mark.parametrize("pens", [PENS, pipeline.PENS], ids=["scenarios", "pipeline"])
def test_pens_are_told_apart_in_grey_by_their_lines_and_by_their_markers(pens: list[Pen]) -> None:
    assert len({str(pen.line) for pen in pens}) == len(pens)
    assert len({pen.marker for pen in pens}) == len(pens)


def test_colours_that_come_round_again_have_another_line_marker_and_hatch() -> None:
    for i in range(30):
        one, other = policy_pen(i), policy_pen(i + len(OKABE_ITO))
        assert one.colour == other.colour
        assert one.line != other.line
        assert one.marker != other.marker
        assert one.hatch != other.hatch
