"""What a sweep varies: a setting and the values it takes, read from one entry of `over:` in the sweep's YAML.

Forms of an entry: a list of values; `{low, high, steps, scale}`, of which an end that is left out is that of the
plausible range; `range` for the plausible range. Numbers are blamed on their line before any scenario is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

import numpy as np

from sim.experiment.question import rounded
from sim.experiment.variants import Setting, catalogue_name, is_number
from sim.scenario.describe import listed, meant
from sim.scenario.errors import number, shown
from sim.scenario.shape import hint_at
from sim.scenario.source import Path, Source
from sim.scenario.validate import validated

RANGE = "range"
SCALES = ("linear", "log")
KEYS = ("low", "high", "steps", "scale")
FEWEST_STEPS = 2
FORM = "a list of values, range, or {low: 0, high: 100, steps: 5, scale: linear or log}"


@dataclass(frozen=True, slots=True)
class Dimension:
    """A setting and what it is varied over: `values` one by one, or all from `low` to `high`.

    `kind` is "lever" (ours to choose) or "uncertainty" (not ours); `base` is the value in the scenario; `whole` says
    that only whole numbers fit. `low` and `high` are missing where the values are words; `steps` if none were given.
    """

    setting: str
    kind: str
    unit: str
    low: float | None
    high: float | None
    values: tuple[Any, ...] | None
    scale: str
    whole: bool
    confidence: str
    steps: int | None
    base: Any

    def at(self, u: float) -> Any:
        """The value at `u` in [0, 1]: uniform or log-uniform; listed values and whole numbers are equally likely.

        >>> Dimension("exchange.beds", "lever", "beds", 50, 1000, None, "linear", True, "press", None, 100).at(1.0)
        1000
        """
        if self.values is not None:
            return self.values[min(int(u * len(self.values)), len(self.values) - 1)]
        low, high = self._ends()
        if not self.whole:
            return between(low, high, u, self.scale)
        # each whole number has a cell of width 1 of its own, on the log scale too
        return min(int(between(low, high + 1, u, self.scale)), int(high))

    def ends(self) -> tuple[Any, ...]:
        """The values at which one setting is looked at by itself: those listed, else the low and the high end."""
        return self.values if self.values is not None else (self.at(0.0), self.at(1.0))

    def _ends(self) -> tuple[float, float]:
        if self.low is None or self.high is None:
            raise ValueError(f"{self.setting} has neither values nor a range")
        return self.low, self.high


def between(low: float, high: float, u: float, scale: str) -> float:
    """The point at a share `u` of the way from low to high, on a linear or a log scale.

    >>> between(1, 100, 0.5, "log")
    10.0
    """
    return float(low * (high / low) ** u) if scale == "log" else float(low + (high - low) * u)


def read_dimension(source: Source, path: Path, given: Any, setting: Setting, kind: str) -> Dimension | None:
    """The dimension of one entry of `over:`; None if something is wrong, which is then noted on the source.

    `path` is the place of the entry and `given` what stands there.
    """
    before = len(source.problems)
    empty = Dimension(
        setting.name, kind, setting.unit, setting.low, setting.high, None, "linear", setting.whole,
        setting.confidence, None, setting.value,
    )  # fmt: skip
    dimension: Dimension | None
    if isinstance(given, list):
        dimension = _of_values(source, path, given, empty)
    elif given == RANGE or isinstance(given, dict):
        dimension = _of_range(source, path, {} if given == RANGE else given, empty)
    else:
        source.blame(path, "is not varied", shown(given), FORM)
        return None
    return None if len(source.problems) > before else dimension


def listed_dimension(empty: Dimension, values: Sequence[Any]) -> Dimension:
    """A dimension of these values, in their order and each once."""
    distinct = tuple(value for i, value in enumerate(values) if value not in values[:i])
    numbers = [float(value) for value in distinct if is_number(value)]
    low, high = (min(numbers), max(numbers)) if len(numbers) == len(distinct) else (None, None)
    return replace(empty, values=distinct, low=low, high=high)


def check_value(source: Source, path: Path, setting: str, value: Any) -> None:
    """Note a value of the wrong type or beyond a hard limit on the source."""
    hint = hint_at(tuple(catalogue_name(setting).split(".")))
    if value is None:
        source.blame(path, f"is missing: a value of {setting}", "", FORM)
    elif hint is not None:
        validated(source, path, hint, value=value)


def _of_values(source: Source, path: Path, given: list[Any], empty: Dimension) -> Dimension | None:
    if not given:
        source.blame(path, "lists no values", "[]", FORM)
        return None
    for index, value in enumerate(given):
        if value in given[:index]:
            source.blame((*path, index), "lists a value twice", shown(value), "each value once")
        check_value(source, (*path, index), empty.setting, value)
    return listed_dimension(empty, given)


def _of_range(source: Source, path: Path, given: dict[str, Any], empty: Dimension) -> Dimension | None:
    before = len(source.problems)
    for key in (key for key in given if key not in KEYS):
        source.blame((*path, key), f"is unknown{meant(key, KEYS)}", "", listed(key, KEYS))
    if not (is_number(empty.base) or is_number(empty.low)):
        source.blame(path, f"is no number but {shown(empty.base)}: list the values to try", shown(given or RANGE))
        return None
    _check_ends(source, path, given, empty)
    _check_scale_and_steps(source, path, given, empty)
    if len(source.problems) > before:
        return None
    low, high = (given.get("low", empty.low), given.get("high", empty.high))
    found = replace(empty, low=low, high=high, scale=given.get("scale", "linear"), steps=given.get("steps"))
    return found if found.steps is None else _in_steps(source, path, found)


def _check_ends(source: Source, path: Path, given: dict[str, Any], empty: Dimension) -> None:
    """The two ends are there, are values of the setting, and stand in order."""
    ends: dict[str, Any] = {"low": given.get("low", empty.low), "high": given.get("high", empty.high)}
    for name, value in ends.items():
        if value is None:
            source.blame(path, f"needs {name}: {empty.setting} has no plausible range", "", FORM)
        elif not is_number(value):
            source.blame((*path, name), "must be a number", shown(value))
        elif name in given:
            check_value(source, (*path, name), empty.setting, value)
    low, high = ends["low"], ends["high"]
    if is_number(low) and is_number(high) and low >= high:
        what = "is reversed" if low > high else "is a single point"
        source.blame(path, f"the range {what}", f"low {number(low)}, high {number(high)}", "low < high")
    if given.get("scale") == "log" and is_number(low) and low <= 0:
        source.blame(path, "a log scale needs a range above 0", f"low {number(low)}", "low > 0, or scale: linear")


def _check_scale_and_steps(source: Source, path: Path, given: dict[str, Any], empty: Dimension) -> None:
    scale: Any = given.get("scale", SCALES[0])
    steps: Any = given.get("steps", FEWEST_STEPS)
    if scale not in SCALES:
        source.blame((*path, "scale"), f"is no scale{meant(scale, SCALES)}", shown(scale), " or ".join(SCALES))
    if not is_number(steps) or steps != int(steps) or steps < FEWEST_STEPS:
        source.blame((*path, "steps"), "must be a whole number of at least 2", shown(steps))


def _in_steps(source: Source, path: Path, found: Dimension) -> Dimension | None:
    """The values of evenly spaced steps, the ends as given and those between with no more digits than matter."""
    low, high = found.low, found.high
    if low is None or high is None or found.steps is None:
        return None
    inside = [between(low, high, u, found.scale) for u in np.linspace(0.0, 1.0, found.steps)[1:-1].tolist()]
    levels: list[Any] = [low, *map(rounded, inside), high]
    if found.whole:
        levels = [ceil(low), *(round(level) for level in inside), floor(high)]
    if len(set(levels)) < len(levels):
        source.blame(
            (*path, "steps"), "are more than there are values", str(found.steps), f"at most {len(set(levels))}"
        )
    return replace(found, values=tuple(levels))
