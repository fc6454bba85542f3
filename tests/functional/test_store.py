"""The store: runs appear whole or not at all, damage is found and set aside, and many processes write at once."""

import errno
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from math import isnan
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
    flip,
    folder_of,
    make_unreadable,
    parts,
    table,
    tables,
)  # fmt: skip
from worlds import content, toy

from sim.experiment import store as store_module
from sim.experiment.store import DamagedRunError, RunKey, Store, StoreError
from sim.experiment.store_upkeep import sweep_parts

STOPS_HALFWAY = """
import sys, time
from pathlib import Path
from stored import KEY, facts, tables
from sim.experiment import store

write_file, root = store.write_file, Path(sys.argv[1])

def slow(path, data):
    if path.name == "people.parquet":
        (root / "halfway").touch()
        time.sleep(600)
    return write_file(path, data)

store.write_file = slow
store.Store(root).save(KEY, tables(), facts())
"""

SAVES_TWENTY = """
import sys
from pathlib import Path
from stored import CODE, PILOT, facts, tables
from sim.experiment.store import RunKey, Store

for replication in range(20):
    Store(Path(sys.argv[1])).save(RunKey(PILOT, CODE, replication), tables(), facts(wall_s=float(sys.argv[2])))
"""


def start(script: str, *arguments: str) -> subprocess.Popen:
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    return subprocess.Popen([sys.executable, "-c", script, *arguments], env={**os.environ, "PYTHONPATH": paths})


def test_a_run_comes_back_as_it_was_saved(saved):
    assert content(saved.columns(KEY, "daily")) == content(table())
    found = saved.facts(KEY)
    assert isnan(found["metrics"].pop("price_gbp"))
    assert found == {"metrics": {"arrivals": 3.0}, "seed": 7, "events": 12, "wall_s": 1.5}
    assert [type(found[name]) for name in ("seed", "events", "wall_s")] == [int, int, float]


def test_the_keys_of_a_run_are_in_its_path_and_in_no_table(saved):
    path = folder_of(saved).relative_to(saved.root)
    assert path.as_posix() == f"runs/code={CODE}/scenario={PILOT}/replication=00003"
    assert saved.arrow(KEY, "daily").column_names == ["date", "arrivals", "price_gbp"]


def test_a_saved_run_is_there_with_the_tables_it_has(saved):
    assert saved.has(KEY)
    assert saved.has(KEY, {"run", "people"})
    assert not saved.has(KEY, {"journeys"})
    assert saved.sound(KEY)
    assert not saved.sound(KEY, {"journeys"})
    assert saved.said == []


def test_a_run_of_other_code_scenario_or_replication_is_not_there(saved):
    others = [replace(KEY, code_hash=OTHER_CODE), replace(KEY, scenario_hash=NO_EXCHANGE), replace(KEY, replication=4)]
    assert not any(saved.has(key) or saved.sound(key) for key in others)
    assert saved.said == []


def test_nothing_but_the_run_is_left_after_saving(saved):
    assert parts(saved) == []
    assert sorted(path.name for path in folder_of(saved).iterdir()) == [
        "daily.parquet", "manifest.json", "people.parquet", "run.parquet",
    ]  # fmt: skip


def test_the_same_tables_make_the_same_bytes(saved, tmp_path):
    again = Store(tmp_path / "again")
    again.save(KEY, tables(), facts())
    assert {p.name: p.read_bytes() for p in folder_of(again).iterdir()} == {
        p.name: p.read_bytes() for p in folder_of(saved).iterdir()
    }


def test_the_first_whole_run_stays_when_the_same_is_saved_again(saved):
    saved.save(KEY, tables(), facts(wall_s=9.0))
    assert saved.facts(KEY)["wall_s"] == 1.5
    assert parts(saved) == []


def test_a_run_that_holds_more_tables_takes_the_place_of_one_that_lacks_them(saved):
    saved.save(KEY, tables("journeys"), facts(wall_s=9.0))
    assert saved.sound(KEY, {"journeys", "people"})
    assert saved.facts(KEY)["wall_s"] == 9.0
    assert parts(saved) == []


