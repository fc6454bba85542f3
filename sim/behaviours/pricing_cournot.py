"""A gang asks the Cournot price for the number of firms around and its own cost."""

from sim.domain.market import cournot_price
from sim.domain.rules import Gangs


def decide(rules: Gangs, price: float, cost: float, firms: int, queue_ratio: float) -> float:
    """Tomorrow's price (GBP/person)."""
    return max(cournot_price(rules.choke_price_gbp, cost, firms), cost)
