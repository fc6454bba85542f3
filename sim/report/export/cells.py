"""Columns as a CSV file holds them: plain text that is no formula, numbers without noise, missing values empty."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.domain.randomness import Floats

DIGITS = 15
"""Significant digits of a number: as many as any double holds for certain."""
MOST_EXACT = 22  # the largest power of ten that a double holds exactly
POWERS = np.array([float(f"1e{exponent}") for exponent in range(MOST_EXACT + 1)])
FORMULA = r"^(\s*[=+\-@＝＋－＠]|[\t\r\n])"
"""How text begins that a spreadsheet may read as a formula or command."""
PLAIN_NUMBER = r"^[+-]?[0-9][0-9,]*(\.[0-9]+)?([eE][+-]?[0-9]+)? ?%?$"
GUARD = "'"


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The columns as they are written: text, numbers, booleans and dates."""
    names = [guarded(pa.array([name]))[0].as_py() for name in schema.names]
    return pa.schema([(name, _type(field.type)) for name, field in zip(names, schema, strict=True)])


def plain_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Rows in the columns of `plain_schema`."""
    columns = [_column(column, field.type) for column, field in zip(batch.columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def guarded(text: pa.Array) -> pa.Array:
    """Text with an apostrophe in front where a spreadsheet would take it for a formula; empty text is missing.

    >>> guarded(pa.array(["=1+1", "-10%", "pilot", ""])).to_pylist()
    ["'=1+1", '-10%', 'pilot', None]
    """
    risky = pc.and_not(pc.match_substring_regex(text, FORMULA), pc.match_substring_regex(text, PLAIN_NUMBER))
    safe = pc.if_else(risky, pc.binary_join_element_wise(GUARD, text, ""), text)
    return pc.if_else(pc.equal(safe, ""), pa.scalar(None, text.type), safe)


def without_noise(values: Floats) -> Floats:
    """Numbers to `DIGITS` significant digits, so that they are written as short as they were meant; shape (rows,).

    >>> without_noise(np.array([0.1 + 0.2, 2 / 3, 0.0, 1e-30])).tolist()
    [0.3, 0.666666666666667, 0.0, 1e-30]
    """
    found = np.array(values)
    known = np.isfinite(found) & (found != 0)
    places = DIGITS - 1 - np.floor(np.log10(np.abs(found, where=known, out=np.ones_like(found))))
    exact = known & (places >= 0) & (places <= MOST_EXACT)
    scale = POWERS[places[exact].astype(int)]
    found[exact] = np.rint(found[exact] * scale) / scale
    tiny = known & (places > MOST_EXACT)
    found[tiny] = [float(f"{value:.{DIGITS}g}") for value in found[tiny]]
    return found


def _type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(kind):
        return pa.date32()  # every moment in a table is the beginning of a day
    is_plain = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
    return kind if is_plain or pa.types.is_date(kind) else pa.string()


def _column(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """One column as it is written."""
    if pa.types.is_string(kind):
        return guarded(column.cast(pa.string()))
    if pa.types.is_floating(kind):
        known = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
        if not pa.types.is_float64(kind):
            return known  # Arrow writes the shortest number that is the same in its own precision
        clean = without_noise(known.to_numpy(zero_copy_only=False))
        return pa.array(clean, mask=np.isnan(clean))
    return column.cast(kind, safe=False)
