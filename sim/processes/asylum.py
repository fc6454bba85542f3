"""The asylum system in the UK: a long wait for a decision, and work without permission meanwhile."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.domain.beliefs import About
from sim.domain.choice import arrest_rate, prospect_of_work
from sim.domain.population import Ids, Place
from sim.domain.randomness import Floats
from sim.processes.moments import Story
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World

LEAST_RATE = 1e-12
"""Stands for no arrests at all."""


class AsylumSystem:
    """People waiting for a decision; due days are drawn at birth and decisions handed out day by day.

    `working` is how many of them work without permission.
    """

    __slots__ = ("_arrests", "_due", "_new", "_since", "_starts", "_stops", "_world", "working")

    def __init__(self, world: World) -> None:
        self._world = world
        self._due: defaultdict[int, list[int]] = defaultdict(list)
        self._new: list[int] = []
        self._since: list[float] = []
        self._starts: defaultdict[int, list[int]] = defaultdict(list)
        self._arrests: defaultdict[int, list[int]] = defaultdict(list)
        self._stops: defaultdict[int, int] = defaultdict(int)
        self.working = 0

    def receive(self, person: int, start: Place) -> None:
        """A person enters the asylum system; their own process ends here, the decision comes when it is due."""
        self._world.people.move(person, start, Place.ASYLUM)
        self._new.append(person)
        self._since.append(self._world.env.now)

    def receive_few(self, people: list[int], start: Place) -> None:
        """`receive` for a handful of people at once."""
        self._world.people.move_few(people, start, Place.ASYLUM)
        self._new.extend(people)
        self._since.extend([self._world.env.now] * len(people))

    def admit(self, person: int) -> None:
        """Someone admitted by the legal route arrives and waits for a decision as well."""
        self._world.people.move(person, Place.ADMISSION, Place.ADMITTED)
        self._new.append(person)
        self._since.append(self._world.env.now)

    def days(self) -> Story:
        """Each midnight decide the claims that are due and see who begins or ends to work. A process."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            new, due = self._wait()
            self._decide(np.array(sorted(self._due.pop(world.clock.today, [])), dtype=np.int64))
            self._look_for_work(new, due)
            self._work(world.clock.today)

    def _wait(self) -> tuple[Ids, Ids]:
        """Those who came since yesterday, and the days on which their decisions are due; shapes (people,)."""
        new, since = np.array(self._new, dtype=np.int64), np.array(self._since)
        self._new.clear()
        self._since.clear()
        due = (since + self._world.people.decision_days[new]).astype(np.int64) + 1
        within = due < self._world.scenario.horizon_days
        for person, day in zip(new[within].tolist(), due[within].tolist(), strict=True):
            self._due[day].append(person)
        return new, due

    def _decide(self, ids: Ids) -> None:
        """Grant or refuse by the group's grant share."""
        world, people = self._world, self._world.people
        if not len(ids):
            return
        by_boat = people.place_view[ids] == int(Place.ASYLUM)
        people.move_all(ids[by_boat], Place.ASYLUM, Place.DECIDED)
        people.move_all(ids[~by_boat], Place.ADMITTED, Place.ADMITTED_DECIDED)
        granted = world.streams.uniform("grant", people.key[ids]) < self._grant_share()[people.potential.group[ids]]
        self._tell(About.GRANTED, ids, granted)
        world.recorder.record_all(Happened.GRANTED, ids[granted])
        world.recorder.record_all(Happened.REFUSED_ASYLUM, ids[~granted])

    def _grant_share(self) -> Floats:
        """Share of decisions that grant status, by group, under the rules in force; shape (groups,)."""
        rules, groups = self._world.rules.asylum, self._world.scenario.theatre.groups
        share = np.array([rules.grant_shares.get(group.name, group.grant_share) for group in groups])
        return np.minimum(share * rules.grant_ratio, 1.0)

    def _tell(self, about: About, ids: Ids, hits: npt.NDArray[np.bool_]) -> None:
        """Communities in the UK will hear how it went for these people."""
        news = self._world.news
        home = news.contacts.in_uk(self._world.people.potential.group[ids])
        trials = np.bincount(home, minlength=news.communities)
        news.tell(about, np.bincount(home[hits], minlength=news.communities), trials)

    def _look_for_work(self, new: Ids, due: Ids) -> None:
        """Those who came since yesterday: who will work while they wait, from when, and until an arrest or a decision.

        `new` are people and `due` the days of their decisions; shapes (people,).
        Visits lower the share who find work, and arrests spread over all who work without permission; both are heard.
        """
        rules, people, today = self._world.rules.asylum, self._world.people, self._world.clock.today
        uniform = self._world.streams.uniform
        prospect = prospect_of_work(rules.visits_per_quarter, rules.reference_visits_per_quarter, rules.work_elasticity)
        u = uniform("works", people.key[new])
        look, found = u < rules.work_share, u < rules.work_share * min(rules.finds_work_share * prospect, 1.0)
        self._tell(About.WORK, new[look], found[look])
        ids, decided = new[found], due[found]
        first = today + rules.work_after_days
        rate = max(arrest_rate(rules.visits_per_quarter, rules.arrests_per_visit, rules.irregular_workers), LEAST_RATE)
        arrested = first - np.log(uniform("arrested", people.key[ids])) / rate
        for person, last, caught in zip(ids.tolist(), decided.tolist(), arrested.tolist(), strict=True):
            if last > first:
                self._starts[int(first)].append(person)
                if caught < last:
                    self._arrests[int(caught)].append(person)
                else:
                    self._stops[last] += 1

    def _work(self, today: int) -> None:
        """Who begins to work today, who is arrested, and who has their decision."""
        starts, arrests = (np.array(days.pop(today, []), dtype=np.int64) for days in (self._starts, self._arrests))
        self.working += len(starts) - len(arrests) - self._stops.pop(today, 0)
        self._world.recorder.record_all(Happened.STARTED_WORK, starts)
        self._world.recorder.record_all(Happened.ARRESTED_AT_WORK, arrests)
        self._tell(About.WORK, arrests, np.zeros(len(arrests), dtype=bool))
