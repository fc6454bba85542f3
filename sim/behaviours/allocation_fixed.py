"""Patrols stay where the plan put them: each sector's fixed share."""

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import Patrols


def decide(rules: Patrols, fixed_share: Floats, recent_launches: Floats) -> Floats:
    """Share of units per sector; shape (sectors,). Recent launches are not looked at."""
    return np.asarray(fixed_share / fixed_share.sum())
