"""Smaller mechanisms, each seen at work: found missing by breaking the code on purpose."""

import numpy as np
import pytest
from worlds import LEGS, NODES, SECTORS, boats, count, group, leg, run, times, toy, who

from sim.domain.population import Place
from sim.processes.world import build_world, run_tables
from sim.records.recorder import BoatEnd, Happened

TWO_LANDINGS = {
    "theatre.nodes": [*NODES, {"name": "quay", "kind": "landing", "label": "Quay", "lat": 51, "lon": 2}],
    "theatre.legs": [
        *LEGS, leg("west", "quay", "sea", 90), leg("east", "quay", "sea", 90), leg("quay", "hall", "administrative", 1),
    ],
}  # fmt: skip
WEST_ONLY = [{**sector, "exposure": 1.0 if sector["node"] == "west" else 1e6} for sector in SECTORS]
FATAL = {
    "passage.incident_share": 1, "passage.incident_per_wave_m": 0, "passage.incident_per_crowding": 0,
    "passage.reference_distance_km": 1, "passage.deaths_per_incident": 1,
}  # fmt: skip


def units_by_sector(world) -> np.ndarray:
    """Units posted each evening; shape (days, sectors)."""
    return np.array(world.recorder.stocks["sector_units"])


def test_only_the_units_of_the_night_are_posted():
    watch = {"patrols.units": 10, "patrols.night_share": 0.6, "patrols.allocation": "fixed"}
    assert set(units_by_sector(run(watch)).ravel()) == {3}


def test_patrols_move_to_where_boats_leave_from():
    watch = {
        "patrols.units": 10, "patrols.night_share": 1, "patrols.allocation": "proportional",
        "patrols.allocation_fixed_weight": 0, "patrols.sweep_km_per_unit": 0, "theatre.sectors": WEST_ONLY,
    }  # fmt: skip
    world = run(watch)
    assert all(row.sector == 0 for row in boats(world))
    assert units_by_sector(world)[0].tolist() == [5, 5]
    assert units_by_sector(world)[-1].tolist() == [10, 0]


def test_gangs_cash_is_fares_less_helpers_transport_and_boats():
    costs = {"gangs.boats_at_start": 3, "gangs.package_gbp": 500, "gangs.other_cost_gbp_per_seat": 20,
             "gangs.distance_gbp_per_km": 30}  # fmt: skip
    world = run(costs)
    fares = -world.accounts.balance["people"] - world.accounts.balance["escrow"]
    done = boats(world)
    spent = sum(20 * row.people + 30 * 10 for row in done) + 500 * (world.market.boats_bought.sum() - 6)
    cash = sum(world.accounts.balance[world.market.account(gang)] for gang in (0, 1))
    assert cash == pytest.approx(2e7 + fares - spent)


def test_boats_prefer_the_shorter_way_over_the_sea():
    world = run({**TWO_LANDINGS, "passage.landing_scale_km": 1})
    assert {row.distance_km for row in boats(world, BoatEnd.ARRIVED)} == {30}


def test_boats_that_hardly_mind_the_distance_land_everywhere():
    world = run({**TWO_LANDINGS, "passage.landing_scale_km": 1e6})
    assert {row.distance_km for row in boats(world, BoatEnd.ARRIVED)} == {30, 90}


def test_nobody_is_granted_asylum_in_a_group_that_never_is():
    world = run({"theatre.groups": [group("people", grant_share=0)], "asylum.decision_days": 2})
    assert count(world, Happened.GRANTED) == 0
    assert count(world, Happened.REFUSED_ASYLUM) > 0


def test_anyone_aboard_may_be_the_one_who_dies():
    world = run(FATAL)
    tried = dict(zip(who(world, Happened.TRIED), times(world, Happened.TRIED), strict=True))
    ranks = set()
    for person in who(world, Happened.DIED):
        aboard = sorted(other for other, when in tried.items() if when == tried[person])
        ranks.add(aboard.index(person))
    assert len(ranks) > 5


@pytest.mark.parametrize(("better", "column", "values"), [
    (1, "price", [3000.0, 2000.0]), (0, "price", [2000.0, 3000.0]),
    (1, "reputation", [0.2, 0.9]), (0, "reputation", [0.9, 0.2]),
])  # fmt: skip
def test_customers_go_to_the_cheaper_gang_and_to_the_one_that_delivers(better, column, values):
    world = build_world(toy({"migrants.reputation_gbp": 100_000}), 0)
    getattr(world.market, column)[:] = values
    world.env.run(until=0.3)
    assert set(world.people.gang[world.people.at(Place.CUSTOMER)].tolist()) == {better}


def test_a_queue_beyond_the_usual_raises_the_price():
    stuck = {"gangs.wave_limit_m": 0.05, "gangs.price_adjustment": 0.1, "gangs.smoothing_days": 50}
    pushed, flat = (run({**stuck, "gangs.queue_response": response}).market.price for response in (1, 0))
    assert (pushed > flat).all()


def test_people_gather_at_the_coast_before_the_run_begins():
    def first_midnight(people: int) -> int:
        return int((times(run({"coast.people_at_start": people}), Happened.REACHED_COAST) == 0).sum())

    assert first_midnight(0) == 0
    assert first_midnight(20) < first_midnight(200)


def test_the_first_days_of_a_group_follow_its_share():
    groups = [group("red", 1.0), group("blue", 1e-12)]
    world = run({"theatre.groups": groups})
    assert run_tables(world)["groups"]["reached_coast"].reshape(-1, 2)[:, 1].sum() == 0


def test_people_at_the_coast_who_cannot_pay_a_risen_price_do_not_join():
    world = build_world(toy({"migrants.budget_gbp": 3500, "gangs.price_at_start_gbp": 3000}), 0)
    world.env.run(until=0.1)
    assert world.people.count[Place.CAMP] > 0
    world.market.price[:] = 3600
    world.env.run(until=0.3)
    assert world.people.count[Place.CUSTOMER] == 0
