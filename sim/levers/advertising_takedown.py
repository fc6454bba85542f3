"""Taking gangs' posts off social media before people afar read them.

Evidence: no study measures the pull of the posts; networks are the strongest factor of destination, work the weaker
one (S99).
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "gangs"
SETTINGS = ("advertising_takedown",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given share of posts taken down."""
    return change(rules, SECTION, given)
