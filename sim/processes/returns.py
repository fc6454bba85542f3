"""'One out': selection at arrival, a bed, the papers and the claims beside them, a seat, or the case is void.

Every stage is a queue with its clock; the weekly target is the committee's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.behaviours import find
from sim.domain.beliefs import About
from sim.domain.cases import CaseEnd, bar_days, is_confirmed
from sim.domain.exchange import PassedOver
from sim.domain.population import Place
from sim.domain.rules import Rules
from sim.processes.case import Case
from sim.processes.flights import Flights
from sim.processes.migrant import Outcome
from sim.processes.moments import Story
from sim.processes.papers import Papers
from sim.processes.pool import Pool
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World

ENDINGS = {
    CaseEnd.VOIDED: Happened.VOIDED,
    CaseEnd.REFUSED_BY_FRANCE: Happened.REFUSED_BY_FRANCE,
    CaseEnd.CLAIM_UPHELD: Happened.CLAIM_UPHELD,
    CaseEnd.HUMAN_RIGHTS_UPHELD: Happened.HUMAN_RIGHTS_UPHELD,
    CaseEnd.APPEAL_ALLOWED: Happened.APPEAL_ALLOWED,
    CaseEnd.INJUNCTION_STOPPED: Happened.INJUNCTION_STOPPED,
    CaseEnd.FOUND_MINOR: Happened.FOUND_MINOR,
    CaseEnd.REQUEST_TOO_LATE: Happened.REQUEST_TOO_LATE,
    CaseEnd.REFUSED_FOR_IMBALANCE: Happened.REFUSED_FOR_IMBALANCE,
}


class Returns:
    """The returns side of the exchange: who is selected, the beds, and each case on its way."""

    __slots__ = ("_world", "barred", "beds", "cases_at_papers", "flights", "papers", "passed_over")

    def __init__(self, world: World) -> None:
        self._world = world
        self.beds = Pool(world.env, world.rules.exchange.beds)
        self.papers, self.flights = Papers(world), Flights(world)
        self.passed_over = [0] * len(PassedOver)
        self.cases_at_papers = self.barred = 0

    def allow(self, rules: Rules) -> None:
        """Beds and staff from now on."""
        self.beds.resize(rules.exchange.beds)
        self.papers.desk.resize(rules.exchange.caseworkers)

    def selects(self, person: int) -> bool:
        """Whether a person just registered is chosen: in scope, in time, by lot, if parity, target and beds allow.

        Whoever is has a bed at once, and one case of the week's target less is left for others.
        """
        rules, people = self._world.rules.exchange, self._world.people
        if people.uk_day[person] < rules.opened_day or not people.attributes.in_scope[person]:
            return False
        obstacle = self._obstacle(person)
        if obstacle is not None:
            self.passed_over[obstacle] += 1
            return False
        people.move(person, Place.CENTRE, Place.CASE)
        self.beds.take()
        self._world.recorder.record(Happened.SELECTED, person)
        self._world.committee.record_selection()
        return True

    def _obstacle(self, person: int) -> PassedOver | None:
        """Why someone whom the agreement covers is not selected; None if they are."""
        world, rules, people = self._world, self._world.rules.exchange, self._world.people
        if people.returns[person]:
            share = world.rules.after_return.recognised_selection_share
        else:
            group = world.scenario.theatre.groups[people.potential.group[person]].name
            share = find("selection", rules.selection)(rules, group)
        if world.streams.one("selected", int(people.key[person]), int(people.returns[person])) >= share:
            return PassedOver.LOT
        if world.ledger.returns_paused:
            return PassedOver.PARITY
        if not world.committee.may_begin_cases:
            return PassedOver.TARGET
        return PassedOver.BEDS if not self.beds.free else None

    def case(self, person: int) -> Story:
        """One return case, from selection to its end; its value is the `Outcome` RETURNED or STAYS."""
        world = self._world
        case = Case.of(world, person)
        ended = yield from self._in_detention(case, self.papers.complete)
        if ended is CaseEnd.CLAIM_UPHELD:
            world.recorder.record(Happened.BARRED, person)
            ended = yield from self._rests(case)
        self.papers.drop(case)
        if ended is CaseEnd.RETURNED:
            self._hand_over(person)
            return Outcome.RETURNED
        world.recorder.record(ENDINGS[ended], person)
        return Outcome.STAYS

    def _in_detention(self, case: Case, papers: Callable[[Case], Story]) -> Story:
        """In a bed (taken already) until a flight, or until the case ends; the value is a `CaseEnd`."""
        case.detained = True
        self.cases_at_papers += 1
        ended = yield from papers(case)
        self.cases_at_papers -= 1
        if ended is None:
            self._world.recorder.record(Happened.READY, case.person)
            ended = yield from self.flights.seat(case)
        case.detained = False
        self.beds.give_back()
        return ended

    def _rests(self, case: Case) -> Story:
        """Removal is barred until the claim's final decision, out of detention; the case may go on if that is negative.

        The value is how it ends: by the claim if that is confirmed or outlasts the case.
        """
        world, rules = self._world, self._world.rules.claims
        self.barred += 1
        decided = yield from case.waits(bar_days(rules, case.luck))
        if not decided or is_confirmed(rules, case.luck):
            self.barred -= 1
            return CaseEnd.CLAIM_UPHELD
        while not self.beds.free and not case.is_void:
            yield world.clock.midnight.next
        self.barred -= 1
        if case.is_void:
            return CaseEnd.VOIDED
        yield self.beds.take()
        return (yield from self._in_detention(case, self.papers.resume))

    def _hand_over(self, person: int) -> None:
        """The person lands in France: a slot of the exchange opens, and their community will hear of it."""
        world, people = self._world, self._world.people
        people.move(person, Place.CASE, Place.RECEPTION)
        people.returns[person] += 1
        world.ledger.record_return()
        world.committee.record_return()
        world.recorder.record(Happened.RETURNED, person)
        publicity = world.rules.beliefs.return_publicity
        world.news.tell_one(About.RETURNED, int(people.community[person]), publicity, 0.0)
