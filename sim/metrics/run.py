"""`RunTables`: the tables of one run and the window in which its metrics count."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.records.tidy import Columns


@dataclass(frozen=True, slots=True)
class RunTables:
    """Tables of one run by name. Metrics are taken over the measured days, [first_day, last_day).

    `kept` holds what several metrics need and is dear to compute, by its name.
    """

    tables: Mapping[str, Columns]
    first_day: int
    last_day: int
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def daily(self, name: str) -> npt.NDArray[Any]:
        """A column of the daily table over the measured window; shape (days,)."""
        column: npt.NDArray[Any] = self.tables["daily"][name][self.first_day : self.last_day]
        return column

    def stage(self, name: str, what: str) -> npt.NDArray[Any]:
        """`stock` or `entered` of one stage of the pipeline over the measured window; shape (days,)."""
        table = self.tables["pipeline"]
        values: npt.NDArray[Any] = table[what][table["stage"].where(name)]
        return values[self.first_day : self.last_day]

    def while_open(self, part: str, whole: str) -> tuple[float, float]:
        """Sums of two columns of the ledger over the measured weeks in which the exchange was open."""
        ledger = self.tables["ledger"]
        first = ledger["week"].codes
        mine = (first >= self.first_day) & (first < self.last_day) & (ledger["open_days"] > 0)
        return float(ledger[part][mine].sum()), float(ledger[whole][mine].sum())

    def column(self, table: str, name: str) -> Any:
        """A whole column of any table."""
        return self.tables[table][name]

    def measured(self, days: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Which of these days (floats) fall into the measured window."""
        return np.asarray((days >= self.first_day) & (days < self.last_day))


def ratio(part: float, whole: float) -> float:
    """A part of a whole; missing if there is no whole."""
    return float(part / whole) if whole else float("nan")
