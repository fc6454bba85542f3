"""Charters to France: how many a week, their seats, and how many of both are lost at the last minute.

Evidence: up to 20 people on one charter (S34); one of 2020 went from 30 planned to 1 boarded (S87); flights a week
are a guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SETTINGS = (
    "flights_per_week",
    "seats_per_flight",
    "flight_filled_at_least",
    "flight_cancelled_share",
    "seat_attrition_share",
)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Charters with the given numbers."""
    return change(rules, SECTION, given)
