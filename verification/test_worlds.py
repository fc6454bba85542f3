"""Whole worlds against theory: stops, tries, the attempt chain, and common random numbers."""

import sys
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from sim.domain.patrolling import coverage, detection_chance
from sim.domain.population import Place
from sim.processes.world import run_tables, simulate
from sim.records.recorder import BoatEnd, Happened
from sim.scenario import load_scenario

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "functional"))  # the toy strait of the functional tests

from worlds import boats, count, run, who, with_exchange

LIMIT, WORLDS = 4.0, 20


def z_of_share(hits: int, trials: int, expected: float) -> float:
    return (hits / trials - expected) / sqrt(expected * (1 - expected) / trials)


def z_of_mean(values: list[float] | np.ndarray, expected: float) -> float:
    return (np.mean(values) - expected) / (np.std(values, ddof=1) / sqrt(len(values)))


def test_a_watched_coast_stops_launches_as_random_search_says():
    watch = {"patrols.units": 4, "patrols.night_share": 1, "patrols.allocation": "fixed", "patrols.busy_hours": 1e-9,
             "patrols.sweep_km_per_unit": 10, "patrols.stop_beach": 0.6}  # fmt: skip
    worlds = [run(watch, replication) for replication in range(WORLDS)]
    launched, stopped = (sum(len(boats(w, end)) for w in worlds) for end in (None, BoatEnd.PREVENTED))
    assert abs(z_of_share(stopped, launched, 0.6 * detection_chance(coverage(2, 10, 30)))) < LIMIT


def test_boats_turn_back_as_often_as_stated():
    worlds = [run({"passage.turn_back_share": 0.3, "passage.turn_back_per_wave_m": 0}, n) for n in range(WORLDS)]
    launched, turned = (sum(len(boats(w, end)) for w in worlds) for end in (None, BoatEnd.TURNED_BACK))
    assert abs(z_of_share(turned, launched, 0.3)) < LIMIT


def test_each_person_is_selected_with_the_selection_share():
    worlds = [run(with_exchange(selection_share=0.3), n) for n in range(WORLDS)]
    registered, chosen = (sum(count(w, h) for w in worlds) for h in (Happened.REGISTERED, Happened.SELECTED))
    assert abs(z_of_share(chosen, registered, 0.3)) < LIMIT


def test_the_attempt_chain_has_its_known_flows():
    """Every passage fails with p, every arrival is returned with r, and of those returned a share s tries again.

    Nobody is discouraged (d = 0). Boats of one seat make the passengers' fates independent.
    """
    p, r, s = 0.35, 0.05, 0.5
    chain = {
        **with_exchange(selection_share=r), "after_return.recognised_selection_share": r, "until": "2025-03-12",
        "after_return.try_again_share": s, "after_return.claim_in_france_share": 1 - s, "after_return.retry_days": 0.1,
        "passage.turn_back_share": p, "passage.turn_back_per_wave_m": 0, "gangs.seats_per_boat": {2025: 1},
        "gangs.nightly_boats": 60, "gangs.boats_at_start": 100_000, "coast.rest_days": 0.1, "beliefs.own_weight": 1e-9,
        "theatre.inflow.people_per_year": {2025: 7000}, "coast.review_days": 0.5,
    }  # fmt: skip
    counted: dict[Happened, list[np.ndarray]] = {Happened.TRIED: [], Happened.ARRIVED: [], Happened.RETURNED: []}
    for replication in range(WORLDS):
        people = (world := run(chain, replication)).people
        early = (people.reach_day < 35) & (people.place_view != Place.NOT_YET)
        over = np.isin(people.place_view, [Place.ASYLUM, Place.DECIDED, Place.FRANCE_ASYLUM])
        assert over[early].all()  # all of them have come to an end of the chain
        for happened, columns in counted.items():
            columns.append(np.bincount(who(world, happened), minlength=len(people))[early])
    den = 1 - (p + (1 - p) * r * s)
    expected = (1 / den, (1 - p) / den, (1 - p) * r / den)
    for columns, mean in zip(counted.values(), expected, strict=True):
        assert abs(z_of_mean(np.concatenate(columns), mean)) < LIMIT


def test_the_stock_in_reception_obeys_littles_law():
    """Mean people in reception = returns per day x days of reception (finite window: those begun and ended in it)."""
    days = 6
    worlds = [
        run({**with_exchange(), "after_return.reception_days": days, "until": "2025-04-11"}, n) for n in range(WORLDS)
    ]
    gaps = []
    for world in worlds:
        stock = np.array([row[Place.RECEPTION] for row in world.recorder.stocks["places"]])[40:100]
        flown = np.frombuffer(world.recorder.time)[
            np.frombuffer(world.recorder.code, dtype=np.uint8) == Happened.RETURNED
        ]
        # at the evening's count a return of noon has stayed a fraction of a day: six evenings in all
        gaps.append(stock.mean() - ((flown >= 40 - days) & (flown < 100 - days)).sum() / 60 * days)
    assert abs(z_of_mean(gaps, 0.0)) < LIMIT


@pytest.mark.slow
def test_common_random_numbers_make_the_pilots_effect_five_times_sharper():
    """Standard deviation of the paired difference in arrivals, against that of independent runs."""
    replications = 12
    totals = {}
    for name in ("pilot", "no_exchange"):
        scenario = load_scenario(name)
        first = int(scenario.warm_up_days)
        totals[name] = np.array(
            [run_tables(simulate(scenario, n))["daily"]["arrivals"][first:].sum() for n in range(replications)],
            dtype=float,
        )
    paired = (totals["pilot"] - totals["no_exchange"]).std(ddof=1)
    independent = sqrt(totals["pilot"].var(ddof=1) + totals["no_exchange"].var(ddof=1))
    assert paired <= independent / 5
