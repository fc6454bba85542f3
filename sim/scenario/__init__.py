"""Scenarios: read from YAML, checked with every problem at once, frozen.

`load_scenario` gives a `Scenario`; `explain` says what is known of a setting; `ScenarioError` lists what is wrong.
"""

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
