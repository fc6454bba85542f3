"""Run every tool on the same inputs, each run in a process of its own, tools in turn; collect times and outcomes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.reduced.agreement import compare
from benchmarks.reduced.model import Given, Reduced
from benchmarks.reduced.tools import MACHINERY, PROJECT, REFERENCE, TOOLS

ROOT = Path(__file__).parents[2]
ROUNDS = {5_000: 5, 20_000: 4, 100_000: 1}
"""Rounds (seeds) by how many people reach the coast in a year."""
SECONDS_AT_MOST = 300
REPEATS, SECONDS_TO_TELL = 5, 0.3
"""Runs in one process, until there are so many or they have taken so long."""
WARM_UP = 500
"""People a year in the run before the one that is timed."""


def run_one(module: str, given: Given, warm_up: Given) -> dict[str, Any]:
    """Run one tool in this process: CPU of build and run, without imports, and outcomes.

    A small run before it takes in what is imported or worked out on first use, and short runs are repeated, the median
    counts. The garbage collector is set alike for all tools, as this project sets it in its workers.
    """
    import gc
    import importlib
    import time

    tool = importlib.import_module(f"benchmarks.reduced.{module}")
    prepared, small = (tool.prepare(it) if hasattr(tool, "prepare") else it for it in (given, warm_up))
    tool.simulate(small)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    seconds: list[float] = []
    while len(seconds) < REPEATS and sum(seconds) < SECONDS_TO_TELL:
        began = time.process_time()
        finished = tool.simulate(prepared)
        seconds.append(time.process_time() - began)
    us_per_agent = statistics.median(seconds) / len(given.reach_days) * 1e6
    return {"us_per_agent": us_per_agent, "outcomes": asdict(tool.outcomes(finished))}


def given_from(sent: Mapping[str, Any]) -> Given:
    """What was sent to a process of its own."""
    return Given(**{**sent, "model": Reduced(**sent["model"])})


def run_apart(module: str, sent: str) -> dict[str, Any]:
    """Run one tool once in a process of its own; an error is told in the place of numbers."""
    command = [sys.executable, "-m", "benchmarks.reduced", "--one", module]
    try:
        ran = subprocess.run(
            command, input=sent, capture_output=True, text=True, check=True, cwd=ROOT, timeout=SECONDS_AT_MOST
        )
    except subprocess.CalledProcessError as error:
        return {"error": (error.stderr.strip().splitlines() or [f"exit status {error.returncode}"])[-1]}
    except subprocess.TimeoutExpired:
        return {"error": f"took more than {SECONDS_AT_MOST} s"}
    return dict(json.loads(ran.stdout))


def measure(rounds: Mapping[int, int] | None = None) -> dict[str, Any]:
    """Times, ratios, outcomes and verdicts by size.

    Args:
        rounds: how many rounds by how many people reach the coast in a year. In a round every tool runs
            once, one after another, on the inputs of one seed.
    """
    rounds = rounds or ROUNDS
    versions = {tool.package: version(tool.package) for tool in TOOLS if tool.package}
    return {"versions": versions, "sizes": {str(people): measure_size(people, n) for people, n in rounds.items()}}


def measure_size(people: int, rounds: int) -> dict[str, Any]:
    """All rounds at one size."""
    from benchmarks.reduced.project import draw

    runs: dict[str, list[dict[str, Any]]] = {tool.module: [] for tool in TOOLS if people <= tool.most}
    for seed in range(rounds):
        inputs = {"given": draw(Reduced(people), seed), "warm_up": draw(Reduced(WARM_UP), seed)}
        sent = json.dumps({name: asdict(given) for name, given in inputs.items()})
        for module, its_runs in runs.items():
            its_runs.append(run_apart(module, sent))
    return {"rounds": rounds, "tools": summarise(runs)}


def summarise(runs: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Medians, ratios of the same round, mean outcomes and verdicts; the error of a tool that failed.

    `ratio` is to this project's row that does the same work, `ratio_machinery` to the one in which all of it runs.
    """
    failed = {module: run["error"] for module, its_runs in runs.items() for run in its_runs if "error" in run}
    for needed in (PROJECT, MACHINERY, REFERENCE):
        if needed.module in failed:
            raise RuntimeError(f"{needed.label} failed: {failed[needed.module]}")
    worked = {module: its_runs for module, its_runs in runs.items() if module not in failed}
    verdicts = compare({module: [run["outcomes"] for run in its_runs] for module, its_runs in worked.items()})
    times = {module: [run["us_per_agent"] for run in its_runs] for module, its_runs in worked.items()}
    tools: dict[str, Any] = {module: {"error": error} for module, error in failed.items()}
    for module, its in times.items():
        tools[module] = {
            "us_per_agent": statistics.median(its),
            "ratio": median_ratio(its, times[PROJECT.module]),
            "ratio_machinery": median_ratio(its, times[MACHINERY.module]),
            **verdicts[module],
        }
    return tools


def median_ratio(its: list[float], ours: list[float]) -> float:
    """How many times as long as this project a tool takes: the median of the ratios of each round."""
    return statistics.median(one / other for one, other in zip(its, ours, strict=True))
