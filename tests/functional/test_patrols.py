"""Patrols: shifts, whole units, saturation, the security game, teams on the water, and funding that becomes units."""

from math import exp

import numpy as np
import pytest
from worlds import SECTORS, boats, count, group, run, times

from sim.domain.population import Place
from sim.processes.world import run_tables
from sim.records.recorder import BoatEnd, Happened

CROWD = {"theatre.inflow.people_per_year": {2025: 20_000}}
NOBODY = {"coast.people_at_start": 0, "theatre.inflow.people_per_year": {2025: 1e-6}}
SHARP = {
    "patrols.night_share": 1, "patrols.allocation": "fixed", "patrols.sweep_km_per_unit": 1e6, "patrols.stop_beach": 1,
    "patrols.busy_hours": 12,
}  # fmt: skip
ONE_EACH = {**SHARP, **CROWD, "patrols.units": 2}
ON_THE_WATER = {
    "maritime.teams": 100, "maritime.sweep_km_per_team": 1e6, "maritime.stop_share": 1, "gangs.taxi_share": 0.5,
}  # fmt: skip
ONE_TEAM = {**ON_THE_WATER, **CROWD, "maritime.teams": 1, "maritime.busy_hours": 12, "gangs.taxi_share": 1}


def planned(west: float, east: float) -> list:
    """The two sectors with these shares of the units in the plan."""
    return [{**sector, "fixed_patrol_share": share} for sector, share in zip(SECTORS, (west, east), strict=True)]


def posted(world) -> np.ndarray:
    """Units on duty each evening; shape (days, sectors)."""
    return np.array(world.recorder.stocks["sector_units"])


def by_night(rows) -> list[list]:
    """Launches of each night in order of time; of two at one moment the one stopped, or else with deaths, first."""
    rows = sorted(rows, key=lambda row: (row.launched, row.ended, -row.dead))
    return [[row for row in rows if int(row.launched) == night] for night in {int(row.launched) for row in rows}]


# Shifts


def test_the_late_shift_brings_fresh_units():
    world = run({**ONE_EACH, "patrols.late_shift_hour": 3.5})
    watches = [(int(row.launched), row.sector, row.launched % 1 * 24 >= 3.5) for row in boats(world)]
    stopped = [row.end == BoatEnd.PREVENTED for row in boats(world)]
    found = {watch: sum(s for w, s in zip(watches, stopped, strict=True) if w == watch) for watch in watches}
    assert found == dict.fromkeys(watches, 1)
    assert max(watches.count(watch) for watch in watches) > 1
    assert {late for _, _, late in watches} == {False, True}


def test_without_a_change_of_shift_in_the_night_each_unit_finds_one():
    world = run({**ONE_EACH, "patrols.late_shift_hour": 12})
    cells = [(int(row.launched), row.sector) for row in boats(world)]
    stopped = [(int(row.launched), row.sector) for row in boats(world, BoatEnd.PREVENTED)]
    assert {cell: stopped.count(cell) for cell in cells} == dict.fromkeys(cells, 1)


def test_both_shifts_have_their_share_of_the_units():
    for late_hour in (22.0, 3.5):  # on duty when units are counted, just before midnight: the late shift, the early one
        watch = {**NOBODY, "patrols.units": 20, "patrols.night_share": 0.3, "patrols.late_shift_hour": late_hour}
        assert posted(run({**watch, "patrols.allocation": "fixed"})).tolist() == [[3, 3]] * 40


# Saturation


@pytest.mark.parametrize("units", [1, 2])
def test_of_the_boats_launched_within_the_hour_each_unit_can_stop_one(units):
    hour = {"rhythm.launch_from_hour": 1, "rhythm.launch_to_hour": 2, "rhythm.together_hours": 0.01}
    world = run({**SHARP, **CROWD, **hour, "patrols.units": 2 * units, "patrols.late_shift_hour": 12})
    for sector in (0, 1):
        nights = by_night(row for row in boats(world) if row.sector == sector)
        assert max(len(rows) for rows in nights) > 2
        for rows in nights:
            assert [row.end == BoatEnd.PREVENTED for row in rows] == [n < units for n in range(len(rows))]


def test_a_unit_is_free_again_after_its_busy_hours():
    world = run({**ONE_EACH, "patrols.late_shift_hour": 12, "patrols.busy_hours": 0.5})
    for sector in (0, 1):
        stopped = [row.launched * 24 for row in boats(world, BoatEnd.PREVENTED) if row.sector == sector]
        assert min(np.diff(stopped)) > 0.5
        assert min(np.diff(stopped)) < 1


# Whole units


def test_units_are_posted_whole_and_hardly_one_more_or_less_than_there_are():
    units = posted(run({**NOBODY, "patrols.units": 7, "patrols.night_share": 0.5, "patrols.allocation": "fixed"}))
    assert set(units.sum(axis=1)) == {3, 4}
    assert set(units.ravel()) == {1, 2}
    assert units.mean(axis=0) == pytest.approx([1.75, 1.75], abs=0.2)


def test_a_security_game_of_values_3_and_1_posts_its_unit_on_three_nights_in_four():
    game = {
        **NOBODY, "theatre.sectors": planned(0.75, 0.25), "patrols.units": 1, "patrols.night_share": 1,
        "patrols.sweep_km_per_unit": 30, "patrols.allocation": "security_game", "until": "2025-07-20",
    }  # fmt: skip
    units = posted(run(game))
    assert len(units) == 200
    assert set(units.sum(axis=1)) == {1}
    assert units.mean(axis=0) == pytest.approx([0.75, 0.25], abs=0.1)


