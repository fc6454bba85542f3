"""What gangs choose of a night: whether, where, how, when, how full; and what they learn from it."""

from collections import Counter

import numpy as np
import pytest
from worlds import BoatEnd, boats, run, toy

from sim.domain.tactics import Boarding, Sea, Timing, place_of
from sim.processes.gang import reads_the_sea
from sim.processes.world import build_world

BUSY = {"theatre.inflow.people_per_year": {2025: 20_000}}
WATCHED = {
    **BUSY, "patrols.units": 8, "patrols.night_share": 1, "patrols.allocation": "fixed",
    "patrols.sweep_km_per_unit": 60,
    "patrols.stop_beach": 1, "patrols.stop_taxi": 0, "patrols.busy_hours": 6, "gangs.choice_temperature_gbp": 5000,
    "gangs.learning_rate": 0.2, "until": "2025-04-10",
}  # fmt: skip
LOOSE = {"gangs.choice_temperature_gbp": 50_000, "until": "2025-04-10"}


def later(world, day: float = 50) -> list:
    """Launches once gangs have learned."""
    return [boat for boat in boats(world) if boat.launched > day]


def test_gangs_turn_to_taxi_boats_where_beaches_are_watched():
    shares = {}
    for stop in (0, 1):
        world = run({**WATCHED, **LOOSE, "gangs.taxi_share": 0.3, "gangs.taxi_cost_gbp": 0, "patrols.stop_beach": stop})
        shares[stop] = np.mean([boat.taxi for boat in later(world)])
    assert shares[0] == pytest.approx(0.3, abs=0.12)
    assert shares[1] > shares[0] + 0.1


def test_dear_taxi_boats_are_used_less():
    cheap, dear = (
        np.mean(
            [boat.taxi for boat in later(run({**BUSY, **LOOSE, "gangs.taxi_share": 0.5, "gangs.taxi_cost_gbp": gbp}))]
        )
        for gbp in (0, 50_000)
    )
    assert cheap == pytest.approx(0.5, abs=0.12)
    assert dear == pytest.approx(1 / (1 + np.e), abs=0.12)


def test_gangs_leave_a_coast_that_is_watched():
    sectors = [
        {"node": name, "length_km": 30, "exposure": 1.0, "fixed_patrol_share": share}
        for name, share in (("west", 1.0), ("east", 0.0))
    ]
    used = Counter(boat.sector for boat in later(run({**WATCHED, "theatre.sectors": sectors})))
    assert used[1] > 2 * used[0]


def test_boats_launched_together_leave_within_the_half_hour_and_the_others_do_not():
    spread = {}
    for timing in Timing:
        world = build_world(toy({**BUSY, "gangs.choice_temperature_gbp": 1}), 0)
        world.market.lessons.timing[:, timing] += 1e6
        world.env.run(until=10)
        hours = [24 * (boat.launched % 1) for boat in boats(world) if 5 <= boat.launched < 6 and boat.sector == 0]
        spread[timing] = max(hours) - min(hours)
    assert spread[Timing.TOGETHER] <= 0.5
    assert spread[Timing.APART] > 0.5


def test_launching_together_swamps_patrols():
    stopped = {}
    for timing in Timing:
        world = build_world(toy({**WATCHED, "patrols.units": 2, "gangs.choice_temperature_gbp": 1}), 0)
        world.market.lessons.timing[:, timing] += 1e9
        world.env.run(until=60)
        stopped[timing] = np.mean([boat.end == BoatEnd.PREVENTED for boat in boats(world)])
    assert stopped[Timing.TOGETHER] < stopped[Timing.APART]


def test_a_fuller_boat_pays_better_and_is_chosen_more_often():
    world = run({**BUSY, "gangs.crowding": 1.5, "gangs.choice_temperature_gbp": 5000, "until": "2025-04-10"})
    loads = Counter(boat.people for boat in later(world))
    assert loads[15] > loads[5]


