"""The UK side of an arrival: the centre with its desks and places, then the asylum system's long wait."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

import numpy as np
import simpy

from sim.domain.population import Place
from sim.processes.migrant import Outcome
from sim.processes.moments import HOURS_PER_DAY, Moment, Story
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World


class Centre:
    """Arrival processing: a boatload takes places and stands in line; clerks register one person after another.

    Places free again when the buses leave at dawn.
    """

    __slots__ = ("_landed", "_left", "_world", "line", "places")

    def __init__(self, world: World) -> None:
        rules = world.rules.centre
        self._world = world
        self._landed = Moment(world.env)
        self._left = 0
        self.line: deque[tuple[int, simpy.Event]] = deque()
        self.places = simpy.Container(world.env, rules.places, init=rules.places)
        for _ in range(rules.staff):
            world.env.process(self._clerk())
        world.env.process(self._buses())

    def room(self, people: int) -> simpy.Event:
        """The event of a boatload finding places; one larger than the whole centre waits for all of it."""
        return self.places.get(min(people, self.places.capacity))

    def admit(self, waiting: list[tuple[int, simpy.Event]]) -> None:
        """People who have landed stand in line; each one's event fires when they have been registered."""
        self.line.extend(waiting)
        self._landed.strike()

    def _clerk(self) -> Story:
        """One member of staff: calls the next few in line, registers them, lets them go together. A process."""
        env, line, hours = self._world.env, self.line, memoryview(self._world.people.registration_hours.data)
        together = self._world.rules.centre.called_together
        while True:
            while not line:
                yield self._landed.next
            called = [line.popleft() for _ in range(min(together, len(line)))]
            yield env.timeout(sum([hours[person] for person, _ in called]) / HOURS_PER_DAY)
            self._left += len(called)
            for _, event in called:
                event.succeed(Outcome.ARRIVED)

    def _buses(self) -> Story:
        """Each dawn take everyone registered since the last to where they will live, and free their places."""
        while True:
            yield self._world.clock.dawn.next
            if self._left:
                leaving, self._left = self._left, 0
                yield self.places.put(min(leaving, self.places.capacity - self.places.level))


class AsylumSystem:
    """People waiting for a decision; due days are drawn at birth and decisions handed out day by day."""

    __slots__ = ("_days", "_due", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._days = memoryview(world.people.decision_days.data)
        self._due: defaultdict[int, list[int]] = defaultdict(list)

    def receive(self, person: int, start: Place) -> None:
        """A person enters the asylum system; their own process ends here, the decision comes when it is due."""
        self._world.people.move(person, start, Place.ASYLUM)
        self._due[int(self._world.env.now + self._days[person]) + 1].append(person)

    def admit(self, person: int) -> None:
        """Someone admitted by the legal route arrives and waits for a decision as well."""
        self._world.people.move(person, Place.ADMISSION, Place.ADMITTED)
        self._due[int(self._world.env.now + self._days[person]) + 1].append(person)

    def decisions(self) -> Story:
        """Each midnight decide the claims that are due, by the group's grant share. A process."""
        world, people = self._world, self._world.people
        grant = np.array([group.grant_share for group in world.scenario.theatre.groups])
        while True:
            yield world.clock.midnight.next
            ids = np.array(sorted(self._due.pop(world.clock.today, [])), dtype=np.int64)
            if not len(ids):
                continue
            by_boat = people.place_view[ids] == int(Place.ASYLUM)
            people.move_all(ids[by_boat], Place.ASYLUM, Place.DECIDED)
            people.move_all(ids[~by_boat], Place.ADMITTED, Place.ADMITTED_DECIDED)
            granted = world.streams.uniform("grant", people.key[ids]) < grant[people.potential.group[ids]]
            world.recorder.record_all(Happened.GRANTED, ids[granted])
            world.recorder.record_all(Happened.REFUSED_ASYLUM, ids[~granted])
