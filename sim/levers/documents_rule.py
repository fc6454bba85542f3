"""Which papers an applicant for the legal route must show: a passport, also an identity card, or none.

Evidence: a passport or identity card is asked for, which shuts out many Eritreans (S08).
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "legal_route"
SETTINGS = ("documents_rule",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given rule on papers."""
    return change(rules, SECTION, given)
