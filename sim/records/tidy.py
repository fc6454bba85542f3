"""What every table is made from: the records of a run, labels as codes, events counted by day, stocks by day."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.domain.population import People
from sim.domain.randomness import Floats
from sim.domain.rules import Rules
from sim.domain.theatre import Theatre
from sim.records.recorder import Happened, Recorder


class Coded(NamedTuple):
    """A column of labels as codes into a list of names: small in memory, plain text once in a results file."""

    codes: npt.NDArray[Any]
    names: npt.NDArray[Any]

    def where(self, *labels: str) -> npt.NDArray[np.bool_]:
        """Rows that bear one of the labels."""
        wanted = [code for code, name in enumerate(self.names.tolist()) if name in labels]
        return np.isin(self.codes, wanted)


Columns = dict[str, Any]
"""A table: NumPy arrays or `Coded` columns of one length."""


@dataclass(frozen=True, slots=True)
class Records:
    """What one run left behind: its recorder, its people, and the rules in force on each day."""

    start: date
    days: int
    theatre: Theatre
    rules: tuple[Rules, ...]
    recorder: Recorder
    people: People


class Counts:
    """Events of a run counted by day (and group)."""

    __slots__ = ("_code", "_day", "_group", "_person", "days")

    def __init__(self, records: Records) -> None:
        recorder = records.recorder
        self.days = records.days
        self._day = np.frombuffer(recorder.time, dtype=np.float64).astype(np.int64)
        self._person = np.frombuffer(recorder.person, dtype=np.int32)
        self._code = np.frombuffer(recorder.code, dtype=np.uint8)
        self._group = records.people.potential.group[self._person]

    def daily(self, happened: Happened) -> npt.NDArray[np.int64]:
        """Events of one kind per day; shape (days,)."""
        return np.bincount(self._day[self._code == happened], minlength=self.days)[: self.days]

    def daily_by_group(
        self, happened: Happened, groups: int, among: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.int64]:
        """Events of one kind per day and group, of all people or of those `among`; shape (days, groups)."""
        mine = self._code == happened
        if among is not None:
            mine &= among[self._person]
        flat = np.bincount(self._day[mine] * groups + self._group[mine], minlength=self.days * groups)
        return flat[: self.days * groups].reshape(self.days, groups)


def dates(records: Records) -> npt.NDArray[Any]:
    """ISO dates of the run's days."""
    first = np.datetime64(records.start)
    return (first + np.arange(records.days)).astype(str)


def stock(records: Records, name: str) -> Floats:
    """One stock per day; shape (days,) or (days, entries)."""
    return np.asarray(records.recorder.stocks[name], dtype=float)


def long_table(day_names: npt.NDArray[Any], entry: str, names: list[str], values: Columns) -> Columns:
    """Tidy rows (date, entry) from arrays of shape (days, entries)."""
    days = len(day_names)
    table: Columns = {
        "date": Coded(np.repeat(np.arange(days, dtype=np.int32), len(names)), day_names),
        entry: Coded(np.tile(np.arange(len(names), dtype=np.int16), days), np.array(names)),
    }
    return table | {name: value.reshape(-1) for name, value in values.items()}
