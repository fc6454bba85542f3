"""Patrols: two shifts of units a night posted to sectors as SimPy resources, and teams on the water.

A find keeps a unit or a team busy for hours, so launches together swamp those who watch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import simpy

from sim.behaviours import find
from sim.domain.patrolling import Watched, coverage, detection_chance, units_on, whole_units
from sim.domain.randomness import Floats
from sim.domain.rules import Rules
from sim.processes.lives import Life
from sim.processes.moments import HOURS_PER_DAY, Story
from sim.processes.pool import Pool

if TYPE_CHECKING:
    from sim.processes.boat import Launch
    from sim.processes.world import World

EARLY, LATE = 0, 1


class Watch:
    """The posts of the shift on duty: for each sector with a unit a resource, made when a launch first needs it."""

    __slots__ = ("_posts", "_world", "fixed_share", "length_km", "recent_launches", "units_posted")

    def __init__(self, world: World) -> None:
        self._world = world
        sectors = world.scenario.theatre.sectors
        self.fixed_share = np.array([s.fixed_patrol_share for s in sectors])
        self.length_km = np.array([s.length_km for s in sectors])
        self.recent_launches: Floats = np.zeros(len(sectors))
        self.units_posted: Floats = np.zeros(len(sectors))
        self._posts: dict[int, simpy.Resource] = {}
        self._post(self._plan(), 0, EARLY)

    def shifts(self) -> Story:
        """Each dusk plan the night and post the early shift; some hours later the late one replaces it. A process."""
        world = self._world
        while True:
            yield world.clock.dusk.next
            plan, tonight, rules = self._plan(), world.clock.today, world.rules
            self._post(plan, tonight, EARLY)
            self.recent_launches *= np.exp(-1 / rules.patrols.allocation_memory_days)
            hours = (rules.patrols.late_shift_hour - rules.rhythm.dusk_hour) % HOURS_PER_DAY
            yield world.env.timeout(hours / HOURS_PER_DAY)
            self._post(plan, tonight, LATE)

    def _plan(self) -> Floats:
        """Units wanted in each sector on each of tonight's shifts, not yet whole; shape (sectors,)."""
        rules, today = self._world.rules, self._world.clock.today
        units = units_on(rules.patrols, rules.money.patrol_unit_gbp_per_day, today) * rules.patrols.night_share
        seen = Watched(self.fixed_share, self.recent_launches, self.length_km, units)
        shares: Floats = find("allocation", rules.patrols.allocation)(rules.patrols, seen)
        return units * shares

    def _post(self, plan: Floats, night: int, shift: int) -> None:
        """Fresh units at every post, whole ones. Those still busy with a find belong to no post any more."""
        self.units_posted = whole_units(plan, self._world.streams.one("posting", night, shift))
        self._posts = {}

    def post(self, sector: int) -> simpy.Resource | None:
        """The units of a sector on this shift; None if it has none."""
        if sector not in self._posts and self.units_posted[sector]:
            self._posts[sector] = simpy.Resource(self._world.env, int(self.units_posted[sector]))
        return self._posts.get(sector)

    def saw_launch(self, sector: int) -> None:
        """Remember where boats leave from."""
        self.recent_launches[sector] += 1

    def stops(self, launch: Launch) -> bool:
        """Whether a free unit finds the launch and stops it. A find keeps the unit busy either way."""
        rules, streams, post = self._world.rules.patrols, self._world.streams, self.post(launch.sector)
        free = post.capacity - post.count if post else 0
        swept = coverage(free, rules.sweep_km_per_unit, float(self.length_km[launch.sector]))
        chance = detection_chance(swept * float(self._world.market.conspicuous[launch.gang]))
        if post is None or streams.one("found", launch.key) >= chance:
            return False
        Life(self._world.env, self._busy(post))
        stop = rules.stop_taxi if launch.taxi else rules.stop_beach
        return streams.one("stopped", launch.key) < stop

    def _busy(self, post: simpy.Resource) -> Story:
        """One unit, from the find until it is free again. A process."""
        with post.request() as unit:
            yield unit
            yield self._world.env.timeout(self._world.rules.patrols.busy_hours / HOURS_PER_DAY)


class Interception:
    """Teams on the water, a second point after the beach: they meet only boats that pick people up from the water."""

    __slots__ = ("_world", "coast_km", "teams")

    def __init__(self, world: World) -> None:
        self._world = world
        self.coast_km = float(sum(s.length_km for s in world.scenario.theatre.sectors))
        self.teams = Pool(world.env, world.rules.maritime.teams)

    def allow(self, rules: Rules) -> None:
        """As many teams as the rules say from now on."""
        self.teams.resize(rules.maritime.teams)

    def finds(self, launch: Launch) -> bool:
        """Whether a free team meets the launch before people board; that keeps the team busy, whatever comes of it."""
        rules, free = self._world.rules.maritime, self.teams.free
        if not launch.taxi or not free:
            return False
        chance = detection_chance(coverage(free, rules.sweep_km_per_team, self.coast_km))
        if self._world.streams.one("met", launch.key) >= chance:
            return False
        self.teams.take()
        Life(self._world.env, self._busy())
        return True

    def stops(self, launch: Launch) -> bool:
        """Whether the team that met the launch keeps it from taking people on board."""
        return self._world.streams.one("intercepted", launch.key) < self._world.rules.maritime.stop_share

    def _busy(self) -> Story:
        """One team, until it is free again. A process."""
        yield self._world.env.timeout(self._world.rules.maritime.busy_hours / HOURS_PER_DAY)
        self.teams.give_back()
