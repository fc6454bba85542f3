"""The tornado of a one-at-a-time sweep: how far the outcome moves when each setting goes to its ends, all else kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.intervals import mean_interval
from sim.experiment.one_at_a_time import with_swing
from sim.experiment.sweep.designs import OAT, Design
from sim.experiment.sweep.dimensions import Dimension
from sim.experiment.sweep.plan import Plan
from sim.experiment.variants import is_number

ENDS = ("low", "high")
BASE_INTERVAL = ("base_low", "base_high")


def oat_tables(plan: Plan, folder: Path) -> dict[str, pd.DataFrame]:
    """`ends` of all scenarios, `tornado` and `tornado_skipped` of the first one; none without such a design.

    The outcome is the headline metric; where the uncertain numbers are varied, which move the baseline too, it is the
    paired difference to the baseline. An end at which the baseline is not plausible, or whose runs failed, has no
    difference.
    """
    found = {scenario.name: ends_table(plan, folder, scenario.name) for scenario in plan.scenarios}
    first, skipped = found[plan.scenarios[0].name]
    if first.empty:
        return {}
    about = {"scenario": "", "metric": plan.metric.name}
    tables = [table.assign(**about | {"scenario": name}) for name, (table, _) in found.items() if len(table)]
    ends = pd.concat(tables, ignore_index=True)
    told = f"{plan.metric.name}{f' against {plan.baseline.name}' if plan.baseline and not _levers(plan) else ''}"
    effects = [column for column in first if str(column).startswith("effect") or column in BASE_INTERVAL]
    return {
        "ends": ends[[*about, *first.columns]],
        "tornado": first.drop(columns=effects).assign(metric=told),
        "tornado_skipped": pd.DataFrame(skipped, columns=["setting", "reason"], dtype=str),
    }


def ends_table(plan: Plan, folder: Path, source: str) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """The ends of every setting for one of the scenarios, the widest swing first, and what had to be left out.

    Beside the columns of `sim.experiment.one_at_a_time.tornado_table`: `effect` at that end with its 95 % interval
    `effect_low` to `effect_high`, and the interval of `base_mean`, `base_low` to `base_high`. Empty if the sweep is of
    another design, or the scenario as it is has no runs.
    """
    design = _design(plan)
    if design.kind != OAT or not (folder / "runs.parquet").exists():
        return pd.DataFrame(), []
    outcomes = _outcomes(plan, folder, source)
    rows: list[dict[str, Any]] = []
    skipped: list[tuple[str, str]] = []
    for dimension in design.dimensions if 0 in outcomes else ():
        ends = _ends({row: design.changes(row).get(dimension.setting) for row in range(1, len(design))})
        if any(row in outcomes for row, _ in ends):
            rows += [_row(plan, dimension, end, outcomes, at) for end, at in zip(ENDS, ends, strict=True)]
        else:
            reason = "no two numbers are among its values, their runs failed, or no baseline is plausible there"
            skipped.append((dimension.setting, reason))
    return (with_swing(pd.DataFrame(rows)) if rows else pd.DataFrame()), skipped


def _levers(plan: Plan) -> bool:
    """Whether the levers are varied one at a time, not the uncertain numbers."""
    return plan.levers.kind == OAT


def _design(plan: Plan) -> Design:
    return plan.levers if _levers(plan) else plan.uncertainties


def _outcomes(plan: Plan, folder: Path, source: str) -> dict[int, pd.Series]:
    """The outcome by replication of each row of the design in a plausible future; row 0 is the scenario itself."""
    levers = _levers(plan)
    runs = pd.read_parquet(folder / "runs.parquet", columns=["point", "replication", plan.metric.name])
    values = {int(str(n)): mine.set_index("replication")[plan.metric.name] for n, mine in runs.groupby("point")}
    told = pd.read_parquet(folder / "points.parquet", columns=["point", "plausible"])
    counted = set(told.loc[told["plausible"], "point"]) & set(values)
    found: dict[int, pd.Series] = {}
    for point in plan.points():
        row, other = (point.row, point.future) if levers else (point.future, point.row)
        if point.is_baseline or other or point.source != source or point.index not in counted:
            continue
        base = None if levers else plan.baseline_of(point)
        found[row] = values[point.index] - values[base.index] if base else values[point.index]
    return found


def _row(
    plan: Plan, dimension: Dimension, end: str, outcomes: Mapping[int, pd.Series], at: tuple[int, Any]
) -> dict[str, Any]:
    row, value = at
    there = outcomes.get(row, pd.Series(dtype=float))
    moved = (there - outcomes[0]).to_numpy(float)
    return {
        "setting": dimension.setting, "unit": dimension.unit, "end": end, "value": float(value),
        "metric_unit": plan.metric.unit,
        **dict(zip(("difference", "low", "high"), mean_interval(moved), strict=True)),
        **dict(zip(("effect", "effect_low", "effect_high"), mean_interval(there.to_numpy(float)), strict=True)),
        "replications": len(outcomes[0]), "base_value": float(dimension.base),
        **dict(zip(("base_mean", *BASE_INTERVAL), mean_interval(outcomes[0].to_numpy(float)), strict=True)),
        "confidence": dimension.confidence,
    }  # fmt: skip


def _ends(given: Mapping[int, Any]) -> list[tuple[int, Any]]:
    """The rows with the lowest and the highest value of one setting, where there are two numbers."""
    known = sorted(((row, value) for row, value in given.items() if is_number(value)), key=lambda pair: pair[1])
    return [known[0], known[-1]] if len(known) > 1 else []
