"""Journeys to the coast: who begins one each midnight, who stays away, and who sets out early to be ahead of a rule."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

from sim.domain.beliefs import About
from sim.domain.choice import chance_to_come, worth_hurrying
from sim.domain.population import Ids, Place
from sim.processes.migrant import applicant
from sim.processes.moments import Story
from sim.processes.perception import Perception
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World


class Journeys:
    """Everyone who may still come, in the order in which they would reach the coast."""

    __slots__ = ("_days", "_foreseen", "_order", "_world")

    def __init__(self, world: World) -> None:
        self._world, self._foreseen = world, -inf
        self._line_up(np.arange(len(world.people), dtype=np.int64))

    def _line_up(self, ids: Ids) -> None:
        """Put these people in order of the day on which they would reach the coast."""
        self._order = ids[np.argsort(self._world.people.reach_day[ids], kind="stable")]
        self._days = self._world.people.reach_day[self._order]

    def begin_lives(self) -> Story:
        """Each midnight begin the lives of those who reached the coast since the last, and of new applicants.

        A process.
        """
        world, people = self._world, self._world.people
        begun = 0
        self._line_up(self._order)
        while True:
            yield world.clock.midnight.next
            reached = int(np.searchsorted(self._days, world.env.now, side="right"))
            ids = self._order[begun:reached]
            elsewhere = people.potential.applicant[ids]
            self._apply(ids[elsewhere])
            self._come(ids[~elsewhere])
            begun = reached
            if self._is_announced_anew():
                self._bring_forward(self._order[begun:])
                self._line_up(self._order[begun:])
                begun = 0

    def _come(self, ids: Ids) -> None:
        """Those for whom the journey is worth it come and take their first decision at dawn; the rest stay away.

        Thinning keeps common random numbers: the uniform that decides is the person's own.
        """
        world, people, tastes = self._world, self._world.people, self._world.rules.migrants
        chance = chance_to_come(world.coast.value_from_afar(ids), tastes.taste_gbp)
        come = world.streams.uniform("come", people.key[ids]) < chance
        away, here = ids[~come], ids[come]
        people.move_all(away, Place.NOT_YET, Place.STAYED_AWAY)
        people.move_all(here, Place.NOT_YET, Place.CAMP)
        people.comes(here)
        people.review_day[here] = 0.0
        world.recorder.record_all(Happened.STAYED_AWAY, away)
        world.recorder.record_all(Happened.REACHED_COAST, here)

    def _apply(self, ids: Ids) -> None:
        """People in France with papers who would not go to the coast apply while the route is open, if they know it."""
        world = self._world
        if world.committee.open:
            communities = world.news.contacts.afar(world.people.potential.group[ids])
            applying = ids[world.legal_route.may_apply(ids, communities)]
            world.people.comes(applying)
            for person in applying.tolist():
                world.env.process(applicant(world, person))

    def _is_announced_anew(self) -> bool:
        """Whether an opening in the future is known today that was not known before."""
        exchange = self._world.rules.exchange
        ahead = exchange.announced and not exchange.open and exchange.opened_day > self._world.env.now
        if not ahead or exchange.opened_day == self._foreseen:
            return False
        self._foreseen = exchange.opened_day
        return True

    def _bring_forward(self, ids: Ids) -> None:
        """Those who have not come yet set out earlier if being ahead of the opening is worth the hurry to them.

        Each could reach the coast on one earlier day, their own luck between now and the opening, and weighs the
        chance of return that they would avoid against what hurrying costs a day.
        """
        world, people, beliefs = self._world, self._world.people, self._world.rules.beliefs
        now, opening = world.env.now, world.rules.exchange.opened_day
        ids = ids[people.attributes.in_scope[ids] & ~people.potential.applicant[ids]]
        earlier = now + world.streams.uniform("hurry", people.key[ids]) * (opening - now)
        avoided = self._loss_if_returned(ids)
        worth = worth_hurrying(
            avoided, people.reach_day[ids], earlier, opening, beliefs.stay_days, beliefs.hurry_gbp_per_day
        )
        early = worth & (earlier < people.reach_day[ids])
        people.reach_day[ids[early]] = earlier[early]
        world.recorder.record_all(Happened.BROUGHT_FORWARD, ids[early])

    def _loss_if_returned(self, ids: Ids) -> np.ndarray:
        """What the announced chance of return takes from a boat's worth (GBP), for people still far away."""
        world, sees = self._world, Perception(self._world)
        communities = world.news.contacts.afar(world.people.potential.group[ids])
        heard = world.news.chance(About.RETURNED)
        more = (world.committee.expected(heard, world.rules.exchange.weekly_target) - heard)[communities]
        arrive = 1 - sees.stopped(ids, communities)
        there = sees.landing(sees.benefit(ids, communities), communities)
        loss = there + world.rules.migrants.return_loss_gbp
        return np.asarray(arrive * more * loss)
