"""Places of the legal route go to those who have waited longest."""

from sim.domain.randomness import Floats


def decide(waiting_since: Floats, lot: Floats) -> Floats:
    """What applicants of the same priority are ordered by, the smallest first: the day of their application."""
    return waiting_since
