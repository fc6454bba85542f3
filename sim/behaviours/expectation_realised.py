"""People go by returns that they hear of, whatever is announced."""

from sim.domain.randomness import Floats
from sim.domain.rules import Beliefs


def decide(rules: Beliefs, heard: Floats, announced: float, credibility: float) -> Floats:
    """Perceived chance of being returned by community; shape (communities,). Announcements are not listened to."""
    return heard
