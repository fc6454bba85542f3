"""What a calibration varies: parameters with a prior each, and their way from the unit interval to values and back."""

from dataclasses import dataclass

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.sweep.dimensions import between

LINEAR, LOG = "linear", "log"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One uncertain number: uniform (log-uniform) between `low` and `high`.

    `base` is its value in the configuration, None if it has none there. `carried` says that it is a setting of its own,
    which means the same in other scenarios, so that its posterior is of use there.
    """

    name: str
    unit: str
    low: float
    high: float
    scale: str = LINEAR
    whole: bool = False
    base: float | None = None
    carried: bool = True

    def at(self, u: float) -> float:
        """The value at `u` in [0, 1].

        >>> Parameter("passage.deaths_per_incident", "people", 1, 4, "log").at(0.5)
        2.0
        """
        value = between(self.low, self.high, u, self.scale)
        return round(value) if self.whole else value

    def unit_of(self, value: float) -> float:
        """Where a value lies between the ends, 0 to 1 (beyond, if it lies beyond): the inverse of `at`."""
        if self.scale == LOG:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


def values_of(parameters: tuple[Parameter, ...], unit: Floats) -> Floats:
    """Values in their units of points in the unit cube; both (points, parameters)."""
    return np.array([[parameter.at(float(u)) for parameter, u in zip(parameters, row, strict=True)] for row in unit])
