"""The scorecard: every scenario of the plan is run, every quantity measured and held against its target range.

The rule of the verdict is one and the same for all: a pattern passes if the value, the mean over replications, lies in
the target range. The interval tells how sure that is.
"""

from math import nan

import pandas as pd

from sim.experiment.patterns.plan import Check, Plan
from sim.experiment.patterns.quantity import Run, StoredTables
from sim.experiment.results import Results, write_answer
from sim.experiment.runner import run_all, run_key
from sim.experiment.store import Store
from sim.experiment.study import Options
from sim.metrics import RunTables
from sim.scenario import Scenario

NAME = "patterns"
PASS, FAIL = "pass", "fail"
COLUMNS = ["pattern", "mark", "quantity", "value", "low", "high", "target_low", "target_high", "verdict"]
"""Columns of patterns.csv; an open end of a target range, or an interval that cannot be had, is an empty cell."""


def scorecard(plan: Plan, options: Options) -> Results:
    """Do the runs that the store lacks, and write `patterns.csv` and the fuller table `scorecard`."""
    folder = options.folder(NAME)
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    how = options.execution(folder)
    first = options.first_replication
    numbers = list(range(first, first + (options.replications or plan.replications)))
    scenarios = list(plan.scenarios.values())
    run_all(scenarios, numbers, how)
    store = Store(how.store)
    runs = {scenario.name: [_run(scenario, number, store) for number in numbers] for scenario in scenarios}
    table = pd.DataFrame([_row(check, runs) for check in plan.checks]).assign(replications=len(numbers))
    table[COLUMNS].to_csv(folder / f"{NAME}.csv", index=False)
    tables = {"scorecard": table}
    return write_answer(folder, tables, scenarios, scenarios, None, len(numbers), options.command)


def _run(scenario: Scenario, replication: int, store: Store) -> Run:
    tables = StoredTables(store, run_key(scenario, replication))
    return Run(scenario, RunTables(tables, int(scenario.warm_up_days), int(scenario.horizon_days)))


def _row(check: Check, runs: dict[str, list[Run]]) -> dict[str, object]:
    """One row of the scorecard."""
    arms = [runs[name] for name in check.scenarios]
    value, low, high = check.quantity.measure(*arms, **check.given)
    ends = [nan if end is None else end for end in (check.target.low, check.target.high)]
    return {
        "pattern": check.pattern, "mark": check.mark, "quantity": check.name, "value": value, "low": low, "high": high,
        "target_low": ends[0], "target_high": ends[1], "verdict": PASS if check.target.holds(value) else FAIL,
        "label": check.label, "unit": check.quantity.unit, "scenarios": ", ".join(check.scenarios),
        "source": check.source, "confidence": check.confidence, "note": check.note,
    }  # fmt: skip
