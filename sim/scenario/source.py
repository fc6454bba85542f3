"""`Source`: plain values read from YAML, with the place each came from and what is known of each number.

It is the working paper of loading: files are merged, overrides applied and problems noted on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.errors import Problem

LEVER_ROW = 2  # keys that lead to a row of the levers
Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was given: a line of a file, or an override (then `file` is its text)."""

    file: str
    line: int | None = None


@dataclass
class Source:
    """Values, places, facts (unit, range, source ... of a number) and the problems found so far."""

    data: Any
    places: dict[Path, Place] = field(default_factory=dict)
    facts: dict[Path, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def copy(self) -> "Source":
        """Another source of the same, which may be changed without changing this one."""
        facts = {path: dict(known) for path, known in self.facts.items()}
        return Source(_copied(self.data), dict(self.places), facts, list(self.problems))

    def place(self, path: Path) -> Place:
        """The place of a value, or of the nearest thing around it that has one."""
        path = self.true_path(path)
        known = (path[:size] for size in range(len(path), -1, -1) if path[:size] in self.places)
        return self.places[next(known, ())] if self.places else Place("")

    def latest(self, paths: Iterable[Path]) -> Path:
        """The path given last: by an override, else by the scenario's own file, else the first of them."""
        own = self.place(())
        places = {path: self.place(path) for path in paths}
        return min(places, key=lambda path: (places[path].line is not None, places[path].file != own.file))

    def true_path(self, path: Path) -> Path:
        """The path with the keys that the data really have: a year as a number, a row by its index."""
        true: list[Key] = []
        holder = self.data
        for key in path:
            known = find_key(holder, key)
            true.append(key if known is None else known)
            holder = item(holder, known)
        return tuple(true)

    def blame(self, path: Path, message: str, given: str = "", allowed: str = "") -> None:
        """Note a problem with a setting, at the place that gave it."""
        at = self.place(path)
        name = dotted(self.data, path)
        if at.line is None and path[:1] == ("levers",) and len(path) > LEVER_ROW:
            name = ".".join(name.split(".")[1:])
        self.problems.append(Problem(name, message, given, allowed, at.file, at.line))

    def get(self, path: Path) -> Any:
        """The value at a path, or None."""
        value = self.data
        for key in self.true_path(path):
            value = item(value, key)
        return value

    def put(self, path: Path, value: Any, place: Place) -> None:
        """Set a value, making mappings on the way where there is nothing yet."""
        holder = self.data
        for depth, key in enumerate(path[:-1]):
            if item(holder, key) is None:
                holder[key] = {}
                self.places[path[: depth + 1]] = place
            holder = item(holder, key)
        if isinstance(item(holder, path[-1]), dict | list):
            self.forget(path)
        holder[path[-1]] = value
        self.places[path] = place

    def forget(self, path: Path) -> None:
        """Drop the places below a path, since what they told of is gone."""
        below = [known for known in self.places if known[: len(path)] == path]
        for known in below:
            del self.places[known]

    def put_under(self, key: str, part: "Source") -> None:
        """Take another source in as the value of a key."""
        self.data[key] = part.data
        self.places |= {(key, *path): place for path, place in part.places.items()}
        self.facts |= {(key, *path): facts for path, facts in part.facts.items()}
        self.problems += part.problems


def _copied(value: Any) -> Any:
    """Mappings and lists anew, down to the values in them."""
    if isinstance(value, dict):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value


def item(holder: Any, key: Key | None) -> Any:
    """What a mapping or list holds under a key, or None."""
    if isinstance(holder, dict):
        return holder.get(key)
    inside = isinstance(holder, list) and isinstance(key, int) and 0 <= key < len(holder)
    return holder[key] if inside else None


def row_name(row: Any) -> str | None:
    """The name by which a user knows a row of a list: its name, node, ends, or a lever's name."""
    if not isinstance(row, dict):
        return None
    if "start" in row and "end" in row:
        return f"{row['start']}-{row['end']}"
    names = [row[key] for key in ("name", "node") if key in row]
    return str(names[0] if names else next(iter(row), "")) or None


def find_key(holder: Any, key: Key) -> Key | None:
    """The key a mapping or list really has for one that a user wrote: year "2024" is 2024, rows go by name."""
    if isinstance(holder, list):
        rows = [str(index) for index in range(len(holder))] + [row_name(row) or "" for row in holder]
        return rows.index(str(key)) % len(holder) if str(key) in rows else None
    if not isinstance(holder, dict):
        return None
    if isinstance(key, str) and key in holder:
        return key
    return next((known for known in holder if str(known) == str(key)), None)


def dotted(data: Any, path: Sequence[Key]) -> str:
    """A path as users write it, rows of lists by their names: `theatre.nodes.dover.lat`."""
    words: list[str] = []
    for key in path:
        data, holder = item(data, find_key(data, key)), data
        name = row_name(data) if isinstance(holder, list) else None
        words.append(name or str(key))
    return ".".join(word for index, word in enumerate(words) if index == 0 or not _lever_twice(path, index))


def _lever_twice(path: Sequence[Key], index: int) -> bool:
    """Whether a word repeats the lever's name, which already stands for its row."""
    return index == 2 and path[0] == "levers"
