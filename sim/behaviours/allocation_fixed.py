"""Patrols stay where the plan put them: each sector's fixed share."""

from sim.domain.patrolling import Watched, planned
from sim.domain.randomness import Floats
from sim.domain.rules import Patrols


def decide(rules: Patrols, seen: Watched) -> Floats:
    """Share of units per sector; shape (sectors,), sum 1. Recent launches are not looked at."""
    return planned(seen)
