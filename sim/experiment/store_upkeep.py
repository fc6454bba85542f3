"""Upkeep of the store: what it holds, whether it is still what was written, and taking out what is no longer wanted.

Runs that another process is writing lie under `parts/` and are never touched: `sweep_parts` takes away only those
whose process is gone.
"""

import json
import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import gethostname

from sim.experiment.store import RUN, RunKey, Store
from sim.experiment.store_files import (
    DAMAGED,
    MANIFEST,
    PAIRS,
    PARTS,
    RUNS,
    SCENARIOS,
    DamagedRunError,
    are_there,
    disk,
    part,
    read_manifest,
    write_manifest,
)

DAY_S = 86_400
HEX = "[0-9a-f]{16}"
KEY = re.compile(rf"code=({HEX})/scenario=({HEX})/replication=(\d+)$")
PAIR = re.compile(rf"code=({HEX})/scenario=({HEX})/baseline=({HEX})/(\d+)\.parquet$")
KEPT = f"{RUN}.parquet"
EARLIER = re.compile(rf"{HEX}-{HEX}$")
"""Folders of the first layout, `<scenario>-<code>/<replication>`, which nothing reads any more."""


@dataclass(frozen=True, slots=True)
class Group:
    """All replications of a scenario with one version of the code.

    `name` is the one noted, if any; `whole` counts the runs that hold their tables and not just their metrics;
    `newest` is local time.
    """

    code: str
    scenario: str
    name: str
    replications: int
    whole: int
    bytes: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What `verify` read: how many runs and pairs, and a sentence for each one that was damaged and set aside."""

    runs: int
    pairs: int
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What `prune` takes out.

    Runs of another code than `this_code`, runs of these scenarios, or those that are both; with `tables` only their
    tables (of all runs, if neither is asked for), so that a sweep still counts the run as finished. Besides: what was
    set aside as damaged, and what processes that are gone left unfinished.
    """

    this_code: str
    other_code: bool = False
    scenarios: Collection[str] | None = None
    tables: bool = False
    damaged: bool = False
    parts: bool = False

    def covers(self, code: str, scenario: str) -> bool:
        """Whether a run, or at least its tables, is to be taken out."""
        asked = self.other_code or self.scenarios is not None or self.tables
        is_spared = self.other_code and code == self.this_code
        return asked and not is_spared and (self.scenarios is None or scenario in self.scenarios)


@dataclass(frozen=True, slots=True)
class Freed:
    """What was (or would be) taken out: runs or their tables, pairs, other folders, and bytes in all."""

    runs: int
    pairs: int
    others: int
    bytes: int


def keys(store: Store) -> Iterator[RunKey]:
    """Every run in its place, whole or damaged, in the order of the paths."""
    for folder in sorted((store.root / RUNS).glob("*/*/*")):
        if found := KEY.search(folder.as_posix()):
            code, scenario, replication = found.groups()
            yield RunKey(scenario, code, int(replication))


def pairs(store: Store) -> Iterator[tuple[RunKey, str]]:
    """Every pair in its place: the run, and the hash of its baseline."""
    for path in sorted((store.root / PAIRS).glob("*/*/*/*")):
        if found := PAIR.search(path.as_posix()):
            code, scenario, baseline, replication = found.groups()
            yield RunKey(scenario, code, int(replication)), baseline


