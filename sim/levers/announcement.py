"""What people are told to expect, beside what is aimed at: a promise of more than the target, or of less.

Evidence: none; history disagrees about announced and realised risk (S110), see docs/odd.md.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SETTINGS = ("announced_ratio",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Announcements of the given multiple of the target."""
    return change(rules, SECTION, given)
