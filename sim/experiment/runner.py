"""Running many runs: what is not in the store yet, on a pool of processes, in any order, with the same results."""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.provenance import code_hash
from sim.experiment.store import RunKey, Store
from sim.experiment.worker import ALWAYS, RunFailedError, Task, prepare_worker, run_task
from sim.scenario.schema import Scenario

EXECUTORS = ("process", "serial")
WAIT_S = 0.2
PRELOADED = ["sim.experiment.worker", "pandas", "pyarrow.compute"]
"""Imported once, before workers are forked. PyArrow imports pandas at its first table, in each worker else."""

Progress = Callable[[int, int, float], None]


class InterruptedRunError(Exception):
    """Ctrl-C: finished runs are kept."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(
            f"interrupted: {done} of {total} runs are finished and kept; the same command goes on from there"
        )


@dataclass(frozen=True, slots=True)
class Execution:
    """How runs are executed; none of it changes a result."""

    store: Path
    workers: int
    executor: str = "process"
    journeys: bool = False
    progress: Progress | None = None


def run_key(scenario: Scenario, replication: int) -> RunKey:
    """The key of one replication of a scenario with the code at hand."""
    return RunKey(scenario.scenario_hash, code_hash(), replication)


def run_all(scenarios: Sequence[Scenario], replications: Iterable[int], how: Execution) -> None:
    """Do every run that the store lacks: all scenarios' first replication, then the second, and so on.

    Raises:
        InterruptedRunError: Ctrl-C.
        RunFailedError: runs failed; the others are finished and kept.
    """
    store, tasks = Store(how.store), []
    needed = set(ALWAYS) | ({"journeys"} if how.journeys else set())
    numbers = list(replications)
    keys = {scenario.scenario_hash: scenario for scenario in scenarios}
    for replication in numbers:
        for scenario in keys.values():
            key = run_key(scenario, replication)
            if not store.has(key, needed):
                tasks.append(Task(scenario, replication, key, how.store, how.journeys))
    total = len(numbers) * len(keys)
    if how.executor == "serial" or how.workers <= 1:
        _run_here(tasks, total, how.progress)
    elif tasks:
        with _pool(min(how.workers, len(tasks))) as pool:
            _run_on(pool, tasks, total, how.progress)


def _pool(workers: int) -> Executor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return ProcessPoolExecutor(workers, mp_context=context, initializer=prepare_worker)


def _run_here(tasks: list[Task], total: int, progress: Progress | None) -> None:
    began, done, failed = time.monotonic(), total - len(tasks), []
    try:
        for task in tasks:
            try:
                run_task(task)
            except RunFailedError as error:
                failed.append(str(error))
            done += 1
            if progress:
                progress(done, total, time_left(began, done - total + len(tasks), total - done))
    except KeyboardInterrupt:
        raise InterruptedRunError(done, total) from None
    _report(failed)


def _run_on(pool: Executor, tasks: list[Task], total: int, progress: Progress | None) -> None:
    began, already = time.monotonic(), total - len(tasks)
    pending: set[Future[RunKey]] = {pool.submit(run_task, task) for task in tasks}
    failed: list[str] = []
    finished = 0
    try:
        while pending:
            done, pending = wait(pending, WAIT_S, return_when="FIRST_COMPLETED")
            for future in done:
                finished += 1
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    raise RunFailedError("a worker was killed (out of memory?); finished runs are kept")
                if error is not None:
                    failed.append(str(error))
                if progress:
                    progress(already + finished, total, time_left(began, finished, len(pending)))
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        _stop(pool)
        raise InterruptedRunError(already + finished, total) from None
    _report(failed)


def _stop(pool: Executor) -> None:
    """End the workers' runs in flight."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()


def time_left(began: float, finished: int, left: int) -> float:
    """Seconds left at the pace so far."""
    return (time.monotonic() - began) / max(finished, 1) * left


def _report(failed: list[str]) -> None:
    if failed:
        raise RunFailedError("\n".join(sorted(failed)))
