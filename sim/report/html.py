"""`report.html`: one self-contained page on a run, made from its tables and figures without simulating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.behaviours import meaning
from sim.experiment.patterns.shipped import shipped_scorecard
from sim.figures.charts.over_time import over_time
from sim.figures.charts.pairs import pairs
from sim.report.answer import answers, what_intervals_hold
from sim.report.changes import FIRST, RATIO, headline_changes
from sim.report.differences import differences
from sim.report.drawn import drawn_figures
from sim.report.evidence.fit import fit, misfit
from sim.report.evidence.fitted import fitted, read_calibrated
from sim.report.evidence.scorecard import behaviour
from sim.report.pages import write_page
from sim.report.payers import payer_rows
from sim.report.payers import told as told_payers
from sim.report.replay import replay
from sim.report.resolved import resolved
from sim.report.split import split_rows
from sim.report.text import effect_rows, mean_rows
from sim.report.uncertainty import uncertainty

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.results import Results

GUESS = "guess"
SECTIONS = {
    "answer": "The answer", "changes": "What changes", "time": "Week by week", "replay": "A year on the map",
    "map": "Ways and places", "moved": "Deterred or displaced?", "pipeline": "The exchange at work",
    "costs": "Who pays", "market": "Gangs, beliefs, danger", "uncertainty": "How sure are we?",
    "fit": "Does it look like the real Channel?", "behaviour": "Does it behave like what is known?",
    "differences": "Scenario and baseline", "assumptions": "Assumptions", "more": "More figures",
    "again": "How to make this again",
}  # fmt: skip
"""The parts of the page in their order; those that a run has nothing for are left out."""


def write_report(results: Results) -> Path:
    """Write the page into the results folder; returns its path."""
    return write_page("run.html", results.folder / "report.html", content(results))


def content(results: Results) -> dict[str, Any]:
    """Everything that the page shows."""
    told = resolved(results)
    facts = results.provenance
    names = list(facts["scenario_hashes"])  # in the order in which they were asked for
    policies = [name for name in names if name != facts["baseline"]] or names
    paired = facts["baseline"] is not None
    parts = {
        "title": title(told, policies),
        "questions": [told["scenarios"][name]["question"] for name in policies],
        "baseline": (facts["baseline"] or "").replace("_", " "),
        "exchange": any("exchange" in lever for about in told["scenarios"].values() for lever in about["levers"]),
        "overrides": told.get("overrides", []),
        "provenance": facts,
        "answers": answers(results, policies) if paired else [],
        "intervals": what_intervals_hold(results, policies) if paired else "",
        "replay": replay(results),
        "uncertainty": uncertainty(results) if paired else None,
        "differences": differences(results) if paired else [],
        "scenarios": [scenario(name, about) for name, about in told["scenarios"].items()],
        **changes(results, policies, paired=paired),
        **evidence(results, told["settings"]),
        **assumed(told["settings"]),
        **charted(results),
    }
    parts["charts"] |= (parts["uncertainty"] or {}).get("charts", {})
    parts["figures"] = by_section(results)
    return parts | {"sections": [{"id": key, "name": SECTIONS[key]} for key in SECTIONS if _is_there(key, parts)]}


def title(told: dict[str, Any], policies: list[str]) -> str:
    """The question; of several policies one question for all."""
    if len(policies) == 1:
        return str(told["scenarios"][policies[0]]["question"])
    words = [name.replace("_", " ") for name in policies]
    return f"What do {', '.join(words[:-1])} and {words[-1]} do?"


def changes(results: Results, policies: list[str], *, paired: bool) -> dict[str, Any]:
    """The table of effects in short and in full, and what became of the people."""
    n = results.provenance["replications"]
    payers = payer_rows(results) if paired else []
    split_known = paired and (results.folder / "displacement.parquet").exists()  # results of before it lack it
    return {
        "changes": headline_changes(results, policies) if paired else [],
        "policies": [name.replace("_", " ") for name in policies],
        "table": effect_rows(results.summary, results.effects) if paired else mean_rows(results.summary),
        "caption": f"{'Paired differences' if paired else 'Means'} over {n} replications, 95 % t-intervals.",
        "payers": payers,
        "payers_told": told_payers(payers, [name.replace("_", " ") for name in policies]),
        "split": split_rows(results.table("displacement")) if split_known else [],
    }


def evidence(results: Results, settings: dict[str, Any]) -> dict[str, Any]:
    """How the run and the model compare with what has been observed."""
    values = {name: about["value"] for name, about in settings.items()}
    n, rows = results.provenance["replications"], fit(results)
    return {
        "fit": rows,
        "misfit": misfit(rows),
        "fit_caption": f"{n} replications without the policy, over the simulated days that have been observed.",
        "behaviour": behaviour(shipped_scorecard()),
        "fitted": fitted(read_calibrated(), values),
    }


def assumed(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with guesses marked, and the assumption about announcements on which most rests."""
    rows = [setting(name, about) for name, about in settings.items() if about["unit"]]
    expectation = settings.get("beliefs.expectation", {}).get("value", "")  # results of before it was a setting lack it
    return {
        "settings": rows,
        "patrols_shared": settings.get("money.patrol_uk_funded_share", {}).get("value"),
        "guesses": sum(row["guess"] for row in rows),
        "announced_weight": settings["beliefs.announced_weight"]["value"],
        "expectation": expectation,
        "expectation_meaning": meaning("expectation", expectation) if expectation else "",
    }


