"""People go by what is announced, as far as that is believed, and hear of no return: the EU-Turkey extreme."""

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import Beliefs


def decide(rules: Beliefs, heard: Floats, announced: float, credibility: float) -> Floats:
    """Perceived chance of being returned by community; shape (communities,). Before an announcement what is heard."""
    return np.full_like(heard, credibility * announced) if announced > 0 else heard
