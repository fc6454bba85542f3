"""Checks across the settings of one section, and across the dates: each says what was given and what is allowed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.behaviours import choices
from sim.domain.rules import AfterReturn, Exchange, Gangs, Rhythm
from sim.scenario.describe import nearest
from sim.scenario.shape import Period
from sim.scenario.source import Path, Source

RULES_BY_NAME = {
    "gangs": {"pricing": "pricing", "sector_choice": "sector_choice"},
    "patrols": {"allocation": "allocation"},
    "exchange": {"scale_up": "scale_up"},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Settings of one section that do not fit together; the first is blamed unless a lever gives another."""

    settings: tuple[str, ...]
    message: str
    given: str
    allowed: str


def check_section(
    source: Source, section: str, rules: Any, under: Path = (), given: Sequence[str] | None = None
) -> None:
    """Note what does not fit in a section; under a lever, only what the settings it gives have a part in."""
    for finding in CHECKS[section](rules) if section in CHECKS else ():
        guilty = [name for name in finding.settings if given is None or name in given]
        if guilty:
            path = (*(under or (section,)), guilty[0])
            source.blame(path, finding.message, finding.given, finding.allowed)


def check_behaviours(source: Source, section: str, path: Path) -> None:
    """Note names of rules that no agent can follow, in a section or in a lever that changes it."""
    given = source.get(path)
    for setting, family in RULES_BY_NAME.get(section, {}).items():
        name, known = given.get(setting) if isinstance(given, dict) else None, choices(family)
        if isinstance(name, str) and name not in known:
            message = f"is no {family} rule; {nearest(name, known)}"
            source.blame((*path, setting), message, repr(name), ", ".join(known))


def check_period(source: Source, period: Period) -> None:
    """start < until, and start <= measure_from < until."""
    if period.until <= period.start:
        source.blame(("until",), "must be after start", str(period.until), f"later than start {period.start}")
    elif not period.start <= period.measure_from < period.until:
        allowed = f"from start {period.start} to before until {period.until}"
        source.blame(("measure_from",), "must lie in the simulated time", str(period.measure_from), allowed)


def _rhythm(rules: Rhythm) -> Iterator[Finding]:
    hours = (rules.dawn_hour, rules.noon_hour, rules.dusk_hour, rules.count_hour)
    names = ("dawn_hour", "noon_hour", "dusk_hour", "count_hour")
    if not all(before < after for before, after in zip(hours, hours[1:], strict=False)):
        late = next(i for i in range(1, len(hours)) if hours[i - 1] >= hours[i])
        order = " < ".join(f"{name} {hour:g}" for name, hour in zip(names, hours, strict=True))
        yield Finding((names[late],), f"must be later than {names[late - 1]}", order, " < ".join(names))


def _gangs(rules: Gangs) -> Iterator[Finding]:
    if rules.firms > rules.firms_at_most:
        allowed = f"at most firms_at_most {rules.firms_at_most}"
        yield Finding(("firms", "firms_at_most"), "must not exceed firms_at_most", str(rules.firms), allowed)


def _exchange(rules: Exchange) -> Iterator[Finding]:
    if rules.request_days > rules.request_limit_days:
        names = ("request_days", "request_limit_days")
        allowed = f"at most request_limit_days {rules.request_limit_days:g}"
        yield Finding(names, "must not exceed request_limit_days", f"{rules.request_days:g}", allowed)
    if rules.scale_up == "dated_steps" and not rules.steps:
        allowed = "steps: {0: 50, 8: 100} (week since opening: returns/week), or another scale_up"
        yield Finding(("scale_up", "steps"), "dated_steps needs steps", "steps: {}", allowed)


def _after_return(rules: AfterReturn) -> Iterator[Finding]:
    names = ("try_again_share", "claim_in_france_share", "go_home_share")
    shares = [getattr(rules, name) for name in names]
    if sum(shares) > 1.0:
        given = " + ".join(f"{name} {share:g}" for name, share in zip(names, shares, strict=True))
        yield Finding(names, "makes the shares sum to more than 1", given, "a sum of at most 1; the rest move on")


CHECKS: dict[str, Callable[[Any], Iterator[Finding]]] = {
    "rhythm": _rhythm,
    "gangs": _gangs,
    "exchange": _exchange,
    "after_return": _after_return,
}
