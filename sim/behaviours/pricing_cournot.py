"""Gangs ask the Cournot price for the number of firms around and their own cost."""

import numpy as np

from sim.domain.market import Whole, cournot_price
from sim.domain.randomness import Floats
from sim.domain.rules import Gangs


def decide(rules: Gangs, price: Floats, cost: Floats, firms: Whole, queue_ratio: Floats) -> Floats:
    """Tomorrow's prices (GBP/person), never below marginal cost; all arrays have shape (gangs,)."""
    return np.maximum(cournot_price(rules.choke_price_gbp, cost, firms), cost)
