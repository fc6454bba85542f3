"""Checks of lorries and ferries at the ports, which lower the share of tries that succeed.

Evidence: no published rate; checks since 2018 are said to have moved people to boats (GITOC_2024). The share is a
guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "migrants"
SETTINGS = ("lorry_success",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given share of tries that succeed."""
    return change(rules, SECTION, given)
