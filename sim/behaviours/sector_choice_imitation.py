"""A gang follows the others: where launches were seen counts, and its own experience is some voices more.

With a choice of two, all choices seen and one voice, this is the sequence of the information cascade
(Bikhchandani, Hirshleifer and Welch 1992): two launches ahead in one place and nobody heeds their own experience.
"""

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import Gangs
from sim.domain.tactics import Outlook, best_evenly


def decide(rules: Gangs, outlook: Outlook) -> Floats:
    """Shares over places; shape (places,): all to the place with the most evidence, ties evenly.

    Evidence is the launches lately seen and `imitation_voices` for what has paid the gang itself best. Where its own
    experience favours several places alike the voices are split among them.
    """
    own = best_evenly(outlook.profit - outlook.transport)
    evidence = outlook.rivals + rules.imitation_voices * own
    return best_evenly(np.where(np.isfinite(outlook.transport), evidence, -np.inf))
