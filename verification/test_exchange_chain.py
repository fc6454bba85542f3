"""Tries, failures, discouragement, returns and new tries flow as known, under the product's own rule of choice."""

import sys
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

from sim.domain.population import Place
from sim.processes.world import World
from sim.records.recorder import Happened

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "functional"))  # the toy strait of the functional tests

from worlds import run, who, with_exchange

LIMIT, WORLDS, EARLY = 4.0, 16, 40
FAILED, DISCOURAGED, RETURNED, RETRIED = 0.35, 0.1, 0.05, 0.5
TASTE = 1e9
"""So large that a boat is worth nothing beside it, whatever fares and beliefs do: the logit is constant."""
CONSTANT_CHOICE = {
    "migrants.taste_gbp": TASTE, "migrants.settle_gbp": TASTE * log(DISCOURAGED / (1 - DISCOURAGED)),
    "migrants.wait_gbp_per_day": 1e15, "migrants.lorry_gbp": 1e9, "migrants.nerve_gbp": 0, "legal_route.awareness": 0,
    "beliefs.prior_strength": 1e9, "beliefs.own_weight": 1e-9, "coast.people_at_start": 0,
    "migrants.home_gbp": -1e15,
}  # fmt: skip
CHAIN = {
    **with_exchange(selection_share=RETURNED), "after_return.recognised_selection_share": RETURNED,
    "after_return.try_again_share": RETRIED / (1 - DISCOURAGED), "after_return.retry_days": 0.1,
    "after_return.claim_in_france_share": 1 - RETRIED / (1 - DISCOURAGED), "until": "2025-03-22",
    "passage.turn_back_share": FAILED, "passage.turn_back_per_wave_m": 0, "gangs.seats_per_boat": {2025: 1},
    "gangs.nightly_boats": 60, "gangs.boats_at_start": 100_000, "coast.rest_days": 0.1, "coast.review_days": 0.5,
    "theatre.inflow.people_per_year": {2025: 11_000},
}  # fmt: skip
"""Boats of one seat make fates independent. The decision after a return carries the discouragement as well."""
THE_END = {Place.ASYLUM, Place.DECIDED, Place.FRANCE_ASYLUM, Place.SETTLED}


def z_of_mean(values: np.ndarray, expected: float) -> float:
    return (values.mean() - expected) / (values.std(ddof=1) / sqrt(len(values)))


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    """Finished runs."""
    return [run({**CHAIN, **CONSTANT_CHOICE}, replication) for replication in range(WORLDS)]


def per_person(world: World, happened: Happened) -> np.ndarray:
    return np.bincount(who(world, happened), minlength=len(world.people))


def test_people_give_up_after_a_failure_as_often_as_the_logit_says(worlds):
    """Everyone who fails decides once more: a tenth settles, the others try again."""
    failures = gave_up = 0
    for world in worlds:
        tried, arrived, again = (per_person(world, h) for h in (Happened.TRIED, Happened.ARRIVED, Happened.TRIES_AGAIN))
        early = (tried > 0) & (world.people.reach_day < EARLY)
        failures += (tried - arrived + again)[early].sum()
        gave_up += per_person(world, Happened.SETTLED)[early].sum()
    z = (gave_up / failures - DISCOURAGED) / sqrt(DISCOURAGED * (1 - DISCOURAGED) / failures)
    told = f"{gave_up} of {failures} decisions after a failure or a return were to give up: z {z:.2f}"
    assert abs(z) < LIMIT, told


def test_the_attempt_chain_with_discouragement_has_its_known_flows(worlds):
    """Per person who tries at all: 1.49533 tries, 0.97196 arrivals, 0.04860 returns, 0.92336 settled in the UK."""
    den = 1 - (FAILED * (1 - DISCOURAGED) + (1 - FAILED) * RETURNED * RETRIED)
    landed = (1 - FAILED) / den
    expected = {"tries": 1 / den, "arrivals": landed, "returns": landed * RETURNED, "settled": landed * (1 - RETURNED)}
    assert list(expected.values()) == pytest.approx([1.49533, 0.97196, 0.04860, 0.92336], abs=5e-6)
    columns: dict[str, list[np.ndarray]] = {name: [] for name in expected}
    for world in worlds:
        tries, arrivals, returns = (per_person(world, h) for h in (Happened.TRIED, Happened.ARRIVED, Happened.RETURNED))
        starters = (tries > 0) & (world.people.reach_day < EARLY)
        assert {Place(p) for p in np.unique(world.people.place_view[starters])} <= THE_END, "a chain has not ended"
        settled = np.isin(world.people.place_view, [Place.ASYLUM, Place.DECIDED])
        for name, column in zip(expected, (tries, arrivals, returns, settled), strict=True):
            columns[name].append(column[starters])
    people = {name: np.concatenate(parts).astype(float) for name, parts in columns.items()}
    scores = {name: z_of_mean(people[name], expected[name]) for name in expected}
    told = ", ".join(f"{name} {people[name].mean():.5f} (z {scores[name]:.2f})" for name in expected)
    assert max(map(abs, scores.values())) < LIMIT, told
