"""The reduced model in salabim: a component a person and a boat, queues, a resource; generators, no animation.

Monitors of queues and states are off, as its manual advises where speed counts and nothing is read from them.
"""

from __future__ import annotations

from random import Random

import salabim

from benchmarks.reduced.model import (
    DAWN,
    DAYS,
    NOON,
    Act,
    Given,
    Outcomes,
    first_dawn,
    next_dawn,
    next_midnight,
    outcomes_of,
    weigh,
)


class Arrivals(salabim.Component):
    """People reach the coast."""

    def process(self):
        """Make a person on each of the given days."""
        for number, day in enumerate(self.env.given.reach_days):
            yield self.hold(till=day)
            Person(number=number)


class Person(salabim.Component):
    """One person, from the coast to a decision in the UK or to settling elsewhere."""

    def setup(self, number):
        """What the person is born with; `landed` is how the night's boat has ended, None before it has."""
        given = self.env.given
        self.benefit_gbp, self.nerve_gbp = given.benefit_gbp[number], given.nerve_gbp[number]
        self.patience_days = given.patience_days[number]
        self.failures, self.landed = 0, None

    def chooses(self):
        """What this person does now."""
        env = self.env
        env.choices += 1
        return weigh(env.model, env.draws.random, self.benefit_gbp, self.nerve_gbp, self.failures)

    def process(self):
        """The story."""
        env, model, random, queue = self.env, self.env.model, self.env.draws, self.env.queue
        reached = env.now()
        yield self.hold(till=first_dawn(reached))
        while not self.landed:
            act, in_line = self.chooses(), self in queue
            if act is Act.SETTLE:
                if in_line:
                    self.leave(queue)
                env.settled += 1
                return
            if act is Act.WAIT and not in_line:
                yield self.hold(model.review_days)
                continue
            if not in_line:
                self.enter(queue)
            self.review = env.now() + self.patience_days
            yield self.passivate()
            if self.landed is False:
                self.failures, self.landed = self.failures + 1, None
                yield self.hold(till=next_dawn(env.now() + random.expovariate(1 / model.rest_days)))
        env.arrivals += 1
        env.days_to_land += env.now() - reached
        yield self.request(env.desks)
        shape = model.registration_shape
        yield self.hold(random.gammavariate(shape, model.registration_days / shape))
        self.release()
        days = random.gammavariate(model.decision_shape, model.decision_days / model.decision_shape)
        yield self.hold(till=next_midnight(env.now() + days))
        env.decisions += 1


class Dawns(salabim.Component):
    """Each dawn, those whose patience is over look at their choices again.

    Not a hold of each person's own: taking it back when a boat calls makes salabim search all events.
    """

    def process(self):
        """Wake them."""
        for today in range(DAYS):
            yield self.hold(till=today + DAWN)
            for person in [person for person in self.env.queue if person.review <= today + DAWN]:
                person.activate()


class Gang(salabim.Component):
    """The gang's noons."""

    def process(self):
        """Each noon before a calm night, fill boats from the queue."""
        env, model = self.env, self.env.model
        for night in range(1, DAYS):
            yield self.hold(till=night - 1 + NOON)
            if not env.given.calm[night]:
                continue
            for _ in range(model.boats):
                if len(env.queue) < model.least_aboard:
                    break
                aboard = [env.queue.pop() for _ in range(min(model.seats, len(env.queue)))]
                Boat(night=night, aboard=aboard, stopped=env.given.stopped[env.boats])
                env.boats += 1


class Boat(salabim.Component):
    """One boat of a night."""

    def setup(self, night, aboard, stopped):
        """Who is aboard, and how it will end."""
        self.night, self.aboard, self.stopped = night, aboard, stopped

    def process(self):
        """Stopped at the beach, or over the sea."""
        env, model = self.env, self.env.model
        yield self.hold(till=self.night + model.launch_day)
        env.attempts += len(self.aboard)
        if not self.stopped:
            yield self.hold(model.crossing_days)
        for person in self.aboard:
            person.landed = not self.stopped
            person.activate()


def simulate(given: Given) -> salabim.Environment:
    """Build and run."""
    env = salabim.Environment(trace=False, random_seed=given.seed, yieldless=False)
    env.given, env.model, env.draws = (
        given,
        given.model,
        Random(given.seed + 1),
    )  # not the numbers of simpy_plain, which draws as often
    env.queue = salabim.Queue("queue", monitor=False)
    env.desks = salabim.Resource("desks", capacity=given.model.desks, monitor=False)
    env.boats = env.choices = env.attempts = env.arrivals = env.settled = env.decisions = 0
    env.days_to_land = 0.0
    Arrivals()
    Dawns()
    Gang()
    env.run(till=DAYS)
    return env


def outcomes(env: salabim.Environment) -> Outcomes:
    """What the run tells."""
    return outcomes_of(
        env.given,
        choices=env.choices,
        attempts=env.attempts,
        arrivals=env.arrivals,
        settled=env.settled,
        days_to_land=env.days_to_land,
        decisions=env.decisions,
    )
