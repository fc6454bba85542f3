"""Displacement, person by person: what becomes of the arrivals by boat that a policy takes away or brings.

The potential people of a replication are the same in the run and in its baseline, so each person's two lives are laid
side by side. The difference of arrivals in the measured window splits exactly, person by person, into

- people who arrived in one world only, by what became of them in the other (`Fate`), and
- repeat arrivals: every further arrival of the same person.

People who arrived in both may besides have moved along the coast or in time; that changes no count of arrivals.
"""

from collections.abc import Sequence
from enum import IntEnum
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.metrics.run import RunTables
from sim.records.tidy import Columns

Rows = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
LATER_BY_DAYS = 14.0
NOWHERE = -1
SPLIT = "split"
"""Under this name a run keeps its split against the last baseline."""


class Fate(IntEnum):
    """What became of someone by the end of the window, in a world in which they did not arrive by boat within it."""

    STAYED_AWAY = 0
    GAVE_UP = 1
    OTHER_MODE = 2
    LEGAL_ROUTE = 3
    LATER = 4
    EARLIER = 5
    RETURNED_STAYS = 6
    DIED = 7
    SET_OUT_OTHERWISE = 8


class Kind(NamedTuple):
    """One class of the split: how people moved, and whether it counts in the difference of arrivals."""

    dimension: str
    words: str
    of_arrivals: bool = True


REPEATS, MOVED, SHIFTED = "repeat_arrivals", "moved_along_coast", "moved_in_time"
KINDS = {
    "stayed_away": Kind("deterred", "never set out"),
    "gave_up": Kind("deterred", "gave up at the coast"),
    "other_mode": Kind("mode", "came by lorry or ferry"),
    "legal_route": Kind("mode", "chose the legal route"),
    "later": Kind("time", "still on the way at the end"),
    "earlier": Kind("time", "had come before the window"),
    "returned_stays": Kind("returned", "was returned and came no more"),
    "died": Kind("died", "died on the way"),
    "set_out_otherwise": Kind("set out", "had not set out"),
    REPEATS: Kind("repeat", "came again after a return"),
    MOVED: Kind("space", "came in both worlds, from another sector", of_arrivals=False),
    SHIFTED: Kind("time", "came in both worlds, over two weeks later", of_arrivals=False),
}
"""Every class of the split; those of `Fate` come first, in its order."""

FATES = {
    "stayed_away": Fate.STAYED_AWAY, "settled_elsewhere": Fate.GAVE_UP, "went_home": Fate.GAVE_UP,
    "france_asylum": Fate.GAVE_UP, "in_lorry": Fate.OTHER_MODE, "applicant": Fate.LEGAL_ROUTE,
    "admitted": Fate.LEGAL_ROUTE, "on_the_way": Fate.LATER, "at_coast": Fate.LATER, "in_uk": Fate.EARLIER,
    "return_case": Fate.EARLIER, "returned": Fate.RETURNED_STAYS, "died": Fate.DIED,
}  # fmt: skip
"""Fate by the outcome of `people`, for someone who never took a lorry and was never returned."""


class Shift(NamedTuple):
    """One row of the split. `lost` and `gained` are people; `gained` went the other way.

    Of the arrivals that the baseline has, `lost` are missing in the run because of this kind; `gained` are those that
    only the run has. For people who moved, `lost` went from `from_sector` to `to_sector` (or later), `gained` back.
    """

    kind: str
    lost: int
    gained: int
    from_sector: str = ""
    to_sector: str = ""

    @property
    def people(self) -> int:
        """Net: positive where the policy sends people this way."""
        return self.lost - self.gained


class Life(NamedTuple):
    """What each person did; arrays of shape (people,). Arrivals are by boat and within the measured window."""

    arrivals: Counts
    first_day: npt.NDArray[np.float64]
    sector: Counts
    fate: Counts


def split(run: RunTables, baseline: RunTables) -> list[Shift]:
    """Every class of KINDS, also those in which nobody is; one row a pair of sectors for those who moved.

    The classes that count (`of_arrivals`) add up to the baseline's arrivals less the run's. The split is kept with the
    run, for several metrics of one pair need it.
    """
    against, shifts = run.kept.get(SPLIT, (None, ()))
    if against is not baseline:
        shifts = tuple(_split(run, baseline))
        run.kept[SPLIT] = baseline, shifts
    return list(shifts)


