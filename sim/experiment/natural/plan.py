"""The plan of the natural experiments, read from YAML: the assumptions of each, and the scenario under each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from math import exp
from pathlib import Path
from typing import Any

import pandas as pd

from sim.domain.quantities import level_on
from sim.domain.randomness import Streams
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario
from sim.scenario.errors import shown
from sim.scenario.inherit import find_file
from sim.scenario.source import Source
from sim.scenario.validate import validated
from sim.scenario.yaml_source import read

NAMES = ("albania", "aegean")
TOP = ("replications", *NAMES)
COMMON = ("observed", "assumptions")
SETTINGS = {"albania": (*COMMON, "group"), "aegean": (*COMMON, "level_from", "level_spread")}
ASSUMPTION = ("name", "scenario", "set")
LEVEL = "theatre.inflow.people_per_year"


@dataclass(frozen=True, slots=True)
class Level:
    """From which day on the level of the inflow is uncertain, and by how much (standard deviation of its logarithm)."""

    from_day: date
    spread: float

    def of(self, scenario: Scenario, replication: int) -> float:
        """The level of one replication (people/year), the same under every assumption."""
        luck = Streams(scenario.seed, replication).one_normal("natural/level", 0)
        return float(round(level_on(scenario.theatre.inflow.people_per_year, self.from_day) * exp(self.spread * luck)))


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption: its scenario as loaded, and the changes under which it was."""

    name: str
    scenario: Scenario
    changes: tuple[str, ...]

    def on(self, replication: int, level: Level | None) -> Scenario:
        """The scenario of one replication; with a level of its own if the level is uncertain."""
        if level is None:
            return self.scenario
        theatre, reached = self.scenario.theatre, level.of(self.scenario, replication)
        levels = {**theatre.inflow.people_per_year, level.from_day: reached}
        theatre = replace(theatre, inflow=replace(theatre.inflow, people_per_year=levels))
        changes = [*self.changes, f"{LEVEL}.{level.from_day}={reached:.0f}"]
        return replace(self.scenario, theatre=theatre, overrides=changes)


@dataclass(frozen=True, slots=True)
class Experiment:
    """One natural experiment: its assumptions, the observed series, and what is particular to it."""

    name: str
    assumptions: tuple[Assumption, ...]
    observed: str
    group: str | None = None
    level: Level | None = None

    def series(self) -> pd.DataFrame:
        """The observed series, as the data folder of the package has it."""
        with (files("sim") / "data" / self.observed).open() as file:
            return pd.read_csv(file)


@dataclass(frozen=True, slots=True)
class Plan:
    """The experiments, and how often each assumption is run."""

    experiments: tuple[Experiment, ...]
    replications: int


def read_plan(file: str | Path, settings: Sequence[str] = (), only: str | None = None) -> Plan:
    """The plan of a file, or of a name in `configs/`; `settings` change every scenario, on top of the plan's changes.

    Raises:
        ScenarioError: everything that is wrong with the plan, its scenarios and what is asked.
    """
    source = read(find_file(file, Path.cwd(), "plan of natural experiments"))
    _known(source, (), TOP)
    replications = source.get(("replications",))
    if not isinstance(replications, int) or replications < 1:
        source.blame(("replications",), "must be a whole number of at least 1", shown(replications))
    if only not in (None, *NAMES):
        source.problems.append(Problem("--only", "is no natural experiment", shown(only), ", ".join(NAMES)))
    wanted = [name for name in NAMES if name in source.data and only in (None, name)]
    found = [_experiment(source, name, settings) for name in wanted]
    if source.problems:
        raise ScenarioError(source.problems)
    return Plan(tuple(each for each in found if each), replications)


def _known(source: Source, path: tuple[str | int, ...], names: Sequence[str]) -> bool:
    """Whether there is a mapping whose keys are all known; what is not so is noted."""
    held = source.get(path) if path else source.data
    if not isinstance(held, dict):
        source.blame(path, "must be a mapping", shown(held), ", ".join(names))
        return False
    for name in (name for name in held if name not in names):
        source.blame((*path, name), "is unknown", "", ", ".join(names))
    return True


def _experiment(source: Source, name: str, settings: Sequence[str]) -> Experiment | None:
    if not _known(source, (name,), SETTINGS[name]):
        return None
    held: dict[str, Any] = source.data[name]
    observed, rows = held.get("observed"), held.get("assumptions")
    if not isinstance(observed, str) or not (files("sim") / "data" / observed).is_file():
        source.blame((name, "observed"), "must be a file of sim/data", shown(observed))
    if not isinstance(rows, list) or not rows:
        source.blame((name, "assumptions"), "must be a list of assumptions", shown(rows), ", ".join(ASSUMPTION))
        return None
    read_rows = [_assumption(source, (name, "assumptions", index), settings) for index in range(len(rows))]
    whole = tuple(each for each in read_rows if each)
    level = _level(source, name) if "level_from" in SETTINGS[name] else None
    group = held.get("group")
    if "group" in SETTINGS[name]:
        _check_group(source, (name, "group"), group, whole)
    return Experiment(name, whole, str(observed), group, level)


def _level(source: Source, name: str) -> Level | None:
    day = validated(source, (name, "level_from"), date)
    spread = source.get((name, "level_spread"))
    if not isinstance(spread, int | float) or spread < 0:
        source.blame((name, "level_spread"), "must be a number, 0 or more", shown(spread))
        return None
    return None if day is None else Level(day, float(spread))


def _check_group(source: Source, path: tuple[str, ...], group: Any, assumptions: Sequence[Assumption]) -> None:
    """The group aimed at is one of the theatre's."""
    for each in assumptions[:1]:
        known = [known.name for known in each.scenario.theatre.groups]
        if group not in known:
            source.blame(path, "is no group of the theatre", shown(group), ", ".join(known))


def _assumption(source: Source, path: tuple[str | int, ...], settings: Sequence[str]) -> Assumption | None:
    """One assumption; the problems of its scenario are told at its line."""
    if not _known(source, path, ASSUMPTION):
        return None
    entry: dict[str, Any] = source.get(path)
    name, file, changes = entry.get("name"), entry.get("scenario"), entry.get("set") or {}
    if not isinstance(name, str) or not isinstance(file, str) or not isinstance(changes, dict):
        source.blame(path, "must have a name and a scenario, and may set settings", shown(entry), ", ".join(ASSUMPTION))
        return None
    texts = (*(f"{setting}={value}" for setting, value in changes.items()), *settings)
    try:
        return Assumption(name, replace(load_scenario(file, texts), name=name), texts)
    except ScenarioError as error:
        at = source.place(path)
        source.problems += [
            replace(p, setting=f"{name}: {p.setting}", file=at.file, line=at.line) for p in error.problems
        ]
        return None
