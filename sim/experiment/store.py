"""The store of finished runs: one folder a run, keyed by scenario, model code and replication.

A run's folder appears whole, by one rename, after all its tables are written: a crash or a kill loses at most the
runs in flight, and a finished run is never run again.
"""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.records.parquet import to_arrow, write
from sim.records.tidy import Coded, Columns

DONE = "run.json"


@dataclass(frozen=True, slots=True)
class RunKey:
    """What a run's tables depend on, and nothing else."""

    scenario_hash: str
    code_hash: str
    replication: int

    def folder(self, store: Path) -> Path:
        """Where the run is kept."""
        return store / f"{self.scenario_hash}-{self.code_hash}" / f"{self.replication:05d}"


class Store:
    """Finished runs under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def has(self, key: RunKey, tables: set[str] | None = None) -> bool:
        """Whether the run is finished and holds these tables besides."""
        folder = key.folder(self.root)
        return (folder / DONE).exists() and all((folder / f"{name}.parquet").exists() for name in tables or ())

    def save(self, key: RunKey, tables: dict[str, Columns], facts: dict[str, Any]) -> None:
        """Keep a finished run: tables as Parquet, facts (metrics, seed, time) as JSON."""
        folder = key.folder(self.root)
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        for name, columns in tables.items():
            write(to_arrow(columns), part / f"{name}.parquet")
        (part / DONE).write_text(json.dumps(facts, sort_keys=True))
        part.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(part, folder)

    def facts(self, key: RunKey) -> dict[str, Any]:
        """Metrics, seed and time of a finished run."""
        facts: dict[str, Any] = json.loads((key.folder(self.root) / DONE).read_text())
        return facts

    def arrow(self, key: RunKey, table: str) -> pa.Table:
        """One table of a finished run."""
        return pq.read_table(key.folder(self.root) / f"{table}.parquet")

    def columns(self, key: RunKey, table: str) -> Columns:
        """One table of a finished run as columns."""
        columns: Columns = {}
        for name, chunked in zip((t := self.arrow(key, table)).column_names, t.columns, strict=True):
            array = chunked.combine_chunks()
            if pa.types.is_dictionary(array.type):
                codes = array.indices.to_numpy(zero_copy_only=False)
                columns[name] = Coded(codes, array.dictionary.to_numpy(zero_copy_only=False))
            else:
                columns[name] = array.to_numpy(zero_copy_only=False)
        return columns
