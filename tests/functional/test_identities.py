"""What must be equal is equal, byte for byte: levers that do nothing, days before a lever, one more world."""

import numpy as np
import pytest
from worlds import LEGS, NODES, content, count, exchange, group, leg, pilot, raw, same, toy, with_exchange

from sim.domain.population import Place
from sim.processes.world import OneMore, build_world, run_tables, simulate
from sim.records.recorder import Happened
from sim.records.tidy import Coded

CHANGE_DAY = 50  # 20 August 2025
SCREENS = ("daily", "sectors", "gangs", "groups", "pipeline")
OPEN = {"exchange": {"from": "2025-07-11", "weekly_target": 20, "scale_up": "fixed"}}
LEVERS = {
    "exchange": {"exchange": {"from": "2025-08-20", "weekly_target": 50}},
    "exchange announced": {"exchange": {"announced": "2025-08-20", "from": "2025-09-01", "weekly_target": 50}},
    "patrol_units": {"patrol_units": {"from": "2025-08-20", "units": 5}},
    "boat_seizures": {"boat_seizures": {"from": "2025-08-20", "seized_share": 0.9}},
    "illegal_working_enforcement": {"illegal_working_enforcement": {"from": "2025-08-20", "visits_per_quarter": 8000}},
    "boat_price": {"boat_price": {"from": "2025-08-20", "package_gbp": 9000}},
    "port_checks": {"port_checks": {"from": "2025-08-20", "lorry_success": 0.01}},
    "advertising_takedown": {"advertising_takedown": {"from": "2025-08-20", "advertising_takedown": 0.9}},
    "asylum_grants": {"asylum_grants": {"from": "2025-08-20", "grant_ratio": 0.1}},
    "return_publicity": {"return_publicity": {"from": "2025-08-20", "return_publicity": 8}},
    "credibility": {"credibility": {"from": "2025-08-20", "expectation": "announced"}},
    "legal_route": {"legal_route": {"from": "2025-08-20", "awareness": 1.0, "float_places": 90}},
}
LIVELY = {
    "theatre.inflow.people_per_year": {2024: 6000, 2025: 6000}, "gangs.seats_per_boat": {2022: 10},
    "gangs.fill_at_least": 0.1, "gangs.boats_at_start": 3, "gangs.package_gbp": 1000,
    "theatre.weather.median_height_m": 0.3,
    "gangs.overhead_gbp_per_day": 0, "migrants.benefit_gbp": 20_000, "patrols.units": 40,
    "patrols.sweep_km_per_unit": 10, "gangs.advertising_lift": 2, "gangs.advertising_scale_gbp": 10_000,
}  # fmt: skip


def tables(changes: dict, replication: int = 0, one_more: OneMore | None = None) -> dict:
    return run_tables(simulate(pilot({**LIVELY, **changes}), replication, one_more))


def first_days(tables: dict, days: int) -> dict:
    """Every table by day, up to but without day number `days`."""
    early = {}
    for name in SCREENS:
        rows = tables[name]["date"].codes < days
        columns = {k: v for k, v in tables[name].items() if k != "date"}
        early[name] = {k: v.codes[rows] if isinstance(v, Coded) else np.asarray(v)[rows] for k, v in columns.items()}
    return early


@pytest.fixture(scope="module")
def without_levers() -> dict:
    return tables({"levers": []})


@pytest.fixture(scope="module")
def with_early_exchange() -> dict:
    return tables({"levers": [OPEN]})


def test_the_same_seed_gives_the_same_tables(without_levers):
    assert same(tables({"levers": []}), without_levers) == []


def test_another_replication_gives_other_tables(without_levers):
    assert "daily.wave_height_m" in same(tables({"levers": []}, replication=1), without_levers)


def test_another_seed_gives_other_tables(without_levers):
    assert "daily.wave_height_m" in same(tables({"levers": [], "seed": 1}), without_levers)


