"""The weekly target follows announced steps: week number since the opening -> people a week."""

from sim.domain.exchange import Review
from sim.domain.rules import Exchange


def decide(rules: Exchange, review: Review) -> float:
    """This week's target (people/week); before the first step, the weekly target."""
    due = [week for week in rules.steps if week <= review.weeks_open]
    return rules.steps[max(due)] if due else rules.weekly_target
