"""Event records of one run, in growing columns: a row a person and event, a row a boat, a row a day of stocks.

Everything that the tables say is counted from these afterwards; no process counts anything for a result.
"""

from array import array
from collections import defaultdict
from enum import IntEnum
from typing import NamedTuple, Protocol

import numpy as np

from sim.domain.members import plain_members
from sim.domain.population import Ids
from sim.domain.randomness import Floats


@plain_members
class Happened(IntEnum):
    """What can happen to a person. One row in the event record each time."""

    REACHED_COAST = 0
    JOINED_QUEUE = 1
    TRIED = 2
    PREVENTED = 3
    TURNED_BACK = 4
    ARRIVED = 5
    DIED = 6
    LEFT_QUEUE = 7
    TRIED_LORRY = 8
    ARRIVED_BY_LORRY = 9
    SETTLED = 10
    APPLIED = 11
    CHOSEN = 12
    FAILED_CHECKS = 13
    LAPSED = 14
    ADMITTED = 15
    REGISTERED = 16
    SELECTED = 17
    REFUSED_BY_FRANCE = 18
    CLAIM_RAISED = 19
    CLAIM_UPHELD = 20
    HUMAN_RIGHTS_UPHELD = 21
    MISSED_FLIGHT = 22
    VOIDED = 23
    RETURNED = 24
    TRIES_AGAIN = 25
    CLAIMED_IN_FRANCE = 26
    WENT_HOME = 27
    MOVED_ON = 28
    GRANTED = 29
    REFUSED_ASYLUM = 30
    STAYED_AWAY = 31
    REQUESTED = 32
    ACCEPTED_BY_FRANCE = 33
    READY = 34
    HUMAN_RIGHTS_RAISED = 35
    APPEALED = 36
    APPEAL_ALLOWED = 37
    AGE_DISPUTED = 38
    FOUND_MINOR = 39
    INJUNCTION_ASKED = 40
    INJUNCTION_STOPPED = 41
    BIOMETRICS_GIVEN = 42
    STARTED_WORK = 43
    ARRESTED_AT_WORK = 44
    REQUEST_TOO_LATE = 45
    REFUSED_FOR_IMBALANCE = 46
    BARRED = 47
    DIED_IN_LORRY = 48
    LEFT_FOR_HOME = 49
    BROUGHT_FORWARD = 50


@plain_members
class BoatEnd(IntEnum):
    """How a launch ended. Prevented is stopped on the beach, intercepted by a team on the water before boarding."""

    PREVENTED = 0
    TURNED_BACK = 1
    ARRIVED = 2
    INTERCEPTED = 3


STOPPED = (BoatEnd.PREVENTED, BoatEnd.INTERCEPTED)
"""Ends of a launch that count as prevented: nobody left."""


class BoatRow(NamedTuple):
    """One launch. `launched` and `ended` in days, distance in km, waves in m."""

    launched: float
    ended: float
    gang: int
    camp: int
    sector: int
    landing: int
    taxi: int
    people: int
    dead: int
    end: int
    wave_m: float
    distance_km: float


class FlightRow(NamedTuple):
    """One charter: `day` in days since the start; seats, people planned and flown; whether it was cancelled."""

    day: float
    seats: int
    planned: int
    flown: int
    cancelled: bool


class HasNow(Protocol):
    """Anything that knows the time of the run, in days."""

    @property
    def now(self) -> float:
        """Days since the start."""


class Recorder:
    """Append-only columns of one run."""

    __slots__ = (
        "_add_code", "_add_person", "_add_time", "_clock", "boats", "code", "flights", "person", "stocks", "time",
    )  # fmt: skip

    def __init__(self, clock: HasNow) -> None:
        self._clock = clock
        self.time, self.person, self.code = array("d"), array("i"), array("B")
        self._add_time, self._add_person, self._add_code = self.time.append, self.person.append, self.code.append
        self.boats: list[BoatRow] = []
        self.flights: list[FlightRow] = []
        self.stocks: defaultdict[str, list[Floats | float]] = defaultdict(list)

    def record(self, happened: Happened, person: int) -> None:
        """One person's event, now."""
        self._add_time(self._clock.now)
        self._add_person(person)
        self._add_code(happened)

    def record_few(self, happened: Happened, people: list[int]) -> None:
        """The same event for a handful of people, now; for so few quicker than `record_all`."""
        self.time.extend([self._clock.now] * len(people))
        self.person.extend(people)
        self.code.extend([happened] * len(people))

    def record_all(self, happened: Happened, people: Ids) -> None:
        """The same event for several people at once, now."""
        n = len(people)
        self.time.extend(array("d", [self._clock.now]) * n)
        self.person.frombytes(people.astype(np.int32).tobytes())
        self.code.frombytes(bytes([happened]) * n)

    def stock(self, name: str, value: Floats | float) -> None:
        """One day's stock (a number, or an array with one value for each gang, group or sector)."""
        self.stocks[name].append(value)
