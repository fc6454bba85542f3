"""Upkeep of the store: what it lists, what verify finds, and that pruning takes out what was named and nothing else."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from stored import (
    CODE,
    KEY,
    NO_EXCHANGE,
    OTHER_CODE,
    PILOT,
    cut,
    empty,
    facts,
    filled,
    flip,
    folder_of,
    parts,
    tables,
)

from sim.experiment.store import RunKey
from sim.experiment.store_upkeep import Unwanted, listed, prune, verify


def test_the_list_has_a_row_a_scenario_and_version_of_the_code(store):
    filled(store, 3).save(replace(KEY, code_hash=OTHER_CODE), tables(), facts())
    cut(RunKey(NO_EXCHANGE, CODE, 1).folder(store.root) / "people.parquet")
    rows = {(row.code, row.scenario): row for row in listed(store)}
    assert {key: (row.replications, row.whole) for key, row in rows.items()} == {
        (CODE, PILOT): (3, 3), (CODE, NO_EXCHANGE): (3, 2), (OTHER_CODE, PILOT): (1, 1),
    }  # fmt: skip
    assert all(row.bytes > 1000 for row in rows.values())


def test_verify_names_every_damaged_run_and_pair_and_sets_them_aside(store):
    flip(RunKey(PILOT, CODE, 1).folder(filled(store).root) / "people.parquet")
    empty(RunKey(PILOT, CODE, 0).pair_file(store.root, NO_EXCHANGE))
    checked = verify(store)
    assert (checked.runs, checked.pairs, len(checked.damaged)) == (4, 2, 2)
    assert verify(store).damaged == ()
    assert verify(store).runs == 3


@pytest.mark.parametrize(
    ("unwanted", "left"),
    [
        (Unwanted(CODE, other_code=True), {(CODE, PILOT), (CODE, NO_EXCHANGE)}),
        (Unwanted(CODE, scenarios={PILOT}), {(CODE, NO_EXCHANGE), (OTHER_CODE, NO_EXCHANGE)}),
        (
            Unwanted(CODE, other_code=True, scenarios={PILOT}),
            {(CODE, PILOT), (CODE, NO_EXCHANGE), (OTHER_CODE, NO_EXCHANGE)},
        ),
        (
            Unwanted(CODE, damaged=True, parts=True),
            {(CODE, PILOT), (CODE, NO_EXCHANGE), (OTHER_CODE, PILOT), (OTHER_CODE, NO_EXCHANGE)},
        ),
    ],
)
def test_pruning_takes_out_what_was_asked_for_and_nothing_else(unwanted, left, store):
    for scenario in (PILOT, NO_EXCHANGE):
        filled(store).save(RunKey(scenario, OTHER_CODE, 0), tables(), facts())
    before = {path for path in store.root.rglob("*") if path.is_file()}
    told = prune(store, unwanted, dry_run=True)
    assert {path for path in store.root.rglob("*") if path.is_file()} == before
    assert prune(store, unwanted) == told
    assert {(row.code, row.scenario) for row in listed(store)} == left
    assert told.bytes == 0 if len(left) == 4 else told.bytes > 1000
    assert verify(store).damaged == ()


def test_pruning_a_run_takes_its_pairs_and_empty_folders_along(store):
    prune(filled(store), Unwanted(CODE, scenarios={PILOT}))
    assert [path.name for path in (store.root / "runs").glob("*/*")] == [f"scenario={NO_EXCHANGE}"]
    assert list((store.root / "pairs").glob("*")) == []


def test_a_run_without_its_tables_is_still_finished_for_a_sweep(store):
    freed = prune(filled(store), Unwanted(CODE, tables=True))
    key = RunKey(PILOT, CODE, 1)
    assert freed.runs == 4
    assert store.sound(key, {"run"})
    assert store.has_pair(key, NO_EXCHANGE)
    assert store.facts(key)["metrics"]["arrivals"] == 100.0
    assert not store.has(key, {"people"})
    assert prune(store, Unwanted(CODE, tables=True)).bytes == 0
    store.save(key, tables(), facts())
    assert store.sound(key, {"people"})


def test_pruning_tables_that_is_cut_short_damages_no_run(saved, monkeypatch):
    def killed(path, missing_ok):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            prune(saved, Unwanted(CODE, tables=True))
    assert saved.sound(KEY, {"run"})
    assert not saved.has(KEY, {"people"})


def test_pruning_removes_what_was_set_aside_and_the_folders_of_the_first_layout(saved):
    flip(folder_of(saved) / "daily.parquet")
    saved.sound(KEY)
    first_layout = saved.root / f"{PILOT}-{CODE}" / "00000"
    first_layout.mkdir(parents=True)
    (first_layout / "run.json").write_text("{}")
    assert prune(saved, Unwanted(CODE, other_code=True, damaged=True)).others == 2
    assert not first_layout.parent.exists()
    assert list((saved.root / "damaged").iterdir()) == []


def test_a_part_that_is_being_written_is_never_pruned(store):
    mine = store.root / "parts" / f"{os.uname().nodename}-{os.getpid()}-abc"
    gone = store.root / "parts" / f"{os.uname().nodename}-{2**22 + 1}-abc"
    mine.mkdir(parents=True)
    gone.mkdir()
    prune(store, Unwanted(CODE, parts=True))
    assert parts(store) == [mine]
