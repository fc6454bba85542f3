"""`Scenario`: everything that determines a run, typed, checked and frozen; one is enough to run, hash and pickle."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Any

from sim.domain.rules import Rules
from sim.domain.theatre import Theatre
from sim.levers import Lever, days_between
from sim.scenario.meta import Meta
from sim.scenario.validate import adapter

HASH_LENGTH = 16  # hexadecimal digits


@dataclass(frozen=True)
class Scenario:
    """A scenario as loaded: rules before any lever, a theatre, and levers with their dates.

    Simulated time is [start, until); metrics count [measure_from, until). `baseline` is a path, or None.
    `overrides` are those it was loaded with: its baseline is loaded with the same.
    """

    name: str
    question: str
    start: date
    measure_from: date
    until: date
    baseline: str | None
    seed: int
    replications: int
    rules: Rules
    theatre: Theatre
    levers: tuple[Lever, ...]
    source_file: str
    catalogue: Mapping[str, Meta] = field(compare=False, repr=False)
    overrides: Mapping[str, Any] | Sequence[str] = field(default=(), compare=False)

    @property
    def horizon_days(self) -> float:
        """Days simulated."""
        return days_between(self.start, self.until)

    @property
    def warm_up_days(self) -> float:
        """Days simulated before metrics count."""
        return days_between(self.start, self.measure_from)

    def rules_on(self, day: float) -> Rules:
        """The rules in force on a day; a lever listed later acts after those before it, a successor replaces one."""
        rules = self.rules
        for lever in self.levers:
            if lever.is_succeeded(self.levers, day, self.start):
                continue
            rules = lever.rules_on(rules, day, self.start)
        return rules

    def timeline(self) -> tuple[tuple[float, Rules], ...]:
        """The rules from day 0, and from each later day of the run on which they differ from those before."""
        changes = {day for lever in self.levers for day in lever.change_days(self.start)}
        days = [0.0, *sorted(day for day in changes if 0.0 < day < self.horizon_days)]
        steps = [(day, self.rules_on(day)) for day in days]
        news = [after for before, after in pairwise(steps) if before[1] != after[1]]
        return (steps[0], *news)

    def resolved(self) -> dict[str, Any]:
        """Plain values that fully determine the run: dates, seed, theatre and the rules of the timeline.

        Names, the question, the baseline, replications and the observed series are left out: no run depends on them.
        """
        dates = {name: getattr(self, name).isoformat() for name in ("start", "measure_from", "until")}
        rules = [{"day": day, "rules": _plain(Rules, rules)} for day, rules in self.timeline()]
        theatre = {name: part for name, part in _plain(Theatre, self.theatre).items() if name != "observed"}
        return {**dates, "seed": self.seed, "theatre": theatre, "timeline": rules}

    @cached_property
    def scenario_hash(self) -> str:
        """A short fingerprint of `resolved()`: equal for scenarios that the model cannot tell apart."""
        text = json.dumps(self.resolved(), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def _plain(kind: type, value: Any) -> dict[str, Any]:
    """A dataclass as mappings, lists, text and numbers."""
    dumped: dict[str, Any] = adapter(kind).dump_python(value, mode="json")
    return dumped
