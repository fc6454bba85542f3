"""Teams on the water who stop boats that pick people up near the shore, before anyone boards.

Evidence: about 45 % of boats pick people up from the water (PREMAR_2024). Up to June 2025 the doctrine was to come only
to those in distress, so nothing is observed of what such teams stop or how dangerous it is: every number is a guess.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sim.domain.rules import Maritime, Rules
from sim.levers._change import Phase, change

SECTION = "maritime"
SETTINGS = tuple(field.name for field in fields(Maritime))


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given teams, with what they see and stop."""
    return change(rules, SECTION, given)
