"""The exchange is renewed at its end date if it has delivered and parity holds."""

from sim.domain.exchange import Review
from sim.domain.rules import Exchange


def decide(rules: Exchange, review: Review) -> int:
    """Weeks by which the exchange is renewed, 0 to let it end: `renewal_delivery_needed` of the target is asked for."""
    delivered = review.delivered >= rules.renewal_delivery_needed * review.target
    return rules.renewal_weeks if delivered and review.parity_held else 0
