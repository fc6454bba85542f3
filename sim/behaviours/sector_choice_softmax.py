"""A gang leans to the places that paid lately, but keeps trying the others: softmax on smoothed profit."""

from sim.domain.market import softmax
from sim.domain.randomness import Floats
from sim.domain.rules import Gangs
from sim.domain.tactics import Outlook


def decide(rules: Gangs, outlook: Outlook) -> Floats:
    """Shares over places; shape (places,). `choice_temperature_gbp` says how loosely the best is followed."""
    return softmax(outlook.profit - outlook.transport, rules.choice_temperature_gbp)
