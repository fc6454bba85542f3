"""Efficiency of replications on two worker processes against one: T1 / (2 T2).

The work is a set of replications of a short real scenario, as `sim run` does it: forked from the same server, with the
same preparation, and every run's tables saved as Parquet in a fresh store. T1 is measured in a pool of one worker, so
that both sides have the same kind of process; `sim run --workers 1`, which uses no pool, is measured besides.

What the machine allows is measured in the same pools: a loop in Python, and one in NumPy that is bound by memory.
"""

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.machine import busy_seconds

RUNS, ROUNDS = 16, 4
SCENARIO = "base.yaml"
DATES = {"start": "2024-01-01", "measure_from": "2024-01-01", "until": "2024-07-01"}
WORKERS = (1, 2)
OTHERS_AT_MOST = 0.02  # share of the machine that other processes take in an undisturbed round
NAP_S = 0.3  # longer than the second worker needs to be there after the first
TARGET = 0.95


def python_loop(steps: int) -> int:
    """Work bound by the interpreter alone."""
    total = 0
    for step in range(steps):
        total += step & 7
    return total


def memory_loop(passes: int) -> float:
    """Work bound by memory: NumPy over an array far larger than the caches."""
    import numpy as np

    values = np.ones(8_000_000)
    for _ in range(passes):
        values += 1.0
    return float(values[0])


def tasks(store: Path) -> list[Callable[[], Any]]:
    """The replications, none of which the store has."""
    from sim.experiment.runner import run_key
    from sim.experiment.worker import Task, run_task
    from sim.scenario import load_scenario

    scenario = load_scenario(SCENARIO, DATES)
    return [partial(run_task, Task(scenario, number, run_key(scenario, number), store)) for number in range(RUNS)]


def timed(work: Callable[[], Any]) -> float:
    """CPU seconds of one piece of work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def in_pool(workers: int, work: list[Callable[[], Any]]) -> dict[str, float]:
    """Wall seconds of starting a pool of the project, of the work in it, and of ending it; CPU seconds of others."""
    from sim.experiment.executors import Processes

    began = time.perf_counter()
    with Processes(workers) as pool:
        for ready in [pool.submit(time.sleep, NAP_S) for _ in range(workers)]:
            ready.result()
        started, busy = time.perf_counter(), busy_seconds() or 0.0
        own = sum(future.result() for future in [pool.submit(timed, one) for one in work])
        worked, others = time.perf_counter(), (busy_seconds() or 0.0) - busy - own
    end = time.perf_counter() - worked
    return {"start": started - began - NAP_S, "work": worked - started, "end": end, "others": others}


def as_commanded(workers: int, folder: Path) -> float:
    """Wall seconds of `run_all`, as `sim run` calls it: no pool for one worker."""
    from sim.experiment.runner import Execution, run_all
    from sim.scenario import load_scenario

    scenario = load_scenario(SCENARIO, DATES)
    began = time.perf_counter()
    run_all([scenario], range(RUNS), Execution(folder, workers))
    return time.perf_counter() - began


def one_round(number: int) -> dict[str, Any]:
    """Every measurement once for one and for two workers, which goes first alternates; and the share of others."""
    rows: dict[str, dict[int, float]] = {}
    others = taken = 0.0
    for workers in WORKERS if number % 2 == 0 else WORKERS[::-1]:
        with TemporaryDirectory() as folder:
            runs = in_pool(workers, tasks(Path(folder) / "pool"))
            commanded = as_commanded(workers, Path(folder) / "command")
        plain = in_pool(workers, [partial(python_loop, 6_000_000)] * RUNS)
        memory = in_pool(workers, [partial(memory_loop, 25)] * RUNS)
        seconds = {
            "replications": runs["work"],
            "replications, with the pool's start and end": runs["start"] + runs["work"] + runs["end"],
            "`run_all`, no pool for one worker": commanded,
            "ceiling: loop in Python": plain["work"],
            "ceiling: NumPy bound by memory": memory["work"],
        }
        for name, value in seconds.items():
            rows.setdefault(name, {})[workers] = value
        others += runs["others"] + plain["others"]
        taken += runs["work"] + plain["work"]
    return {"rows": rows, "others": others / (taken * (os.cpu_count() or 1))}


def measure(quick: bool = False) -> dict[str, Any]:
    """Medians over rounds, and efficiencies: the median of the rounds' own.

    Two workers need the whole machine. Rounds in which other processes took more than their due are done again, up to
    as many again; then the least disturbed ones count.
    """
    from sim.experiment.worker import calm_collector

    calm_collector()  # as in a worker, since one worker without a pool runs here
    wanted, rounds = 2 if quick else ROUNDS, list[dict[str, Any]]()
    while len(rounds) < 2 * wanted and sum(each["others"] <= OTHERS_AT_MOST for each in rounds) < wanted:
        rounds.append(one_round(len(rounds)))
    counted = sorted(rounds, key=lambda each: each["others"])[:wanted]
    rows = {}
    for name in counted[0]["rows"]:
        one, two = ([each["rows"][name][workers] for each in counted] for workers in WORKERS)
        rows[name] = {
            "one": statistics.median(one),
            "two": statistics.median(two),
            "efficiency": statistics.median(a / (2 * b) for a, b in zip(one, two, strict=True)),
        }
    others = [each["others"] for each in counted]
    return {"runs": RUNS, "rounds": wanted, "left_out": len(rounds) - wanted, "others": max(others), "rows": rows}


def targets(found: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """What is aimed at: its name, the aim, what was measured, whether it is met."""
    own = found["rows"]["replications"]["efficiency"]
    return [("Efficiency of two workers, without the pool's start", f"at least {TARGET}", f"{own:.3f}", own >= TARGET)]


def markdown(found: dict[str, Any]) -> list[str]:
    """Lines of Markdown: a row a measurement."""
    rows = found["rows"]
    own, most = rows["replications"]["efficiency"], rows["ceiling: loop in Python"]["efficiency"]
    return [
        "## Two workers against one",
        "",
        f"{found['runs']} replications of half a year of `{SCENARIO}`, tables saved; wall seconds, medians of "
        f"{found['rounds']} rounds, one and two workers in turn. Efficiency is T1 / (2 T2), with T1 in a pool of one. "
        f"Other processes took at most {100 * found['others']:.0f} % of the machine in these rounds; "
        f"{found['left_out']} more rounds, which were disturbed, are left out.",
        "",
        "| work | one worker, s | two workers, s | efficiency |",
        "| --- | --- | --- | --- |",
        *(f"| {name} | {row['one']:.2f} | {row['two']:.2f} | {row['efficiency']:.3f} |" for name, row in rows.items()),
        "",
        f"Efficiency of replications relative to that of a loop in Python on the same machine: {own / most:.3f}.",
    ]


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(measure("--quick" in sys.argv)))
