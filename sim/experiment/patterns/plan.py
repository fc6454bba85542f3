"""What the scorecard is to measure, read from YAML and checked as a whole: scenarios, quantities, marks, targets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from sim.experiment.patterns.observed import observed_range
from sim.experiment.patterns.quantity import Quantity, quantities
from sim.experiment.study import check_comparable
from sim.experiment.variants import is_number, read_metric
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario
from sim.scenario.errors import shown
from sim.scenario.inherit import find_file
from sim.scenario.source import Source
from sim.scenario.yaml_source import read

MARKS = ("calibrate-on", "validate-on")
CONFIDENCES = ("official", "study", "survey", "press", "analogy", "definition", "guess")
PLAN = ("replications", "scenarios", "checks")
SCENARIO = ("scenario", "set")
TEXTS = ("pattern", "mark", "label", "measure", "source", "confidence", "note")
CHECK = (*TEXTS, "of", "given", "target")
TARGET_FORM = "low, high or both as numbers; or observed and spread_of as lists of years"
METRIC_SETTINGS = ("metric", "rising", "falling")


@dataclass(frozen=True, slots=True)
class Target:
    """The range in which a value shows the pattern; a missing end is open."""

    low: float | None
    high: float | None

    def holds(self, value: float) -> bool:
        """Whether the value lies in the range; a missing value does not."""
        above = self.low is None or value >= self.low
        return isfinite(value) and above and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Check:
    """One quantity of one pattern: how and in which scenarios it is measured, its mark and target range."""

    name: str
    pattern: str
    mark: str
    label: str
    quantity: Quantity
    scenarios: tuple[str, ...]
    given: dict[str, Any]
    target: Target
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The checks, the scenarios that they look at (by name, each once), and how often each is run."""

    checks: tuple[Check, ...]
    scenarios: dict[str, Scenario]
    replications: int


def read_plan(file: str | Path, settings: Sequence[str] = (), only: str | None = None) -> Plan:
    """The plan of a file, or of a name in `configs/`.

    Args:
        settings: changes of every scenario, as `patrols.units=100`; they come on top of those of the plan.
        only: patterns to look at, with commas between them; None for all.

    Raises:
        ScenarioError: everything that is wrong with the plan, its scenarios and what is asked.
    """
    source = read(find_file(file, Path.cwd(), "plan of patterns"))
    _known(source, (), PLAN)
    replications = source.get(("replications",))
    if not _is_whole(replications) or replications < 2:
        source.blame(("replications",), "must be a whole number of at least 2", shown(replications))
    known = _table(source, "scenarios")
    checks = [_check(source, name, known) for name in _table(source, "checks")]
    whole = _asked([check for check in checks if check], only, source)
    used = {name for check in whole for name in check.scenarios}
    scenarios = {name: _scenario(source, name, settings) for name in known if name in used}
    if source.problems:
        raise ScenarioError(source.problems)
    loaded = {name: scenario for name, scenario in scenarios.items() if scenario}
    for check in whole:
        check_comparable([loaded[name] for name in check.scenarios])
    return Plan(tuple(whole), loaded, replications)


def _asked(checks: list[Check], only: str | None, source: Source) -> list[Check]:
    """The checks of the patterns asked for."""
    if only is None:
        return checks
    known = list(dict.fromkeys(check.pattern for check in checks))
    wanted = [part.strip() for part in only.split(",")]
    for name in (name for name in wanted if name not in known):
        source.problems.append(Problem("--only", "is no pattern of the plan", shown(name), ", ".join(known)))
    return [check for check in checks if check.pattern in wanted]


def _scenario(source: Source, name: str, settings: Sequence[str]) -> Scenario | None:
    """One scenario of the plan under its name there; its problems are noted at its line."""
    path = ("scenarios", name)
    entry = source.get(path)
    changes = entry.get("set") or {} if isinstance(entry, dict) else None
    if not isinstance(changes, dict) or not isinstance(entry.get("scenario"), str):
        source.blame(path, "must name a scenario, and may set some of its settings", shown(entry), ", ".join(SCENARIO))
        return None
    _known(source, path, SCENARIO)
    texts = [f"{setting}={_as_yaml(value)}" for setting, value in changes.items()]
    try:
        return replace(load_scenario(entry["scenario"], [*texts, *settings]), name=name)
    except ScenarioError as error:
        at = source.place(path)
        asked = {f"--set {text}" for text in settings}
        source.problems += [p if p.file in asked else _at(p, name, at.file, at.line) for p in error.problems]
        return None


