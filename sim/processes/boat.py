"""A boat's night: to the beach, perhaps met by a patrol, over the sea or back, for everyone aboard at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from sim.domain.beliefs import About
from sim.domain.inflow import calendar_days
from sim.domain.market import learn, pick
from sim.domain.passage import (
    deaths_in_incident,
    deaths_without_rescue,
    hours_at_sea,
    incident_chance,
    turn_back_chance,
)
from sim.domain.population import Ids
from sim.domain.randomness import Floats, Streams
from sim.domain.tactics import Tactic
from sim.domain.theatre import NodeKind
from sim.domain.weather import forecasts, wave_heights, with_trace
from sim.processes.moments import HOURS_PER_DAY, Story
from sim.records.recorder import BoatEnd, BoatRow, Happened
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.processes.arrivals import Geography
    from sim.processes.world import World


@dataclass(frozen=True, slots=True)
class Sea:
    """The sea of one run: waves and forecasts by night, exposure by sector, and the ways to the landings."""

    nights: int
    dates: list[date]
    wave_m: Floats
    forecast_m: Floats
    calmest_m: Floats
    exposure: Floats
    landing: tuple[npt.NDArray[np.int64], ...]
    distance_km: tuple[Floats, ...]
    share: tuple[Floats, ...]
    nearest_km: Floats

    @classmethod
    def of(cls, scenario: Scenario, geography: Geography, readers: int, streams: Streams) -> Self:
        """Draw the run's weather (or take the observed trace) and list the ways over the sea."""
        days = calendar_days(scenario.start, 0, int(np.ceil(scenario.horizon_days)) + 1)
        day_of_year = np.array([d.timetuple().tm_yday for d in days], dtype=float)
        weather, rules = scenario.theatre.weather, scenario.rules.passage
        waves = with_trace(wave_heights(weather, day_of_year, streams), days, weather.trace)
        foreseen = forecasts(weather, waves, readers, streams)
        exposure = np.array([s.exposure for s in scenario.theatre.sectors])
        landings = scenario.theatre.names(NodeKind.LANDING)
        ways = [geography.sea[sector] for sector in geography.sectors]
        weights = [np.exp(-way.distance_km / rules.landing_scale_km) for way in ways]
        return cls(
            nights=len(days) - 1,
            dates=days,
            wave_m=waves,
            forecast_m=foreseen,
            calmest_m=foreseen * exposure.min(),
            exposure=exposure,
            landing=tuple(np.array([landings.index(w[-1]) for w in way.ways]) for way in ways),
            distance_km=tuple(way.distance_km for way in ways),
            share=tuple(w / w.sum() for w in weights),
            nearest_km=np.array([way.distance_km.min() for way in ways]),
        )


@dataclass(frozen=True, slots=True)
class Launch:
    """One planned boat: `key` for its luck, who launches it, where, when (days), how, for whom and by what tactic."""

    key: int
    gang: int
    sector: int
    night: int
    at: float
    taxi: bool
    ids: Ids
    tactic: Tactic


def boat(world: World, launch: Launch) -> Story:
    """One launch, from the dunes to its end. A process; it resolves the night of all its passengers at once."""
    env, ids = world.env, launch.ids
    yield env.timeout(launch.at - env.now)
    world.people.attempts[ids] += 1
    world.people.last_sector[ids] = launch.sector
    world.recorder.record_all(Happened.TRIED, ids)
    world.watch.saw_launch(launch.sector)
    world.market.launches_seen[launch.tactic.place] += 1
    wave = float(world.sea.wave_m[launch.night] * world.sea.exposure[launch.sector])
    way = pick(world.sea.share[launch.sector], world.streams.one("landing", launch.key))
    distance = float(world.sea.distance_km[launch.sector][way])
    if world.watch.stops(launch):
        return fails(world, launch, ids, BoatEnd.PREVENTED, 0, wave, distance)
    met = world.interception.finds(launch)
    if met and world.interception.stops(launch):
        return fails(world, launch, ids, BoatEnd.INTERCEPTED, 0, wave, distance)
    yield from crosses(world, launch, way, wave, distance, met=met)


