"""Handing work to an executor: only as fast as it is done, through failures, killed workers and Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from sim.experiment.executors import Workers, gone, opened
from sim.experiment.store import StoreError
from sim.experiment.worker import RunFailedError, StoppedError, failure, told

if TYPE_CHECKING:
    from sim.experiment.runner import Execution

WAIT_S = 0.2
RENEW_S = 0.1
"""Progress is told at most this often."""
SEEN_WITHIN_S = 10.0
"""A network file system may show a new folder some seconds late."""
SHOWN = 10
KILLED = "its worker was killed, perhaps out of memory"
HOPELESS = 3


class InterruptedRunError(Exception):
    """Ctrl-C: finished runs are kept."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__(
            f"interrupted: {done} of {total} runs are finished and kept; the same command goes on from there"
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many runs were computed, and how many were in the store."""

    computed: int
    reused: int


class SomeFailedError(RunFailedError):
    """Runs failed; `tally` counts the others, which are finished and kept."""

    def __init__(self, failures: list[str], tally: Tally) -> None:
        super().__init__("\n".join(failures))
        self.tally = tally


class Named(Protocol):
    """What can be handed out: it differs from others, has a name for messages and a command that repeats it."""

    @property
    def identity(self) -> Hashable:
        """What no other task shares."""

    @property
    def name(self) -> str:
        """What it does, for messages."""

    @property
    def repeat(self) -> str:
        """The command that does it alone."""


T = TypeVar("T", bound=Named)


@dataclass(slots=True)
class Job(Generic[T]):
    """A task, and how often a pool broke while it was in flight."""

    task: T
    breaks: int = 0


class Dispatch(Generic[T]):
    """Tasks on their way through an executor. It holds those in flight, counts, and messages of failures; no more."""

    def __init__(self, work: Callable[[T], bool], total: int, how: Execution) -> None:
        self._work, self._total, self._how = work, total, how
        self._computed = self._reused = self._killed = 0
        self._failed: dict[Hashable, str] = {}
        self._flying: dict[Future[bool], Job[T]] = {}
        self._again: deque[Job[T]] = deque()
        self._suspects: deque[Job[T]] = deque()
        self._began: float | None = None
        self._told = -RENEW_S

    def knows(self, identity: Hashable) -> bool:
        """Whether this task is in flight or has failed: it is not to be done twice."""
        return identity in self._failed or any(job.task.identity == identity for job in self._jobs())

    def _jobs(self) -> Iterator[Job[T]]:
        yield from self._flying.values()
        yield from self._again
        yield from self._suspects

    def do(self, tasks: Iterator[T | None], is_there: Callable[[T], bool]) -> Tally:
        """Do all tasks; None stands for one that is done already. `is_there` tells whether a result has arrived.

        Raises:
            InterruptedRunError, RunFailedError, StoppedError, StoreError: as `run_wanted`.
        """
        try:
            with _told_to_end():
                while (job := self._next(tasks)) is not None:  # no workers are started for nothing
                    (self._suspects if job.breaks > 1 else self._again).appendleft(job)
                    with opened(self._how) as workers:
                        self._use(workers, tasks, is_there)
        except KeyboardInterrupt:
            raise InterruptedRunError(self._computed + self._reused, self._total) from None
        tally = Tally(self._computed, self._reused)
        if self._failed:
            raise SomeFailedError(self._failures(), tally)
        return tally

    def _use(self, workers: Workers, tasks: Iterator[T | None], is_there: Callable[[T], bool]) -> None:
        """Go on until nothing is left, or the pool is broken."""
        broken = False
        while True:
            while not broken and len(self._flying) < self._room(workers) and (job := self._next(tasks)) is not None:
                broken = not self._submit(workers, job)
            if not self._flying:
                return
            done, _ = wait(self._flying, WAIT_S, return_when="FIRST_COMPLETED")
            for future in done:
                job = self._flying.pop(future)
                broken = self._take(job, future, is_there) or broken

    def _room(self, workers: Workers) -> int:
        """How many may be in flight; runs that were there when a pool broke twice are done alone."""
        alone = self._suspects or any(job.breaks > 1 for job in self._flying.values())
        return 1 if alone else workers.room()

    def _next(self, tasks: Iterator[T | None]) -> Job[T] | None:
        """The next task to do; those that are done already are counted on the way."""
        for waiting in (self._suspects, self._again):
            if waiting:
                return waiting.popleft()
        for task in tasks:
            if task is not None:
                return Job(task)
            self._reused += 1
            self._tell()
        return None

    def _submit(self, workers: Workers, job: Job[T]) -> bool:
        """Whether the executor took it; a pool may have broken a moment ago."""
        if self._began is None:
            self._began = time.monotonic()
        try:
            self._flying[workers.submit(self._work, job.task)] = job
        except BrokenProcessPool:
            (self._suspects if job.breaks > 1 else self._again).appendleft(job)
            return False
        return True

    def _take(self, job: Job[T], future: Future[bool], is_there: Callable[[T], bool]) -> bool:
        """Note what became of a task; returns whether the pool is broken."""
        if future.cancelled():
            raise StoppedError(gone(self._how.scheduler))
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            self._put_back(job)
            return True
        if isinstance(error, StoreError | StoppedError):
            raise error
        if isinstance(error, RunFailedError):
            self._failed[job.task.identity] = str(error)
        elif error is not None:
            reason = KILLED if type(error).__name__ == "KilledWorker" else told(error)
            self._failed[job.task.identity] = failure(job.task.name, reason, job.task.repeat)
        else:
            # done, but its pool broke before it could say so: that was computed here too
            self._count(job.task, future.result() or job.breaks > 0, is_there)
        self._tell()
        return False

    def _count(self, task: T, computed: bool, is_there: Callable[[T], bool]) -> None:
        if self._how.executor == "dask":
            self._await_seeing(task, is_there)
        self._computed += computed
        self._reused += not computed

    def _await_seeing(self, task: T, is_there: Callable[[T], bool]) -> None:
        """Other machines may write elsewhere, under the same path.

        Raises:
            StoreError: they do.
        """
        patience = time.monotonic() + SEEN_WITHIN_S
        while not is_there(task):
            if time.monotonic() > patience:
                raise StoreError(
                    f"{task.name} was finished, but is not in {self._how.store.resolve()} as seen from here; "
                    "all machines must see the results under the same path (--out, on a shared disk)"
                )
            time.sleep(WAIT_S)

    def _put_back(self, job: Job[T]) -> None:
        """A pool broke: its tasks are done again, after a second break each alone, so that the culprit shows itself."""
        if job.breaks <= 1:
            job.breaks += 1
            (self._suspects if job.breaks > 1 else self._again).append(job)
            return
        self._failed[job.task.identity] = failure(job.task.name, KILLED, job.task.repeat)
        self._killed += 1
        self._tell()
        if self._killed >= HOPELESS and not self._computed:
            text = "no worker lives long enough to finish anything; nothing more is tried"
            raise StoppedError("\n".join([*self._failures(), text]))

    def _tell(self) -> None:
        """Progress, with the seconds left at the pace of what was computed."""
        done, now = self._computed + self._reused + len(self._failed), time.monotonic()
        if not self._how.progress or (done < self._total and now - self._told < RENEW_S):
            return
        self._told = now
        pace = (now - self._began) / self._computed if self._began is not None and self._computed else float("nan")
        self._how.progress(done, self._total, pace * (self._total - done) if done < self._total else 0.0)

    def _failures(self) -> list[str]:
        """What failed, the first of them in full."""
        texts = sorted(self._failed.values())
        more = len(texts) - SHOWN
        return texts if more <= 0 else [*texts[:SHOWN], f"and {more} more failed"]


@contextmanager
def _told_to_end() -> Iterator[None]:
    """Let a request to end (SIGTERM) act like Ctrl-C; while things are being put away neither does anything."""
    if threading.current_thread() is not threading.main_thread():  # signals reach the main thread only
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    signal.signal(signal.SIGTERM, _interrupt)
    if before[signal.SIGINT] is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: Any) -> None:
    """Interrupt once: whoever presses Ctrl-C twice does not disturb the ending."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
