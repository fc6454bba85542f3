"""The moments of a day that everybody shares, and the calendar that strikes them.

One event a day wakes all who wait for dawn: thousands of processes need not each keep a clock of their own.
"""

from collections.abc import Generator
from typing import Any

import simpy

from sim.domain.rules import Rhythm

Story = Generator[simpy.Event, Any, Any]
HOURS_PER_DAY = 24.0


class Moment:
    """A time of day that recurs; `next` is the event of its next stroke."""

    __slots__ = ("_env", "next")

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self.next = env.event()

    def strike(self) -> None:
        """Wake everyone who waits, in the order in which they began to wait."""
        struck, self.next = self.next, self._env.event()
        struck.succeed()


class Clock:
    """The day's shared moments."""

    __slots__ = ("count", "dawn", "dusk", "env", "midnight", "noon")

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.midnight, self.dawn, self.noon, self.dusk, self.count = (Moment(env) for _ in range(5))

    @property
    def today(self) -> int:
        """Whole days since the scenario's start."""
        return int(self.env.now)

    def run(self, rhythm: Rhythm) -> Story:
        """Strike the moments of every day in order. A process."""
        hours = (0.0, rhythm.dawn_hour, rhythm.noon_hour, rhythm.dusk_hour, rhythm.count_hour)
        moments = (self.midnight, self.dawn, self.noon, self.dusk, self.count)
        day = 0
        while True:
            for hour, moment in zip(hours, moments, strict=True):
                yield self.env.timeout(max(day + hour / HOURS_PER_DAY - self.env.now, 0.0))
                moment.strike()
            day += 1