def test_the_small_channel_is_lively(without_levers):
    daily = without_levers["daily"]
    assert daily["arrivals"].sum() > 50
    assert daily["people_prevented"].sum() > 0


def test_an_exchange_that_never_starts_equals_no_exchange(without_levers):
    assert same(tables({"levers": [exchange("2030-01-01")]}), without_levers) == []


def test_the_pilot_that_never_starts_equals_its_baseline():
    changes = {"exchange.from": "2030-01-01", "exchange.announced": "2030-01-01", "exchange.until": "2031-01-01"}
    never, baseline = pilot(changes), pilot(name="no_exchange")
    assert same(run_tables(simulate(never, 0)), run_tables(simulate(baseline, 0))) == []


@pytest.mark.parametrize(
    ("kind", "section", "setting"),
    [
        ("patrol_units", "patrols", "units"),
        ("search_and_rescue", "rescue", "vessels"),
        ("maritime_interception", "maritime", "teams"),
        ("french_funding", "patrols", "extra_funding_gbp_per_year"),
        ("boat_seizures", "gangs", "seized_share"),
        ("illegal_working_enforcement", "asylum", "visits_per_quarter"),
        ("boat_price", "gangs", "package_gbp"),
        ("port_checks", "migrants", "lorry_success"),
        ("advertising_takedown", "gangs", "advertising_takedown"),
        ("asylum_grants", "asylum", "grant_ratio"),
        ("return_publicity", "beliefs", "return_publicity"),
        ("credibility", "beliefs", "announced_weight"),
        ("patrol_allocation", "patrols", "allocation"),
    ],
)
def test_a_lever_that_changes_nothing_changes_nothing(kind, section, setting, without_levers):
    today = getattr(getattr(pilot({**LIVELY, "levers": []}).rules, section), setting)
    assert same(tables({"levers": [{kind: {"from": "2025-08-01", setting: today}}]}), without_levers) == []


@pytest.mark.parametrize(
    "lever",
    ["patrol_units", "boat_seizures", "illegal_working_enforcement", "exchange", "exchange announced", "boat_price",
     "port_checks", "advertising_takedown", "asylum_grants"],
)  # fmt: skip
def test_days_before_a_lever_are_the_same_with_and_without_it(lever, without_levers):
    changed = tables({"levers": [LEVERS[lever]]})
    assert same(first_days(changed, CHANGE_DAY), first_days(without_levers, CHANGE_DAY)) == []
    assert same(changed, without_levers) != []


@pytest.mark.parametrize("lever", ["legal_route", "patrol_units", "return_publicity", "credibility"])
def test_days_before_a_lever_are_the_same_while_the_exchange_runs(lever, with_early_exchange):
    changed = tables({"levers": [OPEN, LEVERS[lever]]})
    assert same(first_days(changed, CHANGE_DAY), first_days(with_early_exchange, CHANGE_DAY)) == []
    assert same(changed, with_early_exchange) != []


def test_days_before_more_applicants_are_the_same(with_early_exchange):
    more = {"legal_route": {"from": "2025-08-20", "other_applicants_per_week": 100}}
    changed = tables({"levers": [OPEN, more]})
    assert same(first_days(changed, CHANGE_DAY), first_days(with_early_exchange, CHANGE_DAY)) == []


def test_a_longer_run_has_the_same_days_before(without_levers):
    longer = tables({"levers": [], "until": "2025-12-01"})
    assert same(first_days(longer, 100), first_days(without_levers, 100)) == []


def test_a_later_start_of_measuring_changes_only_what_is_counted_over_the_window(without_levers):
    later = tables({"levers": [], "measure_from": "2025-09-15"})
    changed = set(same(later, without_levers)) - {"people.boat_arrivals", "people.first_arrival_day"}
    assert {name.split(".")[0] for name in changed} <= {"flows", "attempts", "hazard"}


