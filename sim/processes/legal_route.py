"""'One in': applications in France, weekly draws for the places that returns open, checks, travel."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import simpy

from sim.domain.beliefs import About
from sim.processes.boat import Sea
from sim.processes.moments import Story

if TYPE_CHECKING:
    from sim.processes.world import World


class LegalRoute:
    """Everyone who has applied and waits to be chosen."""

    __slots__ = ("_waiting", "_world")

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[int, tuple[simpy.Event, float]] = {}

    def application(self, person: int) -> simpy.Event:
        """Apply; the event's value is True when the person is chosen, False when the application lapses."""
        world, event = self._world, simpy.Event(self._world.env)
        self._waiting[person] = (event, world.env.now + world.rules.legal_route.patience_days)
        world.news.tell_one(About.ADMITTED, int(world.people.potential.group[person]), 0.0, 1.0)
        return event

    def windows(self) -> Story:
        """At each window draw as many applicants as places are open; then lapse the overdue. A process."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            rules, today = world.rules, world.clock.today
            since = today - rules.exchange.opened_day
            if rules.exchange.open and since % rules.legal_route.window_every_days == 0:
                self._draw(today)
                world.ledger.review()
            self._lapse()

    def _draw(self, today: int) -> None:
        """Choose by lot, people with UK links first if the rule says so."""
        world, people = self._world, self._world.people
        promised = max(world.rules.exchange.weekly_target, world.returns.target)
        places = world.ledger.places_open() if promised > 0 else 0
        if -world.ledger.gap > world.ledger.tolerance:
            return
        links_first = world.rules.legal_route.links_first

        def rank(person: int) -> tuple[bool, float]:
            behind = links_first and not people.attributes.links[person]
            return behind, world.streams.one("ballot", int(people.key[person]), today)

        for person in sorted(self._waiting, key=rank)[:places]:
            world.ledger.promise()
            self._waiting.pop(person)[0].succeed(True)

    def _lapse(self) -> None:
        world = self._world
        closed = not world.rules.exchange.open
        late = [person for person, (_, end) in self._waiting.items() if closed or end <= world.env.now]
        for person in late:
            self._waiting.pop(person)[0].succeed(False)

    def passes_checks(self, person: int) -> Story:
        """Checks, biometrics, visa and travel; the value says whether the person is admitted."""
        world, rules = self._world, self._world.rules.legal_route
        key, ordinal = int(world.people.key[person]), int(world.people.decisions[person])
        yield world.env.timeout(
            rules.checks_days * exp(rules.checks_spread * Sea.luck(world.streams, "checks", key, ordinal))
        )
        return world.streams.one("passes", key, ordinal) < rules.pass_share

    def tells_of_admission(self, person: int) -> None:
        """The person's community will hear of it."""
        world = self._world
        world.news.tell_one(About.ADMITTED, int(world.people.potential.group[person]), 1.0, 0.0)

    @property
    def waiting(self) -> int:
        """People who have applied and wait to be chosen."""
        return len(self._waiting)
