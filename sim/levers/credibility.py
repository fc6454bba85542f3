"""How far announcements are believed: their weight beside what is seen, and how promises kept or broken change it.

Evidence: history disagrees about announced and realised risk (S110, docs/odd.md); all numbers are guesses.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "beliefs"
SETTINGS = (
    "expectation",
    "announced_weight",
    "credibility_at_start",
    "credibility_adjustment",
)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Announcements believed as given; the start counts when an exchange is announced."""
    return change(rules, SECTION, given)
