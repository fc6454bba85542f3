"""The main assumption behind a run's answer, as a clause for its headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.resolved import resolved, scenario_hashes, values
from sim.report.text import short
from sim.report.uncertainty.drivers import drivers
from sim.report.uncertainty.setting_words import setting_words

if TYPE_CHECKING:
    from sim.experiment.results import Results

WEIGHT, EXPECTATION = "beliefs.announced_weight", "beliefs.expectation"
OF_RETURNS = frozenset({"exchange", "announcement", "credibility", "return_publicity"})
"""Levers that act through what people expect of returns."""
BY_RULE = {
    "announced": "assuming that people go by what is announced as far as they believe it, not by the returns they see",
    "realised": "assuming that people go by the returns they hear of, whatever is announced",
}
GUESS = "guess"


def main_assumption(results: Results, scenario: str = "") -> str:
    """What the answer rests on above all, as one clause; for the first policy unless another is named.

    A policy of returns rests on how far people believe announcements, and on the setting that its effect goes with most
    over draws of the shipped posterior if that is another one; other policies on the latter alone, where it is known.
    """
    told = resolved(results)
    name = scenario or _first(results, told)
    levers = told.get("scenarios", {}).get(name, {}).get("levers", [])
    held = values(told, name)
    strongest = next((row for row in drivers(results, name, "arrivals") if row["clear"]), None)
    if any(kind in OF_RETURNS for lever in levers for kind in lever) and WEIGHT in held:
        also = f", and {_of_driver(strongest, held)}" if strongest and strongest["setting"] != WEIGHT else ""
        return f"{_of_announcements(told, held | _set_by_levers(levers))}{also}"
    if strongest:
        return _of_driver(strongest, held)
    guessed = sum(about.get("confidence") == GUESS for about in told.get("settings", {}).values())
    return f"assuming that the {guessed} guesses among the model's settings hold"


def _first(results: Results, told: dict[str, Any]) -> str:
    """The first policy that was asked for, else the first scenario."""
    names = [*scenario_hashes(results), *told.get("scenarios", {})]
    base = results.provenance.get("baseline")
    return next((name for name in names if name != base), names[0] if names else "")


def _set_by_levers(levers: list[dict[str, Any]]) -> dict[str, Any]:
    """What the lever on credibility sets, under the settings' full names."""
    given = [entry["credibility"] for entry in levers if "credibility" in entry]
    return {f"beliefs.{key}": value for entry in given for key, value in entry.items()}


def _of_announcements(told: dict[str, Any], held: dict[str, Any]) -> str:
    rule = held.get(EXPECTATION)
    if rule in BY_RULE:
        return f"{BY_RULE[rule]} (which history does not settle)"
    guess = " (a guess)" if told["settings"].get(WEIGHT, {}).get("confidence") == GUESS else ""
    weight = short(held[WEIGHT])
    return f"assuming that people give an announced risk a weight of {weight} against what they see happen{guess}"


def _of_driver(row: dict[str, Any], held: dict[str, Any]) -> str:
    value = held.get(row["setting"])
    used = f"here {short(value)} {row['unit']}" if isinstance(value, int | float) else ""
    guess = "a guess" if row["confidence"] == GUESS else ""
    inside = ", ".join(filter(None, [used, guess]))
    return f"resting most on {setting_words(row['setting'])}" + (f" ({inside})" if inside else "")
