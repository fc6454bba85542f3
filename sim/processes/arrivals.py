"""Arrivals at the coast: who might come is the same in every scenario; how the journey looks decides who does."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import networkx as nx
import numpy as np

from sim.domain.inflow import calendar_days, daily_rate, potential_of_group
from sim.domain.population import People, Potential, draw_attributes, join_potential
from sim.domain.randomness import Floats, Streams, in_blocks
from sim.domain.routes import Ways, build_graph, land_distances, sea_ways, ways_between
from sim.domain.rules import Rules
from sim.domain.theatre import LegKind, NodeKind, Theatre
from sim.processes.moments import HOURS_PER_DAY
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    pass

DAYS_PER_WEEK = 7
EARLIEST_CAN_BE = 3650


@dataclass(frozen=True, slots=True)
class Geography:
    """The route graph and what was computed from it once."""

    graph: nx.DiGraph[str]
    camps: tuple[str, ...]
    sectors: tuple[str, ...]
    landings: tuple[str, ...]
    ways_to_coast: dict[str, Ways]
    sea: dict[str, Ways]
    camp_to_sector_km: Floats
    camp_to_camp_km: Floats

    @classmethod
    def of(cls, theatre: Theatre) -> Self:
        """All ways of a theatre: origin to camp over land and air, sector to landing over sea."""
        graph = build_graph(theatre)
        camps = theatre.names(NodeKind.CAMP)
        origins = sorted({group.origin for group in theatre.groups})
        return cls(
            graph=graph,
            camps=tuple(camps),
            sectors=tuple(s.node for s in theatre.sectors),
            landings=tuple(theatre.names(NodeKind.LANDING)),
            ways_to_coast={o: ways_between(graph, o, camps, [LegKind.LAND, LegKind.AIR]) for o in origins},
            sea=sea_ways(graph, theatre),
            camp_to_sector_km=land_distances(graph, camps, [s.node for s in theatre.sectors]),
            camp_to_camp_km=land_distances(graph, camps, camps),
        )


def potential_people(scenario: Scenario, streams: Streams) -> Potential:
    """Everyone who might set out in [start - time to fill the coast, horizon), and who might apply from elsewhere."""
    theatre, timeline = scenario.theatre, scenario.timeline()
    coast = timeline[0][1].coast
    horizon = int(np.ceil(scenario.horizon_days))
    first = -days_to_gather(scenario, coast.people_at_start)
    days = calendar_days(scenario.start, first, horizon - first)
    in_force = [rules_on(timeline, first + n) for n in range(len(days))]
    headroom = np.array([rules.coast.seen_from_afar for rules in in_force])
    elsewhere = np.array([rules.legal_route.other_applicants_per_week for rules in in_force]) / DAYS_PER_WEEK
    rates = [daily_rate(theatre.inflow, group, days, 1.0) for group in theatre.groups]
    parts = [potential_of_group(number, headroom * rate, first, streams) for number, rate in enumerate(rates)]
    everyone = np.maximum(sum(rates), np.finfo(float).tiny)
    for number, rate in enumerate(rates):
        applying = (elsewhere * rate / everyone)[-first:]
        parts.append(potential_of_group(number, applying, 0.0, streams, applicants=True))
    return join_potential(parts)


def rules_on(timeline: tuple[tuple[float, Rules], ...], day: float) -> Rules:
    """The rules in force on a day; before the first day, those of the first."""
    steps = [start for start, _ in timeline]
    return timeline[max(bisect_right(steps, day) - 1, 0)][1]


def days_to_gather(scenario: Scenario, people: int) -> int:
    """Whole days of inflow before the start that fill the coast with `people`."""
    inflow = scenario.theatre.inflow
    gathered, day = 0.0, 0
    while gathered < people and day < EARLIEST_CAN_BE:
        day += 1
        date = calendar_days(scenario.start, -day, 1)
        gathered += sum(float(daily_rate(inflow, group, date, 1.0)[0]) for group in scenario.theatre.groups)
    return day


def settle_people(
    potential: Potential, theatre: Theatre, geography: Geography, rules: Rules, streams: Streams
) -> People:
    """Give everyone their attributes and the camp that their cheapest perceived way leads to."""
    attributes = draw_attributes(potential, theatre, rules.migrants, streams)
    n = len(potential.key)
    camp, hours = np.zeros(n, dtype=np.int8), np.zeros(n)
    origin_of_group = [group.origin for group in theatre.groups]
    for origin, ways in geography.ways_to_coast.items():
        mine = np.flatnonzero(np.isin(potential.group, [g for g, o in enumerate(origin_of_group) if o == origin]))
        chosen = ways.cheapest(
            attributes.gbp_per_day[mine] / HOURS_PER_DAY,
            attributes.risk_weight[mine] * rules.migrants.life_gbp,
        )
        camp[mine] = np.array([geography.camps.index(way[-1]) for way in ways.ways])[chosen]
        hours[mine] = last_stage_hours(geography, ways)[chosen]
    people = People(potential, attributes, camp, potential.set_out_day + hours / HOURS_PER_DAY)

    def erlang(purpose: str, shape: int) -> Floats:
        return in_blocks(lambda keys: streams.erlang(purpose, keys, shape), people.key)

    people.registration_hours[:] = rules.centre.registration_hours * erlang(
        "registration", rules.centre.registration_shape
    )
    people.decision_days[:] = rules.asylum.decision_days * erlang("decision", rules.asylum.decision_shape)
    return people


def last_stage_hours(geography: Geography, ways: Ways) -> Floats:
    """Hours from the last hub to the camp, for each way: the part of the journey that a decision to cross begins."""
    kind, legs = geography.graph.nodes, geography.graph.edges
    hours = []
    for way in ways.ways:
        hubs = [i for i, node in enumerate(way) if kind[node]["kind"] is NodeKind.HUB]
        tail = way[hubs[-1] :] if hubs else way
        hours.append(sum(legs[leg]["hours"] for leg in pairwise(tail)))
    return np.array(hours)
