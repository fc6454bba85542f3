"""Patrols stay where the plan put them: each sector's fixed share."""

from sim.domain.randomness import Floats
from sim.domain.rules import Patrols


def decide(rules: Patrols, fixed_share: Floats, recent_launches: Floats) -> Floats:
    """Share of units per sector; shape (sectors,). Recent launches are not looked at."""
    return fixed_share / fixed_share.sum()
