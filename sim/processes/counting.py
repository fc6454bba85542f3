"""The evening's stock-taking: one row of stocks a day for the tables. It draws nothing and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.domain.beliefs import About
from sim.domain.population import Place
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World

CAMP, CUSTOMER, ABOARD = int(Place.CAMP), int(Place.CUSTOMER), int(Place.ABOARD)
BELIEFS = [None if about is About.RETURNED else f"group_{about.name.lower()}_belief" for about in About]
"""Names of the stocks of beliefs, by subject. What is believed of returns is more than what was heard of them."""


def counts(world: World) -> Story:
    """Count every stock each evening. A process."""
    while True:
        yield world.clock.count.next
        count_people(world)
        count_market(world)
        count_exchange(world)


def count_people(world: World) -> None:
    """People by place, by camp, and by group what they wait for and believe."""
    people, stock = world.people, world.recorder.stock
    stock("places", np.array(people.count, dtype=float))
    here = people.at(CAMP, CUSTOMER, ABOARD)
    groups = len(world.scenario.theatre.groups)
    stock("group_waiting", np.bincount(people.potential.group[here], minlength=groups).astype(float))
    stock("camp_waiting", np.bincount(people.camp[here], minlength=len(world.geography.camps)).astype(float))
    by_group = world.news.contacts.by_group
    stock("group_return_belief", by_group(world.committee.perceived_chance()))
    for name, belief in zip(BELIEFS, by_group(world.news.chances), strict=True):
        if name is not None:
            stock(name, belief)
    stock("wave_height_m", float(world.sea.wave_m[world.clock.today]))


def count_market(world: World) -> None:
    """Gangs and patrols."""
    market, stock = world.market, world.recorder.stock
    stock("price_gbp", market.mean_price)
    stock("gangs_active", float(market.active.sum()))
    stock("gang_active", market.active.astype(float))
    stock("gang_price", market.price.copy())
    stock("gang_queue", market.waiting())
    stock("gang_boats", market.boats_stocked.astype(float))
    balances = [world.accounts.balance[market.account(g)] for g in range(market.most)]
    stock("gang_cash", np.array(balances))
    stock("gang_capital", market.capital.copy())
    stock("gang_seized", market.boats_seized.astype(float))
    stock("gang_adverts", market.advertising.spent.copy())
    stock("gang_cost", market.cost_per_seat())
    stock("sector_units", world.watch.units_posted.copy())


def count_exchange(world: World) -> None:
    """The exchange's stocks."""
    stock, returns, committee = world.recorder.stock, world.returns, world.committee
    stock("ledger_gap", float(world.ledger.gap))
    stock("promised", float(world.ledger.promised))
    stock("places_open", float(world.ledger.places_open()))
    stock("returns_paused", float(world.ledger.returns_paused))
    stock("admissions_paused", float(world.ledger.admissions_paused))
    stock("exchange_open", float(committee.open))
    stock("beds", float(returns.beds.size))
    stock("beds_used", float(returns.beds.busy))
    stock("caseworkers", float(returns.papers.desk.size))
    stock("caseworkers_busy", float(returns.papers.desk.busy))
    stock("awaiting_request", float(returns.papers.awaiting_request))
    stock("awaiting_reply", float(returns.papers.awaiting_reply))
    stock("awaiting_claims", float(returns.papers.awaiting_claims))
    stock("seat_queue", float(returns.flights.waiting))
    stock("in_court", float(returns.flights.in_court))
    stock("barred", float(returns.barred))
    stock("passed_over", np.array(returns.passed_over, dtype=float))
    stock("weekly_target", committee.target)
    stock("renewals", float(committee.renewals))
    stock("aware", float(world.news.contacts.by_group(world.legal_route.aware).mean()))
    stock("working", float(world.asylum.working))
    stock("applicants", float(world.legal_route.waiting))
    stock("credibility", committee.credibility)
    stock("desk_queue", float(len(world.centre.line)))
