"""How many patrol units there are on the French beaches.

Evidence: from 200 officers to 300 in November 2022 (source HL3419_2022), 800 promised in 2023 (TELEGRAPH_2023_TAXI);
a unit stands for ten officers.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "patrols"
SETTINGS = ("units",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given number of units."""
    return change(rules, SECTION, given)
