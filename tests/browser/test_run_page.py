"""The page of a run: figures are there, charts are drawn, answer to their controls and tell their numbers."""

from pathlib import Path

import pytest
from watch import opened

LARGEST = 5_000_000  # bytes: what a page may weigh
PICTURES = """() => [...document.querySelectorAll("main img")].map((img) =>
  ({ whole: img.complete && img.naturalWidth > 0, alt: img.alt.trim() }))"""
DRAWN = """() => [...document.querySelectorAll("[data-chart]")].map((place) =>
  [place.dataset.chart, place.querySelectorAll("svg, canvas").length])"""
OTHER = "([chart, before]) => document.querySelector(`[data-chart=${chart}] svg`)?.outerHTML !== before"
CHART = "[data-chart={}] svg"
COVERED = """dots => dots.filter((mark) => {
  const { x, y, width, height } = mark.getBoundingClientRect(), parts = [0.15, 0.5, 0.85];
  const seen = (a, b) => document.elementFromPoint(x + a * width, y + b * height)?.matches(".mark-symbol *");
  return !parts.some((a) => parts.some((b) => seen(a, b)));
}).map((mark) => mark.ariaLabel)"""
LEGEND = "[data-chart=over_time] .role-legend-label text"
HELD = """async ([chart, signal, value]) => {
  const { view } = simCharts.views.get(chart).result;
  await view.runAsync();
  return view.signal(signal) === value;
}"""
TOOLTIP = "#vg-tooltip-element.visible"


@pytest.fixture(scope="module")
def seen(browser, report):
    """The page, scrolled through, for tests that only look."""
    with opened(browser, report) as watched:
        yield watched.scrolled()


def test_every_figure_that_was_drawn_is_on_the_page_whole_and_described(seen, run_results):
    pictures = seen.page.evaluate(PICTURES)
    assert len(pictures) == len(list((run_results / "figures").glob("*.svg"))) > 10
    assert all(picture["whole"] and len(picture["alt"]) > 10 for picture in pictures)


def test_every_chart_is_drawn_once_when_it_is_scrolled_to(seen):
    charts = dict(seen.page.evaluate(DRAWN))
    assert charts
    assert charts == dict.fromkeys(charts, 1)


def test_each_control_of_a_chart_changes_what_its_chart_shows(visit, report):
    seen = visit(report).scrolled()
    controls = seen.page.locator("select[data-sets]").all()
    assert len(controls) >= 3
    for control in controls:
        chart = control.get_attribute("data-of").split()[0]
        before = seen.page.locator(CHART.format(chart)).evaluate("svg => svg.outerHTML")
        control.select_option(index=1)
        seen.page.wait_for_function(OTHER, arg=[chart, before])
        control.select_option(index=0)
    assert seen.faults == []


def test_a_difference_is_not_offered_for_the_baseline_nor_a_sum_for_what_is_no_count(visit, report):
    seen = visit(report).scrolled()
    view, who, outcome = (seen.page.locator(f"#over_time-{name}") for name in ("view", "who", "outcome"))
    names = seen.page.locator(LEGEND)
    baseline = who.locator("option").nth(1).get_attribute("value")
    assert baseline in names.all_text_contents()
    who.select_option(baseline)
    for kind in ("difference", "running"):
        view.select_option(kind)
        assert who.locator("option").nth(1).is_disabled()
        assert who.input_value() == "everyone"
        seen.page.wait_for_function(HELD, arg=["over_time", "view", kind])
        assert names.all_text_contents() == [
            name for name in who.locator("option").all_text_contents()[1:] if name != baseline
        ]
    outcome.select_option("waiting_at_coast")
    assert view.input_value() == "difference"
    assert view.locator("option[value=running]").is_disabled()
    seen.page.wait_for_function(HELD, arg=["over_time", "outcome", "waiting_at_coast"])
    view.select_option("level")
    who.select_option(baseline)  # it can be chosen again
    seen.page.wait_for_function(HELD, arg=["over_time", "who", baseline])
    assert seen.faults == []


def test_a_chart_keeps_what_was_chosen_when_the_theme_changes(visit, report):
    seen = visit(report).scrolled()
    first = seen.page.locator(CHART.format("pairs")).evaluate("svg => svg.outerHTML")
    seen.page.locator("#pairs-metric").select_option(index=2)
    seen.page.wait_for_function(OTHER, arg=["pairs", first])
    title = seen.page.locator("[data-chart=pairs] .role-title text")
    chosen, light = title.inner_html(), seen.page.locator(CHART.format("pairs")).evaluate("svg => svg.outerHTML")
    seen.page.locator("#theme").click()
    seen.page.wait_for_function(OTHER, arg=["pairs", light])
    assert title.inner_html() == chosen


def test_pointing_at_a_mark_tells_its_numbers(seen):
    seen.page.locator("[data-chart=pairs] .mark-symbol path").last.hover()
    assert any(sign.isdigit() for sign in seen.page.locator(TOOLTIP).inner_text())


def test_every_dot_can_be_pointed_at(seen):
    seen.page.locator("[data-chart=pairs]").scroll_into_view_if_needed()
    covered = seen.page.locator("[data-chart=pairs] .mark-symbol path[aria-roledescription=circle]").evaluate_all(
        COVERED
    )
    assert covered == []


def test_on_paper_everything_is_open_and_afterwards_as_it_was(visit, report):
    page = visit(report).page
    closed = page.locator("main details:not([open])")
    before = closed.count()
    assert before > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() == before


def test_figures_need_no_script(visit, report):
    page = visit(report, java_script_enabled=False).page
    page.locator("main img").first.scroll_into_view_if_needed()
    assert page.locator("main img").first.bounding_box()["height"] > 100


def test_the_page_is_not_too_heavy(report: Path):
    assert report.stat().st_size < LARGEST