def test_on_a_calm_night_a_gang_always_goes():
    world = build_world(toy({"gangs.waiting_worth": 1, "gangs.wave_limit_m": 10}), 0)
    assert reads_the_sea(world, 0, 3, 0) is Sea.CALM


def test_on_a_fair_night_a_gang_waits_if_such_nights_have_cost_it_more_than_waiting():
    fair = {"gangs.waiting_worth": 1, "gangs.wave_limit_m": 0.15, "gangs.choice_temperature_gbp": 1000}
    world = build_world(toy(fair), 0)
    lessons = world.market.lessons.sea
    lessons[0] = [20_000, -20_000]
    assert reads_the_sea(world, 0, 3, 0) is None
    lessons[0] = [-20_000, 20_000]
    assert reads_the_sea(world, 0, 3, 0) is Sea.FAIR


def test_above_its_wave_limit_a_gang_stays_ashore_whatever_it_earned():
    world = build_world(toy({"gangs.wave_limit_m": 0.05}), 0)
    world.market.lessons.sea[:] = 1e9
    assert reads_the_sea(world, 0, 3, 0) is None


def test_a_gang_learns_what_a_launch_brought_and_for_the_place_before_the_cost_of_going_there():
    world = run({"gangs.learning_rate": 1, "gangs.firms": 1, "gangs.firms_at_most": 1, "gangs.nightly_boats": 1,
                 "gangs.other_cost_gbp_per_seat": 0, "gangs.distance_gbp_per_km": 100})  # fmt: skip
    last, lessons = boats(world)[-1], world.market.lessons
    place = lessons.place[0, place_of(last.sector, Boarding.BEACH)]
    assert place == pytest.approx(last.people * world.market.price[0], rel=0.2)  # at the price of when they joined
    assert 1000 in [round(place - profit, 6) for profit in lessons.timing[0]]  # ten km to the beach


def test_launches_of_all_gangs_are_seen_and_forgotten():
    world = run({"gangs.smoothing_days": 1})
    assert 0 < world.market.launches_seen.sum() < len(boats(world)) / 4


def test_boats_of_conspicuous_gangs_are_found_more_often():
    world = run({**WATCHED, "gangs.stealth_spread": 1.5, "gangs.firms": 6, "gangs.firms_at_most": 6,
                 "patrols.sweep_km_per_unit": 10})  # fmt: skip
    gangs = range(6)
    stopped = [np.mean([b.end == BoatEnd.PREVENTED for b in boats(world) if b.gang == gang] or [0]) for gang in gangs]
    assert np.corrcoef(np.log(world.market.conspicuous), stopped)[0, 1] > 0.5


@pytest.mark.parametrize(("kept", "same"), [(1, True), (0, False)])
def test_those_stopped_stay_with_the_gang_that_holds_their_fare(kept, same):
    turned = {"passage.turn_back_share": 0.5, "migrants.guarantee_kept_share": kept, "gangs.firms": 6,
              "gangs.firms_at_most": 6}  # fmt: skip
    world = build_world(toy(turned), 0)
    tried: dict[int, set[int]] = {}
    for day in range(1, 40):
        world.env.run(until=day + 0.999)
        for person in np.flatnonzero(world.people.attempts > 0).tolist():
            if world.people.gang[person] >= 0:
                tried.setdefault(person, set()).add(int(world.people.gang[person]))
    repeaters = [gangs for person, gangs in tried.items() if world.people.failures[person]]
    assert all(len(gangs) == 1 for gangs in repeaters) is same


def test_discouragement_grows_less_with_each_further_failure():
    weary = {"migrants.nerve_gbp": 1e4, "migrants.nerve_spread": 0}
    world = build_world(toy(weary), 0)
    ids = np.arange(4)
    world.people.failures[ids] = [0, 1, 3, 7]
    assert np.diff(world.coast.effort(ids)) == pytest.approx(1e4)
