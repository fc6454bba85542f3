"""A gang goes where it is near: shares fall with the distance over the place to the other shore, whatever was paid."""

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import Gangs
from sim.domain.tactics import Outlook


def decide(rules: Gangs, outlook: Outlook) -> Floats:
    """Shares over places, in proportion to 1 / (distance + `gravity_km`); shape (places,)."""
    weight = np.where(np.isfinite(outlook.transport), 1 / (outlook.distance_km + rules.gravity_km), 0.0)
    return np.asarray(weight / weight.sum())
