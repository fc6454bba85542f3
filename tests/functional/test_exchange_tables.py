"""Tables of the exchange: its ledger by week, a row a case with its days in order, every way a case may end."""

from itertools import pairwise

import numpy as np
import pytest
from worlds import cases, content, count, evenings, on_day, run, stage, with_exchange

from sim.domain.cases import CaseEnd
from sim.domain.population import Place
from sim.metrics import RunTables, outcome_metrics
from sim.processes.world import World, run_tables
from sim.records.exchange_tables import CASE_ENDS

LIVELY = {
    **with_exchange("2025-01-04", until="2025-02-05", weekly_target=40, beds=60, caseworkers=4, request_work_days=0.3,
                    french_refusal_share=0.1, french_late_share=0.2, french_reply_limit_days=6, flights_per_week=5,
                    seats_per_flight=12, flight_cancelled_share=0.2, seat_attrition_share=0.2),
    "claims.trafficking_share": 0.3, "claims.human_rights_share": 0.3, "claims.human_rights_days": 2,
    "claims.appeal_share": 0.5, "claims.appeal_days": 4, "claims.injunction_share": 0.3, "claims.injunction_days": 2,
    "claims.injunction_stop_share": 0.5, "claims.age_dispute_share": 0.2, "claims.age_dispute_days": 3,
    "claims.days_spread": 0.5, "claims.trafficking_bar_days": 4, "claims.trafficking_final_days": 3,
    "claims.trafficking_final_share": 0.5, "claims.trafficking_upheld_share": 0.5,
    "legal_route.other_applicants_per_week": 60, "legal_route.checks_days": 4, "legal_route.parity_tolerance": 25,
    "legal_route.awareness": 0.5, "legal_route.awareness_per_day": 0.02, "beliefs.credibility_adjustment": 0.2,
}  # fmt: skip
EVERY_END = {
    CaseEnd.RETURNED: {},
    CaseEnd.VOIDED: {"exchange": {"void_days": 2}},
    CaseEnd.REFUSED_BY_FRANCE: {"exchange": {"french_refusal_share": 1}},
    CaseEnd.CLAIM_UPHELD: {"claims.trafficking_share": 1, "claims.trafficking_upheld_share": 1,
                           "claims.trafficking_bar_days": 5, "claims.trafficking_final_days": 5,
                           "claims.trafficking_final_share": 1},
    CaseEnd.HUMAN_RIGHTS_UPHELD: {"claims.human_rights_share": 1, "claims.human_rights_upheld_share": 1},
    CaseEnd.APPEAL_ALLOWED: {"claims.human_rights_share": 1, "claims.human_rights_upheld_share": 0,
                             "claims.appeal_share": 1, "claims.appeal_allowed_share": 1, "claims.appeal_days": 3},
    CaseEnd.INJUNCTION_STOPPED: {"claims.injunction_share": 1, "claims.injunction_stop_share": 1,
                                 "claims.injunction_days": 3},
    CaseEnd.FOUND_MINOR: {"claims.age_dispute_share": 1, "claims.age_dispute_minor_share": 1},
    CaseEnd.REQUEST_TOO_LATE: {"exchange": {"caseworkers": 1, "request_work_days": 13}},
    CaseEnd.REFUSED_FOR_IMBALANCE: {"exchange": {"french_imbalance_share": 1, "french_reply_days": 9},
                                    "legal_route.parity_tolerance": 0, "legal_route.window_every_days": 1},
}  # fmt: skip
ORDER = ("arrived_day", "selected_day", "requested_day", "accepted_day", "ready_day", "end_day")


@pytest.fixture(scope="module")
def world() -> World:
    return run(LIVELY)


@pytest.fixture(scope="module")
def tables(world) -> dict:
    return run_tables(world)


def by_week(daily) -> list[float]:
    """A daily number summed by week; the last of the forty days' six weeks has five."""
    return [sum(daily[week : week + 7]) for week in range(0, 40, 7)]


