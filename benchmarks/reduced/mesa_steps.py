"""The reduced model in Mesa 3 with a step a day: agent sets by what people wait for, `select` and `do`.

What is due is looked for among those who wait for it only, never among all agents. Within a day the times are exact.
"""

from __future__ import annotations

from heapq import heapify, heapreplace
from itertools import islice

import mesa
from mesa.agent import AgentSet

from benchmarks.reduced.model import DAWN, DAYS, Act, Given, Outcomes, next_midnight, outcomes_of, weigh


class Person(mesa.Agent):
    """Someone at the coast, then in the UK."""

    def __init__(self, model, number):
        super().__init__(model)
        given = model.given
        self.reached, self.benefit_gbp = given.reach_days[number], given.benefit_gbp[number]
        self.nerve_gbp, self.patience_days = given.nerve_gbp[number], given.patience_days[number]
        self.failures, self.review, self.due = 0, 0.0, 0.0

    def fail(self):
        """Stopped at the beach: rest."""
        self.failures += 1
        self.review = self.model.now + self.random.expovariate(1 / self.model.numbers.rest_days)
        self.model.coast.add(self)

    def decide(self):
        """Join the queue or stay in it, wait, or settle elsewhere."""
        model, queue = self.model, self.model.queue
        model.choices += 1
        act = weigh(model.numbers, self.random.random, self.benefit_gbp, self.nerve_gbp, self.failures)
        if act is Act.SETTLE:
            queue.pop(self, None)
            model.coast.remove(self)
            model.settled += 1
            self.remove()
        elif act is Act.BOAT or self in queue:
            queue[self] = None
            self.review = model.now + self.patience_days
        else:
            self.review = model.now + model.numbers.review_days

    def land(self):
        """Registered at the desk that is free first; then the wait for a decision begins."""
        model, numbers = self.model, self.model.numbers
        model.arrivals += 1
        model.days_to_land += model.now - self.reached
        shape = numbers.registration_shape
        days = self.random.gammavariate(shape, numbers.registration_days / shape)
        registered = max(model.desks[0], model.now) + days
        heapreplace(model.desks, registered)
        shape = numbers.decision_shape
        self.due = next_midnight(registered + self.random.gammavariate(shape, numbers.decision_days / shape))
        model.asylum.add(self)

    def leave(self):
        """The decision."""
        self.model.asylum.remove(self)
        self.model.decisions += 1
        self.remove()


class Strait(mesa.Model):
    """The coast, the gang and the arrival centre."""

    def __init__(self, given):
        super().__init__(seed=given.seed)
        self.given, self.numbers = given, given.model
        self.now, self.come = 0.0, 0
        self.queue: dict[Person, None] = {}
        self.coast, self.asylum = AgentSet([], random=self.random), AgentSet([], random=self.random)
        self.desks = [0.0] * given.model.desks
        heapify(self.desks)
        self.boats, self.planned = 0, []
        self.choices = self.attempts = self.arrivals = self.settled = self.decisions = 0
        self.days_to_land = 0.0

    def step(self):
        """One day: last night's boats, decisions, dawn, noon."""
        today = self.steps - 1
        self.asylum.select(lambda person: person.due <= today).do("leave")
        self.sail(today + self.numbers.launch_day)
        self.now = dawn = today + DAWN
        reached = self.given.reach_days
        while self.come < len(reached) and reached[self.come] < today:
            self.coast.add(Person(self, self.come))
            self.come += 1
        self.coast.select(lambda person: person.review <= dawn).do("decide")
        self.plan(today + 1)

    def sail(self, launch):
        """Boats planned yesterday are stopped, or land."""
        for aboard in self.planned:
            self.attempts += len(aboard)
            stopped = self.given.stopped[self.boats]
            self.boats += 1
            self.now = launch if stopped else launch + self.numbers.crossing_days
            for person in aboard:
                if stopped:
                    person.fail()
                else:
                    person.land()

    def plan(self, night):
        """The gang fills boats from the queue before a calm night."""
        self.planned = []
        if night >= DAYS or not self.given.calm[night]:
            return
        while len(self.planned) < self.numbers.boats and len(self.queue) >= self.numbers.least_aboard:
            aboard = list(islice(self.queue, self.numbers.seats))
            for person in aboard:
                del self.queue[person]
                self.coast.remove(person)
            self.planned.append(aboard)


def simulate(given: Given) -> Strait:
    """Build and run."""
    strait = Strait(given)
    for _ in range(DAYS):
        strait.step()
    return strait


def outcomes(strait: Strait) -> Outcomes:
    """What the run tells."""
    return outcomes_of(
        strait.given,
        choices=strait.choices,
        attempts=strait.attempts,
        arrivals=strait.arrivals,
        settled=strait.settled,
        days_to_land=strait.days_to_land,
        decisions=strait.decisions,
    )
