"""Patrols play the mixed strategy of a security game: no beach is left that a gang would rather use than the others.

The gang sees where units tend to be, not where they are tonight; chance posts whole units so that the shares hold over
the nights. What a sector is worth to gangs is read from recent launches, over a floor from the plan.
"""

import numpy as np

from sim.domain.patrolling import Watched, planned, security_game, sought
from sim.domain.randomness import Floats
from sim.domain.rules import Patrols


def decide(rules: Patrols, seen: Watched) -> Floats:
    """Share of units per sector; shape (sectors,), sum 1. Units left over are spread evenly along the coast.

    With no units, or units that see nothing, the fixed plan.
    """
    if seen.units == 0 or rules.sweep_km_per_unit == 0:
        return planned(seen)
    need = seen.length_km / rules.sweep_km_per_unit
    units = security_game(sought(rules, seen), need, seen.units) * need
    left = max(seen.units - float(units.sum()), 0.0)
    spread = units + left * seen.length_km / seen.length_km.sum()
    return np.asarray(spread / spread.sum())
