"""A scenario with settings changed, and the metrics of many such variants on common random numbers."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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
from sim.scenario.shape import LEVER_DATES, hint_at

Number = int | float
NUMERIC_FORM = "a numeric setting and its section, as exchange.weekly_target; sim explain SECTION lists them"
ANY_FORM = "a setting and its section, as exchange.scale_up; sim explain SECTION lists them"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its value in a scenario (in the lever that gives it, if one does), unit and plausible range.

    `whole` says that it takes whole numbers only; `low` and `high` are missing where no range is known, as for words.
    """

    name: str
    value: Any
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
    numeric = [known for known, meta in scenario.catalogue.items() if is_number(meta.value) and "." in known]
    setting = _found(name, scenario, Problem(option, f"is no setting{_near(name, numeric)}", shown(name), NUMERIC_FORM))
    told = _told(catalogue_name(name), scenario.catalogue)
    if told is not None and not is_number(told.value):
        raise ScenarioError([Problem(option, f"is no number but {shown(told.value)}", shown(name), NUMERIC_FORM)])
    return setting


def read_any_setting(name: str, scenario: Scenario, option: str) -> Setting:
    """A setting of any kind by the dotted name that `--set` takes: a number, a word, a switch, a date of a lever.

    Raises:
        ScenarioError: there is no such setting, or the scenario lacks the lever whose date it is; blames the option.
    """
    kind, _, when = name.removeprefix("levers.").partition(".")
    if kind in names() and when in LEVER_DATES:
        return _date_of_lever(name, kind, when, scenario, option)
    known = [known for known in scenario.catalogue if "." in known]
    return _found(name, scenario, Problem(option, f"is no setting{_near(name, known)}", shown(name), ANY_FORM))


def _found(name: str, scenario: Scenario, unknown: Problem) -> Setting:
    """What the catalogue and the levers tell of a setting; a problem if there is none."""
    known_as = catalogue_name(name)
    told = _told(known_as, scenario.catalogue)
    if told is None or "." not in known_as:
        raise ScenarioError([unknown])
    hint = hint_at(tuple(known_as.split(".")))
    whole = (get_args(hint) or (hint,))[0] is int
    value = _value_in_lever(known_as, scenario, told.value)
    return Setting(name, value, told.unit, told.low, told.high, told.confidence, whole)


def _date_of_lever(name: str, kind: str, when: str, scenario: Scenario, option: str) -> Setting:
    lever = next((lever for lever in scenario.levers if lever.kind == kind), None)
    if lever is None:
        raise ScenarioError([Problem(option, f"{scenario.name} has no lever {kind!r}", shown(name), ANY_FORM)])
    value = {"announced": lever.announced, "from": lever.starts, "until": lever.until}[when]
    return Setting(name, value, "date", None, None, "", whole=False)


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


def varied(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with some settings changed, under a name that tells them: `pilot exchange.beds=200`.

    The changes come on top of the overrides with which the scenario was loaded, and replace the settings of levers.

    Raises:
        ScenarioError: a value cannot be, or does not go with the other settings.
    """
    given = scenario.overrides
    if isinstance(given, Mapping) or not given:  # values are not written and read again
        before = given if isinstance(given, Mapping) else {}
        loaded = load_scenario(scenario.source_file, {**before, **changes})
    else:
        texts_before = [given] if isinstance(given, str) else given
        texts = [f"{name}={_as_yaml(value)}" for name, value in changes.items()]
        loaded = load_scenario(scenario.source_file, [*texts_before, *texts])
    return replace(loaded, name=name_of(scenario.name, changes))


def name_of(name: str, changes: Mapping[str, Any]) -> str:
    """The name of a variant of a scenario, which tells what is changed.

    >>> name_of("pilot", {"exchange.beds": 200.0, "exchange.scale_up": "proof_of_concept"})
    'pilot exchange.beds=200 exchange.scale_up=proof_of_concept'
    """
    return " ".join([name, *(f"{setting}={told_value(value)}" for setting, value in changes.items())])


def told_value(value: Any) -> str:
    """A value as a name or a column tells it: words without quotes, numbers without needless digits.

    >>> told_value(0.50), told_value(True), told_value("mixed")
    ('0.5', 'true', 'mixed')
    """
    if is_number(value):
        return number(value)
    return value if isinstance(value, str) else shown(value)


def _as_yaml(value: Any) -> str:
    """A value as text that YAML reads as the same value."""
    if is_number(value):
        return repr(value)
    return value.isoformat() if isinstance(value, date) else json.dumps(value, default=str)


def evaluated(scenarios: Sequence[Scenario], replications: Sequence[int], how: Execution) -> dict[str, pd.DataFrame]:
    """Outcome metrics of every scenario by its name: a row a replication (the index), a column a metric.

    Only runs that the store lacks are run; scenarios that the model cannot tell apart are run once.
    """
    run_all(scenarios, replications, how)
    runs = runs_table(scenarios, None, replications, Store(how.store))
    return {str(name): mine.set_index("replication") for name, mine in runs.groupby("scenario", sort=False)}


def catalogue_name(name: str) -> str:
    """The name under which a lever's setting stands in the catalogue: that of the section which the lever changes."""
    kind, _, setting = name.removeprefix("levers.").partition(".")
    return f"{find(kind).SECTION}.{setting}" if kind in names() and setting in find(kind).SETTINGS else name


def _near(name: str, known: Any) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _told(name: str, catalogue: Mapping[str, Meta]) -> Meta | None:
    """What is known of a setting, or of one year of a mapping by year."""
    if name in catalogue:
        return catalogue[name]
    parent, _, year = name.rpartition(".")
    by_year = catalogue[parent].value if parent in catalogue else None
    held = {str(key): value for key, value in by_year.items()} if isinstance(by_year, Mapping) else {}
    return replace(catalogue[parent], value=held[year]) if year in held else None


def _value_in_lever(name: str, scenario: Scenario, value: Any) -> Any:
    """The value that the scenario's levers set, the last one counting; else the value of the section."""
    section, _, setting = name.partition(".")
    for lever in scenario.levers:
        if section == find(lever.kind).SECTION:
            value = lever.settings.get(setting, value)
    return value
