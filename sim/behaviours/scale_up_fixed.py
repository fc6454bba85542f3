"""The weekly target stays what it was announced to be."""

from sim.domain.exchange import Review
from sim.domain.rules import Exchange


def decide(rules: Exchange, review: Review) -> float:
    """This week's target (people/week)."""
    return rules.weekly_target
