"""The replay in the page of a run: it waits to be started, plays, stops, and obeys its slider, speed and keys."""

import pandas as pd
import pytest

PICTURE = "() => document.getElementById('replay-map').toDataURL()"
COLOURS = """() => {
  const map = document.getElementById("replay-map");
  const pixels = new Uint32Array(map.getContext("2d").getImageData(0, 0, map.width, map.height).data.buffer);
  return new Set(pixels).size;
}"""
STATE = "() => ({ playing: simReplay.playing, day: simReplay.day, days: simReplay.days, drawn: simReplay.drawn })"
ARRIVALS = """() => [...document.querySelectorAll('#replay-totals [data-key="arrivals"] td')]
  .map((cell) => Number(cell.textContent.replace('\\u2212', '-').replace(/[,+]/g, '')))"""
SECOND = 1000  # ms
MEASURED_FROM = "2025-08-06"


@pytest.fixture
def watched(visit, report):
    """The page with the replay in sight, on a clock that the test moves on."""
    found = visit(report, clock=True)
    found.page.locator("#replay-play").scroll_into_view_if_needed()
    found.page.wait_for_function("window.simReplay && simReplay.drawn > 0")
    return found


@pytest.fixture
def page(watched):
    return watched.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_is_drawn_in_the_colours_of_the_theme(visit, report, scheme):
    page = visit(report, color_scheme=scheme).page
    page.locator("#replay-map").scroll_into_view_if_needed()
    page.wait_for_function("window.simReplay && simReplay.drawn > 0")
    assert page.evaluate(COLOURS) > 30


def test_nothing_moves_before_it_is_started(page):
    before = page.evaluate(STATE)
    page.clock.run_for(3 * SECOND)
    after = page.evaluate(STATE)
    assert (after["playing"], after["day"]) == (False, before["day"])


def test_it_plays_and_pauses(page):
    play = page.locator("#replay-play")
    before, picture = page.evaluate(STATE), page.evaluate(PICTURE)
    play.click()
    page.clock.run_for(3 * SECOND)
    playing = page.evaluate(STATE)
    assert playing["playing"]
    assert playing["day"] > before["day"]
    assert playing["drawn"] > before["drawn"] + 10
    assert page.evaluate(PICTURE) != picture
    play.click()
    paused = page.evaluate(STATE)
    page.clock.run_for(3 * SECOND)
    assert not paused["playing"]
    assert page.evaluate(STATE)["day"] == paused["day"]


def test_the_slider_moves_the_day_the_date_and_the_picture(page):
    told, picture = page.locator("#replay-day").inner_text(), page.evaluate(PICTURE)
    page.locator("#replay-date").fill("60")
    page.clock.run_for(SECOND)
    assert int(page.evaluate(STATE)["day"]) == 60
    assert page.evaluate(PICTURE) != picture
    assert page.locator("#replay-day").inner_text() != told


def test_the_slider_shows_where_the_replay_is(page):
    page.evaluate("simReplay.show(30)")
    page.clock.run_for(100)
    assert page.locator("#replay-date").input_value() == "30"


def test_a_higher_speed_passes_more_days(page):
    passed = []
    for speed in ("1", "14"):
        page.locator("#replay-speed").select_option(speed)
        page.evaluate("simReplay.show(0)")
        page.evaluate("simReplay.play()")
        page.clock.run_for(3 * SECOND)
        page.evaluate("simReplay.pause()")
        passed.append(page.evaluate("simReplay.day"))
    assert passed[1] > 5 * passed[0] > 0


def test_it_is_worked_by_keyboard(page):
    page.locator("#replay-play").focus()
    page.keyboard.press("Space")
    assert page.evaluate("simReplay.playing")
    page.keyboard.press("Space")
    assert not page.evaluate("simReplay.playing")
    page.locator("#replay-date").focus()
    before = page.evaluate("simReplay.day")
    page.keyboard.press("ArrowRight")
    page.clock.run_for(100)
    assert page.evaluate("simReplay.day") > before


def test_it_ends_on_the_last_day_and_starts_anew_from_the_first(page):
    last = page.evaluate("simReplay.days") - 1
    page.evaluate("(day) => simReplay.show(day)", last)
    page.clock.run_for(SECOND)
    page.locator("#replay-play").click()
    page.clock.run_for(SECOND)
    state = page.evaluate(STATE)
    assert state["day"] < last or not state["playing"]


def test_another_scenario_is_another_picture(page):
    page.evaluate("simReplay.show(simReplay.days - 5)")
    page.clock.run_for(SECOND)
    picture = page.evaluate(PICTURE)
    page.locator("#replay-scenario").select_option(index=1)
    page.clock.run_for(SECOND)
    assert page.evaluate(PICTURE) != picture


def test_the_totals_of_a_day_are_sums_of_the_tables_from_the_first_measured_day_on(page, run_results):
    day, date = 60, "2025-08-30"  # from 1 July
    page.evaluate("(day) => simReplay.show(day)", day)
    page.clock.run_for(SECOND)
    daily = pd.read_parquet(run_results / "daily.parquet")
    daily = daily[daily["replication"] == page.evaluate("replayData.replications[0].replication")]
    window = daily[daily["date"].between(MEASURED_FROM, date)].groupby("scenario")["arrivals"].sum()
    here = daily[(daily["date"] == date) & (daily["scenario"] == "pilot")]["arrivals"].item()
    policy, base = window["pilot"], window["no_exchange"]
    assert policy != base
    assert page.evaluate(ARRIVALS) == [here, policy, base, policy - base]
    assert page.locator("#replay-day").inner_text().endswith("30 August 2025")


def test_every_death_of_the_tables_is_on_the_map(page, run_results):
    told = page.evaluate("""() => replayData.runs
      .flatMap((run) => replayData.run(run.scenario, run.replication).deaths)
      .reduce((all, each) => all + each.people, 0)""")
    assert told == pd.read_parquet(run_results / "daily.parquet")["deaths"].sum() > 0


def test_a_replay_that_was_played_leaves_no_fault(watched):
    watched.page.locator("#replay-play").click()
    watched.page.clock.run_for(3 * SECOND)
    watched.page.locator("#theme").click()
    watched.page.clock.run_for(SECOND)
    assert watched.faults == []
