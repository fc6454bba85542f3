"""Showing returns to those who may come: each is told several times over.

Evidence: limits to information cut the ability to react to change (S102); the effect of campaigns is a guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "beliefs"
SETTINGS = ("return_publicity",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Each return told as often as given."""
    return change(rules, SECTION, given)
