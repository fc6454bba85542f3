"""Places of the legal route beyond those that returns open: admissions that may run ahead.

Evidence: the agreement seeks balance over its life (S03); the number is a guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "legal_route"
SETTINGS = ("float_places",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given float."""
    return change(rules, SECTION, given)
