"""Running many runs: what is not in the store yet, by any executor, in any order, with the same results."""

import json
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.experiment.dispatch import Dispatch, InterruptedRunError, Tally
from sim.experiment.executors import EXECUTORS
from sim.experiment.pairs import PAIRED_TABLES
from sim.experiment.provenance import code_hash
from sim.experiment.store import RunKey, Store
from sim.experiment.store_upkeep import other_versions, sweep_parts
from sim.experiment.worker import ALWAYS, PairTask, RunFailedError, Task, pair_task, run_task, window
from sim.scenario.errors import short_path
from sim.scenario.overrides import plain
from sim.scenario.schema import Scenario

__all__ = [
    "ALWAYS", "EXECUTORS", "Execution", "InterruptedRunError", "Progress", "RunFailedError", "Tally", "Wanted",
    "pair_wanted", "repeat_command", "run_all", "run_key", "run_wanted",
]  # fmt: skip

Progress = Callable[[int, int, float], None]
"""Told how many are finished, of how many, and how many seconds are left (nan while nothing has been computed)."""


@dataclass(frozen=True, slots=True)
class Execution:
    """How runs are executed; none of it changes a result. `warn` is told of damage, in sentences."""

    store: Path
    workers: int
    executor: str = "process"
    journeys: bool = False
    progress: Progress | None = None
    scheduler: str | None = None
    warn: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run that is wanted. With `baseline`, a scenario's hash, its paired metrics are wanted too."""

    scenario: Scenario
    replication: int
    baseline: str | None = None


def run_key(scenario: Scenario, replication: int) -> RunKey:
    """The key of one replication of a scenario with the code at hand."""
    return RunKey(scenario.scenario_hash, code_hash(), replication)


def run_all(scenarios: Sequence[Scenario], replications: Iterable[int], how: Execution) -> None:
    """Do every run that the store lacks: all scenarios' first replication, then the second, and so on.

    Raises:
        InterruptedRunError: Ctrl-C.
        RunFailedError: runs failed; the others are finished and kept.
        StoppedError, StoreError: as `run_wanted`.
    """
    distinct = {scenario.scenario_hash: scenario for scenario in scenarios}.values()
    numbers = list(replications)
    wanted = (Wanted(scenario, number) for number in numbers for scenario in distinct)
    run_wanted(wanted, len(numbers) * len(distinct), how)


def run_wanted(wanted: Iterable[Wanted], total: int, how: Execution, tables: Collection[str] = ALWAYS) -> Tally:
    """Do every run of `total` that the store lacks, or has without these tables.

    Runs are pulled from the iterable only as workers become free. Which worker does what, and in which order, decides
    nothing about the results. A run that fails does not keep the others from being done.

    Raises:
        InterruptedRunError: Ctrl-C, or the process was told to end; finished runs are kept.
        RunFailedError: runs failed; the others are finished and kept. Its `tally` counts them.
        StoppedError, StoreError: nothing can be done or kept: the scheduler is gone, a worker has other code, the disk
            is full. Nothing more is tried.
    """
    store = Store(how.store.resolve(), how.warn)
    sweep_parts(store)
    needed = frozenset(tables) | ({"journeys"} if how.journeys else set())
    dispatch = Dispatch(run_task, total, how)
    tasks = (_lacking(each, needed, store, how, dispatch) for each in wanted)
    return dispatch.do(_telling_of_other_code(tasks, store, how), lambda task: store.has(task.key, task.tables))


def _telling_of_other_code(tasks: Iterator[Task | None], store: Store, how: Execution) -> Iterator[Task | None]:
    """The tasks; where one is to be done, whoever changed the model's code hears why what is there does not count."""
    told = False
    for task in tasks:
        if task is not None and not told:
            told = True
            others = other_versions(store, task.key.code_hash)
            if others and how.warn:
                how.warn(
                    f"{store.root} holds runs of {others} other version{'s' * (others > 1)} of the model's code, which "
                    "do not count here; `sim store list` shows them, `sim store prune --other-code` removes them"
                )
        yield task


def _lacking(
    wanted: Wanted, needed: frozenset[str], store: Store, how: Execution, dispatch: Dispatch[Task]
) -> Task | None:
    """The run to do; None if it is finished, or will be: another point of a design may be the same to the model."""
    key = run_key(wanted.scenario, wanted.replication)
    if wanted.baseline and not needed.issuperset(PAIRED_TABLES) and not store.has_pair(key, wanted.baseline):
        needed = needed.union(PAIRED_TABLES)
    return None if dispatch.knows(key) or store.sound(key, needed) else _task(wanted, key, needed, store, how)


def _task(wanted: Wanted, key: RunKey, needed: frozenset[str], store: Store, how: Execution) -> Task:
    """What a worker needs to know, and no more: the catalogue of settings is four fifths of a scenario's size."""
    store.note(wanted.scenario)
    return Task(
        replace(wanted.scenario, catalogue={}, overrides=()), wanted.replication, key, store.root, how.journeys, needed,
        wanted.baseline,
        repeat_command(wanted.scenario, wanted.replication),
    )  # fmt: skip


def repeat_command(scenario: Scenario, replication: int) -> str:
    """The command that does one run alone, with every override under which the scenario was loaded."""
    given = scenario.overrides
    if isinstance(given, Mapping):
        changes = [f"{name}={_as_yaml(plain(value))}" for name, value in given.items()]
    else:
        changes = [given] if isinstance(given, str) else list(given)
    return shlex.join(
        [
            "python", "-m", "sim", "run", short_path(scenario.source_file),
            *(part for change in changes for part in ("--set", change)),
            "--seed", str(scenario.seed), "--baseline", "none", "--first-replication", str(replication),
            "--replications", "1", "--executor", "serial",
        ]
    )  # fmt: skip


def _as_yaml(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def pair_wanted(wanted: Iterable[Wanted], total: int, how: Execution) -> int:
    """Compute the paired metrics that the store lacks, of runs that are finished; returns how many those were.

    Errors as `run_wanted`.
    """
    store = Store(how.store.resolve(), how.warn)
    dispatch = Dispatch(pair_task, total, how)

    def lacking() -> Iterator[PairTask | None]:
        for each in wanted:
            task = _pair(each, store)
            there = task is None or dispatch.knows(task.identity) or store.has_pair(task.key, task.baseline)
            yield None if there else task

    return dispatch.do(lacking(), lambda task: store.has_pair(task.key, task.baseline)).computed


def _pair(wanted: Wanted, store: Store) -> PairTask | None:
    if wanted.baseline is None:
        return None
    key = run_key(wanted.scenario, wanted.replication)
    name = f"replication {wanted.replication} of scenario {wanted.scenario.name}"
    return PairTask(name, key, store.root, wanted.baseline, window(wanted.scenario))
