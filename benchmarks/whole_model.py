"""Speed and memory of the whole model: `python -m benchmarks.whole_model K [YEARS]` measures one run and prints JSON.

Each measurement runs in a process of its own. The unit is one bare SimPy timeout, timed before and after the model in
the same process. The year is the base configuration scaled up with its market: k times the people, boats a gang,
patrols and staff, so that people are treated as in the real year. `people` are those who reached the coast.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SCALES = {"30000": 0.68, "100000": 2.3, "300000": 6.9}
LONG_YEARS = 3
REPEATS = 5
TARGET_UNITS, BUDGET_UNITS, BUDGET_MB, TARGET_GROWTH, TARGET_LONG_MB = 20.0, 25.0, 150.0, 1.25, 1000.0
ROOT = Path(__file__).resolve().parents[1]
COLUMNS = {
    "people": ("people reaching the coast", ",.0f"),
    "seconds": ("CPU s", ".2f"),
    "us_per_person": ("µs/person", ".1f"),
    "unit_us": ("unit, µs", ".3f"),
    "units_per_person": ("units/person", ".1f"),
    "events_per_person": ("SimPy events/person", ".2f"),
    "mb_above_imports": ("peak MB above imports", ",.0f"),
    "tables_s": ("tables, s", ".2f"),
}


def scaled_year(k: float, years: int = 1) -> Any:
    """The base configuration's 2024 with k times the people and everything that serves or hinders them.

    More years than one begin in 2023 and have the same level each.
    """
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
    first = 2024 if years == 1 else 2023
    dates = {"start": f"{first}-01-01", "measure_from": f"{first}-01-01", "until": f"{first + years}-01-01"}
    return load_scenario("base.yaml", level | market | dates)


def measure(k: float, years: int = 1) -> dict[str, float]:
    """One run in this process; peak memory is that of the run and of making its tables."""
    from benchmarks.bare import bare_timeout
    from benchmarks.machine import peak_mb
    from sim.experiment.worker import calm_collector
    from sim.processes.world import build_world, run_tables
    from sim.records.recorder import Happened

    scenario = scaled_year(k, years)
    before = [bare_timeout() for _ in range(5)]
    calm_collector()
    imports_mb, began = peak_mb(), time.process_time()
    world = build_world(scenario, 0)
    world.env.run(until=scenario.horizon_days)
    seconds = time.process_time() - began
    run_mb, began = peak_mb(), time.process_time()
    tables = run_tables(world)
    tables_s = time.process_time() - began
    peak = peak_mb()
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
        "mb_above_imports": peak - imports_mb,
        "mb_of_tables": peak - run_mb,
        "tables_s": tables_s,
        "tables": len(tables),
    }


def apart(k: float, years: int = 1) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.whole_model", str(k), str(years)]
    found: dict[str, float] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    )
    return found


def measure_all(quick: bool = False) -> dict[str, Any]:
    """Medians over repeats, sizes in turn, and one run of three years."""
    repeats = 2 if quick else REPEATS
    runs = [{size: apart(k) for size, k in SCALES.items()} for _ in range(repeats)]
    years = {
        size: {name: statistics.median(run[size][name] for run in runs) for name in runs[0][size]} for size in SCALES
    }
    return {"repeats": repeats, "years": years, "long": apart(SCALES["300000"], LONG_YEARS)}


def targets(found: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """What is aimed at: its name, the aim, what was measured, whether it is met."""
    years, long = found["years"], found["long"]
    units, peak = years["100000"]["units_per_person"], years["100000"]["mb_above_imports"]
    growth = years["300000"]["units_per_person"] / years["30000"]["units_per_person"]
    most = long["mb_above_imports"]
    return [
        (
            "Bare timeouts a person, 100,000 a year",
            f"at most {TARGET_UNITS:.0f}",
            f"{units:.1f}",
            units <= TARGET_UNITS,
        ),
        ("The same, earlier budget", f"at most {BUDGET_UNITS:.0f}", f"{units:.1f}", units <= BUDGET_UNITS),
        ("Growth from 30,000 to 300,000", f"at most {TARGET_GROWTH}", f"{growth:.2f}", growth <= TARGET_GROWTH),
        ("Peak MB above imports, 100,000", f"at most {BUDGET_MB:.0f}", f"{peak:,.0f}", peak <= BUDGET_MB),
        ("Peak MB, three years of 300,000", f"below {TARGET_LONG_MB:,.0f}", f"{most:,.0f}", most < TARGET_LONG_MB),
    ]


def markdown(found: dict[str, Any]) -> list[str]:
    """Lines of Markdown: a row a size."""
    rows = {**found["years"], f"{LONG_YEARS} years, one run": found["long"]}
    head = ["size", *(title for title, _ in COLUMNS.values())]
    body = [
        [f"{int(size):,} a year" if size.isdigit() else size]
        + [format(row[name], how) for name, (_, how) in COLUMNS.items()]
        for size, row in rows.items()
    ]
    return [
        "## The whole model",
        "",
        f"A year of the base configuration, scaled with its market; medians of {found['repeats']} processes, sizes in "
        "turn. One unit is one bare SimPy timeout in the same process. Memory is the peak of the run and of making its "
        "tables. CPU is that of the run; tables are made after it. The last row: three years of 300,000.",
        "",
        *("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *body]),
    ]


if __name__ == "__main__":
    print(json.dumps(measure(float(sys.argv[1]), int((sys.argv[2:] or ["1"])[0]))))
