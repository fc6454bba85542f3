"""A gang feels its way: towards the Cournot price, up when customers queue beyond its boats, down when seats stay empty."""

from math import exp, log, tanh

from sim.domain.market import cournot_price
from sim.domain.rules import Gangs


def decide(rules: Gangs, price: float, cost: float, firms: int, queue_ratio: float) -> float:
    """Tomorrow's price (GBP/person), never below marginal cost.

    Args:
        price: today's price.
        cost: marginal cost of one person delivered.
        firms: firms competing for the same customers.
        queue_ratio: customers waiting relative to what is usual for this gang; 1 when as usual.
    """
    anchor = cournot_price(rules.choke_price_gbp, cost, firms)
    pull = rules.price_adjustment * log(anchor / price)
    push = rules.queue_response * rules.price_adjustment * tanh(queue_ratio - 1)
    return max(price * exp(pull + push), cost)