def last_evening(daily) -> list[float]:
    return [daily[min(week + 6, 39)] for week in range(0, 40, 7)]


# The ledger by week


@pytest.mark.parametrize("flow", ["selected", "returned", "voided", "admitted"])
def test_a_flow_of_the_ledger_is_the_days_of_its_week_together(flow, tables):
    assert tables["ledger"][flow].tolist() == by_week(tables["daily"][flow].tolist())
    assert tables["ledger"][flow].sum() > 0


@pytest.mark.parametrize(("flow", "stage_name"), [("applied", "applicant"), ("chosen", "checks")])
def test_applications_and_draws_of_the_ledger_are_those_of_the_pipeline(flow, stage_name, tables, world):
    assert tables["ledger"][flow].tolist() == by_week(stage(world, stage_name, "entered").tolist())
    assert tables["ledger"][flow].sum() > 0


@pytest.mark.parametrize(
    "name",
    ["ledger_gap", "promised", "places_open", "beds", "beds_used", "caseworkers", "caseworkers_busy", "weekly_target",
     "aware", "credibility"],
)  # fmt: skip
def test_a_balance_of_the_ledger_is_that_of_the_weeks_last_evening(name, tables, world):
    assert tables["ledger"][name].tolist() == last_evening(evenings(world, name))
    assert len(set(evenings(world, name))) > (name == "beds")


def test_the_exchange_of_the_ledger_opens_and_closes_within_weeks(tables, world):
    assert tables["ledger"]["open_days"].tolist() == [4, 7, 7, 7, 7, 0]
    assert tables["ledger"]["open_days"].tolist() == by_week(evenings(world, "exchange_open"))


def test_returns_that_run_ahead_are_paused_days_of_the_ledger():
    world = run({**with_exchange(), "legal_route.parity_tolerance": 5})
    paused = run_tables(world)["ledger"]["returns_paused_days"]
    assert paused.tolist() == by_week(evenings(world, "returns_paused")) == [0, 7, 7, 7, 7, 5]


def test_admissions_that_run_ahead_are_paused_days_of_the_ledger():
    world = run({**with_exchange(beds=0), "legal_route.other_applicants_per_week": 70,
                 "legal_route.float_places": 30, "legal_route.parity_tolerance": 10})  # fmt: skip
    paused = run_tables(world)["ledger"]["admissions_paused_days"]
    assert paused.tolist() == by_week(evenings(world, "admissions_paused"))
    assert paused[-1] == 5


def test_shares_of_the_ledger_are_shares(tables):
    for name in ("aware", "credibility"):
        assert 0 <= tables["ledger"][name].min() < tables["ledger"][name].max() <= 1


def test_weeks_of_the_ledger_bear_the_date_of_their_first_day(tables):
    assert content(tables["ledger"])["week"] == [f"2025-0{m}-{d:02d}" for m, d in
                                                 ((1, 1), (1, 8), (1, 15), (1, 22), (1, 29), (2, 5))]  # fmt: skip


