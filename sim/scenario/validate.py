"""From plain values to typed, frozen ones. Values must have the right type already: no text is read as a number."""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.scenario.describe import allowed, listed, meant, wrong
from sim.scenario.errors import shown
from sim.scenario.shape import hint_at, hints
from sim.scenario.source import Path, Source, find_key, item

UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
KEY = "[key]"


@lru_cache
def adapter(hint: Any) -> TypeAdapter[Any]:
    """Pydantic's reader and writer of a type, built once."""
    return TypeAdapter(hint)


def validated(source: Source, path: Path, hint: Any, known_as: Path | None = None, value: Any = None) -> Any:
    """The typed value at a path; None if it is wrong, which is then noted on the source.

    `known_as` is the path of the setting whose facts apply; `value` stands in for what the source holds.
    """
    given = source.get(path) if value is None else value
    try:
        return adapter(hint).validate_json(json.dumps(_jsonable(given), default=str), strict=True)
    except ValidationError as error:
        checked = _Checked(path, hint, path if known_as is None else known_as, given)
        for one in _each_once(error):
            _blame(source, checked, one)
    return None


def _each_once(error: ValidationError) -> list[Any]:
    """The errors; of a name that is neither of two kinds only one."""
    wrong = error.errors(include_url=False)
    named = {one["loc"][: one["loc"].index(KEY)] if KEY in one["loc"] else one["loc"]: one for one in reversed(wrong)}
    return list(reversed(named.values()))


def _jsonable(value: Any) -> Any:
    """The value with whole floats as integers, so that 50.0 is a count, and infinities as words, so that they fail."""
    if isinstance(value, dict):
        return {str(key): _jsonable(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_jsonable(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class _Checked:
    """A value that is checked: where it stands, its type, the setting whose facts apply, and what was given."""

    path: Path
    hint: Any
    known_as: Path
    given: Any

    def at(self, loc: Path) -> "_Checked":
        """The part of it at a place inside."""
        given = _found(self.given, loc)
        return _Checked((*self.path, *loc), hint_at(loc, self.hint), (*self.known_as, *loc), given)


def _blame(source: Source, checked: _Checked, error: Any) -> None:
    is_key = KEY in error["loc"]
    loc = error["loc"][: error["loc"].index(KEY)] if is_key else error["loc"]
    part = checked.at(loc)
    if is_key:
        source.blame(part.path, "must have a year or a date, as 2024 or 2024-07-01, as its name")
    elif error["type"] in UNKNOWN:
        known = list(hints(checked.at(loc[:-1]).hint))
        source.blame(part.path, f"is unknown{meant(loc[-1], known)}", "", listed(loc[-1], known))
    else:
        _blame_value(source, part, error)


def _blame_value(source: Source, part: _Checked, error: Any) -> None:
    got = "" if error["type"] == "missing" else shown(part.given)
    message, fits = wrong(error, part.hint), allowed_at(source, part.known_as, part.hint)
    source.blame(part.path, message, got, "" if message == f"must be {fits}" else fits)


def _found(value: Any, loc: Path) -> Any:
    """The value as the user gave it, before it was made JSON."""
    for key in loc:
        value = item(value, find_key(value, key))
    return value


def allowed_at(source: Source, path: Path, hint: Any) -> str:
    """What a setting allows, with the plausible range from its facts."""
    facts = next((source.facts[path[:size]] for size in range(len(path), 0, -1) if path[:size] in source.facts), {})
    match facts.get("range"):
        case [int() | float() as low, int() | float() as high]:
            return allowed(hint, low, high, str(facts.get("unit", "")))
    return allowed(hint)
