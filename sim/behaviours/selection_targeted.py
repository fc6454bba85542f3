"""Only arrivals of the groups aimed at are selected for return."""

from sim.domain.rules import Exchange


def decide(rules: Exchange, group: str) -> float:
    """Chance that an arrival of a group whom the agreement covers is chosen, if there is room."""
    return rules.selection_share if group in rules.target_groups else 0.0
