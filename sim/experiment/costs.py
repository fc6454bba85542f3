"""When a policy of returns pays for itself, by the arithmetic of a published impact assessment. Pure."""

from math import isfinite

from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import shown


def break_even_deterrence(gross_gbp: float, saved_gbp: float) -> float:
    """Share of people who must be deterred for the costs of relocating the others to break even.

    Relocating one person costs `gross_gbp`; `saved_gbp` of support is saved for everyone relocated or deterred. With
    the share d deterred, (1 - d) gross = saved, so d = (gross - saved) / gross; nil if the savings cover the cost.
    Source: Home Office, Illegal Migration Bill impact assessment, June 2023: 37 % (central), 2 % (high savings).

    >>> round(break_even_deterrence(169_000, 106_000), 3), round(break_even_deterrence(169_000, 165_000), 3)
    (0.373, 0.024)

    Raises:
        ScenarioError: an amount is not finite, the gross cost is not above 0, or the saving is below 0.
    """
    problems = []
    if not (isfinite(gross_gbp) and gross_gbp > 0):
        problems.append(Problem("--gross-gbp", "is no cost of relocating one person", shown(gross_gbp), "GBP > 0"))
    if not (isfinite(saved_gbp) and saved_gbp >= 0):
        problems.append(Problem("--saved-gbp", "is no saving for one person", shown(saved_gbp), "GBP >= 0"))
    if problems:
        raise ScenarioError(problems)
    return max(gross_gbp - saved_gbp, 0.0) / gross_gbp
