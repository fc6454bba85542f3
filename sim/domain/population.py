"""The people of a run as columns: everyone who might come, in every scenario of a replication the same.

Attributes are drawn at birth, keyed by the person. `place` says where each person is, and moving someone from a place
where they are not raises `ConservationError`: a person is always in exactly one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Self

import numpy as np
import numpy.typing as npt

from sim.domain.members import plain_members
from sim.domain.randomness import Floats, Keys, Streams, in_blocks
from sim.domain.rules import DocumentsRule, LegalRoute, Migrants
from sim.domain.theatre import Theatre

Ids = npt.NDArray[np.int64]
GROUP_SHIFT = np.uint64(40)
MICRO = 1e6
NOBODY = 1e-12


class ConservationError(Exception):
    """Something is in two places at once, or in none."""


@plain_members
class Place(IntEnum):
    """Where a person is. Everyone is in exactly one of these at any moment."""

    NOT_YET = 0
    STAYED_AWAY = 1
    TRAVELLING = 2
    CAMP = 3
    CUSTOMER = 4
    ABOARD = 5
    LORRY = 6
    CENTRE = 7
    CASE = 8
    RECEPTION = 9
    APPLICANT = 10
    ADMISSION = 11
    ASYLUM = 12
    DECIDED = 13
    UK_UNSEEN = 14
    ADMITTED = 15
    SETTLED = 16
    FRANCE_ASYLUM = 17
    HOME = 18
    DEAD = 19
    ADMITTED_DECIDED = 20


FOR_GOOD = (
    Place.STAYED_AWAY, Place.ASYLUM, Place.DECIDED, Place.UK_UNSEEN, Place.ADMITTED, Place.SETTLED,
    Place.FRANCE_ASYLUM, Place.HOME, Place.DEAD, Place.ADMITTED_DECIDED,
)  # fmt: skip
"""Places from which nobody comes back to the coast."""
MAY_COME_BACK = np.isin(np.arange(len(Place)), FOR_GOOD, invert=True)


@plain_members
class Age(IntEnum):
    """Age class at arrival: only the first two are within the exchange's scope."""

    ADULT = 0
    ACCOMPANIED_MINOR = 1
    UNACCOMPANIED_MINOR = 2


@dataclass(frozen=True, slots=True)
class Potential:
    """Who might come and when: one entry a person, from the inflow of each group."""

    key: Keys
    group: npt.NDArray[np.int8]
    set_out_day: Floats
    applicant: npt.NDArray[np.bool_]

    def with_one_more(self, group: int, set_out_day: float) -> Self:
        """The same people and one more, appended; nobody else's key changes."""
        key = np.uint64(0xFFFF) << GROUP_SHIFT | np.uint64(len(self.key))
        return type(self)(
            np.append(self.key, key),
            np.append(self.group, np.int8(group)),
            np.append(self.set_out_day, set_out_day),
            np.append(self.applicant, False),
        )


@dataclass(slots=True)
class Attributes:
    """What a person is born with. Every array has shape (people,).

    `papers_rank` orders a group by its papers: those below 1 hold a passport or an identity card (see `has_papers`).
    `benefit_gbp` is what being in the UK is worth but for the prospects of status and of work, which people learn.
    """

    age: npt.NDArray[np.int8]
    links: npt.NDArray[np.bool_]
    papers_rank: npt.NDArray[np.float32]
    benefit_gbp: npt.NDArray[np.float32]
    budget_gbp: npt.NDArray[np.float32]
    patience_days: npt.NDArray[np.float32]
    nerve_gbp: npt.NDArray[np.float32]
    risk_weight: npt.NDArray[np.float32]
    hearsay: npt.NDArray[np.float32]
    in_scope: npt.NDArray[np.bool_]
    gbp_per_day: npt.NDArray[np.float32]


def draw_attributes(potential: Potential, theatre: Theatre, tastes: Migrants, streams: Streams) -> Attributes:
    """Draw everyone's attributes, each keyed by the person alone.

    Spreads are standard deviations of the logarithm: a spread of zero makes all people alike.
    """
    key, group = potential.key, potential.group

    def by_group(name: str) -> Floats:
        return np.array([getattr(g, name) for g in theatre.groups])[group]

    def lognormal(purpose: str, median: float, spread: float) -> npt.NDArray[np.float32]:
        normal = in_blocks(lambda keys: streams.normal(purpose, keys), key)
        return np.asarray(median * np.exp(spread * normal), dtype=np.float32)

    u = streams.uniform("age", key)
    minors = theatre.ages
    alone = u < minors.unaccompanied_minor_share
    with_family = ~alone & (u < minors.unaccompanied_minor_share + minors.accompanied_minor_share)
    age = np.select([alone, with_family], [Age.UNACCOMPANIED_MINOR, Age.ACCOMPANIED_MINOR], Age.ADULT).astype(np.int8)
    links = streams.uniform("links", key) < by_group("uk_links_share")
    with_papers = np.where(potential.applicant, 1.0, np.maximum(by_group("documents_share"), NOBODY))
    return Attributes(
        age=age,
        links=links,
        papers_rank=(streams.uniform("documents", key) / with_papers).astype(np.float32),
        benefit_gbp=lognormal("benefit", tastes.benefit_gbp, tastes.benefit_spread)
        * (1 + tastes.link_benefit * links).astype(np.float32),
        budget_gbp=lognormal("budget", tastes.budget_gbp, tastes.budget_spread),
        patience_days=lognormal("patience", tastes.patience_days, tastes.patience_spread),
        nerve_gbp=lognormal("nerve", tastes.nerve_gbp, tastes.nerve_spread),
        risk_weight=lognormal("risk", 1.0, tastes.risk_spread),
        hearsay=lognormal("hearsay", 1.0, tastes.hearsay_spread),
        in_scope=in_scope(age),
        gbp_per_day=lognormal("time", tastes.time_gbp_per_day, tastes.time_spread),
    )


