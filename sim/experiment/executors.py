"""Executors behind one interface: here and now, a pool of processes, or many machines with Dask."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import socket
from abc import abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, resource_tracker
from typing import TYPE_CHECKING, Any

from sim.experiment.worker import StoppedError, on_cluster, prepare_worker
from sim.scenario.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.experiment.runner import Execution

EXECUTORS = ("process", "serial", "dask")
PRELOADED = ["sim.experiment.worker", "pandas", "pyarrow.compute"]
"""Imported once, before workers are forked. PyArrow imports pandas at its first table, in each worker else."""
CONNECT_S = 5
AHEAD, SPARE = 2, 2
"""Runs handed out for each worker, and besides: none ever waits for the parent, which holds only these."""
HOW_TO_START = (
    "start `dask scheduler`, on each machine `dask worker tcp://HOST:8786 --nthreads 1`, and give "
    "--scheduler tcp://HOST:8786"
)


class Workers(Executor):
    """An executor that tells how much work it can hold, and that can be stopped at once."""

    @abstractmethod
    def room(self) -> int:
        """How many runs may be in flight."""

    @abstractmethod
    def stop(self) -> None:
        """End what is in flight, if that can be, and do no more."""


class Serial(Workers):
    """Runs each at once, here: for debugging, and where one worker is enough."""

    def room(self) -> int:
        """One: it is finished when it is handed over."""
        return 1

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Do the work; Ctrl-C goes through."""
        future: Future[Any] = Future()
        try:
            future.set_result(work(*given, **named))
        except Exception as error:
            future.set_exception(error)
        return future

    def stop(self) -> None:
        """Nothing is ever in flight."""


class Processes(ProcessPoolExecutor, Workers):
    """A pool of processes on this machine, which end when this one does, however it ends."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        _start_forkserver()
        super().__init__(workers, mp_context=context, initializer=prepare_worker)
        self._room = AHEAD * workers + SPARE

    def room(self) -> int:
        """Some more than there are workers."""
        return self._room

    def stop(self) -> None:
        """Kill the workers."""
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()


def _start_forkserver() -> None:
    """Start the process from which workers are forked so that Ctrl-C, which a terminal sends to all, ends none of them.

    A blocked signal stays blocked in the processes that are started; the resource tracker unblocks it, so comes first.
    """
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Cluster(Workers):
    """Dask workers on any machines that see the same store and have the same code."""

    def __init__(self, address: str) -> None:
        try:
            import dask
            import distributed
        except ImportError:
            text = 'needs the package distributed: pip install "sim[dask]"'
            raise ScenarioError([Problem("--executor", text, "dask")]) from None
        self._address = address
        connect: Any = distributed.Client
        _silence("distributed")
        try:
            _knock(address)
            with dask.config.set({"distributed.comm.timeouts.connect": CONNECT_S}):
                self._client: Any = connect(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            text = f"no Dask scheduler answers there ({reason}); {HOW_TO_START}"
            raise ScenarioError([Problem("--scheduler", text, address)]) from None
        self._executor = self._client.get_executor(pure=False)

    def threads(self) -> int:
        """How many runs the workers do at once, all together.

        Raises:
            StoppedError: the scheduler is gone.
        """
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise StoppedError(gone(self._address)) from None

    def room(self) -> int:
        """Some more than the workers that are there now, for they come and go."""
        return AHEAD * self.threads() + SPARE

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Hand work to whichever worker is free."""
        future: Future[Any] = self._executor.submit(on_cluster, work, *given, **named)
        return future

    def stop(self) -> None:
        """Take back what has not begun; runs that have are finished by the workers and kept."""
        with suppress(Exception):  # the scheduler may be gone
            self._executor.shutdown(wait=False)
        self.shutdown()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler."""
        with suppress(Exception):
            self._client.close(timeout=CONNECT_S)


def gone(scheduler: str | None) -> str:
    """What there is to say when the scheduler ends before the runs do."""
    return f"the scheduler at {scheduler} is gone; finished runs are kept, and the same command goes on from there"


def _silence(package: str) -> None:
    """Stop a package from logging problems that arrive as exceptions too."""
    for name in [package, *logging.root.manager.loggerDict]:
        if name == package or name.startswith(f"{package}."):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _knock(address: str) -> None:
    """Whether anyone answers there; Dask itself takes long to give up, and says more than one wants to read.

    Raises:
        OSError: nobody does.
        ValueError: it is no address.
    """
    from distributed.comm.addressing import get_address_host_port

    find: Any = get_address_host_port
    with socket.create_connection(find(address), CONNECT_S) as line:
        if address.startswith("tcp://") or "://" not in address:  # only without encryption the scheduler speaks first
            line.recv(1)


@contextmanager
def opened(how: Execution) -> Iterator[Workers]:
    """Workers as asked for; they are stopped if anything goes wrong while they are used.

    Raises:
        ScenarioError: there is no such executor, or no scheduler.
    """
    workers = _open(how)
    try:
        yield workers
    except BaseException:
        workers.stop()
        raise
    workers.shutdown()


def _open(how: Execution) -> Workers:
    check_executor(how.executor, how.scheduler)
    if how.executor == "dask":
        cluster = Cluster(how.scheduler or "")
        if how.warn and not cluster.threads():
            how.warn(f"the scheduler at {how.scheduler} has no workers yet; waiting for some")
        return cluster
    return Serial() if how.executor == "serial" or how.workers <= 1 else Processes(how.workers)


def check_executor(executor: str, scheduler: str | None) -> None:
    """Whether there is such an executor, and a scheduler where one is needed.

    Raises:
        ScenarioError: there is not.
    """
    if executor not in EXECUTORS:
        raise ScenarioError([Problem("--executor", "is unknown", repr(executor), ", ".join(EXECUTORS))])
    if executor == "dask" and not scheduler:
        raise ScenarioError([Problem("--scheduler", f"is missing; --executor dask needs one: {HOW_TO_START}")])
    if scheduler and executor != "dask":
        raise ScenarioError([Problem("--scheduler", "goes with --executor dask only", f"--executor {executor}")])
