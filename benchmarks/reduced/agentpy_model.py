"""The reduced model in AgentPy: a step a day, and an `AgentList` for each thing that people wait for.

Lists are selected and changed as wholes (`select`, attribute calls), as its documentation does. What is due is looked
for among those who wait for it only. Within a day the times are exact.
"""

from __future__ import annotations

from heapq import heapreplace

import agentpy

from benchmarks.reduced.model import DAWN, DAYS, Act, Given, Outcomes, next_midnight, outcomes_of, weigh


class Person(agentpy.Agent):
    """Someone at the coast, then in the UK."""

    def setup(self):
        """Nothing has happened yet; the first decision is due."""
        self.failures, self.review = 0, 0.0
        self.in_line = False

    def fail(self, day):
        """Stopped at the beach: rest."""
        self.failures += 1
        self.review = day + self.model.random.expovariate(1 / self.p.numbers.rest_days)

    def decide(self, now):
        """Join the queue or stay in it, wait, or settle elsewhere: what this person does."""
        act = weigh(self.p.numbers, self.model.random.random, self.benefit_gbp, self.nerve_gbp, self.failures)
        if act is Act.BOAT or (act is Act.WAIT and self.in_line):
            self.review = now + self.patience_days
            return Act.BOAT
        self.review = now + self.p.numbers.review_days
        return act

    def land(self, day):
        """Registered at the desk that is free first; then the wait for a decision begins."""
        numbers, draw, desks = self.p.numbers, self.model.random.gammavariate, self.model.desks
        shape = numbers.registration_shape
        registered = max(desks[0], day) + draw(shape, numbers.registration_days / shape)
        heapreplace(desks, registered)
        shape = numbers.decision_shape
        self.due = next_midnight(registered + draw(shape, numbers.decision_days / shape))


class Strait(agentpy.Model):
    """The coast, the gang and the arrival centre."""

    def setup(self):
        """An empty coast."""
        numbers, self.given = self.p.numbers, self.p.given
        self.queue, self.camp, self.asylum = (agentpy.AgentList(self) for _ in range(3))
        self.desks = [0.0] * numbers.desks
        self.boats, self.planned, self.come = 0, [], 0
        self.choices = self.attempts = self.arrivals = self.settled = self.decisions = 0
        self.days_to_land = 0.0

    def step(self):
        """One day: decisions, last night's boats, dawn, noon."""
        today = self.t - 1
        waiting = len(self.asylum)
        self.asylum = self.asylum.select(self.asylum.due > today)
        self.decisions += waiting - len(self.asylum)
        for aboard in self.planned:
            self.sail(aboard, today + self.p.numbers.launch_day)
        self.dawn(today)
        self.plan(today + 1)

    def sail(self, aboard, launch):
        """A boat planned yesterday is stopped, or lands."""
        self.attempts += len(aboard)
        stopped = self.given.stopped[self.boats]
        self.boats += 1
        if stopped:
            aboard.fail(launch)
            self.camp += aboard
        else:
            landing = launch + self.p.numbers.crossing_days
            aboard.land(landing)
            self.asylum += aboard
            self.arrivals += len(aboard)
            self.days_to_land += landing * len(aboard) - sum(aboard.reached)

    def dawn(self, today):
        """Those who reached the coast yesterday are there; everyone with a decision due takes it."""
        given, first, now = self.given, self.come, today + DAWN
        while self.come < len(given.reach_days) and given.reach_days[self.come] < today:
            self.come += 1
        new = agentpy.AgentList(self, self.come - first, Person)
        for name, values in (
            ("reached", given.reach_days),
            ("benefit_gbp", given.benefit_gbp),
            ("nerve_gbp", given.nerve_gbp),
            ("patience_days", given.patience_days),
        ):
            setattr(new, name, agentpy.AttrIter(values[first : self.come]))
        self.camp += new
        self.review_queue(now)
        self.review_camp(now)

    def review_queue(self, now):
        """Customers whose patience is over stay in line, or settle elsewhere."""
        due = self.queue.select(self.queue.review <= now)
        self.choices += len(due)
        for person, act in zip(due, due.decide(now), strict=True):
            if act is Act.SETTLE:
                self.queue.remove(person)
                self.settled += 1

    def review_camp(self, now):
        """People in the camp join the queue, wait there, or settle elsewhere."""
        due = self.camp.select(self.camp.review <= now)
        self.choices += len(due)
        self.camp = self.camp.select(self.camp.review > now)
        due.act = due.decide(now)
        joins = due.select(due.act == Act.BOAT)
        joins.in_line = True
        self.queue += joins
        self.camp += due.select(due.act == Act.WAIT)
        self.settled += len(due.select(due.act == Act.SETTLE))

    def plan(self, night):
        """The gang fills boats from the queue before a calm night."""
        numbers, self.planned = self.p.numbers, []
        if night >= DAYS or not self.given.calm[night]:
            return
        while len(self.planned) < numbers.boats and len(self.queue) >= numbers.least_aboard:
            aboard = agentpy.AgentList(self, self.queue[: numbers.seats])
            aboard.in_line = False
            del self.queue[: numbers.seats]
            self.planned.append(aboard)


def simulate(given: Given) -> Strait:
    """Build and run."""
    strait = Strait({"given": given, "numbers": given.model, "steps": DAYS, "seed": given.seed, "report_seed": False})
    strait.run(display=False)
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
