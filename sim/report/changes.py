"""What changes: paired differences as a table that a reader understands, metrics in words with their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.metrics import outcome_metrics, paired_metrics
from sim.report.answer import between, effects, signed
from sim.report.text import amount, true_minus

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.report.answer import Effect

FIRST = {
    "arrivals": "Arrivals by boat", "deaths": "Deaths at sea", "deaths_per_1000": "Deaths per 1,000 arrivals",
    "returned": "Returned to France", "admitted": "Admitted by the legal route", "deterred": "Deterred",
    "displaced_mode": "Moved to another mode", "displaced_time": "Came later",
    "displaced_space": "Moved down the coast", "people_prevented": "Prevented on the beach",
    "lorry_arrivals": "Arrivals by lorry",
    "lorry_deaths": "Deaths by lorry", "waiting_at_coast": "Waiting at the coast", "price_gbp": "Price of a seat",
    "gang_profit_gbp": "Profit of the gangs", "cost_uk_gbp": "Cost to the UK", "cost_fr_gbp": "Cost to France",
    "cost_per_arrival_avoided_gbp": "Cost of each arrival avoided",
}  # fmt: skip
"""The metrics that a policy is judged by, in words; all others are in the full table."""
ALWAYS = ("arrivals", "deaths")  # told even where there are none


def headline_changes(results: Results, policies: list[str]) -> list[dict[str, Any]]:
    """A row a metric of `FIRST`: `words`, `meaning`, `unit`, and under `cells` what each policy does to it.

    Metrics without a value in any scenario (costs of returns where nobody is returned) are left out, deaths never.
    """
    about = {metric.name: metric for metric in (*outcome_metrics(), *paired_metrics())}
    found = {name: effects(results, name) for name in policies}
    rows = []
    for name, words in FIRST.items():
        mine = [found[policy].get(name) for policy in policies]
        if name in ALWAYS or any(effect is not None and _is_told(effect) for effect in mine):
            metric = about[name]
            rows.append({
                "words": words, "meaning": metric.meaning, "unit": metric.unit,
                "cells": [cell(effect) if effect else cell_without() for effect in mine],
            })  # fmt: skip
    return rows


def _is_told(effect: Effect) -> bool:
    return effect.difference == effect.difference and bool(effect.difference or effect.before or effect.after)


def cell(effect: Effect) -> dict[str, Any]:
    """One policy's change as text; `sure` says whether the interval leaves zero out."""
    if effect.difference != effect.difference:
        return cell_without()
    of_pair = effect.before != effect.before  # a metric of the pair itself has no level on either side
    return {
        "before": true_minus(amount(effect.before)), "after": "–" if of_pair else true_minus(amount(effect.after)),
        "difference": signed(effect.difference),
        "interval": between(effect.low, effect.high) if effect.interval else "–",
        "relative": "–" if effect.relative != effect.relative else true_minus(f"{100 * effect.relative:+.1f} %"),
        "sure": effect.is_sure,
    }  # fmt: skip


def cell_without() -> dict[str, Any]:
    """Where there is nothing to compare."""
    return dict.fromkeys(("before", "after", "difference", "interval", "relative"), "–") | {"sure": False}
