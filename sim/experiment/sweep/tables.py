"""The tables of a sweep, written point by point: nothing needs the whole sweep in memory.

The columns are those of a study of scenarios (`sim.experiment.compare`) with the number of the point in front.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.domain.randomness import Floats
from sim.experiment.compare import RATIO
from sim.experiment.intervals import mean_intervals, ratio_interval
from sim.experiment.store import RunKey, Store
from sim.experiment.sweep.plan import Plan, Point
from sim.metrics import Metric, outcome_metrics, paired_metrics
from sim.records.parquet import Stream, write

FACTS = ("seed", "wall_s", "events")


@dataclass(frozen=True, slots=True)
class Known:
    """What a sweep knows of its points: the hash of each, and the replications that are wanted of each."""

    code_hash: str
    hashes: Sequence[str]
    counts: Sequence[int]
    first: int = 0

    def keys(self, point: Point) -> Iterator[RunKey]:
        """The runs of a point."""
        for replication in range(self.first, self.first + self.counts[point.index]):
            yield RunKey(self.hashes[point.index], self.code_hash, replication)


def write_tables(folder: Path, plan: Plan, known: Known, store: Store) -> list[int]:
    """Write `points`, `dimensions`, `runs`, `summary` and, with a baseline, `effects`.

    Runs that the store lacks, because they failed, are left out. Returns the finished replications of each point.
    """
    names = ["runs", "summary", *(["effects"] if plan.baseline else [])]
    streams = {name: Stream(folder / f"{name}.parquet") for name in names}
    finished, base = [0] * len(plan), pd.DataFrame()
    implausible: set[int] = set()
    try:
        for point in plan.points():
            against = plan.baseline_of(point)
            runs = runs_of(point, known, store, known.hashes[against.index] if against else None)
            finished[point.index] = len(runs)
            if point.is_baseline:  # it stands before the points of its future
                base = runs
                implausible |= set() if is_plausible(plan, runs) else {point.future}
            if len(runs):
                streams["runs"].add(to_table(runs))
                streams["summary"].add(to_table(summary_of(point, runs)))
            if against and len(runs) and len(base):
                streams["effects"].add(to_table(effects_of(point, runs, against, base)))
        for stream in streams.values():
            stream.finish()
    finally:
        for stream in streams.values():
            stream.drop()
    write(to_table(points_table(plan, known, finished, implausible)), folder / "points.parquet")
    write(to_table(dimensions_table(plan)), folder / "dimensions.parquet")
    return finished


def runs_of(point: Point, known: Known, store: Store, baseline_hash: str | None) -> pd.DataFrame:
    """The rows of `runs.parquet` of one point; paired metrics are missing for baselines."""
    rows = []
    for key in known.keys(point):
        if not store.has(key, ("run",)):
            continue
        facts = store.facts(key)
        pair: Mapping[str, float] = {}
        if baseline_hash and store.has_pair(key, baseline_hash):
            pair = store.pair(key, baseline_hash)
        row = {"point": point.index, "scenario": point.name, "replication": key.replication, **facts["metrics"]}
        row |= {metric.name: pair.get(metric.name, float("nan")) for metric in paired_metrics()}
        row |= {name: facts[name] for name in FACTS}
        rows.append(row | {"scenario_hash": key.scenario_hash, "code_hash": key.code_hash})
    return pd.DataFrame(rows)


def summary_of(point: Point, runs: pd.DataFrame) -> pd.DataFrame:
    """The rows of `summary.parquet` of one point."""
    metrics = [*outcome_metrics(), *paired_metrics()]
    mean, low, high = mean_intervals(_values(runs, metrics))
    ratio = [metric.name == RATIO for metric in metrics]  # as in `compare.summary_table`
    mean[ratio] = low[ratio] = high[ratio] = np.nan
    return pd.DataFrame({**_about(point, metrics), "mean": mean, "low": low, "high": high, "replications": len(runs)})


def effects_of(point: Point, runs: pd.DataFrame, against: Point, base: pd.DataFrame) -> pd.DataFrame:
    """The rows of `effects.parquet` of one point: paired differences to the baseline of the same future."""
    together = sorted(set(runs["replication"]) & set(base["replication"]))
    here, before = (each.set_index("replication").loc[together] for each in (runs, base))
    outcomes, pairs = outcome_metrics(), paired_metrics()
    level, gain = _values(before, outcomes), _values(here, outcomes) - _values(before, outcomes)
    differences = np.hstack([gain, _values(here, pairs)])
    difference, low, high = mean_intervals(differences)
    relative = np.full(len(difference), np.nan)
    mean_level = mean_intervals(level)[0] if len(level) else np.full(len(outcomes), np.nan)
    np.divide(difference[: len(outcomes)], mean_level, out=relative[: len(outcomes)], where=mean_level != 0)
    metrics = [*outcomes, *pairs]
    counts = (~np.isnan(differences)).sum(axis=0)
    ratio = [metric.name for metric in metrics].index(RATIO)
    difference[ratio], low[ratio], high[ratio] = _cost_per_arrival_avoided(here, before)
    counts[ratio] = len(together)
    about = _about(point, metrics)
    return pd.DataFrame(
        {
            "point": about["point"], "scenario": point.name, "baseline": against.name, "metric": about["metric"],
            "unit": about["unit"], "difference": difference, "low": low, "high": high, "relative": relative,
            "replications": counts,
        }
    )  # fmt: skip


def is_plausible(plan: Plan, runs: pd.DataFrame) -> bool:
    """Whether the runs of a baseline look like the world that the sweep is about."""
    means = {each: runs[each.metric.name].mean() if len(runs) else np.nan for each in plan.plausible}
    return all(each.low <= mean <= each.high for each, mean in means.items())


def points_table(plan: Plan, known: Known, finished: Sequence[int], implausible: Collection[int]) -> pd.DataFrame:
    """`points.parquet`: a row a point, a column a varied setting."""
    settings = [d.setting for design in (plan.levers, plan.uncertainties) for d in design.dimensions]
    rows = []
    for point in plan.points():
        against = plan.baseline_of(point)
        rows.append(
            {
                "point": point.index, "name": point.name, "source": point.source, "row": point.row,
                "future": point.future, "baseline": point.is_baseline,
                "plausible": point.future not in implausible,
                **{setting: point.changes.get(setting) for setting in settings},
                "scenario_hash": known.hashes[point.index],
                "baseline_hash": known.hashes[against.index] if against else "",
                "replications": finished[point.index],
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    return table.assign(**{setting: _column(table[setting]) for setting in settings})


def dimensions_table(plan: Plan) -> pd.DataFrame:
    """`dimensions.parquet`: a row a varied setting."""
    rows = [
        {
            "setting": d.setting, "kind": d.kind, "unit": d.unit, "low": d.low, "high": d.high,
            "values": " | ".join(_word(value) for value in d.values or ()), "scale": d.scale, "whole": d.whole,
            "confidence": d.confidence, "base": _word(d.base),
        }
        for design in (plan.levers, plan.uncertainties)
        for d in design.dimensions
    ]  # fmt: skip
    columns = ["setting", "kind", "unit", "low", "high", "values", "scale", "whole", "confidence", "base"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"low": float, "high": float, "whole": bool})


def to_table(frame: pd.DataFrame) -> pa.Table:
    """A frame for Parquet without its index."""
    return pa.Table.from_pandas(frame, preserve_index=False)


def _about(point: Point, metrics: Sequence[Metric]) -> dict[str, Any]:
    return {
        "point": np.full(len(metrics), point.index),
        "scenario": point.name,
        "metric": [metric.name for metric in metrics],
        "unit": [metric.unit for metric in metrics],
    }


def _values(runs: pd.DataFrame, metrics: Sequence[Metric]) -> Floats:
    """Metrics of runs, shape (replications, metrics)."""
    return runs[[metric.name for metric in metrics]].to_numpy(float)


def _cost_per_arrival_avoided(here: pd.DataFrame, before: pd.DataFrame) -> tuple[float, float, float]:
    extra, avoided = here["cost_uk_gbp"] - before["cost_uk_gbp"], before["arrivals"] - here["arrivals"]
    return ratio_interval(extra.to_numpy(float), avoided.to_numpy(float))


def _column(values: pd.Series) -> pd.Series:
    """Numbers as floats; where some values are words, all as words."""
    known = values.dropna()
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return values.astype(float)
    return values.map(lambda value: None if value is None else _word(value)).astype(object)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
