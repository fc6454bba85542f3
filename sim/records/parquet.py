"""Tables to Parquet and back. A file appears whole or not at all: written under another name, then renamed."""

import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.records.tidy import Coded, Columns


def to_arrow(columns: Columns) -> pa.Table:
    """A table in memory; `Coded` columns become dictionaries."""
    arrays = {
        name: pa.DictionaryArray.from_arrays(pa.array(column.codes.astype(np.int32)), pa.array(column.names.tolist()))
        if isinstance(column, Coded)
        else pa.array(column)
        for name, column in columns.items()
    }
    return pa.table(arrays)


def plain_text(table: pa.Table) -> pa.Table:
    """The same table with dictionary columns as plain text, as a reader expects them."""
    for i, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(i, column.name, table.column(i).cast(pa.string()))
    return table


def write(table: pa.Table, path: Path) -> None:
    """Write one Parquet file atomically. The bytes depend on the rows alone."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    pq.write_table(table, part, compression="zstd")
    os.replace(part, path)


class Stream:
    """A Parquet file written frame by frame, so that it need not fit into memory; it appears whole, when finished."""

    def __init__(self, path: Path, rows: int = 50_000) -> None:
        self.path, self.rows = path, rows
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._waiting: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None

    def add(self, table: pa.Table) -> None:
        """More rows, with the columns of those before."""
        self._waiting.append(table)
        if sum(map(len, self._waiting)) >= self.rows:
            self._flush()

    def finish(self) -> None:
        """Everything is there: the file appears; without any row there is none."""
        self._flush()
        if self._writer is None:
            self.path.unlink(missing_ok=True)
            return
        self._writer.close()
        self._writer = None
        os.replace(self._part, self.path)

    def drop(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._part.unlink(missing_ok=True)

    def _flush(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting, promote_options="default")
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._part, table.schema, compression="zstd")
        self._writer.write_table(table.cast(self._writer.schema))
        self._waiting = []
