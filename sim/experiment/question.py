"""What a break-even asks, checked as a whole before anything is run: lever, metric, target, levels, baseline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.study import baseline_of, check_comparable
from sim.experiment.variants import Number, Setting, read_metric, read_setting, read_together, required, varied
from sim.metrics import Metric
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.errors import number, shown

SPREAD = (0.05, 0.1, 0.2, 0.5)  # of the highest plausible value: levels inside a wide range
WIDE = 10  # a range whose ends differ by more than this factor is covered evenly on a log-like scale
EVEN_LEVELS = 6
DIGITS = 3  # significant digits of levels between the ends of a range: finer than any lever can be set
TARGET_FORM = "a difference to the baseline as -2000 or 0, or a share of the baseline's mean as -10%"
LEVELS_FORM = "numbers with commas between them, at least two, as 0,50,100"


@dataclass(frozen=True, slots=True)
class Target:
    """A paired difference to reach: `size` in the metric's unit, or a share of the baseline's mean if `relative`."""

    size: float
    relative: bool

    def __str__(self) -> str:
        """As a user writes it, signs and all: `-10%`, `+2000`."""
        return f"{100 * self.size:+.12g}%" if self.relative else f"{self.size:+.12g}"

    def differences(self, baseline: Floats) -> Floats:
        """The difference to reach in each replication, whose mean is the target; shape (replications,)."""
        return self.size * baseline if self.relative else np.full(len(baseline), self.size)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, as a user writes it; missing parts are reported with everything else that is wrong."""

    lever: str | None
    metric: str | None
    target: str | float | None
    levels: str | Sequence[float] | None = None
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, checked: `variants` are the scenario at each level, by level."""

    scenario: Scenario
    baseline: Scenario
    lever: Setting
    metric: Metric
    target: Target
    variants: dict[Number, Scenario]


def read_question(load: Callable[[], Scenario], asked: Asked) -> Question:
    """The question; `load` gives the scenario.

    Raises:
        ScenarioError: everything that is wrong with the scenario and with what is asked.
    """

    def about_scenario() -> tuple[Scenario, Scenario, tuple[Setting, dict[Number, Scenario]]]:
        scenario = load()
        baseline, at_levels = read_together(partial(_baseline, scenario, asked), partial(_at_levels, scenario, asked))
        return scenario, baseline, at_levels

    metric, target, _, _, (scenario, baseline, (lever, variants)) = read_together(
        partial(read_metric, asked.metric),
        partial(read_target, asked.target),
        partial(required, asked.lever, "--lever"),  # this and the levels again below, where there is a scenario
        partial(read_levels, asked.levels),
        about_scenario,
    )
    return Question(scenario, baseline, lever, metric, target, variants)


def read_target(given: str | float | None) -> Target:
    """A target from text such as `-10%` or `-2000`, or from a number.

    >>> read_target("-10%"), read_target(0)
    (Target(size=-0.1, relative=True), Target(size=0.0, relative=False))

    Raises:
        ScenarioError: it is neither.
    """
    if given is None:
        raise ScenarioError([Problem("--target", "is missing", "", TARGET_FORM)])
    text = str(given).strip()
    size = _finite(text.removesuffix("%"))
    if size is None:
        raise ScenarioError([Problem("--target", "is no target", shown(given), TARGET_FORM)])
    return Target(size / 100, True) if text.endswith("%") else Target(size, False)


def read_levels(given: str | Sequence[float] | None) -> list[float] | None:
    """Levels, ascending and each once, from text such as `0,50,100` or from numbers; None for the default.

    Raises:
        ScenarioError: some are no numbers, or there are fewer than two.
    """
    if given is None:
        return None
    parts = given.split(",") if isinstance(given, str) else [str(level) for level in given]
    levels = {part: _finite(part) for part in parts}
    wrong = ", ".join(shown(part) for part, level in levels.items() if level is None)
    if wrong:
        raise ScenarioError([Problem("--levels", f"are not all numbers: {wrong}", shown(given), LEVELS_FORM)])
    known = sorted({level for level in levels.values() if level is not None})
    if len(known) < 2:
        raise ScenarioError([Problem("--levels", "are too few to draw a curve", shown(given), LEVELS_FORM)])
    return known


def default_levels(lever: Setting) -> list[Number]:
    """Levels over the plausible range: even steps, or its ends and 5, 10, 20, 50 % of its high end if it is wide.

    Raises:
        ScenarioError: no range is known, or it is a single point.
    """
    low, high = lever.low, lever.high
    if low is None or high is None or low == high:
        message = f"are needed: {lever.name} has no plausible range to spread them over"
        raise ScenarioError([Problem("--levels", message, "", LEVELS_FORM)])
    if low >= 0 and high > WIDE * low:
        inside = [share * high for share in SPREAD if share * high > low]
    else:
        inside = np.linspace(low, high, EVEN_LEVELS)[1:-1].tolist()
    return sorted({lever.fitting(level) for level in (low, *map(rounded, inside), high)})


def rounded(level: float) -> float:
    """A level with no more digits than matter."""
    return float(f"{level:.{DIGITS}g}")


def _baseline(scenario: Scenario, asked: Asked) -> Scenario:
    baseline = baseline_of(scenario, asked.baseline)
    if baseline is None:
        message = f"is needed: {scenario.name} has none to compare with"
        raise ScenarioError([Problem("--baseline", message, shown(asked.baseline), "a scenario")])
    check_comparable([scenario, baseline])
    return baseline


def _at_levels(scenario: Scenario, asked: Asked) -> tuple[Setting, dict[Number, Scenario]]:
    """The lever, and the scenario at each level."""
    lever = read_setting(asked.lever, scenario, "--lever")
    given = read_levels(asked.levels)
    levels = default_levels(lever) if given is None else given
    broken = ", ".join(number(level) for level in levels if lever.fitting(level) != level)
    if broken:
        message = f"of {lever.name} must be whole numbers: {broken} are not"
        raise ScenarioError([Problem("--levels", message, shown(asked.levels), LEVELS_FORM)])
    fitting = [lever.fitting(level) for level in levels]
    scenarios = read_together(*(partial(_at_level, scenario, lever, level) for level in fitting))
    return lever, dict(zip(fitting, scenarios, strict=True))


def _at_level(scenario: Scenario, lever: Setting, level: Number) -> Scenario:
    """The scenario at one level; the option answers for a level that cannot be."""
    try:
        return varied(scenario, {lever.name: level})
    except ScenarioError as error:
        raise ScenarioError(replace(problem, file="--levels") for problem in error.problems) from error


def _finite(text: str) -> float | None:
    """The number that a text holds, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None
