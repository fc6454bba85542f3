"""What every stage costs whom: each item is its stock or flow at its unit cost, and the items make the totals."""

import numpy as np
import pytest
from worlds import on_day, run, stage, with_exchange

from sim.domain.population import Place
from sim.metrics import RunTables, costs
from sim.processes.world import World, run_tables
from sim.records.costs import ITEMS
from sim.records.recorder import Happened

FREE = dict.fromkeys(
    (
        "money.accommodation_gbp_per_night", "money.detention_gbp_per_day", "money.registration_gbp",
        "money.case_gbp", "money.claim_gbp", "money.flight_gbp", "money.admission_gbp", "money.admitted_housed_share",
        "money.patrol_unit_gbp_per_day", "money.french_case_gbp", "money.french_reception_gbp_per_day",
    ),
    0,
)  # fmt: skip
EVERYTHING = {
    **with_exchange(beds=40, flight_cancelled_share=0.3, french_refusal_share=0.1), "patrols.units": 6,
    "claims.trafficking_share": 0.4, "claims.human_rights_share": 0.4, "claims.appeal_share": 0.5,
    "claims.human_rights_days": 2, "claims.injunction_share": 0.3, "claims.age_dispute_share": 0.3,
    "legal_route.other_applicants_per_week": 50, "legal_route.checks_days": 3, "after_return.reception_days": 4,
    "asylum.decision_days": 20,
}  # fmt: skip
CLAIMS = ("claim_raised", "human_rights_raised", "appealed", "age_disputed", "in_court")


def flown(world: World) -> np.ndarray:
    """Charters that flew, by day."""
    return np.bincount([int(row.day) for row in world.recorder.flights if not row.cancelled], minlength=40)


PRICED = {  # item -> settings that alone make it cost something, what it counts each day, and its unit cost
    "registration": ({"money.registration_gbp": 7}, lambda w: events(w, Happened.REGISTERED), 7),
    "housing": ({"money.accommodation_gbp_per_night": 11}, lambda w: stage(w, "asylum") + stage(w, "barred"), 11),
    "patrols": (
        {"money.patrol_unit_gbp_per_day": 13, "money.patrol_uk_funded_share": 1}, lambda w: np.full(40, 6), 13,
    ),
    "detention": ({"money.detention_gbp_per_day": 17}, lambda w: stage(w, "bed"), 17),
    "casework": ({"money.case_gbp": 19}, lambda w: stage(w, "case", "entered"), 19),
    "claims": ({"money.claim_gbp": 23}, lambda w: sum(stage(w, name, "entered") for name in CLAIMS), 23),
    "flights": ({"money.flight_gbp": 29}, flown, 29),
    "admissions": ({"money.admission_gbp": 31}, lambda w: stage(w, "admitted", "entered"), 31),
    "french_patrols": (
        {"money.patrol_unit_gbp_per_day": 13, "money.patrol_uk_funded_share": 0}, lambda w: np.full(40, 6), 13,
    ),
    "french_replies": ({"money.french_case_gbp": 37}, lambda w: stage(w, "requested", "entered"), 37),
    "french_reception": (
        {"money.french_reception_gbp_per_day": 41}, lambda w: people(w, Place.RECEPTION, Place.FRANCE_ASYLUM), 41,
    ),
}  # fmt: skip


def events(world: World, happened: Happened) -> np.ndarray:
    return np.array(on_day(world, happened))


def people(world: World, *places: Place) -> np.ndarray:
    """People in some places each evening."""
    return np.array(world.recorder.stocks["places"])[:, list(places)].sum(axis=1)


def by_item(world: World) -> dict[str, np.ndarray]:
    """GBP of each item by day."""
    table = run_tables(world)["costs"]
    return {name: np.asarray(table["gbp"])[table["item"].where(name)] for name in ITEMS}


@pytest.fixture(scope="module")
def dear() -> World:
    """A world in which everything happens and costs what it costs."""
    return run({**EVERYTHING, "money.patrol_uk_funded_share": 0.6})


def test_every_item_but_the_housing_of_those_admitted_is_priced_alone():
    assert set(PRICED) == set(ITEMS) - {"housing_admitted"}


@pytest.mark.parametrize("item", PRICED)
def test_an_item_is_what_happened_at_its_unit_cost(item):
    prices, flow, unit_cost = PRICED[item]
    world = run({**EVERYTHING, **FREE, **prices})
    spent = by_item(world)
    assert spent[item].tolist() == (unit_cost * flow(world)).tolist()
    assert spent[item].sum() > 0
    assert {name for name, gbp in spent.items() if gbp.any()} == {item}


