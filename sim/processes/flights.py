"""Charters to France: people whose papers are done wait for a seat; some flights are cancelled, some seats empty."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import simpy

from sim.domain.cases import CaseEnd
from sim.domain.exchange import DAYS_PER_WEEK, flights_due
from sim.processes.case import Case
from sim.processes.moments import Story
from sim.records.recorder import FlightRow, Happened

if TYPE_CHECKING:
    from sim.processes.world import World


class Call(Enum):
    """What someone who waits for a seat is told."""

    FLOWN = "flown"
    IN_COURT = "in court"
    VOID = "void"


class Flights:
    """The queue for seats, the flights, and the injunctions that a planned seat provokes."""

    __slots__ = ("_queue", "_world", "in_court")

    def __init__(self, world: World) -> None:
        self._world = world
        self._queue: dict[Case, simpy.Event] = {}
        self.in_court = 0

    @property
    def waiting(self) -> int:
        """People whose papers are done and who wait for a flight."""
        return len(self._queue)

    def seat(self, case: Case) -> Story:
        """Wait for a seat and, if a court is asked for an injunction, for its word; the value is a `CaseEnd`."""
        while True:
            event = self._queue[case] = simpy.Event(self._world.env)
            call = yield event
            if call is Call.FLOWN:
                return CaseEnd.RETURNED
            if call is Call.VOID:
                return CaseEnd.VOIDED
            ended = yield from self._injunction(case)
            if ended is not None:
                return ended

    def _injunction(self, case: Case) -> Story:
        """A court looks at the removal. The value is how it ends the case, or None: back to the queue."""
        rules = self._world.rules.claims
        days = case.luck.days("case/injunction/days", rules.injunction_days, rules.days_spread)
        self.in_court += 1
        in_time = yield from case.waits(days)
        self.in_court -= 1
        if not in_time:
            return CaseEnd.VOIDED
        stopped = case.luck.uniform("case/injunction/outcome") < rules.injunction_stop_share
        return CaseEnd.INJUNCTION_STOPPED if stopped else None

    def departures(self) -> Story:
        """Charters at noon, a few a week, while parity allows returns and enough people wait. A process."""
        world = self._world
        while True:
            yield world.clock.noon.next
            rules, today = world.rules.exchange, world.clock.today
            if not world.committee.open or world.ledger.returns_paused:
                continue
            for number in range(flights_due(int(today - rules.opened_day), rules.flights_per_week)):
                ready = [case for case in self._queue if not case.is_void]
                if ready and self._is_worth_a_flight(ready):
                    self._depart(ready[: rules.seats_per_flight], number)

    def _is_worth_a_flight(self, ready: list[Case]) -> bool:
        """A charter waits for enough people, but not until a case becomes void."""
        rules = self._world.rules.exchange
        enough = len(ready) >= rules.flight_filled_at_least * rules.seats_per_flight
        return enough or min(case.days_left for case in ready) <= DAYS_PER_WEEK

    def _depart(self, planned: list[Case], number: int) -> None:
        """One charter: cancelled, or those planned for it fly, miss it, or go to court."""
        world, rules, today = self._world, self._world.rules.exchange, self._world.clock.today
        cancelled = world.streams.one("flight", today, number) < rules.flight_cancelled_share
        flown = 0 if cancelled else sum([self._boards(case, f"seat/{number}") for case in planned])
        world.recorder.flights.append(FlightRow(world.env.now, rules.seats_per_flight, len(planned), flown, cancelled))

    def _boards(self, case: Case, flight: str) -> bool:
        """Whether a person takes the seat planned for them; who misses it goes to the end of the queue."""
        world, event = self._world, self._queue.pop(case)
        if not case.been_to_court and case.luck.uniform("case/injunction") < world.rules.claims.injunction_share:
            case.been_to_court = True
            world.recorder.record(Happened.INJUNCTION_ASKED, case.person)
            event.succeed(Call.IN_COURT)
            return False
        missed = world.streams.one(flight, case.luck.key, world.clock.today)
        if missed < world.rules.exchange.seat_attrition_share:
            self._queue[case] = event
            world.recorder.record(Happened.MISSED_FLIGHT, case.person)
            return False
        event.succeed(Call.FLOWN)
        return True

    def voidings(self) -> Story:
        """Each midnight end the cases whose three months are over, or all once the exchange has closed. A process."""
        world = self._world
        while True:
            yield world.clock.midnight.next
            for case in [case for case in self._queue if case.is_void]:
                self._queue.pop(case).succeed(Call.VOID)
