"""One run in a worker process: simulate, make the tables, measure, keep. Nothing here imports a plotting library."""

import gc
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.experiment.pairs import PAIRED_TABLES, pair_of, paired, stored_run
from sim.experiment.provenance import PACKAGE, code_hash
from sim.experiment.store import DamagedRunError, RunKey, Store, StoreError
from sim.metrics import RunTables, outcome_metrics
from sim.processes.world import run_tables, simulate
from sim.records.people_tables import journeys_table
from sim.records.tidy import Columns
from sim.scenario.schema import Scenario

ALWAYS = frozenset(
    {
        "daily", "sectors", "gangs", "groups", "pipeline", "flows", "cases", "people", "ledger", "flights", "costs",
        "attempts", "hazard", "boats", "camps",
    }
)  # fmt: skip

LOADED = code_hash()
"""The model's code as this process loaded it: workers that are forked later know it too, whatever is edited since."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run to do: picklable, self-contained.

    `tables` are those without which a run in the store does not count; `baseline` is the hash of the scenario with
    which it is paired if that one is finished; `repeat` is the command that does this run alone.
    """

    scenario: Scenario
    replication: int
    key: RunKey
    store: Path
    journeys: bool = False
    tables: frozenset[str] = ALWAYS
    baseline: str | None = None
    repeat: str = ""

    @property
    def name(self) -> str:
        """Which run it is, for messages."""
        return f"replication {self.replication} of scenario {self.scenario.name} (seed {self.scenario.seed})"

    @property
    def identity(self) -> Hashable:
        """What makes it another run than any other."""
        return self.key


@dataclass(frozen=True, slots=True)
class PairTask:
    """The paired metrics of two finished runs; `window` is the measured days [first, last)."""

    name: str
    key: RunKey
    store: Path
    baseline: str
    window: tuple[int, int]
    repeat: str = ""

    @property
    def identity(self) -> Hashable:
        """What makes it another pair than any other."""
        return self.key, self.baseline


class RunFailedError(Exception):
    """A run stopped with an error; the message names scenario, replication, seed and how to repeat it."""


class StoppedError(Exception):
    """Something is wrong that would befall every run, so nothing more is tried; finished runs are kept."""


class OtherCodeError(StoppedError):
    """A worker has another version of the model's code: it would compute other results under the same key."""


def prepare_worker() -> None:
    """Let the parent handle Ctrl-C, end with it, and keep the collector from walking a world that stays alive."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    calm_collector()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def calm_collector() -> None:
    """Raise the collector's thresholds: a run allocates much and leaves few cycles (measured: a tenth of the time)."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


_calm_once = cache(calm_collector)


def on_cluster(work: Callable[..., Any], *given: Any) -> Any:
    """Work in a worker that this project did not start."""
    _calm_once()
    return work(*given)


def run_task(task: Task) -> bool:
    """Do one run, keep it in the store, and its pair if the baseline's run is there.

    Returns:
        Whether the run was computed; another sweep may have finished it in the meantime.

    Raises:
        RunFailedError: the run failed.
        OtherCodeError: this worker's code is not that of the key.
        StoreError: the disk does not take it.
    """
    if task.key.code_hash != LOADED:
        raise OtherCodeError(
            f"a worker on {os.uname().nodename} has another version of the model's code ({LOADED} in {PACKAGE}; "
            f"{task.key.code_hash} is asked for): install the same on all machines and restart the workers, or start "
            "again if the code was changed a moment ago; finished runs are kept"
        )
    store = Store(task.store)
    if store.has(task.key, task.tables):
        return False
    try:
        tables, facts = _simulated(task)
        store.save(task.key, tables, facts)
        if task.baseline:
            _keep_pair(task, tables, store)
    except StoreError:
        raise
    except Exception as error:
        raise RunFailedError(failure(task.name, told(error), task.repeat)) from error
    return True


def _simulated(task: Task) -> tuple[dict[str, Columns], dict[str, Any]]:
    """All tables of a run, and its metrics and other facts."""
    began = time.perf_counter()
    world = simulate(task.scenario, task.replication)
    tables = run_tables(world)
    facts: dict[str, Any] = {
        "metrics": measure(RunTables(tables, *window(task.scenario))),
        "seed": task.scenario.seed,
        "events": len(world.recorder.code),
    }
    if task.journeys:
        from sim.processes.world import records_of

        tables["journeys"] = journeys_table(records_of(world))
    return tables, facts | {"wall_s": round(time.perf_counter() - began, 3)}


def window(scenario: Scenario) -> tuple[int, int]:
    """The measured days, [first, last)."""
    return int(scenario.warm_up_days), int(scenario.horizon_days)


def measure(run: RunTables) -> dict[str, float]:
    """Every metric of one run."""
    return {metric.name: metric.function(run) for metric in outcome_metrics()}


def _keep_pair(task: Task, tables: dict[str, Columns], store: Store) -> None:
    """Pair the run with its baseline's, if that one is there and sound; else it is done when all runs are finished."""
    base = RunKey(task.baseline or "", task.key.code_hash, task.replication)
    if store.has_pair(task.key, base.scenario_hash) or not store.has(base, PAIRED_TABLES):
        return
    days = window(task.scenario)
    try:
        baseline = stored_run(store, base, days)
    except DamagedRunError:
        return
    store.save_pair(task.key, base.scenario_hash, paired(RunTables(tables, *days), baseline))


def pair_task(task: PairTask) -> bool:
    """Compute the paired metrics of two finished runs and keep them; returns whether that was still to do.

    Raises:
        RunFailedError: they cannot be computed.
        StoreError: the disk does not take them.
    """
    store = Store(task.store)
    if store.has_pair(task.key, task.baseline):
        return False
    try:
        store.save_pair(task.key, task.baseline, pair_of(store, task.key, task.baseline, task.window))
    except StoreError:
        raise
    except Exception as error:
        raise RunFailedError(failure(f"pairing {task.name} with its baseline", told(error), task.repeat)) from error
    return True


def failure(name: str, reason: str, repeat: str) -> str:
    """What failed, why, and how to see it again."""
    return f"{name} failed: {reason}." + (f" Repeat it with: {repeat}" if repeat else "")


def told(error: BaseException) -> str:
    """An error with its type and the place in the code where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" (in {frames[-1].name}, {Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
