"""The committee that steers the exchange: opens, ends or renews it, sets the weekly target, and is believed or not."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import simpy

from sim.behaviours import find
from sim.domain.beliefs import About, next_credibility
from sim.domain.choice import lost_share
from sim.domain.exchange import DAYS_PER_WEEK, Review, announced_share, flow_change
from sim.domain.population import Ids
from sim.domain.randomness import Floats
from sim.domain.rules import Exchange
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World


class Committee:
    """The exchange's term, target and credibility, and the counts that its reviews look at."""

    __slots__ = (
        "_announced", "_begun", "_cases_left", "_closes_day", "_landed", "_opened_day", "_recent", "_recent_by_group",
        "_reviewed_day", "_week_begins", "_world", "credibility", "open", "renewals", "returned_since_review",
        "returned_this_week", "target", "term_ends",
    )  # fmt: skip

    def __init__(self, world: World) -> None:
        self._world = world
        self._opened_day = self._closes_day = self._reviewed_day = self._week_begins = -np.inf
        self._landed = np.zeros(int(np.ceil(world.scenario.horizon_days)) + 1)
        self._recent, self._begun, self._announced = 0.0, False, False
        self._recent_by_group: Floats = np.zeros(len(world.scenario.theatre.groups))
        self.open, self.target, self.renewals = False, 0.0, 0
        self.term_ends = simpy.Event(world.env)
        self.credibility = world.rules.beliefs.credibility_at_start
        self.returned_this_week = self.returned_since_review = 0
        self._cases_left = 0.0

    def keep_term(self) -> None:
        """At midnight, before anybody else acts: open the exchange on its first day, end or renew it on its last."""
        rules, today = self._world.rules.exchange, self._world.clock.today
        if rules.announced and not self._announced:
            self.credibility = self._world.rules.beliefs.credibility_at_start
        self._announced = rules.announced
        if rules.open and rules.opened_day != self._opened_day:
            self._begin_term(rules)
        elif self.open and (not rules.open or today >= self._closes_day):
            self._end_or_renew(rules)

    def _begin_term(self, rules: Exchange) -> None:
        """Open; an exchange that opened before the run begins its first week with it.

        One that follows while the last is still open takes over its cases.
        """
        if not self.open:
            self.term_ends = simpy.Event(self._world.env)
        self.open, self._opened_day, self._closes_day = True, rules.opened_day, rules.closes_day
        self._week_begins = self._reviewed_day = float(self._world.clock.today)
        self._begun = False
        self._cases_left, self.target = 0.0, 0.0
        self._world.legal_route.becomes_known()
        self.returned_this_week = self.returned_since_review = 0

    def _end_or_renew(self, rules: Exchange) -> None:
        weeks = find("renewal", rules.renewal)(rules, self._review()) if rules.open else 0
        self._closes_day += weeks * DAYS_PER_WEEK
        self.renewals += weeks > 0
        self.open = weeks > 0
        if not self.open:
            self.term_ends.succeed()

    def weeks(self) -> Story:
        """Begin each week of the exchange: review the target, and let promises kept or broken tell. A process."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            fading = exp(-1 / world.rules.beliefs.flow_memory_days)
            self._recent *= fading
            self._recent_by_group *= fading
            if not self.open:
                self.target = 0.0
            elif world.clock.today == self._week_begins:
                self._begin_week()
                self._week_begins += DAYS_PER_WEEK

    def _begin_week(self) -> None:
        world, rules = self._world, self._world.rules.exchange
        review = self._review()
        if not review.begins:
            # what is announced is a chance, so a target for which too few arrive is no broken promise
            promised = min(review.target * rules.announced_ratio, self._weekly_flow())
            self.credibility = next_credibility(
                self.credibility, promised, self.returned_this_week, world.rules.beliefs.credibility_adjustment
            )
        self.target = float(find("scale_up", rules.scale_up)(rules, review))
        cases = self.target * rules.over_selection
        self._begun = True
        self._cases_left = min(self._cases_left, rules.carry_over_weeks * cases) + cases
        self.returned_this_week = 0
        if review.weeks_open % rules.review_weeks == 0:
            self.returned_since_review, self._reviewed_day = 0, float(world.clock.today)

    def _review(self) -> Review:
        """What is known today; one between two reviews looks at the days since the last."""
        today = self._world.clock.today
        since = max(today - int(self._reviewed_day), 1)
        return Review(
            begins=not self._begun,
            target=self.target,
            weeks_open=int((today - self._opened_day) // DAYS_PER_WEEK),
            delivered=self.returned_since_review * DAYS_PER_WEEK / since,
            parity_held=not self._world.ledger.returns_paused,
            flow_change=flow_change(self._landed[:today], since),
        )

    @property
    def may_begin_cases(self) -> bool:
        """Whether the target leaves room for another case: this week's, and what a calm week before left unused."""
        return self._cases_left > 0

    def record_selection(self) -> None:
        """A case has begun."""
        self._cases_left -= 1

    def record_return(self) -> None:
        """Someone has been returned."""
        self.returned_this_week += 1
        self.returned_since_review += 1

    def saw_arrivals(self, ids: Ids) -> None:
        """A boat has landed: communities count those in scope, who might be returned, and hear what all found there."""
        world, people = self._world, self._world.people
        self._landed[world.clock.today] += len(ids)
        self._recent += len(ids)
        self._recent_by_group += np.bincount(people.potential.group[ids], minlength=len(self._recent_by_group))
        scope = ids[people.attributes.in_scope[ids]]
        world.news.tell(About.RETURNED, 0, np.bincount(people.community[scope], minlength=world.news.communities))
        landed = np.bincount(people.community[ids], minlength=world.news.communities)
        world.news.tell(About.LOST, landed * self._lost(), landed)

    def perceived_chance(self) -> Floats:
        """Chance of being returned as each community perceives it; shape (communities,).

        Before the opening day what is announced counts as far as one would still be at the coast on that day.
        """
        world, rules = self._world, self._world.rules
        heard = world.news.chance(About.RETURNED)
        if self.open:
            return self.expected(heard, self.target)
        ahead = rules.exchange.opened_day - world.env.now
        if not rules.exchange.announced or rules.exchange.open or ahead <= 0:
            return heard
        still_there = exp(-ahead / rules.beliefs.stay_days)
        return heard + still_there * (self.expected(heard, rules.exchange.weekly_target) - heard)

    def expected(self, heard: Floats, target: float) -> Floats:
        """What communities expect of a weekly target beside what they heard, by the rule in force; shape as `heard`.

        An exchange aimed at some groups announces nothing to the others, and to those the target over their own flow.
        """
        rules, aimed = self._world.rules, self._aimed_at()
        announced = announced_share(target * rules.exchange.announced_ratio, self._weekly_flow())
        decide = find("expectation", rules.beliefs.expectation)
        expected = np.asarray(decide(rules.beliefs, heard, announced, self.credibility))
        if aimed is None:
            return expected
        return np.where(np.repeat(aimed, self._world.news.contacts.places), expected, heard)

    def _weekly_flow(self) -> float:
        """Recent arrivals a week of those at whom the exchange is aimed."""
        aimed = self._aimed_at()
        flow = self._recent if aimed is None else float(self._recent_by_group[aimed].sum())
        return flow * DAYS_PER_WEEK / self._world.rules.beliefs.flow_memory_days

    def _aimed_at(self) -> npt.NDArray[np.bool_] | None:
        """The groups at whom the exchange is aimed, shape (groups,); None if at all."""
        rules = self._world.rules.exchange
        if rules.selection != "targeted":
            return None
        return np.array([group.name in rules.target_groups for group in self._world.scenario.theatre.groups])

    def _lost(self) -> float:
        """What those who land today lose of the worth of arriving, as a share: the way onward closed, or held."""
        onward = self._world.rules.onward
        return lost_share(onward.route_lost_share, onward.held_lost_share)

    def expected_loss(self) -> Floats:
        """What each community expects to lose of the worth of arriving by boat, as a share; shape (communities,).

        It goes by the same rule as what is expected of returns. A closed way and a closed camp do at once what was
        announced of them, so that announcements of them stay as credible as they are at the start.
        """
        rules = self._world.rules.beliefs
        decide = find("expectation", rules.expectation)
        heard = self._world.news.chance(About.LOST)
        return np.asarray(decide(rules, heard, self._lost(), rules.credibility_at_start))
