"""The exchange, 'one in, one out': people who arrive are detained and returned, as many are admitted instead.

Evidence: the agreement and its pilot (sources S02 to S21 of sim/data/sources.csv). The announced target counts
before anyone is returned: between announcement and opening some bring their journey forward, and those who would still
be at the coast on the opening day reckon with it.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sim.domain.rules import Exchange, Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SWITCHES = ("announced", "open", "opened_day", "closes_day")
SETTINGS = tuple(field.name for field in fields(Exchange) if field.name not in SWITCHES)
PROMISED = ("weekly_target", "announced_ratio")
ANNOUNCED = True
OUTLIVES_ITS_END = True  # whether it ends or is renewed is decided by the committee, in the run


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The exchange announced; once in force, open with its settings until `closes_day` or as long as it is renewed.

    Until then only the date and the promise are known.
    """
    if not phase.in_force:
        promised = {name: given[name] for name in PROMISED if name in given}
        return change(rules, SECTION, {"announced": True, "opened_day": phase.in_force_day, **promised})
    switches = {"announced": True, "open": True, "opened_day": phase.in_force_day, "closes_day": phase.end_day}
    return change(rules, SECTION, {**given, **switches})
