"""Checks across the settings of one section, and across the dates: each says what was given and what is allowed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sim.behaviours import choices
from sim.domain.rules import AfterReturn, Exchange, Gangs, Patrols, Rhythm
from sim.scenario.describe import meant
from sim.scenario.errors import number
from sim.scenario.shape import Period
from sim.scenario.source import Path, Source

RULES_BY_NAME = {
    "beliefs": {"expectation": "expectation"},
    "gangs": {"pricing": "pricing", "sector_choice": "sector_choice"},
    "patrols": {"allocation": "allocation"},
    "exchange": {"scale_up": "scale_up", "renewal": "renewal", "selection": "selection"},
    "legal_route": {"admission": "admission"},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Settings of one section that do not fit together; the one given last is blamed, else the first."""

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
            path = source.latest((*(under or (section,)), name) for name in guilty)
            source.blame(path, finding.message, finding.given, finding.allowed)


def check_behaviours(source: Source, section: str, path: Path) -> None:
    """Note names of rules that no agent can follow, in a section or in a lever that changes it."""
    given = source.get(path)
    for setting, family in RULES_BY_NAME.get(section, {}).items():
        name, known = given.get(setting) if isinstance(given, dict) else None, choices(family)
        if isinstance(name, str) and name not in known:
            message = f"is no {family} rule{meant(name, known)}"
            source.blame((*path, setting), message, repr(name), ", ".join(known))


def check_period(source: Source, period: Period) -> None:
    """Note dates out of order: start < until, and start <= measure_from < until."""
    given = f"start {period.start}, measure_from {period.measure_from}, until {period.until}"
    if period.until <= period.start:
        source.blame(source.latest([("until",), ("start",)]), "until must be after start", given, "start < until")
    elif not period.start <= period.measure_from < period.until:
        path = source.latest([("measure_from",), ("start",), ("until",)])
        message = "measure_from must lie in the simulated time"
        source.blame(path, message, given, "start <= measure_from < until")


def _rhythm(rules: Rhythm) -> Iterator[Finding]:
    hours = (rules.dawn_hour, rules.noon_hour, rules.dusk_hour, rules.count_hour)
    names = ("dawn_hour", "noon_hour", "dusk_hour", "count_hour")
    if not all(before < after for before, after in pairwise(hours)):
        late = next(i for i in range(1, len(hours)) if hours[i - 1] >= hours[i])
        given = ", ".join(f"{name} {number(hour)}" for name, hour in zip(names, hours, strict=True))
        message = f"{names[late]} must be later than {names[late - 1]}"
        yield Finding((names[late], names[late - 1]), message, given, " < ".join(names))


def _in_order(rules: Any, *pairs: tuple[str, str]) -> Iterator[Finding]:
    """Pairs of settings of which the first must not exceed the second."""
    for less, more in pairs:
        low, high = getattr(rules, less), getattr(rules, more)
        if low > high:
            given = f"{less} {number(low)}, {more} {number(high)}"
            yield Finding((less, more), f"{less} must not exceed {more}", given, f"{less} <= {more}")


def _switched(rules: Any, lever: str, *names: str) -> Iterator[Finding]:
    """Settings that only a lever may set."""
    for name in names:
        if getattr(rules, name):
            message = f"is set by the {lever} lever on its dates, never by hand"
            yield Finding((name,), message, str(getattr(rules, name)), f"levers: [{{{lever}: {{from: DATE}}}}]")


def _patrols(rules: Patrols) -> Iterator[Finding]:
    yield from _switched(rules, "french_funding", "funded_since_day")


def _gangs(rules: Gangs) -> Iterator[Finding]:
    yield from _in_order(rules, ("firms", "firms_at_most"))


def _exchange(rules: Exchange) -> Iterator[Finding]:
    yield from _in_order(
        rules, ("request_days", "request_limit_days"), ("request_work_days", "request_limit_days"),
        ("french_reply_days", "french_reply_limit_days"), ("delivery_to_hold", "delivery_needed"),
    )  # fmt: skip
    if rules.seats_per_flight > 0 and rules.flights_per_week == 0:
        given = f"seats_per_flight {rules.seats_per_flight}, flights_per_week 0"
        allowed = "flights_per_week above 0, or seats_per_flight 0"
        yield Finding(("flights_per_week", "seats_per_flight"), "there are seats but no flights", given, allowed)
    if rules.selection == "targeted" and not rules.target_groups:
        allowed = "target_groups: [names of groups], or selection: random"
        yield Finding(("selection", "target_groups"), "targeted needs target_groups", "target_groups: []", allowed)
    yield from _switched(rules, "exchange", "announced", "open", "opened_day", "closes_day")
    if rules.scale_up == "dated_steps" and not rules.steps:
        allowed = "steps: {0: 50, 8: 100} (week since opening: returns/week), or another scale_up"
        yield Finding(("scale_up", "steps"), "dated_steps needs steps", "steps: {}", allowed)


def _after_return(rules: AfterReturn) -> Iterator[Finding]:
    names = ("try_again_share", "claim_in_france_share", "go_home_share")
    shares = [getattr(rules, name) for name in names]
    if sum(shares) > 1.0:
        given = " + ".join(f"{name} {number(share)}" for name, share in zip(names, shares, strict=True))
        yield Finding(
            names,
            "the shares after a return must not sum to more than 1",
            given,
            "a sum of at most 1; the rest move on",
        )


CHECKS: dict[str, Callable[[Any], Iterator[Finding]]] = {
    "rhythm": _rhythm,
    "gangs": _gangs,
    "patrols": _patrols,
    "exchange": _exchange,
    "after_return": _after_return,
}
