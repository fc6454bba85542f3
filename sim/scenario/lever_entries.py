"""The list of `levers:` of a scenario: each entry is a lever's name with its dates and settings."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sim.levers import Lever, find, names
from sim.scenario.checks import check_behaviours, check_section
from sim.scenario.describe import A_DATE, listed, meant
from sim.scenario.errors import shown
from sim.scenario.shape import LEVER_DATES, hints, top_level
from sim.scenario.source import Path, Source
from sim.scenario.validate import validated

ENTRY = "a lever's name with its settings, as `- exchange: {from: 2025-08-06}`"


def read_levers(source: Source, sections: Mapping[str, Any]) -> tuple[Lever, ...]:
    """The levers, typed; problems are noted on the source. `sections` are the valid ones of the rules."""
    if "levers" not in source.data:
        source.blame(("levers",), "is missing", "", "a list of levers, [] for none")
        return ()
    entries = source.data["levers"]
    if not isinstance(entries, list):
        source.blame(("levers",), "must be a list of levers", shown(entries), f"a list of {ENTRY}; [] for none")
        return ()
    found = (_read_entry(source, index, entry, sections) for index, entry in enumerate(entries))
    return tuple(lever for lever in found if lever)


def _read_entry(source: Source, index: int, entry: Any, sections: Mapping[str, Any]) -> Lever | None:
    if not isinstance(entry, dict) or len(entry) != 1:
        source.blame(("levers", index), "must be one lever's name with its settings below it", shown(entry), ENTRY)
        return None
    kind, given = next(iter(entry.items()))
    path: Path = ("levers", index, kind)
    if kind not in names():
        source.blame(path, f"is no lever{meant(kind, names())}", "", ", ".join(names()))
    elif not isinstance(given, dict):
        source.blame(path, "must be a mapping of its dates and settings", shown(given), ENTRY)
    else:
        return _read_lever(source, path, given, sections)
    return None


def _read_lever(source: Source, path: Path, given: dict[str, Any], sections: Mapping[str, Any]) -> Lever | None:
    before = len(source.problems)
    dates = {name: _read_date(source, (*path, name)) for name in LEVER_DATES if given.get(name) is not None}
    if given.get("from") is None:
        source.blame((*path, "from"), "is missing", "", A_DATE)
    kind = str(path[-1])
    settings = _read_settings(source, path, _known(source, path, given), sections)
    if len(source.problems) > before:
        return None
    lever = Lever(kind, dates["from"], dates.get("until"), dates.get("announced"), settings)
    _check_dates(source, path, lever)
    return lever


def _read_date(source: Source, path: Path) -> Any:
    return validated(source, path, date)


def _known(source: Source, path: Path, given: dict[str, Any]) -> list[str]:
    """Names of the given settings that the lever takes; others are noted."""
    accepted = find(str(path[-1])).SETTINGS
    unknown = [name for name in given if name not in (*accepted, *LEVER_DATES)]
    for name in unknown:
        known = [*LEVER_DATES, *accepted]
        message = f"is no setting of the lever {path[-1]}{meant(name, known)}"
        source.blame((*path, name), message, "", listed(name, known))
    return [name for name in given if name in accepted]


def _read_settings(source: Source, path: Path, given: Iterable[str], sections: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with the types of the section that the lever changes; the changed section is checked as a whole."""
    section = find(str(path[-1])).SECTION
    check_behaviours(source, section, path)
    kinds = hints(top_level()[section])
    typed = {name: validated(source, (*path, name), kinds[name], (section, name)) for name in given}
    if section in sections and None not in typed.values():
        changed = replace(sections[section], **typed)
        check_section(source, section, changed, under=path, given=list(typed))
    return typed


def _check_dates(source: Source, path: Path, lever: Lever) -> None:
    if lever.until is not None and lever.until <= lever.starts:
        allowed = f"later than from {lever.starts}"
        source.blame((*path, "until"), "must be after the lever's from", str(lever.until), allowed)
    if lever.announced is not None and lever.announced > lever.starts:
        allowed = f"{lever.starts} (from) or earlier"
        source.blame((*path, "announced"), "must not be after the lever's from", str(lever.announced), allowed)