def charted(results: Results) -> dict[str, Any]:
    """The charts that a reader can turn, and what there is to choose in them."""
    found = {
        "over_time": over_time(results),
        "pairs": pairs(results, {name: words for name, words in FIRST.items() if name != RATIO}),
    }
    charts = {name: spec for name, spec in found.items() if spec is not None}
    return {"charts": charts, "choices": {name: spec.pop("choices") for name, spec in charts.items()}}


def by_section(results: Results) -> dict[str, list[dict[str, Any]]]:
    """The figures that were drawn, by the part of the page they belong to."""
    found: dict[str, list[dict[str, Any]]] = {}
    for figure in drawn_figures(results.folder / "figures"):
        found.setdefault(figure["section"], []).append(figure)
    return found


def _is_there(key: str, parts: dict[str, Any]) -> bool:
    """Whether a part of the page has anything to show."""
    figures = parts["figures"]
    needs: dict[str, Any] = {
        "time": "over_time" in parts["charts"], "replay": parts["replay"], "uncertainty": parts["uncertainty"],
        "fit": parts["fit"] or parts["fitted"] or figures.get("fit"), "behaviour": parts["behaviour"],
        "moved": len(parts["split"]) > 1 or figures.get("moved"), "costs": parts["payers"] or figures.get("costs"),
    }  # fmt: skip
    if key in needs:
        return bool(needs[key])
    return key in ("answer", "changes", "differences", "assumptions", "again") or bool(figures.get(key))


def scenario(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """One scenario with its levers as text."""
    levers = [
        f"{kind}: " + ", ".join(f"{key} {value}" for key, value in given.items() if value is not None)
        for lever in about["levers"]
        for kind, given in lever.items()
    ]
    window = f"{about['measure_from']} to {about['until']}"
    return {"name": name.replace("_", " "), "question": about["question"], "levers": levers, "window": window}


def setting(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """One row of the table of assumptions."""
    value = about["value"]
    shown = "by row" if isinstance(value, list) else str(value)
    plausible = "" if about["low"] is None else f"{about['low']:g} to {about['high']:g}"
    guess = about["confidence"] == GUESS
    return {"name": name, "value": shown, "unit": about["unit"], "range": plausible, "source": about["source"],
            "note": about["note"], "guess": guess}  # fmt: skip
