"""Arrival processing in the UK: the centre with its desks and places."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import simpy

from sim.processes.migrant import Outcome
from sim.processes.moments import HOURS_PER_DAY, Moment, Story

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
