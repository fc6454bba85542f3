"""The reduced model in plain SimPy, as its tutorial teaches: a process a person, a store, a resource, timeouts."""

from __future__ import annotations

from random import Random

import simpy

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


class Coast:
    """What the processes share, and the counts."""

    def __init__(self, given: Given) -> None:
        self.given, self.model, self.random = given, given.model, Random(given.seed)
        self.env = simpy.Environment()
        self.queue = simpy.Store(self.env)
        self.desks = simpy.Resource(self.env, self.model.desks)
        self.boats_launched = 0
        self.choices = self.attempts = self.arrivals = self.settled = self.decisions = 0
        self.days_to_land = 0.0


def arrivals(coast):
    """People reach the coast."""
    for number, day in enumerate(coast.given.reach_days):
        yield coast.env.timeout(day - coast.env.now)
        coast.env.process(person(coast, number))


def person(coast, number):
    """One person, from the coast to a decision in the UK or to settling elsewhere."""
    env, model, random = coast.env, coast.model, coast.random
    reached, failures = env.now, 0
    yield env.timeout(first_dawn(reached) - env.now)
    while True:
        act = chooses(coast, number, failures)
        if act is Act.BOAT:
            landed = yield from tries(coast, number, failures)
            if landed:
                break
            if landed is None:
                coast.settled += 1
                return
            failures += 1
            rested = env.now + random.expovariate(1 / model.rest_days)
            yield env.timeout(next_dawn(rested) - env.now)
        elif act is Act.WAIT:
            yield env.timeout(model.review_days)
        else:
            coast.settled += 1
            return
    coast.arrivals += 1
    coast.days_to_land += env.now - reached
    with coast.desks.request() as desk:
        yield desk
        shape = model.registration_shape
        yield env.timeout(random.gammavariate(shape, model.registration_days / shape))
    due = env.now + random.gammavariate(model.decision_shape, model.decision_days / model.decision_shape)
    yield env.timeout(next_midnight(due) - env.now)
    coast.decisions += 1


def chooses(coast, number, failures):
    """What this person does now."""
    coast.choices += 1
    given = coast.given
    return weigh(coast.model, coast.random.random, given.benefit_gbp[number], given.nerve_gbp[number], failures)


def tries(coast, number, failures):
    """In line for a seat, then in a boat: whether it landed; None for someone who lost patience and turned away."""
    env, patience = coast.env, coast.given.patience_days[number]
    seat = env.event()
    yield coast.queue.put(seat)
    while True:
        yield seat | env.timeout(next_dawn(env.now + patience) - env.now)
        if seat.triggered:
            landed = yield seat.value
            return landed
        if chooses(coast, number, failures) is Act.SETTLE:
            coast.queue.items.remove(seat)
            return None


def gang(coast):
    """Each noon before a calm night, fill boats from the queue."""
    env, model, queue = coast.env, coast.model, coast.queue
    for night in range(1, DAYS):
        yield env.timeout(night - 1 + NOON - env.now)
        if not coast.given.calm[night]:
            continue
        for _ in range(model.boats):
            if len(queue.items) < model.least_aboard:
                break
            trip = env.process(boat(coast, night, min(model.seats, len(queue.items))))
            for _ in range(min(model.seats, len(queue.items))):
                seat = yield queue.get()
                seat.succeed(trip)


def boat(coast, night, people):
    """One boat: stopped at the beach, or over the sea; whether it landed."""
    env, model = coast.env, coast.model
    stopped = coast.given.stopped[coast.boats_launched]
    coast.boats_launched += 1
    yield env.timeout(night + model.launch_day - env.now)
    coast.attempts += people
    if not stopped:
        yield env.timeout(model.crossing_days)
    return not stopped


def simulate(given: Given) -> Coast:
    """Build and run."""
    coast = Coast(given)
    coast.env.process(arrivals(coast))
    coast.env.process(gang(coast))
    coast.env.run(until=DAYS)
    return coast


def outcomes(coast: Coast) -> Outcomes:
    """What the run tells."""
    return outcomes_of(
        coast.given,
        choices=coast.choices,
        attempts=coast.attempts,
        arrivals=coast.arrivals,
        settled=coast.settled,
        days_to_land=coast.days_to_land,
        decisions=coast.decisions,
    )
