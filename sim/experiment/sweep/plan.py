"""`Plan`: a sweep read from its YAML and checked as a whole before anything is run.

Every point of it can be had by its number alone, so that thousands need no memory; points of one future share their
baseline and all share the seed, so that every difference is paired on common random numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sim.experiment.precision import Precision
from sim.experiment.question import Target
from sim.experiment.sweep.designs import Design
from sim.experiment.sweep.points import NO_ROW, Point, point_name
from sim.experiment.variants import varied
from sim.metrics import Metric
from sim.scenario import Scenario

__all__ = ["Aim", "Plan", "Plausible", "Point", "Precision", "Progress"]

Progress = Callable[[int, int, float], None]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a policy is meant to reach against its baseline."""

    metric: Metric
    target: Target


@dataclass(frozen=True, slots=True)
class Plausible:
    """What the baseline of a future must look like for the future to count: the mean of a metric in [low, high].

    Settings that are each plausible alone can make a world that is not, in which a policy tells nothing of ours.
    """

    metric: Metric
    low: float
    high: float

    def __str__(self) -> str:
        """In words: `arrivals 15,000 to 80,000`."""
        return f"{self.metric.name} {self.low:,.12g} to {self.high:,.12g}"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A sweep: scenarios x rows of the levers' design, in each future of the uncertainties' design.

    The points go future by future: its baseline, then for each scenario each row of the levers.
    """

    name: str
    question: str
    scenarios: tuple[Scenario, ...]
    baseline: Scenario | None
    replications: int | None
    precision: Precision | None
    metric: Metric
    aim: Aim | None
    levers: Design
    uncertainties: Design
    seed: int
    file: Path
    plausible: tuple[Plausible, ...] = ()

    def __len__(self) -> int:
        """Points, baselines included."""
        return len(self.uncertainties) * self.points_a_future

    @property
    def points_a_future(self) -> int:
        """Points of one future, its baseline included."""
        return (self.baseline is not None) + len(self.scenarios) * len(self.levers)

    @property
    def skipped(self) -> tuple[tuple[int, str], ...]:
        """Rows of the samples that were left out since they cannot be, and why."""
        return (*self.levers.skipped, *self.uncertainties.skipped)

    def points(self) -> Iterator[Point]:
        """All points in their order."""
        return map(self.point, range(len(self)))

    def point(self, index: int) -> Point:
        """The point of a number.

        Raises:
            IndexError: there is no such point.
        """
        if not 0 <= index < len(self):
            raise IndexError(f"point {index} of a sweep of {len(self)}")
        future, place = divmod(index, self.points_a_future)
        changes = self.uncertainties.changes(future)
        if self.baseline is not None and place == 0:
            source, row = self._baseline_name(), NO_ROW
        else:
            number, row = divmod(place - (self.baseline is not None), len(self.levers))
            source = self.scenarios[number].name
            changes |= self.levers.changes(row)
        name = point_name(source, self.levers, row, self.uncertainties, future)
        varies = self._by_name(source).name
        return Point(index, name, varies, row, future, changes, is_baseline=row == NO_ROW)

    def scenario(self, point: Point) -> Scenario:
        """The scenario of a point, under the point's name; reading it takes some 25 ms.

        Raises:
            ScenarioError: its values do not go together.
        """
        source = self.baseline if point.is_baseline else self._by_name(point.source)
        if source is None:
            raise ValueError(f"{self.name} has no baseline")
        return replace(varied(source, point.changes) if point.changes else source, name=point.name)

    def baseline_of(self, point: Point) -> Point | None:
        """The baseline of the same future; None without a baseline, and for a baseline."""
        if self.baseline is None or point.is_baseline:
            return None
        return self.point(point.future * self.points_a_future)

    def _baseline_name(self) -> str:
        """The baseline's name; told apart from a scenario that is also varied."""
        if self.baseline is None:
            return ""
        also = any(scenario.name == self.baseline.name for scenario in self.scenarios)
        return f"{self.baseline.name} baseline" if also else self.baseline.name

    def _by_name(self, name: str) -> Scenario:
        known = {scenario.name: scenario for scenario in self.scenarios}
        if name not in known and self.baseline is not None:
            return self.baseline
        return known[name]
