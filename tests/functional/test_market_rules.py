"""Known answers of the market and of the choice to try, in toy theatres: Cournot, Becker, distance, herds, Wardrop."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from toy_markets import (
    BENEFIT,
    CHOKE,
    COURNOT,
    EFFORT,
    NOTHING_MOVES,
    PRICE,
    RESOLUTE,
    SEATS,
    STOPPED,
    beaches,
    threshold,
)  # fmt: skip
from worlds import boats, count, run, toy

from sim.behaviours import find
from sim.domain.choice import Choice, becker_threshold, value_of_boat
from sim.domain.market import cournot_price, learn
from sim.domain.tactics import Boarding, Outlook, place_of
from sim.processes.world import build_world
from sim.records.recorder import Happened
from sim.scenario import load_scenario

PASSED_ON = [(1, 1 / 2), (2, 2 / 3), (5, 5 / 6), (10, 10 / 11)]


def asked(firms: int, **changes: Any) -> np.ndarray:
    """The prices that `firms` gangs of one camp come to ask."""
    return run({**COURNOT, "gangs.firms": firms, "gangs.firms_at_most": firms, **changes}).market.price


@pytest.mark.parametrize(("firms", "price"), [(1, 55), (2, 40), (5, 25), (10, 200 / 11)])
def test_gangs_of_one_camp_ask_the_cournot_price(firms, price):
    """Demand 100 - Q and a cost of 10: (100 + 10 n) / (n + 1)."""
    assert asked(firms, **{"gangs.package_gbp": 10 * SEATS}) == pytest.approx(np.full(firms, price))


@pytest.mark.parametrize(("firms", "passed_on"), PASSED_ON)
def test_a_dearer_boat_moves_the_price_by_n_over_n_plus_one(firms, passed_on):
    dear, cheap = (asked(firms, **{"gangs.package_gbp": cost * SEATS}) for cost in (13, 10))
    assert dear - cheap == pytest.approx(np.full(firms, 3 * passed_on))


@pytest.mark.parametrize(("firms", "passed_on"), PASSED_ON)
def test_dearer_helpers_move_the_price_by_n_over_n_plus_one(firms, passed_on):
    dear, cheap = (
        asked(firms, **{"gangs.package_gbp": 10 * SEATS, "gangs.other_cost_gbp_per_seat": gbp}) for gbp in (3, 0)
    )
    assert dear - cheap == pytest.approx(np.full(firms, 3 * passed_on))


@pytest.mark.parametrize("firms", [1, 2, 5])
def test_adaptive_gangs_arrive_at_the_cournot_price_when_nothing_else_moves(firms):
    steady = {**NOTHING_MOVES, "gangs.firms": firms, "gangs.firms_at_most": firms, "gangs.package_gbp": 10 * SEATS}
    world = run(steady)
    assert not boats(world)
    assert (world.market.waiting() > 0).all()
    assert world.market.price == pytest.approx(np.full(firms, cournot_price(CHOKE, 10, firms)))


def test_cost_plus_gangs_ask_the_cost_and_the_markup():
    changes = {"gangs.pricing": "cost_plus", "gangs.markup": 2, "gangs.package_gbp": 10 * SEATS}
    assert asked(3, **changes) == pytest.approx(np.full(3, 30))


def tried(returned: float, **changes: Any) -> tuple[int, int]:
    """People who set out for the coast and people who stay away."""
    world = run({**RESOLUTE, "beliefs.returned_prior": returned, **changes})
    return count(world, Happened.REACHED_COAST), count(world, Happened.STAYED_AWAY)


def chosen(returned: float, **changes: Any) -> set[Choice]:
    """What people choose who are at the coast anyhow."""
    world = build_world(toy({**RESOLUTE, "beliefs.returned_prior": returned, **changes}), 0)
    choices = world.coast.weigh(np.arange(len(world.people.key)))[0]
    return {Choice(choice) for choice in choices.tolist()}


def worth(returned: float, prepaid: bool) -> float:
    """Value (GBP) of a boat to one of the resolute."""
    return float(value_of_boat(BENEFIT, STOPPED, returned, PRICE, EFFORT, 0.0, prepaid=prepaid))


def test_with_a_fare_paid_beforehand_the_threshold_is_beckers():
    r_star = becker_threshold(BENEFIT, STOPPED, PRICE, EFFORT)
    assert r_star == pytest.approx(1 - 3700 / 7000)
    assert worth(r_star - 1e-9, prepaid=True) > 0 > worth(r_star + 1e-9, prepaid=True)


def test_with_a_fare_in_escrow_the_threshold_is_higher_for_nobody_pays_who_is_stopped():
    r_star = threshold()
    assert r_star == pytest.approx(0.6)
    assert r_star > becker_threshold(BENEFIT, STOPPED, PRICE, EFFORT)
    assert worth(r_star - 1e-9, prepaid=False) > 0 > worth(r_star + 1e-9, prepaid=False)


def test_below_the_threshold_everybody_sets_out_and_above_it_nobody():
    come, stay = tried(threshold() - 1e-4)
    assert (come > 0, stay) == (True, 0)
    assert tried(threshold() + 1e-4) == (0, come)


def test_at_the_coast_the_threshold_is_the_same():
    assert chosen(threshold() - 1e-4) == {Choice.BOAT}
    assert chosen(threshold() + 1e-4) == {Choice.SETTLE}


@pytest.mark.parametrize(
    ("setting", "value"),
    [("gangs.price_at_start_gbp", PRICE + 10), ("migrants.effort_gbp", EFFORT + 10), ("beliefs.stopped_prior", 0.31),
     ("migrants.benefit_gbp", BENEFIT - 30)],
)  # fmt: skip
def test_dearer_harder_or_less_rewarding_crossings_lower_the_threshold(setting, value):
    assert chosen(threshold() - 1e-4, **{setting: value}) == {Choice.SETTLE}


@pytest.mark.parametrize("shorter", ["land", "sea"])
def test_the_distance_that_a_gang_sees_is_that_over_land_and_sea(shorter):
    """With next to nothing added to the distance, the only beach that is near takes all launches."""
    level, near = {"west": 1e-6, "east": 1e-6}, {"west": 30.0, "east": 1e-6}
    land, sea = (near, level) if shorter == "land" else (level, near)
    world = run({**beaches(land, sea), "gangs.sector_choice": "gravity", "gangs.gravity_km": 1e-6})
    assert len(boats(world)) > 20
    assert {row.sector for row in boats(world)} == {1}


CONVINCED = {
    "gangs.firms": 6, "gangs.firms_at_most": 6, "gangs.nightly_boats": 1, "gangs.sector_choice": "imitation",
    "gangs.learning_rate": 0, "gangs.taxi_share": 0, "gangs.price_adjustment": 0, "migrants.reputation_gbp": 0,
}  # fmt: skip


def beaches_used(voices: float) -> dict[int, set[int]]:
    """Sectors from which each gang launches after ten days; four hold by the west (0), two by the east (1).

    They imitate with so many voices for their own experience, which nothing can change.
    """
    world = build_world(toy({**CONVINCED, "gangs.imitation_voices": voices}), 0)
    west, east = (place_of(sector, Boarding.BEACH) for sector in (0, 1))
    world.market.lessons.place[:4, west] += 1000
    world.market.lessons.place[4:, east] += 1000
    world.env.run(until=30)
    late = [row for row in boats(world) if row.launched > 10]
    return {gang: {row.sector for row in late if row.gang == gang} for gang in range(6)}


def test_gangs_that_imitate_end_on_the_beach_of_the_most_whatever_they_held_by():
    assert beaches_used(voices=1) == {gang: {0} for gang in range(6)}


def test_gangs_that_trust_themselves_do_not_follow_the_others():
    assert beaches_used(voices=10_000) == {0: {0}, 1: {0}, 2: {0}, 3: {0}, 4: {1}, 5: {1}}


def settled_flows(demand: float, temperature: float) -> np.ndarray:
    """Flows on two routes that cost 1 + x and 2 + x/2 when a crowd of one mind learns the cost of both."""
    rules = replace(load_scenario("base").rules.gangs, choice_temperature_gbp=temperature)
    decide, nowhere, expected = find("sector_choice", "softmax"), np.zeros(2), np.array([-1.0, -2.0])
    for _ in range(2500):
        flows = demand * decide(rules, Outlook(expected, nowhere, nowhere, nowhere))
        expected = learn(expected, -route_costs(flows), 0.005)
    return flows


def route_costs(flows: np.ndarray) -> np.ndarray:
    return np.array([1.0, 2.0]) + np.array([1.0, 0.5]) * flows


@pytest.mark.parametrize("temperature", [0.5, 0.1, 0.02])
def test_a_crowd_that_learns_ends_where_two_and_two_cost_the_same(temperature):
    """Wardrop's flows for a demand of 4, at any temperature: both routes cost 3."""
    assert settled_flows(4, temperature) == pytest.approx([2, 2], abs=1e-5)


@pytest.mark.parametrize("temperature", [0.5, 0.1, 0.02])
def test_a_cooler_crowd_comes_closer_to_wardrops_unequal_flows(temperature):
    """For a demand of 7 they are 3 and 4. The logit stays off by d, where 1.5 d = T log((4 - d) / (3 + d)).

    For small d that is T log(4/3) / (1.5 + 7 T / 12).
    """
    first, second = flows = settled_flows(7, temperature)
    dearer = route_costs(flows) @ [1, -1]
    assert dearer == pytest.approx(temperature * np.log(second / first), abs=1e-6)
    assert first - 3 == pytest.approx(temperature * np.log(4 / 3) / (1.5 + temperature * 7 / 12), rel=0.01)
