"""Known answers on the product's own rules: who tries (Becker), herds (cascade), distances, and learning (Wardrop)."""

import sys
from dataclasses import replace
from math import erf, log, sqrt
from pathlib import Path

import numpy as np
import pytest

from sim.behaviours import find
from sim.domain.choice import Choice
from sim.domain.market import pick
from sim.domain.randomness import Floats, Streams
from sim.domain.tactics import Lessons, Outlook, Tactic
from sim.processes.world import build_world
from sim.records.recorder import Happened
from sim.scenario import load_scenario

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "functional"))  # the toy theatres of the functional tests

from toy_markets import BENEFIT, RESOLUTE, beaches, threshold
from worlds import boats, count, run, toy

LIMIT = 4.0
GANGS = load_scenario("base").rules.gangs

SPREAD = 0.6
UNLIKE = {
    **RESOLUTE, "migrants.benefit_spread": SPREAD, "coast.people_at_start": 3000,
    "theatre.inflow.people_per_year": {2025: 365_250},
}  # fmt: skip
"""People to whom the UK is worth a log-normal sum: `BENEFIT` is its median."""


def z_of_share(hits: int, trials: int, expected: float) -> float:
    """How many standard errors a share is from what is expected."""
    return (hits / trials - expected) / sqrt(expected * (1 - expected) / trials)


def participation(returned: float) -> float:
    """Share of people who try: benefits above the one at which `returned` is just the threshold.

    B > (price + C / (1 - p)) / (1 - r), the fare being in escrow; so the share is the distribution function of the
    benefit, as a function of r.
    """
    needed = (1 - threshold()) * BENEFIT / (1 - returned)
    return (1 - erf(log(needed / BENEFIT) / (SPREAD * sqrt(2)))) / 2


