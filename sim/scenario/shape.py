"""The shape of a scenario file: which settings it may hold, and the type of each."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, get_args, get_type_hints

from sim.domain.quantities import Count, PositiveCount
from sim.domain.rules import Rules
from sim.domain.theatre import Theatre
from sim.scenario.source import Key

STRICT = {"extra": "forbid"}
SECTIONS = tuple(field.name for field in fields(Rules))
LEVER_DATES = ("announced", "from", "until")
PERIOD = ("start", "measure_from", "until")
TABLES = ("nodes", "legs", "sectors", "groups")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the top of a scenario beside its dates."""

    question: str
    baseline: str | None
    replications: PositiveCount
    seed: Count


@dataclass(frozen=True, slots=True)
class Period:
    """The dates of a scenario: simulated [start, until), measured from `measure_from` on."""

    start: date
    measure_from: date
    until: date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rich number says beside its value; `range` is what is plausible."""

    unit: str = ""
    range: tuple[float, float] | None = None
    source: str = ""
    confidence: Literal["official", "study", "survey", "press", "analogy", "definition", "guess", ""] = ""
    note: str = ""


_PARTS: tuple[Any, ...] = (Header, Period, Facts)
for _part in _PARTS:
    _part.__pydantic_config__ = STRICT


@lru_cache
def hints(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields, with their limits."""
    return get_type_hints(kind, include_extras=True)


@lru_cache
def top_level() -> dict[str, Any]:
    """The type of every setting at the top of a scenario."""
    named = {"base": str, "theatre": Theatre, "levers": list[Any]}
    return {**named, **hints(Header), **hints(Period), **hints(Rules)}


def inner(hint: Any, key: Key) -> Any:
    """The type of what a value of some type holds under a key; None if it holds nothing there."""
    hint = bare(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return hints(hint).get(str(key))
    args = get_args(hint)
    return args[1] if args and getattr(hint, "__origin__", None) is dict else (args[0] if args else None)


def bare(hint: Any) -> Any:
    """A type without `| None`."""
    options = [arg for arg in get_args(hint) if arg is not type(None)]
    optional = type(None) in get_args(hint)
    return options[0] if optional and len(options) == 1 else hint


def hint_at(path: tuple[Key, ...], root: Any = None) -> Any:
    """The type at a path, from the top of a scenario or from a type."""
    hint = top_level().get(str(path[0])) if root is None else root
    for key in path[1:] if root is None else path:
        hint = None if hint is None else inner(hint, key)
    return hint
