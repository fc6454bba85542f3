"""`World`: what the processes of one run share: clock, map, people, rules in force, random numbers, recorder, actors.

It owns no metric, prints nothing and knows no path. `simulate` builds one, runs it to the horizon and hands back
the records.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
import simpy

from sim.domain.accounts import Accounts
from sim.domain.beliefs import News, priors
from sim.domain.contacts import Ties, contacts
from sim.domain.ledger import Ledger
from sim.domain.population import People
from sim.domain.randomness import Floats, Streams
from sim.domain.rules import Rules
from sim.processes.arrivals import Geography, potential_people, rules_on, settle_people
from sim.processes.asylum import AsylumSystem
from sim.processes.audit import audits
from sim.processes.boat import Sea
from sim.processes.centre import Centre
from sim.processes.coast import Coast
from sim.processes.committee import Committee
from sim.processes.counting import counts
from sim.processes.gang import gang, market_entry
from sim.processes.journeys import Journeys
from sim.processes.legal_route import LegalRoute
from sim.processes.lives import Life
from sim.processes.market import Market
from sim.processes.moments import Clock, Story
from sim.processes.patrol import Interception, Watch
from sim.processes.rescue import Rescue
from sim.processes.returns import Returns
from sim.records.behaviour_tables import attempts_table, hazard_table
from sim.records.costs import costs_table
from sim.records.exchange_tables import cases_table, flights_table, ledger_table, pipeline_table
from sim.records.movement_tables import boats_table, camps_table
from sim.records.people_tables import people_table
from sim.records.recorder import Recorder
from sim.records.tables import daily_table, flows_table, gangs_table, groups_table, sectors_table
from sim.records.tidy import Columns, Counts, Records
from sim.scenario.schema import Scenario


@dataclass(slots=True)
class World:
    """Everything the processes share."""

    scenario: Scenario
    timeline: tuple[tuple[float, Rules], ...]
    env: simpy.Environment
    clock: Clock
    rules: Rules
    streams: Streams
    geography: Geography
    people: People
    recorder: Recorder
    accounts: Accounts
    ledger: Ledger
    news: News
    sea: Sea
    coast: Coast = field(init=False)
    journeys: Journeys = field(init=False)
    market: Market = field(init=False)
    watch: Watch = field(init=False)
    interception: Interception = field(init=False)
    rescue: Rescue = field(init=False)
    centre: Centre = field(init=False)
    asylum: AsylumSystem = field(init=False)
    committee: Committee = field(init=False)
    returns: Returns = field(init=False)
    legal_route: LegalRoute = field(init=False)


@dataclass(frozen=True, slots=True)
class OneMore:
    """One person added to the world for the test that nobody else's life changes."""

    group: int
    set_out_day: float


def build_world(scenario: Scenario, replication: int, one_more: OneMore | None = None) -> World:
    """A world at the start of its first day, with every process begun.

    Args:
        scenario: the validated scenario.
        replication: number of the replication; the same number means the same people, weather and luck.
        one_more: a person to add.
    """
    timeline = scenario.timeline()
    rules = timeline[0][1]
    streams = Streams(scenario.seed, replication)
    geography = Geography.of(scenario.theatre)
    potential = potential_people(scenario, streams)
    if one_more is not None:
        potential = potential.with_one_more(one_more.group, one_more.set_out_day)
    env = simpy.Environment()
    world = World(
        scenario=scenario,
        timeline=timeline,
        env=env,
        clock=Clock(env),
        rules=rules,
        streams=streams,
        geography=geography,
        people=settle_people(potential, scenario.theatre, geography, rules, streams),
        recorder=Recorder(env),
        accounts=Accounts(),
        ledger=Ledger(rules.legal_route.float_places, rules.legal_route.parity_tolerance),
        news=news_of(scenario, geography, rules, streams),
        sea=Sea.of(scenario, geography, rules.gangs.firms_at_most, streams),
    )
    people = world.people
    people.community[:] = world.news.contacts.at_camp(people.potential.group, people.camp)
    world.coast, world.journeys = Coast(world), Journeys(world)
    world.market, world.watch = Market(world), Watch(world)
    world.interception, world.rescue = Interception(world), Rescue(world)
    world.centre, world.asylum = Centre(world, world.coast.registered), AsylumSystem(world)
    world.committee, world.returns, world.legal_route = Committee(world), Returns(world), LegalRoute(world)
    begin_processes(world)
    return world


