"""A scenario's name and question are text wherever they appear, whatever they hold."""

import pytest
from built import HOSTILE_NAME, HOSTILE_QUESTION

BEGINNING = HOSTILE_NAME[:16]  # long names are shortened where there is little room
NOTHING_RAN = "() => window.hacked === undefined && !document.querySelector('img[src=x], [onclick], [onerror]')"
TEXTS = "() => [...document.querySelectorAll('main *')].map((at) => at.childElementCount ? '' : at.textContent)"


@pytest.mark.parametrize("kind", ["hostile_report", "hostile_explorer"])
def test_no_script_of_a_scenario_runs_and_nothing_of_it_becomes_an_element(visit, request, kind):
    watched = visit(request.getfixturevalue(kind)).scrolled()
    assert watched.page.evaluate(NOTHING_RAN)
    assert watched.faults == []
    assert watched.elsewhere() == []


@pytest.mark.parametrize("kind", ["hostile_report", "hostile_explorer"])
def test_the_question_is_shown_to_the_letter(visit, request, kind):
    page = visit(request.getfixturevalue(kind)).page
    assert page.locator("h1").inner_text() == HOSTILE_QUESTION
    assert HOSTILE_QUESTION in page.title()


@pytest.mark.parametrize("kind", ["hostile_report", "hostile_explorer"])
def test_the_name_is_shown_as_text(visit, request, kind):
    page = visit(request.getfixturevalue(kind)).scrolled().page
    assert any(HOSTILE_NAME in text for text in page.evaluate(TEXTS))


def test_the_name_is_text_in_what_a_chart_tells(visit, hostile_report):
    watched = visit(hostile_report).scrolled()
    watched.page.locator("[data-chart=pairs] .mark-symbol path").last.hover()
    told = watched.page.locator("#vg-tooltip-element.visible").inner_text()
    assert BEGINNING in told
    assert watched.page.evaluate(NOTHING_RAN)


def test_the_name_is_text_in_the_selector_of_the_replay(visit, hostile_report):
    page = visit(hostile_report).page
    page.locator("#replay-scenario").scroll_into_view_if_needed()
    assert any(text.startswith(BEGINNING) for text in page.locator("#replay-scenario option").all_text_contents())


def test_figures_are_pictures_which_run_no_script(visit, hostile_report):
    page = visit(hostile_report).page
    sources = page.locator("main img").evaluate_all("all => all.map((img) => img.src.slice(0, 18))")
    assert len(sources) >= 2
    assert set(sources) == {"data:image/svg+xml"}
