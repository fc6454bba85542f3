"""'One in': expressions of interest in France, draws for the places that returns open, and the way to a visa."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import simpy

from sim.behaviours import find
from sim.domain.beliefs import About
from sim.domain.contacts import spread
from sim.domain.population import Ids, has_papers
from sim.domain.randomness import Luck
from sim.domain.rules import Rules
from sim.processes.lives import Waiting
from sim.processes.moments import Story
from sim.processes.pool import Pool
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World

APPOINTMENT_DAYS = 1.0
"""Appointments for biometrics are counted a day, so each takes one of the day's places."""


class Application(NamedTuple):
    """One expression of interest: the days from which and until which it counts."""

    since: float
    until: float


class LegalRoute:
    """Who knows of the route, who has applied, and the appointments on the way."""

    __slots__ = ("_applicants", "_overdue", "_waiting", "_world", "appointments", "aware")

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[int, Application] = {}
        self._applicants = Waiting(world.env)
        self._overdue: defaultdict[int, list[int]] = defaultdict(list)
        self.appointments = Pool(world.env, world.rules.legal_route.biometrics_per_day)
        self.aware = np.zeros(world.news.communities)

    def allow(self, rules: Rules) -> None:
        """Appointments from now on."""
        self.appointments.resize(rules.legal_route.biometrics_per_day)

    def may_apply(self, ids: Ids, communities: Ids) -> npt.NDArray[np.bool_]:
        """Who of these people knows of the route from their community, has its papers and has not tried to cross."""
        world, people, rules = self._world, self._world.people, self._world.rules.legal_route
        aware = world.streams.uniform("aware", people.key[ids]) < self.aware[communities]
        papers = has_papers(rules, people.attributes.papers_rank[ids])
        return np.asarray(aware & papers & (people.attempts[ids] == 0))

    def application(self, person: int) -> simpy.Event:
        """Apply; the event's value is True when the person is chosen, False when the application lapses."""
        world = self._world
        until = world.env.now + world.rules.legal_route.patience_days
        self._waiting[person] = Application(self._next_window(), until)
        self._overdue[ceil(until)].append(person)
        world.news.tell_one(About.ADMITTED, int(world.people.community[person]), 0.0, 1.0)
        return self._applicants.joins(person)

    def _day_of_window(self) -> int:
        """Whole days since the present window opened."""
        rules = self._world.rules
        return int(self._world.clock.today - rules.exchange.opened_day) % rules.legal_route.window_every_days

    def _next_window(self) -> float:
        """When an interest expressed now counts: at once while the window is open, else from the next one on."""
        rules, day = self._world.rules.legal_route, self._day_of_window()
        if day < rules.window_open_days:
            return float(self._world.env.now)
        return float(self._world.clock.today + rules.window_every_days - day)

    def windows(self) -> Story:
        """At each window's end draw as many applicants as places are open; then lapse the overdue. A process."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            if world.committee.open:
                self._spread_word()
                if self._day_of_window() == 0:
                    self._draw(world.clock.today)
                    world.ledger.review()
            self._lapse()

    def becomes_known(self) -> None:
        """The exchange opens: some know of the route at once."""
        self.aware = np.maximum(self.aware, self._world.rules.legal_route.awareness)

    def _spread_word(self) -> None:
        """Word goes round the contact graph from the day after the opening on; a campaign may raise the floor."""
        rules, voices = self._world.rules.legal_route, self._world.news.contacts.voices
        if self._world.clock.today <= self._world.rules.exchange.opened_day:
            return
        self.aware = np.maximum(spread(self.aware, rules.awareness_per_day, voices), rules.awareness)

    def _draw(self, today: int) -> None:
        """Choose among those whose interest counts: priority groups and UK links first, then the rule's own order."""
        world = self._world
        promised = max(world.rules.exchange.weekly_target, world.committee.target)
        places = world.ledger.places_open() if promised > 0 else 0
        if world.ledger.admissions_paused:
            return
        counted = [person for person, application in self._waiting.items() if application.since < today]
        ids = np.array(counted, dtype=np.int64)
        chosen = ids[self._order(ids, today)][:places].tolist()
        for person in chosen:
            world.ledger.promise()
            del self._waiting[person]
        self._applicants.call(chosen, world.env.event().succeed(True))

    def _order(self, ids: Ids, today: int) -> npt.NDArray[np.intp]:
        """In which order these applicants are chosen: by priority, then by the rule of admission."""
        world, people, rules = self._world, self._world.people, self._world.rules.legal_route
        first = [group.name in rules.priority_groups for group in world.scenario.theatre.groups]
        priority = np.array(first)[people.potential.group[ids]]
        links = people.attributes.links[ids] & rules.links_first
        since = np.array([self._waiting[person].since for person in ids.tolist()])
        lot = world.streams.uniform("ballot", people.key[ids], today)
        return np.lexsort((find("admission", rules.admission)(since, lot), ~links, ~priority))

    def _lapse(self) -> None:
        """Those who have waited long enough look at their choices again; all do when the route is closed."""
        today = self._world.clock.today
        late = list(self._waiting) if not self._world.committee.open else self._overdue.pop(today, [])
        lapsed = []
        for person in late:
            waiting = self._waiting.get(person)
            if waiting is not None and (waiting.until <= today or not self._world.committee.open):
                del self._waiting[person]
                lapsed.append(person)
        if lapsed:
            self._applicants.call(lapsed, self._world.env.event().succeed(False))

    def passes_checks(self, person: int) -> Story:
        """Checks, an appointment for biometrics, the visa and the journey; the value says whether they are admitted."""
        world, env = self._world, self._world.env
        luck = Luck(world.streams, int(world.people.key[person]), int(world.people.decisions[person]))
        rules = world.rules.legal_route
        yield env.timeout(luck.days("checks", rules.checks_days, rules.days_spread))
        if luck.uniform("passes") >= rules.pass_share:
            return False
        yield self.appointments.take()
        yield env.timeout(APPOINTMENT_DAYS)
        self.appointments.give_back()
        world.recorder.record(Happened.BIOMETRICS_GIVEN, person)
        rules = world.rules.legal_route
        yield env.timeout(luck.days("visa", rules.visa_days, rules.days_spread))
        if luck.uniform("visa_granted") < rules.visa_refused_share:
            return False
        yield env.timeout(rules.travel_days)
        return True

    def tells_of_admission(self, person: int) -> None:
        """The person's community will hear of it."""
        world = self._world
        world.news.tell_one(About.ADMITTED, int(world.people.community[person]), 1.0, 0.0)

    @property
    def waiting(self) -> int:
        """People who have applied and wait to be chosen."""
        return len(self._waiting)
