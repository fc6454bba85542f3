"""What people raise against a return, how often it succeeds, how fast it is decided, and how long it bars removal.

Evidence: trafficking claims of 8 % of arrivals in 2021-22 and more among the detained (S80), a bar of at least 45 days
after a positive first decision (S45); the other chances and times are guesses.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sim.domain.rules import Claims, Rules
from sim.levers._change import Phase, change

SECTION = "claims"
SETTINGS = tuple(field.name for field in fields(Claims))


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Claims with the given chances, times and outcomes."""
    return change(rules, SECTION, given)
