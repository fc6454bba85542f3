"""Search and rescue: vessels, calls for help, and deaths where no vessel is free."""

import numpy as np
import pytest
from worlds import boats, count, run, same, times, toy

from sim.processes.world import build_world, run_tables
from sim.records.recorder import BoatEnd, Happened

FATAL = {
    "passage.incident_share": 1, "passage.incident_per_wave_m": 0, "passage.incident_per_crowding": 0,
    "passage.reference_distance_km": 1, "passage.deaths_per_incident": 1, "passage.speed_spread": 0,
}  # fmt: skip
THRICE = {**FATAL, "rescue.unrescued_ratio": 3, "gangs.fill_at_least": 1}
CROWD = {"theatre.inflow.people_per_year": {2025: 20_000}}
ONE_CALL_A_NIGHT = {**THRICE, **CROWD, "rescue.vessels": 1, "rescue.hours_busy": 14}


def dead_by_night(world) -> list[list[int]]:
    """Dead of each boat, by night and in order of calls: all boats are equally fast, and all turn back or none."""
    rows = boats(world)
    return [[row.dead for row in rows if int(row.launched) == night] for night in {int(r.launched) for r in rows}]


def test_with_vessels_enough_only_those_die_whom_nobody_could_have_helped():
    assert {row.dead for row in boats(run({**THRICE, "rescue.vessels": 1000}))} == {1}


def test_without_vessels_more_die():
    assert {row.dead for row in boats(run({**THRICE, "rescue.vessels": 0}))} == {3}


def test_nobody_dies_for_want_of_a_vessel_where_nothing_happens():
    assert count(run({"rescue.vessels": 0, "rescue.unrescued_ratio": 10}), Happened.DIED) == 0


def test_vessels_that_are_always_free_make_no_difference():
    free = {**FATAL, "passage.incident_share": 0.01, "passage.turn_back_share": 0.3, "rescue.vessels": 1000}
    one, other = (run_tables(run({**free, "rescue.unrescued_ratio": ratio})) for ratio in (1, 10))
    assert one["daily"]["deaths"].sum() > 0
    assert same(one, other) == []


def test_one_vessel_answers_the_nights_first_call():
    nights = [dead for dead in dead_by_night(run(ONE_CALL_A_NIGHT)) if len(dead) > 1]
    assert len(nights) > 20
    assert all(dead == [1] + [3] * (len(dead) - 1) for dead in nights)


def test_a_boat_brought_back_keeps_a_vessel_busy_too():
    world = run({**ONE_CALL_A_NIGHT, "passage.incident_share": 0.5 / 30, "passage.turn_back_share": 0.999999})
    nights = [dead for dead in dead_by_night(world) if len(dead) > 1]
    assert {dead[0] for dead in nights} == {0, 1}
    assert {others for dead in nights for others in dead[1:]} == {0, 3}


def test_a_vessel_is_free_again_after_its_hours():
    free_from, dead = 0.0, []
    rows = boats(run({**ONE_CALL_A_NIGHT, "rescue.hours_busy": 0.5}))
    for row in rows:
        called = (row.launched + row.ended) / 2
        dead.append(1 if called >= free_from else 3)
        free_from = called + 0.5 / 24 if called >= free_from else free_from
    assert [row.dead for row in rows] == dead
    assert 0.1 < dead.count(3) / len(dead) < 0.9


def test_vessels_change_on_the_levers_date():
    lever = {"search_and_rescue": {"from": "2025-01-21", "vessels": 0}}
    rows = boats(run({**THRICE, "rescue.vessels": 1000, "levers": [lever]}))
    dead = {late: {row.dead for row in rows if (row.launched >= 20) == late} for late in (False, True)}
    assert dead == {False: {1}, True: {3}}


def test_deaths_are_on_record_while_the_boat_is_still_at_sea():
    first = min(boats(run(FATAL)))
    world = build_world(toy(FATAL), 0)
    world.env.run(until=first.launched + 0.6 * (first.ended - first.launched))
    assert not boats(world)
    assert count(world, Happened.DIED) >= first.dead > 0
    assert times(world, Happened.DIED)[0] == pytest.approx((first.launched + first.ended) / 2)


def test_every_death_is_reported_whether_help_came_or_not():
    world = run({**ONE_CALL_A_NIGHT, "passage.turn_back_share": 0.3})
    tables, dead = run_tables(world), sum(row.dead for row in boats(world))
    assert dead == count(world, Happened.DIED) > 0
    assert tables["daily"]["deaths"].sum() == tables["sectors"]["deaths"].sum() == dead
    assert {row.end for row in boats(world) if row.dead} == {BoatEnd.ARRIVED, BoatEnd.TURNED_BACK}


def test_survivors_remember_each_crossing_on_which_someone_died():
    world = run({**FATAL, "passage.turn_back_share": 0.5, "passage.incident_share": 0.3 / 30})
    deadly = [row for row in boats(world) if row.dead]
    assert world.people.seen_deaths.sum() == sum(row.people - row.dead for row in deadly) > 0
    assert world.people.seen_deaths.max() > 1
    assert (world.people.seen_deaths <= world.people.attempts).all()


def test_crowded_boats_turn_back_more_often():
    def share(seats: int) -> float:
        crowded = {"passage.turn_back_share": 0.3, "passage.turn_back_per_crowding": 2, "passage.reference_people": 10}
        rows = boats(run({**crowded, **CROWD, "gangs.seats_per_boat": {2025: seats}, "gangs.fill_at_least": 1}))
        return float(np.mean([row.end == BoatEnd.TURNED_BACK for row in rows]))

    assert share(5) < share(10) < share(40)
