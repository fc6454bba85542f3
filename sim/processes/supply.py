"""Boats on their way to the coast: ordered, sent when suppliers get round to it, delivered, or seized on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain.market import affordable, learn, scarcity_price
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World


class Supplier:
    """The suppliers behind all gangs: orders are sent first come, first served, so many boats a day."""

    __slots__ = ("_free_from", "_world")

    def __init__(self, world: World) -> None:
        self._world, self._free_from = world, 0.0

    @property
    def backlog_days(self) -> float:
        """How long an order placed now waits before it is sent."""
        return max(self._free_from - self._world.env.now, 0.0)

    @property
    def price_gbp(self) -> float:
        """What a boat with engine costs today: dearer while the supplier is behind."""
        rules = self._world.rules.gangs
        return scarcity_price(rules.package_gbp, self.backlog_days / rules.lead_days, rules.scarcity_response)

    def order(self, number: int, boats: int) -> None:
        """A gang orders as many of these boats as it can pay, and pays them."""
        world, market = self._world, self._world.market
        account = market.account(number)
        boats = affordable(boats, self.price_gbp, world.accounts.balance[account])
        if not boats:
            return
        world.accounts.pay(account, "world", boats * self.price_gbp)
        first = int(market.boats_ever[number])
        market.boats_ever[number] += boats
        market.boats_ordered[number] += boats
        market.boats_bought[number] += boats
        self._free_from = world.env.now + self.backlog_days + boats / world.rules.gangs.dispatched_per_day
        world.env.process(self._delivery(number, boats, first, self._free_from))

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
