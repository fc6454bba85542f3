"""People go by what they hear, raised towards what is announced as far as that is believed."""

from sim.domain.beliefs import expected_return
from sim.domain.randomness import Floats
from sim.domain.rules import Beliefs


def decide(rules: Beliefs, heard: Floats, announced: float, credibility: float) -> Floats:
    """Perceived chance of being returned by community; shape (communities,).

    Args:
        rules: the beliefs' settings.
        heard: what each community takes from returns that it has heard of.
        announced: the chance that the announced target implies, 0 if nothing is announced.
        credibility: how far announcements are believed, 0 to 1.
    """
    return expected_return(heard, announced, rules.announced_weight, credibility)
