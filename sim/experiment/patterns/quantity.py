"""What a quantity of the scorecard is: a function of runs, with a unit, and its own name to find it by."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.experiment.intervals import mean_interval
from sim.experiment.store import RunKey, Store
from sim.metrics import RunTables
from sim.records.tidy import Columns
from sim.scenario import Scenario

MODULES = tuple(f"sim.experiment.patterns.{name}" for name in ("days", "people", "change", "places", "exchange"))
Days = npt.NDArray[Any]
Interval = tuple[float, float, float]
"""A value and the ends of its 95 % interval."""


@dataclass(frozen=True, slots=True)
class Run:
    """One replication of a scenario: the scenario and the tables."""

    scenario: Scenario
    tables: RunTables


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named quantity: how many scenarios it compares, the settings it takes, and how it is measured.

    `measure` takes a sequence of runs for each scenario, all in the same order of replications. `observe` gives the
    same quantity of an observed daily series, if there is one, from its columns `people` and `boats`.
    """

    name: str
    unit: str
    scenarios: int
    settings: frozenset[str]
    measure: Callable[..., Interval]
    observe: Callable[[Mapping[str, Days]], float] | None = None


class StoredTables(Mapping[str, Columns]):
    """The tables of a finished run, each read from the store when it is first looked at."""

    def __init__(self, store: Store, key: RunKey) -> None:
        self._store, self._key = store, key
        self._read: dict[str, Columns] = {}

    def __getitem__(self, table: str) -> Columns:
        if table not in self._read:
            self._read[table] = self._store.columns(self._key, table)
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        return iter(path.stem for path in sorted(self._key.folder(self._store.root).glob("*.parquet")))

    def __len__(self) -> int:
        return len(list(iter(self)))


def quantity(unit: str) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Mark a function of one run of each scenario as a quantity: its mean over replications, with a 95 % t-interval."""

    def mark(function: Callable[..., float]) -> Callable[..., float]:
        def measure(*arms: Sequence[Run], **settings: Any) -> Interval:
            return mean_interval(np.array([function(*runs, **settings) for runs in zip(*arms, strict=True)], float))

        _register(function, unit, measure)
        return function

    return mark


def quantity_of_days(
    unit: str, column: str, observed: str
) -> Callable[[Callable[[Days], float]], Callable[[Days], float]]:
    """Mark a function of daily counts as a quantity: of a column of the daily table, and of the observed series."""

    def mark(function: Callable[[Days], float]) -> Callable[[Days], float]:
        def measure(runs: Sequence[Run]) -> Interval:
            return mean_interval(np.array([function(run.tables.daily(column)) for run in runs], float))

        def observe(days: Mapping[str, Days]) -> float:
            return function(days[observed])

        _register(function, unit, measure, observe)
        return function

    return mark


def quantity_of_all(unit: str) -> Callable[[Callable[..., Interval]], Callable[..., Interval]]:
    """Mark a function of all replications of each scenario as a quantity; it gives its own interval."""

    def mark(function: Callable[..., Interval]) -> Callable[..., Interval]:
        _register(function, unit, function)
        return function

    return mark


def _register(function: Any, unit: str, measure: Callable[..., Interval], observe: Any = None) -> None:
    given = signature(function).parameters.values()
    settings = frozenset(p.name for p in given if p.kind is Parameter.KEYWORD_ONLY)
    name = function.__name__
    function.quantity = Quantity(name, unit, len(given) - len(settings), settings, measure, observe)


def quantities() -> dict[str, Quantity]:
    """All quantities by name, in the order of their files."""
    functions = (function for module in MODULES for function in vars(import_module(module)).values())
    found = (getattr(function, "quantity", None) for function in functions)
    return {one.name: one for one in found if isinstance(one, Quantity)}