def test_a_security_game_follows_the_gangs_to_their_beach():
    west_only = [{**sector, "exposure": 1.0 if sector["node"] == "west" else 1e6} for sector in SECTORS]
    game = {"theatre.sectors": west_only, "patrols.units": 1, "patrols.allocation": "security_game"}
    alone = {"patrols.night_share": 1, "patrols.allocation_fixed_weight": 0, "patrols.sweep_km_per_unit": 1}
    units = posted(run({**game, **alone}))
    assert units[-10:].tolist() == [[1, 0]] * 10


def test_launches_are_forgotten_within_the_memory_of_the_patrols():
    world = run({"patrols.allocation_memory_days": 5})
    west = [row for row in boats(world) if row.sector == 0]
    assert world.watch.recent_launches[0] == pytest.approx(sum(exp(-(40 - int(row.launched)) / 5) for row in west))


# Teams on the water


def test_teams_on_the_water_stop_just_the_boats_that_pick_people_up_there():
    world = run(ON_THE_WATER)
    assert {row.taxi for row in boats(world, BoatEnd.INTERCEPTED)} == {1}
    assert {row.taxi for row in boats(world, BoatEnd.ARRIVED)} == {0}
    assert not boats(world, BoatEnd.PREVENTED)


def test_people_intercepted_are_prevented_and_so_are_their_boats():
    world = run(ON_THE_WATER)
    tables, stopped = run_tables(world), boats(world, BoatEnd.INTERCEPTED)
    assert count(world, Happened.PREVENTED) == sum(row.people for row in stopped) > 0
    assert tables["daily"]["people_prevented"].sum() == count(world, Happened.PREVENTED)
    assert tables["daily"]["boats_prevented"].sum() == tables["sectors"]["boats_prevented"].sum() == len(stopped)


def test_people_intercepted_pay_nothing_and_may_try_again():
    world = run({**ON_THE_WATER, "gangs.taxi_share": 1})
    assert count(world, Happened.ARRIVED) == 0
    assert world.people.attempts.max() > 1
    assert -world.accounts.balance["people"] == pytest.approx(world.people.fare_gbp.sum())


def test_the_beach_comes_before_the_water():
    both = {**ON_THE_WATER, **SHARP, "patrols.units": 1000, "patrols.busy_hours": 0.1, "gangs.taxi_share": 1}
    assert not boats(run({**both, "patrols.stop_taxi": 1}), BoatEnd.INTERCEPTED)
    assert not boats(run({**both, "patrols.stop_taxi": 0}), BoatEnd.PREVENTED)


def test_one_team_meets_one_boat_a_night():
    nights = by_night(boats(run(ONE_TEAM)))
    assert max(len(rows) for rows in nights) > 2
    for rows in nights:
        assert [row.end == BoatEnd.INTERCEPTED for row in rows] == [True] + [False] * (len(rows) - 1)


def test_teams_come_and_go_on_their_dates():
    lever = {"maritime_interception": {"from": "2025-01-11", "until": "2025-01-21", "teams": 100}}
    world = run({**ON_THE_WATER, "maritime.teams": 0, "gangs.taxi_share": 1, "levers": [lever]})
    days = {int(day) for day in times(world, Happened.PREVENTED)}
    assert days == {int(row.launched) for row in boats(world) if 10 <= row.launched < 20}
    assert len(days) > 5


def test_a_boat_met_but_not_stopped_is_in_more_danger():
    rare = {"passage.incident_share": 1e-12, "passage.incident_per_crowding": 0, "passage.speed_spread": 0}
    trial = {**ONE_TEAM, **rare, "maritime.stop_share": 0, "maritime.incident_ratio": 1e15}
    for rows in by_night(boats(run(trial))):
        assert [row.dead > 0 for row in rows] == [True] + [False] * (len(rows) - 1)


# Funding


FUNDED = {
    "money.patrol_unit_gbp_per_day": 2, "money.patrol_uk_funded_share": 1, "patrols.units": 10,
    "patrols.night_share": 0.5, "patrols.allocation": "fixed", "theatre.groups": [group("people", grant_share=0)],
    "levers": [
        {"french_funding": {
            "from": "2025-01-11", "extra_funding_gbp_per_year": 2 * 365.25 * 40, "recruitment_days": 10,
        }}
    ],
}  # fmt: skip


def units_by_hand() -> np.ndarray:
    """Ten units, and forty more recruited within ten days on average from day 10 on."""
    return np.array([10 + (40 * (1 - exp(-(day - 10) / 10)) if day > 10 else 0) for day in range(40)])


def test_funding_becomes_units_gradually_from_its_day():
    units = posted(run({**NOBODY, **FUNDED})).sum(axis=1)
    assert (abs(units - units_by_hand() / 2) < 1).all()
    assert set(units[:11]) == {5}


def test_units_from_funding_cost_as_others_do():
    table = run_tables(run({**NOBODY, **FUNDED}))["costs"]
    gbp = np.asarray(table["gbp"])[table["item"].where("patrols")]
    assert gbp == pytest.approx(2 * units_by_hand())


def test_everybody_is_in_one_place_with_patrols_at_sea_and_on_the_beach():
    world = run({**ONE_EACH, **ON_THE_WATER, "maritime.teams": 1, "passage.turn_back_share": 0.3})
    people = world.people
    assert people.count == np.bincount(people.place_view, minlength=len(Place)).tolist()
    ends = (Happened.PREVENTED, Happened.TURNED_BACK, Happened.ARRIVED)
    assert count(world, Happened.TRIED) == sum(count(world, end) for end in ends)
    assert {row.end for row in boats(world)} == set(BoatEnd)
