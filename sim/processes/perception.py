"""How people see their chances: the news of their community, their own experience, announcements, advertising.

All methods take people and the communities whose news they hear, both of shape (people,), and return that shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.domain.beliefs import About, with_own_experience
from sim.domain.choice import NEVER
from sim.domain.market import promise
from sim.domain.population import Ids
from sim.domain.randomness import Floats

if TYPE_CHECKING:
    from sim.processes.world import World

EVEN_CHANCE = 0.5
"""Chance of status at which it neither adds to nor takes from what the UK is worth."""


class Perception:
    """What a person believes of the journey and of what comes after it."""

    __slots__ = ("_world",)

    def __init__(self, world: World) -> None:
        self._world = world

    def benefit(self, ids: Ids, communities: Ids) -> Floats:
        """What being in the UK is worth to each (GBP), with the prospects of status and of work as they see them."""
        world, tastes = self._world, self._world.rules.migrants
        granted = world.news.chance(About.GRANTED)[communities]
        status = 1 + tastes.grant_benefit * (granted - EVEN_CHANCE)
        work = 1 + tastes.work_benefit * (self._prospect_of_work()[communities] - 1)
        return np.asarray(world.people.attributes.benefit_gbp[ids] * status * work)

    def landing(self, benefit: Floats, communities: Ids) -> Floats:
        """What of the benefit (GBP) is left to those who come by boat: the way on may be closed, or they be held."""
        return np.asarray(benefit * (1 - self._world.committee.expected_loss()[communities]))

    def _prospect_of_work(self) -> Floats:
        """Prospect of work by community, 1 as usual: what is heard from the UK, raised by what gangs promise."""
        world, gangs = self._world, self._world.rules.gangs
        heard = world.news.chance(About.WORK) / world.rules.beliefs.work_prior
        return heard * (1 + promise(gangs, world.market.advertising.standing, heard))

    def stopped(self, ids: Ids, communities: Ids) -> Floats:
        """Chance of being stopped on one try."""
        people = self._world.people
        return self._believed(About.STOPPED, ids, communities, people.failures[ids], people.attempts[ids])

    def dread(self, ids: Ids, communities: Ids) -> Floats:
        """Chance of dying on one try x what it weighs (GBP); having seen others die counts."""
        world, people = self._world, self._world.people
        seen = people.seen_deaths[ids] * world.rules.beliefs.near_miss_weight
        chance = self._believed(About.DIED, ids, communities, seen, people.attempts[ids])
        return np.asarray(chance * world.rules.migrants.life_gbp * people.attributes.risk_weight[ids])

    def returned(self, ids: Ids, communities: Ids) -> Floats:
        """Chance of being returned after arriving; nil for those outside the agreement's scope."""
        world, people = self._world, self._world.people
        own, strength = people.returns[ids].astype(float), world.news.strength(About.RETURNED)[communities]
        heard = world.committee.perceived_chance()[communities]
        hearsay = people.attributes.hearsay[ids]
        chance = with_own_experience(heard, strength, own, own, world.rules.beliefs, hearsay)
        return np.asarray(chance * people.attributes.in_scope[ids])

    def legal(self, ids: Ids, communities: Ids, benefit: Floats) -> Floats:
        """Value of applying for the legal route (GBP), for those who know of it and may."""
        world, people = self._world, self._world.people
        if not world.committee.open:
            return np.full(len(ids), NEVER)
        nothing = np.zeros(len(ids))
        chance = self._believed(About.ADMITTED, ids, communities, nothing, people.lapsed[ids])
        return np.where(world.legal_route.may_apply(ids, communities), chance * benefit, NEVER)

    def _believed(
        self, about: About, ids: Ids, communities: Ids, hits: npt.NDArray[np.number], tries: npt.NDArray[np.number]
    ) -> Floats:
        """The Beta belief of each person: their community's and their own, as they weigh hearsay."""
        world = self._world
        return with_own_experience(
            world.news.chance(about)[communities],
            world.news.strength(about)[communities],
            hits.astype(float),
            tries.astype(float),
            world.rules.beliefs,
            world.people.attributes.hearsay[ids],
        )
