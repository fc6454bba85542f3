"""How a function becomes a metric: a unit, a name, a place in the results."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

OUTCOMES = ("sim.metrics.outcomes", "sim.metrics.exchange", "sim.metrics.costs")


@dataclass(frozen=True, slots=True)
class Metric:
    """A named quantity with a unit; `meaning` is the first line of its function's docstring.

    A `detail` is in every table, but not among the results that are printed.
    """

    name: str
    unit: str
    meaning: str
    function: Callable[..., float]
    detail: bool


def metric(unit: str, detail: bool = False) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Mark a function as a metric measured in `unit`."""

    def mark(function: Callable[..., float]) -> Callable[..., float]:
        function.unit, function.detail = unit, detail  # type: ignore[attr-defined]
        return function

    return mark


def _metrics_of(module: str) -> list[Metric]:
    found: dict[str, Any] = vars(import_module(module))
    return [
        Metric(name, function.unit, (function.__doc__ or "").strip().splitlines()[0], function, function.detail)
        for name, function in found.items()
        if getattr(function, "__module__", "") == module and hasattr(function, "unit")
    ]


def outcome_metrics() -> list[Metric]:
    """Metrics of one run, in the order of their files."""
    return [metric for module in OUTCOMES for metric in _metrics_of(module)]


def paired_metrics() -> list[Metric]:
    """Metrics of a run and the baseline run of the same replication."""
    return _metrics_of("sim.metrics.paired")
