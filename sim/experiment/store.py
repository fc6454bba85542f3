"""The store of finished runs: one folder a run, keyed by model code, scenario and replication.

A run's folder appears whole, by one rename, after all its tables are written: a crash or a kill loses at most the
runs in flight, and a finished run is never run again. Any number of processes may write at once, without a lock.
The layout is hive style, so that a database reads the keys from the paths (`sim.experiment.store_view`).
"""

import errno
import json
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pyarrow as pa

from sim.experiment.store_files import (
    DAMAGED,
    PAIRS,
    RUNS,
    SCENARIOS,
    DamagedRunError,
    Files,
    StoreError,
    are_there,
    damage,
    disk,
    parquet,
    parquet_row,
    part,
    read_manifest,
    read_parquet,
    write_file,
    write_manifest,
)
from sim.records.parquet import to_arrow
from sim.records.tidy import Coded, Columns

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

__all__ = ["DamagedRunError", "RunKey", "Store", "StoreError"]

FACTS = ("seed", "events", "wall_s")
RUN = "run"
"""The table of one row that holds the metrics and the facts of a run."""
CHECKSUM = b"crc32"


@dataclass(frozen=True, slots=True)
class RunKey:
    """What a run's tables depend on, and nothing else."""

    scenario_hash: str
    code_hash: str
    replication: int

    def folder(self, store: Path) -> Path:
        """Where the run is kept."""
        return store / RUNS / f"code={self.code_hash}" / f"scenario={self.scenario_hash}" / self._number

    def pair_file(self, store: Path, baseline_hash: str) -> Path:
        """Where the paired metrics of this run and the same replication of a baseline are kept."""
        keys = (f"code={self.code_hash}", f"scenario={self.scenario_hash}", f"baseline={baseline_hash}")
        return store.joinpath(PAIRS, *keys, f"{self.replication:05d}.parquet")

    @property
    def _number(self) -> str:
        return f"replication={self.replication:05d}"

    @property
    def about(self) -> dict[str, Any]:
        """The key as the run's manifest has it."""
        return {"code": self.code_hash, "scenario": self.scenario_hash, "replication": self.replication}


