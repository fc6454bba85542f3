"""Displacement in toy worlds: two lives of the same people, and a world for each class in which it is what happens."""

import numpy as np
import pytest
from worlds import SECTORS, count, pilot, run, with_exchange

from sim.experiment.compare import displacement_table, runs_table
from sim.experiment.runner import Execution, run_all
from sim.experiment.store import Store
from sim.metrics import RunTables
from sim.metrics.displacement import KINDS, MOVED, net, split
from sim.processes.world import World, run_tables
from sim.records.recorder import Happened

CLOSED = {
    "patrols.units": 10_000, "patrols.sweep_km_per_unit": 1000, "patrols.stop_beach": 1, "patrols.allocation": "fixed",
}  # fmt: skip
WEST_CLOSED = {
    **CLOSED,
    "theatre.sectors": [{**s, "fixed_patrol_share": share} for s, share in zip(SECTORS, (1.0, 0.0), strict=True)],
}
LORRIES = {"migrants.lorry_gbp": 65_000, "migrants.lorry_success": 1, "migrants.link_benefit": 0}
DEAR_BOATS = {"gangs.package_gbp": 700_000, "gangs.cash_at_start_gbp": 1e9}
RETURNED_ONCE = {**with_exchange(), "measure_from": "2025-02-20", "until": "2025-03-20"}
TRY_AGAIN = {
    "after_return.try_again_share": 1, "after_return.claim_in_france_share": 0, "after_return.retry_days": 25,
}  # fmt: skip
STAY = {"after_return.try_again_share": 0, "after_return.claim_in_france_share": 1}

OPEN = {**with_exchange(), "legal_route.float_places": 1000}

WORLDS = {
    "stayed_away": ({"migrants.effort_gbp": 1e6, "coast.people_at_start": 0}, {"coast.people_at_start": 0}),
    "gave_up": ({"migrants.settle_gbp": 1e7}, {}),
    "other_mode": ({**LORRIES, **DEAR_BOATS}, LORRIES),
    "legal_route": ({**OPEN, "beliefs.admitted_prior": 1}, OPEN),
    "later": (CLOSED, {}),
    "returned_stays": ({**RETURNED_ONCE, **STAY}, {**RETURNED_ONCE, **TRY_AGAIN}),
    "died": ({"passage.incident_share": 1, "passage.incident_per_crowding": 0}, {}),
}
"""For each class the policy and its baseline in which it is what happens."""


def tables(world: World) -> RunTables:
    days = int(world.scenario.warm_up_days), int(world.scenario.horizon_days)
    return RunTables(run_tables(world), *days)


def arrivals(found: RunTables) -> int:
    return int(found.daily("arrivals").sum())


def people(run_of: RunTables, baseline: RunTables) -> dict[str, float]:
    """Net people of the classes that add up to the difference of arrivals, those in which nobody is left out."""
    counted = {kind: value for kind, value in net(run_of, baseline).items() if KINDS[kind].of_arrivals}
    assert sum(counted.values()) == arrivals(baseline) - arrivals(run_of)
    return {kind: value for kind, value in counted.items() if value}


@pytest.fixture(scope="module")
def plain() -> RunTables:
    return tables(run())


@pytest.mark.parametrize("kind", WORLDS)
def test_in_its_own_world_a_class_is_what_becomes_of_the_arrivals(kind, plain):
    policy, baseline = WORLDS[kind]
    mine, theirs = tables(run(policy)), tables(run(baseline)) if baseline else plain
    found = people(mine, theirs)
    assert arrivals(theirs) > 100
    assert found[kind] >= 0.9 * (arrivals(theirs) - arrivals(mine)) > 0
    assert {k: -v for k, v in found.items()} == people(theirs, mine)


def test_those_who_died_are_the_dead(plain):
    world = run(WORLDS["died"][0])
    assert people(tables(world), plain)["died"] == count(world, Happened.DIED) > 0


def test_a_return_alone_takes_no_arrival_away():
    assert people(tables(run(with_exchange())), tables(run())) == {}


def test_who_is_returned_and_comes_again_is_a_repeat_arrival():
    mine = tables(run({**with_exchange(), **TRY_AGAIN}))
    found = people(mine, tables(run(with_exchange())))
    assert found["repeat_arrivals"] < -50
    assert -found["repeat_arrivals"] == np.maximum(mine.column("people", "boat_arrivals") - 1, 0).sum()


def test_a_closed_sector_moves_people_to_the_other(plain):
    closed = tables(run(WEST_CLOSED))
    moved = [shift for shift in split(closed, plain) if shift.kind == MOVED]
    assert [(shift.from_sector, shift.to_sector) for shift in moved] == [("west", "east")]
    assert moved[0].lost > 50
    assert moved[0].gained == 0


def test_identical_runs_displace_nobody(plain):
    assert all(shift.lost == shift.gained == 0 for shift in split(tables(run()), plain))


def test_arrivals_of_people_are_the_arrivals_of_the_window():
    world = run({**with_exchange(), **TRY_AGAIN, "after_return.retry_days": 5, "measure_from": "2025-01-15"})
    found = tables(world)
    each = found.column("people", "boat_arrivals")
    assert each.sum() == arrivals(found) < count(world, Happened.ARRIVED)
    assert each.max() > 1
    first = found.column("people", "first_arrival_day")
    assert (np.isnan(first) == (each == 0)).all()
    assert np.nanmin(first) >= found.first_day
    last = found.column("people", "uk_day")
    assert (first[each == 1] == last[each == 1]).all()
    assert (first[each > 1] < last[each > 1]).all()


@pytest.fixture(scope="module")
def channel(tmp_path_factory) -> tuple:
    """The small Channel with and without the exchange, on two replications, in a store."""
    folder = tmp_path_factory.mktemp("channel")
    scenarios = [pilot({"gangs.fill_at_least": 0.1}), pilot({"gangs.fill_at_least": 0.1}, "no_exchange")]
    run_all(scenarios, range(2), Execution(folder, 1, "serial"))
    return scenarios, Store(folder)


def test_the_table_adds_up_to_the_difference_of_arrivals_in_every_pair(channel):
    (policy, baseline), store = channel
    runs = runs_table([policy, baseline], baseline, range(2), store).set_index(["scenario", "replication"])
    table = displacement_table([policy, baseline], baseline, range(2), store)
    sums = table[table["of_arrivals"]].groupby("replication")["people"].sum()
    assert sums.tolist() == (runs.loc["no_exchange", "arrivals"] - runs.loc["pilot", "arrivals"]).tolist()
    assert table["lost"].sum() > 0
    assert set(table["scenario"]) == {"pilot"}
    assert set(table["baseline"]) == {"no_exchange"}


def test_the_paired_metrics_are_sums_of_the_table(channel):
    (policy, baseline), store = channel
    runs = runs_table([policy], baseline, range(2), store)
    table = displacement_table([policy], baseline, range(2), store)
    by_dimension = table.pivot_table(index="replication", columns="dimension", values="people", aggfunc="sum")
    assert runs["deterred"].tolist() == by_dimension["deterred"].tolist()
    assert runs["displaced_mode"].tolist() == by_dimension["mode"].tolist()
    assert runs["displaced_space"].tolist() == by_dimension["space"].tolist()


def test_every_pair_has_every_class(channel):
    (policy, baseline), store = channel
    table = displacement_table([policy], baseline, range(2), store)
    for _, mine in table.groupby("replication"):
        assert list(dict.fromkeys(mine["kind"])) == list(KINDS)
        assert len(mine) == len(KINDS) - 1 + 6 * 5 // 2