def test_seats_of_the_ledger_are_those_of_charters_that_flew(tables, world):
    rows = [row for row in world.recorder.flights if not row.cancelled]
    assert len(rows) < len(world.recorder.flights)
    for name in ("seats", "planned", "flown"):
        weeks = [0] * 6
        for row in rows:
            weeks[int(row.day) // 7] += getattr(row, name)
        assert tables["ledger"][name].tolist() == weeks
    assert (tables["ledger"]["flown"] <= tables["ledger"]["planned"]).all()
    assert (tables["ledger"]["planned"] <= tables["ledger"]["seats"]).all()


def test_everyone_flown_was_returned(tables):
    assert tables["ledger"]["flown"].tolist() == tables["ledger"]["returned"].tolist()


# A row a case


def test_the_days_of_a_case_are_in_order(world):
    for case in cases(world):
        days = [case[name] for name in ORDER if case[name] is not None]
        assert days == sorted(days)


def test_a_stage_of_a_case_is_reached_only_through_those_before(world):
    for case in cases(world):
        reached = [case[name] is not None for name in ORDER[:-1]]
        assert reached == sorted(reached, reverse=True)


def test_a_case_that_has_ended_has_a_day_and_an_end(world):
    assert all((case["end"] == "") == (case["end_day"] is None) for case in cases(world))


def test_the_lively_world_has_cases_that_end_in_many_ways(world):
    assert len({case["end"] for case in cases(world)}) >= 7


@pytest.mark.parametrize("end", CaseEnd)
def test_a_case_may_end_in_every_way(end):
    changes = dict(EVERY_END[end])
    world = run({**with_exchange(**changes.pop("exchange", {})), "claims.human_rights_days": 2,
                 "claims.trafficking_days": 2, "claims.age_dispute_days": 2, **changes})  # fmt: skip
    ends = {case["end"] for case in cases(world)}
    earlier = {"returned"} if end in (CaseEnd.REFUSED_FOR_IMBALANCE, CaseEnd.REQUEST_TOO_LATE) else set()
    assert end.name.lower() in ends
    assert ends <= {end.name.lower(), "", *earlier}


def test_every_end_has_its_event_and_its_stage_in_the_pipeline(tables, world):
    assert set(CASE_ENDS.values()) == set(CaseEnd)
    stages = set(tables["pipeline"]["stage"].names.tolist())
    assert {happened.name.lower() for happened in CASE_ENDS} <= stages
    for happened in CASE_ENDS:
        assert stage(world, happened.name.lower(), "entered").tolist() == on_day(world, happened)


def test_ends_in_the_table_are_as_many_as_events(world):
    ends = [case["end"] for case in cases(world)]
    for happened in CASE_ENDS:
        assert ends.count(CASE_ENDS[happened].name.lower()) == count(world, happened)


def test_a_case_that_was_barred_may_go_on_or_be_ended_by_the_claim(world):
    barred = {case["end"] for case in cases(world) if case["barred_day"] is not None}
    assert {"claim_upheld", "returned"} <= barred


def test_a_persons_second_case_is_a_row_of_its_own():
    again = {"after_return.try_again_share": 1, "after_return.claim_in_france_share": 0, "after_return.retry_days": 1,
             "after_return.recognised_selection_share": 1}  # fmt: skip
    rows = cases(run({**with_exchange(), **again}))
    mine = [case for case in rows if [c["person"] for c in rows].count(case["person"]) > 1]
    by_person = {case["person"]: [c for c in mine if c["person"] == case["person"]] for case in mine}
    assert by_person
    for own in by_person.values():
        assert all(before["end_day"] < after["arrived_day"] for before, after in pairwise(own))


def test_stages_without_a_stock_have_none(tables, world):
    assert np.isnan(stage(world, "voided")).all()
    assert np.isnan(stage(world, "bed", "entered")).all()


def test_the_papers_are_their_three_stages_and_beds_are_papers_seats_and_courts(world):
    parts = sum(stage(world, name) for name in ("awaiting_request", "awaiting_reply", "awaiting_claims"))
    assert stage(world, "papers").tolist() == parts.tolist()
    beds = stage(world, "papers") + stage(world, "seat") + stage(world, "in_court")
    assert stage(world, "bed").tolist() == beds.tolist()
    assert stage(world, "case").tolist() == (beds + stage(world, "barred")).tolist()
    assert min(stage(world, name).max() for name in ("papers", "seat", "in_court", "barred")) > 0


def test_people_in_cases_are_where_the_table_says(world):
    assert stage(world, "case")[-1] == world.people.count[Place.CASE]
    assert stage(world, "reception")[-1] == world.people.count[Place.RECEPTION]


def test_every_metric_of_a_lively_run_is_a_number(tables):
    found = {metric.name: metric.function(RunTables(tables, 0, 40)) for metric in outcome_metrics()}
    assert [name for name, value in found.items() if not np.isfinite(value)] == []
