"""Arrival processing in the UK: the centre with its desks and places."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING

import simpy

from sim.processes.lives import Life
from sim.processes.moments import HOURS_PER_DAY, Story

if TYPE_CHECKING:
    from sim.processes.world import World


class Centre:
    """Arrival processing: a boatload takes places and stands in line; clerks register one person after another.

    Places free again when the buses leave at dawn. `registered` is told, each time, who have just been registered
    together.
    """

    __slots__ = ("_hours", "_idle", "_left", "_registered", "_together", "_world", "line", "places")

    def __init__(self, world: World, registered: Callable[[list[int]], None]) -> None:
        rules = world.rules.centre
        self._world, self._registered = world, registered
        self._left, self._together, self._idle = 0, rules.called_together, rules.staff
        self._hours = memoryview(world.people.registration_hours.data)
        self.line: deque[int] = deque()
        self.places = simpy.Container(world.env, rules.places, init=rules.places)
        Life(world.env, self._buses())

    def room(self, people: int) -> simpy.Event:
        """The event of a boatload finding places; one larger than the whole centre waits for all of it."""
        return self.places.get(min(people, self.places.capacity))

    def admit(self, people: list[int]) -> None:
        """People who have landed stand in line; clerks register them in this order.

        Clerks who have nothing to do begin to work, as many as there is work for.
        """
        self.line.extend(people)
        for _ in range(min(self._idle, ceil(len(self.line) / self._together))):
            self._idle -= 1
            Life(self._world.env, self._clerk())

    def _clerk(self) -> Story:
        """One clerk at work: calls the next few, registers them, lets them go together; ends with the line."""
        env, line, hours = self._world.env, self.line, self._hours
        while line:
            called = [line.popleft() for _ in range(min(self._together, len(line)))]
            yield env.timeout(sum([hours[person] for person in called]) / HOURS_PER_DAY)
            self._left += len(called)
            self._registered(called)
        self._idle += 1

    def _buses(self) -> Story:
        """Each dawn take everyone registered since the last to where they will live, and free their places."""
        while True:
            yield self._world.clock.dawn.next
            if self._left:
                leaving, self._left = self._left, 0
                yield self.places.put(min(leaving, self.places.capacity - self.places.level))
