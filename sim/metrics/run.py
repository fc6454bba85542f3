"""`RunTables`: the tables of one run and the window in which its metrics count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.records.tables import Columns


@dataclass(frozen=True, slots=True)
class RunTables:
    """Tables of one run by name. Metrics are taken over the measured days, [first_day, last_day)."""

    tables: Mapping[str, Columns]
    first_day: int
    last_day: int

    def daily(self, name: str) -> npt.NDArray[Any]:
        """A column of the daily table over the measured window; shape (days,)."""
        column: npt.NDArray[Any] = self.tables["daily"][name][self.first_day : self.last_day]
        return column

    def column(self, table: str, name: str) -> Any:
        """A whole column of any table."""
        return self.tables[table][name]

    def measured(self, days: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Which of these days (floats) fall into the measured window."""
        return np.asarray((days >= self.first_day) & (days < self.last_day))
