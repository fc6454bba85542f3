"""Patrols follow the launches of recent weeks."""

from sim.domain.patrolling import Watched, sought
from sim.domain.randomness import Floats
from sim.domain.rules import Patrols


def decide(rules: Patrols, seen: Watched) -> Floats:
    """Share of units per sector; shape (sectors,), sum 1: as recent launches, never leaving a beach bare.

    With no launches to go by, the fixed plan.
    """
    return sought(rules, seen)