def _split(run: RunTables, baseline: RunTables) -> list[Shift]:
    sectors = _sectors(run, baseline)
    life, base = side_by_side(run, baseline, sectors)
    return [*_fates(life, base), _repeats(life, base), *_moves(life, base, sectors), _delays(life, base)]


def net(run: RunTables, baseline: RunTables) -> dict[str, float]:
    """Net people of each class, all pairs of sectors together; positive where the policy sends people this way."""
    people = dict.fromkeys(KINDS, 0.0)
    for shift in split(run, baseline):
        people[shift.kind] += shift.people
    return people


def side_by_side(run: RunTables, baseline: RunTables, sectors: Sequence[str]) -> tuple[Life, Life]:
    """The same people's lives in both runs: everyone who is in the table of people of either."""
    tables = run.tables["people"], baseline.tables["people"]
    everyone = np.union1d(*(table["person"] for table in tables))
    life, base = (_life(table, everyone, sectors) for table in tables)
    return life, base


def _sectors(run: RunTables, baseline: RunTables) -> list[str]:
    """The sectors of both theatres in the order of the longer coast; "" (never launched) is none."""
    coasts = [tables.column("people", "sector").names.tolist() for tables in (run, baseline)]
    return [name for name in dict.fromkeys(chain(*sorted(coasts, key=len, reverse=True))) if name]


def _life(people: Columns, keys: npt.NDArray[np.int64], sectors: Sequence[str]) -> Life:
    """Lives of the people with these keys (sorted) from a table of people; those not in it had not set out."""
    everyone, rows = len(keys), np.searchsorted(keys, people["person"])
    place = np.array([sectors.index(name) if name else NOWHERE for name in people["sector"].names.tolist()])
    life = Life(
        np.zeros(everyone, dtype=np.int64),
        np.full(everyone, np.nan),
        np.full(everyone, NOWHERE, dtype=np.int64),
        np.full(everyone, Fate.SET_OUT_OTHERWISE, dtype=np.int64),
    )
    life.arrivals[rows] = people["boat_arrivals"]
    life.first_day[rows] = people["first_arrival_day"]
    life.sector[rows] = place[people["sector"].codes]
    life.fate[rows] = _fate(people)
    return life


def _fate(people: Columns) -> Counts:
    """The `Fate` of everyone in a table of people; it means something only for those who did not arrive."""
    outcome = people["outcome"]
    fate: Counts = np.array([FATES[label] for label in outcome.names.tolist()], dtype=np.int64)[outcome.codes]
    fate[(fate == Fate.EARLIER) & people["mode"].where("lorry")] = Fate.OTHER_MODE
    fate[(fate == Fate.GAVE_UP) & (people["times_returned"] > 0)] = Fate.RETURNED_STAYS
    return fate


def _fates(life: Life, base: Life) -> list[Shift]:
    """People who arrived in one world only, by their fate in the other."""
    came, came_before = life.arrivals > 0, base.arrivals > 0
    lost = np.bincount(life.fate[came_before & ~came], minlength=len(Fate))
    gained = np.bincount(base.fate[came & ~came_before], minlength=len(Fate))
    return [Shift(fate.name.lower(), int(lost[fate]), int(gained[fate])) for fate in Fate]


def _repeats(life: Life, base: Life) -> Shift:
    """Arrivals beyond each person's first."""
    more = np.maximum(life.arrivals - 1, 0) - np.maximum(base.arrivals - 1, 0)
    return Shift(REPEATS, int(-more[more < 0].sum()), int(more[more > 0].sum()))


def _moves(life: Life, base: Life, sectors: Sequence[str]) -> list[Shift]:
    """People who arrived in both worlds, by the sectors of their last launch, for each pair in the order of the coast.

    Who moved down the coast is `lost`, who moved up is `gained`.
    """
    both = (life.arrivals > 0) & (base.arrivals > 0)
    n = len(sectors)
    moved = np.bincount(base.sector[both] * n + life.sector[both], minlength=n * n).reshape(n, n)
    pairs = [(a, b) for a in range(n) for b in range(a + 1, n)]
    return [Shift(MOVED, int(moved[a, b]), int(moved[b, a]), sectors[a], sectors[b]) for a, b in pairs]


def _delays(life: Life, base: Life) -> Shift:
    """People who arrived in both worlds, but more than two weeks later (or, gained, earlier) for the first time."""
    both = (life.arrivals > 0) & (base.arrivals > 0)
    delay = (life.first_day - base.first_day)[both]
    return Shift(SHIFTED, int((delay > LATER_BY_DAYS).sum()), int((delay < -LATER_BY_DAYS).sum()))
