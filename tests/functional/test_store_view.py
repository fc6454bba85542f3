"""The store as a database: the views it has, the keys read from the paths, and runs of other code among the rest."""

from pathlib import Path

import pytest
from stored import CODE, KEY, NO_EXCHANGE, OTHER_CODE, PILOT, facts, filled, tables
from worlds import toy

from sim.experiment.store import RunKey, Store
from sim.experiment.store_upkeep import Unwanted, prune
from sim.experiment.store_view import connect, mentioned, view_names

pytest.importorskip("duckdb")


def ask(store: Store, sql: str) -> list[tuple]:
    with connect(store) as connection:
        return connection.execute(sql).fetchall()


def columns(store: Store, view: str) -> list[str]:
    return [row[0] for row in ask(store, f"DESCRIBE {view}")]


def test_a_run_is_a_row_with_its_keys_facts_and_metrics(saved):
    assert columns(saved, "runs") == [
        "code", "scenario", "replication", "seed", "events", "wall_s", "arrivals", "price_gbp",
    ]  # fmt: skip
    row = "SELECT code, scenario, replication, seed, events, wall_s, arrivals FROM runs"
    assert ask(saved, row) == [(CODE, PILOT, 3, 7, 12, 1.5, 3.0)]


def test_each_table_of_the_runs_is_a_view_with_the_keys_in_front(store):
    filled(store)
    assert columns(store, "daily") == ["code", "scenario", "replication", "date", "arrivals", "price_gbp"]
    sums = "SELECT scenario, replication, sum(arrivals) FROM daily GROUP BY ALL ORDER BY ALL"
    assert ask(store, sums) == [(scenario, n, 3) for scenario in (PILOT, NO_EXCHANGE) for n in (0, 1)]
    assert ask(store, "SELECT DISTINCT date FROM people ORDER BY date")[0] == ("2025-08-06",)


def test_pairs_join_the_runs_they_belong_to(store):
    joined = """SELECT replication, arrivals, arrivals_avoided
                FROM pairs JOIN runs USING (code, scenario, replication) ORDER BY replication"""
    assert ask(filled(store), joined) == [(0, 0.0, 5.0), (1, 100.0, 5.0)]
    assert ask(store, "SELECT DISTINCT scenario, baseline FROM pairs") == [(PILOT, NO_EXCHANGE)]


def test_a_scenario_is_found_by_its_name(store):
    scenario = toy({"patrols.units": 3})
    store.note(scenario)
    store.save(RunKey(scenario.scenario_hash, CODE, 0), tables(), facts())
    joined = "SELECT name, overrides FROM runs JOIN scenarios ON scenario = hash"
    ((name, overrides),) = ask(store, joined)
    assert name == scenario.name
    assert "patrols.units=3" in overrides


def test_runs_of_other_code_may_have_other_columns(saved):
    saved.save(RunKey(PILOT, OTHER_CODE, 0), {"daily": {"boats": tables()["daily"]["arrivals"]}}, facts(deaths=2.0))
    assert ask(saved, "SELECT code, deaths FROM runs ORDER BY code") == [(OTHER_CODE, 2.0), (CODE, None)]
    assert ask(saved, "SELECT code, sum(boats), sum(arrivals) FROM daily GROUP BY code ORDER BY code") == [
        (OTHER_CODE, 3, None), (CODE, None, 3),
    ]  # fmt: skip


def test_tables_that_no_run_holds_have_no_view(store):
    assert view_names(store) == []
    filled(store)
    assert sorted(view_names(store)) == ["daily", "pairs", "people", "runs"]
    prune(store, Unwanted(CODE, tables=True))
    assert sorted(view_names(store)) == ["pairs", "runs"]
    assert ask(store, "SELECT count(*) FROM runs") == [(4,)]


def test_a_table_that_only_some_runs_hold_has_their_rows(store):
    filled(store).save(KEY, tables("journeys"), facts())
    assert ask(store, "SELECT DISTINCT replication FROM journeys") == [(3,)]


def test_runs_that_are_being_written_or_were_set_aside_are_in_no_view(saved):
    (KEY.folder(saved.root) / "daily.parquet").write_bytes(b"")
    saved.sound(KEY)
    part = saved.root / "parts" / "host-1-abc" / "new"
    part.mkdir(parents=True)
    (part / "daily.parquet").write_bytes(b"half a file")
    saved.save(KEY, tables(), facts())
    assert ask(saved, "SELECT count(*) FROM daily") == [(3,)]


def test_only_the_views_of_a_query_are_looked_up(store):
    filled(store)
    assert mentioned("SELECT max(arrivals) FROM Daily JOIN runs USING (code)", store) == ["daily", "runs"]
    with connect(store, ["runs"]) as connection:
        assert [name for (name,) in connection.execute("SHOW TABLES").fetchall()] == ["runs"]


@pytest.mark.parametrize("name", ["it's here", "a=b", "two words"])
def test_the_store_may_lie_in_a_folder_of_any_name(name, tmp_path: Path):
    store = filled(Store(tmp_path / name))
    assert columns(store, "runs")[:3] == ["code", "scenario", "replication"]
    assert ask(store, "SELECT count(*) FROM runs") == [(4,)]
    assert ask(store, "SELECT count(*) FROM pairs") == [(2,)]
