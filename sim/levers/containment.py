"""People who land are held where they land: some of what arriving is worth is lost while they are.

Evidence: on the Greek islands everyone who came after 20 March 2016 was held (the one-for-one statement); how much of
the worth of arriving that took is not measured. It is known from the day on as far as announcements are listened to,
and by word of mouth from those who land.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "onward"
SETTINGS = ("held_lost_share",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given share of the worth of arriving lost by being held."""
    return change(rules, SECTION, given)
