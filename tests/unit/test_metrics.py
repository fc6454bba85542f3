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
    """Rows: key, reached the coast, attempts, outcome, its day, sector, mode, day in the UK (None if never)."""
    key, coast, attempts, outcome, day, sector, mode, uk_day = zip(*rows, strict=True)
    return {
        "person": np.array(key), "reached_coast": np.array(coast), "attempts": np.array(attempts),
        "outcome": coded(list(outcome)), "outcome_date": Coded(np.array(day), np.array(DATES)),
        "sector": Coded(np.array([["west", "east", ""].index(s) for s in sector]), np.array(["west", "east", ""])),
        "mode": coded(list(mode)), "uk_day": np.array([np.nan if d is None else d for d in uk_day]),
    }  # fmt: skip


def run(**tables: dict) -> RunTables:
    return RunTables(tables, FIRST, LAST)


def daily(**columns: list[float]) -> RunTables:
    return run(daily={name: np.array(values) for name, values in columns.items()})


def waits(key: int) -> tuple:
    return (key, True, 0, "at_coast", 4, "", "", None)


def tried(key: int, sector: str = "west") -> tuple:
    return (key, True, 1, "at_coast", 4, sector, "", None)


def arrived(key: int, day: float = 3.0, sector: str = "west") -> tuple:
    return (key, True, 1, "in_uk", int(day), sector, "boat", day)


def by_lorry(key: int) -> tuple:
    return (key, True, 0, "in_uk", 4, "", "lorry", None)


def admitted(key: int, coast: bool = True) -> tuple:
    return (key, coast, 0, "admitted", 4, "", "", None)


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
    table = people(by_lorry(1), (2, True, 0, "in_uk", 1, "", "lorry", None), arrived(3), waits(4))
    assert outcomes.lorry_arrivals(run(people=table)) == 1


def test_a_day_at_the_end_of_the_window_is_outside():
    assert run().measured(np.array([1.99, 2.0, 4.99, 5.0, np.nan])).tolist() == [False, True, True, False, False]


def test_every_metric_has_a_unit_and_a_meaning():
    metrics = [*outcome_metrics(), *paired_metrics()]
    assert all(m.unit and m.meaning.endswith(".") for m in metrics)
    assert len({m.name for m in metrics}) == len(metrics)


def test_the_same_world_twice_has_no_paired_effect():
    world = [arrived(1), tried(2), by_lorry(3), waits(4), admitted(5)]
    for metric in ("deterred", "displaced_mode", "displaced_space", "displaced_time"):
        assert pair(metric, world, world) == 0


def test_who_would_have_tried_and_does_nothing_is_deterred():
    assert pair("deterred", [waits(1), arrived(2)], [arrived(1), arrived(2)]) == 1


def test_who_stays_away_is_deterred():
    away = (1, False, 0, "stayed_away", 3, "", "", None)
    assert pair("deterred", [away], [tried(1)]) == 1


def test_deterrence_is_net():
    assert pair("deterred", [waits(1), tried(2)], [tried(1), waits(2)]) == 0


def test_who_takes_a_lorry_instead_is_displaced_not_deterred():
    assert pair("deterred", [by_lorry(1)], [arrived(1)]) == 0
    assert pair("displaced_mode", [by_lorry(1)], [arrived(1)]) == 1


def test_who_is_admitted_instead_is_displaced_not_deterred():
    assert pair("deterred", [admitted(1)], [tried(1)]) == 0
    assert pair("displaced_mode", [admitted(1)], [tried(1)]) == 1


def test_applicants_from_elsewhere_are_not_displaced():
    assert pair("displaced_mode", [admitted(1, coast=False)], [tried(1)]) == 0


def test_who_leaves_from_further_down_the_coast_is_displaced_in_space():
    here, there = [arrived(1, sector="west")], [arrived(1, sector="east")]
    assert abs(pair("displaced_space", here, there)) == 1
    assert pair("displaced_space", here, there) == -pair("displaced_space", there, here)


def test_swapped_sectors_displace_nobody_on_balance():
    here = [arrived(1, sector="east"), arrived(2, sector="west")]
    there = [arrived(1, sector="west"), arrived(2, sector="east")]
    assert pair("displaced_space", here, there) == 0


def test_two_weeks_later_is_displaced_in_time():
    rows = ((1, True, 1, "in_uk", 4, "west", "boat", day) for day in (19.0, 3.0))
    late, soon = (RunTables({"people": people(row)}, 0, 30) for row in rows)
    assert paired.displaced_time(late, soon) == 1
    assert paired.displaced_time(soon, late) == -1


def test_a_week_later_is_not_displaced_in_time():
    assert pair("displaced_time", [arrived(1, 4.9)], [arrived(1, 2.1)]) == 0


def test_people_are_matched_by_their_keys_not_by_their_rows():
    assert pair("deterred", [arrived(2), waits(1)], [arrived(1), arrived(2)]) == 1


def money(arrivals: float, cost: float) -> RunTables:
    return daily(arrivals=[0, 0, arrivals, 0, 0], cost_uk_gbp=[0, 0, cost, 0, 0])


def test_cost_per_arrival_avoided_is_extra_cost_over_arrivals_avoided():
    assert paired.cost_per_arrival_avoided_gbp(money(90, 1500), money(100, 1000)) == 50


def test_cost_per_arrival_avoided_is_missing_if_none_was_avoided():
    assert isnan(paired.cost_per_arrival_avoided_gbp(money(100, 1500), money(100, 1000)))
