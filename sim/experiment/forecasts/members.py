"""The members of a forecast: a draw of the posterior and a replication each, and the scenario a member runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.quantities import from_day, level_on
from sim.domain.randomness import Floats, Streams
from sim.experiment.calibration.shipped import POSTERIOR
from sim.experiment.sweep.designs import drawn_by_weight
from sim.experiment.sweep.posterior import READERS, TABLE_FORM, WEIGHT
from sim.experiment.variants import read_any_setting, varied
from sim.scenario import Problem, Scenario, ScenarioError

INFLOW, SEATS, TRACE = "theatre.inflow.people_per_year", "gangs.seats_per_boat", "theatre.weather.trace"
WEIGHTS_FORM = "numbers of at least 0 with a positive sum"
Levels = dict[str, float]
ByDate = Mapping[int | date, float]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Joint draws of settings: a row a draw, a column a setting; `weights` (rows,) are not negative."""

    file: Path
    table: pd.DataFrame
    weights: Floats

    def drawn(self, members: int, seed: int) -> list[dict[str, Any]]:
        """The settings of each member: rows drawn in proportion to their weights, in an order of chance."""
        draws = Streams(seed, 0).generator("forecast posterior")
        rows = np.array(drawn_by_weight(self.weights, members, draws))
        draws.shuffle(rows)  # else neighbours, which share a row, would differ in their replication only
        return [{str(name): value for name, value in row.items()} for row in self.table.iloc[rows].to_dict("records")]


def read_posterior(file: Path | None, scenario: Scenario) -> Posterior | None:
    """The table of a file, or the shipped one; None if none is named and none is shipped.

    Settings that the user set for this scenario (`--set`) stay as set: their columns are left out.

    Raises:
        ScenarioError: it cannot be read, names unknown settings, or holds values or weights that cannot be.
    """
    if file is None and not POSTERIOR.is_file():
        return None
    path = file or POSTERIOR
    table = _table(path)
    weights = pd.to_numeric(table.get(WEIGHT, pd.Series(1.0, index=table.index)), errors="coerce").to_numpy(float)
    given = scenario.overrides
    asked = set(given) if isinstance(given, Mapping) else {text.partition("=")[0].strip() for text in given}
    settings = [name for name in table.columns if name != WEIGHT]
    problems = [problem for name in settings for problem in _of_column(name, table[name], scenario)]
    if table.empty or not settings:
        problems.append(Problem("", "holds no rows" if settings else "has no column beside the weight"))
    elif not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        problems.append(Problem(WEIGHT, "cannot weigh the rows", "", WEIGHTS_FORM))
    if problems:
        raise ScenarioError(Problem(p.setting, p.message, p.given, p.allowed, str(path)) for p in problems)
    return Posterior(path, table[[name for name in settings if name not in asked]], weights)


def _table(path: Path) -> pd.DataFrame:
    if path.suffix not in READERS:
        raise ScenarioError([Problem("--posterior", "cannot be read", str(path), TABLE_FORM)])
    if not path.is_file():
        raise ScenarioError([Problem("--posterior", "no such file", str(path), TABLE_FORM)])
    try:
        return READERS[path.suffix](path).rename(columns=str)
    except (ValueError, OSError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else " ".join(str(error).split())
        raise ScenarioError([Problem("--posterior", f"cannot be read: {why}", str(path), TABLE_FORM)]) from None


def _of_column(name: str, values: pd.Series, scenario: Scenario) -> list[Problem]:
    """What is wrong with one column: no setting, or cells without a value."""
    problems = []
    try:
        read_any_setting(name, scenario, name)
    except ScenarioError as error:
        problems += error.problems
    if values.isna().any():
        problems.append(Problem(name, f"lacks values in {int(values.isna().sum())} rows"))
    return problems


def people_of(scenario: Scenario, origin: date) -> dict[str, Any]:
    """Changes by which groups' shares stay what they are on the day before the origin: later ones are not known."""
    changes: dict[str, Any] = {}
    for group in scenario.theatre.groups:
        later = [key for key in group.share if from_day(key) >= origin]
        held = level_on(group.share, date.fromordinal(origin.toordinal() - 1))
        if later:
            changes[f"theatre.groups.{group.name}.share"] = {_key(key): held for key in later}
    return changes


def dated(known: ByDate, starts: Sequence[date], levels: Floats) -> Levels:
    """Levels from their dates on, as a change of a setting that holds `known` levels by date.

    A change replaces single dates, so the setting's own dates after the first start are given the new level of that
    day: nothing of what was known stays in force.
    """
    new: dict[int | date, float] = {start: float(level) for start, level in zip(starts, levels, strict=True)}
    own = {from_day(key): key for key in known if from_day(key) > starts[0]}
    told = {_key(own.get(start, start)): float(level) for start, level in zip(starts, levels, strict=True)}
    return told | {_key(key): level_on(new, day) for day, key in own.items() if day not in new}


def _key(key: int | date) -> str:
    return str(key) if isinstance(key, int) else key.isoformat()


def member_scenario(scenario: Scenario, changes: Mapping[str, Any], name: str) -> Scenario:
    """The scenario of one member, under a short name.

    Raises:
        ScenarioError: what a row of the posterior says cannot be.
    """
    try:
        return replace(varied(scenario, changes), name=name)
    except ScenarioError as error:
        told = {p.setting: p for p in error.problems}
        raise ScenarioError(
            Problem(p.setting, f"{p.message} (in {name})", p.given, p.allowed) for p in told.values()
        ) from None
