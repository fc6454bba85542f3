"""One return case: whose it is, the draws that are its own, and the time it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import simpy

from sim.domain.randomness import Luck
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World


@dataclass(slots=True, eq=False)
class Case:
    """A case is void three months after arrival (`deadline`, days), or when the exchange ends (`term_ends`).

    `papers` is the process of the request and France's answer: it goes on while removal is barred.
    """

    env: simpy.Environment
    person: int
    luck: Luck
    arrived: float
    deadline: float
    term_ends: simpy.Event
    papers: simpy.Process = field(init=False)
    detained: bool = True
    been_to_court: bool = False

    @classmethod
    def of(cls, world: World, person: int) -> Self:
        """The case of someone just selected."""
        people, arrived = world.people, float(world.people.uk_day[person])
        return cls(
            env=world.env,
            person=person,
            luck=Luck(world.streams, int(people.key[person]), int(people.returns[person])),
            arrived=arrived,
            deadline=arrived + world.rules.exchange.void_days,
            term_ends=world.committee.term_ends,
        )

    @property
    def days_left(self) -> float:
        """Days until three months are over."""
        return max(self.deadline - self.env.now, 0.0)

    @property
    def is_void(self) -> bool:
        """Whether its time is over."""
        return self.env.now >= self.deadline or self.term_ends.triggered

    def waits(self, days: float, *beside: simpy.Event) -> Story:
        """Wait some days, cut short when the case becomes void or something beside happens.

        The value says whether the days have passed.
        """
        left = self.days_left
        over = self.env.timeout(min(days, left))
        yield self.env.any_of([over, self.term_ends, *beside])
        return over.processed and days < left and not self.term_ends.triggered