def news_of(scenario: Scenario, geography: Geography, rules: Rules, streams: Streams) -> News:
    """What every community believes at the start, and the contact graph over which it will hear news."""
    groups = scenario.theatre.groups
    tied = contacts(len(groups), len(geography.camps), Ties.of(rules.beliefs))
    prior = priors(rules.beliefs, np.repeat([group.grant_share for group in groups], tied.places))
    keys = np.arange(prior.size, dtype=np.uint64)

    def noise(day: int) -> Floats:
        return streams.normal("rumour", keys, day).reshape(prior.shape)

    return News(rules.beliefs, prior, tied, noise)


def begin_processes(world: World) -> None:
    """Start every process. Within a moment they act in this order."""
    begin = partial(Life, world.env)
    begin(world.clock.run(world.rules.rhythm))
    begin(policy_calendar(world))
    begin(world.journeys.begin_lives())
    begin(world.coast.deliberations())
    begin(world.market.noons())
    for number in range(world.rules.gangs.firms_at_most):
        begin(gang(world, number))
    begin(market_entry(world))
    begin(world.watch.shifts())
    begin(world.asylum.days())
    begin(world.legal_route.windows())
    begin(world.committee.weeks())
    begin(world.returns.flights.voidings())
    begin(world.returns.flights.departures())
    begin(counts(world))
    begin(audits(world))


def policy_calendar(world: World) -> Story:
    """At midnight put the day's rules in force and let the news of the day before travel. A process."""
    timeline = list(world.timeline)
    while True:
        today = world.clock.today
        while timeline and timeline[0][0] <= today:
            put_in_force(world, timeline.pop(0)[1])
        world.committee.keep_term()
        yield world.clock.midnight.next
        world.news.next_day(world.rules.beliefs)


def put_in_force(world: World, rules: Rules) -> None:
    """Other rules from now on."""
    world.rules = rules
    world.ledger.allow(rules.legal_route.float_places, rules.legal_route.parity_tolerance)
    world.interception.allow(rules)
    world.rescue.allow(rules)
    world.returns.allow(rules)
    world.legal_route.allow(rules)


def simulate(scenario: Scenario, replication: int, one_more: OneMore | None = None) -> World:
    """Run one replication of a scenario to its horizon. Events at the horizon itself do not happen (half-open)."""
    world = build_world(scenario, replication, one_more)
    world.env.run(until=scenario.horizon_days)
    return world


def records_of(world: World) -> Records:
    """What a finished run left behind, for the tables."""
    days = int(world.scenario.horizon_days)
    in_force = [rules_on(world.timeline, day) for day in range(days)]
    return Records(world.scenario.start, days, world.scenario.theatre, tuple(in_force), world.recorder, world.people)


def run_tables(world: World) -> dict[str, Columns]:
    """All tables of a finished run, by name."""
    records = records_of(world)
    counts = Counts(records)
    return {
        "daily": daily_table(records, counts),
        "sectors": sectors_table(records),
        "gangs": gangs_table(records),
        "groups": groups_table(records, counts),
        "pipeline": pipeline_table(records, counts),
        "flows": flows_table(records, world.geography.camps, world.scenario.warm_up_days),
        "cases": cases_table(records),
        "ledger": ledger_table(records, counts),
        "flights": flights_table(records),
        "costs": costs_table(records, counts),
        "people": people_table(records, world.scenario.warm_up_days),
        "attempts": attempts_table(records, world.scenario.warm_up_days),
        "hazard": hazard_table(records, world.scenario.warm_up_days),
        "boats": boats_table(records, world.geography.camps),
        "camps": camps_table(records, world.geography.camps),
    }
