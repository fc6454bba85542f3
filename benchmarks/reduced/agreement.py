"""Whether tools tell the same: mean outcomes against those of plain SimPy, seed by seed, within a stated tolerance.

Rounds share people, calm nights and fates of boats, so a tool is compared with the reference round by round. Allowed is
a mean difference of `ERRORS` standard errors. The spread of the differences between rounds is taken over all tools
together (root mean square), for a few rounds of one tool would tell it badly. Some sixty comparisons are made at each
size: with 4 standard errors some two tables in a hundred would show a failure by chance. Seeds are fixed, so that the
same versions give the same verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import fmean, variance
from typing import Any

from benchmarks.reduced.tools import REFERENCE

ERRORS = 4.0
ROUNDS_TO_JUDGE = 4
"""With fewer rounds the spread between them is not known well enough, and nothing is judged."""


def compare(outcomes: Mapping[str, Sequence[Mapping[str, float]]]) -> dict[str, dict[str, Any]]:
    """For each tool its mean outcomes, and what of them lies further from the reference's than is allowed.

    `differs` holds the difference and what is allowed; `allowed` is None where nothing is judged.
    """
    reference = outcomes[REFERENCE.module]
    names, rounds = list(reference[0]), len(reference)
    means = {tool: {name: fmean(run[name] for run in runs) for name in names} for tool, runs in outcomes.items()}
    if rounds < ROUNDS_TO_JUDGE:
        return {tool: {"outcomes": means[tool], "differs": {}, "allowed": None} for tool in outcomes}
    differences = {
        (tool, name): [own[name] - other[name] for own, other in zip(runs, reference, strict=True)]
        for tool, runs in outcomes.items()
        if tool != REFERENCE.module
        for name in names
    }
    allowed = {
        name: ERRORS * sqrt(fmean(variance(d) for (_, of), d in differences.items() if of == name) / rounds)
        for name in names
    }
    verdicts: dict[str, dict[str, Any]] = {}
    for tool in outcomes:
        off = {name: fmean(differences.get((tool, name), [0.0])) for name in names}
        verdicts[tool] = {
            "outcomes": means[tool],
            "differs": {name: [off[name], allowed[name]] for name in names if abs(off[name]) > allowed[name]},
            "allowed": allowed,
        }
    return verdicts
