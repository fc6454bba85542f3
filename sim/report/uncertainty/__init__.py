"""How sure the answer is beyond chance: the posterior, what the data narrow, and answers that lie beside the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.experiment.sweep.shipped import shipped_effects
from sim.figures.charts.uncertainty import narrowed, spreads
from sim.figures.run import scenarios
from sim.report.resolved import resolved
from sim.report.uncertainty.at_ends import effects_at_ends
from sim.report.uncertainty.beside import breakeven, tornado
from sim.report.uncertainty.calibrated import calibrated_rows, told_calibrated
from sim.report.uncertainty.drivers import by_chance, driver_rows, told_drivers
from sim.report.uncertainty.over_draws import (
    METRICS,
    bars,
    chance_share,
    effect_rows,
    told_levels,
    under_posterior,
    words_of,
)  # fmt: skip
from sim.report.uncertainty.resting_on import main_assumption

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.figures.run import Shown

__all__ = ["main_assumption", "uncertainty", "under_posterior"]
EFFECTS_CHART, CALIBRATED_CHART, TORNADO_CHART = "posterior_effects", "calibrated", "tornado"
STALE = "The shipped draws were made with another version of the model's code than this run."


def uncertainty(results: Results) -> dict[str, Any] | None:
    """What the page says of how sure the answer is; None without a baseline.

    `posterior` (or None), `missing` (policies without one, and how to make it), `calibrated` (or None), `ends` (of the
    settings, by policy), `tornado`, `breakeven` (or None), `policies` (names), `charts` by name.
    """
    policies = [shown for shown in scenarios(results) if not shown.baseline]
    if not results.provenance.get("baseline") or not policies:
        return None
    names = [shown.name for shown in policies]
    charts: dict[str, Any] = {}
    parts: dict[str, Any] = {
        "posterior": _posterior(results, policies, charts),
        "missing": _missing(results, names),
        "calibrated": _calibrated(results, charts),
        "ends": effects_at_ends(results, names),
        "tornado": tornado(results, names),
        "breakeven": breakeven(results, names),
        "policies": names,
    }
    charts |= {part["key"]: part.pop("chart") for part in parts["ends"]}
    if parts["tornado"]:
        charts[TORNADO_CHART] = parts["tornado"].pop("chart")
    return parts | {"charts": charts}


def _posterior(results: Results, policies: list[Shown], charts: dict[str, Any]) -> dict[str, Any] | None:
    """The effects over draws of the shipped posterior; None if it ships for none of the policies."""
    known = [shown for shown in policies if under_posterior(results, shown.name, "arrivals")]
    rows = bars(results, known)
    if not rows:
        return None
    units = {metric: _unit(results, known, metric) for metric in dict.fromkeys(row["metric"] for row in rows)}
    charts[EFFECTS_CHART] = spreads(rows, [(m, f"Difference in {METRICS[m].lower()}, {u}") for m, u in units.items()])
    names = [shown.name for shown in known]
    over = under_posterior(results, names[0], "arrivals") or {}
    return {
        "metrics": [(metric, METRICS[metric]) for metric in units],
        "rows": effect_rows(results, names),
        "draws": over["draws"],
        "left_out": over["left_out"],
        "stale": "" if over["current"] else STALE,
        "levels": told_levels(results, names),
        "chance": [text for name in names if (text := _chance(results, name))],
        "drivers": [text for name in names for text in told_drivers(results, name)],
        "driver_rows": driver_rows(results, names),
        "by_chance": by_chance(results, names),
    }


def _unit(results: Results, known: list[Shown], metric: str) -> str:
    found = (under_posterior(results, shown.name, metric) for shown in known)
    return next((over["unit"] for over in found if over), "")


def _chance(results: Results, scenario: str) -> str:
    """How much of the spread over the draws is chance between runs, in a sentence."""
    share = chance_share(results, scenario, "arrivals")
    if share is None:
        return ""
    much = "all" if share > 99 else "less than 1 %" if share < 1 else f"some {share:.0f} %"
    what = f"what {words_of(scenario)} does to arrivals"
    return f"Of the variance over the draws in {what} {much} is chance between single runs."


def _missing(results: Results, names: list[str]) -> dict[str, list[str]] | None:
    """Policies for which no draws ship, and those scenarios for which they do; None if none is missing."""
    missing = [words_of(name) for name in names if not under_posterior(results, name, "arrivals")]
    table = shipped_effects()
    shipped = sorted(set(table["scenario"])) if len(table) else []
    return {"names": missing, "shipped": shipped} if missing else None


def _calibrated(results: Results, charts: dict[str, Any]) -> dict[str, Any] | None:
    """What the data narrow; None if no calibration ships."""
    rows = calibrated_rows(resolved(results).get("settings", {}))
    if not rows:
        return None
    charts[CALIBRATED_CHART] = narrowed(rows)
    return {"told": told_calibrated(rows), "settings": len(rows)}
