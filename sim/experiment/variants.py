"""A scenario with settings changed, and the metrics of many such variants on common random numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, get_args

import pandas as pd

from sim.experiment.compare import runs_table
from sim.experiment.runner import Execution, run_all
from sim.experiment.store import Store
from sim.levers import find, names
from sim.metrics import Metric, outcome_metrics
from sim.scenario import Meta, Problem, Scenario, ScenarioError, load_scenario
from sim.scenario.errors import number, shown
from sim.scenario.shape import hint_at

Number = int | float
NUMERIC_FORM = "a numeric setting and its section, as exchange.weekly_target; sim explain SECTION lists them"


@dataclass(frozen=True, slots=True)
class Setting:
    """A numeric setting: its value in a scenario (in the lever that gives it, if one does), unit and plausible range.

    `whole` says that it takes whole numbers only; `low` and `high` are missing where no range is known.
    """

    name: str
    value: Number
    unit: str
    low: float | None
    high: float | None
    confidence: str
    whole: bool

    def fitting(self, value: float) -> Number:
        """The nearest value that it can take."""
        return round(value) if self.whole else value


def read_together(*readings: Callable[[], Any]) -> list[Any]:
    """What each reading gives.

    Raises:
        ScenarioError: the problems of all readings that failed, as one.
    """
    results: list[Any] = []
    problems: list[Problem] = []
    for reading in readings:
        try:
            results.append(reading())
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return results


def read_metric(name: str | None) -> Metric:
    """The outcome metric of a name.

    Raises:
        ScenarioError: there is none; says which name is near and which there are.
    """
    known = {metric.name: metric for metric in outcome_metrics()}
    if name in known:
        return known[name]
    message = "is missing" if name is None else f"is no metric of a run{_near(name, known)}"
    raise ScenarioError([Problem("--metric", message, "" if name is None else shown(name), ", ".join(known))])


def read_setting(name: str | None, scenario: Scenario, option: str) -> Setting:
    """A numeric setting by the dotted name that `--set` takes; of a mapping by year, one year's value.

    Raises:
        ScenarioError: there is no such setting, or it is not a number; blames the option.
    """
    name = required(name, option)
    known_as = _catalogue_name(name)
    told = _told(known_as, scenario.catalogue)
    if told is None or "." not in known_as:
        numeric = [known for known, meta in scenario.catalogue.items() if is_number(meta.value) and "." in known]
        raise ScenarioError([Problem(option, f"is no setting{_near(name, numeric)}", shown(name), NUMERIC_FORM)])
    if not is_number(told.value):
        raise ScenarioError([Problem(option, f"is no number but {shown(told.value)}", shown(name), NUMERIC_FORM)])
    hint = hint_at(tuple(known_as.split(".")))
    whole = (get_args(hint) or (hint,))[0] is int
    value = _value_in_lever(known_as, scenario, told.value)
    return Setting(name, value, told.unit, told.low, told.high, told.confidence, whole)


def required(name: str | None, option: str) -> str:
    """The name of a setting, as given.

    Raises:
        ScenarioError: none was given.
    """
    if not name:
        raise ScenarioError([Problem(option, "is missing", "", NUMERIC_FORM)])
    return name


def is_number(value: Any) -> bool:
    """Whether a setting's value is one number; switches are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def varied(scenario: Scenario, changes: Mapping[str, Number]) -> Scenario:
    """The scenario with some settings changed, under a name that tells them: `pilot exchange.beds=200`.

    The changes come on top of the overrides with which the scenario was loaded, and replace the settings of levers.

    Raises:
        ScenarioError: a value cannot be, or does not go with the other settings.
    """
    given = scenario.overrides
    if isinstance(given, Mapping):
        loaded = load_scenario(scenario.source_file, {**given, **changes})
    else:
        before = [given] if isinstance(given, str) else given
        loaded = load_scenario(
            scenario.source_file, [*before, *(f"{name}={value!r}" for name, value in changes.items())]
        )
    return replace(loaded, name=" ".join([scenario.name, *(f"{n}={number(v)}" for n, v in changes.items())]))


def evaluated(scenarios: Sequence[Scenario], replications: Sequence[int], how: Execution) -> dict[str, pd.DataFrame]:
    """Outcome metrics of every scenario by its name: a row a replication (the index), a column a metric.

    Only runs that the store lacks are run; scenarios that the model cannot tell apart are run once.
    """
    run_all(scenarios, replications, how)
    runs = runs_table(scenarios, None, replications, Store(how.store))
    return {str(name): mine.set_index("replication") for name, mine in runs.groupby("scenario", sort=False)}


def _near(name: str, known: Any) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _catalogue_name(name: str) -> str:
    """The name under which a lever's setting stands in the catalogue: that of the section which the lever changes."""
    kind, _, setting = name.removeprefix("levers.").partition(".")
    return f"{find(kind).SECTION}.{setting}" if kind in names() and setting in find(kind).SETTINGS else name


def _told(name: str, catalogue: Mapping[str, Meta]) -> Meta | None:
    """What is known of a setting, or of one year of a mapping by year."""
    if name in catalogue:
        return catalogue[name]
    parent, _, year = name.rpartition(".")
    by_year = catalogue[parent].value if parent in catalogue else None
    held = {str(key): value for key, value in by_year.items()} if isinstance(by_year, Mapping) else {}
    return replace(catalogue[parent], value=held[year]) if year in held else None


def _value_in_lever(name: str, scenario: Scenario, value: Number) -> Number:
    """The value that the scenario's levers set, the last one counting; else the value of the section."""
    section, _, setting = name.partition(".")
    for lever in scenario.levers:
        if section == find(lever.kind).SECTION:
            value = lever.settings.get(setting, value)
    return value
