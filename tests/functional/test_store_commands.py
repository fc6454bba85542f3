"""`sim store` as a user meets it: what it prints, its exit status, and what it says when something is wrong."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from stored import CODE, KEY, NO_EXCHANGE, PILOT, facts, filled, flip, folder_of, tables

from sim.cli import main
from sim.experiment.provenance import code_hash
from sim.experiment.store import RunKey


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def sim_store(store, monkeypatch, capsys) -> Callable[..., Said]:
    """Run `sim store …` on the store of this test."""

    def run(command: str, *arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["sim", "store", command, *arguments, "--store", str(store.root)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Said(ended.value.code or 0, told.out, told.err)

    return run


@pytest.mark.parametrize("command", [["list"], ["verify"], ["prune", "--tables"], ["query", "SELECT 1"]])
def test_without_a_store_every_command_says_so(command, sim_store, store):
    said = sim_store(*command)
    assert said.status == 2
    assert f"there is no store of runs in {store.root}" in said.err
    assert not store.root.exists()


def test_the_list_tells_runs_of_this_code_from_those_of_other_code(store, sim_store):
    filled(store).save(RunKey(PILOT, code_hash(), 0), tables(), facts())
    said = sim_store("list")
    assert said.status == 0
    assert re.search(rf"{code_hash()}  {PILOT} .* this code +1 +1 ", said.out)
    assert re.search(rf"{CODE}  {PILOT} .* other code +2 +2 ", said.out)
    assert "5 runs" in said.out


def test_verify_of_a_sound_store_ends_with_status_0(store, sim_store):
    filled(store)
    assert sim_store("verify") == Said(0, "4 runs and 2 pairs read; 0 damaged\n", "")


def test_verify_names_the_damaged_file_and_ends_with_status_1(saved, sim_store):
    flip(folder_of(saved) / "people.parquet")
    said = sim_store("verify")
    assert said.status == 1
    assert "people.parquet has changed since it was written" in said.out
    assert "1 damaged" in said.out
    assert "besides: 0.0 MB set aside as damaged" in sim_store("list").out
    assert sim_store("verify").status == 0


def test_prune_wants_to_be_told_what_to_take_out(saved, sim_store):
    said = sim_store("prune")
    assert said.status == 2
    assert "--other-code" in said.err
    assert saved.sound(KEY)


def test_prune_says_what_it_frees_and_a_dry_run_frees_nothing(store, sim_store):
    filled(store)
    assert "would take out 4 runs and 2 pairs" in sim_store("prune", "--other-code", "--dry-run").out
    assert store.has(RunKey(PILOT, CODE, 1))
    assert "took out 4 runs and 2 pairs" in sim_store("prune", "--other-code").out
    assert not store.has(RunKey(PILOT, CODE, 1))


def test_prune_takes_a_scenario_by_its_hash_or_its_noted_name(store, sim_store):
    filled(store)
    (store.root / "scenarios").mkdir()
    (store.root / "scenarios" / f"{PILOT}.json").write_text('{"name": "pilot"}')
    assert "took out the tables of 2 runs" in sim_store("prune", "--scenario", "pilot", "--tables").out
    assert "took out 2 runs and 0 pairs" in sim_store("prune", "--scenario", NO_EXCHANGE).out
    assert store.has(RunKey(PILOT, CODE, 1), {"run"})


def test_prune_of_a_scenario_that_is_not_there_names_those_that_are(store, sim_store):
    filled(store)
    (store.root / "scenarios").mkdir()
    (store.root / "scenarios" / f"{PILOT}.json").write_text('{"name": "pilot"}')
    said = sim_store("prune", "--scenario", "pilto")
    assert said.status == 2
    assert "'pilto'" in said.err
    assert "it has pilot" in said.err
    assert store.has(RunKey(NO_EXCHANGE, CODE, 1))


def test_a_query_prints_a_table(store, sim_store):
    filled(store)
    said = sim_store("query", "SELECT scenario, avg(arrivals) AS mean FROM runs GROUP BY ALL ORDER BY ALL")
    assert said.status == 0
    assert said.out.splitlines() == ["scenario          mean", f"{PILOT}    50", f"{NO_EXCHANGE}    50"]


def test_a_long_answer_is_cut_and_says_so(store, sim_store):
    filled(store)
    said = sim_store("query", "SELECT * FROM daily", "--rows", "5")
    assert len(said.out.splitlines()) == 6
    assert "only the first 5 rows" in said.err


@pytest.mark.parametrize(
    ("sql", "words"),
    [("SELEC 1", "syntax error"), ("SELECT * FROM nothing", "nothing does not exist"), ("SELECT x FROM runs", '"x"')],
)
def test_a_wrong_query_is_answered_in_the_words_of_the_database(sql, words, store, sim_store):
    filled(store)
    said = sim_store("query", sql)
    assert said.status == 2
    assert words in said.err
    assert len(said.err.splitlines()) <= 2


def test_without_the_database_a_query_says_how_to_install_it(saved, sim_store, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    said = sim_store("query", "SELECT 1")
    assert said.status == 2
    assert 'pip install "sim[query]"' in said.err


def test_a_file_that_the_database_cannot_read_is_named(saved, sim_store):
    (folder_of(saved) / "daily.parquet").write_bytes(b"no table")
    said = sim_store("query", "SELECT * FROM daily")
    assert said.status == 2
    assert "daily.parquet" in said.err
