"""Patrols in whole worlds against theory: random search, points in series, the security game's mixed strategy."""

import sys
from math import sqrt
from pathlib import Path

import numpy as np

from sim.domain.patrolling import coverage, detection_chance, stopped_in_series
from sim.records.recorder import BoatEnd

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "functional"))  # the toy strait of the functional tests

from worlds import SECTORS, boats, run

LIMIT, WORLDS = 4.0, 4
CROWD = {"theatre.inflow.people_per_year": {2025: 20_000}}
WATCH = {
    **CROWD, "patrols.night_share": 1, "patrols.allocation": "fixed", "patrols.busy_hours": 1e-9,
    "patrols.sweep_km_per_unit": 10, "patrols.stop_beach": 1,
}  # fmt: skip


def z_of_share(hits: int, trials: int, expected: float) -> float:
    return (hits / trials - expected) / sqrt(expected * (1 - expected) / trials)


def launched_and_ended(changes: dict, *ends: BoatEnd) -> tuple[int, int]:
    """Launches of several worlds, and how many of them ended in one of these ways."""
    rows = [row for replication in range(WORLDS) for row in boats(run(changes, replication))]
    return len(rows), sum(row.end in ends for row in rows)


def test_launches_are_found_as_random_search_says():
    for units in (2, 6, 12):
        launched, found = launched_and_ended({**WATCH, "patrols.units": units}, BoatEnd.PREVENTED)
        assert launched > 700
        assert abs(z_of_share(found, launched, detection_chance(coverage(units / 2, 10, 30)))) < LIMIT


def test_the_beach_and_the_water_are_points_in_series():
    both = {
        **WATCH, "patrols.units": 4, "patrols.stop_taxi": 0.6, "gangs.taxi_share": 1, "maritime.teams": 3,
        "maritime.sweep_km_per_team": 20, "maritime.stop_share": 0.7, "maritime.busy_hours": 1e-9,
    }  # fmt: skip
    beach, water = 0.6 * detection_chance(coverage(2, 10, 30)), 0.7 * detection_chance(coverage(3, 20, 60))
    launched, stopped = launched_and_ended(both, BoatEnd.PREVENTED, BoatEnd.INTERCEPTED)
    assert abs(z_of_share(stopped, launched, stopped_in_series([beach, water]))) < LIMIT


def test_a_security_game_of_values_3_and_1_is_played_at_0_75_and_0_25():
    sectors = [{**sector, "fixed_patrol_share": share} for sector, share in zip(SECTORS, (0.75, 0.25), strict=True)]
    game = {
        "coast.people_at_start": 0, "theatre.inflow.people_per_year": {2025: 1e-6}, "theatre.sectors": sectors,
        "patrols.units": 1, "patrols.night_share": 1, "patrols.sweep_km_per_unit": 30,
        "patrols.allocation": "security_game", "until": "2027-07-01",
    }  # fmt: skip
    units = np.array(run(game).recorder.stocks["sector_units"])
    assert set(units.sum(axis=1)) == {1}
    assert abs(z_of_share(int(units[:, 0].sum()), len(units), 0.75)) < LIMIT
