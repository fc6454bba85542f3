"""The path of the inflow's level in a calibration: a level for each stretch of months, and months that stray from it.

The level is not a setting of its own but one for each month, so it cannot be carried to another time; what it does
to the other settings' posterior can.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.domain.randomness import Streams
from sim.experiment.calibration.parameters import LINEAR, LOG, Parameter

FIRST, GROWTH, MONTHS = "first", "growth", "month_spread"
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Level:
    """Levels from the days in `starts` on, to `until`; ranges of the first, of each growth, and of the months' sd."""

    setting: str
    starts: tuple[date, ...]
    until: date
    first: tuple[float, float]
    growth: tuple[float, float]
    month_spread: tuple[float, float]
    month_persistence: float

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The first level, the growth to each later one, and how far months stray."""
        grown = [
            Parameter(f"level.{GROWTH}.{start:%Y-%m}", "ratio", *self.growth, LOG, carried=False)
            for start in self.starts[1:]
        ]
        return (
            Parameter(f"level.{FIRST}", "people/year", *self.first, LOG, carried=False),
            *grown,
            Parameter(f"level.{MONTHS}", "sd of log", *self.month_spread, LINEAR, carried=False),
        )

    def changes(self, values: Mapping[str, float], seed: int, run: int) -> dict[str, dict[str, float]]:
        """The setting's levels by month, for values of the parameters; months stray by draws of this run alone.

        The strays are a stationary AR(1) of the log, less half the variance, so that the mean level stays.
        """
        levels = np.cumprod([values[p.name] for p in self.parameters[:-1]])
        months = months_between(self.starts[0], self.until)
        shocks = Streams(seed, run).generator("level months").standard_normal(len(months))
        spread, rho = values[self.parameters[-1].name], self.month_persistence
        stray, path = 0.0, {}
        for number, (month, shock) in enumerate(zip(months, shocks.tolist(), strict=True)):
            stray = shock if number == 0 else rho * stray + (1 - rho**2) ** 0.5 * shock
            level = levels[sum(start <= month for start in self.starts) - 1]
            path[month.isoformat()] = float(level * np.exp(spread * stray - spread**2 / 2))
        return {self.setting: path}


def months_between(first: date, until: date) -> list[date]:
    """The firsts of the months from that of `first` to the last one before `until`."""
    number, found = first.year * MONTHS_A_YEAR + first.month - 1, []
    while (month := date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)) < until:
        found.append(month)
        number += 1
    return found
