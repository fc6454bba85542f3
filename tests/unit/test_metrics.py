"""Metrics on tables made by hand: five days, of which the last three are measured."""

from math import isnan

import numpy as np
import pytest

from sim.metrics import RunTables, outcome_metrics, outcomes, paired, paired_metrics
from sim.records.tidy import Coded

FIRST, LAST = 2, 5
DATES = [f"2025-01-0{day}" for day in range(1, 6)]


def coded(values: list[str]) -> Coded:
    names = sorted(set(values))
    return Coded(np.array([names.index(v) for v in values]), np.array(names))


def by_day(days: list[int], **columns: list[float]) -> dict:
    """A table with a row for each of these days."""
    return {"date": Coded(np.array(days), np.array(DATES)), **{k: np.array(v) for k, v in columns.items()}}


def people(*rows: tuple) -> dict:
    """Rows: key, outcome, its day, sector, mode, day in the UK by boat (None if never), whether within the window."""
    key, outcome, day, sector, mode, uk_day, inside = zip(*rows, strict=True)
    days = np.array([np.nan if d is None else d for d in uk_day], dtype=float)
    return {
        "person": np.array(key), "outcome": coded(list(outcome)), "outcome_date": Coded(np.array(day), np.array(DATES)),
        "sector": Coded(np.array([["west", "east", ""].index(s) for s in sector]), np.array(["west", "east", ""])),
        "mode": coded(list(mode)), "uk_day": days, "times_returned": np.zeros(len(key), dtype=int),
        "boat_arrivals": np.array(inside, dtype=int), "first_arrival_day": np.where(inside, days, np.nan),
    }  # fmt: skip


def run(**tables: dict) -> RunTables:
    return RunTables(tables, FIRST, LAST)


def daily(**columns: list[float]) -> RunTables:
    return run(daily={name: np.array(values) for name, values in columns.items()})


def waits(key: int) -> tuple:
    return (key, "at_coast", 4, "", "", None, False)


def stays_away(key: int) -> tuple:
    return (key, "stayed_away", 3, "", "", None, False)


def gives_up(key: int) -> tuple:
    return (key, "settled_elsewhere", 4, "", "", None, False)


def arrived(key: int, day: float = 3.0, sector: str = "west", inside: bool = True) -> tuple:
    return (key, "in_uk", min(int(day), 4), sector, "boat", day, inside)


def by_lorry(key: int, day: int = 4) -> tuple:
    return (key, "in_uk", day, "", "lorry", None, False)


def admitted(key: int) -> tuple:
    return (key, "admitted", 4, "", "", None, False)


def pair(metric: str, mine: list[tuple], theirs: list[tuple]) -> float:
    return getattr(paired, metric)(run(people=people(*mine)), run(people=people(*theirs)))


SUMS = {
    "arrivals": "arrivals", "attempts": "attempts", "people_prevented": "people_prevented",
    "turned_back": "turned_back", "boats_arrived": "boats_arrived", "deaths": "deaths",
}  # fmt: skip


@pytest.mark.parametrize(("metric", "column"), SUMS.items())
def test_a_count_adds_up_the_measured_days_alone(metric, column):
    assert getattr(outcomes, metric)(daily(**{column: [1000, 1000, 1, 2, 4]})) == 7


@pytest.mark.parametrize(
    ("metric", "column"),
    [("price_gbp", "price_gbp"), ("gangs_active", "gangs_active"), ("waiting_at_coast", "waiting_at_coast")],
)
def test_a_level_is_the_mean_of_the_measured_days(metric, column):
    assert getattr(outcomes, metric)(daily(**{column: [1000, 1000, 1, 2, 6]})) == 3


def test_the_prevented_share_is_of_prevented_and_arrived():
    assert outcomes.prevented_share(daily(people_prevented=[9, 9, 30, 0, 0], arrivals=[9, 9, 50, 20, 0])) == 0.3


def test_people_per_boat_counts_boats_that_arrived():
    assert outcomes.people_per_boat(daily(arrivals=[9, 9, 100, 0, 20], boats_arrived=[9, 9, 2, 0, 1])) == 40


def test_people_per_boat_is_missing_without_boats():
    assert isnan(outcomes.people_per_boat(daily(arrivals=[0] * 5, boats_arrived=[0] * 5)))


def test_crossing_days_are_days_with_arrivals():
    assert outcomes.crossing_days(daily(arrivals=[5, 5, 0, 2, 90])) == 2


def test_deaths_are_related_to_a_thousand_arrivals():
    assert outcomes.deaths_per_1000(daily(deaths=[9, 9, 1, 0, 1], arrivals=[0, 0, 250, 250, 500])) == 2


