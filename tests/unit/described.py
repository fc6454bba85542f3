"""What the data dictionary says of the tables that a command has left in a folder."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.dictionary import Column, described, gaps
from sim.dictionary.declared import ANY, DATE, FLAG, NUMBER, TEXT, WHOLE


def faults(folder: Path) -> list[str]:
    """Columns that are not declared or gone, of another kind than declared, or with values that are not listed."""
    found = []
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path)
        wrong = gaps(path.stem, table.column_names)
        found += wrong or _wrong_columns(path.stem, table)
    return found


def _wrong_columns(name: str, table: pa.Table) -> list[str]:
    _, declared = described(name, table.column_names)
    found = []
    for field in table.schema:
        column = declared.column(field.name)
        if not _is_of_kind(field.type, column.kind):
            found.append(f"{name}.{field.name} is {field.type}, declared as {column.kind}")
        elif column.values:
            found += [f"{name}.{field.name} holds {value!r}" for value in _unlisted(table[field.name], column)]
    return found


def _is_of_kind(kind: pa.DataType, declared: str) -> bool:
    if pa.types.is_null(kind):
        return True  # nothing but missing values
    if pa.types.is_boolean(kind):
        return declared == FLAG
    if pa.types.is_integer(kind):
        return declared == WHOLE
    if pa.types.is_floating(kind):
        return declared in (NUMBER, ANY)
    return declared in ((DATE,) if pa.types.is_temporal(kind) else (TEXT, DATE, ANY))


def _unlisted(values: pa.ChunkedArray, column: Column) -> list[str]:
    return [value for value in pc.unique(values).to_pylist() if value and value not in column.values]
