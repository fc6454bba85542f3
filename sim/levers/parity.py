"""How far returns and admissions may run apart before either side pauses.

Evidence: balance is an objective over the agreement's life, watched weekly by a committee (S03); the number is a
guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "legal_route"
SETTINGS = ("parity_tolerance",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given tolerance."""
    return change(rules, SECTION, given)
