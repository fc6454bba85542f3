"""What is known of the settings: one explained in words, values outside their plausible range, and guesses."""

import csv
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from sim.behaviours import choices, meaning
from sim.levers import Lever, find, names
from sim.scenario.checks import RULES_BY_NAME
from sim.scenario.describe import A_DATE, allowed
from sim.scenario.errors import Problem, ScenarioError, number, short_path, shown
from sim.scenario.meta import Meta
from sim.scenario.schema import Scenario
from sim.scenario.shape import LEVER_DATES, TABLES, hint_at

SOURCES = FilePath(__file__).resolve().parents[1] / "data" / "sources.csv"
UNSOURCED = {"judgement": "the modellers' judgement", "definition": "by definition"}
GUESS = "guess"
DATES = {
    "announced": "day from which the lever is known of; `from` unless given",
    "from": "first day on which the lever is in force",
    "until": "day on which the lever is in force no more; the end of the run unless given",
}

EXPECTATION = "beliefs.expectation"
RESTS_ON_EXPECTATION = {
    EXPECTATION, "beliefs.returned_prior", "beliefs.return_publicity", "beliefs.hurry_gbp_per_day",
    "exchange.announced", "exchange.weekly_target", "exchange.announced_ratio",
    "onward.route_lost_share", "onward.held_lost_share",
}  # fmt: skip


def explain(setting: str, scenario: Scenario) -> str:
    """What is known of a setting, of a lever's setting, or of all settings of a section, as text.

    Raises:
        ScenarioError: there is no such setting; says which names are near.
    """
    plain = setting.removeprefix("levers.")
    name = _catalogue_name(plain, scenario)
    if name in scenario.catalogue:
        return _table(name, _rows(name, scenario))
    if _is_lever_date(plain):
        return _table(plain, _date_rows(plain, scenario))
    inside = _inside(plain, scenario)
    if not inside:
        raise ScenarioError([Problem(setting, _unknown(setting, scenario))])
    told = [f"{plain} holds", *(f"  {_short(known, scenario.catalogue[known])}" for known in inside)]
    rests = [f"assumption on: {assumption(scenario)}"] if any(map(_rests_on_expectation, inside)) else []
    return "\n".join(told + rests)


def outside_range(scenario: Scenario) -> list[str]:
    """Warnings for values outside what is plausible, in the settings and in the levers."""
    found = [(name, name, meta.value) for name, meta in scenario.catalogue.items()]
    found += [
        (f"levers.{lever.kind}.{key}", f"{find(lever.kind).SECTION}.{key}", value)
        for lever in scenario.levers
        for key, value in lever.settings.items()
    ]
    return [text for name, known_as, value in found for text in _outside(name, scenario.catalogue[known_as], value)]


def guesses(scenario: Scenario) -> list[str]:
    """Settings whose value is a guess."""
    return [name for name, meta in scenario.catalogue.items() if meta.confidence == GUESS]


@lru_cache
def source_titles() -> dict[str, str]:
    """Title and publisher of each source, by its id."""
    with SOURCES.open(encoding="utf-8", newline="") as file:
        return {row["source_id"]: f"{row['title']} ({row['publisher']})" for row in csv.DictReader(file)}


def _catalogue_name(setting: str, scenario: Scenario) -> str:
    """A lever's setting by the name of the section it changes."""
    kind, dot, key = setting.partition(".")
    if setting in scenario.catalogue or kind not in names() or not dot or key in LEVER_DATES:
        return setting
    return f"{find(kind).SECTION}.{key}"


def _is_lever_date(setting: str) -> bool:
    kind, _, key = setting.partition(".")
    return kind in names() and key in LEVER_DATES


def _inside(name: str, scenario: Scenario) -> list[str]:
    """Settings of a section, or those that a lever takes."""
    inside = [known for known in scenario.catalogue if known.startswith(f"{name}.")]
    if inside or name not in names():
        return inside
    return [f"{find(name).SECTION}.{setting}" for setting in find(name).SETTINGS]


def _unknown(setting: str, scenario: Scenario) -> str:
    near = get_close_matches(setting, scenario.catalogue, n=3)
    last = setting.rpartition(".")[2]
    near += [name for name in scenario.catalogue if name.rpartition(".")[2] == last and name not in near]
    return "is unknown" + (f"; did you mean {' or '.join(near)}?" if near else "")


