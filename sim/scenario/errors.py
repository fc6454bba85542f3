"""What is wrong with a scenario: every problem at once, each with its place, the value given and what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

LONGEST_SHOWN = 80  # characters of a mapping or list in a message


def short_path(file: str) -> str:
    """A path relative to the working directory if it lies below it, else as it is."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file


def shown(value: Any) -> str:
    """A value as a user would recognise it in a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case dict():
            return shortened("{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}")
        case list() | tuple():
            return shortened("[" + ", ".join(map(shown, value)) + "]")
    return repr(value)


def number(value: float) -> str:
    """A number without needless digits.

    >>> number(2_000_000.0), number(0.30)
    ('2000000', '0.3')
    """
    return f"{value:.12g}"


def shortened(text: str) -> str:
    """A long text cut to what a message can hold."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 4]} ...{text[-1]}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `file` is a path, or the override (`--set a.b=1`) that is to blame."""

    setting: str
    message: str
    given: str = ""
    allowed: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """One line: place, setting, message, value given, values allowed."""
        place = short_path(self.file) if self.line is None else f"{short_path(self.file)}:{self.line}"
        text = ": ".join(part for part in (place, self.setting, self.message) if part)
        given = f"; got {self.given}" if self.given else ""
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return text + given + allowed


class ScenarioError(Exception):
    """A scenario that cannot be run; `problems` lists everything found wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep each problem once."""
        self.problems = list(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One line a problem."""
        return "\n".join(map(str, self.problems))
