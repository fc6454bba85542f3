"""Places of the legal route are drawn by lot at each window."""

from sim.domain.randomness import Floats


def decide(waiting_since: Floats, lot: Floats) -> Floats:
    """What applicants of the same priority are ordered by, the smallest first: their lot; shape (people,)."""
    return lot
