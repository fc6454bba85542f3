"""Patrols follow the launches of recent weeks."""

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import Patrols


def decide(rules: Patrols, fixed_share: Floats, recent_launches: Floats) -> Floats:
    """Share of units per sector; shape (sectors,): mostly proportional to recent launches, never leaving a beach bare.

    With no launches to go by, the fixed plan.
    """
    fixed = fixed_share / fixed_share.sum()
    total = recent_launches.sum()
    if total <= 0:
        return np.asarray(fixed)
    weight = rules.allocation_fixed_weight
    return np.asarray(weight * fixed + (1 - weight) * recent_launches / total)