def _at(problem: Problem, scenario: str, file: str, line: int | None) -> Problem:
    """A problem with a scenario's setting, told where the plan gives it."""
    return replace(problem, setting=f"scenarios.{scenario}: {problem.setting}", file=file, line=line)


def _as_yaml(value: Any) -> str:
    """A value as it would be written after `--set a.b=`."""
    match value:
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{key}: {_as_yaml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_as_yaml, value)) + "]"
    return str(value)


def _check(source: Source, name: str, scenarios: dict[str, Any]) -> Check | None:
    """One check, or None; its problems are noted."""
    path, before = ("checks", name), len(source.problems)
    entry = source.get(path)
    if not isinstance(entry, dict):
        source.blame(path, "must be a mapping", shown(entry), ", ".join(CHECK))
        return None
    _known(source, path, CHECK)
    texts = {key: _text(source, (*path, key)) for key in TEXTS}
    _one_of(source, (*path, "mark"), MARKS)
    _one_of(source, (*path, "confidence"), CONFIDENCES)
    known = quantities()
    _one_of(source, (*path, "measure"), tuple(known))
    quantity = known.get(texts["measure"])
    names = _scenario_names(source, (*path, "of"), scenarios, quantity)
    given = _given(source, (*path, "given"), quantity)
    target = _target(source, (*path, "target"), quantity)
    if len(source.problems) > before or quantity is None or target is None:
        return None
    del texts["measure"]
    return Check(name=name, quantity=quantity, scenarios=names, given=given, target=target, **texts)


def _scenario_names(
    source: Source, path: tuple[str, ...], known: dict[str, Any], quantity: Quantity | None
) -> tuple[str, ...]:
    names = source.get(path)
    if not isinstance(names, list) or (quantity and len(names) != quantity.scenarios):
        count = quantity.scenarios if quantity else "some"
        source.blame(path, f"must be a list of {count} scenarios of the plan", shown(names), ", ".join(known))
        return ()
    for name in (name for name in names if name not in known):
        source.blame(path, f"is no scenario of the plan{_near(name, known)}", shown(name), ", ".join(known))
    return tuple(map(str, names))


def _given(source: Source, path: tuple[str, ...], quantity: Quantity | None) -> dict[str, Any]:
    given = source.get(path) or {}
    if quantity and (not isinstance(given, dict) or set(given) != quantity.settings):
        source.blame(path, f"must be what {quantity.name} takes", shown(given), ", ".join(sorted(quantity.settings)))
        return {}
    for key in (key for key in METRIC_SETTINGS if key in given):
        try:
            read_metric(given[key])
        except ScenarioError as error:
            source.blame((*path, key), error.problems[0].message, shown(given[key]), error.problems[0].allowed)
    return dict(given)


def _target(source: Source, path: tuple[str, ...], quantity: Quantity | None) -> Target | None:
    """The range as given, or as observed."""
    entry = source.get(path)
    if isinstance(entry, dict) and set(entry) == {"observed", "spread_of"} and quantity and quantity.observe:
        years = (entry["observed"], entry["spread_of"])
        if all(isinstance(list_, list) and list_ and all(map(_is_whole, list_)) for list_ in years):
            try:
                return Target(*observed_range(quantity.observe, *years))
            except ValueError as error:
                source.blame(path, str(error), shown(entry))
                return None
    elif isinstance(entry, dict) and entry and set(entry) <= {"low", "high"} and all(map(is_number, entry.values())):
        low, high = entry.get("low"), entry.get("high")
        if low is None or high is None or low <= high:
            return Target(low, high)
    source.blame(path, "must be a range", shown(entry), TARGET_FORM)
    return None


def _table(source: Source, key: str) -> dict[str, Any]:
    entry = source.get((key,))
    if isinstance(entry, dict) and entry:
        return entry
    source.blame((key,), f"must be a mapping of {key} by name", shown(entry))
    return {}


def _text(source: Source, path: tuple[str, ...]) -> str:
    text = source.get(path)
    if not isinstance(text, str) or not text:
        source.blame(path, "must be text", shown(text))
    return str(text)


def _one_of(source: Source, path: tuple[str, ...], known: Sequence[str]) -> None:
    value = source.get(path)
    if isinstance(value, str) and value and value not in known:
        source.blame(path, f"is unknown{_near(value, known)}", shown(value), ", ".join(known))


def _known(source: Source, path: tuple[str, ...], keys: Sequence[str]) -> None:
    """Every key is known."""
    for key in (key for key in source.get(path) if key not in keys):
        source.blame((*path, key), f"is unknown{_near(key, keys)}", "", ", ".join(keys))


def _near(name: Any, known: Any) -> str:
    close = get_close_matches(str(name), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
