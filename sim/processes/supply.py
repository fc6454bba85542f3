"""Boats on their way to the coast: ordered, sent when suppliers get round to it, delivered, or seized on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.market import affordable, learn, scarcity_price
from sim.domain.randomness import Floats
from sim.processes.lives import Life
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World


class Supplier:
    """Each gang's supply line: its orders are sent one after the other, so many boats a day by the gang's size.

    Lines of their own, not one queue for all: else one boat more for one gang would shift every other gang's boats, and
    two scenarios would soon have little in common (measured: a paired difference of arrivals varies a third less).
    """

    __slots__ = ("_free_from", "_world")

    def __init__(self, world: World, gangs: int) -> None:
        self._world, self._free_from = world, np.zeros(gangs)

    def backlog_days(self) -> Floats:
        """How long an order placed now waits before it is sent; shape (gangs,)."""
        return np.maximum(self._free_from - self._world.env.now, 0.0)

    def price_gbp(self) -> Floats:
        """What a boat with engine costs each gang today: dearer while its supplier is behind; shape (gangs,)."""
        rules = self._world.rules.gangs
        return scarcity_price(rules.package_gbp, self.backlog_days() / rules.lead_days, rules.scarcity_response)

    def price_to(self, gang: int) -> float:
        """`price_gbp` of one gang."""
        rules, backlog = self._world.rules.gangs, max(float(self._free_from[gang]) - self._world.env.now, 0.0)
        return float(scarcity_price(rules.package_gbp, backlog / rules.lead_days, rules.scarcity_response))

    def order(self, number: int, boats: int) -> None:
        """A gang orders as many of these boats as it can pay, and pays them."""
        world, market, rules = self._world, self._world.market, self._world.rules.gangs
        account, price = market.account(number), self.price_to(number)
        boats = affordable(boats, price, world.accounts.balance[account])
        if not boats:
            return
        world.accounts.pay(account, "world", boats * price)
        first = int(market.boats_ever[number])
        market.boats_ever[number] += boats
        market.boats_ordered[number] += boats
        market.boats_bought[number] += boats
        per_day = rules.dispatched_per_day / rules.firms * float(market.size[number])
        sent = max(float(self._free_from[number]), world.env.now) + boats / per_day
        self._free_from[number] = sent
        Life(world.env, self._delivery(number, boats, first, sent))

    def _delivery(self, number: int, boats: int, first: int, sent: float) -> Story:
        """One order on its way; some of it is seized, and the gang learns how much to expect. A process.

        The luck of each boat goes with its number among those the gang has ever bought.
        """
        world, market = self._world, self._world.market
        yield world.env.timeout(sent - world.env.now + world.rules.gangs.lead_days)
        rules, lost = world.rules.gangs, 0
        for nth in range(first, first + boats):
            seized = world.streams.one("seized", number << 32 | nth) < rules.seized_share
            market.lost_share[number] = learn(float(market.lost_share[number]), float(seized), rules.reputation_rate)
            lost += seized
        market.boats_ordered[number] -= boats
        market.boats_seized[number] += lost
        if market.active[number]:
            market.boats_stocked[number] += boats - lost
        else:
            market.boats_bought[number] -= boats - lost
