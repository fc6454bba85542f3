"""Who knows of the legal route: a campaign raises the share at once, word of mouth spreads it.

Evidence: none published; both numbers are guesses with wide ranges (S10).
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "legal_route"
SETTINGS = ("awareness", "awareness_per_day")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Awareness of at least the given share, spreading at the given pace."""
    return change(rules, SECTION, given)