def _table(name: str, given: Iterable[tuple[str, str]]) -> str:
    """A name above its rows, without those that are empty."""
    rows = [(what, text) for what, text in given if text]
    width = max(len(what) for what, _ in rows)
    return "\n".join([name, *(f"  {what:<{width}}  {text}" for what, text in rows)])


def _rows(name: str, scenario: Scenario) -> Iterator[tuple[str, str]]:
    meta = scenario.catalogue[name]
    yield "value", _value(meta)
    yield "means", _meaning(name, scenario)
    yield "range", _plausible(meta)
    yield "allowed", _allowed(name)
    yield "source", _source(meta.source)
    yield "confidence", meta.confidence
    yield "note", meta.note
    yield "given in", short_path(meta.file) + (f":{meta.line}" if meta.line else "")
    for lever in scenario.levers:
        yield "lever", _under_lever(name, lever)
    yield "assumption on", assumption(scenario) if _rests_on_expectation(name) else ""


def assumption(scenario: Scenario) -> str:
    """Which assumption on announced and realised risk is on, in words: history does not settle it (docs/odd.md)."""
    value = scenario.catalogue[EXPECTATION].value
    return f"{EXPECTATION}: {value}. {meaning('expectation', value)}"


def _meaning(name: str, scenario: Scenario) -> str:
    """What a rule chosen by its name does; empty for other settings."""
    section, _, setting = name.partition(".")
    family = RULES_BY_NAME.get(section, {}).get(setting)
    return meaning(family, scenario.catalogue[name].value) if family else ""


def _rests_on_expectation(name: str) -> bool:
    """Whether what a setting does depends on what people expect of announced and realised returns."""
    return name in RESTS_ON_EXPECTATION or name.startswith(("beliefs.announced", "beliefs.credibility"))


def _value(meta: Meta) -> str:
    """A value with its unit; of a table's column only its span."""
    numbers = list(_numbers(meta.value)) if isinstance(meta.value, list) else []
    if numbers:
        return f"{number(min(numbers))} to {number(max(numbers))} {meta.unit} in {len(meta.value)} rows"
    return f"{shown(meta.value)} {meta.unit}".rstrip()


def _allowed(name: str) -> str:
    section, _, setting = name.partition(".")
    family = RULES_BY_NAME.get(section, {}).get(setting)
    if family:
        return f"one of {', '.join(choices(family))}"
    path = name.split(".")
    row = [0] if len(path) > 1 and path[1] in TABLES else []
    return allowed(hint_at((*path[:2], *row, *path[2:])))


def _plausible(meta: Meta) -> str:
    return "" if meta.low is None or meta.high is None else f"{number(meta.low)} to {number(meta.high)} is plausible"


def _source(name: str) -> str:
    title = {**source_titles(), **UNSOURCED}.get(name)
    return f"{name}: {title}" if title else name


def _under_lever(name: str, lever: Lever) -> str:
    section, _, key = name.partition(".")
    if section != find(lever.kind).SECTION or key not in lever.settings:
        return ""
    return f"{lever.kind} sets {shown(lever.settings[key])} from {lever.starts} until {lever.until or 'the end'}"


def _date_rows(name: str, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """What a lever's date means, and what this scenario gives."""
    kind, _, key = name.partition(".")
    yield "allowed", A_DATE
    yield "note", DATES[key]
    for lever in (lever for lever in scenario.levers if lever.kind == kind):
        given = {"announced": lever.announced, "from": lever.starts, "until": lever.until}[key]
        yield "lever", f"{kind}: {given or 'not given'}"


def _short(name: str, meta: Meta) -> str:
    return f"{name}: {_value(meta)}"


def _numbers(value: Any) -> Iterator[float]:
    """All numbers in a value: itself, or those of a mapping or list."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _numbers(part)


def _outside(name: str, meta: Meta, value: Any) -> Iterator[str]:
    if meta.low is None or meta.high is None:
        return
    for one in _numbers(value):
        if not meta.low <= one <= meta.high:
            at = f"outside the plausible range {number(meta.low)} to {number(meta.high)} {meta.unit}".rstrip()
            yield f"{name}: {number(one)} is {at}"