def test_two_processes_that_save_the_same_runs_leave_each_whole_and_never_absent(store):
    writers = [start(SAVES_TWENTY, str(store.root), number) for number in ("1", "2")]
    seen, keys = set(), [RunKey(PILOT, CODE, number) for number in range(20)]
    while any(writer.poll() is None for writer in writers):
        there = {key for key in keys if store.has(key)}
        assert seen <= there
        seen = there
        time.sleep(0.005)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert all(store.sound(key) for key in keys)
    assert store.said == []
    assert parts(store) == []


def test_a_process_killed_while_it_saves_leaves_no_run_and_its_part_is_swept(store):
    store.save(replace(KEY, replication=0), tables(), facts())
    writer = start(STOPS_HALFWAY, str(store.root))
    while not (store.root / "halfway").exists():
        assert writer.poll() is None
        time.sleep(0.01)
    assert sweep_parts(store) == 0, "a part that is being written is left alone"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert not store.has(KEY)
    assert not folder_of(store).exists()
    assert len(parts(store)) == 1
    assert sweep_parts(store) == 1
    assert parts(store) == []
    store.save(KEY, tables(), facts())
    assert store.sound(KEY)
    assert store.sound(replace(KEY, replication=0))


@pytest.mark.parametrize(("days_old", "left"), [(0.5, 1), (2.0, 0)])
def test_a_part_of_another_host_is_swept_when_it_is_older_than_a_day(days_old, left, store):
    part = store.root / "parts" / "far-away-host-1-abcd_123"
    part.mkdir(parents=True)
    then = time.time() - days_old * 86_400
    os.utime(part, (then, then))
    sweep_parts(store)
    assert len(parts(store)) == left


def swap(path: Path) -> None:
    """A manifest that is whole, but that of another replication."""
    other = Store(path.parent.parent / "other")
    other.save(replace(KEY, replication=4), tables(), facts())
    path.write_bytes((replace(KEY, replication=4).folder(other.root) / path.name).read_bytes())


DAMAGE = [(file, damage) for file in ("daily.parquet", "run.parquet", "manifest.json")
          for damage in (cut, flip, empty, make_unreadable, Path.unlink)] + [("manifest.json", swap)]  # fmt: skip


@pytest.mark.parametrize(("file", "damage"), DAMAGE)
def test_a_damaged_file_is_named_and_its_run_set_aside_and_saved_anew(file, damage, saved):
    damage(folder_of(saved) / file)
    assert not saved.sound(KEY)
    assert not folder_of(saved).exists()
    assert len(saved.said) == 1
    assert file in saved.said[0]
    assert f"replication={KEY.replication:05d}" in saved.said[0]
    assert list((saved.root / "damaged").rglob("replication=00003"))
    assert not saved.sound(KEY)
    assert len(saved.said) == 1, "damage is named once"
    saved.save(KEY, tables(), facts())
    assert saved.sound(KEY)


@pytest.mark.parametrize("damage", [cut, empty, Path.unlink])
def test_a_file_that_lost_its_size_is_noticed_without_reading_it(damage, saved):
    damage(folder_of(saved) / "people.parquet")
    assert not saved.has(KEY)
    assert not saved.has(KEY, {"people"})
    assert saved.has(KEY, {"daily"})


def test_saving_takes_the_place_of_a_damaged_run(saved):
    empty(folder_of(saved) / "people.parquet")
    saved.save(KEY, tables(), facts())
    assert saved.sound(KEY)
    assert len(saved.said) == 1


@pytest.mark.parametrize("damage", [cut, flip, empty, make_unreadable, Path.unlink])
def test_reading_a_damaged_table_says_which_file_it_is(damage, saved):
    damage(folder_of(saved) / "daily.parquet")
    with pytest.raises(DamagedRunError, match=r"daily\.parquet .*`sim store verify`"):
        saved.columns(KEY, "daily")


