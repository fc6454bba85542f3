"""Policy levers: one file each, named as in the YAML; a lever is a pure function from `Rules` to `Rules` from a date.

To add one, write `sim/levers/<name>.py` with a docstring (what it is, the evidence) and

* `SECTION`: the section of `Rules` whose settings it takes,
* `SETTINGS`: the names of the settings it takes,
* `apply(rules, given, phase)`: the rules under it, with `given` the settings the scenario gives,
* `ANNOUNCED = True` if it acts from its announcement on; otherwise it acts only while in force, in [from, until),
* `OUTLIVES_ITS_END = True` if its rules stay after `until`, so that the run itself can decide what ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from math import inf
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase

__all__ = ["Lever", "Phase", "days_between", "find", "names"]


@cache
def names() -> tuple[str, ...]:
    """Names of all levers, by the files that exist.

    >>> "exchange" in names()
    True
    """
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


@cache
def find(kind: str) -> ModuleType:
    """The module of a lever.

    Raises:
        ValueError: there is no such lever.
    """
    if kind not in names():
        raise ValueError(f"there is no lever {kind!r}; there are {', '.join(names())}")
    return import_module(f"{__name__}.{kind}")


def days_between(start: date, day: date) -> float:
    """Days from a scenario's start to a date.

    >>> days_between(date(2025, 1, 1), date(2025, 1, 31))
    30.0
    """
    return float((day - start).days)


@dataclass(frozen=True)
class Lever:
    """A lever as a scenario gives it: its dates, and only those settings that it gives.

    `until=None` never ends; `announced=None` is announced when it starts.
    """

    kind: str
    starts: date
    until: date | None
    announced: date | None
    settings: dict[str, Any]

    def rules_on(self, rules: Rules, day: float, start: date) -> Rules:
        """The rules under this lever on a day of a scenario that starts on a date."""
        phase = self._phase(day, start)
        module = find(self.kind)
        acts = phase is not None and (phase.in_force or getattr(module, "ANNOUNCED", False))
        changed: Rules = module.apply(rules, self.settings, phase) if acts else rules
        return changed

    def is_succeeded(self, others: Iterable[Lever], day: float, start: date) -> bool:
        """Whether the lever is over and another of its kind that began no earlier than its end has begun."""
        if self.until is None or day < days_between(start, self.until):
            return False
        later = (lever for lever in others if lever.kind == self.kind and lever.starts >= self.until)
        return any(day >= days_between(start, lever.starts) for lever in later)

    def change_days(self, start: date) -> list[float]:
        """Days of the scenario on which the lever may change something; negative before its start."""
        return sorted({days_between(start, day) for day in self._dates()})

    def _dates(self) -> Iterator[date]:
        return (day for day in (self.announced, self.starts, self.until) if day is not None)

    def _phase(self, day: float, start: date) -> Phase | None:
        """Where the lever stands on a day; None before its announcement and after its end."""
        begins = days_between(start, self.starts)
        announced = days_between(start, self.announced or self.starts)
        ends = inf if self.until is None else days_between(start, self.until)
        over = day >= ends and not getattr(find(self.kind), "OUTLIVES_ITS_END", False)
        return None if over or day < announced else Phase(day >= begins, begins, ends)
