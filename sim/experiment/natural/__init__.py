"""Natural experiments: what the model, as it stands for the Channel, makes of two agreements that did happen."""

from sim.experiment.natural.answer import natural
from sim.experiment.natural.plan import Plan, read_plan

__all__ = ["Plan", "natural", "read_plan"]
