"""The exchange, 'one in, one out': people who arrive are detained and returned, as many are admitted instead.

Evidence: the agreement and its pilot (sources S02 to S21 of sim/data/sources.csv). The announced target counts
from the opening, before anyone is returned. That journeys are brought forward between announcement and opening (P7) is
not modelled yet: `announced` is known to the rules, but nobody acts on it.
"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sim.domain.rules import Exchange, Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SWITCHES = ("announced", "open", "opened_day", "closes_day")
SETTINGS = tuple(field.name for field in fields(Exchange) if field.name not in SWITCHES)
ANNOUNCED = True
OUTLIVES_ITS_END = True  # whether it ends or is renewed is decided by the committee, in the run


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The exchange announced; once in force, open with its settings until `closes_day` or as long as it is renewed."""
    if not phase.in_force:
        return change(rules, SECTION, {"announced": True})
    switches = {"announced": True, "open": True, "opened_day": phase.in_force_day, "closes_day": phase.end_day}
    return change(rules, SECTION, {**given, **switches})
