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
