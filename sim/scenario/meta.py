"""`Meta`: what is known of one setting. The catalogue is one `Meta` a setting, by dotted name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.shape import SECTIONS, TABLES, Facts, hints, top_level
from sim.scenario.source import Path, Source, item
from sim.scenario.validate import validated


@dataclass(frozen=True, slots=True)
class Meta:
    """A setting's value, unit, plausible range, source, confidence, note, and the place that gave the value.

    For a column of a table in the theatre (`theatre.legs.hours`) the value is the list of the column's values.
    """

    value: Any
    unit: str = ""
    low: float | None = None
    high: float | None = None
    source: str = ""
    confidence: str = ""
    note: str = ""
    file: str = ""
    line: int | None = None


def build_catalogue(source: Source, columns: dict[str, Any]) -> dict[str, Meta]:
    """The catalogue of all settings; wrong facts are noted on the source. `columns` are the theatre's."""
    listed = [*_top(source), *_sections(source), *_theatre(source)]
    found = {".".join(map(str, path)): _meta(source, path) for path in listed}
    return found | {f"theatre.{name}": _column(source, name, columns[name]) for name in columns}


def _meta(source: Source, path: Path) -> Meta:
    if path not in source.facts:
        return _with_facts(source, path, source.get(path), Facts())
    return _with_facts(source, path, source.get(path), _facts(source, path, source.facts[path]))


def _facts(source: Source, path: Path, told: Any) -> Facts:
    facts: Facts | None = validated(source, path, Facts, known_as=(), value=told)
    if facts and facts.range and facts.range[0] > facts.range[1]:
        source.blame((*path, "range"), "must run from low to high", str(told["range"]))
    return facts or Facts()


def _with_facts(source: Source, path: Path, value: Any, facts: Facts) -> Meta:
    low, high = facts.range or (None, None)
    at = source.place(path)
    return Meta(value, facts.unit, low, high, facts.source, facts.confidence, facts.note, at.file, at.line)


def _column(source: Source, name: str, told: Any) -> Meta:
    """The facts of a table's column, or of a setting of the theatre whose value is a plain mapping."""
    table, _, column = name.partition(".")
    path: Path = ("theatre", "columns", name)
    rows = source.get(("theatre", table))
    values = [item(row, column) for row in rows] if isinstance(rows, list) else item(rows, column)
    return _with_facts(source, path, values, _facts(source, path, told))


def _top(source: Source) -> Iterator[Path]:
    kinds = top_level()
    return ((key,) for key in source.data if key in kinds and key not in (*SECTIONS, "theatre", "levers", "base"))


def _sections(source: Source) -> Iterator[Path]:
    for section in SECTIONS:
        held = source.data.get(section)
        names = hints(top_level()[section])
        yield from ((section, key) for key in (held if isinstance(held, dict) else ()) if key in names)


def _theatre(source: Source) -> Iterator[Path]:
    """Settings of the theatre that are not tables."""
    theatre = source.data.get("theatre")
    for name, held in (theatre if isinstance(theatre, dict) else {}).items():
        if isinstance(held, dict):
            yield from (("theatre", name, key) for key in held)
        elif name not in TABLES:
            yield ("theatre", name)
