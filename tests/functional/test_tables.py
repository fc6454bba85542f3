"""Tables agree with each other and with where people are."""

import numpy as np
import pytest
from worlds import boats, content, run, with_exchange

from sim.domain.population import Place
from sim.processes.world import records_of, run_tables
from sim.records.people_tables import journeys_table
from sim.records.recorder import BoatEnd

LIVELY = {
    **with_exchange(weekly_target=20), "passage.turn_back_share": 0.2, "patrols.units": 6, "passage.incident_share": 1,
    "passage.incident_per_crowding": 0, "legal_route.other_applicants_per_week": 30,
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    return run(LIVELY)


@pytest.fixture(scope="module")
def tables(world) -> dict:
    return run_tables(world)


@pytest.mark.parametrize(("column", "flow"), [("arrivals", "arrivals"), ("attempts", "attempts"), ("deaths", "deaths")])
def test_sectors_and_groups_add_up_to_the_whole(tables, column, flow):
    assert tables["daily"][column].sum() == tables["groups"][flow].sum() > 0
    assert tables["sectors"][column].sum() == tables["daily"][column].sum()


@pytest.mark.parametrize("column", ["attempts", "deaths", "arrivals", "returned", "admitted"])
def test_groups_add_up_to_the_whole_on_every_day(tables, column):
    days = len(tables["daily"][column])
    assert tables["groups"][column].reshape(days, -1).sum(axis=1).tolist() == tables["daily"][column].tolist()


def test_boats_that_were_launched_were_prevented_turned_back_or_arrived(tables, world):
    daily = tables["daily"]
    turned = len(boats(world, BoatEnd.TURNED_BACK))
    assert daily["boats_launched"].sum() == daily["boats_prevented"].sum() + turned + daily["boats_arrived"].sum()


def test_flows_from_sectors_to_landings_are_the_arrivals(tables):
    flows = content(tables["flows"])
    landed = sum(n for end, n in zip(flows["end"], flows["people"], strict=True) if end == "port")
    assert landed == tables["daily"]["arrivals"].sum()


def test_everyone_who_came_or_applied_has_one_row(tables, world):
    people = tables["people"]["person"]
    assert len(set(people.tolist())) == len(people) == len(world.people) - world.people.count[Place.NOT_YET]


def test_the_people_tables_outcomes_are_where_people_are(tables, world):
    outcomes = content(tables["people"])["outcome"]
    assert outcomes.count("admitted") == world.people.count[Place.ADMITTED]
    assert outcomes.count("died") == world.people.count[Place.DEAD]
    assert outcomes.count("return_case") == world.people.count[Place.CASE]


def test_every_selection_has_a_row_among_the_cases(tables):
    cases = content(tables["cases"])
    assert len(cases["person"]) == tables["daily"]["selected"].sum()
    assert cases["end"].count("returned") == tables["daily"]["returned"].sum()


def test_an_open_case_has_no_end(tables, world):
    cases = content(tables["cases"])
    still_open = [end for name, end in zip(cases["end"], cases["end_day"], strict=True) if name == ""]
    assert set(still_open) == {None}
    assert len(still_open) == world.people.count[Place.CASE]


def test_the_ledger_gap_is_returns_less_admissions(tables):
    daily = tables["daily"]
    assert daily["ledger_gap"].tolist() == np.cumsum(daily["returned"] - daily["admitted"]).tolist()


def test_waiting_at_the_coast_is_the_groups_together(tables):
    days = len(tables["daily"]["waiting_at_coast"])
    by_group = tables["groups"]["waiting_at_coast"].reshape(days, -1).sum(axis=1)
    assert by_group.tolist() == tables["daily"]["waiting_at_coast"].tolist()


def test_gang_profits_add_up_to_what_the_cash_has_grown_by(tables):
    days = len(tables["daily"]["arrivals"])
    cash = tables["gangs"]["cash_gbp"].reshape(days, -1)
    profit = tables["gangs"]["profit_gbp"].reshape(days, -1)
    assert profit.sum(axis=0) == pytest.approx(cash[-1] - 1e7)


def test_journeys_are_in_order_of_time(world):
    journeys = journeys_table(records_of(world))
    assert (np.diff(journeys["day"]) >= 0).all()


def test_a_pipeline_stage_is_the_number_of_people_in_its_place(tables, world):
    pipeline = content(tables["pipeline"])
    last = {
        s: n
        for s, n, d in zip(pipeline["stage"], pipeline["stock"], pipeline["date"], strict=True)
        if d == "2025-02-09"
    }
    assert last["case"] == world.people.count[Place.CASE] == last["papers"] + last["seat"] > 0
    assert last["applicant"] == world.people.count[Place.APPLICANT]
