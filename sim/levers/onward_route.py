"""The way onward from the landing is closed or dearer: some of what arriving is worth is lost.

Evidence: the Balkan route from Greece was closed on 9 March 2016; how much of the worth of arriving that took is not
measured. It is known from the day on as far as announcements are listened to, and by word of mouth from those who land.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "onward"
SETTINGS = ("route_lost_share",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given share of the worth of arriving lost by the closed way."""
    return change(rules, SECTION, given)
