"""The exchange is renewed whenever it would end."""

from sim.domain.exchange import Review
from sim.domain.rules import Exchange


def decide(rules: Exchange, review: Review) -> int:
    """Weeks by which the exchange is renewed."""
    return rules.renewal_weeks
