"""Displacement on tables made by hand: every class in a world where it is the one that happens, and what adds up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.population import Place
from sim.metrics import RunTables
from sim.metrics.displacement import FATES, KINDS, Fate, split
from sim.records.people_tables import OUTCOMES
from sim.records.tidy import Coded

SECTORS = ["north", "middle", "south", ""]
LABELS = sorted(set(OUTCOMES.values()))
MODES = ["", "boat", "lorry"]


def person(
    key: int, outcome: str, arrivals: int = 0, day: float | None = None, sector: str = "", mode: str = "",
    returned: int = 0,
) -> tuple:  # fmt: skip
    """One row of the people table; arrivals and their first day are those of the window."""
    return (key, outcome, arrivals, np.nan if day is None else day, sector, mode, returned)


def came(key: int, day: float = 10.0, sector: str = "north", arrivals: int = 1) -> tuple:
    return person(key, "in_uk", arrivals, day, sector, "boat", returned=arrivals - 1)


def tables(rows: list[tuple], sectors: list[str] = SECTORS) -> RunTables:
    columns = list(zip(*rows, strict=True)) or [()] * 7
    key, outcome, arrivals, day, sector, mode, returned = columns

    def coded(values: tuple, names: list[str]) -> Coded:
        return Coded(np.array([names.index(v) for v in values], dtype=int), np.array(names))

    people = {
        "person": np.array(key, dtype=np.int64), "outcome": coded(outcome, LABELS),
        "boat_arrivals": np.array(arrivals, dtype=np.int8), "first_arrival_day": np.array(day, dtype=np.float32),
        "sector": coded(sector, sectors), "mode": coded(mode, MODES), "times_returned": np.array(returned, np.uint8),
    }  # fmt: skip
    return RunTables({"people": people}, 0, 100)


def shifts(mine: list[tuple], theirs: list[tuple]) -> dict[str, tuple[int, int]]:
    """Lost and gained of every class that anyone is in; those who moved along the coast by their two sectors."""
    found = split(tables(mine), tables(theirs))
    named = {s.kind if not s.from_sector else f"{s.from_sector}-{s.to_sector}": (s.lost, s.gained) for s in found}
    return {kind: people for kind, people in named.items() if people != (0, 0)}


ELSEWHERE = {
    "stayed_away": person(1, "stayed_away"),
    "gave_up": person(1, "settled_elsewhere"),
    "other_mode": person(1, "in_uk", mode="lorry"),
    "legal_route": person(1, "admitted"),
    "later": person(1, "at_coast", sector="north"),
    "earlier": person(1, "in_uk", mode="boat", sector="north"),
    "returned_stays": person(1, "france_asylum", mode="boat", returned=1),
    "died": person(1, "died"),
}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_an_arrival_less_is_told_by_what_became_of_the_person(kind):
    assert shifts([ELSEWHERE[kind]], [came(1)]) == {kind: (1, 0)}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_an_arrival_more_is_told_by_what_became_of_the_person_without_the_policy(kind):
    assert shifts([came(1)], [ELSEWHERE[kind]]) == {kind: (0, 1)}


def test_someone_who_never_appears_had_not_set_out():
    assert shifts([], [came(1)]) == {"set_out_otherwise": (1, 0)}


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (person(1, "went_home"), "gave_up"),
        (person(1, "went_home", returned=1), "returned_stays"),
        (person(1, "settled_elsewhere", returned=2), "returned_stays"),
        (person(1, "returned", returned=1), "returned_stays"),
        (person(1, "at_coast", returned=1), "later"),
        (person(1, "on_the_way"), "later"),
        (person(1, "return_case", mode="boat"), "earlier"),
        (person(1, "in_lorry"), "other_mode"),
        (person(1, "in_uk", mode="lorry", returned=1), "other_mode"),
        (person(1, "applicant"), "legal_route"),
    ],
)
def test_what_counts_is_where_someone_is_at_the_end_and_whether_they_were_returned(row, kind):
    assert shifts([row], [came(1)]) == {kind: (1, 0)}


def test_coming_again_after_a_return_is_a_repeat_arrival():
    assert shifts([came(1, arrivals=3)], [came(1)]) == {"repeat_arrivals": (0, 2)}
    assert shifts([came(1)], [came(1, arrivals=2)]) == {"repeat_arrivals": (1, 0)}


def test_someone_who_came_twice_and_now_stays_away_loses_a_first_and_a_repeat_arrival():
    assert shifts([person(1, "stayed_away")], [came(1, arrivals=2)]) == {
        "stayed_away": (1, 0), "repeat_arrivals": (1, 0),
    }  # fmt: skip


def test_who_arrives_in_both_worlds_from_another_sector_has_moved_along_the_coast():
    down = shifts([came(1, sector="south"), came(2)], [came(1, sector="north"), came(2)])
    assert down == {"north-south": (1, 0)}
    assert shifts([came(1, sector="north")], [came(1, sector="south")]) == {"north-south": (0, 1)}


def test_sectors_are_matched_by_name_where_one_coast_has_fewer():
    short = tables([came(1, sector="south")], ["south", ""])
    assert all(shift.people == 0 for shift in split(short, tables([came(1, sector="south")])))
    for run, baseline, people in ((short, tables([came(1)]), 1), (tables([came(1)]), short, -1)):
        moved = [s for s in split(run, baseline) if s.people]
        assert [(s.from_sector, s.to_sector, s.people) for s in moved] == [("north", "south", people)]


def test_more_than_two_weeks_later_has_moved_in_time():
    assert shifts([came(1, day=25.0)], [came(1, day=10.0)]) == {"moved_in_time": (1, 0)}
    assert shifts([came(1, day=10.0)], [came(1, day=25.0)]) == {"moved_in_time": (0, 1)}
    assert shifts([came(1, day=24.0)], [came(1, day=10.0)]) == {}


def test_people_are_matched_by_their_keys_not_by_their_rows():
    mine, theirs = [came(9, sector="south"), ELSEWHERE["died"]], [came(1), came(9, sector="south")]
    assert shifts(mine, theirs) == {"died": (1, 0)}


def test_reshuffling_cancels_out():
    found = split(tables([came(1), person(2, "at_coast")]), tables([person(1, "at_coast"), came(2)]))
    later = next(shift for shift in found if shift.kind == "later")
    assert (later.lost, later.gained, later.people) == (1, 1, 0)


def test_every_place_has_an_outcome_and_every_outcome_a_fate():
    assert set(OUTCOMES) == set(Place) - {Place.NOT_YET}
    assert set(FATES) == set(OUTCOMES.values())


def test_every_fate_is_a_class_of_the_split():
    assert list(KINDS)[: len(Fate)] == [fate.name.lower() for fate in Fate]


def lives() -> st.SearchStrategy[list[tuple]]:
    """A world of up to eight people in any order, some absent, each anything that a table may hold."""
    one = st.tuples(
        st.integers(1, 8), st.sampled_from(LABELS), st.integers(0, 3), st.floats(0, 99), st.sampled_from(SECTORS[:3]),
        st.sampled_from(MODES), st.integers(0, 2),
    )  # fmt: skip
    return st.lists(one, max_size=8, unique_by=lambda row: row[0])


@given(lives(), lives())
def test_the_classes_add_up_to_the_difference_of_arrivals_whoever_the_people_are(mine, theirs):
    found = split(tables(mine), tables(theirs))
    avoided = sum(row[2] for row in theirs) - sum(row[2] for row in mine)
    assert sum(shift.people for shift in found if KINDS[shift.kind].of_arrivals) == avoided


@given(lives(), lives())
def test_swapping_run_and_baseline_swaps_lost_and_gained(mine, theirs):
    there, back = split(tables(mine), tables(theirs)), split(tables(theirs), tables(mine))
    assert [(s.kind, s.from_sector, s.lost, s.gained) for s in there] == [
        (s.kind, s.from_sector, s.gained, s.lost) for s in back
    ]


@given(lives())
def test_the_same_world_twice_displaces_nobody(world):
    assert all(shift.lost == shift.gained == 0 for shift in split(tables(world), tables(world)))