@pytest.mark.parametrize("returned", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_the_share_that_sets_out_is_the_distribution_of_benefits(returned):
    replication = round(10 * returned)
    world = run({**UNLIKE, "beliefs.returned_prior": returned}, replication)
    come, stay = count(world, Happened.REACHED_COAST), count(world, Happened.STAYED_AWAY)
    assert come + stay > 2500
    assert abs(z_of_share(come, come + stay, participation(returned))) < LIMIT


@pytest.mark.parametrize("returned", [0.1, 0.3, 0.5, 0.7])
def test_the_share_that_tries_at_the_coast_is_the_distribution_of_benefits(returned):
    world = build_world(toy({**UNLIKE, "beliefs.returned_prior": returned}), round(10 * returned))
    choices = world.coast.weigh(np.arange(len(world.people.key)))[0]
    boat, settle = (int((choices == choice).sum()) for choice in (Choice.BOAT, Choice.SETTLE))
    assert boat + settle == len(choices)
    assert abs(z_of_share(boat, len(choices), participation(returned))) < LIMIT


PRECISION, SEQUENCES, LINE = 0.7, 5000, 20
NOWHERE = np.zeros(2)


def last_choice(signals: Floats, coins: Floats) -> int:
    """The place that the last gang of a line launches from; all see those before them and have one signal each.

    A signal below the precision says the better place, 0.
    """
    rules, decide = replace(GANGS, imitation_voices=1.0), find("sector_choice", "imitation")
    seen, choice = np.zeros(2), -1
    for signal, coin in zip((signals >= PRECISION).astype(int).tolist(), coins.tolist(), strict=True):
        own = np.zeros(2)
        own[signal] = 1000.0
        choice = pick(decide(rules, Outlook(own, NOWHERE, NOWHERE, seen)), coin)
        seen[choice] += 1
    return choice


def test_gangs_that_imitate_herd_to_the_better_place_as_often_as_the_information_cascade():
    """p (p + 1) / (2 (1 - p + p^2)) = 0.75316 for a precision p of 0.7 and coins on ties.

    After a line of 20 the chance that no cascade has begun is 0.21^10.
    """
    expected = PRECISION * (PRECISION + 1) / (2 * (1 - PRECISION + PRECISION**2))
    assert expected == pytest.approx(0.75316, abs=5e-6)
    streams, keys = Streams(20250630, 3), np.arange(SEQUENCES, dtype=np.uint64)[:, None]
    signals, coins = (streams.uniform(purpose, keys, np.arange(LINE)) for purpose in ("signal", "sector"))
    right = sum(last_choice(mine, tosses) == 0 for mine, tosses in zip(signals, coins, strict=True))
    assert abs(z_of_share(right, SEQUENCES, expected)) < LIMIT


LAND_KM, SEA_KM = {"a": 434.0, "b": 468.0, "c": 436.0}, {"a": 400.0, "b": 900.0, "c": 100.0}
ROUTE_SHARES = [0.31663, 0.19393, 0.48944]
EVERY_NIGHT_ONE_BOAT = {
    "gangs.sector_choice": "gravity", "gangs.gravity_km": 10, "gangs.distance_gbp_per_km": 0, "gangs.firms": 30,
    "gangs.firms_at_most": 30, "gangs.nightly_boats": 1, "gangs.seats_per_boat": {2025: 1}, "gangs.boats_at_start": 80,
    "passage.speed_km_per_hour": 1000, "theatre.inflow.people_per_year": {2025: 25 * 365.25},
}  # fmt: skip
"""Each launch is a draw of its own: a gang launches one boat a night, of one person, and no distance costs anything."""


def test_launches_spread_over_three_beaches_in_proportion_to_the_inverse_distance():
    """834, 1368 and 536 km over land and sea, and 10 km more for each."""
    worlds = [run({**beaches(LAND_KM, SEA_KM), **EVERY_NIGHT_ONE_BOAT}, replication) for replication in range(4)]
    launches = np.bincount([row.sector for world in worlds for row in boats(world)], minlength=3)
    assert launches.sum() > 2000
    for launched, share in zip(launches.tolist(), ROUTE_SHARES, strict=True):
        assert abs(z_of_share(launched, int(launches.sum()), share)) < LIMIT


DEMAND, AGENTS, NIGHTS, WARM_UP, WORLDS = 4.0, 400, 240, 120, 8


def route_costs(flows: Floats) -> Floats:
    """What each of two routes costs with these flows on them: 1 + x and 2 + x/2; shape (2,)."""
    return np.array([1.0, 2.0]) + np.array([1.0, 0.5]) * flows


def mean_flow(replication: int) -> float:
    """Flow on the first route, a mean over nights, when many small agents learn from their own trips alone.

    At first they know the costs of empty roads, so that nearly all crowd the first.
    """
    rules, decide = replace(GANGS, choice_temperature_gbp=0.2, learning_rate=0.05), find("sector_choice", "softmax")
    streams, agents, flows = Streams(20250630, replication), np.arange(AGENTS, dtype=np.uint64), []
    lessons = Lessons(AGENTS, sectors=1, profit=0.0)  # one sector's two ways of boarding stand for the routes
    lessons.place[:] = -route_costs(np.zeros(2))
    for night in range(NIGHTS):
        luck = streams.uniform("place", agents, night).tolist()
        outlooks = (Outlook(own, NOWHERE, NOWHERE, NOWHERE) for own in lessons.place)
        route = [pick(decide(rules, outlook), u) for outlook, u in zip(outlooks, luck, strict=True)]
        flow = DEMAND * np.bincount(route, minlength=2) / AGENTS
        flows.append(float(flow[0]))
        paid = (-route_costs(flow)).tolist()
        for agent, taken in enumerate(route):
            lessons.learn(agent, Tactic(taken, 0, 0, 0), paid[taken], 0.0, rules.learning_rate)
    assert flows[0] > 3.9
    assert lessons.place.mean(axis=0) == pytest.approx([-3, -3], abs=0.1)
    return float(np.mean(flows[WARM_UP:]))


def test_gangs_that_learn_share_two_routes_as_wardrop_predicts():
    """1 + x and 2 + x/2 with demand 4: flows of 2 and 2, where both cost 3.

    Equal flows at equal costs are an equilibrium of the logit at any temperature, so the temperature (0.2) adds no
    bias. Learning from one's own trips only adds a small one, about a thousandth here: a route that once was dear is
    tried less, so its estimate mends more slowly, and the first varies more. It falls with more agents and slower
    learning.
    """
    means = [mean_flow(replication) for replication in range(WORLDS)]
    assert abs((np.mean(means) - 2) / (np.std(means, ddof=1) / sqrt(WORLDS))) < LIMIT
    assert np.mean(means) == pytest.approx(2, abs=0.01)
