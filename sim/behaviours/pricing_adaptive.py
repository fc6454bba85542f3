"""Gangs feel their way: towards the Cournot price, up when customers queue, down when they stay away."""

import numpy as np

from sim.domain.market import Whole, cournot_price
from sim.domain.randomness import Floats
from sim.domain.rules import Gangs


def decide(rules: Gangs, price: Floats, cost: Floats, firms: Whole, queue_ratio: Floats) -> Floats:
    """Tomorrow's prices (GBP/person), never below marginal cost; all arrays have shape (gangs,).

    Args:
        rules: the gangs' settings.
        price: today's prices.
        cost: marginal cost of one person delivered.
        firms: firms competing for the same customers.
        queue_ratio: customers waiting relative to what is usual for the gang; 1 when as usual.
    """
    anchor = cournot_price(rules.choke_price_gbp, cost, firms)
    pull = rules.price_adjustment * np.log(anchor / price)
    push = rules.queue_response * rules.price_adjustment * np.tanh(queue_ratio - 1)
    return np.maximum(price * np.exp(pull + push), cost)
