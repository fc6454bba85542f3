"""What the shipped policies do under settings that agree with the data, beside what chance alone does in this run."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.experiment.sweep.shipped import shipped_effects
from sim.report.effect import between, signed
from sim.report.resolved import scenario_hashes
from sim.report.text import amount, without_sole

if TYPE_CHECKING:
    from sim.domain.randomness import Floats
    from sim.experiment.results import Results
    from sim.figures.run import Shown

METRICS = {
    "arrivals": "Arrivals by boat", "deaths": "Deaths at sea", "lorry_deaths": "Deaths by lorry",
    "returned": "Returned to France",
    "admitted": "Admitted by the legal route", "deterred": "Deterred", "displaced_mode": "Moved to another mode",
    "displaced_time": "Came later", "displaced_space": "Moved down the coast", "gang_profit_gbp": "Profit of the gangs",
    "cost_uk_gbp": "Cost to the UK",
}  # fmt: skip
HEAD = [
    "outcome", "scenario", "chance only: mean (95 % interval)", "over the draws: median",
    "9 in 10 draws", "draws below zero",
]  # fmt: skip
LEVELS = ("arrivals", "deaths")  # whose level without a policy is told
MEAN, PAIRS, DRAWS = "mean, chance only", "single runs, chance only", "single runs, settings drawn"
QUARTERS = {"low": 0.05, "half_low": 0.25, "middle": 0.5, "half_high": 0.75, "high": 0.95}


def under_posterior(results: Results, scenario: str, metric: str) -> dict[str, Any] | None:
    """The paired difference over draws of the shipped posterior; None unless it ships for this scenario and baseline.

    `median`, `half_low` to `half_high` (middle half) and `low` to `high` (9 in 10) in `unit`; `draws` and how many were
    `left_out`; shares `below` and `above` zero; `sd`; `current`, whether it was made with this run's code of the model.
    """
    mine = of_this(shipped_effects(), results, scenario)
    row = next((row for row in mine.to_dict("records") if row["metric"] == metric), None)
    if row is None:
        return None
    numbers = {"low": "q05", "half_low": "q25", "median": "median", "half_high": "q75", "high": "q95", "sd": "sd",
               "below": "share_below", "above": "share_above"}  # fmt: skip
    found: dict[str, Any] = {name: float(row[column]) for name, column in numbers.items()}
    current = row["code_hash"] == results.provenance.get("code_hash")
    counts = {"draws": int(row["draws"]), "left_out": int(row["left_out"])}
    return {**found, **counts, "unit": row["unit"], "current": current}


def of_this(table: pd.DataFrame, results: Results, scenario: str) -> pd.DataFrame:
    """The rows of a shipped table on this very scenario against this very baseline."""
    hashes, base = scenario_hashes(results), str(results.provenance.get("baseline") or "")
    if table.empty or scenario not in hashes or base not in hashes:
        return pd.DataFrame(columns=["metric"])
    same = (table["scenario_hash"] == hashes[scenario]) & (table["baseline_hash"] == hashes[base])
    return table[same]


def effect_rows(results: Results, scenarios: Sequence[str]) -> list[list[str]]:
    """Each metric of each scenario by chance alone and over the draws, as rows of text, the head first."""
    effects, rows = _effects(results), [HEAD]
    for scenario in scenarios:
        for metric, words in METRICS.items():
            over = under_posterior(results, scenario, metric)
            if over is None or (scenario, metric) not in effects or not _moves(over):
                continue
            row = effects[scenario, metric]
            chance = f"{signed(row['difference'])} ({between(row['low'], row['high'])})"
            drawn = [signed(over["median"]), between(over["low"], over["high"]), f"{100 * over['below']:.0f} %"]
            rows.append([f"{words}, {over['unit']}", words_of(scenario), chance, *drawn])
    return without_sole(rows, "scenario")


def told_levels(results: Results, scenarios: Sequence[str]) -> str:
    """What the baseline is over the draws and in this run, in a sentence; empty unless that ships.

    The values that this run uses are one choice among those that agree with the data, and need not be in their middle.
    """
    runs = results.table("runs")
    runs = runs[runs["scenario"] == results.provenance["baseline"]]
    mine = of_this(shipped_effects(), results, scenarios[0]) if scenarios else pd.DataFrame()
    if "base_median" not in mine:
        return ""
    rows: list[dict[Any, Any]] = mine[mine["metric"].isin(LEVELS)].to_dict("records")
    told = [
        f"{amount(row['base_median'])} {METRICS[row['metric']].lower()} (nine in ten: {amount(row['base_q05'])} to "
        f"{amount(row['base_q95'])}; in this run {amount(runs[row['metric']].mean())})"
        for row in rows
    ]
    return f"Without a policy the draws have in the median {' and '.join(told)}." if told else ""


def _moves(over: dict[str, Any]) -> bool:
    return bool(over["low"] or over["high"])


def bars(results: Results, cast: Sequence[Shown]) -> list[dict[str, Any]]:
    """The rows of the chart `spreads`: three bars a scenario and metric."""
    effects, rows = _effects(results), []
    for shown in cast:
        for metric in METRICS:
            over = under_posterior(results, shown.name, metric)
            if over is None or (shown.name, metric) not in effects or not _moves(over):
                continue
            mean, pairs = effects[shown.name, metric], pair_differences(results, shown.name, metric)
            spread = np.quantile(pairs, list(QUARTERS.values())).tolist() if len(pairs) else []
            parts: dict[str, dict[str, float]] = {
                MEAN: {"middle": mean["difference"], "low": mean["low"], "high": mean["high"]},
                PAIRS: dict(zip(QUARTERS, spread, strict=False)),
                DRAWS: {"middle": over["median"], **{name: over[name] for name in QUARTERS if name != "middle"}},
            }
            rows += [_bar(shown, metric, part, numbers) for part, numbers in parts.items() if numbers]
    return rows


def _bar(shown: Shown, metric: str, part: str, numbers: dict[str, Any]) -> dict[str, Any]:
    about = {
        MEAN: "mean of the replications and its 95 % interval",
        PAIRS: "replications of this run: median, middle half, 9 in 10",
        DRAWS: "one run for each draw of the settings: median, middle half, 9 in 10",
    }
    known = {name: float(f"{value:.6g}") for name, value in numbers.items() if not isnan(value)}
    marks = {name: known.get(name) for name in QUARTERS}
    return {"label": f"{shown.label}: {part}", "metric": metric, "colour": shown.colour, "about": about[part], **marks}


def _effects(results: Results) -> dict[tuple[str, str], dict[str, Any]]:
    """The paired differences of the run by scenario and metric."""
    rows: list[dict[Any, Any]] = results.table("effects").to_dict("records")
    return {(row["scenario"], row["metric"]): row for row in rows}


def pair_differences(results: Results, scenario: str, metric: str) -> Floats:
    """The paired difference of each replication, in the metric's unit."""
    wide = results.table("runs").pivot(index="replication", columns="scenario", values=metric).astype(float)
    mine, base = wide[scenario], wide[str(results.provenance["baseline"])]
    found = mine if base.isna().all() else mine - base  # a metric of the pair itself has no level on either side
    return found.dropna().to_numpy(float)


def chance_share(results: Results, scenario: str, metric: str) -> float | None:
    """How much of the variance over the draws single runs have by chance alone, in percent; None if it is unknown."""
    over = under_posterior(results, scenario, metric)
    pairs = pair_differences(results, scenario, metric)
    if over is None or len(pairs) < 2 or not over["sd"]:
        return None
    return 100 * min(1.0, float(pairs.var(ddof=1)) / float(over["sd"]) ** 2)


def words_of(name: str) -> str:
    """A scenario's name as words."""
    return name.replace("_", " ")
