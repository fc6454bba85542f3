"""Patrols on the French beaches: how many units, and the rule that spreads them over the sectors.

Evidence: officers promised and funded (sources TELEGRAPH_2023_TAXI, UKFR_JLD_2023); units are of ten officers.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "patrols"
SETTINGS = ("units", "allocation")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Patrols with the given number and rule."""
    return change(rules, SECTION, given)
