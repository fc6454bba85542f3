"""Money for the French coast beyond what pays today's units; it becomes units as these are recruited.

Evidence: EUR 141, 191 and 209 million a year were agreed for 2023 to 2026 with 500 officers more (UKFR_JLD_2023). What
a unit costs is reckoned from that; how long recruitment takes is a guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "patrols"
SETTINGS = ("extra_funding_gbp_per_year", "recruitment_days")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given money since the lever's first day, on which recruitment begins."""
    return change(rules, SECTION, {**given, "funded_since_day": phase.in_force_day})