def test_no_flipped_bit_of_a_metric_is_read_as_another_number(saved):
    path = folder_of(saved) / "run.parquet"
    data = bytearray(path.read_bytes())
    data[data.index(struct.pack("<d", 3.0))] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedRunError, match=r"run\.parquet"):
        saved.facts(KEY)


def test_a_message_of_the_store_survives_the_way_from_a_worker():
    for error in (DamagedRunError("x is damaged"), StoreError("the disk is full")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


def refuse(number: int) -> Callable[..., None]:
    def write(path: Path, data: bytes) -> None:
        path.write_bytes(b"the beginning")
        raise OSError(number, os.strerror(number))

    return write


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "no permission")],
)
def test_a_disk_that_takes_no_more_is_one_clear_sentence_and_leaves_nothing(number, words, saved, monkeypatch):
    monkeypatch.setattr(store_module, "write_file", refuse(number))
    key = replace(KEY, replication=5)
    for keep in (lambda: saved.save(key, tables(), facts()), lambda: saved.save_pair(key, NO_EXCHANGE, {"x": 1.0})):
        with pytest.raises(StoreError, match=words) as caught:
            keep()
        assert str(saved.root) in str(caught.value)
        assert "finished runs are kept" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert parts(saved) == []
    assert not saved.has(key)
    assert saved.sound(KEY)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="no permission"):
        Store(tmp_path / "store").save(KEY, tables(), facts())


@pytest.mark.parametrize("place", ["", "runs", "parts"])
def test_a_file_in_the_way_of_a_folder_is_named(place, tmp_path):
    path = tmp_path / "store" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("not a folder")
    with pytest.raises(StoreError, match=f"{path} is a file where a folder should be"):
        Store(tmp_path / "store").save(KEY, tables(), facts())
    assert path.read_text() == "not a folder"


def test_paired_metrics_come_back_as_they_were_saved(store):
    assert not store.has_pair(KEY, NO_EXCHANGE)
    store.save_pair(KEY, NO_EXCHANGE, {"arrivals_avoided": 12.5, "ratio": float("nan")})
    found = store.pair(KEY, NO_EXCHANGE)
    assert store.has_pair(KEY, NO_EXCHANGE)
    assert not store.has_pair(KEY, "f" * 16)
    assert found.pop("arrivals_avoided") == 12.5
    assert isnan(found.pop("ratio"))
    assert found == {}


@pytest.mark.parametrize("damage", [cut, empty, make_unreadable])
def test_a_damaged_pair_is_set_aside_and_counts_as_not_there(damage, store):
    store.save_pair(KEY, NO_EXCHANGE, {"arrivals_avoided": 12.5})
    damage(KEY.pair_file(store.root, NO_EXCHANGE))
    with pytest.raises(DamagedRunError):
        store.pair(KEY, NO_EXCHANGE)
    assert not store.has_pair(KEY, NO_EXCHANGE)
    assert len(store.said) == 1
    store.save_pair(KEY, NO_EXCHANGE, {"arrivals_avoided": 12.5})
    assert store.has_pair(KEY, NO_EXCHANGE)


def test_no_flipped_bit_changes_a_paired_metric_unnoticed(store):
    metrics = {"arrivals_avoided": 12.5, "deaths_avoided": 1.0}
    store.save_pair(KEY, NO_EXCHANGE, metrics)
    path = KEY.pair_file(store.root, NO_EXCHANGE)
    whole = path.read_bytes()
    noticed = 0
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            assert store.pair(KEY, NO_EXCHANGE) == metrics
        except DamagedRunError:
            noticed += 1
    assert noticed > len(whole) / 6


def test_a_scenario_is_noted_once_with_its_name_and_overrides(store):
    scenario = toy({"patrols.units": 3})
    store.note(scenario)
    store.note(replace(scenario, name="same under another name"))
    (path,) = (store.root / "scenarios").glob("*.json")
    note = json.loads(path.read_text())
    assert path.stem == note["hash"] == scenario.scenario_hash
    assert note["name"] == scenario.name
    assert "patrols.units=3" in note["overrides"]
