"""The night: boats, waves, patrols, fares, crowding, deaths."""

import numpy as np
import pytest
from worlds import boats, count, run, toy, who

from sim.domain.population import Place
from sim.processes.world import build_world, run_tables
from sim.records.recorder import BoatEnd, Happened

WATCHED = {
    "patrols.units": 2, "patrols.night_share": 1, "patrols.allocation": "fixed", "patrols.sweep_km_per_unit": 1e6,
    "patrols.stop_beach": 1, "patrols.busy_hours": 12, "patrols.late_shift_hour": 12,
}  # fmt: skip
EVERYONE_STOPPED = {**WATCHED, "patrols.units": 1000, "patrols.busy_hours": 0.1}
EVERY_BOAT = {
    "passage.incident_share": 1, "passage.incident_per_wave_m": 0, "passage.incident_per_crowding": 0,
    "passage.reference_distance_km": 1,
}  # fmt: skip
DEADLY = {**EVERY_BOAT, "passage.deaths_per_incident": 3, "passage.turn_back_share": 0.3}
ALL_DIE = {**EVERY_BOAT, "passage.deaths_per_incident": 1e9}


def nights(rows) -> list[tuple[int, int]]:
    """(night, sector) of each of these launches."""
    return [(int(row.launched), row.sector) for row in rows]


def test_without_boats_nobody_arrives():
    world = run({"gangs.boats_at_start": 0, "gangs.seized_share": 1})
    assert count(world, Happened.ARRIVED) == count(world, Happened.TRIED) == 0
    assert world.people.count[Place.CUSTOMER] > 300


def test_without_people_nobody_arrives():
    world = run({"coast.people_at_start": 0, "theatre.inflow.people_per_year": {2025: 1e-6}})
    assert len(world.recorder.code) == 0
    assert run_tables(world)["daily"]["arrivals"].tolist() == [0] * 40


def test_on_a_calm_sea_without_patrols_everyone_arrives(calm):
    assert count(calm, Happened.ARRIVED) == count(calm, Happened.TRIED) > 400
    assert count(calm, Happened.PREVENTED) == count(calm, Happened.TURNED_BACK) == count(calm, Happened.DIED) == 0


def test_without_patrols_nobody_is_prevented():
    world = run({"passage.turn_back_share": 0.2, "patrols.units": 0})
    assert count(world, Happened.PREVENTED) == 0
    assert count(world, Happened.TURNED_BACK) > 0


def test_where_every_launch_is_found_and_stopped_nobody_arrives():
    world = run(EVERYONE_STOPPED)
    assert count(world, Happened.ARRIVED) == 0
    assert count(world, Happened.PREVENTED) == count(world, Happened.TRIED) > 0


def test_a_patrol_that_finds_but_cannot_stop_lets_everyone_pass():
    world = run({**EVERYONE_STOPPED, "gangs.taxi_share": 1, "patrols.stop_taxi": 0})
    assert count(world, Happened.PREVENTED) == 0


def test_boats_from_the_water_are_stopped_at_their_own_share():
    world = run({**EVERYONE_STOPPED, "gangs.taxi_share": 1, "patrols.stop_beach": 0, "patrols.stop_taxi": 1})
    assert count(world, Happened.ARRIVED) == 0


def test_simultaneous_launches_beyond_the_units_are_not_stopped():
    world = run({**WATCHED, "theatre.inflow.people_per_year": {2025: 20_000}})
    launched, stopped = nights(boats(world)), nights(boats(world, BoatEnd.PREVENTED))
    assert max(launched.count(cell) for cell in launched) > 1
    assert {cell: stopped.count(cell) for cell in launched} == dict.fromkeys(launched, 1)


def test_a_second_unit_stops_a_second_boat():
    world = run({**WATCHED, "patrols.units": 4, "theatre.inflow.people_per_year": {2025: 20_000}})
    launched, stopped = nights(boats(world)), nights(boats(world, BoatEnd.PREVENTED))
    assert {cell: stopped.count(cell) for cell in launched} == {cell: min(2, launched.count(cell)) for cell in launched}


def test_a_unit_free_again_stops_the_next_boat():
    world = run({**WATCHED, "patrols.busy_hours": 1e-9})
    assert not boats(world, BoatEnd.ARRIVED)


def test_no_boat_is_launched_above_the_wave_limit():
    assert not boats(run({"gangs.wave_limit_m": 0.05}))


def test_the_wave_limit_keeps_boats_ashore_on_rough_nights_only():
    world = run({"theatre.weather.log_spread": 0.5, "gangs.wave_limit_m": 0.1})
    waves = [row.wave_m for row in boats(world)]
    assert waves
    assert max(waves) <= 0.1 < world.sea.wave_m.max()


def test_a_more_exposed_sector_has_higher_waves():
    sheltered, exposed = (
        {"node": name, "length_km": 30, "exposure": exposure, "fixed_patrol_share": 0.5}
        for name, exposure in (("west", 1.0), ("east", 3.0))
    )
    world = run({"theatre.sectors": [sheltered, exposed], "gangs.wave_limit_m": 0.2})
    assert {row.sector for row in boats(world)} == {0}


def test_a_gang_that_misreads_the_forecast_may_launch_into_waves():
    world = run(
        {"theatre.weather.forecast_log_error": 0.8, "gangs.wave_limit_m": 0.1, "theatre.weather.log_spread": 0.3}
    )
    assert any(row.wave_m > 0.1 for row in boats(world))


def test_a_boat_waits_until_it_is_full_enough():
    world = run({"gangs.fill_at_least": 1, "gangs.seats_per_boat": {2025: 37}})
    assert {row.people for row in boats(world)} == {37}


