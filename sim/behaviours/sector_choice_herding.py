"""A gang goes where it has seen others go, in proportion; its own experience counts as some voices among them.

An urn that is drawn from and added to (Pólya): chance decides early which places are known, and with fading memory
one of them takes over, another one in another history. `imitation` goes with the majority at once instead.
"""

import numpy as np

from sim.domain.market import softmax
from sim.domain.randomness import Floats
from sim.domain.rules import Gangs
from sim.domain.tactics import Outlook


def decide(rules: Gangs, outlook: Outlook) -> Floats:
    """Shares over places, in proportion to launches lately seen and `imitation_voices` of one's own; shape (places,).

    One's own voices go to the places by what they have paid, as in `softmax`.
    """
    own = softmax(outlook.profit - outlook.transport, rules.choice_temperature_gbp)
    seen = np.where(np.isfinite(outlook.transport), outlook.rivals, 0.0)
    return np.asarray((seen + rules.imitation_voices * own) / (seen.sum() + rules.imitation_voices))
