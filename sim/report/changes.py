"""What changes: paired differences as a table that a reader understands, metrics in words with their meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.metrics import outcome_metrics, paired_metrics
from sim.report.effect import NET, TOLL, between, effects, signed
from sim.report.text import amount, true_minus

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.report.effect import Effect

RATIO = "cost_per_arrival_avoided_gbp"
FIRST = {
    "arrivals": "Arrivals by boat", "deaths": "Deaths at sea", "lorry_deaths": "Deaths by lorry",
    TOLL: "Deaths at sea and by lorry", "deaths_per_1000": "Deaths at sea per 1,000 arrivals",
    "returned": "Returned to France", "admitted": "Admitted by the legal route", "deterred": "Deterred",
    "displaced_mode": "Moved to another mode", "displaced_time": "Came later, net",
    "displaced_space": "Moved down the coast, net", "people_prevented": "Prevented on the beach",
    "lorry_arrivals": "Arrivals by lorry", NET: "Come to the UK, net",
    "waiting_at_coast": "Waiting at the coast", "price_gbp": "Price of a seat",
    "gang_profit_gbp": "Profit of the gangs", "cost_uk_gbp": "Cost to the UK", "cost_fr_gbp": "Cost to France",
    RATIO: "Cost to the UK of each arrival avoided",
}  # fmt: skip
"""The metrics that a policy is judged by, in words; all others are in the full table."""
SUMS = {
    TOLL: "People who died on the way, at sea or by lorry or ferry.",
    NET: "Arrivals by boat and by lorry or ferry and people admitted, less people returned.",
}
"""What sums of metrics mean."""
ALWAYS = ("arrivals", "deaths")  # told even where there are none


def headline_changes(results: Results, policies: list[str]) -> list[dict[str, Any]]:
    """A row a metric of `FIRST`: `words`, `meaning`, `unit`, and under `cells` what each policy does to it.

    Metrics without a value in any scenario (costs of returns where nobody is returned) are left out, deaths never.
    """
    about = {metric.name: metric for metric in (*outcome_metrics(), *paired_metrics())}
    found = {name: effects(results, name) for name in policies}
    rows = []
    for name, words in FIRST.items():
        mine = [_said(name, found[policy]) for policy in policies]
        if name in ALWAYS or any(effect is not None and _is_told(effect) for effect in mine):
            meaning, unit = (SUMS[name], "people") if name in SUMS else (about[name].meaning, about[name].unit)
            rows.append({
                "words": words, "meaning": meaning, "unit": unit,
                "cells": [cell(effect) if effect else cell_without() for effect in mine],
            })  # fmt: skip
    return rows


def _said(metric: str, found: dict[str, Effect]) -> Effect | None:
    """A policy's effect; a cost for each arrival avoided only where it is clear that any is avoided."""
    if metric == RATIO and not (found["arrivals"].is_sure and found["arrivals"].difference < 0):
        return None
    return found.get(metric)


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
