"""Boats for the gangs: ordered, paid, sent in turn, delivered, seized on the way."""

import numpy as np
import pytest
from worlds import boats, run, toy

from sim.processes.world import build_world

SHORT = {"gangs.boats_at_start": 0, "gangs.lead_days": 2, "gangs.package_gbp": 1000, "gangs.scarcity_response": 0}

NOBODY = {"theatre.inflow.people_per_year": {2025: 1e-6}}


def ordering(changes=None):
    """A world at its start, in which gangs order only what the test orders."""
    nobody = {**NOBODY, "gangs.stock_days": 1e-9, "coast.people_at_start": 0}
    return build_world(toy({**SHORT, **nobody, **(changes or {})}), 0)


def stocked_on(world, gang: int, days: float) -> int:
    world.env.run(until=days)
    return int(world.market.boats_stocked[gang])


def test_a_boat_is_paid_at_once_and_there_after_the_lead_time():
    world = ordering({"gangs.dispatched_per_day": 1e9})
    before = world.accounts.balance["gang 0"]
    world.market.supplier.order(0, 3)
    assert before - world.accounts.balance["gang 0"] == 3000
    assert stocked_on(world, 0, 1.99) == 0
    assert stocked_on(world, 0, 2.01) == 3


def test_each_gangs_orders_are_sent_one_after_the_other_as_fast_as_its_suppliers_can():
    world = ordering({"gangs.dispatched_per_day": 1})
    world.market.supplier.order(0, 3)
    world.market.supplier.order(1, 1)
    assert world.market.supplier.backlog_days().tolist() == pytest.approx([6, 2])  # two gangs, half a boat a day each
    assert stocked_on(world, 1, 3.99) == 0
    assert stocked_on(world, 1, 4.01) == 1
    assert stocked_on(world, 0, 7.99) == 0
    assert stocked_on(world, 0, 8.01) == 3


def test_boats_are_dearer_while_suppliers_are_behind():
    world = ordering({"gangs.dispatched_per_day": 1, "gangs.scarcity_response": 0.5})
    assert world.market.supplier.price_gbp()[0] == 1000
    world.market.supplier.order(0, 4)
    assert world.market.supplier.price_gbp().tolist() == pytest.approx([1000 * (1 + 0.5 * 8 / 2), 1000])


def test_a_gang_orders_no_more_than_it_can_pay():
    world = ordering({"gangs.cash_at_start_gbp": 2500})
    world.market.supplier.order(0, 5)
    assert world.market.boats_ordered[0] == 2
    assert world.accounts.balance["gang 0"] == 500


def test_seized_boats_are_lost_and_gangs_learn_to_expect_it():
    world = ordering({"gangs.seized_share": 0.5, "gangs.reputation_rate": 0.1, "gangs.dispatched_per_day": 1e9})
    world.market.supplier.order(0, 400)
    stocked = stocked_on(world, 0, 3)
    assert stocked + world.market.boats_seized[0] == 400
    assert abs(stocked - 200) < 4 * 10  # standard deviation of 400 fair coins: 10
    assert 0.1 < world.market.lost_share[0] < 0.9
    assert world.market.lost_share[0] != 0.5


def test_a_gang_that_loses_boats_on_the_way_orders_more_of_them():
    few, many = (
        run({"gangs.boats_at_start": 5, "gangs.stock_days": 5, "gangs.seized_share": share}).market.boats_ever.sum()
        for share in (0.0, 0.5)
    )
    assert many > 1.5 * few


def test_gangs_without_boats_launch_none():
    assert not boats(run({"gangs.boats_at_start": 0, "gangs.seized_share": 1, "gangs.cash_at_start_gbp": 100}))


def test_boats_too_few_for_the_customers_leave_fuller():
    scarce = {"gangs.boats_at_start": 1, "gangs.lead_days": 3, "gangs.stock_days": 0.5, "gangs.dispatched_per_day": 0.5}
    usual, squeezed = (
        np.mean([boat.people for boat in boats(run({**scarce, "gangs.squeeze_at_most": most}))]) for most in (1, 1.5)
    )
    assert squeezed > 1.2 * usual


def test_the_luck_of_a_boat_on_its_way_does_not_depend_on_when_it_was_ordered():
    fates = []
    for wait in (0, 5):
        world = ordering({"gangs.seized_share": 0.5, "gangs.dispatched_per_day": 1e9})
        world.env.run(until=wait + 0.1)
        world.market.supplier.order(0, 20)
        fates.append(stocked_on(world, 0, wait + 4))
    assert fates[0] == fates[1]
