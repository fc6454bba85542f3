"""What a sweep would take, before it is started: runs, time and disk."""

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.experiment.provenance import code_hash
from sim.experiment.runner import Execution, run_all, run_key
from sim.experiment.store import RunKey, Store
from sim.experiment.study import Options
from sim.experiment.sweep.execute import MEASURED, resolved
from sim.experiment.sweep.plan import Plan
from sim.scenario import Scenario

ENOUGH = 20  # finished runs are looked at to tell what one takes


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sweep would take. Times in seconds, disk in bytes; `measured` says what they rest on.

    With a precision, replications are at least `replications` and at most `most`, and so the rest.
    """

    points: int
    replications: int
    most: int
    runs: int
    stored: int
    seconds_a_run: float
    bytes_a_run: float
    workers: int
    free: int
    measured: str

    @property
    def left(self) -> int:
        """Runs to do."""
        return self.runs - self.stored

    @property
    def seconds(self) -> float:
        """Time that they take on all workers."""
        return self.left * self.seconds_a_run / self.workers

    @property
    def bytes(self) -> float:
        """Disk that they take."""
        return self.left * self.bytes_a_run

    @property
    def fits(self) -> bool:
        """Whether the disk has room for them."""
        return self.bytes < self.free


def estimate(plan: Plan, options: Options) -> Estimate:
    """Count the runs of a sweep and those that the store has; time and disk from finished runs, else from a trial.

    A trial is one run each of the first, the middle and the last point, in a folder that is thrown away.
    """
    folder = options.folder(plan.name)
    how = options.execution(folder)
    precision = None if options.replications else options.precision or plan.precision
    count = precision.fewest if precision else options.replications or plan.replications or 1
    numbers = range(options.first_replication, options.first_replication + count)
    hashes = dict.fromkeys(resolved(plan))
    keys = [RunKey(mine, code_hash(), n) for mine in hashes for n in numbers]
    store = Store(how.store)
    stored = [key for key in keys if store.has(key, MEASURED)]
    if stored:
        seconds, size = _known(store, stored)
        measured = f"{min(len(stored), ENOUGH)} finished runs of this sweep"
    else:
        trial = _trial(plan)
        if options.warn:
            options.warn(f"nothing of this sweep is finished: trying {len(trial)} of its runs to see what they take")
        seconds, size = _measured(trial)
        measured = f"{len(trial)} trial runs"
    return Estimate(
        len(plan), count, precision.most if precision else count, len(keys), len(stored), seconds, size,
        1 if how.executor == "serial" else how.workers, shutil.disk_usage(_existing(how.store)).free, measured,
    )  # fmt: skip


def _known(store: Store, stored: Sequence[RunKey]) -> tuple[float, float]:
    """Mean time and size of some of the finished runs, spread over the sweep."""
    some = stored[:: max(len(stored) // ENOUGH, 1)]
    times = [float(store.facts(key)["wall_s"]) for key in some]
    return sum(times) / len(some), sum(_size(key.folder(store.root)) for key in some) / len(some)


def _trial(plan: Plan) -> list[Scenario]:
    indices = dict.fromkeys([0, len(plan) // 2, len(plan) - 1])
    scenarios = [plan.scenario(plan.point(index)) for index in indices]
    return list({scenario.scenario_hash: scenario for scenario in scenarios}.values())


def _measured(scenarios: Sequence[Scenario]) -> tuple[float, float]:
    """Mean time and size of one run of each scenario."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        began = time.perf_counter()
        run_all(scenarios, [0], Execution(store.root, 1, "serial"))
        seconds = time.perf_counter() - began
        sizes = [_size(run_key(scenario, 0).folder(store.root)) for scenario in scenarios]
    return seconds / len(scenarios), sum(sizes) / len(scenarios)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _existing(path: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in _upwards(path.resolve()) if each.exists())


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents
