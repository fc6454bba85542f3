"""The reduced model in this project's own parts, told as the project tells the whole one.

Its clock and its lives, its arrival centre, its columns of people, its keyed random numbers, its rules and its law of
choice: one process a migrant and a boat, and at dawn everyone with a decision due weighs it, together, in vectors.
The same work as in the other tools; beliefs, prices, learning, audits and records are left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import simpy

from benchmarks.reduced.model import DAYS, Given, Outcomes, outcomes_of
from benchmarks.reduced.project import SEED, scenario_of
from sim.domain.beliefs import with_own_experience
from sim.domain.choice import Choice, best, value_of_boat
from sim.domain.population import Ids, People, Place
from sim.domain.randomness import Floats, Streams
from sim.domain.rules import Rules
from sim.processes.centre import Centre
from sim.processes.lives import Life, Past, Waiting
from sim.processes.migrant import Outcome
from sim.processes.moments import Clock, Story

OPTIONS = np.array([Choice.BOAT, Choice.WAIT, Choice.SETTLE])
CHOICES = tuple(Choice)


@dataclass(frozen=True, slots=True)
class Born:
    """What people are born with, and their keys; every array has shape (people,)."""

    key: npt.NDArray[np.uint64]
    benefit_gbp: Floats
    nerve_gbp: Floats
    patience_days: npt.NDArray[np.float32]


class Strait:
    """What the processes share."""

    def __init__(self, given: Given, rules: Rules) -> None:
        self.given, self.rules, self.streams = given, rules, Streams(SEED, given.seed)
        self.env = simpy.Environment()
        self.clock = Clock(self.env)
        self.people = settle_people(given, rules, self.streams)
        self.coast, self.asylum = Coast(self), AsylumSystem(self)
        self.centre = Centre(self, self.coast.registered)
        for story in (self.clock.run(rules.rhythm), self.coast.days(), gang(self), self.asylum.days()):
            self.env.process(story)


def settle_people(given: Given, rules: Rules, streams: Streams) -> People:
    """Everyone's columns; what a person alone decides is drawn beforehand, keyed by the person."""
    key = np.arange(len(given.reach_days), dtype=np.uint64)
    born = Born(
        key, np.array(given.benefit_gbp), np.array(given.nerve_gbp), np.array(given.patience_days, dtype=np.float32)
    )
    people = People(born, born, np.zeros(len(key), dtype=np.int8), np.array(given.reach_days))
    people.registration_hours[:] = rules.centre.registration_hours * streams.erlang(
        "registration", key, rules.centre.registration_shape
    )
    people.decision_days[:] = rules.asylum.decision_days * streams.erlang("decision", key, rules.asylum.decision_shape)
    return people


def migrant(strait: Strait, person: int, choice: Choice) -> Story:
    """One person's life, from their first choice at the coast to an end. A process.

    Trying boats takes one wait, however many nights it lasts; it ends when the person has been registered in the UK,
    or turns to something else.
    """
    if choice is Choice.BOAT:
        outcome = yield strait.coast.tries_boats(person)
        if outcome is Outcome.STAYS:
            return strait.asylum.receive(person)
    return strait.people.move(person, Place.CAMP, Place.SETTLED)


class Coast:
    """Who waits at the coast for what, the queue for seats, and how people weigh their choices."""

    __slots__ = ("_strait", "queue", "waiting")

    def __init__(self, strait: Strait) -> None:
        self._strait, self.waiting = strait, Waiting(strait.env)
        self.queue: dict[int, None] = {}

    def tries_boats(self, person: int) -> simpy.Event:
        """The event that ends a person's tries: its value is `Outcome.STAYS`, or another `Choice`."""
        return self.waiting.joins(person)

    def registered(self, people: list[int]) -> None:
        """The tries of these people are over: they have been registered in the UK."""
        self.waiting.call(people, Past(Outcome.STAYS))

    def days(self) -> Story:
        """Each midnight people have reached the coast; each dawn all who have a decision due take it. A process."""
        clock, people = self._strait.clock, self._strait.people
        reached_by = np.searchsorted(people.reach_day, np.arange(DAYS)).tolist()
        come = 0
        while True:
            yield clock.midnight.next
            new, come = np.arange(come, reached_by[clock.today]), reached_by[clock.today]
            people.move_all(new, Place.NOT_YET, Place.CAMP)
            people.comes(new)
            people.review_day[new] = 0.0
            yield clock.dawn.next
            here = people.at(Place.CAMP, Place.CUSTOMER)
            ids = here[people.review_day[here] <= clock.env.now]
            if len(ids):
                self._act(ids, self.weigh(ids))

    def weigh(self, ids: Ids) -> npt.NDArray[np.intp]:
        """Each person's choice; shape (people,)."""
        people, rules, streams = self._strait.people, self._strait.rules, self._strait.streams
        tastes, born, failures = rules.migrants, people.attributes, people.failures[ids].astype(float)
        heard = rules.beliefs.stopped_prior
        stopped = with_own_experience(heard, rules.beliefs.community_voices, failures, failures, rules.beliefs)
        effort = tastes.effort_gbp + born.nerve_gbp[ids] * np.log2(1.0 + failures)
        price = rules.gangs.price_at_start_gbp
        values = np.zeros((len(ids), len(OPTIONS)))
        values[:, 0] = boat = value_of_boat(born.benefit_gbp[ids], stopped, 0.0, price, effort, 0.0)
        values[:, 1] = np.maximum(boat, 0.0) - tastes.wait_gbp_per_day * rules.coast.review_days
        ordinal = people.decisions[ids].astype(np.int64)[:, None] * len(OPTIONS) + np.arange(len(OPTIONS))
        noise = streams.gumbel("choice", people.key[ids][:, None], ordinal)
        people.decisions[ids] += 1
        return OPTIONS[best(values, noise, tastes.taste_gbp)]

    def _act(self, ids: Ids, choices: npt.NDArray[np.intp]) -> None:
        """Let each person act on their choice; customers who do not turn away stay in line.

        A first choice begins a person's life; one who is trying boats hears of it only if it is to settle.
        """
        people, now = self._strait.people, self._strait.env.now
        customer, settles = people.place_view[ids] == Place.CUSTOMER, choices == Choice.SETTLE
        joins, leaves = (choices == Choice.BOAT) & ~customer, customer & settles
        in_line = (joins | customer) & ~settles
        rests = np.where(in_line, people.attributes.patience_days[ids], self._strait.rules.coast.review_days)
        people.review_day[ids] = np.where(settles, np.inf, now + rests)
        people.move_all(ids[joins], Place.CAMP, Place.CUSTOMER)
        self.queue.update(dict.fromkeys(ids[joins].tolist()))
        people.move_all(ids[leaves], Place.CUSTOMER, Place.CAMP)
        for person in ids[leaves].tolist():
            del self.queue[person]
        begun, env = people.trying[ids], self._strait.env
        people.trying[ids[joins]] = True
        for person in ids[settles & begun].tolist():
            self.waiting.call((person,), simpy.Event(env).succeed(Choice.SETTLE))
        first = (joins | settles) & ~begun
        for person, choice in zip(ids[first].tolist(), choices[first].tolist(), strict=True):
            Life(env, migrant(self._strait, person, CHOICES[choice]))

    def board(self, load: int) -> Ids:
        """Call the first `load` people of the queue to the beach."""
        people, called = self._strait.people, list(islice(self.queue, load))
        for person in called:
            del self.queue[person]
        ids = np.array(called, dtype=np.int64)
        people.move_all(ids, Place.CUSTOMER, Place.ABOARD)
        people.review_day[ids] = np.inf
        return ids

    def stopped(self, ids: Ids) -> None:
        """A failed night: everyone is at the coast again, one failure richer, and rests before deciding."""
        strait, people = self._strait, self._strait.people
        people.move_all(ids, Place.ABOARD, Place.CAMP)
        people.failures[ids] += 1
        luck = strait.streams.uniform("rest", people.key[ids], people.attempts[ids])
        people.review_day[ids] = strait.env.now - strait.rules.coast.rest_days * np.log(luck)


def gang(strait: Strait) -> Story:
    """Each noon before a calm night fill boats from the queue. A process."""
    given, coast, used = strait.given, strait.coast, 0
    model = given.model
    while True:
        yield strait.clock.noon.next
        night = strait.clock.today + 1
        if night == DAYS or not given.calm[night]:
            continue
        for _ in range(model.boats):
            if len(coast.queue) < model.least_aboard:
                break
            strait.env.process(boat(strait, used, night + model.launch_day, coast.board(model.seats)))
            used += 1


def boat(strait: Strait, number: int, launch: float, ids: Ids) -> Story:
    """One launch: stopped at the beach, or over the sea, for everyone aboard at once. A process."""
    env, people = strait.env, strait.people
    yield env.timeout(launch - env.now)
    people.attempts[ids] += 1
    if strait.given.stopped[number]:
        return strait.coast.stopped(ids)
    yield env.timeout(strait.given.model.crossing_days)
    yield strait.centre.room(len(ids))
    people.move_all(ids, Place.ABOARD, Place.CENTRE)
    people.uk_day[ids] = env.now
    return strait.centre.admit(ids.tolist())


class AsylumSystem:
    """People waiting for a decision, which is handed out at the midnight after it is due."""

    __slots__ = ("_days", "_due", "_strait")

    def __init__(self, strait: Strait) -> None:
        self._strait, self._days = strait, memoryview(strait.people.decision_days.data)
        self._due: defaultdict[int, list[int]] = defaultdict(list)

    def receive(self, person: int) -> None:
        """A person enters the asylum system; their own process ends here, the decision comes when it is due."""
        self._strait.people.move(person, Place.CENTRE, Place.ASYLUM)
        self._due[int(self._strait.env.now + self._days[person]) + 1].append(person)

    def days(self) -> Story:
        """Each midnight decide the claims that are due. A process."""
        clock, people = self._strait.clock, self._strait.people
        while True:
            yield clock.midnight.next
            due = np.array(self._due.pop(clock.today, []), dtype=np.int64)
            people.move_all(due, Place.ASYLUM, Place.DECIDED)


def prepare(given: Given) -> tuple[Given, Rules]:
    """Read the rules, before the clock starts: a study reads them once and runs many times."""
    return given, scenario_of(given.model).rules


def simulate(prepared: tuple[Given, Rules]) -> Strait:
    """Build and run."""
    strait = Strait(*prepared)
    strait.env.run(until=DAYS)
    return strait


def outcomes(strait: Strait) -> Outcomes:
    """What the run tells."""
    people = strait.people
    landed = np.flatnonzero(~np.isnan(people.uk_day))
    return outcomes_of(
        strait.given,
        choices=int(people.decisions.sum()),
        attempts=int(people.attempts.sum()),
        arrivals=len(landed),
        settled=people.count[Place.SETTLED],
        days_to_land=float((people.uk_day[landed] - people.reach_day[landed]).sum()),
        decisions=people.count[Place.DECIDED],
    )
