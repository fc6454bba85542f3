"""One run in a worker process: simulate, make the tables, measure, keep. Nothing here imports a plotting library."""

import gc
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.experiment.store import RunKey, Store
from sim.metrics import RunTables, outcome_metrics
from sim.processes.world import run_tables, simulate
from sim.records.people_tables import journeys_table
from sim.scenario.schema import Scenario

ALWAYS = frozenset(
    {
        "daily", "sectors", "gangs", "groups", "pipeline", "flows", "cases", "people", "ledger", "flights", "costs",
        "attempts", "hazard",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """One run to do: picklable, self-contained."""

    scenario: Scenario
    replication: int
    key: RunKey
    store: Path
    journeys: bool = False


class RunFailedError(Exception):
    """A run stopped with an error; the message names scenario, replication, seed and how to repeat it."""


def prepare_worker() -> None:
    """Let the parent handle Ctrl-C, and keep the collector from walking a world that stays alive."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    calm_collector()


def calm_collector() -> None:
    """Raise the collector's thresholds: a run allocates much and leaves few cycles (measured: a tenth of the time)."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def run_task(task: Task) -> RunKey:
    """Do one run and keep it in the store; returns its key."""
    began = time.perf_counter()
    scenario = task.scenario
    try:
        world = simulate(scenario, task.replication)
    except Exception as error:
        raise RunFailedError(
            f"replication {task.replication} of scenario {scenario.name} (seed {scenario.seed}) failed: "
            f"{type(error).__name__}: {error}. Repeat it with: python -m sim run {scenario.source_file} "
            f"--baseline none --seed {scenario.seed} --first-replication {task.replication} --replications 1 "
            "--executor serial"
        ) from error
    tables = run_tables(world)
    facts: dict[str, Any] = {
        "metrics": measure(RunTables(tables, int(scenario.warm_up_days), int(scenario.horizon_days))),
        "seed": scenario.seed,
        "events": len(world.recorder.code),
    }
    if task.journeys:
        from sim.processes.world import records_of

        tables["journeys"] = journeys_table(records_of(world))
    facts["wall_s"] = round(time.perf_counter() - began, 3)
    Store(task.store).save(task.key, tables, facts)
    return task.key


def measure(run: RunTables) -> dict[str, float]:
    """Every metric of one run."""
    return {metric.name: metric.function(run) for metric in outcome_metrics()}
