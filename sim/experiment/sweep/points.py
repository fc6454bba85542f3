"""Points of a sweep: one scenario under one row of its levers in one future, or the baseline of a future."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.experiment.sweep.designs import GRID, LIST, OAT, Design
from sim.experiment.variants import name_of

TOLD = (GRID, LIST, OAT)  # designs whose rows differ in few values that a reader knows
MOST_TOLD = 4  # settings in a name
NO_ROW = -1
"""The row of a baseline: no lever is varied in it."""


@dataclass(frozen=True, slots=True)
class Point:
    """One variant of a scenario: `row` of the levers' design (NO_ROW in a baseline), `future` of the uncertainties'.

    `source` is the name of the scenario that it varies; `changes` are setting -> value of both designs together.
    """

    index: int
    name: str
    source: str
    row: int
    future: int
    changes: Mapping[str, Any]
    is_baseline: bool


def point_name(source: str, levers: Design, row: int, uncertainties: Design, future: int) -> str:
    """A name of its own for each point: values where they are few, else the numbers of row and future."""
    own = "" if row == NO_ROW else _told(levers, row, "row")
    return " ".join(filter(None, [source, own, _told(uncertainties, future, "future")]))


def _told(design: Design, row: int, noun: str) -> str:
    """A row of a design in a name: nothing if nothing is varied."""
    if not design.dimensions:
        return ""
    changes = design.changes(row)
    return name_of("", changes).strip() if design.kind in TOLD and len(changes) <= MOST_TOLD else f"{noun} {row}"
