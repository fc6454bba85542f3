"""Whether the exchange goes on after its end date, and for how long.

Evidence: the agreement expires on 11 June 2026 unless renewed (S04).
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SETTINGS = ("renewal", "renewal_weeks", "renewal_delivery_needed")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Renewal by the given rule."""
    return change(rules, SECTION, given)
