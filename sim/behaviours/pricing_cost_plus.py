"""Gangs put a fixed markup on what a person delivered costs them: no look at rivals or at the queue."""

import numpy as np

from sim.domain.market import Whole
from sim.domain.randomness import Floats
from sim.domain.rules import Gangs


def decide(rules: Gangs, price: Floats, cost: Floats, firms: Whole, queue_ratio: Floats) -> Floats:
    """Tomorrow's prices (GBP/person), `1 + markup` times marginal cost; all arrays have shape (gangs,)."""
    return np.asarray((1 + rules.markup) * cost)