def test_a_target_of_zero_returns_and_admits_nobody():
    world = simulate(toy({**with_exchange(weekly_target=0), "legal_route.other_applicants_per_week": 50}), 0)
    assert count(world, Happened.RETURNED) == count(world, Happened.SELECTED) == 0
    assert count(world, Happened.ADMITTED) == count(world, Happened.CHOSEN) == 0
    assert count(world, Happened.APPLIED) > 0


def test_where_everyone_is_returned_and_nobody_tries_again_nobody_is_left(returning):
    people = returning.people
    assert count(returning, Happened.RETURNED) > 300
    assert people.count[Place.ASYLUM] == people.count[Place.DECIDED] == people.count[Place.UK_UNSEEN] == 0
    assert count(returning, Happened.SELECTED) == count(returning, Happened.REGISTERED)
    assert count(returning, Happened.ARRIVED) == people.count[Place.FRANCE_ASYLUM] + sum(
        people.count[place] for place in (Place.CENTRE, Place.CASE, Place.RECEPTION)
    )


def test_people_who_arrive_in_time_to_be_returned_are(returning):
    uk_day, horizon = returning.people.uk_day, returning.scenario.horizon_days
    early = np.flatnonzero(uk_day < horizon - 7)
    assert (returning.people.returns[early] == 1).all()


def someone_who_stays_away(changes: dict):
    """A world with one more person, who finds the journey not worth it, and that person's number."""
    for number in range(11):
        world = simulate(pilot({**LIVELY, **changes}), 0, OneMore(number, 30.2))
        if world.people.place[-1] == Place.STAYED_AWAY:
            return world
    raise AssertionError("every one of eleven people comes to the coast")


@pytest.fixture(scope="module")
def one_more() -> tuple[dict, dict]:
    changes = {"migrants.budget_gbp": 2500}
    return run_tables(someone_who_stays_away(changes)), tables(changes)


def test_one_more_person_who_meets_nobody_is_one_more_row(one_more):
    more, before = (content(t["people"]) for t in one_more)
    rows, rows_before = (list(zip(*people.values(), strict=True)) for people in (more, before))
    extra = [row for row in rows if row not in set(rows_before)]
    assert len(rows) == len(rows_before) + 1
    assert [row[list(more).index("outcome")] for row in extra] == ["stayed_away"]
    assert [row for row in rows if row not in extra] == rows_before


def test_one_more_person_who_meets_nobody_changes_no_other_table(one_more):
    more, before = one_more
    assert {name.split(".")[0] for name in same(more, before)} <= {"people", "groups"}
    assert [name for name in same(more, before) if name.startswith("groups")] == ["groups.stayed_away"]


def test_one_more_person_who_meets_nobody_is_counted_once_among_those_who_stay_away(one_more):
    more, before = (t["groups"]["stayed_away"] for t in one_more)
    assert sorted((more - before).tolist())[-2:] == [0, 1]


TWO_CAMPS = {
    "theatre.nodes": [*NODES, *({"name": n, "kind": k, "label": n, "lat": 50, "lon": 2} for n, k in
                                (("abroad", "origin"), ("dune", "camp")))],
    "theatre.legs": [*LEGS, leg("abroad", "dune", "land", 100), leg("dune", "east", "land", 5)],
    "theatre.groups": [group("red", 0.5), group("blue", 0.5, origin="abroad")],
    "theatre.inflow.people_per_year": {2025: 700}, "gangs.firms_at_most": 100,
}  # fmt: skip


@pytest.mark.parametrize("camp", [0, 1])
def test_one_more_person_moves_no_gang(camp):
    for replication in range(5):
        homes = [build_world(toy(TWO_CAMPS), replication, extra).market.camp for extra in (None, OneMore(camp, 5.0))]
        assert homes[0].tolist() == homes[1].tolist()


def test_the_tables_do_not_depend_on_when_they_are_made(small_pilot_run):
    assert {k: raw(v) for k, v in run_tables(small_pilot_run).items()} == {
        k: raw(v) for k, v in run_tables(small_pilot_run).items()
    }
