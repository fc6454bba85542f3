"""Tables of a results folder as CSV: streamed batch by batch, with a dictionary of their columns and a note on the run.

A file appears whole or not at all. Millions of rows need no more memory than a batch of them.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sim.dictionary import Column, described
from sim.dictionary.declared import ANY, NUMBER, TEXT
from sim.experiment.results import Results
from sim.report.export.cells import plain_batch, plain_schema
from sim.report.export.notes import notes
from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import shown

CSV = "csv"
FORMATS = (CSV,)
BATCH_ROWS = 100_000
REPLICATION = "replication"
HEAD = ("table", "column", "type", "unit", "meaning")
UNKNOWN = "Not in the data dictionary: written by another version of sim."
DICTIONARY, NOTES = "dictionary.csv", "README.txt"
Progress = Callable[[int, int], None]
"""Told rows written and rows in all."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to export, checked: tables of a finished folder, all rows or those of one replication, and where to."""

    found: Results
    tables: tuple[str, ...]
    replication: int | None
    folder: Path

    def table(self, name: str) -> pq.ParquetFile:
        """A table, its columns unread."""
        return pq.ParquetFile(self.found.folder / f"{name}.parquet")


def read_export(
    found: Results, kind: str = CSV, tables: str | None = None, replication: int | None = None, out: Path | None = None
) -> Export:
    """What is asked for, checked: `tables` with commas between (default: all), `out` (default: `csv/` in the folder).

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    known = sorted(path.stem for path in found.folder.glob("*.parquet"))
    wanted = known if tables is None else list(dict.fromkeys(part.strip() for part in tables.split(",")))
    problems = [] if kind in FORMATS else [Problem("--format", "is unknown", shown(kind), ", ".join(FORMATS))]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        message = f"{found.folder} has no such table"
        problems.append(Problem("--tables", message, ", ".join(map(shown, unknown)), ", ".join(known)))
    folder = out or found.folder / CSV
    if folder.exists() and not folder.is_dir():
        problems.append(Problem("--out", "is a file", str(folder), "a folder, which may be new"))
    export = Export(found, tuple(name for name in wanted if name in known), replication, folder)
    if replication is not None:
        problems += _replication_problems(export, known)
    if problems:
        raise ScenarioError(problems)
    return export


def write_export(export: Export, progress: Progress | None = None) -> Iterator[Path]:
    """Write the tables one by one, then `dictionary.csv` and `README.txt`; yields each file once it is whole.

    Raises:
        OSError: a file cannot be written; of the one at hand nothing is left.
    """
    export.folder.mkdir(parents=True, exist_ok=True)
    counts = {name: export.table(name).metadata.num_rows for name in export.tables}
    done, total = 0, sum(counts.values())
    for name, rows in counts.items():
        for written in _write_table(export, name):
            if progress is not None:
                progress(done + written, total)
        done += rows
        yield export.folder / f"{name}.{CSV}"
    yield _write(export.folder / DICTIONARY, dictionary_of(export))
    with appearing(export.folder / NOTES) as part:
        part.write_text(notes(export.found, export.tables, export.replication), encoding="utf-8", newline="\n")
    yield export.folder / NOTES


def dictionary_of(export: Export) -> pa.Table:
    """A row a column of the tables exported: table, column, type, unit, meaning; words that it may hold in the meaning.

    Columns of an older version of the tool, which the dictionary does not know, say so.
    """
    units, rows = _units_of_settings(export.found), []
    for name in export.tables:
        schema = export.table(name).schema_arrow
        found = described(name, schema.names)
        for field in schema:
            column = found[1].column(field.name) if found else None
            if column is None:
                rows.append((name, field.name, str(field.type), "", UNKNOWN))
                continue
            words = "; ".join(f"{word}: {told}" if told else word for word, told in column.values.items())
            unit = units.get(field.name, column.unit) if column.like else column.unit
            meaning = f"{column.meaning} Values: {words}." if words else column.meaning
            rows.append((name, field.name, _kind(column, field.type), unit, meaning.replace("`", "")))
    cells = zip(*rows, strict=True) if rows else ((),) * len(HEAD)
    return pa.table(dict(zip(HEAD, (pa.array(list(column), pa.string()) for column in cells), strict=True)))


def _kind(column: Column, kind: pa.DataType) -> str:
    """What a column holds; one named by a setting holds numbers or words."""
    if column.kind != ANY:
        return column.kind
    return NUMBER if pa.types.is_floating(kind) or pa.types.is_integer(kind) else TEXT


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A name to write to; the file appears under its own once all went well, and else nothing is left of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _write_table(export: Export, name: str) -> Iterator[int]:
    """Write one table; yields the rows read so far, those of other replications included."""
    table = export.table(name)
    path, schema = export.folder / f"{name}.{CSV}", plain_schema(table.schema_arrow)
    groups, read = _row_groups(table, export.replication), 0
    with appearing(path) as part, pacsv.CSVWriter(part, schema) as file:
        for batch in table.iter_batches(BATCH_ROWS, groups):
            read += len(batch)
            file.write_batch(plain_batch(_of_replication(batch, export.replication), schema))
            yield read


def _write(path: Path, table: pa.Table) -> Path:
    """Write a small table."""
    schema = plain_schema(table.schema)
    with appearing(path) as part, pacsv.CSVWriter(part, schema) as file:
        for batch in table.to_batches():
            file.write_batch(plain_batch(batch, schema))
    return path


def _of_replication(batch: pa.RecordBatch, replication: int | None) -> pa.RecordBatch:
    """The rows of one replication, where rows have one."""
    if replication is None or REPLICATION not in batch.schema.names:
        return batch
    return batch.filter(pc.equal(batch[REPLICATION], replication))


def _row_groups(table: pq.ParquetFile, replication: int | None) -> list[int]:
    """The parts of a file that can hold rows of a replication."""
    groups = range(table.num_row_groups)
    if replication is None or REPLICATION not in table.schema_arrow.names:
        return list(groups)
    place = table.schema_arrow.names.index(REPLICATION)
    told = {number: table.metadata.row_group(number).column(place).statistics for number in groups}
    return [
        n for n, said in told.items() if said is None or not said.has_min_max or said.min <= replication <= said.max
    ]


def _replication_problems(export: Export, known: Sequence[str]) -> list[Problem]:
    """Whether any of the tables has rows of single replications, and the folder the one asked for."""
    with_one = [name for name in known if REPLICATION in export.table(name).schema_arrow.names]
    if not set(with_one) & set(export.tables or known):
        message = "none of these tables has rows of single replications"
        return [Problem("--replication", message, str(export.replication), f"with --tables {', '.join(with_one)}")]
    smallest = min(with_one, key=lambda name: export.table(name).metadata.num_rows)
    numbers = sorted(set(export.table(smallest).read([REPLICATION])[REPLICATION].to_pylist()))
    if export.replication in numbers:
        return []
    return [Problem("--replication", "was not run", str(export.replication), ", ".join(map(str, numbers)))]


def _units_of_settings(found: Results) -> dict[str, str]:
    """Units of the settings that name columns, as far as the folder tells them."""
    units: dict[str, str] = {}
    for name, key in (("dimensions", "setting"), ("parameters", "parameter")):
        if (found.folder / f"{name}.parquet").exists():
            table = found.table(name)
            units |= dict(zip(table[key], table["unit"], strict=True))
    return units
