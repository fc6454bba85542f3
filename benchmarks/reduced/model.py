"""The reduced reference model: its numbers, what one run is given, and what a run must tell. See ../README.md.

Every tool gets the same people (the days on which they reach the coast, what the UK is worth to them, their nerve and
patience), the same calm nights and the same fate of each boat. What a tool draws by its own means is the noise of
decisions, how long people rest, registration and the time to a decision on asylum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from math import ceil, log, log2
from zlib import crc32

DAYS = 365
DAWN, NOON = 0.25, 0.5
"""Times of day, as shares of a day."""
CALM_NIGHTS = tuple(crc32(b"night %d" % night) % 100 < 55 for night in range(DAYS))
"""Whether boats can leave in each night of the year: a fixed list, 55 % of nights."""
PEOPLE_PER_BOAT, PEOPLE_PER_DESK = 5_000, 1_250
"""People a year for each boat of a night, and for each registration desk."""


class Act(IntEnum):
    """What a person at the coast can do at a decision point."""

    BOAT = 0
    WAIT = 1
    SETTLE = 2


@dataclass(frozen=True, slots=True)
class Reduced:
    """The model's numbers. `people` is how many might come in a year on average; boats and desks go with it.

    Tastes, rests and the numbers of boats and desks' work are those of `configs/base.yaml`.
    """

    people: int
    seats: int = 43
    fill_at_least: float = 0.65
    stopped_share: float = 0.42
    stopped_prior: float = 0.45
    voices: float = 10.0
    price_gbp: float = 3_000.0
    benefit_gbp: float = 15_000.0
    benefit_spread: float = 0.5
    effort_gbp: float = 300.0
    nerve_gbp: float = 500.0
    nerve_spread: float = 2.0
    taste_gbp: float = 1_500.0
    wait_gbp_per_day: float = 500.0
    review_days: float = 5.0
    patience_days: float = 20.0
    patience_spread: float = 0.5
    rest_days: float = 3.0
    launch_day: float = 3 / 24
    crossing_days: float = 6 / 24
    registration_days: float = 1 / 24
    registration_shape: int = 4
    decision_days: float = 400.0
    decision_shape: int = 2

    @property
    def boats(self) -> int:
        """Boats that can leave in one night."""
        return max(self.people // PEOPLE_PER_BOAT, 1)

    @property
    def desks(self) -> int:
        """Registration desks."""
        return max(self.people // PEOPLE_PER_DESK, 1)

    @property
    def least_aboard(self) -> int:
        """People with whom a boat leaves at the least."""
        return ceil(self.fill_at_least * self.seats)


@dataclass(frozen=True, slots=True)
class Given:
    """What one run is given: the model, the seed of the tool's own draws, and what happens to all tools alike.

    `reach_days` are in order, and the next three lists tell of the same people; `stopped` says of each boat of the
    year, in the order of planning, whether it is stopped.
    """

    model: Reduced
    seed: int
    reach_days: list[float]
    benefit_gbp: list[float]
    nerve_gbp: list[float]
    patience_days: list[float]
    stopped: list[bool]
    calm: tuple[bool, ...] = CALM_NIGHTS


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a run tells, over the year. `attempts` counts people and tries; `days_to_land` is a mean over arrivals."""

    choices: int
    attempts: int
    arrivals: int
    prevented_share: float
    settled: int
    waiting: int
    days_to_land: float
    decisions: int


def outcomes_of(
    given: Given, *, choices: int, attempts: int, arrivals: int, settled: int, days_to_land: float, decisions: int
) -> Outcomes:
    """Outcomes from the counts of a run; `days_to_land` is the sum over arrivals. Who is nowhere else is waiting."""
    return Outcomes(
        choices=choices,
        attempts=attempts,
        arrivals=arrivals,
        prevented_share=1 - arrivals / attempts,
        settled=settled,
        waiting=len(given.reach_days) - arrivals - settled,
        days_to_land=days_to_land / arrivals,
        decisions=decisions,
    )


def weigh(model: Reduced, draw: Callable[[], float], benefit_gbp: float, nerve_gbp: float, failures: int) -> Act:
    """One person's choice: the best of three values (GBP) with Gumbel noise; `draw` gives uniforms.

    For the tools in which people decide one by one. The chance of being stopped is believed as the community tells it,
    with `voices` reports, and as the person's own tries have gone, all of which have failed so far.
    """
    stopped = (model.stopped_prior * model.voices + failures) / (model.voices + failures)
    boat = (1 - stopped) * (benefit_gbp - model.price_gbp) - model.effort_gbp - nerve_gbp * log2(1 + failures)
    wait = (boat if boat > 0 else 0.0) - model.wait_gbp_per_day * model.review_days
    taste = model.taste_gbp
    boat -= taste * log(-log(draw()))
    wait -= taste * log(-log(draw()))
    settle = -taste * log(-log(draw()))
    if boat >= wait:
        return Act.BOAT if boat >= settle else Act.SETTLE
    return Act.WAIT if wait >= settle else Act.SETTLE


def first_dawn(reached: float) -> float:
    """The dawn at which someone who reached the coast then decides first: after the next midnight."""
    return int(reached) + 1 + DAWN


def next_dawn(due: float) -> float:
    """The first dawn at or after a moment."""
    return ceil(due - DAWN) + DAWN


def next_midnight(due: float) -> float:
    """The midnight at which a decision that is due then is handed out."""
    return int(due) + 1.0
