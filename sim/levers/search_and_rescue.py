"""How many vessels answer calls from the sea, and for how long each is busy.

Evidence: 6,310 people rescued and brought back in 2024, 4,858 in 2023 (PREMAR_2024); how many vessels that took, and
how many more die when none is free, are guesses.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "rescue"
SETTINGS = ("vessels", "hours_busy")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given vessels."""
    return change(rules, SECTION, given)
