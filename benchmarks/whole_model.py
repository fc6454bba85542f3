"""Speed and memory of the whole model against the budget: `make bench`. Writes benchmarks/RESULTS.md.

Each measurement runs in a process of its own. The unit is one bare SimPy timeout, timed before and after the model in
the same process. The year is the base configuration scaled up with its market: k times the people, boats a gang,
patrols and staff, so that people are treated as in the real year. `people` are those who reached the coast.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

SCALES = {30_000: 0.68, 100_000: 2.3, 300_000: 6.9}
REPEATS = 5
BUDGET_UNITS, BUDGET_MB = 25.0, 150.0
HERE = Path(__file__).parent


def bare_timeout(times: int = 200_000) -> float:
    """Seconds of CPU for one timeout of one process."""
    import time

    import simpy

    env = simpy.Environment()

    def ticks():
        for _ in range(times):
            yield env.timeout(1)

    env.process(ticks())
    began = time.process_time()
    env.run()
    return (time.process_time() - began) / times


def scaled_year(k: float):
    """The base configuration's 2024 with k times the people and everything that serves or hinders them."""
    from sim.scenario import load_scenario

    level = {f"theatre.inflow.people_per_year.{year}": 42_000 * k for year in (2022, 2023, 2024, 2025)}
    base = load_scenario("base.yaml")
    market = {
        "gangs.nightly_boats": base.rules.gangs.nightly_boats * k,
        "gangs.boats_at_start": round(base.rules.gangs.boats_at_start * k),
        "gangs.cash_at_start_gbp": base.rules.gangs.cash_at_start_gbp * k,
        "gangs.overhead_gbp_per_day": base.rules.gangs.overhead_gbp_per_day * k,
        "gangs.entry_margin_gbp_per_day": base.rules.gangs.entry_margin_gbp_per_day * k,
        "patrols.units": round(base.rules.patrols.units * k),
        "patrols.sweep_km_per_unit": base.rules.patrols.sweep_km_per_unit / k,
        "centre.staff": round(base.rules.centre.staff * k),
        "centre.places": round(base.rules.centre.places * k) + 200,
        "coast.people_at_start": round(base.rules.coast.people_at_start * k),
    }
    dates = {"start": "2024-01-01", "measure_from": "2024-01-01", "until": "2025-01-01"}
    return load_scenario("base.yaml", level | market | dates)


def measure(k: float) -> dict[str, float]:
    """One run in this process."""
    import resource
    import time

    from sim.experiment.worker import calm_collector
    from sim.processes.world import build_world, run_tables
    from sim.records.recorder import Happened

    scenario = scaled_year(k)
    before = [bare_timeout() for _ in range(5)]
    calm_collector()
    imports_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    world = build_world(scenario, 0)
    world.env.run(until=scenario.horizon_days)
    seconds = time.process_time() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    run_tables(world)
    tables_s = time.process_time() - began
    unit = statistics.median(before + [bare_timeout() for _ in range(5)])
    people = sum(1 for code in world.recorder.code if code == Happened.REACHED_COAST)
    events = next(world.env._eid)
    return {
        "people": people,
        "seconds": seconds,
        "unit_us": unit * 1e6,
        "us_per_person": seconds / people * 1e6,
        "units_per_person": seconds / people / unit,
        "events_per_person": events / people,
        "mb_above_imports": peak_mb - imports_mb,
        "tables_s": tables_s,
    }


def repeated(k: float) -> dict[str, float]:
    """Medians over processes of their own."""
    runs = [
        json.loads(
            subprocess.run([sys.executable, __file__, str(k)], capture_output=True, text=True, check=True).stdout
        )
        for _ in range(REPEATS)
    ]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def startup(*arguments: str) -> float:
    """Median seconds that a command takes from start to end."""
    import time

    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def table(rows: list[dict[str, float]]) -> list[str]:
    """The measurements as lines of Markdown."""
    head = ["people reaching the coast in a year", "CPU s", "µs/person", "units/person", "SimPy events/person"]
    head += ["peak MB above imports", "tables s"]
    formats = [",.0f", ".2f", ".1f", ".1f", ".2f", ".0f", ".2f"]
    names = ["people", "seconds", "us_per_person", "units_per_person", "events_per_person", "mb_above_imports"]
    names += ["tables_s"]
    body = [[format(row[name], how) for name, how in zip(names, formats, strict=True)] for row in rows]
    return ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *body]]


def main() -> None:
    """Measure, print, write."""
    rows = {people: repeated(k) for people, k in SCALES.items()}
    imports = startup("-c", "import numpy, networkx, pydantic")
    commands = {
        "sim --help": startup("-m", "sim", "--help"),
        "sim check pilot.yaml": startup("-m", "sim", "check", "pilot.yaml"),
    }
    full, small, large = rows[100_000], rows[30_000], rows[300_000]
    growth = large["units_per_person"] / small["units_per_person"]
    starts = ", ".join(f"`{name}` {seconds / imports:.2f}" for name, seconds in commands.items())
    lines = [
        "# Speed, measured by `make bench`",
        "",
        f"Medians of {REPEATS} processes; one unit is one bare SimPy timeout in the same process.",
        "",
        *table(list(rows.values())),
        "",
        f"- Whole model at 100,000 people: {full['units_per_person']:.1f} units a person (budget {BUDGET_UNITS:.0f}), "
        f"{full['mb_above_imports']:.0f} MB above imports (budget {BUDGET_MB:.0f}).",
        f"- Growth of the cost per person from 30,000 to 300,000: {growth:.2f} (budget 1.25).",
        f"- Start-up relative to `import numpy, networkx, pydantic` ({imports:.2f} s; budget 1.5): {starts}.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "RESULTS.md").write_text(text)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(float(sys.argv[1]))))
    else:
        main()
