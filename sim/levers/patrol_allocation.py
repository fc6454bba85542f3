"""The rule that spreads patrol units over the sectors: the plan, recent launches, or a security game.

Evidence: none on how units are spread, and none is sought. The security game is the maximin of Kiekintveld et al. 2009;
`sim explain patrols.allocation` lists the rules.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "patrols"
SETTINGS = ("allocation",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Units spread by the given rule."""
    return change(rules, SECTION, given)