@pytest.mark.parametrize(
    ("metric", "column"), [("people_reaching_coast", "reached_coast"), ("settled_elsewhere", "settled")]
)
def test_flows_of_groups_add_up_over_groups_and_measured_days(metric, column):
    table = by_day([1, 1, 2, 2, 4, 4], **{column: [100, 100, 1, 2, 4, 8]})
    assert getattr(outcomes, metric)(run(groups=table)) == 15


def test_gang_profit_adds_up_over_gangs_and_measured_days():
    table = by_day([0, 2, 2, 3], profit_gbp=[1e6, 100.0, -30.0, 5.0])
    assert outcomes.gang_profit_gbp(run(gangs=table)) == 75


def test_lorry_arrivals_are_people_in_the_uk_by_lorry():
    table = people(by_lorry(1), by_lorry(2, day=1), arrived(3), waits(4))
    assert outcomes.lorry_arrivals(run(people=table)) == 1


def test_a_day_at_the_end_of_the_window_is_outside():
    assert run().measured(np.array([1.99, 2.0, 4.99, 5.0, np.nan])).tolist() == [False, True, True, False, False]


def test_every_metric_has_a_unit_and_a_meaning():
    metrics = [*outcome_metrics(), *paired_metrics()]
    assert all(m.unit and m.meaning.endswith(".") for m in metrics)
    assert len({m.name for m in metrics}) == len(metrics)


def test_the_same_world_twice_has_no_paired_effect():
    world = [arrived(1), stays_away(2), by_lorry(3), waits(4), admitted(5)]
    for metric in ("deterred", "displaced_mode", "displaced_space", "displaced_time"):
        assert pair(metric, world, world) == 0


@pytest.mark.parametrize("row", [stays_away(1), gives_up(1)])
def test_who_would_have_arrived_and_does_not_want_to_any_more_is_deterred(row):
    assert pair("deterred", [row, arrived(2)], [arrived(1), arrived(2)]) == 1


def test_deterrence_is_net():
    assert pair("deterred", [stays_away(1), arrived(2)], [arrived(1), gives_up(2)]) == 0


@pytest.mark.parametrize("row", [by_lorry(1), admitted(1)])
def test_who_comes_another_way_is_displaced_not_deterred(row):
    assert pair("deterred", [row], [arrived(1)]) == 0
    assert pair("displaced_mode", [row], [arrived(1)]) == 1


def test_who_leaves_from_further_down_the_coast_is_displaced_in_space():
    here, there = [arrived(1, sector="west")], [arrived(1, sector="east")]
    assert pair("displaced_space", there, here) == 1
    assert pair("displaced_space", here, there) == -1


def test_swapped_sectors_displace_nobody_on_balance():
    here = [arrived(1, sector="east"), arrived(2, sector="west")]
    there = [arrived(1, sector="west"), arrived(2, sector="east")]
    assert pair("displaced_space", here, there) == 0


def test_two_weeks_later_is_displaced_in_time():
    late, soon = [arrived(1, 19.0)], [arrived(1, 3.0)]
    assert pair("displaced_time", late, soon) == 1
    assert pair("displaced_time", soon, late) == -1


def test_a_week_later_is_not_displaced_in_time():
    assert pair("displaced_time", [arrived(1, 4.9)], [arrived(1, 2.1)]) == 0


def test_who_still_waits_at_the_end_is_displaced_in_time():
    assert pair("displaced_time", [waits(1)], [arrived(1)]) == 1
    assert pair("deterred", [waits(1)], [arrived(1)]) == 0


def test_who_came_before_the_window_is_displaced_to_an_earlier_time():
    assert pair("displaced_time", [arrived(1, 1.0, inside=False)], [arrived(1)]) == -1


def test_people_are_matched_by_their_keys_not_by_their_rows():
    assert pair("deterred", [arrived(2), stays_away(1)], [arrived(1), arrived(2)]) == 1


def money(arrivals: float, cost: float) -> RunTables:
    return daily(arrivals=[0, 0, arrivals, 0, 0], cost_uk_gbp=[0, 0, cost, 0, 0])


def test_cost_per_arrival_avoided_is_extra_cost_over_arrivals_avoided():
    assert paired.cost_per_arrival_avoided_gbp(money(90, 1500), money(100, 1000)) == 50


def test_cost_per_arrival_avoided_is_missing_if_none_was_avoided():
    assert isnan(paired.cost_per_arrival_avoided_gbp(money(100, 1500), money(100, 1000)))
