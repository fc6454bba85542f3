"""The reduced model in Mesa 3: agents whose methods are events of Mesa's own discrete-event simulator.

An agent does something only when its event is due; stepping all agents every day would do the same work many times.
"""

from __future__ import annotations

from collections import deque
from itertools import islice

import mesa
from mesa.experimental.devs import DEVSimulator

from benchmarks.reduced.model import (
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


class Person(mesa.Agent):
    """Someone at the coast, then in the UK."""

    def __init__(self, model, number):
        super().__init__(model)
        given = model.given
        self.reached, self.benefit_gbp = given.reach_days[number], given.benefit_gbp[number]
        self.nerve_gbp, self.patience_days = given.nerve_gbp[number], given.patience_days[number]
        self.failures, self.review = 0, model.at(first_dawn(self.reached), self.decide)

    def decide(self):
        """Join the queue or stay in it, wait, or settle elsewhere."""
        model, queue = self.model, self.model.queue
        model.choices += 1
        act = weigh(model.numbers, self.random.random, self.benefit_gbp, self.nerve_gbp, self.failures)
        if act is Act.SETTLE:
            queue.pop(self, None)
            model.settled += 1
            self.remove()
        elif act is Act.BOAT or self in queue:
            queue[self] = None
            self.review = model.at(next_dawn(model.now + self.patience_days), self.decide)
        else:
            self.review = model.at(model.now + model.numbers.review_days, self.decide)

    def board(self):
        """Called to the beach: no review is due any more."""
        del self.model.queue[self]
        if self.review:
            self.model.simulator.cancel_event(self.review)

    def fail(self):
        """Stopped at the beach: rest, then decide at dawn."""
        self.failures += 1
        rested = self.model.now + self.random.expovariate(1 / self.model.numbers.rest_days)
        self.review = self.model.at(next_dawn(rested), self.decide)

    def land(self):
        """Arrived: go to a free desk, or stand in line."""
        self.model.arrivals += 1
        self.model.days_to_land += self.model.now - self.reached
        if self.model.free_desks:
            self.model.free_desks -= 1
            self.register()
        else:
            self.model.line.append(self)

    def register(self):
        """Be registered."""
        numbers = self.model.numbers
        shape = numbers.registration_shape
        days = self.random.gammavariate(shape, numbers.registration_days / shape)
        self.model.at(self.model.now + days, self.registered)

    def registered(self):
        """The desk calls the next; the wait for a decision begins."""
        model, shape = self.model, self.model.numbers.decision_shape
        if model.line:
            model.line.popleft().register()
        else:
            model.free_desks += 1
        days = self.random.gammavariate(shape, model.numbers.decision_days / shape)
        model.at(next_midnight(model.now + days), self.leave)

    def leave(self):
        """The decision."""
        self.model.decisions += 1
        self.remove()


class Boat(mesa.Agent):
    """One boat of a night."""

    def __init__(self, model, aboard):
        super().__init__(model)
        self.aboard = aboard
        self.stopped = model.given.stopped[model.boats]
        model.boats += 1

    def launch(self):
        """Stopped at the beach, or off."""
        self.model.attempts += len(self.aboard)
        if self.stopped:
            for person in self.aboard:
                person.fail()
            self.remove()
        else:
            self.model.at(self.model.now + self.model.numbers.crossing_days, self.arrive)

    def arrive(self):
        """Everyone goes to the arrival centre."""
        for person in self.aboard:
            person.land()
        self.remove()


class Strait(mesa.Model):
    """The coast, the gang and the arrival centre."""

    def __init__(self, given, simulator):
        super().__init__(seed=given.seed)
        self.given, self.numbers, self.simulator = given, given.model, simulator
        simulator.setup(self)
        self.queue: dict[Person, None] = {}
        self.line, self.free_desks, self.boats, self.come = deque(), given.model.desks, 0, 0
        self.choices = self.attempts = self.arrivals = self.settled = self.decisions = 0
        self.days_to_land = 0.0
        self.at(given.reach_days[0], self.reach)
        self.at(NOON, self.noon)

    @property
    def now(self):
        """Days since the start."""
        return self.simulator.time

    def at(self, day, method):
        """Schedule an event unless it lies beyond the year; None if it does."""
        return self.simulator.schedule_event_absolute(method, day) if day < DAYS else None

    def reach(self):
        """One person reaches the coast; the next one's event follows."""
        Person(self, self.come)
        self.come += 1
        if self.come < len(self.given.reach_days):
            self.at(self.given.reach_days[self.come], self.reach)

    def noon(self):
        """The gang plans the night."""
        night, numbers = int(self.now) + 1, self.numbers
        self.at(night + NOON, self.noon)
        if night >= DAYS or not self.given.calm[night]:
            return
        for _ in range(numbers.boats):
            if len(self.queue) < numbers.least_aboard:
                break
            aboard = list(islice(self.queue, numbers.seats))
            for person in aboard:
                person.board()
            boat = Boat(self, aboard)
            self.at(night + numbers.launch_day, boat.launch)


def simulate(given: Given) -> Strait:
    """Build and run."""
    simulator = DEVSimulator()
    strait = Strait(given, simulator)
    simulator.run_until(DAYS)
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
