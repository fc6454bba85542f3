"""The weekly target follows announced steps: week number since the opening -> people a week."""

from sim.domain.rules import Exchange


def decide(rules: Exchange, target: float, weeks_open: int, delivered: float, parity_held: bool) -> float:
    """This week's target (people/week); before the first step, the weekly target."""
    due = [week for week in rules.steps if week <= weeks_open]
    return rules.steps[max(due)] if due else rules.weekly_target