class Store:
    """Finished runs under one folder. `on_damage` is told, in a sentence, of each damaged run that is set aside."""

    def __init__(self, root: Path, on_damage: Callable[[str], None] | None = None) -> None:
        self.root = root
        self.on_damage = on_damage

    def has(self, key: RunKey, tables: Collection[str] | None = None) -> bool:
        """Whether the run is finished and its files, or those of these tables, are there in full size."""
        files = self._files(key)
        if files is None:
            return False
        wanted = list(files) if tables is None else [f"{name}.parquet" for name in tables]
        return are_there(key.folder(self.root), files, wanted)

    def sound(self, key: RunKey, tables: Collection[str] | None = None) -> bool:
        """Whether the run is finished, holds these tables, and every byte of it is what was written.

        A damaged run is set aside under `damaged/`, named through `on_damage`, and counts as not there.

        Raises:
            StoreError: it is damaged and cannot be set aside.
        """
        folder = key.folder(self.root)
        problem = self._problem(key)
        if problem:
            self.set_aside(folder, problem)
        return not problem and self.has(key, tables)

    def save(self, key: RunKey, tables: dict[str, Columns], facts: dict[str, Any]) -> None:
        """Keep a finished run: its tables, and its facts (`metrics`, `seed`, `events`, `wall_s`) as the table `run`.

        If the same run is there already with all these tables, that one stays.

        Raises:
            StoreError: the disk is full, read-only or in some other way does not take it; nothing is left behind.
        """
        metrics = {name: float(value) for name, value in facts["metrics"].items()}
        with disk("keep the run", key.folder(self.root)), part(self.root) as place:
            new = place / "new"
            new.mkdir()
            content = {name: parquet(to_arrow(columns)) for name, columns in tables.items()}
            content[RUN] = parquet_row({**{name: facts[name] for name in FACTS}, **metrics})
            files = {f"{name}.parquet": write_file(new / f"{name}.parquet", data) for name, data in content.items()}
            write_manifest(new, key.about, files)
            self._put(new, key, list(content))

    def _put(self, new: Path, key: RunKey, tables: list[str]) -> None:
        """Move a whole run to its place by one rename, unless another process was first."""
        while not _renamed(new, key.folder(self.root)):
            if self.has(key, tables):
                return
            self._clear(key, new.parent)

    def _clear(self, key: RunKey, place: Path) -> None:
        """Make way for a run that holds more than the one there, which is thrown away with `place` unless damaged."""
        folder = key.folder(self.root)
        problem = self._problem(key)
        if problem:
            self.set_aside(folder, problem)
        else:
            with suppress(FileNotFoundError):  # another process moved it away
                os.rename(folder, mkdtemp(dir=place))

    def set_aside(self, path: Path, problem: str) -> None:
        """Move a damaged run or file to `damaged/` and say so.

        Raises:
            StoreError: it cannot be moved.
        """
        with disk("set aside", path):
            damaged = self.root / DAMAGED
            damaged.mkdir(exist_ok=True)
            place = Path(mkdtemp(prefix=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-", dir=damaged))
            target = place / path.relative_to(self.root)
            target.parent.mkdir(parents=True)
            try:
                os.rename(path, target)
            except FileNotFoundError:  # another process did it
                return
        if self.on_damage:
            self.on_damage(f"{problem}; set aside in {place}")

    def facts(self, key: RunKey) -> dict[str, Any]:
        """`metrics` (a mapping), `seed`, `events` and `wall_s` (seconds) of a finished run.

        Raises:
            DamagedRunError: they cannot be read.
        """
        row = read_parquet(key.folder(self.root) / f"{RUN}.parquet", threads=False).to_pylist()[0]
        facts = {name: row.pop(name) for name in FACTS}
        return {"metrics": row, **facts}

    def arrow(self, key: RunKey, table: str) -> pa.Table:
        """One table of a finished run.

        Raises:
            DamagedRunError: it is missing or damaged.
        """
        return read_parquet(key.folder(self.root) / f"{table}.parquet")

    def columns(self, key: RunKey, table: str) -> Columns:
        """One table of a finished run as columns; errors as `arrow`."""
        columns: Columns = {}
        for name, chunked in zip((t := self.arrow(key, table)).column_names, t.columns, strict=True):
            array = chunked.combine_chunks()
            if pa.types.is_dictionary(array.type):
                codes = array.indices.to_numpy(zero_copy_only=False)
                columns[name] = Coded(codes, array.dictionary.to_numpy(zero_copy_only=False))
            else:
                columns[name] = array.to_numpy(zero_copy_only=False)
        return columns

    def has_pair(self, key: RunKey, baseline_hash: str) -> bool:
        """Whether the paired metrics of a run and its baseline are there; a damaged file is set aside.

        Raises:
            StoreError: it is damaged and cannot be set aside.
        """
        path = key.pair_file(self.root, baseline_hash)
        if not path.exists():
            return False
        try:
            self.pair(key, baseline_hash)
        except DamagedRunError as error:
            self.set_aside(path, error.problem)
            return False
        return True

    def save_pair(self, key: RunKey, baseline_hash: str, metrics: Mapping[str, float]) -> None:
        """Keep the paired metrics of a run and the same replication of its baseline.

        Raises:
            StoreError: the disk does not take it.
        """
        path = key.pair_file(self.root, baseline_hash)
        row: dict[str, Any] = {
            "replication": key.replication,
            **{name: float(value) for name, value in metrics.items()},
        }
        self._write("keep the paired metrics", path, parquet_row(row, {CHECKSUM: str(_checksum(row))}))

    def pair(self, key: RunKey, baseline_hash: str) -> dict[str, float]:
        """The paired metrics of a run and the same replication of its baseline.

        Raises:
            DamagedRunError: they are missing or damaged.
        """
        path = key.pair_file(self.root, baseline_hash)
        table = read_parquet(path, threads=False)
        rows, said = table.to_pylist(), (table.schema.metadata or {}).get(CHECKSUM, b"")
        if len(rows) != 1 or said != str(_checksum(rows[0])).encode() or rows[0].pop("replication") != key.replication:
            raise DamagedRunError(f"{path} has changed since it was written (checksum)")
        metrics: dict[str, float] = rows[0]
        return metrics

    def note(self, scenario: "Scenario") -> None:
        """Write down once under which name, file and overrides the scenario of a hash was run.

        Raises:
            StoreError: the disk does not take it.
        """
        hash_ = scenario.scenario_hash
        path = self.root / SCENARIOS / f"{hash_}.json"
        if path.exists():
            return
        given = scenario.overrides
        changed = [f"{name}={value}" for name, value in given.items()] if isinstance(given, Mapping) else list(given)
        told = {"name": scenario.name, "file": scenario.source_file, "question": scenario.question}
        note = {"hash": hash_, **told, "overrides": changed}
        self._write("note the scenario", path, json.dumps(note).encode())

    def _write(self, doing: str, path: Path, data: Any) -> None:
        """Write one file, which appears whole."""
        with disk(doing, path), part(self.root) as place:
            write_file(place / path.name, data)
            while not _renamed(place / path.name, path):
                pass

    def _problem(self, key: RunKey) -> str | None:
        """What is wrong with a run that is there; another process may replace or prune it: so a second look."""
        folder = key.folder(self.root)
        for _ in range(2):
            problem = damage(folder, key.about) if folder.exists() else None
            if not problem:
                break
        return problem

    def _files(self, key: RunKey) -> Files | None:
        """What the manifest of a run lists; None without a manifest that can be trusted."""
        try:
            return read_manifest(key.folder(self.root), key.about)
        except DamagedRunError:
            return None


def _renamed(new: Path, path: Path) -> bool:
    """Rename a folder or file, or say that a folder stands in its place or that the one around it was just pruned."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(new, path)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST) or (error.errno == errno.ENOENT and new.exists()):
            return False
        raise
    return True


def _checksum(row: Mapping[str, Any]) -> int:
    return crc32(repr(sorted(row.items())).encode())
