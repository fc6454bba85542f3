"""Seizures of boats and engines on their way to the coast.

Evidence: about 280 items in a year against some 1,300 launches (source S105); the share is a guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "gangs"
SETTINGS = ("seized_share",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Gangs that lose the given share of the boats they order."""
    return change(rules, SECTION, given)
