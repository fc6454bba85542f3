"""How many replications are enough: added until the interval of one metric is as narrow as asked.

The next number of replications is the one that the spread so far calls for, at most twice the last. Stopping where an
interval happens to look narrow makes it slightly too narrow: with 8 replications to begin with, 95 % intervals cover
93 to 95 % (`verification/test_intervals.py`; with 4 it would be 91 to 93 %).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, isnan
from typing import Any

from sim.metrics import outcome_metrics, paired_metrics
from sim.scenario import Problem, ScenarioError
from sim.scenario.describe import listed, meant
from sim.scenario.errors import shown

FEWEST, MOST, STEP = 8, 128, 2
FORM = "a share of the baseline's mean as 0.05 or 5%, or a half-width in the metric's unit as 500 (1 or more)"


@dataclass(frozen=True, slots=True)
class Precision:
    """How narrow the interval of a metric is to be, and with how many replications.

    `half_width` below 1 is a share of the baseline's mean (of the scenario's own where there is no baseline), else an
    absolute number in the metric's unit.
    """

    metric: str = "arrivals"
    half_width: float = 0.05
    fewest: int = FEWEST
    most: int = MOST

    def __str__(self) -> str:
        """As a user writes it: `arrivals to 5 %, 8 to 128 replications`."""
        size = f"{100 * self.half_width:g} %" if self.half_width < 1 else f"{self.half_width:g}"
        return f"{self.metric} to {size}, {self.fewest} to {self.most} replications"

    def goal(self, level: float) -> float:
        """The half-width to reach, in the metric's unit; `level` is the mean of the baseline."""
        return self.half_width * abs(level) if self.half_width < 1 else self.half_width

    def reached(self, half: float, level: float) -> bool:
        """Whether a half-width is narrow enough; a missing one never is."""
        return half <= self.goal(level)

    def check(self, level: float, half: float) -> None:
        """Whether the precision can be reached at all.

        Raises:
            ScenarioError: it is a share of nil.
        """
        if half > 0 and self.goal(level) == 0:
            message = f"is a share of {self.metric}, whose mean in the baseline is nil"
            raise ScenarioError([Problem("precision", message, str(self.half_width), "a half-width of 1 or more")])

    def next(self, count: int, half: float, level: float) -> int:
        """How many replications to have next, after `count` gave this half-width; `count` itself if that is enough.

        A half-width shrinks with the root of the number of replications.
        """
        if self.reached(half, level) or count >= self.most:
            return count
        goal = self.goal(level)
        needed = 2 * count if isnan(half) or goal <= 0 else ceil(count * (half / goal) ** 2)
        return min(self.most, max(count + STEP, min(needed, 2 * count)))


def read_precision(
    size: Any, metric: str | None = None, fewest: int | None = None, most: int | None = None
) -> Precision:
    """The precision asked for with `--precision` and its companions.

    >>> read_precision("5%").half_width, read_precision("0.02", "deaths", 4).fewest, read_precision(500).half_width
    (0.05, 4, 500.0)

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    problems, half = [], _size(size)
    if half is None:
        problems.append(Problem("--precision", "is no precision", shown(size), FORM))
    known = [each.name for each in (*outcome_metrics(), *paired_metrics())]
    name = metric or Precision().metric
    if name not in known:
        message = f"is no metric{meant(name, known)}"
        problems.append(Problem("--precision-metric", message, shown(name), listed(name, known)))
    low, high = fewest or FEWEST, most or max(MOST, fewest or 0)
    if low < 2:
        problems.append(Problem("--fewest", "must be at least 2: one replication has no interval", str(low)))
    if high < low:
        problems.append(Problem("--most", f"must be at least {low}, the fewest", str(high)))
    if problems:
        raise ScenarioError(problems)
    return Precision(name, half or 0.0, low, high)


def _size(given: Any) -> float | None:
    """The half-width from a number, or from text such as `5%`; None if it is neither or not above nil."""
    if isinstance(given, bool | Mapping):
        return None
    text = str(given).strip()
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        return None
    return value if 0 < value < float("inf") else None
