"""Gangs: supply, seizures, losses, entry, prices."""

import numpy as np
import pytest
from worlds import boats, count, exchange, pilot, run, toy

from sim.domain.market import cost_per_seat, cournot_price
from sim.domain.population import Place
from sim.processes.world import build_world, simulate
from sim.records.recorder import Happened

RUINED = {"gangs.overhead_gbp_per_day": 1e9, "gangs.nightly_boats": 1, "gangs.seats_per_boat": {2025: 5}}
SHORT_OF_BOATS = {"gangs.boats_at_start": 3, "gangs.lead_days": 5}


@pytest.fixture(scope="module")
def ruined():
    """The toy strait just after the first noon, by which every gang is ruined."""
    world = build_world(toy(RUINED), 0)
    world.env.run(until=0.6)
    return world


def test_a_gang_with_losses_beyond_its_cash_leaves(ruined):
    assert not ruined.market.active.any()


def test_customers_of_a_ruined_gang_get_their_fares_back(ruined):
    assert count(ruined, Happened.LEFT_QUEUE) == ruined.people.count[Place.CAMP] > 0
    assert ruined.people.count[Place.CUSTOMER] == 0
    aboard = ruined.people.at(Place.ABOARD)
    assert ruined.accounts.balance["escrow"] == pytest.approx(ruined.people.fare_gbp[aboard].sum())


def test_a_ruined_gang_launches_no_more_boats():
    assert {int(row.launched) for row in boats(run({**RUINED, "until": "2025-01-20"}))} == {1}


def test_people_whose_gang_has_left_look_for_another():
    world = build_world(toy(), 0)
    world.env.run(until=0.3)
    world.market.close(0)
    world.env.run(until=1.3)
    left = [int(g) for g in world.people.gang[world.people.at(Place.CUSTOMER)]]
    assert set(left) == {1}


def test_a_profitable_gang_stays(calm):
    assert calm.market.active.all()


def test_seized_boats_never_launch():
    world = run({**SHORT_OF_BOATS, "gangs.seized_share": 1})
    assert len(boats(world)) == 6
    assert world.market.boats_seized.sum() > 0


def test_boats_ordered_come_after_the_lead_time():
    world = run(SHORT_OF_BOATS)
    used = np.cumsum(np.bincount([int(row.launched) for row in boats(world)], minlength=40))
    assert used[5] <= 6 < used[-1]


def test_every_boat_bought_is_paid_for():
    world = build_world(toy({**SHORT_OF_BOATS, "gangs.other_cost_gbp_per_seat": 0, "gangs.package_gbp": 1000,
                             "gangs.distance_gbp_per_km": 0}), 0)  # fmt: skip
    world.env.run(until=0.6)
    ordered = world.market.boats_ordered
    spent = [1e7 - world.accounts.balance[world.market.account(gang)] for gang in (0, 1)]
    assert spent == [1000 * number for number in ordered]
    assert ordered.sum() > 0


def test_half_of_the_boats_seized_leaves_fewer_to_launch():
    free, searched = run(SHORT_OF_BOATS), run({**SHORT_OF_BOATS, "gangs.seized_share": 0.5})
    seized = searched.market.boats_seized.sum()
    assert 0 < seized < searched.market.boats_bought.sum()
    assert free.market.boats_seized.sum() == 0


def test_seizures_begin_on_their_day():
    lever = {"boat_seizures": {"from": "2025-01-21", "seized_share": 1}}
    world = build_world(toy({**SHORT_OF_BOATS, "levers": [lever]}), 0)
    world.env.run(until=20)
    assert world.market.boats_seized.sum() == 0
    world.env.run(until=40)
    assert world.market.boats_seized.sum() > 0


def test_a_new_gang_enters_where_profits_are_good():
    world = run({"gangs.firms_at_most": 5, "gangs.entry_margin_gbp_per_day": 1, "gangs.entry_review_days": 10})
    assert world.market.active.sum() > 2


def test_no_gang_enters_where_profits_are_poor():
    world = run({"gangs.firms_at_most": 5, "gangs.entry_margin_gbp_per_day": 1e9, "gangs.entry_review_days": 10})
    assert world.market.active.sum() == 2


