"""Overrides (`--set a.b=value`, or a sweep's mapping): they apply after inheritance and answer for their errors.

An override of a section that a lever changes too also replaces the value in every lever that gives that setting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.levers import find, names
from sim.scenario.errors import Problem, shown
from sim.scenario.shape import LEVER_DATES, SECTIONS
from sim.scenario.source import Key, Path, Place, Source, find_key, item
from sim.scenario.yaml_source import read_value

THEATRE = "theatre"
MIN_LEVER_PATH = 2  # a section and a setting


@dataclass(frozen=True, slots=True)
class Override:
    """One value for one setting, and the text that is to blame for it."""

    path: tuple[str, ...]
    value: Any
    place: Place


def read_overrides(source: Source, given: Mapping[str, Any] | Sequence[str]) -> list[Override]:
    """Overrides from strings `a.b=value` or from a mapping of dotted names to values.

    Strings that are not of that form are noted on the source.
    """
    if isinstance(given, Mapping):
        return [leaf for name, value in given.items() for leaf in _leaves(_parts(name), value, _place(name, value))]
    texts = [given] if isinstance(given, str) else list(given)
    wrong = {text: problem for text in texts if (problem := _malformed(text))}
    source.problems += wrong.values()
    return [leaf for text in texts if text not in wrong for leaf in _from_text(text)]


def _parts(name: str) -> tuple[str, ...]:
    return tuple(str(name).strip().split("."))


def _place(name: str, value: Any) -> Place:
    return Place(f"--set {name}={value if isinstance(value, str) else shown(plain(value))}")


def _from_text(text: str) -> Iterator[Override]:
    name, _, value = text.partition("=")
    return _leaves(_parts(name), read_value(value), Place(f"--set {text}"))


def _malformed(text: str) -> Problem | None:
    name, sign, value = text.partition("=")
    if not sign or not all(_parts(name)):
        return Problem("", "must look like section.setting=value", file=f"--set {text}")
    try:
        read_value(value)
    except ValueError as error:
        return Problem(name, str(error), file=f"--set {text}")
    return None


def _leaves(path: tuple[str, ...], value: Any, place: Place) -> Iterator[Override]:
    """One override a setting; a mapping sets each of its settings."""
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _leaves((*path, str(key)), part, place)
    else:
        yield Override(path, plain(value), place)


def plain(value: Any) -> Any:
    """A value without NumPy's types, which a sweep's design may carry."""
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return value.item() if hasattr(value, "item") else value


def names_theatre(override: Override) -> bool:
    """Whether it names another theatre, rather than changing a value in the theatre."""
    return override.path == (THEATRE,)


def apply(source: Source, override: Override) -> None:
    """Set the value wherever the scenario gives it: in its section and in the levers."""
    path, lever_only = _target(override.path)
    levers = list(_lever_paths(source, path, lever_only))
    if not lever_only:
        levers.append(path)
    elif not levers:
        message = f"this scenario has no lever {path[0]!r}"
        source.problems.append(Problem(".".join(path), message, file=override.place.file))
    for target in levers:
        _put(source, target, override)


def _target(path: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The setting without `levers.`, and whether it is a lever's alone: by its name, or since it is a date."""
    if path[0] == "levers" and path[1:2] and path[1] in names():
        return path[1:], True
    is_date = path[1:2] in [(name,) for name in LEVER_DATES]
    return path, path[0] in names() and (path[0] not in SECTIONS or is_date)


def _lever_paths(source: Source, path: tuple[str, ...], own: bool) -> Iterator[Path]:
    """The same setting in every lever that gives it; with `own`, in every lever of that name."""
    for index, entry in enumerate(_rows(source.data.get("levers"))):
        for kind, settings in entry.items():
            if not isinstance(settings, dict) or len(path) < MIN_LEVER_PATH or kind not in names():
                continue
            gives = path[0] == find(kind).SECTION and path[1] in settings
            if kind == path[0] if own else gives:
                yield ("levers", index, kind, *path[1:])


def _rows(levers: Any) -> list[dict[str, Any]]:
    rows = levers if isinstance(levers, list) else []
    return [row if isinstance(row, dict) else {} for row in rows]


def _put(source: Source, path: Path, override: Override) -> None:
    """Set a value by the names a user writes; years become numbers and rows are found by name."""
    holder, true_path = source.data, list[Key]()
    for key in path:
        if holder is not None and not isinstance(holder, dict | list):
            return _refuse(source, true_path, override, "has no settings of its own")
        known = find_key(holder, key)
        if known is None and isinstance(holder, list):
            return _refuse(source, true_path, override, f"has no row {key!r}")
        true_path.append(_as_key(key) if known is None else known)
        holder = item(holder, true_path[-1])
    source.put(tuple(true_path), override.value, override.place)
    return None


def _as_key(key: Key) -> Key:
    return int(key) if isinstance(key, str) and key.isdigit() else key


def _refuse(source: Source, path: list[Key], override: Override, message: str) -> None:
    name = ".".join(map(str, path)) or ".".join(override.path)
    source.problems.append(Problem(name, message, file=override.place.file))
