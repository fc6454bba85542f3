"""What every lever shares: the phase it is in, and how one section of the rules is changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a lever stands on a day: only announced, or in force from a day of the scenario to another.

    `end_day` is infinite for a lever without an end.
    """

    in_force: bool
    in_force_day: float
    end_day: float


def change(rules: Rules, section: str, settings: Mapping[str, Any]) -> Rules:
    """The rules with some settings of one section changed."""
    sections: dict[str, Any] = {section: replace(getattr(rules, section), **settings)}
    return replace(rules, **sections)