def test_a_share_of_those_admitted_is_housed_while_they_wait():
    world = run({**EVERYTHING, **FREE, "money.accommodation_gbp_per_night": 10, "money.admitted_housed_share": 0.7})
    spent = by_item(world)
    assert spent["housing_admitted"] == pytest.approx(7 * people(world, Place.ADMITTED))
    assert spent["housing"] == pytest.approx(10 * (people(world, Place.ASYLUM) + stage(world, "barred")))
    assert spent["housing_admitted"].sum() > 0


def test_patrols_cost_both_countries_their_share():
    money = {"patrols.units": 10, "money.patrol_unit_gbp_per_day": 100, "money.patrol_uk_funded_share": 0.7}
    daily = run_tables(run({**money, "coast.people_at_start": 1, "theatre.inflow.people_per_year": {2025: 1}}))["daily"]
    assert daily["cost_uk_gbp"].min() == 700
    assert daily["cost_fr_gbp"].tolist() == pytest.approx([300] * 40)


def test_more_patrols_cost_more_from_their_date():
    lever = {"patrol_units": {"from": "2025-01-11", "units": 30}}
    world = run({**FREE, "patrols.units": 10, "money.patrol_unit_gbp_per_day": 2, "levers": [lever],
                 "money.patrol_uk_funded_share": 1})  # fmt: skip
    assert by_item(world)["patrols"].tolist() == [20] * 10 + [60] * 30


def test_cancelled_charters_cost_nothing():
    world = run({**EVERYTHING, **FREE, "money.flight_gbp": 1})
    rows = world.recorder.flights
    assert by_item(world)["flights"].sum() == sum(not row.cancelled for row in rows) < len(rows)


def test_claims_and_injunctions_cost_once_each(dear):
    raised = sum(stage(dear, name, "entered").sum() for name in CLAIMS)
    assert all(stage(dear, name, "entered").any() for name in CLAIMS)
    assert by_item(dear)["claims"].sum() == pytest.approx(raised * dear.rules.money.claim_gbp)


@pytest.mark.parametrize("payer", ["uk", "fr"])
def test_the_items_of_a_payer_sum_to_what_it_pays_each_day(payer, dear):
    tables = run_tables(dear)
    costs, days = tables["costs"], len(tables["daily"]["arrivals"])
    mine = costs["payer"].where(payer)
    spent = np.bincount(costs["date"].codes[mine], weights=np.asarray(costs["gbp"])[mine], minlength=days)
    assert spent == pytest.approx(tables["daily"][f"cost_{payer}_gbp"])
    assert spent.sum() > 0


def test_the_table_says_who_pays_for_what_and_what_belongs_to_the_exchange(dear):
    table = run_tables(dear)["costs"]
    payer = dict(zip(table["item"].names[table["item"].codes], table["payer"].names[table["payer"].codes], strict=True))
    of_exchange = {name for name in ITEMS if table["of_exchange"][table["item"].where(name)].all()}
    assert {item for item, who in payer.items() if who == "fr"} == {
        "french_patrols", "french_replies", "french_reception",
    }  # fmt: skip
    assert of_exchange == {
        "detention", "casework", "claims", "flights", "admissions", "housing_admitted", "french_replies",
        "french_reception",
    }  # fmt: skip


def test_without_an_exchange_nothing_of_it_costs_anything(calm):
    table = run_tables(calm)["costs"]
    spent = np.asarray(table["gbp"])
    assert spent[table["of_exchange"]].sum() == 0 < spent.sum()


def test_a_return_and_an_admission_cost_what_their_side_does(dear):
    run_of_it = RunTables(run_tables(dear), 10, 30)
    spent, daily = by_item(dear), run_tables(dear)["daily"]
    for_returns = sum(spent[name][10:30].sum() for name in ("detention", "casework", "claims", "flights"))
    for_admissions = sum(spent[name][10:30].sum() for name in ("admissions", "housing_admitted"))
    returned, admitted = daily["returned"][10:30].sum(), daily["admitted"][10:30].sum()
    assert costs.cost_per_return_gbp(run_of_it) == pytest.approx(for_returns / returned)
    assert costs.cost_per_admission_gbp(run_of_it) == pytest.approx(for_admissions / admitted)
    assert min(returned, admitted) > 0