def test_no_gang_launches_more_boats_a_night_than_its_crews():
    world = run({"gangs.nightly_boats": 2, "theatre.inflow.people_per_year": {2025: 40_000}})
    gang_nights = [(row.gang, int(row.launched)) for row in boats(world)]
    assert {gang_nights.count(one) for one in gang_nights} == {2}


def test_boats_leave_within_the_launching_hours(calm):
    rhythm = calm.rules.rhythm
    hours = [row.launched % 1 * 24 for row in boats(calm)]
    assert rhythm.launch_from_hour <= min(hours) <= max(hours) <= rhythm.launch_to_hour


def test_a_crossing_takes_distance_over_speed(calm):
    hours = [(row.ended - row.launched) * 24 for row in boats(run({"passage.speed_spread": 0}))]
    assert hours == pytest.approx([30 / calm.rules.passage.speed_km_per_hour] * len(hours))


def test_a_boat_turned_back_comes_back_after_half_the_way():
    world = run({"passage.speed_spread": 0, "passage.turn_back_share": 0.999999})
    hours = [(row.ended - row.launched) * 24 for row in boats(world, BoatEnd.TURNED_BACK)]
    assert hours == pytest.approx([15 / world.rules.passage.speed_km_per_hour] * len(hours))


def test_after_a_failure_people_rest_and_try_again():
    world = run({"passage.turn_back_share": 0.5, "coast.rest_days": 2})
    tried = np.bincount(who(world, Happened.TRIED))
    assert tried.max() > 1
    assert (world.people.attempts[: len(tried)] == tried).all()


def test_failures_and_tries_are_counted_by_person():
    world = run({"passage.turn_back_share": 0.5})
    assert (
        np.bincount(who(world, Happened.TURNED_BACK), minlength=len(world.people)).tolist()
        == world.people.failures.tolist()
    )


def test_a_failed_try_costs_no_fare():
    world = run(EVERYONE_STOPPED)
    assert count(world, Happened.PREVENTED) > 0
    assert -world.accounts.balance["people"] == pytest.approx(world.people.fare_gbp.sum())


def test_a_fare_is_held_in_escrow_until_the_boat_arrives():
    world = build_world(toy(), 0)
    world.env.run(until=1.0)  # the first boats leave after midnight
    paid = -world.accounts.balance["people"]
    assert paid == pytest.approx(world.accounts.balance["escrow"]) == pytest.approx(world.people.fare_gbp.sum())
    assert paid > 0


def test_fares_of_those_who_arrive_go_to_their_gangs(calm):
    held = calm.people.fare_gbp > 0
    waiting = np.isin(calm.people.place_view, [Place.CUSTOMER, Place.ABOARD])
    assert (held == waiting).all()
    assert -calm.accounts.balance["people"] > calm.accounts.balance["escrow"]


def test_the_fare_of_the_dead_goes_back_to_their_families():
    world = run(ALL_DIE)
    assert count(world, Happened.DIED) > 0
    assert -world.accounts.balance["people"] == pytest.approx(world.people.fare_gbp.sum())


def test_minors_pay_their_share_of_the_fare():
    world = build_world(toy({"theatre.ages.unaccompanied_minor_share": 0.5, "gangs.minors_fare_share": 0.25}), 0)
    world.env.run(until=0.3)
    customers = world.people.at(Place.CUSTOMER)
    alone = ~world.people.attributes.in_scope[customers]
    fares = world.people.fare_gbp[customers]
    assert set(fares[alone]) == {fares[~alone].max() / 4}


def test_boats_are_loaded_beyond_full_when_boats_are_short():
    world = run({"gangs.boats_at_start": 1, "gangs.squeeze_at_most": 1.5, "coast.people_at_start": 60})
    first_night = [row.people for row in boats(world) if row.launched < 2]
    assert first_night == [15, 15]


def test_loads_lie_as_far_below_full_as_above():
    world = run({"gangs.crowding": 1.5, "theatre.inflow.people_per_year": {2025: 20_000}})
    assert {row.people for row in boats(world)} >= {5, 10, 15}


def test_boats_are_not_squeezed_while_there_are_boats_enough():
    world = run({"gangs.squeeze_at_most": 1.5})
    assert max(row.people for row in boats(world)) == 10


def test_every_death_is_recorded_everywhere():
    world = run(DEADLY)
    tables = run_tables(world)
    dead = world.people.in_place(Place.DEAD)
    assert dead > 0
    assert tables["daily"]["deaths"].sum() == tables["groups"]["deaths"].sum() == dead
    assert sum(row.dead for row in boats(world)) == tables["sectors"]["deaths"].sum() == dead
    assert tables["people"]["outcome"].where("died").sum() == dead


def test_nobody_dies_twice_and_the_dead_do_nothing_more():
    world = run(DEADLY)
    dead = who(world, Happened.DIED)
    last = dict(zip(world.recorder.person, world.recorder.code, strict=True))
    assert len(dead) == len(set(dead))
    assert {last[person] for person in dead} == {Happened.DIED}


def test_nobody_dies_on_the_beach():
    world = run({**DEADLY, **EVERYONE_STOPPED})
    assert count(world, Happened.DIED) == 0


def test_survivors_of_an_incident_arrive_or_are_brought_back():
    world = run(DEADLY)
    assert {row.end for row in boats(world) if row.dead} == {BoatEnd.ARRIVED, BoatEnd.TURNED_BACK}
    ends = (Happened.ARRIVED, Happened.TURNED_BACK, Happened.DIED)
    assert sum(row.people for row in boats(world)) == sum(count(world, end) for end in ends)


def test_a_boat_on_which_all_die_takes_no_place_at_the_centre():
    world = run({**ALL_DIE, "centre.places": 20})
    assert count(world, Happened.DIED) > 300
    assert world.centre.places.level == 20
