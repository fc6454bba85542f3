"""The store as a database: DuckDB views over the Parquet files, which stay where they are and are read as needed."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.store import RUN, Store
from sim.experiment.store_files import PAIRS, RUNS, SCENARIOS

if TYPE_CHECKING:
    import duckdb

KEYS = ("code", "scenario", "replication")
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*$")


def connect(store: Store, only: Collection[str] | None = None) -> "duckdb.DuckDBPyConnection":
    """A DuckDB connection in memory with these views, or `only` some of them (each costs a look at all its files).

    `runs`: a row a run: code, scenario (hashes), replication, seed, wall_s, events and every metric. `pairs`: a row a
    run and baseline (hash), every paired metric. `scenarios`: hash, name, file, question, overrides. And one for each
    table that a run holds (`daily`, `people` and so on), with code, scenario and replication in front.

    Runs of another version of the code may have other columns: what a run lacks is NULL. Nothing is ever written.

    Raises:
        ModuleNotFoundError: DuckDB is not installed.
    """
    import duckdb

    connection = duckdb.connect()
    for name, definition in _views(store.root):
        if only is None or name in only:
            connection.execute(f'CREATE VIEW "{name}" AS {definition}')
    return connection


def view_names(store: Store) -> list[str]:
    """The views that this store has."""
    return [name for name, _ in _views(store.root)]


def mentioned(sql: str, store: Store) -> list[str]:
    """The views whose name occurs in a query, whatever it is there."""
    words = set(re.findall(r"\w+", sql.lower()))
    return [name for name in view_names(store) if name in words]


def _views(root: Path) -> Iterator[tuple[str, str]]:
    """Name and definition of each view that has files."""
    if next((root / SCENARIOS).glob("*.json"), None):
        yield "scenarios", _scenarios(root)
    if next((root / PAIRS).glob("*/*/*/*.parquet"), None):
        keys = ("code", "scenario", "baseline")
        yield "pairs", _parquet(root / PAIRS / "*" / "*" / "*" / "*.parquet", keys, (*keys, "replication"))
    for table in _tables(root):
        yield (
            ("runs" if table == RUN else table),
            _parquet(root / RUNS / "*" / "*" / "*" / f"{table}.parquet", KEYS, KEYS),
        )


def _tables(root: Path) -> list[str]:
    """The tables that some run holds. Replications of a scenario hold much the same: every one is looked at."""
    found = {path.stem for path in (root / RUNS).glob("*/*/*/*.parquet")}
    return sorted(name for name in found if IDENTIFIER.match(name))


def _parquet(files: Path, keys: Collection[str], first: Collection[str]) -> str:
    """Files whose `keys` are read from their paths, with the columns `first` in front."""
    types = ", ".join(f"'{key}': {'INTEGER' if key == 'replication' else 'VARCHAR'}" for key in keys)
    front = ", ".join(first)
    options = f"hive_partitioning = true, hive_types = {{{types}}}, union_by_name = true"
    return f"SELECT {front}, * EXCLUDE ({front}) FROM read_parquet({_quoted(files)}, {options})"


def _scenarios(root: Path) -> str:
    columns = "{hash: 'VARCHAR', name: 'VARCHAR', file: 'VARCHAR', question: 'VARCHAR', overrides: 'VARCHAR[]'}"
    return (
        f"SELECT * FROM read_json({_quoted(root / SCENARIOS / '*.json')}, columns = {columns}, ignore_errors = false)"
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
