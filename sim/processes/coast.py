"""The coast at dawn: the news is heard and everyone with a decision due weighs it, together, in vectors.

What this prepares, each person's own process (`migrant`) acts on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import simpy

from sim.domain.beliefs import About, with_own_experience
from sim.domain.choice import NEVER, Choice, best, prospect_of_work, value_of_boat
from sim.domain.market import softmax
from sim.domain.population import Ids, Place
from sim.domain.randomness import Floats
from sim.processes.migrant import migrant
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World

CAMP, CUSTOMER = int(Place.CAMP), int(Place.CUSTOMER)
CHOICES = tuple(Choice)
Indices = npt.NDArray[np.intp]


class Coast:
    """Who waits at the coast for what, and how they weigh their choices."""

    __slots__ = ("_trying", "_waiting", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[int, simpy.Event] = {}
        self._trying: dict[int, simpy.Event] = {}

    def next_choice(self, person: int) -> simpy.Event:
        """The event of this person's next decision other than to wait; its value is a `Choice`."""
        event = self._waiting[person] = simpy.Event(self._world.env)
        return event

    def tries_boats(self, person: int) -> simpy.Event:
        """The event that ends a person's tries: its value is the `Outcome` of a boat, or another `Choice`."""
        event = self._trying[person] = simpy.Event(self._world.env)
        self._world.people.trying[person] = True
        return event

    def ends_tries(self, ids: Ids) -> list[tuple[int, simpy.Event]]:
        """These people's tries are over; whoever takes their events fires them."""
        pop = self._trying.pop
        self._world.people.trying[ids] = False
        return [(person, pop(person)) for person in ids.tolist()]

    def rest(self, person: int, days: float) -> None:
        """The next decision is due after `days` of rest (spread around that mean by the person's own luck)."""
        world = self._world
        if days > 0:
            key, ordinal = int(world.people.key[person]), int(world.people.attempts[person])
            days *= -np.log(world.streams.one("rest", key, ordinal))
        world.people.review_day[person] = world.env.now + days

    def rest_all(self, ids: Ids, days: float) -> None:
        """`rest` for several people."""
        world = self._world
        luck = world.streams.uniform("rest", world.people.key[ids], world.people.attempts[ids])
        world.people.review_day[ids] = world.env.now - days * np.log(luck)

    def deliberations(self) -> Story:
        """Each dawn let all who have a decision due take it. A process."""
        world, people = self._world, self._world.people
        while True:
            yield world.clock.dawn.next
            here = people.at(CAMP, CUSTOMER)
            ids = here[people.review_day[here] <= world.env.now]
            if len(ids):
                self._act(ids, *self.weigh(ids))

    def _act(self, ids: Ids, choices: Indices, gangs: Indices) -> None:
        """Let each person act on their choice; customers who still want a boat stay in line."""
        world, people, now = self._world, self._world.people, self._world.env.now
        customer = people.place_view[ids] == CUSTOMER
        waits = choices == Choice.WAIT
        people.review_day[ids[waits]] = now + world.rules.coast.review_days
        boat = (choices == Choice.BOAT) | (customer & waits)
        people.review_day[ids[boat]] = now + people.attributes.patience_days[ids[boat]]
        joins = boat & ~customer
        world.market.enrol(ids[joins], gangs[joins])
        leaves = customer & (choices > Choice.WAIT)
        world.market.leave(ids[leaves])
        turns = choices > Choice.WAIT
        people.review_day[ids[turns]] = np.inf
        acts = turns | (joins & ~people.trying[ids])
        for person, choice in zip(ids[acts].tolist(), choices[acts].tolist(), strict=True):
            self._tell(person, CHOICES[choice])

    def _tell(self, person: int, choice: Choice) -> None:
        """A first choice begins the person's process; one who is trying boats hears of it only if it is another."""
        if person in self._trying:
            self._world.people.trying[person] = False
            self._trying.pop(person).succeed(choice)
        elif person in self._waiting:
            self._waiting.pop(person).succeed(choice)
        else:
            self._world.env.process(migrant(self._world, person, choice))

    def weigh(self, ids: Ids) -> tuple[Indices, Indices]:
        """Each person's choice, and the gang they would go with; both of shape (people,)."""
        world, people, tastes = self._world, self._world.people, self._world.rules.migrants
        attributes = people.attributes
        gangs, price, seats_for_sale = self._preferred_gang(ids)
        dread = self._dread(ids)
        effort = tastes.effort_gbp + attributes.nerve_gbp[ids] * people.failures[ids]
        benefit, stopped, returned = self._benefit(ids), self._stopped(ids), self._returned(ids)
        boat = value_of_boat(benefit, stopped, returned, price, effort, dread, tastes.return_loss_gbp)
        boat = np.where((price <= attributes.budget_gbp[ids]) & seats_for_sale, boat, NEVER)
        wait = np.maximum(boat, 0.0) - tastes.wait_gbp_per_day * world.rules.coast.review_days
        lorry = tastes.lorry_success * (benefit - tastes.lorry_gbp) - effort - dread
        lorry = np.where(attributes.budget_gbp[ids] >= tastes.lorry_gbp, lorry, NEVER)
        settle = np.full(len(ids), tastes.settle_gbp)
        values = np.stack([boat, wait, lorry, self._legal(ids, benefit), settle], axis=1)
        options = len(Choice)
        ordinal = people.decisions[ids].astype(np.int64)[:, None] * options + np.arange(options)
        noise = world.streams.gumbel("choice", people.key[ids][:, None], ordinal)
        people.decisions[ids] += 1
        return best(values, noise, tastes.taste_gbp), gangs

    def value_from_afar(self, ids: Ids) -> Floats:
        """What setting out for the coast is worth (GBP) to people who are not there yet."""
        world, people, tastes = self._world, self._world.people, self._world.rules.migrants
        price = np.full(len(ids), world.market.mean_price)
        value = value_of_boat(
            self._benefit(ids), self._stopped(ids), self._returned(ids), price,
            np.full(len(ids), tastes.effort_gbp), self._dread(ids), tastes.return_loss_gbp,
        )  # fmt: skip
        return np.where(price <= people.attributes.budget_gbp[ids], value, NEVER)

    def _benefit(self, ids: Ids) -> Floats:
        """What being in the UK is worth to each (GBP), the prospect of work included."""
        rules = self._world.rules
        work = prospect_of_work(
            rules.asylum.visits_per_quarter, rules.asylum.reference_visits_per_quarter, rules.asylum.work_elasticity
        )
        share = rules.migrants.work_benefit
        return np.asarray(self._world.people.attributes.benefit_gbp[ids] * (1 - share + share * work))

    def _stopped(self, ids: Ids) -> Floats:
        """Perceived chance of being stopped: the community's news and one's own tries."""
        news, people = self._world.news, self._world.people
        group = people.potential.group[ids]
        return with_own_experience(
            news.chance(About.STOPPED)[group],
            news.strength(About.STOPPED)[group],
            people.failures[ids].astype(float),
            people.attempts[ids].astype(float),
            self._world.rules.beliefs,
        )

    def _returned(self, ids: Ids) -> Floats:
        """Perceived chance of being returned after arriving: the community's and one's own returns.

        Nil for those outside the agreement's scope.
        """
        world, people = self._world, self._world.people
        group, own = people.potential.group[ids], people.returns[ids].astype(float)
        strength = world.news.strength(About.RETURNED)[group]
        chance = with_own_experience(world.committee.perceived_chance()[group], strength, own, own, world.rules.beliefs)
        return np.asarray(chance * people.attributes.in_scope[ids])

    def _dread(self, ids: Ids) -> Floats:
        """Perceived chance of dying x what it weighs (GBP)."""
        world, people = self._world, self._world.people
        chance = world.news.chance(About.DIED)[people.potential.group[ids]]
        return np.asarray(chance * world.rules.migrants.life_gbp * people.attributes.risk_weight[ids])

    def _legal(self, ids: Ids, benefit: Floats) -> Floats:
        """Value of applying for the legal route, for those who know of it and may."""
        world, people = self._world, self._world.people
        if not world.committee.open:
            return np.full(len(ids), NEVER)
        chance = world.news.chance(About.ADMITTED)[people.potential.group[ids]]
        return np.where(world.legal_route.may_apply(ids), chance * benefit, NEVER)

    def _preferred_gang(self, ids: Ids) -> tuple[Indices, Floats, npt.NDArray[np.bool_]]:
        """For each person the gang they would choose (a logit over price, reputation and distance from their camp).

        Returns gangs, their prices (GBP) and whether there is any; each of shape (people,).
        """
        world, people, market = self._world, self._world.people, self._world.market
        tastes, gangs = world.rules.migrants, np.flatnonzero(market.active)
        if not len(gangs):
            nobody = np.zeros(len(ids), dtype=bool)
            return np.full(len(ids), -1, dtype=np.intp), np.full(len(ids), market.mean_price), nobody
        appeal = tastes.reputation_gbp * market.reputation[gangs] - market.price[gangs]
        luck = world.streams.uniform("gang", people.key[ids], people.decisions[ids])
        chosen, camp = np.empty(len(ids), dtype=np.intp), people.camp[ids]
        for number in range(len(world.geography.camps)):
            mine = camp == number
            away = tastes.camp_gbp_per_km * world.geography.camp_to_camp_km[number][market.camp[gangs]]
            shares = np.cumsum(softmax(appeal - away, tastes.taste_gbp))
            chosen[mine] = gangs[np.minimum(np.searchsorted(shares, luck[mine], side="right"), len(gangs) - 1)]
        return chosen, market.price[chosen], np.ones(len(ids), dtype=bool)
