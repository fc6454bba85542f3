"""Metrics of the exchange and of money on tables made by hand: days of which only some are measured."""

from math import isnan

import numpy as np
import pytest

from sim.metrics import RunTables, costs, exchange
from sim.records.tidy import Coded

FIRST, LAST = 2, 5  # the third to the fifth of five days
DATES = np.array([f"2025-01-{day:02d}" for day in range(1, 22)])
NAN = float("nan")


def coded(values: list[str]) -> Coded:
    names = sorted(set(values))
    return Coded(np.array([names.index(v) for v in values]), np.array(names))


def run(first: int = FIRST, last: int = LAST, **tables: dict) -> RunTables:
    return RunTables(tables, first, last)


def daily(**columns: list[float]) -> dict:
    return {name: np.array(values) for name, values in columns.items()}


def pipeline(what: str = "stock", **stages: list[float]) -> dict:
    """Stages by day, as tidy rows: a row a day and stage."""
    days = len(next(iter(stages.values())))
    rows = [(name, values[day]) for day in range(days) for name, values in stages.items()]
    numbers = np.array([value for _, value in rows], dtype=float)
    nothing = np.full(len(rows), NAN)
    return {
        "stage": coded([name for name, _ in rows]),
        "stock": numbers if what == "stock" else nothing,
        "entered": numbers if what == "entered" else nothing,
    }


def ledger(**columns: list[float]) -> dict:
    """Weeks that begin on days 0, 7 and 14; the exchange is open in the last two."""
    return {
        "week": Coded(np.array([0, 7, 14]), DATES),
        "open_days": np.array([0, 3, 7]),
        **{name: np.array(values) for name, values in columns.items()},
    }


def cases(*rows: tuple[float, float, str]) -> dict:
    arrived, ended, end = zip(*rows, strict=True)
    return {"arrived_day": np.array(arrived), "end_day": np.array(ended), "end": coded(list(end))}


@pytest.mark.parametrize("name", ["selected", "returned", "voided", "admitted"])
def test_a_count_of_the_exchange_adds_up_the_measured_days_alone(name):
    assert getattr(exchange, name)(run(daily=daily(**{name: [1000, 1000, 1, 2, 4]}))) == 7


def test_the_returned_share_is_of_arrivals_by_boat():
    table = daily(returned=[0, 0, 1, 1, 0], arrivals=[0, 0, 40, 40, 20])
    assert exchange.returned_share(run(daily=table)) == 0.02


def test_the_largest_ledger_gap_counts_either_way():
    assert exchange.ledger_gap_max(run(daily=daily(ledger_gap=[99, -99, 3, -8, 5]))) == 8


DONE = cases(
    (0, 1.5, "returned"), (0, 2.0, "returned"), (0, 3.0, "returned"), (0, 4.5, "voided"), (1, NAN, ""),
    (1, 4.9, "returned"), (1, 5.0, "returned"),
)  # fmt: skip


def test_days_to_return_are_those_of_people_returned_in_the_measured_days():
    assert exchange.median_days_to_return(run(cases=DONE)) == 3.0
    assert exchange.p90_days_to_return(run(cases=DONE)) == pytest.approx(3.0 + 0.8 * 0.9)


@pytest.mark.parametrize("name", ["median_days_to_return", "p90_days_to_return"])
def test_days_to_return_are_missing_if_nobody_was_returned(name):
    assert isnan(getattr(exchange, name)(run(cases=cases((0.0, 3.0, "voided")))))


OPEN_TWO_DAYS = pipeline(weekly_target=[9, 9, 0, 35, 70])


def test_returns_a_week_are_over_the_days_with_a_target():
    world = run(daily=daily(returned=[9, 9, 2, 3, 5]), pipeline=OPEN_TWO_DAYS)
    assert exchange.returned_per_week(world) == pytest.approx(10 / (2 / 7))


def test_the_delivered_share_is_of_what_the_targets_add_up_to():
    world = run(daily=daily(returned=[9, 9, 2, 0, 1]), pipeline=OPEN_TWO_DAYS)
    assert exchange.delivered_share(world) == pytest.approx(3 / (35 / 7 + 70 / 7))


@pytest.mark.parametrize("name", ["returned_per_week", "delivered_share"])
def test_without_a_target_delivery_is_missing(name):
    world = run(daily=daily(returned=[0] * 5), pipeline=pipeline(weekly_target=[9, 9, 0, 0, 0]))
    assert isnan(getattr(exchange, name)(world))


@pytest.mark.parametrize("why", ["lot", "parity", "target", "beds"])
def test_people_passed_over_add_up_by_reason(why):
    every = dict.fromkeys(("lot", "parity", "target", "beds"), [100] * 5) | {why: [50, 50, 1, 2, 4]}
    table = pipeline("entered", **{f"passed_over_{name}": values for name, values in every.items()})
    assert getattr(exchange, f"passed_over_{why}")(run(pipeline=table)) == 7


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [("bed_use", "beds_used", "beds"), ("casework_use", "caseworkers_busy", "caseworkers"),
     ("seat_use", "planned", "seats")],
)  # fmt: skip
def test_use_is_of_what_there_was_in_the_measured_weeks_with_an_open_exchange(name, part, whole):
    table = ledger(**{part: [50, 3, 5], whole: [50, 10, 30]})
    assert getattr(exchange, name)(run(0, 21, ledger=table)) == 8 / 40
    assert getattr(exchange, name)(run(0, 14, ledger=table)) == 3 / 10
    assert getattr(exchange, name)(run(8, 21, ledger=table)) == 5 / 30
    assert isnan(getattr(exchange, name)(run(0, 7, ledger=table)))


