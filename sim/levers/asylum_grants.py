"""The chance that a claim for asylum is granted, for all groups by a ratio or for some by their share.

Evidence: 10 % more refusals go with 2 to 4 % more irregular entries (S91), a Home Office study finds no effect on
where people go (S100).
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "asylum"
SETTINGS = (
    "grant_ratio",
    "grant_shares",
)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Decisions with the given chances; communities learn of them by the decisions made."""
    return change(rules, SECTION, given)
