"""'One out': selection at arrival, a bed, the papers, the blockers beside them, a seat, or the case is void.

Every stage is a queue with its clock; the weekly target follows the scale-up rule.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
import simpy

from sim.behaviours import find
from sim.domain.beliefs import About, expected_return, next_credibility
from sim.domain.exchange import CaseEnd, announced_share, plan_case
from sim.domain.population import Ids, Place
from sim.domain.randomness import Floats
from sim.processes.boat import Sea
from sim.processes.migrant import Outcome
from sim.processes.moments import Story
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World

DAYS_PER_WEEK = 7
ENDINGS = {
    CaseEnd.TOO_LATE: Happened.VOIDED,
    CaseEnd.REFUSED: Happened.REFUSED_BY_FRANCE,
    CaseEnd.CLAIM_UPHELD: Happened.CLAIM_UPHELD,
    CaseEnd.COURT_STOPPED: Happened.COURT_STOPPED,
}


class Returns:
    """The returns side of the exchange: this week's target, beds, the queue for seats, and what people make of it."""

    __slots__ = (
        "_arrivals", "_seats", "_world", "beds", "credibility", "returned_since_review", "returned_this_week",
        "selected_this_week", "target",
    )  # fmt: skip

    def __init__(self, world: World) -> None:
        self._world = world
        most = max(rules.exchange.beds for _, rules in world.timeline)
        self.beds = simpy.Resource(world.env, max(most, 1))
        self.credibility = world.rules.beliefs.credibility_at_start
        self.target = 0.0
        self.selected_this_week = self.returned_this_week = self.returned_since_review = 0
        self._arrivals = 0.0
        self._seats: dict[int, tuple[simpy.Event, float]] = {}

    def selects(self, person: int) -> bool:
        """Whether a person just registered is chosen: in scope, in time, target, ledger and beds permitting, by lot."""
        world, rules, people = self._world, self._world.rules.exchange, self._world.people
        if not rules.open or people.uk_day[person] < rules.opened_day or not people.attributes.in_scope[person]:
            return False
        if self.selected_this_week >= self.target * rules.over_selection or self.beds.count >= rules.beds:
            return False
        if world.ledger.paused:
            return False
        known = people.returns[person] > 0
        share = world.rules.after_return.recognised_selection_share if known else rules.selection_share
        return world.streams.one("selected", int(people.key[person]), int(people.returns[person])) < share

    def case(self, person: int) -> Story:
        """One return case, from selection to its end; its value is the `Outcome` RETURNED or STAYS."""
        world, rules, env = self._world, self._world.rules.exchange, self._world.env
        world.people.move(person, Place.CENTRE, Place.CASE)
        world.recorder.record(Happened.SELECTED, person)
        self.selected_this_week += 1
        deadline = float(world.people.uk_day[person]) + rules.void_days
        with self.beds.request() as bed:
            yield bed
            ended = yield from self._papers(person, deadline)
            if ended is None:
                return (yield from self._seat(person, deadline))
        if ended != Happened.CLAIM_UPHELD:
            return Outcome.STAYS
        yield env.timeout(min(rules.claim_bar_days, max(deadline - env.now, 0.0)))
        while env.now < deadline and self.beds.count >= world.rules.exchange.beds and world.rules.exchange.open:
            yield world.clock.midnight.next
        if env.now >= deadline or not world.rules.exchange.open:
            world.recorder.record(Happened.VOIDED, person)
            return Outcome.STAYS
        with self.beds.request() as bed:
            yield bed
            return (yield from self._seat(person, deadline))

    def _papers(self, person: int, deadline: float) -> Story:
        """Request, reply and blockers. The value is None if the case is ready for a seat, else what ended it."""
        world, env = self._world, self._world.env
        key, ordinal = int(world.people.key[person]), int(world.people.returns[person])

        def luck(question: str) -> float:
            return world.streams.one("case/" + question, key, ordinal)

        rules = world.rules.exchange
        claim_days = rules.claim_days * exp(rules.claim_spread * Sea.luck(world.streams, "claim_days", key, ordinal))
        plan = plan_case(rules, env.now - float(world.people.uk_day[person]), luck, claim_days)
        if plan.claim:
            world.recorder.record(Happened.CLAIM_RAISED, person)
        left = max(deadline - env.now, 0.0)
        yield env.timeout(min(plan.days, left))
        if plan.days >= left:
            ended = Happened.VOIDED
        elif plan.ended is None:
            return None
        else:
            ended = ENDINGS[plan.ended]
        world.recorder.record(ended, person)
        return ended

    def _seat(self, person: int, deadline: float) -> Story:
        """Wait for a seat; the value is RETURNED, or STAYS if the case became void first."""
        world, people = self._world, self._world.people
        event = simpy.Event(world.env)
        self._seats[person] = (event, deadline)
        flown = yield event
        if not flown:
            world.recorder.record(Happened.VOIDED, person)
            return Outcome.STAYS
        people.move(person, Place.CASE, Place.RECEPTION)
        people.returns[person] += 1
        world.ledger.record_return()
        self.returned_this_week += 1
        self.returned_since_review += 1
        world.recorder.record(Happened.RETURNED, person)
        world.news.tell_one(About.RETURNED, int(people.potential.group[person]), 1.0, 0.0)
        return Outcome.RETURNED

    def flights(self) -> Story:
        """Charters: every few days, some cancelled; a planned seat may stay empty at the last minute. A process."""
        world, day_of_last = self._world, -np.inf
        while True:
            yield world.clock.noon.next
            rules, today = world.rules.exchange, world.clock.today
            if not rules.open or not self._seats or today - day_of_last < rules.flight_every_days:
                continue
            day_of_last = today
            if world.streams.one("flight", today) < rules.flight_cancelled_share:
                continue
            ready = [person for person, (_, end) in self._seats.items() if end > world.env.now]
            world.recorder.flights.append((world.env.now, min(len(ready), rules.seats_per_flight)))
            for person in ready[: rules.seats_per_flight]:
                self._fly(person, today)

    def _fly(self, person: int, today: int) -> None:
        """One planned seat: taken, or missed and the person goes to the end of the queue."""
        world = self._world
        event, deadline = self._seats.pop(person)
        missed = world.streams.one("seat", int(world.people.key[person]), today)
        if missed < world.rules.exchange.seat_attrition_share:
            self._seats[person] = (event, deadline)
            world.recorder.record(Happened.MISSED_FLIGHT, person)
        else:
            event.succeed(True)

    def voidings(self) -> Story:
        """Each midnight end the cases whose three months are over, or all of them once the exchange has closed."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            late = [p for p, (_, end) in self._seats.items() if end <= world.env.now or not world.rules.exchange.open]
            for person in late:
                self._seats.pop(person)[0].succeed(False)

    def weeks(self) -> Story:
        """Begin each week of the exchange: review the target, and let promises kept or broken tell. A process."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            rules = world.rules.exchange
            self._arrivals *= exp(-1 / world.rules.beliefs.flow_memory_days)
            since = world.clock.today - rules.opened_day
            if not rules.open:
                self.target = 0.0
            elif since % DAYS_PER_WEEK == 0:
                self._begin_week(int(since // DAYS_PER_WEEK))

    def _begin_week(self, week: int) -> None:
        world, rules = self._world, self._world.rules.exchange
        if week > 0:
            self.credibility = next_credibility(
                self.credibility, self.target, self.returned_this_week, world.rules.beliefs.credibility_adjustment
            )
        decide = find("scale_up", rules.scale_up)
        delivered = self.returned_since_review / rules.review_weeks
        held = not world.ledger.paused
        self.target = float(decide(rules, self.target, week, delivered, held))
        self.selected_this_week = self.returned_this_week = 0
        if week % rules.review_weeks == 0:
            self.returned_since_review = 0

    def saw_arrivals(self, ids: Ids) -> None:
        """A boat has landed: those in scope might have been returned, and communities count them."""
        world, people = self._world, self._world.people
        self._arrivals += len(ids)
        scope = ids[people.attributes.in_scope[ids]]
        world.news.tell(About.RETURNED, 0, np.bincount(people.potential.group[scope], minlength=world.news.communities))

    def perceived_chance(self) -> Floats:
        """Chance of being returned as each community perceives it; shape (groups,)."""
        world = self._world
        heard = world.news.chance(About.RETURNED)
        if not world.rules.exchange.open:
            return heard
        weekly = self._arrivals * DAYS_PER_WEEK / world.rules.beliefs.flow_memory_days
        announced = announced_share(self.target, weekly)
        return expected_return(heard, announced, world.rules.beliefs.announced_weight, self.credibility)

    @property
    def waiting_for_a_seat(self) -> int:
        """People whose papers are done and who wait for a flight."""
        return len(self._seats)
