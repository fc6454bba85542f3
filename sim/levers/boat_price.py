"""A shock to the price or the supply of boats and engines: export controls, fewer suppliers, a dearer engine.

Evidence: EUR 15,000 delivered near Calais (source BBC_ESSEN_2024); what controls would add is a guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "gangs"
SETTINGS = (
    "package_gbp",
    "dispatched_per_day",
)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Boats at the given price, and as many a day as the suppliers can send."""
    return change(rules, SECTION, given)
