"""Scenarios: read from YAML, checked with every problem at once, frozen.

`load_scenario` gives a `Scenario`; `explain` says what is known of a setting; `ScenarioError` lists what is wrong.
Each name is imported when it is first asked for, so that a command which loads no scenario starts at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.catalogue import explain, guesses, outside_range
    from sim.scenario.errors import Problem, ScenarioError
    from sim.scenario.load import load_scenario
    from sim.scenario.meta import Meta
    from sim.scenario.schema import Scenario

__all__ = [
    "Meta",
    "Problem",
    "Scenario",
    "ScenarioError",
    "explain",
    "guesses",
    "load_scenario",
    "outside_range",
]
HOMES = {
    "Meta": "meta", "Problem": "errors", "Scenario": "schema", "ScenarioError": "errors", "explain": "catalogue",
    "guesses": "catalogue", "load_scenario": "load", "outside_range": "catalogue",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