def crosses(world: World, launch: Launch, way: int, wave: float, distance: float, *, met: bool) -> Story:
    """Over the sea, or back from half-way; a call for help brings a vessel, if one is free. Part of the boat's story.

    `met` is whether a team on the water tried to stop the boat, which adds to the danger.
    """
    env, rules, streams, people = world.env, world.rules.passage, world.streams, len(launch.ids)
    half_way = hours_at_sea(rules, distance, streams.one_normal("pace", launch.key)) / 2 / HOURS_PER_DAY
    danger = incident_chance(rules, wave, people, distance, taxi=launch.taxi)
    fatal = streams.one("incident", launch.key) < danger * (world.rules.maritime.incident_ratio if met else 1.0)
    turned = streams.one("turn_back", launch.key) < turn_back_chance(rules, wave, people, distance)
    yield env.timeout(half_way)
    helped = (turned or fatal) and world.rescue.comes()
    dead = who_dies(world, launch, helped=helped) if fatal else launch.ids[:0]
    survivors = launch.ids
    if len(dead):
        survivors = np.setdiff1d(launch.ids, dead, assume_unique=True)
        world.market.died(dead)
        world.people.seen_deaths[survivors] += 1
    if turned:
        return fails(world, launch, survivors, BoatEnd.TURNED_BACK, len(dead), wave, distance)
    yield env.timeout(half_way)
    if len(survivors):
        yield world.centre.room(len(survivors))
    return arrives(world, launch, survivors, len(dead), int(world.sea.landing[launch.sector][way]), wave, distance)


def who_dies(world: World, launch: Launch, *, helped: bool) -> Ids:
    """Passengers who die in a fatal incident, more of them without help; each is as likely as any other."""
    streams, people = world.streams, len(launch.ids)
    number = deaths_in_incident(world.rules.passage, people, streams.one("deaths", launch.key))
    if not helped:
        number = deaths_without_rescue(world.rules.rescue, number, people)
    order = np.argsort(streams.uniform("who_dies", world.people.key[launch.ids], launch.night))
    return np.sort(launch.ids[order[:number]])


def fails(world: World, launch: Launch, ids: Ids, end: BoatEnd, dead: int, wave: float, distance: float) -> None:
    """Stopped on the beach or the water, or back in France: the boat is lost, nobody pays, everybody may try again."""
    happened = Happened.TURNED_BACK if end is BoatEnd.TURNED_BACK else Happened.PREVENTED
    world.recorder.record_all(happened, ids)
    note_boat(world, launch, end, dead, -1, wave, distance)
    settle_up(world, launch, 0.0, delivered=False)
    tell_news(world, launch, stopped=ids, dead=dead)
    world.market.stopped(ids)


def arrives(world: World, launch: Launch, ids: Ids, dead: int, landing: int, wave: float, distance: float) -> None:
    """Landed in the UK: fares are released, everyone goes to the arrival centre."""
    world.recorder.record_all(Happened.ARRIVED, ids)
    note_boat(world, launch, BoatEnd.ARRIVED, dead, landing, wave, distance)
    tell_news(world, launch, stopped=ids[:0], dead=dead)
    world.committee.saw_arrivals(ids)
    settle_up(world, launch, world.market.landed(ids, launch.gang), delivered=True)


def note_boat(
    world: World, launch: Launch, end: BoatEnd, dead: int, landing: int, wave: float, distance: float
) -> None:
    """One row in the record of launches."""
    world.recorder.boats.append(
        BoatRow(
            launch.at, world.env.now, launch.gang, int(world.market.camp[launch.gang]), launch.sector, landing,
            int(launch.taxi), len(launch.ids), dead, int(end), wave, distance,
        )
    )  # fmt: skip


def settle_up(world: World, launch: Launch, revenue: float, *, delivered: bool) -> None:
    """Pay the night's helpers and the way to the beach, and learn from what the launch brought."""
    market, rules = world.market, world.rules.gangs
    going_there = float(market.going_there[market.camp[launch.gang], launch.tactic.place])
    spent = rules.other_cost_gbp_per_seat * len(launch.ids) + going_there
    world.accounts.pay(market.account(launch.gang), "world", spent)
    profit = revenue - spent - market.package_gbp(launch.gang)
    market.lessons.learn(launch.gang, launch.tactic, profit, going_there, rules.learning_rate)
    market.delivered_share[launch.gang] = learn(
        float(market.delivered_share[launch.gang]), float(delivered), rules.reputation_rate
    )
    market.reputation[launch.gang] = market.delivered_share[launch.gang]


def tell_news(world: World, launch: Launch, stopped: Ids, dead: int) -> None:
    """What each community will hear of this night."""
    community, news = world.people.community, world.news
    tries = np.bincount(community[launch.ids], minlength=news.communities)
    news.tell(About.STOPPED, np.bincount(community[stopped], minlength=news.communities) if len(stopped) else 0, tries)
    news.tell(About.DIED, tries * (dead / len(launch.ids)) if dead else 0, tries)
