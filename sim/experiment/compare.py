"""Comparing scenarios in pairs: the same replication with and without the policy, and the mean of the differences."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.intervals import mean_interval, ratio_interval
from sim.experiment.pairs import missing_pair, pair_of, stored_run
from sim.experiment.runner import run_key
from sim.experiment.store import Store
from sim.metrics import RunTables, outcome_metrics, paired_metrics
from sim.metrics.displacement import KINDS, split
from sim.scenario.schema import Scenario

DISPLACEMENT = (
    "scenario", "baseline", "replication", "kind", "dimension", "of_arrivals", "from_sector", "to_sector", "people",
    "lost", "gained",
)  # fmt: skip
RATIO = "cost_per_arrival_avoided_gbp"


def runs_table(
    scenarios: Sequence[Scenario], baseline: Scenario | None, replications: Sequence[int], store: Store
) -> pd.DataFrame:
    """`runs.parquet`: a row a scenario and replication, a column a metric; paired ones are missing for the baseline."""
    rows = []
    for scenario in scenarios:
        for replication in replications:
            key = run_key(scenario, replication)
            facts = store.facts(key)
            row = {"scenario": scenario.name, "replication": replication, **facts["metrics"]}
            row |= paired_row(scenario, baseline, replication, store)
            row |= {name: facts[name] for name in ("seed", "wall_s", "events")}
            rows.append(row | {"scenario_hash": key.scenario_hash, "code_hash": key.code_hash})
    return pd.DataFrame(rows)


def paired_row(scenario: Scenario, baseline: Scenario | None, replication: int, store: Store) -> dict[str, float]:
    """The paired metrics of one replication; missing for the baseline itself."""
    if baseline is None or scenario.name == baseline.name:
        return missing_pair()
    window = int(scenario.warm_up_days), int(scenario.horizon_days)
    return pair_of(store, run_key(scenario, replication), baseline.scenario_hash, window)


def displacement_table(
    scenarios: Sequence[Scenario], baseline: Scenario, replications: Sequence[int], store: Store
) -> pd.DataFrame:
    """`displacement.parquet`: who arrives less or more than in the baseline and what became of them, pair by pair.

    One row a scenario, replication and class (`sim.metrics.displacement.KINDS`); one a pair of sectors for those who
    moved along the coast. The rows with `of_arrivals` add up to the baseline's arrivals less the scenario's.
    """
    rows = []
    for scenario in scenarios:
        for replication in replications if scenario.name != baseline.name else ():
            run, base = (_people(s, replication, store) for s in (scenario, baseline))
            for shift in split(run, base):
                kind = KINDS[shift.kind]
                row = (scenario.name, baseline.name, replication, shift.kind, kind.dimension, kind.of_arrivals)
                rows.append((*row, shift.from_sector, shift.to_sector, shift.people, shift.lost, shift.gained))
    return pd.DataFrame(rows, columns=list(DISPLACEMENT))


def _people(scenario: Scenario, replication: int, store: Store) -> RunTables:
    window = int(scenario.warm_up_days), int(scenario.horizon_days)
    return stored_run(store, run_key(scenario, replication), window, ("people",))


def summary_table(runs: pd.DataFrame) -> pd.DataFrame:
    """`summary.parquet`: mean and 95 % interval of every metric for every scenario."""
    rows = []
    for scenario, mine in runs.groupby("scenario", sort=False):
        for metric in [*outcome_metrics(), *paired_metrics()]:
            values = mine[metric.name].to_numpy(dtype=float)
            missing = metric.name == RATIO  # a mean of ratios says nothing; effects.parquet has the ratio of means
            mean, low, high = (float("nan"),) * 3 if missing else mean_interval(values)
            rows.append((scenario, metric.name, metric.unit, mean, low, high, len(mine)))
    return pd.DataFrame(rows, columns=["scenario", "metric", "unit", "mean", "low", "high", "replications"])


def effects_table(runs: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """`effects.parquet`: mean paired difference to the baseline, its 95 % interval, and its share of the baseline."""
    base = runs[runs["scenario"] == baseline].set_index("replication")
    rows = []
    for scenario, mine in runs[runs["scenario"] != baseline].groupby("scenario", sort=False):
        here = mine.set_index("replication")
        for metric in outcome_metrics():
            before = base[metric.name].reindex(here.index).to_numpy(dtype=float)
            gain = here[metric.name].to_numpy(dtype=float) - before
            rows.append((scenario, baseline, metric.name, metric.unit, *_effect(gain, before)))
        for metric in paired_metrics():
            values = here[metric.name].to_numpy(dtype=float)
            effect = _effect(values, np.full(len(values), np.nan))
            if metric.name == RATIO:
                effect = (*_cost_per_arrival_avoided(here, base), float("nan"), len(values))
            rows.append((scenario, baseline, metric.name, metric.unit, *effect))
    columns = ["scenario", "baseline", "metric", "unit", "difference", "low", "high", "relative", "replications"]
    return pd.DataFrame(rows, columns=columns)


def _cost_per_arrival_avoided(here: pd.DataFrame, base: pd.DataFrame) -> tuple[float, float, float]:
    """Ratio of the mean extra cost to the mean arrivals avoided; a mean of the pairs' ratios would be mostly noise."""
    before = base.reindex(here.index)
    extra, avoided = here["cost_uk_gbp"] - before["cost_uk_gbp"], before["arrivals"] - here["arrivals"]
    return ratio_interval(extra.to_numpy(float), avoided.to_numpy(float))


def _effect(gain: Floats, before: Floats) -> tuple[float, float, float, float, int]:
    difference, low, high = mean_interval(gain)
    level = float(np.nanmean(before)) if (~np.isnan(before)).any() else float("nan")
    relative = difference / level if level else float("nan")
    return difference, low, high, relative, int((~np.isnan(gain)).sum())
