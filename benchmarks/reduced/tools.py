"""The tools that are compared: a module each, with `simulate(given)` and `outcomes(finished)`."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Tool:
    """One way of writing the reduced model.

    `package` is the distribution whose version is told; at more than `most` people a year it takes minutes.
    """

    module: str
    label: str
    package: str | None
    has_target: bool = False
    most: float = inf


PROJECT = Tool("own_parts", "this project", "sim")
"""The same work as in the other tools: speed is compared with it."""
MACHINERY = Tool("project", "this project, all machinery", "sim")
"""More work than in the others; speed is compared with it as well."""
REFERENCE = Tool("simpy_plain", "SimPy, as its tutorial teaches", "simpy")
"""Outcomes are compared with it."""
TOOLS = (
    PROJECT,
    MACHINERY,
    REFERENCE,
    Tool("mesa_steps", "Mesa, a step a day", "Mesa", has_target=True),
    Tool("mesa_model", "Mesa, its event scheduler", "Mesa", has_target=True),
    Tool("ciw_model", "Ciw", "Ciw", has_target=True, most=20_000),
    Tool("salabim_model", "salabim", "salabim", has_target=True, most=20_000),
    Tool("agentpy_model", "AgentPy", "agentpy", has_target=True),
    Tool("numpy_daily", "NumPy, a step a day, no agents", "numpy"),
)