def names(store: Store) -> dict[str, str]:
    """The names under which scenarios were first run, by hash, as far as they are noted."""
    found = {}
    for path in sorted((store.root / SCENARIOS).glob("*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):  # a damaged note costs a name, no run
            found[path.stem] = str(json.loads(path.read_bytes())["name"])
    return found


def listed(store: Store) -> list[Group]:
    """What the store holds, a row a scenario and version of the code, the newest first."""
    groups: dict[tuple[str, str], list[tuple[bool, int, float]]] = defaultdict(list)
    for key in keys(store):
        with suppress(OSError):  # taken out by another process in the meantime
            groups[key.code_hash, key.scenario_hash].append(_told(store, key))
    known = names(store)
    rows = []
    for (code, scenario), runs in groups.items():
        whole, sizes, dates = zip(*runs, strict=True)
        newest = datetime.fromtimestamp(max(dates))
        rows.append(Group(code, scenario, known.get(scenario, ""), len(runs), sum(whole), sum(sizes), newest))
    return sorted(rows, key=lambda row: row.newest, reverse=True)


def _told(store: Store, key: RunKey) -> tuple[bool, int, float]:
    """Whether a run holds its tables, its size in bytes and its date (seconds since 1970)."""
    folder = key.folder(store.root)
    try:
        files = read_manifest(folder, key.about)
    except DamagedRunError:
        return False, size_of(folder), folder.stat().st_mtime
    whole = len(files) > 1 and are_there(folder, files, list(files))
    return whole, sum(size for size, _ in files.values()), (folder / MANIFEST).stat().st_mtime


def verify(store: Store) -> Checked:
    """Read every byte of every run and pair; what is damaged is set aside.

    Raises:
        StoreError: something is damaged and cannot be set aside.
    """
    said: list[str] = []
    looking = Store(store.root, said.append)
    runs = [looking.sound(key) for key in keys(store)]
    checked = [looking.has_pair(key, baseline) for key, baseline in pairs(store)]
    return Checked(len(runs), len(checked), tuple(said))


def prune(store: Store, unwanted: Unwanted, dry_run: bool = False) -> Freed:
    """Take out what is unwanted; `dry_run` only counts it.

    Raises:
        StoreError: something cannot be taken out.
    """
    chosen = [key for key in keys(store) if unwanted.covers(key.code_hash, key.scenario_hash)]
    if unwanted.tables:
        runs, paired = [_strip(store, key, dry_run) for key in chosen], []
    else:
        runs = [_remove(store, key.folder(store.root), dry_run) for key in chosen]
        gone = [(key, base) for key, base in pairs(store) if unwanted.covers(key.code_hash, key.scenario_hash)]
        paired = [_remove(store, key.pair_file(store.root, base), dry_run) for key, base in gone]
    others = [_remove(store, path, dry_run) for path in _others(store, unwanted)]
    freed = sum(1 for size in runs if size)
    return Freed(freed, len(paired), len(others), sum(runs) + sum(paired) + sum(others))


def _others(store: Store, unwanted: Unwanted) -> list[Path]:
    """What lies in the store besides runs and pairs and is unwanted."""
    paths = list((store.root / DAMAGED).glob("*")) if unwanted.damaged else []
    paths += dead_parts(store) if unwanted.parts else []
    earlier = unwanted.other_code and unwanted.scenarios is None and not unwanted.tables
    return paths + (earlier_runs(store) if earlier else [])


def earlier_runs(store: Store) -> list[Path]:
    """Folders of the first layout."""
    return [path for path in sorted(store.root.glob("*-*")) if EARLIER.search(path.name)]


def _strip(store: Store, key: RunKey, dry_run: bool) -> int:
    """Take out the tables of a run but not its metrics; returns bytes freed, 0 if it has none or is damaged."""
    folder = key.folder(store.root)
    try:
        files = read_manifest(folder, key.about)
    except DamagedRunError:
        return 0
    tables = [name for name in files if name != KEPT]
    if KEPT in files and tables and not dry_run:
        with disk("take the tables out of", folder), part(store.root) as place:
            # the manifest first: a kill in between leaves files that nobody counts on, and no damage
            write_manifest(place, key.about, {KEPT: files[KEPT]})
            os.replace(place / MANIFEST, folder / MANIFEST)
            for name in tables:
                (folder / name).unlink(missing_ok=True)
    return sum(files[name][0] for name in tables)


def _remove(store: Store, path: Path, dry_run: bool) -> int:
    """Take out a folder or file, which disappears at once; returns bytes freed."""
    size = size_of(path)
    if dry_run:
        return size
    with disk("take out", path), part(store.root) as place:
        try:
            os.rename(path, place / path.name)
        except FileNotFoundError:  # another process did it
            return 0
        if (place / path.name).is_dir():
            shutil.rmtree(place / path.name)
    for folder in path.relative_to(store.root).parents[:-2]:
        with suppress(OSError):  # other runs are in it
            (store.root / folder).rmdir()
    return size


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    size = 0
    for file in files:
        with suppress(FileNotFoundError):  # another process is at work in it
            size += file.lstat().st_size if not file.is_dir() else 0
    return size


def other_versions(store: Store, code_hash: str) -> int:
    """Of how many other versions of the model's code the store holds runs."""
    return sum(path.name != f"code={code_hash}" for path in (store.root / RUNS).glob("code=*"))


def sweep_parts(store: Store) -> int:
    """Take away what processes that are gone left unfinished under `parts/`; returns how many runs and files.

    Raises:
        StoreError: one cannot be taken away.
    """
    dead = dead_parts(store)
    for path in dead:
        with disk("take out", path), suppress(FileNotFoundError):  # another process did it
            shutil.rmtree(path)
    return len(dead)


def dead_parts(store: Store) -> list[Path]:
    """Parts whose process is gone: not alive on this host, or on another host and older than a day."""
    return [path for path in sorted((store.root / PARTS).glob("*-*-*")) if not _may_be_written(path)]


def _may_be_written(path: Path) -> bool:
    host, process, _ = path.name.rsplit("-", 2)
    if host == gethostname() and process.isdecimal():
        return _is_alive(int(process))
    try:
        return time.time() - path.stat().st_mtime < DAY_S
    except FileNotFoundError:
        return True


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
