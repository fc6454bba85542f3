"""Checks of the exchange across a scenario: groups that it names exist, and a scale-up comes to act within its term."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sim.domain.rules import Exchange
from sim.domain.theatre import Theatre
from sim.levers import Lever, find, names
from sim.scenario.describe import meant
from sim.scenario.shape import Period
from sim.scenario.source import Path, Source

GROUP_SETTINGS = (("exchange", "target_groups"), ("legal_route", "priority_groups"), ("asylum", "grant_shares"))
EXCHANGE = "exchange"
DAYS_PER_WEEK = 7


def check_groups(source: Source, theatre: Theatre) -> None:
    """Note names of groups, in a section or in a lever, that the theatre does not know."""
    known = [group.name for group in theatre.groups]
    for section, setting in GROUP_SETTINGS:
        for path in ((section, setting), *_in_levers(source, section, setting)):
            _check_names(source, path, known)


def _in_levers(source: Source, section: str, setting: str) -> Iterator[Path]:
    """Where levers that change a section give one of its settings."""
    entries = source.data.get("levers")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        for kind, given in entry.items() if isinstance(entry, dict) else ():
            if kind in names() and section == find(kind).SECTION and isinstance(given, dict) and setting in given:
                yield ("levers", index, kind, setting)


def _check_names(source: Source, path: Path, known: Collection[str]) -> None:
    given = source.get(path)
    for name in given if isinstance(given, list | dict) else ():
        if name not in known:
            source.blame(path, f"holds no group of this theatre{meant(name, known)}", repr(name), ", ".join(known))


def check_reviews(source: Source, period: Period, sections: Mapping[str, Any], levers: tuple[Lever, ...]) -> None:
    """Note an exchange whose scale-up would never act: its first review or step lies after its end."""
    entries = source.data["levers"]
    for index, lever in enumerate(levers):
        if lever.kind == EXCHANGE and EXCHANGE in sections and len(levers) == len(entries):
            rules: Exchange = replace(sections[EXCHANGE], **{**_renewal(levers), **lever.settings})
            weeks = _weeks(lever.starts, lever.until or period.until)
            for setting, message, given, allowed in _never_acts(rules, weeks):
                _blame(source, ("levers", index, EXCHANGE), setting, (message, given, allowed))


def _renewal(levers: tuple[Lever, ...]) -> dict[str, Any]:
    """What a lever of its own says about renewal, if the exchange's does not."""
    return {key: value for lever in levers if lever.kind == "renewal" for key, value in lever.settings.items()}


def _weeks(starts: date, ends: date) -> float:
    return (ends - starts).days / DAYS_PER_WEEK


def _never_acts(rules: Exchange, weeks: float) -> Iterator[tuple[str, str, str, str]]:
    """Setting, message, value given and values allowed of a scale-up without effect."""
    if rules.renewal != "never" or weeks <= 0:
        return
    open_for = f"open for {weeks:.3g} weeks"
    if rules.scale_up == "proof_of_concept" and rules.review_weeks >= weeks:
        given = f"review_weeks {rules.review_weeks}, {open_for}"
        yield "review_weeks", "proof_of_concept never reviews", given, f"review_weeks < {weeks:.3g}, or scale_up: fixed"
    if rules.scale_up == "dated_steps" and rules.steps and min(rules.steps) >= weeks:
        given = f"first step in week {min(rules.steps)}, {open_for}"
        yield "steps", "dated_steps never takes a step", given, f"a step before week {weeks:.3g}"


def _blame(source: Source, lever: Path, setting: str, told: tuple[str, str, str]) -> None:
    """Blame the setting if the lever gives it, else the rule's name, else the lever."""
    given = source.get(lever)
    path = next(((*lever, name) for name in (setting, "scale_up") if name in given), lever)
    source.blame(path, *told)
