"""Paper is white whatever the theme: words, tables, printed figures and charts have the colours of the light one."""

import pytest

BLACKEST = 100  # of 255: what a dark ink may have in any of its parts
THEMES = ["chosen", "system"]
INKS = """() => {
  const of = (at, name) => at && getComputedStyle(at)[name];
  const one = (place) => document.querySelector(place);
  return { words: of(document.body, "color"), soft: of(one(".soft"), "color"),
    paper: of(document.body, "backgroundColor"),
    scheme: of(document.documentElement, "colorScheme"), turned: of(one("figure.print img"), "filter"),
    canvas: of(one(".chart canvas"), "filter"), bars: of(one(".bars canvas"), "filter") };
}"""
LETTERS = """() => [...document.querySelectorAll("[data-chart] svg text")]
  .filter((at) => at.textContent.trim() && at.checkVisibility()).map((at) => getComputedStyle(at).fill)"""
LINES = """() => [...document.querySelectorAll("[data-chart] svg .role-axis-grid line")]
  .map((at) => getComputedStyle(at).stroke)"""
PALETTE = """() => {
  const names = new Set([...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
    .flatMap((rule) => [rule, ...(rule.cssRules ?? [])]).flatMap((rule) => [...(rule.style ?? [])])
    .filter((name) => name.startsWith("--") && !name.startsWith("--fade")));
  const of = (place) => getComputedStyle(document.querySelector(place) ?? document.body);
  return Object.fromEntries([...names].map((name) =>
    [name, of(name.startsWith("--replay") ? ".replay" : "body").getPropertyValue(name)]));
}"""


def parts(colour):
    """The numbers of `rgb(…)`."""
    return [float(part) for part in colour.removeprefix("rgba(").removeprefix("rgb(").rstrip(")").split(",")]


def dark_page(visit, page, theme):
    """A page in the dark, by its button or by the system's setting, with all charts drawn."""
    seen = visit(page, color_scheme="dark" if theme == "system" else "light").scrolled()
    if theme == "chosen":
        seen.page.locator("#theme").click()
        seen.page.wait_for_timeout(500)
        seen.scrolled()
    return seen


@pytest.mark.parametrize("theme", THEMES)
def test_a_dark_run_page_is_printed_dark_on_white_and_is_dark_again_afterwards(visit, report, theme):
    page = dark_page(visit, report, theme).page
    before = page.evaluate(INKS)
    assert max(parts(before["paper"])) < BLACKEST
    assert before["turned"] != "none"
    assert min(map(min, map(parts, page.evaluate(LETTERS)))) > BLACKEST
    page.emulate_media(media="print")
    told = page.evaluate(INKS)
    assert max(parts(told["words"])) < BLACKEST
    assert max(parts(told["soft"])) < BLACKEST
    assert parts(told["paper"]) == [255, 255, 255]
    assert told["scheme"] == "light"
    assert told["turned"] == "none"
    assert max(map(max, map(parts, page.evaluate(LETTERS)))) < BLACKEST
    assert min(map(min, map(parts, page.evaluate(LINES)))) > 2 * BLACKEST  # a grid is pale on white
    page.emulate_media(media="screen")
    assert page.evaluate(INKS) == before


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_a_printed_page_is_that_of_the_light_theme(visit, report, theme):
    dark, light = dark_page(visit, report, theme).page, visit(report).page
    assert dark.evaluate(PALETTE) != light.evaluate(PALETTE)
    for page in (dark, light):
        page.emulate_media(media="print")
    told = dark.evaluate(PALETTE)
    assert {"--ink", "--accent", "--bad", "--turned", "--frame", "--replay-ink"} <= set(told)
    assert told == light.evaluate(PALETTE)


@pytest.mark.parametrize("theme", THEMES)
def test_a_dark_sweep_page_is_printed_dark_on_white(visit, explorer, theme):
    page = dark_page(visit, explorer, theme).page
    assert [page.evaluate(INKS)[name] for name in ("canvas", "bars")] == ["none", "none"]
    page.emulate_media(media="print")
    told = page.evaluate(INKS)
    assert max(parts(told["words"])) < BLACKEST
    assert parts(told["paper"]) == [255, 255, 255]
    assert all("invert" in told[name] for name in ("canvas", "bars"))  # their pale ink is turned over


def test_a_light_sweep_page_is_printed_as_it_is(visit, explorer):
    page = visit(explorer).scrolled().page
    page.emulate_media(media="print")
    assert [page.evaluate(INKS)[name] for name in ("canvas", "bars")] == ["none", "none"]
