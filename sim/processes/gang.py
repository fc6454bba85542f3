"""A gang's noon: read the forecast, look at queue and boats, plan the night by what has paid, order boats."""

from __future__ import annotations

from math import exp, floor
from typing import TYPE_CHECKING

import numpy as np

from sim.behaviours import find
from sim.domain.market import pick, softmax
from sim.domain.population import Ids
from sim.domain.tactics import (
    Boarding,
    Outlook,
    Sea,
    Tactic,
    Timing,
    load_factor,
    sector_and_boarding,
    squeeze,
)
from sim.processes.boat import Launch, boat
from sim.processes.lives import Life
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
        world.accounts.pay(account, "world", rules.overhead_gbp_per_day + float(market.advertising.spent[number]))
        for launch in plan_the_night(world, number):
            Life(world.env, boat(world, launch))
        if market.boats_wanted[number]:
            market.supplier.order(number, int(market.boats_wanted[number]))
        if world.accounts.balance[account] < 0:
            market.close(number)


def night_key(number: int, night: int) -> int:
    """Key of a gang's draws for one night; the same whatever the horizon."""
    return number << 32 | night


def boat_key(number: int, launched: int) -> int:
    """Key of the draws of a gang's boat, by how many it has launched before; the first of a night also places them all.

    Not by the night: a policy that makes a gang wait a night would otherwise give every later boat another fate, and
    two scenarios would have little luck in common (measured: a paired difference of arrivals varies less this way).
    """
    return night_key(number, launched)


def plan_the_night(world: World, number: int) -> list[Launch]:
    """The boats a gang will launch tonight: whether, where, how, when, how full. Empty if sea or queue say no."""
    market, rules, night = world.market, world.rules.gangs, world.clock.today + 1
    queue, stock = market.queues[number], int(market.boats_stocked[number])
    if not queue or not stock or night >= world.sea.nights:
        return []
    if world.sea.calmest_m[night, number] > market.wave_limit_m[number]:
        return []
    key, first = night_key(number, night), boat_key(number, int(market.boats_used[number]))
    seats = seats_of(world, first)
    if len(queue) < rules.fill_at_least * seats:
        return []
    place = choose_place(world, number, first)
    sea = reads_the_sea(world, number, night, place)
    if sea is None:
        return []
    crews = rules.nightly_boats * market.size[number]
    boats = min(stock, floor(crews) + (world.streams.one("crews", key) < crews % 1))
    timing = leans_to(world, "timing", number, first)
    squeezed = squeeze(len(queue), stock * market.seats_level, rules.squeeze_at_most)
    launches: list[Launch] = []
    while len(launches) < boats:
        boat = boat_key(number, int(market.boats_used[number]) + len(launches))
        seats = seats_of(world, boat) if launches else seats
        if len(queue) < rules.fill_at_least * seats:
            break
        tactic = Tactic(place, leans_to(world, "load", number, boat), timing, sea)
        load = min(len(queue), max(round(seats * load_factor(tactic.load, rules.crowding) * squeezed), 1))
        launches.append(make_launch(world, boat, number, tactic, night, market.board(number, load)))
    market.boats_stocked[number] -= len(launches)
    market.boats_used[number] += len(launches)
    return launches


def seats_of(world: World, boat: int) -> float:
    """People at which a boat of this year's supply counts as full; `boat` is its key."""
    rules = world.rules.gangs
    return world.market.seats_level * exp(rules.seats_spread * world.streams.one_normal("seats", boat))


def choose_place(world: World, number: int, key: int) -> int:
    """Tonight's stretch of coast and way of boarding, by the gang's rule over what each has paid lately.

    Habit and skill lean to the beach or to taxi-boats, beside what pays. The luck of the choice goes with the next
    boat: a plan that the sea forbids stands for the next night, unless what pays has changed.
    """
    market, camp = world.market, world.market.camp[number]
    outlook = Outlook(
        market.lessons.place[number], market.going_there[camp], market.distance_km[camp], market.launches_seen
    )
    shares = find("sector_choice", world.rules.gangs.sector_choice)(world.rules.gangs, outlook) * market.habit
    return pick(shares / shares.sum(), world.streams.one("place", key))


def reads_the_sea(world: World, number: int, night: int, place: int) -> Sea | None:
    """How the gang sees tonight's sea off that place; None if it is too rough, or a better night is worth the wait.

    On a fair night it weighs what such launches have brought against what a boat that waits may still bring.
    """
    market, rules = world.market, world.rules.gangs
    limit = market.wave_limit_m[number]
    foreseen = world.sea.forecast_m[night, number] * world.sea.exposure[sector_and_boarding(place)[0]]
    if foreseen > limit:
        return None
    if foreseen <= rules.calm_share * limit:
        return Sea.CALM
    calm, fair = market.lessons.sea[number].tolist()
    go, _ = softmax(np.array([fair, rules.waiting_worth * calm]), rules.choice_temperature_gbp).tolist()
    return Sea.FAIR if world.streams.one("goes", night_key(number, night)) < go else None


def leans_to(world: World, what: str, number: int, key: int) -> int:
    """A gang's choice of load or timing: it leans to what has paid, but keeps trying the others."""
    shares = softmax(getattr(world.market.lessons, what)[number], world.rules.gangs.choice_temperature_gbp)
    return pick(shares, world.streams.one(what, key))


def make_launch(world: World, boat: int, number: int, tactic: Tactic, night: int, ids: Ids) -> Launch:
    """One boat of tonight's plan, `boat` being its key.

    Boats that leave together do so within half an hour of one time that all gangs on that coast see in tide and
    dark, so that patrols there are swamped; the others each at an hour of their own.
    """
    rhythm, streams = world.rules.rhythm, world.streams
    sector, boarding = sector_and_boarding(tactic.place)
    together = tactic.timing == Timing.TOGETHER
    first = streams.one("wave_hour", night_key(sector, night)) if together else streams.one("launch_hour", boat)
    window = rhythm.launch_to_hour - rhythm.launch_from_hour - rhythm.together_hours * together
    hour = rhythm.launch_from_hour + max(window, 0.0) * first
    hour += streams.one("launch_gap", boat) * rhythm.together_hours * together
    return Launch(boat, number, sector, night, night + hour / HOURS_PER_DAY, boarding is Boarding.TAXI, ids, tactic)


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
