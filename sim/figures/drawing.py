"""Doing the same for many figures: in several processes where that is safe and pays, else one after the other."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

MOST, FEWEST = 4, 3
"""Processes at the most, and figures from which on there is more than one."""
Done = TypeVar("Done")
_given: list[Callable[[str], Any]] = []


def each(work: Callable[[str], Done], names: Sequence[str], first: Sequence[str] = ()) -> list[Done]:
    """`work` of every name, in the names' order; those that take long may be begun `first`.

    The work of a name must not depend on what was done before it: the order of the work is not fixed.
    """
    count = processes(len(names))
    if count > 1:
        try:
            return _abreast(work, names, first, count)
        except (BrokenProcessPool, OSError):  # a process was killed, or there is no room for it
            pass
    return [work(name) for name in names]


def processes(names: int) -> int:
    """How many processes to use: copies of this one, which only Linux makes safely, and only without other threads."""
    if sys.platform != "linux" or threading.active_count() > 1 or names < FEWEST:
        return 1
    return min(len(os.sched_getaffinity(0)), MOST, names)


def _abreast(work: Callable[[str], Done], names: Sequence[str], first: Sequence[str], count: int) -> list[Done]:
    fork = multiprocessing.get_context("fork")  # what is loaded need not be loaded again, nor sent
    with ProcessPoolExecutor(count, mp_context=fork, initializer=_take, initargs=(work,)) as pool:
        found = {name: pool.submit(_do, name) for name in sorted(names, key=lambda name: name not in first)}
        return [found[name].result() for name in names]


def _take(work: Callable[[str], Any]) -> None:
    _given[:] = [work]


def _do(name: str) -> Any:
    return _given[0](name)
