"""A gang leans to the sectors that paid lately, but keeps trying the others: softmax on smoothed profit."""

from sim.domain.market import softmax
from sim.domain.randomness import Floats


def decide(profit: Floats, transport: Floats, temperature: float) -> Floats:
    """Shares over sectors; shape (sectors,).

    Args:
        profit: smoothed profit of one launch in each sector, GBP.
        transport: what moving one boatload to the sector costs, GBP.
        temperature: how loosely the best is followed, GBP.
    """
    return softmax(profit - transport, temperature)