def test_an_entrants_own_capital_is_no_profit():
    changes = {
        "gangs.firms_at_most": 5, "gangs.entry_margin_gbp_per_day": 1000, "gangs.entry_review_days": 5,
        "migrants.settle_gbp": 1e9,
    }  # fmt: skip
    world = build_world(toy(changes), 0)
    world.env.run(until=0.3)
    for gang in (0, 1):
        world.market.close(gang)
    world.env.run(until=30)
    assert world.market.active.sum() == 1


LANDED_BY_NOON = {"rhythm.launch_to_hour": 1.5, "passage.speed_spread": 0}
"""So that the last noon's price knows of the last night's boats."""


def test_a_cournot_gang_asks_the_cournot_price_of_its_camp():
    world = run({"gangs.pricing": "cournot", **LANDED_BY_NOON})
    rules = world.rules.gangs
    cost = cost_per_seat(rules.package_gbp, 10, float(world.market.delivered_share[0]), rules.other_cost_gbp_per_seat)
    assert world.market.price[0] == pytest.approx(cournot_price(rules.choke_price_gbp, cost, 2))


def test_a_dearer_boat_is_passed_on_in_the_price():
    cheap, dear = (
        run({"gangs.pricing": "cournot", "gangs.package_gbp": gbp, **LANDED_BY_NOON}) for gbp in (1000, 4000)
    )
    per_seat = 300 / cheap.market.delivered_share[0]
    assert dear.market.delivered_share[0] == cheap.market.delivered_share[0]
    assert dear.market.price[0] - cheap.market.price[0] == pytest.approx(per_seat * 2 / 3)


def test_a_gang_whose_boats_arrive_gains_reputation(calm):
    rules = calm.rules
    assert (calm.market.reputation > 1 - rules.beliefs.stopped_prior).all()


def test_a_lost_boat_costs_reputation():
    world = run({"passage.turn_back_share": 1 - 1e-9})
    assert (world.market.reputation < 1 - world.rules.beliefs.stopped_prior).all()


def test_customers_without_patience_leave_the_queue():
    waiting = {"gangs.wave_limit_m": 0.05, "migrants.patience_days": 3, "coast.review_days": 1}
    settled = run({**waiting, "migrants.settle_gbp": 1e9})
    assert count(settled, Happened.SETTLED) > 0


def test_a_sector_where_boats_are_lost_is_avoided():
    sectors = [
        {"node": name, "length_km": 30, "exposure": 1.0, "fixed_patrol_share": share}
        for name, share in (("west", 1.0), ("east", 0.0))
    ]
    watched = {
        "theatre.sectors": sectors, "patrols.units": 1000, "patrols.night_share": 1, "patrols.allocation": "fixed",
        "patrols.sweep_km_per_unit": 1e6, "patrols.stop_beach": 1, "patrols.busy_hours": 0.1,
        "gangs.choice_temperature_gbp": 10, "gangs.package_gbp": 50_000, "gangs.learning_rate": 1,
    }  # fmt: skip
    late = [row.sector for row in boats(run(watched)) if row.launched > 20]
    assert set(late) == {1}


def test_the_exchange_does_not_touch_a_gang_in_the_calm_strait():
    with_it = simulate(toy({"levers": [exchange("2025-01-01", beds=0, weekly_target=0)]}), 0)
    assert with_it.market.price.tolist() == run().market.price.tolist()


def test_gangs_settle_in_every_camp():
    world = build_world(pilot({"gangs.firms": 4, "gangs.firms_at_most": 4}), 0)
    assert set(world.market.camp.tolist()) == set(range(len(world.geography.camps)))


def test_a_new_firm_inherits_nothing_from_the_one_before_it():
    market = build_world(toy(), 0).market
    fresh = market.reputation[0], market.lessons.place[0].copy()
    market.reputation[0], market.lessons.place[0], market.lost_share[0] = 0.01, -5000.0, 0.9
    market.close(0)
    market.enter(0)
    assert market.active[0]
    assert market.reputation[0] == fresh[0]
    assert (market.lessons.place[0] == fresh[1]).all()
    assert market.lost_share[0] == 0
