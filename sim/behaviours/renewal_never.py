"""The exchange ends on its end date."""

from sim.domain.exchange import Review
from sim.domain.rules import Exchange


def decide(rules: Exchange, review: Review) -> int:
    """Weeks by which the exchange is renewed: none."""
    return 0
