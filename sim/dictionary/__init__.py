"""The data dictionary: every table that a command writes into a results folder, with each column's unit and meaning.

What a column means is declared once, in the file of its family; metrics, labels of events and stages, and many tables'
sentences are taken from the code that writes them. `tests/unit/test_dictionary.py` holds it to what runs write.
"""

from collections.abc import Sequence

from sim.dictionary.answers import ANSWERS
from sim.dictionary.calibrations import CALIBRATIONS
from sim.dictionary.coast import COAST
from sim.dictionary.declared import Column, Family, Table, all_of
from sim.dictionary.exchange import EXCHANGE
from sim.dictionary.forecasts import FORECASTS
from sim.dictionary.outcomes import OUTCOMES
from sim.dictionary.people import ONE_BY_ONE
from sim.dictionary.sweeps import SWEEPS

__all__ = ["FAMILIES", "Column", "Family", "Table", "all_of", "described", "gaps"]

FAMILIES = (OUTCOMES, COAST, EXCHANGE, ONE_BY_ONE, SWEEPS, ANSWERS, CALIBRATIONS, FORECASTS)


def described(name: str, columns: Sequence[str]) -> tuple[Family, Table] | None:
    """The declaration of a table of that name; of several the one that fits its columns best. None if there is none."""
    found = [(family, table) for family, table in all_of(FAMILIES) if table.covers(name)]
    return min(found, key=lambda each: _misfit(each[1], columns), default=None)


def gaps(name: str, columns: Sequence[str]) -> list[str]:
    """What of a table is not declared, or declared but not there; each says where to put that right."""
    found = described(name, columns)
    if found is None:
        return [f"table {name} is not in the data dictionary: declare it in the family it belongs to, sim/dictionary/"]
    family, table = found
    how = f"declare it in {family.place} with its unit and meaning"
    unknown = [f"{name}.{column} is not in the data dictionary: {how}" for column in table.unknown(columns)]
    gone = [f"{name} has no {column} any more: take it out of {family.place}" for column in table.absent(columns)]
    return unknown + gone


def _misfit(table: Table, columns: Sequence[str]) -> int:
    return len(table.unknown(columns)) + len(table.absent(columns))
