"""How a table of a results folder is declared: what a row is, and each column's kind, unit and meaning."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

TEXT, DATE, WHOLE, NUMBER, FLAG = "text", "date", "whole number", "number", "true or false"
ANY = "number or text"
KINDS = (TEXT, DATE, WHOLE, NUMBER, FLAG, ANY)
PEOPLE, BOATS, GBP, SHARE, DAYS = "people", "boats", "GBP", "share, 0 to 1", "days since the start"
METRIC_UNIT = "the metric's unit"
Code = TypeVar("Code")
Member = TypeVar("Member", bound=IntEnum)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, kind (one of `KINDS`), unit and meaning, and the words it may hold with theirs.

    With `like`, a regular expression, it stands for all columns whose whole name matches: those named by what was
    varied; `name` then shows the form. `optional` columns are not in every table of that name.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    values: Mapping[str, str] = field(default_factory=dict)
    like: str = ""
    optional: bool = False

    def covers(self, name: str) -> bool:
        """Whether this declares the column of that name."""
        return bool(re.fullmatch(self.like, name)) if self.like else name == self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, what a row is, a sentence about it, and its columns in their order.

    With `like` it stands for all tables whose whole name matches; `name` then shows the form.
    """

    name: str
    row: str
    about: str
    columns: tuple[Column, ...]
    like: str = ""

    def covers(self, name: str) -> bool:
        """Whether this declares the table of that name."""
        return bool(re.fullmatch(self.like, name)) if self.like else name == self.name

    def column(self, name: str) -> Column | None:
        """What declares a column: the one of that name, else the one whose form it has; None if nothing does."""
        exact = (column for column in self.columns if not column.like and column.name == name)
        return next(exact, None) or next((column for column in self.columns if column.covers(name)), None)

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Which of these columns are not declared."""
        return [name for name in names if self.column(name) is None]

    def absent(self, names: Iterable[str]) -> list[str]:
        """Which declared columns are not among these, though every such table has them."""
        given = list(names)
        needed = (column for column in self.columns if not column.optional)
        return [column.name for column in needed if not any(column.covers(name) for name in given)]


@dataclass(frozen=True, slots=True)
class Family:
    """Tables that come from the same commands; `place` is the file that declares them."""

    name: str
    about: str
    place: str
    tables: tuple[Table, ...]


def text(name: str, meaning: str, values: Mapping[str, str] | None = None, optional: bool = False) -> Column:
    """A column of words."""
    return Column(name, TEXT, "", meaning, values or {}, optional=optional)


def date(name: str, meaning: str) -> Column:
    """A column of dates, as 2025-01-31."""
    return Column(name, DATE, "", meaning)


def flag(name: str, meaning: str, optional: bool = False) -> Column:
    """A column of true and false."""
    return Column(name, FLAG, "", meaning, optional=optional)


def count(name: str, meaning: str, unit: str = PEOPLE) -> Column:
    """A column of whole numbers; of people, unless told otherwise."""
    return Column(name, WHOLE, unit, meaning)


def number(name: str, unit: str, meaning: str) -> Column:
    """A column of numbers that need not be whole."""
    return Column(name, NUMBER, unit, meaning)


def interval(of: str, unit: str = METRIC_UNIT, low: str = "low", high: str = "high") -> tuple[Column, Column]:
    """The two ends of a 95 % interval."""
    return (
        number(low, unit, f"Lower end of the 95 % interval of {of}."),
        number(high, unit, f"Upper end of the 95 % interval of {of}."),
    )


def said(builder: Callable[..., object]) -> str:
    """The first paragraph of the docstring of the function that builds a table, without the file's name and the row.

    >>> def rows():
    ...     '''`x.parquet`: one row
    ...     a day: what happened.
    ...
    ...     More.'''
    >>> said(rows)
    'What happened.'
    """
    first = " ".join((builder.__doc__ or "").strip().split("\n\n")[0].split())
    sentence = re.sub(r"^(`[\w.<>]+`: )?((one|a) row a [^:.,]*[:.] )?", "", first, flags=re.IGNORECASE)
    return sentence[:1].upper() + sentence[1:]


def labelled(members: Iterable[Member], meanings: Mapping[Member, str]) -> dict[str, str]:
    """Labels of an enumeration as tables write them, with their meanings.

    Raises:
        LookupError: a member has no meaning yet; the message names it.
    """
    return of_all({member: member.name.lower() for member in members}, meanings)


def of_all(labels: Mapping[Code, str], meanings: Mapping[Code, str]) -> dict[str, str]:
    """The meanings by label: of all labels and of no other.

    Raises:
        LookupError: a label has no meaning, or a meaning no label.
    """
    left = [str(code) for code in (*labels, *meanings) if code not in labels or code not in meanings]
    if left:
        raise LookupError(f"in the code or in its dictionary, but not in both: {', '.join(left)}")
    return {label: meanings[code] for code, label in labels.items()}


def words(labels: Iterable[str], meanings: Mapping[str, str]) -> dict[str, str]:
    """As `of_all`, of words that stand for themselves."""
    return of_all({label: label for label in labels}, meanings)


def all_of(families: Iterable[Family]) -> Iterator[tuple[Family, Table]]:
    """Every table with its family, in order."""
    for family in families:
        for table in family.tables:
            yield family, table


SCENARIO = text("scenario", "Name of the scenario; the baseline is one of them.")
REPLICATION = count("replication", "Number of the replication: the same number means the same people, weather and "
                    "luck in every scenario.", "")  # fmt: skip
DATE_OF_DAY = date("date", "The day; warm-up included.")
RUN = (SCENARIO, REPLICATION)
EACH_DAY = (*RUN, DATE_OF_DAY)
