"""A block of a sweep's YAML: the levers at the top of the file, or what stands below `uncertainties:`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.domain.randomness import Streams
from sim.experiment.sweep.dimensions import Dimension
from sim.experiment.variants import Setting, catalogue_name, read_any_setting, told_value
from sim.levers import find
from sim.scenario import Scenario, ScenarioError
from sim.scenario.errors import shown
from sim.scenario.source import Path, Source

LEVER, UNCERTAINTY = "lever", "uncertainty"
BLOCK_KEYS = ("design", "samples", "over", "except", "infeasible", "table")
SKIP = "skip"
MOST_TOLD = 4  # settings of a row in a message


@dataclass(frozen=True, slots=True)
class Block:
    """A block that is read: where it stands, the scenarios it is about, and settings that are varied elsewhere.

    `first` is the scenario whose values, units and ranges count; `apart` are names in the catalogue that a wildcard
    leaves out, and that must not be named again if they are in `taken`.
    """

    source: Source
    path: Path
    kind: str
    first: Scenario
    seed: int
    taken: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()

    def get(self, key: str) -> Any:
        """What the block says under a key, or None."""
        return self.source.get((*self.path, key))

    def blame(self, key: str, message: str, given: Any = None, allowed: str = "") -> None:
        """Note a problem with a key of the block."""
        self.source.blame((*self.path, key), message, "" if given is None else shown(given), allowed)

    def generator(self) -> np.random.Generator:
        """The draws of this block's sample."""
        return Streams(self.seed, 0).generator(f"sweep {self.kind}")


def given_by_levers(scenarios: Sequence[Scenario]) -> frozenset[str]:
    """Settings that some scenario's levers give: its policy, which an uncertainty by wildcard must not overwrite."""
    levers = (lever for scenario in scenarios for lever in scenario.levers)
    return frozenset(f"{find(lever.kind).SECTION}.{name}" for lever in levers for name in lever.settings)


def setting_of(block: Block, path: Path, name: str) -> Setting | None:
    """The setting of a name; None if there is none or it is varied elsewhere, which is noted."""
    if catalogue_name(name) in block.taken:
        block.source.blame(path, "is varied twice: as a lever and as an uncertainty", "", "one of the two")
        return None
    try:
        return read_any_setting(name, block.first, name)
    except ScenarioError as error:
        for problem in error.problems:
            block.source.blame(path, problem.message, "", problem.allowed)
        return None


def unvaried(setting: Setting, kind: str) -> Dimension:
    """A dimension of a setting, without values as yet."""
    return Dimension(
        setting.name, kind, setting.unit, None, None, None, "linear", setting.whole, setting.confidence, None,
        setting.value,
    )  # fmt: skip


def row_text(changes: Mapping[str, Any], most: int = MOST_TOLD) -> str:
    """A row as a message tells it."""
    told = ", ".join(f"{name}={told_value(value)}" for name, value in list(changes.items())[:most])
    return told + (f" and {len(changes) - most} more" if len(changes) > most else "")
