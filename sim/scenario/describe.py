"""Sentences about types and values: what a setting allows, and what pydantic found wrong with one."""

from collections.abc import Collection, Iterator
from dataclasses import is_dataclass
from datetime import date
from difflib import get_close_matches
from enum import EnumType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Interval, Le, Lt

from sim.scenario.errors import number
from sim.scenario.shape import bare

NUMBERS = {int: "whole number", float: "number"}
WORDS = {bool: "true or false", str: "text", date: "a date"}
A_DATE = "a date as 2025-01-31"
LIMITS = {
    "greater_than_equal": "must be at least {ge:.12g}",
    "greater_than": "must be more than {gt:.12g}",
    "less_than_equal": "must be at most {le:.12g}",
    "less_than": "must be less than {lt:.12g}",
}


def noun(hint: Any) -> str:
    """What kind of thing a setting holds: `a number`, `true or false`, `one of a, b`."""
    hint = bare(hint)
    base = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    if base in NUMBERS:
        return f"a {NUMBERS[base]}"
    if get_origin(base) is Literal or isinstance(base, EnumType):
        return f"one of {', '.join(choices(base))}"
    return WORDS.get(base) or _holder(base)


def _holder(base: Any) -> str:
    if is_dataclass(base):
        return "a mapping of settings"
    return "a mapping of numbers" if get_origin(base) is dict else "a list"


def choices(base: Any) -> list[str]:
    """The words that an enumeration or literal allows."""
    words = list(base) if isinstance(base, EnumType) else get_args(base)
    return [str(word) for word in words if word]


def allowed(hint: Any, low: float | None = None, high: float | None = None, unit: str = "") -> str:
    """What a setting allows: `number >= 0, plausible 0 to 1000 returns/week`."""
    if hint is None:
        return ""
    text = _limited(bare(hint)) + (" or null" if bare(hint) is not hint else "")
    plausible = "" if low is None or high is None else f", plausible {number(low)} to {number(high)} {unit}".rstrip()
    return text + plausible


def _limited(hint: Any) -> str:
    """A number's kind with its hard limits; anything else as its noun; a mapping by what it holds."""
    if get_origin(hint) is dict:
        return f"a mapping whose values are each a {_limited(get_args(hint)[1])}"
    if hint is date:
        return A_DATE
    words = noun(hint).removeprefix("a ") if _is_number(hint) else noun(hint)
    limits = [limit for mark in getattr(hint, "__metadata__", ()) for limit in _bounds(mark)]
    return f"{words} {' and '.join(limits)}" if limits else words


def _is_number(hint: Any) -> bool:
    return (get_args(hint) or (hint,))[0] in NUMBERS


def _bounds(mark: Any) -> Iterator[str]:
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    if isinstance(mark, Ge | Gt | Le | Lt | Interval):
        values = {name: getattr(mark, name, None) for name in signs}
        yield from (f"{signs[name]} {number(value)}" for name, value in values.items() if value is not None)


def wrong(error: Any, hint: Any) -> str:
    """What pydantic found, as the end of a sentence that begins with the setting."""
    kind = error["type"]
    if kind == "missing":
        return "is missing"
    if kind in LIMITS:
        return LIMITS[kind].format(**error["ctx"])
    return f"must be {noun(hint)}" if hint is not None else str(error["msg"])


def meant(name: Any, known: Collection[str]) -> str:
    """A hint at the name that may have been meant, if one is near."""
    near = get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def listed(name: Any, known: Collection[str]) -> str:
    """All known names, if none is near."""
    return "" if meant(name, known) else ", ".join(sorted(known))
