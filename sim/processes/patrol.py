"""Patrols: shifts of units posted to sectors as SimPy resources; a find keeps a unit busy for hours."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

import numpy as np
import simpy

from sim.behaviours import find
from sim.domain.patrolling import coverage, detection_chance
from sim.domain.randomness import Floats
from sim.processes.moments import HOURS_PER_DAY, Story

if TYPE_CHECKING:
    from sim.processes.boat import Launch
    from sim.processes.world import World


class Watch:
    """Tonight's posts: for each sector a resource with as many units as are on shift, or none."""

    __slots__ = ("_world", "fixed_share", "length_km", "posts", "recent_launches", "units_posted")

    def __init__(self, world: World) -> None:
        self._world = world
        sectors = world.scenario.theatre.sectors
        self.fixed_share = np.array([s.fixed_patrol_share for s in sectors])
        self.length_km = np.array([s.length_km for s in sectors])
        self.recent_launches: Floats = np.zeros(len(sectors))
        self.units_posted: Floats = np.zeros(len(sectors))
        self.posts: list[simpy.Resource | None] = [None] * len(sectors)
        self._post()

    def postings(self) -> Story:
        """Each dusk move the units to the sectors of the coming night. A process."""
        while True:
            yield self._world.clock.dusk.next
            self._post()
            self.recent_launches *= np.exp(-1 / self._world.rules.patrols.allocation_memory_days)

    def _post(self) -> None:
        """Whole units only: a fraction of a unit is posted on that share of the nights."""
        world, rules = self._world, self._world.rules.patrols
        decide = find("allocation", rules.allocation)
        shares = rules.units * rules.night_share * decide(rules, self.fixed_share, self.recent_launches)
        today = world.clock.today
        whole = [floor(u) + (world.streams.one("posting", s, today) < u % 1) for s, u in enumerate(shares.tolist())]
        self.units_posted = np.array(whole, dtype=float)
        self.posts = [simpy.Resource(world.env, units) if units else None for units in whole]

    def saw_launch(self, sector: int) -> None:
        """Remember where boats leave from."""
        self.recent_launches[sector] += 1

    def stops(self, launch: Launch) -> bool:
        """Whether a free unit finds the launch and stops it. A find keeps the unit busy either way."""
        rules, streams, post = self._world.rules.patrols, self._world.streams, self.posts[launch.sector]
        free = post.capacity - post.count if post else 0
        chance = detection_chance(coverage(free, rules.sweep_km_per_unit, float(self.length_km[launch.sector])))
        if post is None or streams.one("found", launch.key) >= chance:
            return False
        self._world.env.process(self._busy(post))
        stop = rules.stop_taxi if launch.taxi else rules.stop_beach
        return streams.one("stopped", launch.key) < stop

    def _busy(self, post: simpy.Resource) -> Story:
        """One unit, from the find until it is free again. A process."""
        with post.request() as unit:
            yield unit
            yield self._world.env.timeout(self._world.rules.patrols.busy_hours / HOURS_PER_DAY)
