"""The sweep explorer in a browser: one selection, however it is made, in every chart, table and sentence."""

import pytest

from sim.report.explorer.naming import figures, tenths

WORDS, READ_OUT = "#explorer-words", "#explorer-said"
UNITS = "input[aria-label^='Number of patrol units'][aria-label$='from']"
COUNTED = "() => simPoints.count"


@pytest.fixture
def page(visit, explorer):
    return visit(explorer).scrolled().page


def brush(page, chart, start, end):
    """Drag over a chart from one place to another, both as shares of its width and height."""
    page.locator(chart).scroll_into_view_if_needed()
    box = page.locator(f"{chart} canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=5)
    page.mouse.up()


def test_at_first_every_point_is_shown_and_none_is_selected(page):
    assert page.locator(WORDS).inner_text().startswith("All 4 points are shown; nothing is selected")


def test_a_brush_in_one_chart_selects_the_same_points_everywhere(page):
    brush(page, "#explorer-first", (0.18, 0.12), (0.5, 0.8))
    page.wait_for_function("() => simPoints.count < simPoints.n")
    count = page.evaluate(COUNTED)
    assert count > 0
    assert page.locator(WORDS).inner_text().startswith(f"Selected: {count} of 4 points")
    assert f"{count} of 4" in page.locator("#explorer-groups").inner_text()
    shown = "(owner) => simExplorer.charts.get(owner).view.signal('mask').reduce((a, b) => a + b, 0)"
    assert [page.evaluate(shown, owner) for owner in ("first", "second")] == [count, count]
    bars = "() => simExplorer.charts.get('card patrols.units').view.data('bars').reduce((a, row) => a + row.chosen, 0)"
    assert page.evaluate(bars) == count


def test_a_typed_range_selects_as_a_brush_does_and_is_read_out(page):
    page.locator(UNITS).fill("100")
    page.locator(UNITS).press("Tab")
    page.wait_for_function("() => simPoints.count === 2")
    page.wait_for_function("at => document.querySelector(at).textContent.startsWith('Selected: 2 of 4')", arg=READ_OUT)
    assert "number of patrol units 100 to 120" in page.locator(READ_OUT).inner_text()


def test_the_button_clears_what_was_brushed_and_typed(page):
    brush(page, "#explorer-second", (0.2, 0.12), (0.6, 0.8))
    page.locator(UNITS).fill("100")
    page.locator(UNITS).press("Tab")
    page.wait_for_function("() => simPoints.count < simPoints.n")
    page.get_by_role("button", name="Clear the selection").click()
    page.wait_for_function("() => simPoints.whole")
    assert page.locator(UNITS).input_value() == ""
    assert page.evaluate("() => Object.keys(simExplorer.charts.get('second').view.signal('brush')).length") == 0


def test_the_live_table_holds_the_exact_median_of_the_selected(page):
    told = page.evaluate("""() => {
      simPoints.filter('exchange.weekly_target', { low: 400, high: 600 });
      simPoints.select();
      const field = simPoints.fields.get('arrivals');
      const mine = [...field.numbers].filter((_, i) => simPoints.mask[i]).sort((a, b) => a - b);
      return [simPoints.quantiles(field, [0.5, 0, 1]), mine];
    }""")
    (median, low, high), mine = told
    assert len(mine) == 2
    assert [low, high] == mine
    assert median == pytest.approx(sum(mine) / 2)


def test_pointing_at_a_point_tells_its_settings_and_its_outcome(page):
    place = page.evaluate("""() => {
      const { view } = simExplorer.charts.get('first');
      const mark = view.scenegraph().root.items[0].items.filter((m) => m.marktype === 'symbol').at(-1).items[0];
      const [x, y] = view.origin(), { left, top } = view.padding();
      return [mark.x + x + left, mark.y + y + top];
    }""")
    page.locator("#explorer-first canvas").hover(position={"x": place[0], "y": place[1]})
    tip = page.locator("#explorer-tip").inner_text()
    assert "weekly target" in tip
    assert "Arrivals by boat" in tip
    assert "2 replications" in tip


def test_an_interval_is_written_from_its_low_end_to_its_high_end(page):
    told, low, high = page.evaluate("""() => {
      const field = simPoints.fields.get('arrivals');
      const outcome = simPoints.data.outcomes.find((each) => each.name === 'arrivals');
      return [simPoints.withInterval(field, 0), ...[outcome.low, outcome.high].map((end) => end[0])];
    }""")
    assert low < high
    ends = [f"+{figures(end)}" if end > 0 else figures(end) for end in (low, high)]
    assert told.endswith(f"(95 % interval {ends[0]} to {ends[1]})")


def test_points_that_meet_the_aim_are_counted_whether_surely_or_not(page):
    met = page.evaluate("() => { simPoints.data.aim = { meets: [0, 1, 2, 0] }; return simPoints.meeting(); }")
    assert met == 2


def test_a_range_outside_the_data_is_said_in_words(page):
    page.locator(UNITS).fill("999")
    page.locator(UNITS).press("Tab")
    page.wait_for_function("() => simPoints.count === 0")
    card = page.locator("fieldset", has=page.locator(UNITS))
    assert "nothing from 999 on; the values go from " in card.locator(".fault").inner_text()
    assert page.locator(UNITS).get_attribute("aria-invalid") == "true"
    assert "to 120" not in page.locator(WORDS).inner_text().partition(";")[0]


def test_the_points_listed_are_the_middle_ones_until_a_reader_asks_for_an_end(page):
    caption = page.locator("#explorer-points caption")
    assert "nearest to the median" in caption.inner_text()
    page.locator("#explorer-sort").select_option("high")
    page.wait_for_function("() => document.querySelector('#explorer-points caption').textContent.includes('highest')")
    told = page.evaluate("""() => [...document.querySelectorAll('#explorer-points tbody tr')].map((row) =>
      Number(row.cells[1].textContent.split(' (')[0].replace('\\u2212', '-').replace(/,/g, '')))""")
    assert told == sorted(told, reverse=True)
    assert len(told) == 4


def test_the_script_writes_numbers_as_the_tables_of_the_page_do(page):
    values = [1225.0, 1235.0, -1.4349999, 0.26650000000000001, 12.25, 1e-5, -0.04, 0.0, 99.95, 123456789.0, 2.675]
    shares, amounts = page.evaluate(
        """(values) => {
      const share = { unit: '% of the baseline' }, amount = { unit: 'people' };
      return [share, amount].map((field) => values.map((v) => simPoints.told(field, v)));
    }""",
        values,
    )
    assert shares == [tenths(v) for v in values]
    assert amounts == [figures(v) for v in values]


def test_harmful_names_stay_text_in_what_the_script_writes(visit, hostile_explorer):
    watched = visit(hostile_explorer).scrolled()
    assert watched.page.evaluate("() => window.hacked") is None
    assert watched.faults == []