@pytest.mark.parametrize(("name", "stage"), [("beds_p95", "bed"), ("caseworkers_p95", "caseworkers")])
def test_what_nineteen_evenings_in_twenty_do_not_exceed_counts_days_with_a_target(name, stage):
    table = pipeline(**{stage: [999, 999, 50, 10, 30], "weekly_target": [9, 9, 0, 5, 5]})
    assert getattr(exchange, name)(run(pipeline=table)) == pytest.approx(10 + 0.95 * 20)


@pytest.mark.parametrize(("name", "stage"), [("beds_p95", "bed"), ("caseworkers_p95", "caseworkers")])
def test_without_a_target_nothing_was_needed(name, stage):
    table = pipeline(**{stage: [1] * 5, "weekly_target": [9, 9, 0, 0, 0]})
    assert isnan(getattr(exchange, name)(run(pipeline=table)))


def test_seats_planned_a_week_count_cancelled_charters_of_the_measured_days():
    flights = {"day": np.array([1.5, 2.5, 4.5, 5.5]), "planned": np.array([100, 3, 4, 100])}
    assert exchange.seats_planned_per_week(run(pipeline=OPEN_TWO_DAYS, flights=flights)) == pytest.approx(7 / (2 / 7))


def test_admissions_begun_a_week_are_those_chosen():
    table = pipeline("entered", checks=[90, 90, 1, 2, 4])
    both = {name: np.append(table[name], OPEN_TWO_DAYS[name]) for name in ("stock", "entered")}
    stage = coded(["checks"] * 5 + ["weekly_target"] * 5)
    assert exchange.admissions_begun_per_week(run(pipeline={"stage": stage, **both})) == pytest.approx(7 / (2 / 7))


@pytest.mark.parametrize(
    ("name", "stage"),
    [("bed_days_request", "awaiting_request"), ("bed_days_reply", "awaiting_reply"),
     ("bed_days_claims", "awaiting_claims"), ("bed_days_seat", "seat"), ("bed_days_court", "in_court")],
)  # fmt: skip
def test_bed_days_of_a_stage_are_a_share_of_all(name, stage):
    table = pipeline(**{stage: [9, 9, 1, 2, 3], "bed": [9, 9, 10, 10, 4]})
    assert getattr(exchange, name)(run(pipeline=table)) == 6 / 24


def test_bed_days_are_missing_if_no_bed_was_used():
    assert isnan(exchange.bed_days_seat(run(pipeline=pipeline(seat=[0] * 5, bed=[0] * 5))))


@pytest.mark.parametrize(("name", "stage"), [("applicants_waiting", "applicant"), ("working", "working")])
def test_a_stock_is_the_mean_of_the_measured_days(name, stage):
    assert getattr(exchange, name)(run(pipeline=pipeline(**{stage: [99, 99, 1, 2, 6]}))) == 3


def test_nights_housed_add_up():
    assert exchange.nights_housed(run(pipeline=pipeline(asylum=[99, 99, 1, 2, 6]))) == 9


# Money

ITEMS = ("detention", "casework", "claims", "flights", "admissions", "housing_admitted", "housing", "patrols",
         "french_replies", "french_reception")  # fmt: skip


def spending(**items: float) -> dict:
    """Every item costs what is given on each of five days; those not given cost 1000 a day."""
    gbp = {item: items.get(item, 1000.0) for item in ITEMS}
    return {
        "date": Coded(np.repeat(np.arange(5), len(ITEMS)), DATES),
        "item": coded(list(ITEMS) * 5),
        "gbp": np.array(list(gbp.values()) * 5),
    }


FOR_RETURNS = {"detention": 1.0, "casework": 2.0, "claims": 4.0, "flights": 8.0}
FOR_ADMISSIONS = {"admissions": 3.0, "housing_admitted": 5.0}


@pytest.mark.parametrize("name", ["cost_uk_gbp", "cost_fr_gbp"])
def test_the_cost_to_a_country_adds_up_the_measured_days(name):
    assert getattr(costs, name)(run(daily=daily(**{name: [1000, 1000, 1, 2, 4]}))) == 7


def test_the_cost_of_returns_is_detention_casework_claims_and_flights():
    assert costs.cost_returns_gbp(run(costs=spending(**FOR_RETURNS))) == 3 * 15


def test_the_cost_of_admissions_is_admission_and_housing_of_those_admitted():
    assert costs.cost_admissions_gbp(run(costs=spending(**FOR_ADMISSIONS))) == 3 * 8


def test_frances_cost_of_the_exchange_is_answers_and_reception():
    assert costs.cost_exchange_fr_gbp(run(costs=spending(french_replies=6.0, french_reception=1.0))) == 3 * 7


def test_the_cost_per_return_is_over_people_returned_in_the_measured_days():
    world = run(costs=spending(**FOR_RETURNS), daily=daily(returned=[7, 7, 2, 0, 1]))
    assert costs.cost_per_return_gbp(world) == 45 / 3


def test_the_cost_per_admission_is_over_people_admitted_in_the_measured_days():
    world = run(costs=spending(**FOR_ADMISSIONS), daily=daily(admitted=[7, 7, 2, 1, 1]))
    assert costs.cost_per_admission_gbp(world) == 24 / 4


@pytest.mark.parametrize(
    ("name", "column"), [("cost_per_return_gbp", "returned"), ("cost_per_admission_gbp", "admitted")]
)
def test_the_cost_of_one_is_missing_where_there_was_none(name, column):
    assert isnan(getattr(costs, name)(run(costs=spending(), daily=daily(**{column: [7, 7, 0, 0, 0]}))))
