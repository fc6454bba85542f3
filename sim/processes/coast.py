"""The coast at dawn: the news is heard and everyone with a decision due weighs it, together, in vectors.

What this prepares, each person's own process (`migrant`) acts on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import simpy

from sim.domain.choice import NEVER, Choice, best, value_of_boat
from sim.domain.market import softmax
from sim.domain.population import Ids, Place
from sim.domain.randomness import Floats
from sim.processes.lives import Life, Past, Waiting
from sim.processes.migrant import Outcome, are_registered, migrant
from sim.processes.moments import Story
from sim.processes.perception import Perception

if TYPE_CHECKING:
    from sim.processes.world import World

CAMP, CUSTOMER = int(Place.CAMP), int(Place.CUSTOMER)
CHOICES = tuple(Choice)
STAYS = Past(Outcome.STAYS)
Indices = npt.NDArray[np.intp]


class Coast:
    """Who waits at the coast for what, and how they weigh their choices."""

    __slots__ = ("_sees", "_world", "next_choice", "tries_boats", "waiting")

    def __init__(self, world: World) -> None:
        self._world, self._sees = world, Perception(world)
        self.waiting = Waiting(world.env)
        self.next_choice = self.waiting.joins
        """The event of a person's next decision other than to wait; its value is a `Choice`."""
        self.tries_boats = self.waiting.joins
        """The event that ends a person's tries: its value is the `Outcome` of a boat, or another `Choice`."""

    def ends_tries(self, ids: Ids) -> list[int]:
        """These people's tries are over; whoever takes their numbers calls them."""
        self._world.people.trying[ids] = False
        people: list[int] = ids.tolist()
        return people

    def registered(self, people: list[int]) -> None:
        """These people's tries are over: the lives of those selected for return go on, those of all others end."""
        selected, staying = are_registered(self._world, people)
        if selected:
            self.waiting.call(selected, simpy.Event(self._world.env).succeed(Outcome.SELECTED))
        self.waiting.call(staying, STAYS)

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
        people.trying[ids[acts]] = choices[acts] == Choice.BOAT
        self._tell(ids[acts].tolist(), choices[acts].tolist())

    def _tell(self, people: list[int], choices: list[int]) -> None:
        """A first choice begins a person's life; one who is trying boats hears of it only if it is another."""
        world, env, waiting, lives = self._world, self._world.env, self.waiting, self.waiting.lives
        for person, number in zip(people, choices, strict=True):
            choice = CHOICES[number]
            if person in lives:
                waiting.call((person,), simpy.Event(env).succeed(choice))
            else:
                Life(env, migrant(world, person, choice))

    def weigh(self, ids: Ids) -> tuple[Indices, Indices]:
        """Each person's choice, and the gang they would go with; both of shape (people,)."""
        world, people, tastes, sees = self._world, self._world.people, self._world.rules.migrants, self._sees
        communities = people.community[ids]
        gangs, price, seats_for_sale = self._preferred_gang(ids)
        dread = sees.dread(ids, communities)
        effort = self.effort(ids)
        benefit = sees.benefit(ids, communities)
        stopped, returned = sees.stopped(ids, communities), sees.returned(ids, communities)
        there = sees.landing(benefit, communities)
        boat = value_of_boat(there, stopped, returned, price, effort, dread, tastes.return_loss_gbp)
        boat = np.where((price <= people.attributes.budget_gbp[ids]) & seats_for_sale, boat, NEVER)
        values = np.empty((len(ids), len(Choice)))
        values[:, Choice.BOAT] = boat
        values[:, Choice.WAIT] = np.maximum(boat, 0.0) - tastes.wait_gbp_per_day * world.rules.coast.review_days
        values[:, Choice.LORRY] = self._lorry(ids, benefit) - effort - dread
        values[:, Choice.LEGAL] = sees.legal(ids, communities, benefit)
        values[:, Choice.SETTLE], values[:, Choice.HOME] = tastes.settle_gbp, tastes.home_gbp
        ordinal = people.decisions[ids].astype(np.int64)[:, None] * len(Choice) + np.arange(len(Choice))
        noise = world.streams.gumbel("choice", people.key[ids][:, None], ordinal)
        people.decisions[ids] += 1
        return best(values, noise, tastes.taste_gbp), gangs

    def effort(self, ids: Ids) -> Floats:
        """What one more try costs each in money, time and nerve (GBP); each failure adds less than the one before."""
        people, tastes = self._world.people, self._world.rules.migrants
        return np.asarray(tastes.effort_gbp + people.attributes.nerve_gbp[ids] * np.log2(1.0 + people.failures[ids]))

    def value_from_afar(self, ids: Ids) -> Floats:
        """What setting out is worth (GBP) to people not at the coast yet: the best of boat, lorry and legal route.

        They hear what reaches their community afar, and know the going price only.
        """
        world, people, tastes, sees = self._world, self._world.people, self._world.rules.migrants, self._sees
        communities = world.news.contacts.afar(people.potential.group[ids])
        price = np.full(len(ids), world.market.mean_price)
        benefit, dread = sees.benefit(ids, communities), sees.dread(ids, communities)
        boat = value_of_boat(
            sees.landing(benefit, communities), sees.stopped(ids, communities), sees.returned(ids, communities), price,
            np.full(len(ids), tastes.effort_gbp), dread, tastes.return_loss_gbp,
        )  # fmt: skip
        boat = np.where(price <= people.attributes.budget_gbp[ids], boat, NEVER)
        lorry = self._lorry(ids, benefit) - tastes.effort_gbp - dread
        legal = sees.legal(ids, communities, benefit) - tastes.effort_gbp
        return np.asarray(np.maximum(np.maximum(boat, lorry), legal))

    def _lorry(self, ids: Ids, benefit: Floats) -> Floats:
        """Value of one try by lorry or ferry (GBP) before effort and dread, for those who can pay it."""
        tastes = self._world.rules.migrants
        value = tastes.lorry_success * (benefit - tastes.lorry_gbp)
        return np.where(self._world.people.attributes.budget_gbp[ids] >= tastes.lorry_gbp, value, NEVER)

    def _preferred_gang(self, ids: Ids) -> tuple[Indices, Floats, npt.NDArray[np.bool_]]:
        """For each person the gang they would choose (a logit over price, reputation and distance from their camp).

        Most of those who have tried stay with the gang that holds their fare, as long as it exists.

        Returns gangs, their prices (GBP) and whether there is any; each of shape (people,).
        """
        world, people, market = self._world, self._world.people, self._world.market
        tastes, gangs = world.rules.migrants, np.flatnonzero(market.active)
        if not len(gangs):
            nobody = np.zeros(len(ids), dtype=bool)
            return np.full(len(ids), -1, dtype=np.intp), np.full(len(ids), market.mean_price), nobody
        appeal = tastes.reputation_gbp * market.reputation[gangs] - market.price[gangs]
        luck = world.streams.uniform("gang", people.key[ids], people.decisions[ids])
        away = tastes.camp_gbp_per_km * world.geography.camp_to_camp_km[:, market.camp[gangs]]
        shares = softmax(appeal - away, tastes.taste_gbp).cumsum(axis=1)
        last, stays = people.gang[ids], world.streams.uniform("stays", people.key[ids], people.decisions[ids])
        looks = (people.failures[ids] == 0) | ~market.active[last] | (stays >= tastes.guarantee_kept_share)
        passed = (shares[people.camp[ids[looks]]] <= luck[looks, None]).sum(axis=1)
        chosen = last.astype(np.intp)
        chosen[looks] = gangs[np.minimum(passed, len(gangs) - 1)]
        return chosen, market.price[chosen], np.ones(len(ids), dtype=bool)
