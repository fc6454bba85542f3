"""What a sweep costs besides its runs: the store's share of a pilot run, and the parent's memory over 1,000 runs.

The store's share is the time to write a finished run (tables as Parquet, checksums, renames) against the whole run,
and besides the time to look at a finished run with all checksums, which is what a second start costs.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = "pilot.yaml"
REPEATS = 5
STORE_TARGET, MEMORY_TARGET_MB = 0.03, 300.0
POINTS, REPLICATIONS = 100, 9  # with the baseline of each future: 1,000 runs and more
SHORT = [
    "theatre.inflow.people_per_year.2025=2000", "coast.people_at_start=50", "start=2025-07-20",
    "measure_from=2025-08-06", "until=2025-08-20",
]  # fmt: skip
SWEEP = f"""
question: Many short runs.
scenario: {SCENARIO}
baseline: no_exchange.yaml
replications: {REPLICATIONS}
design: lhs
samples: {POINTS + 12}
over:
  exchange.weekly_target: {{low: 0, high: 1000}}
  exchange.french_reply_days: range
"""
DRIVER = """
import json, sys, time
from pathlib import Path
import sim

def resident(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

if __name__ == "__main__":
    from sim.experiment.study import Options
    from sim.experiment.sweep import execute, read_plan
    plan = read_plan(sys.argv[1], json.loads(sys.argv[3]))
    before, began = resident("VmHWM"), time.perf_counter()
    swept = execute.sweep(plan, Options(out=Path(sys.argv[2])))
    print(json.dumps({
        "peak": resident("VmHWM"), "before": before, "seconds": time.perf_counter() - began,
        "runs": swept.tally.computed, "failed": swept.failed,
    }))
"""


def store_share(repeats: int) -> dict[str, float]:
    """Seconds of a pilot run and of keeping it, medians; and of looking at it again with all checksums."""
    from sim.experiment.runner import run_key
    from sim.experiment.store import Store
    from sim.experiment.worker import calm_collector, measure
    from sim.metrics import RunTables
    from sim.processes.world import run_tables, simulate
    from sim.scenario import load_scenario

    calm_collector()
    scenario = load_scenario(SCENARIO)
    rows: dict[str, list[float]] = {"run": [], "save": [], "check": []}
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for number in range(repeats):
            began = time.perf_counter()
            tables = run_tables(simulate(scenario, number))
            metrics = measure(RunTables(tables, int(scenario.warm_up_days), int(scenario.horizon_days)))
            simulated = time.perf_counter()
            key = run_key(scenario, number)
            store.save(key, tables, {"metrics": metrics, "seed": scenario.seed, "events": 0, "wall_s": 0.0})
            saved = time.perf_counter()
            if not store.sound(key):
                raise RuntimeError("a run that was saved is not sound")
            rows["run"].append(simulated - began)
            rows["save"].append(saved - simulated)
            rows["check"].append(time.perf_counter() - saved)
    medians = {name: statistics.median(values) for name, values in rows.items()}
    shares = [save / (run + save) for run, save in zip(rows["run"], rows["save"], strict=True)]
    return {**medians, "share": statistics.median(shares)}


def many_short_runs() -> dict[str, Any]:
    """A sweep of 1,000 short runs in a process of its own: its peak memory (MB), without its workers."""
    with TemporaryDirectory() as folder:
        sweep, driver = Path(folder) / "short.yaml", Path(folder) / "driver.py"
        sweep.write_text(SWEEP)
        driver.write_text(DRIVER)
        command = [sys.executable, str(driver), str(sweep), str(Path(folder) / "short"), json.dumps(SHORT)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def measure(quick: bool = False) -> dict[str, Any]:
    """Both."""
    return {"store": store_share(3 if quick else REPEATS), "many": many_short_runs()}


def targets(found: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """What is aimed at: its name, the aim, what was measured, whether it is met."""
    share, peak = found["store"]["share"], found["many"]["peak"]
    return [
        ("Share of a pilot run that its keeping takes", "under 3 %", f"{100 * share:.1f} %", share < STORE_TARGET),
        (
            f"Peak memory of the parent, {found['many']['runs']:,} short runs",
            f"under {MEMORY_TARGET_MB:.0f} MB",
            f"{peak:.0f} MB",
            peak < MEMORY_TARGET_MB and not found["many"]["failed"],
        ),
    ]


def markdown(found: dict[str, Any]) -> list[str]:
    """Lines of Markdown: a row a measurement."""
    store, many = found["store"], found["many"]
    return [
        "## Sweeps",
        "",
        f"A run of `{SCENARIO}`, kept in a fresh store; and a sweep of {many['runs']:,} runs of a month of few people, "
        "as `sim sweep` does it.",
        "",
        "| what | |",
        "| --- | --- |",
        f"| a run, its tables and metrics | {store['run']:.2f} s |",
        f"| keeping it: 14 Parquet files with checksums, one rename | {1000 * store['save']:.0f} ms |",
        f"| looking at it again, all checksums | {1000 * store['check']:.1f} ms |",
        f"| {many['runs']:,} short runs on all cores | {many['seconds']:.0f} s |",
        f"| peak memory of the parent then (before the first run) | {many['peak']:.0f} ({many['before']:.0f}) MB |",
    ]
