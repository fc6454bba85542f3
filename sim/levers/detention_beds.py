"""Detention places kept for the exchange: no bed, no case.

Evidence: about 100 at first, a national estate of some 2,200 (source S84 of sim/data/sources.csv); the range is press
and guess.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SETTINGS = ("beds",)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """The given number of beds."""
    return change(rules, SECTION, given)
