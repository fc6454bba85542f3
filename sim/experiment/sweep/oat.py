"""The tornado of a one-at-a-time sweep: how far the outcome moves when each setting goes to its ends, all else kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.intervals import mean_interval
from sim.experiment.one_at_a_time import with_swing
from sim.experiment.sweep.designs import OAT
from sim.experiment.sweep.dimensions import Dimension
from sim.experiment.sweep.plan import Plan
from sim.experiment.variants import is_number

ENDS = ("low", "high")


def oat_tables(plan: Plan, folder: Path) -> dict[str, pd.DataFrame]:
    """`tornado` and `tornado_skipped` of the first scenario, from the tables of the sweep; none without such a design.

    The outcome is the headline metric; where the uncertain numbers are varied, which move the baseline too, it is the
    paired difference to the baseline.
    """
    levers = plan.levers.kind == OAT
    design = plan.levers if levers else plan.uncertainties
    if design.kind != OAT or not (folder / "runs.parquet").exists():
        return {}
    outcomes = _outcomes(plan, folder, levers)
    if 0 not in outcomes:
        return {}
    rows: list[dict[str, Any]] = []
    skipped: list[tuple[str, str]] = []
    for dimension in design.dimensions:
        ends = _ends({row: design.changes(row).get(dimension.setting) for row in outcomes if row})
        if len(ends) == len(ENDS):
            rows += [_row(plan, dimension, end, outcomes, at) for end, at in zip(ENDS, ends, strict=True)]
        else:
            skipped.append((dimension.setting, "no two numbers are among its values, or their runs failed"))
    told = f"{plan.metric.name}{f' against {plan.baseline.name}' if plan.baseline and not levers else ''}"
    left = pd.DataFrame(skipped, columns=["setting", "reason"], dtype=str)
    return {"tornado": with_swing(pd.DataFrame(rows).assign(metric=told)), "tornado_skipped": left} if rows else {}


def _outcomes(plan: Plan, folder: Path, levers: bool) -> dict[int, pd.Series]:
    """The outcome by replication of each row of the design, row 0 being the scenario itself."""
    runs = pd.read_parquet(folder / "runs.parquet", columns=["point", "replication", plan.metric.name])
    values = {int(str(n)): mine.set_index("replication")[plan.metric.name] for n, mine in runs.groupby("point")}
    found: dict[int, pd.Series] = {}
    for point in plan.points():
        row, other = (point.row, point.future) if levers else (point.future, point.row)
        if point.is_baseline or other or point.source != plan.scenarios[0].name or point.index not in values:
            continue
        base = None if levers else plan.baseline_of(point)
        found[row] = values[point.index] - values[base.index] if base else values[point.index]
    return found


def _row(
    plan: Plan, dimension: Dimension, end: str, outcomes: Mapping[int, pd.Series], at: tuple[int, Any]
) -> dict[str, Any]:
    row, value = at
    moved = (outcomes[row] - outcomes[0]).to_numpy(float)
    return {
        "setting": dimension.setting, "unit": dimension.unit, "end": end, "value": float(value),
        "metric_unit": plan.metric.unit,
        **dict(zip(("difference", "low", "high"), mean_interval(moved), strict=True)),
        "replications": len(moved), "base_value": float(dimension.base), "base_mean": float(outcomes[0].mean()),
        "confidence": dimension.confidence,
    }  # fmt: skip


def _ends(given: Mapping[int, Any]) -> list[tuple[int, Any]]:
    """The rows with the lowest and the highest value of one setting, where there are two numbers."""
    known = sorted(((row, value) for row, value in given.items() if is_number(value)), key=lambda pair: pair[1])
    return [known[0], known[-1]] if len(known) > 1 else []
