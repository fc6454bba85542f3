"""The weekly target stays what it was announced to be."""

from sim.domain.rules import Exchange


def decide(rules: Exchange, target: float, weeks_open: int, delivered: float, parity_held: bool) -> float:
    """This week's target (people/week)."""
    return rules.weekly_target
