"""The day's shared moments, and the half-open run: an event at `until` does not happen."""

import pytest
import simpy
from worlds import run, toy

from sim.processes.moments import Clock
from sim.processes.world import build_world, run_tables
from sim.scenario import load_scenario

RHYTHM = load_scenario("base").rules.rhythm


def strokes(moment: str, days: float) -> list[float]:
    """When a moment strikes within some days."""
    env = simpy.Environment()
    clock, heard = Clock(env), []

    def listener():
        while True:
            yield getattr(clock, moment).next
            heard.append(env.now)

    env.process(clock.run(RHYTHM))
    env.process(listener())
    env.run(until=days)
    return heard


@pytest.mark.parametrize("moment", ["dawn", "noon", "dusk", "count"])
def test_each_moment_strikes_once_a_day_at_its_hour(moment):
    hour = getattr(RHYTHM, f"{moment}_hour") / 24
    assert strokes(moment, 3) == pytest.approx([hour, 1 + hour, 2 + hour])


def test_midnight_strikes_exactly_on_the_day():
    assert strokes("midnight", 800) == list(range(800))


def test_a_stroke_exactly_at_the_horizon_does_not_happen():
    assert strokes("midnight", 3) == [0, 1, 2]
    assert strokes("noon", 2.5) == [0.5, 1.5]


def test_those_who_wait_are_woken_in_the_order_in_which_they_began_to_wait():
    env = simpy.Environment()
    clock, heard = Clock(env), []

    def listener(name: str):
        yield clock.noon.next
        heard.append(name)

    env.process(clock.run(RHYTHM))
    for name in "abc":
        env.process(listener(name))
    env.run(until=1)
    assert heard == ["a", "b", "c"]


def test_today_is_the_whole_day():
    world = build_world(toy(), 0)
    world.env.run(until=7.97)
    assert world.clock.today == 7


def test_a_run_counts_as_many_days_as_it_simulates(calm):
    daily = run_tables(calm)["daily"]
    assert {len(column) for name, column in daily.items() if name != "date"} == {40}
    assert daily["date"].names[[0, -1]].tolist() == ["2025-01-01", "2025-02-09"]


def test_nothing_happens_at_or_after_the_horizon(calm):
    assert max(calm.recorder.time) < calm.scenario.horizon_days


def test_a_run_of_one_day_is_a_run():
    assert len(run_tables(run({"until": "2025-01-02"}))["daily"]["arrivals"]) == 1
