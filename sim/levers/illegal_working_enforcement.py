"""Visits against illegal working in the UK: fewer find work, some are arrested, and news of it reaches those to come.

Evidence: visits are published (source S73); no study measures what they do to arrivals, S91 bounds such effects.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "asylum"
SETTINGS = ("visits_per_quarter", "arrests_per_visit")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given number of visits a quarter, and of arrests at each."""
    return change(rules, SECTION, given)