class People:
    """The columns that change during a run, beside the attributes that do not.

    `registration_hours` and `decision_days` are drawn beforehand, like everything that a person alone decides.

    `place` is a bytearray with a NumPy view on the same memory: scalar reads from processes are fast, and so are
    vector reads at dawn. `at` looks only at people who are about: who have come (`comes`) and are not gone for good. A
    run of years would otherwise look at a million people every dawn.
    """

    __slots__ = (
        "_about", "_new", "attempts", "attributes", "camp", "community", "count", "decision_days", "decisions",
        "failures", "fare_gbp", "gang", "key", "lapsed", "last_sector", "place", "place_view", "potential", "reach_day",
        "registration_hours", "returns", "review_day", "seen_deaths", "trying", "uk_day",
    )  # fmt: skip

    def __init__(
        self, potential: Potential, attributes: Attributes, camp: npt.NDArray[np.int8], reach_day: Floats
    ) -> None:
        n = len(potential.key)
        self.potential, self.attributes, self.camp, self.reach_day = potential, attributes, camp, reach_day
        self.key = potential.key
        self.place = bytearray(n)
        self.place_view = np.frombuffer(self.place, dtype=np.uint8)
        self.count = [n] + [0] * (len(Place) - 1)
        self._about: Ids = np.empty(0, dtype=np.int64)
        self._new: list[Ids] = []
        self.review_day = np.full(n, np.inf, dtype=np.float32)
        self.registration_hours = np.zeros(n, dtype=np.float32)
        self.decision_days = np.zeros(n, dtype=np.float32)
        self.attempts = np.zeros(n, dtype=np.uint8)
        self.failures = np.zeros(n, dtype=np.uint8)
        self.trying = np.zeros(n, dtype=bool)
        self.decisions = np.zeros(n, dtype=np.uint16)
        self.returns = np.zeros(n, dtype=np.uint8)
        self.seen_deaths = np.zeros(n, dtype=np.uint8)
        self.lapsed = np.zeros(n, dtype=np.uint8)
        self.community = np.zeros(n, dtype=np.int64)
        self.gang = np.full(n, -1, dtype=np.int16)
        self.last_sector = np.full(n, -1, dtype=np.int8)
        self.fare_gbp = np.zeros(n)
        self.uk_day = np.full(n, np.nan, dtype=np.float32)

    def __len__(self) -> int:
        return len(self.place)

    def move(self, person: int, start: int, end: int) -> None:
        """Move one person; raises ConservationError if they are not where they should be."""
        if self.place[person] != start:
            raise ConservationError(
                f"person {person} should be in {Place(start).name} but is in {Place(self.place[person]).name}"
            )
        self.place[person] = end
        self.count[start] -= 1
        self.count[end] += 1

    def move_few(self, people: list[int], start: int, end: int) -> None:
        """`move` for a handful of people; for so few quicker than `move_all`."""
        place, begin, to = self.place, int(start), int(end)
        for person in people:
            if place[person] != begin:
                self.move(person, start, end)
            place[person] = to
        self.count[start] -= len(people)
        self.count[end] += len(people)

    def move_all(self, ids: Ids, start: int, end: int) -> None:
        """Move several people at once; raises ConservationError if any of them is elsewhere."""
        if self.place_view[ids].tobytes().count(start) != len(ids):
            self.move(int(ids[self.place_view[ids] != start][0]), start, end)
        self.place_view[ids] = end
        self.count[start] -= len(ids)
        self.count[end] += len(ids)

    def comes(self, ids: Ids) -> None:
        """These people have not been about before and are from now on."""
        self._new.append(ids)

    def at(self, *places: int) -> Ids:
        """Ids of the people in any of these places, in order; none of the places that people are in for good.

        Raises ConservationError if they are not as many as are counted there.
        """
        if self._new:
            may_return = self._about[MAY_COME_BACK[self.place_view[self._about]]]
            self._about = np.sort(np.concatenate([may_return, *self._new]), kind="stable")  # nearly sorted: quick
            self._new.clear()
        where = self.place_view[self._about]
        here = where == places[0]
        for place in places[1:]:
            here |= where == place
        found: Ids = self._about[here]
        if len(found) != sum([self.count[place] for place in places]):
            raise ConservationError(
                f"{len(found)} people are found in {[Place(p).name for p in places]}, not as many as counted"
            )
        return found

    def in_place(self, place: int) -> int:
        """How many people are in a place, counted afresh."""
        return int(np.count_nonzero(self.place_view == int(place)))


def in_scope(age: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Who may be returned under the agreement: adults and accompanied minors only (S06); shape (people,)."""
    return np.asarray(age != Age.UNACCOMPANIED_MINOR)


def has_papers(rules: LegalRoute, rank: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Who has the papers that the legal route asks for; `rank` is `papers_rank`, shape (people,)."""
    most = {DocumentsRule.NONE: np.inf, DocumentsRule.PASSPORT_ONLY: rules.passport_share}
    return np.asarray(rank < most.get(rules.documents_rule, 1.0))


def join_potential(parts: Sequence[Potential]) -> Potential:
    """Several groups' people together, in order of the day they would set out."""
    columns = [np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Potential)]
    order = np.argsort(columns[2], kind="stable")
    return Potential(*(column[order] for column in columns))


def person_keys(group: int, count: int) -> Keys:
    """Keys of the first `count` people of a group; independent of the horizon and of every other group."""
    return (np.uint64(group) << GROUP_SHIFT) | np.arange(count, dtype=np.uint64)
