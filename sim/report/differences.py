"""What a scenario has that its baseline has not, and the other way round: levers, dates and settings, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sim.behaviours import meaning
from sim.levers import find, names
from sim.report.resolved import resolved, scenario_hashes, values
from sim.report.text import true_minus
from sim.scenario.catalogue import GUESS, UNSOURCED, source_titles
from sim.scenario.checks import RULES_BY_NAME

if TYPE_CHECKING:
    from sim.experiment.results import Results

ABSENT, NOTHING = "not there", "–"
DATES = ("from", "until", "announced")
WINDOW = {
    "start": "first day of the run", "measure_from": "first day that counts", "until": "day after the last",
}  # fmt: skip
BY_SCENARIO = "set by the scenario"
LONGEST = 60  # characters of a value that is a table
OLDER = "These results were written before settings were compared; only levers and dates are."


def differences(results: Results) -> list[dict[str, Any]]:
    """What each policy changes against the baseline; nothing without a baseline.

    Each has `scenario`, `baseline` (names as words), `rows`, `overrides` (in force in both) and `note`. A row is a
    mapping of texts: `what`, `name`, `baseline`, `scenario`, `unit`, `range`, `source`, `title` (of the source, or what
    a rule does), and `guess`.
    """
    told, base = resolved(results), str(results.provenance.get("baseline") or "")
    scenarios = told.get("scenarios", {})
    if base not in scenarios:
        return []
    order = [name for name in scenario_hashes(results) if name in scenarios]
    note = "" if "settings_changed" in told else OLDER
    return [
        {
            "scenario": _words(name), "baseline": _words(base), "rows": list(_rows(told, base, name)),
            "overrides": list(told.get("overrides", [])), "note": note,
        }
        for name in dict.fromkeys([*order, *scenarios]) if name != base
    ]  # fmt: skip


def _rows(told: dict[str, Any], base: str, name: str) -> Iterator[dict[str, Any]]:
    """Dates of the window, then levers, then settings."""
    before, after = (told["scenarios"][each] for each in (base, name))
    for key, words in WINDOW.items():
        if str(before.get(key)) != str(after.get(key)):
            yield _row(words, key, str(before.get(key)), str(after.get(key)))
    held, used = (values(told, each) for each in (base, name))
    for kind in names():
        mine, theirs = _of_kind(after, kind), _of_kind(before, kind)
        for here, there in zip_longest(mine, theirs):
            yield from _lever(told, kind, there, here, (held, used))
    for setting in sorted(_changed(told, base) | _changed(told, name)):
        if held.get(setting) != used.get(setting):
            yield _setting(told, setting, held.get(setting), used.get(setting))


def _of_kind(scenario: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    return [given for lever in scenario.get("levers", []) for name, given in lever.items() if name == kind]


def _changed(told: Mapping[str, Any], name: str) -> set[str]:
    return set(told.get("settings_changed", {}).get(name, {}))


def _lever(
    told: Mapping[str, Any],
    kind: str,
    there: Mapping[str, Any] | None,
    here: Mapping[str, Any] | None,
    held: tuple[Mapping[str, Any], Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """A lever of the baseline (`there`) and of the scenario (`here`): its dates if they differ, then its settings."""
    if _when(there) != _when(here):
        words = (find(kind).__doc__ or kind).strip().splitlines()[0].rstrip(".")
        yield _row(words, kind, _when(there), _when(here), source="the scenario")
    keys = dict.fromkeys(key for given in (here, there) for key in given or {} if key not in DATES)
    switches = bool(getattr(find(kind), "SWITCHES", ()))  # without it none of its settings means anything
    for key in keys:
        setting = f"{find(kind).SECTION}.{key}"
        sides = [
            given[key] if given and key in given else None if switches and not given else before_it.get(setting)
            for given, before_it in zip((there, here), held, strict=True)
        ]
        if sides[0] != sides[1]:
            yield _setting(told, setting, *sides)


def _when(given: Mapping[str, Any] | None) -> str:
    """A lever's dates in words."""
    if given is None:
        return ABSENT
    until = f"to {given['until']}" if given.get("until") else "to the end"
    announced = f", announced {given['announced']}" if given.get("announced") else ""
    return f"{given.get('from')} {until}{announced}"


def _setting(told: Mapping[str, Any], name: str, before: Any, after: Any) -> dict[str, Any]:
    """A setting of which the sides differ; the source speaks for a value only if it is the one that was sourced."""
    about = told.get("settings", {}).get(name, {})
    sourced = after is not None and after == about.get("value")
    source = str(about.get("source") or "") if sourced else BY_SCENARIO
    low, high = about.get("low"), about.get("high")
    plausible = NOTHING if low is None or high is None else f"{written(low)} to {written(high)}"
    section, _, inner = name.partition(".")
    rule = RULES_BY_NAME.get(section, {}).get(inner)
    row = _row(
        inner.replace("_", " "), name, written(before), written(after), str(about.get("unit") or ""), plausible, source,
        sourced and about.get("confidence") == GUESS,
    )  # fmt: skip
    return row | {"title": meaning(rule, after)} if rule and after else row


def _row(
    what: str, name: str, before: str, after: str, unit: str = "", plausible: str = NOTHING, source: str = "",
    guess: bool = False,
) -> dict[str, Any]:  # fmt: skip
    title = UNSOURCED.get(source) or source_titles().get(source, "")
    return {
        "what": what[:1].upper() + what[1:], "name": name, "baseline": before, "scenario": after,
        "unit": unit or NOTHING, "range": plausible, "source": source or NOTHING, "title": title, "guess": guess,
    }  # fmt: skip


def written(value: Any) -> str:
    """A value as people write it; a long table is cut.

    >>> written(2500.0), written(True), written(None), written({2024: 55, 2025: 59.5}), written(-0.25)
    ('2,500', 'yes', '–', '2024: 55, 2025: 59.5', '−0.25')
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return true_minus(f"{value:,.12g}")
    if isinstance(value, Mapping):
        text = ", ".join(f"{key}: {written(held)}" for key, held in value.items())
    else:
        text = ", ".join(map(written, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _words(name: str) -> str:
    return name.replace("_", " ")
