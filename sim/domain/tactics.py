"""What a gang knows of the places it could launch from, when it plans a night."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.domain.market import learn
from sim.domain.members import plain_members
from sim.domain.randomness import Floats


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a gang knows of the places it could launch from tonight; arrays of shape (places,).

    A place is a sector and a method of boarding.

    Args:
        profit: smoothed profit of one launch of its own from each place, GBP.
        transport: what moving one boatload there costs, GBP; infinite if it cannot be reached.
        distance_km: land and sea km from its camp over the place to the landing.
        rivals: launches of all gangs lately seen at each place (a faded count).
    """

    profit: Floats
    transport: Floats
    distance_km: Floats
    rivals: Floats


def best_evenly(scores: Floats) -> Floats:
    """Shares over places: all to the one with the highest score, evenly to those that tie; shape as given.

    >>> best_evenly(np.array([2.0, 5.0, 5.0])).tolist()
    [0.0, 0.5, 0.5]
    """
    best = scores == scores.max()
    return np.asarray(best / best.sum())


@plain_members
class Boarding(IntEnum):
    """How people get into the boat: on the beach, or picked up from the water by a taxi-boat."""

    BEACH = 0
    TAXI = 1


@plain_members
class Timing(IntEnum):
    """When a gang's boats of a night leave: with everybody else's on that coast, or each at its own hour."""

    TOGETHER = 0
    APART = 1


@plain_members
class Sea(IntEnum):
    """What a gang makes of the forecast: calm, or fair enough to go but perhaps better another night."""

    CALM = 0
    FAIR = 1


class Tactic(NamedTuple):
    """How one boat was launched, each as an index into what its gang has learned."""

    place: int
    load: int
    timing: int
    sea: int


LOADS = 3
"""Lightly loaded, full, crowded."""


def place_of(sector: int, boarding: Boarding) -> int:
    """Number of a place: sectors in order, the beach before the water in each."""
    return sector * len(Boarding) + boarding


def sector_and_boarding(place: int) -> tuple[int, Boarding]:
    """What a place stands for."""
    return place // len(Boarding), Boarding(place % len(Boarding))


def load_factor(load: int, crowding: float) -> float:
    """People per seat at which a boat of this load leaves: as far below full as `crowding` lies above it, 1, crowding.

    >>> [load_factor(load, 1.25) for load in range(LOADS)]
    [0.75, 1.0, 1.25]
    """
    return 1 + (load - 1) * (crowding - 1)


def squeeze(customers: int, seats: float, at_most: float) -> float:
    """How far above its usual load a gang fills boats that are too few for its customers; 1 if there are enough.

    >>> squeeze(150, 100, 1.3), squeeze(110, 100, 1.3), squeeze(80, 100, 1.3)
    (1.3, 1.1, 1.0)
    """
    return min(max(customers / seats, 1.0), at_most)


class Lessons:
    """What each gang has learned of each way of launching: smoothed profit of a launch, GBP.

    `place` has shape (gangs, places) and is before the cost of going there, which gangs know; `load` (gangs, 3),
    `timing` (gangs, 2) and `sea` (gangs, 2).
    """

    __slots__ = Tactic._fields

    def __init__(self, gangs: int, sectors: int, profit: float) -> None:
        self.place = np.full((gangs, sectors * len(Boarding)), profit)
        self.load = np.full((gangs, LOADS), profit)
        self.timing = np.full((gangs, len(Timing)), profit)
        self.sea = np.full((gangs, len(Sea)), profit)

    def forget(self, gang: int, profit: float) -> None:
        """A new firm under an old number: everything promises the same (GBP)."""
        for name in Tactic._fields:
            getattr(self, name)[gang] = profit

    def learn(self, gang: int, tactic: Tactic, profit: float, going_there: float, rate: float) -> None:
        """Each part of a tactic takes its lesson from what a launch brought and what going there had cost (GBP)."""
        for name, arm in zip(Tactic._fields, tactic, strict=True):
            estimates, outcome = getattr(self, name), profit + going_there * (name == "place")
            estimates[gang, arm] = learn(float(estimates[gang, arm]), outcome, rate)
