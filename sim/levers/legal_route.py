"""The legal route, 'one in': how many may apply, who is chosen and how long admission takes.

Evidence: the scheme's terms (sources S03, S08, S10 of sim/data/sources.csv); numbers of applicants are not published.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sim.domain.rules import LegalRoute, Rules
from sim.levers._change import Phase, change

SECTION = "legal_route"
SETTINGS = tuple(field.name for field in fields(LegalRoute))


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The legal route with the given settings."""
    return change(rules, SECTION, given)
