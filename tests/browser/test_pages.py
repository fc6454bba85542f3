"""What holds for every page: quiet, self-contained, no sideways scroll, usable by keyboard and by everyone."""

from collections import Counter

import pytest
from watch import opened

PAGES = ["report", "explorer"]
WINDOWS = [(375, "light"), (375, "dark"), (768, "light"), (1280, "light"), (1280, "dark")]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # else axe asks for files of its own
}


@pytest.fixture(params=PAGES)
def any_page(request):
    """Each kind of page in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", params=PAGES)
def shared_page(request):
    """The same for tests that only look."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", params=WINDOWS, ids=lambda window: "-".join(map(str, window)))
def seen(browser, shared_page, request):
    """A page in a window of some width and colour scheme, scrolled through; nobody changes it."""
    width, scheme = request.param
    with opened(browser, shared_page, width, color_scheme=scheme) as watched:
        yield watched.scrolled()


def test_a_page_opens_and_is_scrolled_through_without_a_fault_on_the_console(seen):
    assert seen.faults == []


def test_a_page_asks_for_nothing_but_itself(seen):
    assert seen.elsewhere() == []
    assert len(seen.asked) >= 1
    assert seen.page.locator("link[href], iframe, script[src]").count() == 0  # a preconnect is no request


def test_a_page_does_not_scroll_sideways(seen):
    assert seen.sideways() == ""


def test_no_two_elements_have_the_same_id(seen):
    ids = seen.page.locator("[id]:not(svg *)").evaluate_all("all => all.map((at) => at.id)")
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def test_every_chart_says_what_it_shows_to_those_who_do_not_see_it(seen):
    labels = seen.page.locator(".chart").evaluate_all("all => all.map((at) => at.ariaLabel)")
    assert labels
    assert [label for label in labels if len(label) < 40] == []  # Vega's own label is "Vega visualization"


def test_axe_finds_no_serious_fault(seen):
    assert seen.violations(RULES) == []


def test_the_theme_button_turns_the_page_dark_and_leaves_no_serious_fault(visit, any_page):
    watched = visit(any_page).scrolled()
    before = watched.page.evaluate("getComputedStyle(document.body).backgroundColor")
    watched.page.get_by_role("button", name="Dark theme").click()
    assert watched.page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    watched.scrolled()
    assert watched.violations(RULES) == []
    assert watched.faults == []


def test_the_first_tab_skips_to_the_content(visit, any_page):
    page = visit(any_page).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_tab_reaches_every_control_and_shows_where_it_is(visit, any_page):
    page = visit(any_page).scrolled().page
    wanted = page.evaluate(CONTROLS)
    assert wanted > 0
    reached = set()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            break
        assert at["outline"], f"no outline on {at['html']}"
        reached |= {at["index"]} - {-1}
    assert len(reached) == wanted


def test_details_open_by_keyboard(visit, any_page):
    page = visit(any_page, 375).page
    closed = page.locator("details:not([open]) > summary").first
    box = closed.locator("..").element_handle()
    closed.focus()
    page.keyboard.press("Enter")
    assert box.evaluate("box => box.open")


def test_a_page_without_scripts_still_shows_its_words_and_tables(visit, any_page):
    page = visit(any_page, java_script_enabled=False).page
    assert "50 returns a week" in page.locator("h1").inner_text()
    assert page.locator(".answer").first.inner_text().strip()
    assert page.locator("main table tbody tr").count() > 3
    assert page.locator("#theme").is_hidden()


def test_paper_shows_the_question_and_the_assumptions_but_no_controls(visit, any_page):
    page = visit(any_page).scrolled().page
    page.emulate_media(media="print")
    assert page.locator(".controls:visible").count() == 0
    assert page.get_by_role("button").count() == 0
    assert page.locator("h1").is_visible()
    assert page.get_by_role("heading", name="assum").first.is_visible()
    assert page.pdf().startswith(b"%PDF")


CONTROL = "button, select, input, summary"
CONTROLS = f"""() => [...document.querySelectorAll({CONTROL!r})]
  .filter((at) => at.checkVisibility() && !at.disabled).length"""
FOCUSED = f"""() => {{
  const at = document.activeElement;
  if (at === document.body) return null;
  const style = getComputedStyle(at);
  const all = [...document.querySelectorAll({CONTROL!r})].filter((one) => one.checkVisibility() && !one.disabled);
  return {{ html: at.outerHTML.slice(0, 150), index: all.indexOf(at),
           outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 }};
}}"""
MOST_STEPS = 300
