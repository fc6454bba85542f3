"""A gang's noon: read the forecast, look at queue and boats, plan the night, order boats."""

from __future__ import annotations

from math import exp, floor
from typing import TYPE_CHECKING

import numpy as np

from sim.behaviours import find
from sim.domain.market import pick
from sim.domain.population import Ids
from sim.processes.boat import Launch, boat
from sim.processes.moments import HOURS_PER_DAY, Story

if TYPE_CHECKING:
    from sim.processes.world import World


def gang(world: World, number: int) -> Story:
    """One firm, from its first noon on. A process. An inactive number is a firm that may enter later."""
    market = world.market
    while True:
        yield world.clock.noon.next
        if not market.active[number]:
            continue
        account, rules = market.account(number), world.rules.gangs
        world.accounts.pay(account, "world", rules.overhead_gbp_per_day)
        for launch in plan_the_night(world, number):
            world.env.process(boat(world, launch))
        order_boats(world, number)
        if world.accounts.balance[account] < 0:
            market.close(number)


def night_key(number: int, night: int) -> int:
    """Key of a gang's draws for one night; the same whatever the horizon."""
    return number << 32 | night


def boat_key(number: int, launched: int) -> int:
    """Key of the draws of a gang's boat, by how many it has launched before.

    Not by the night: a policy that makes a gang wait a night would otherwise give every later boat another fate, and
    two scenarios would have little luck in common (measured: a paired difference of arrivals varies less this way).
    """
    return night_key(number, launched)


def plan_the_night(world: World, number: int) -> list[Launch]:
    """The boats a gang will launch together tonight: where, how, how full. Empty if the sea or the queue says no."""
    market, rules, night = world.market, world.rules.gangs, world.clock.today + 1
    queue, stock = market.queues[number], int(market.boats_stocked[number])
    if not queue or not stock or night >= world.sea.nights:
        return []
    key = night_key(number, night)
    if world.sea.calmest_m[night, number] > market.wave_limit_m[number]:
        return []
    sector = choose_sector(world, number, key)
    foreseen = world.sea.forecast_m[night, number] * world.sea.exposure[sector]
    if foreseen > market.wave_limit_m[number]:
        return []
    crews = rules.nightly_boats * market.size[number]
    boats = min(stock, floor(crews) + (world.streams.one("crews", key) < crews % 1))
    short = len(queue) > stock * seats_of(world, boat_key(number, int(market.boats_used[number])))
    launches: list[Launch] = []
    while len(launches) < boats:
        boat = boat_key(number, int(market.boats_used[number]) + len(launches))
        seats = seats_of(world, boat)
        if len(queue) < rules.fill_at_least * seats:
            break
        load = min(len(queue), round(seats * (rules.crowding if short else 1.0)))
        ids = market.board(number, load)
        launches.append(make_launch(world, boat, number, sector, night, ids))
    market.boats_stocked[number] -= len(launches)
    market.boats_used[number] += len(launches)
    return launches


def seats_of(world: World, boat: int) -> float:
    """People at which a boat of this year's supply counts as full; `boat` is its key."""
    rules = world.rules.gangs
    return world.market.seats_level * exp(rules.seats_spread * world.streams.one_normal("seats", boat))


def choose_sector(world: World, number: int, key: int) -> int:
    """Tonight's stretch of coast, by the gang's rule over what each has paid lately."""
    market, rules = world.market, world.rules.gangs
    transport = rules.distance_gbp_per_km * world.geography.camp_to_sector_km[market.camp[number]]
    decide = find("sector_choice", rules.sector_choice)
    reach = np.where(np.isfinite(transport), transport, 1e9)
    shares = decide(market.profit_by_sector[number], reach, rules.choice_temperature_gbp)
    return pick(shares, world.streams.one("sector", key))


def make_launch(world: World, boat: int, number: int, sector: int, night: int, ids: Ids) -> Launch:
    """One boat of tonight's plan, `boat` being its key; boats of a night leave within an hour of each other."""
    rhythm, streams = world.rules.rhythm, world.streams
    first = streams.one("launch_hour", night_key(number, night))
    hour = rhythm.launch_from_hour + (rhythm.launch_to_hour - rhythm.launch_from_hour - 1.0) * first
    hour += streams.one("launch_gap", boat)
    taxi = streams.one("method", boat) < world.rules.gangs.taxi_share
    return Launch(boat, number, sector, night, night + hour / HOURS_PER_DAY, taxi, ids)


def order_boats(world: World, number: int) -> None:
    """Order and pay what the market's noon has found wanting."""
    market, wanted = world.market, int(world.market.boats_wanted[number])
    if wanted:
        market.boats_ordered[number] += wanted
        market.boats_bought[number] += wanted
        world.accounts.pay(market.account(number), "world", wanted * world.rules.gangs.package_gbp)
        world.env.process(delivery(world, number, wanted))


def delivery(world: World, number: int, boats: int) -> Story:
    """Boats on their way from the warehouse; some are seized. A process."""
    market = world.market
    key = night_key(number, world.clock.today)
    yield world.env.timeout(world.rules.gangs.lead_days)
    lost = sum(world.streams.one("seized", key, k) < world.rules.gangs.seized_share for k in range(boats))
    market.boats_ordered[number] -= boats
    market.boats_seized[number] += lost
    if market.active[number]:
        market.boats_stocked[number] += boats - lost
    else:
        market.boats_bought[number] -= boats - lost


def market_entry(world: World) -> Story:
    """Now and then a new gang enters where profits are good, or where nobody is left. A process."""
    market = world.market
    before = market.earned_gbp()
    while True:
        for _ in range(world.rules.gangs.entry_review_days):
            yield world.clock.noon.next
        rules, earned = world.rules.gangs, market.earned_gbp()
        gain, before = (earned - before)[market.active], earned
        idle = np.flatnonzero(~market.active)
        daily = float(gain.mean()) / rules.entry_review_days if len(gain) else np.inf
        if len(idle) and daily > rules.entry_margin_gbp_per_day:
            newcomer = int(idle[0])
            market.enter(newcomer)
