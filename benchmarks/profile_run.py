"""Where the time of the whole model goes: `python -m benchmarks.profile_run [K]` prints a table of shares by module.

One run without the profiler gives the cost; a second one under cProfile gives the shares. The profiler makes short
functions look dearer than they are, so shares are a guide, not a measurement. What SimPy costs at least is measured in
the same process: as many bare events as the run has, with as many pending, and the making of one process a person.
"""

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import PurePath
from typing import Any

from benchmarks.whole_model import ROOT, SCALES, scaled_year

ROWS = 16
LIFE_EVENTS = 3  # of a SimPy process that waits once: it begins, it waits, it ends
BUILT_IN = "~"
LIBRARIES = {"simpy": "SimPy", "numpy": "NumPy"}
REST = "Python and other libraries"


def module_of(file: str, function: str) -> str:
    """The project's module, SimPy, NumPy or the rest, by the file of a function."""
    parts = PurePath(file).parts
    if "numpy" in function or "numpy" in file:
        return LIBRARIES["numpy"]
    if "site-packages" in parts:
        package = parts[parts.index("site-packages") + 1]
        return LIBRARIES.get(package, REST)
    if "sim" in parts and file.startswith(str(ROOT)):
        return "/".join(parts[len(ROOT.parts) + 1 :]).removesuffix(".py")
    return REST


def by_module(stats: dict[Any, Any]) -> Counter[str]:
    """Seconds by module of what cProfile found; built-in functions count for the module that calls them."""
    seconds: Counter[str] = Counter()
    for (file, _, function), (_, _, own, _, callers) in stats.items():
        if file != BUILT_IN or "numpy" in function:
            seconds[module_of(file, function)] += own
            continue
        for (caller, _, name), (_, _, share, _) in callers.items():
            seconds[REST if caller == BUILT_IN else module_of(caller, name)] += share
    return seconds


def cost(scenario: Any) -> dict[str, float]:
    """CPU of one run without the profiler, its people and events, and how many events were pending at midnights."""
    from sim.processes.world import build_world
    from sim.records.recorder import Happened

    began = time.process_time()
    world = build_world(scenario, 0)
    pending = []
    for day in range(1, int(scenario.horizon_days) + 1):
        world.env.run(until=day)
        pending.append(len(world.env._queue))
    seconds = time.process_time() - began
    people = sum(1 for code in world.recorder.code if code == Happened.REACHED_COAST)
    events = next(world.env._eid) - len(pending)
    return {"seconds": seconds, "people": people, "events": events, "pending": statistics.median(pending)}


def profiled(scenario: Any) -> Counter[str]:
    """Seconds by module of one run under the profiler."""
    import cProfile
    import pstats

    from sim.processes.world import build_world

    profile = cProfile.Profile()
    profile.enable()
    world = build_world(scenario, 0)
    world.env.run(until=scenario.horizon_days)
    profile.disable()
    return by_module(pstats.Stats(profile).stats)  # type: ignore[attr-defined]


def measure(k: float) -> dict[str, Any]:
    """Everything in this process."""
    from benchmarks.bare import bare_timeout, process_life, timeout_among
    from sim.experiment.worker import calm_collector

    scenario = scaled_year(k)
    before = [bare_timeout() for _ in range(5)]
    calm_collector()
    found: dict[str, Any] = cost(scenario)
    unit = statistics.median(before + [bare_timeout() for _ in range(5)])
    pending = max(int(found["pending"]), 1)
    found["unit"] = unit
    found["event_units"] = statistics.median(timeout_among(pending) for _ in range(3)) / unit
    found["life_units"] = statistics.median(process_life() for _ in range(3)) / unit
    seconds = profiled(scenario)
    total = sum(seconds.values())
    found["shares"] = {name: own / total for name, own in seconds.most_common()}
    return found


def apart(k: float = SCALES["100000"]) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.profile_run", str(k), "--json"]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    )
    return found


def ceiling(found: dict[str, Any]) -> dict[str, float]:
    """Units a person: of the run, of its events as bare ones, of one process a person without its events."""
    return {
        "run": found["seconds"] / found["people"] / found["unit"],
        "events": found["events"] / found["people"] * found["event_units"],
        "lives": max(found["life_units"] - LIFE_EVENTS, 0.0),
    }


def markdown(found: dict[str, Any]) -> list[str]:
    """Lines of Markdown: the cost against SimPy's ceiling, and the shares."""
    units = ceiling(found)
    least = units["events"] + units["lives"]
    rows = list(found["shares"].items())
    shown, rest = rows[:ROWS], rows[ROWS:]
    body = [(f"`{name}`" if "/" in name else name, share) for name, share in shown]
    body += [(f"{len(rest)} more modules", sum(share for _, share in rest))] if rest else []
    return [
        "## Where the remaining cost lies against SimPy's ceiling",
        "",
        f"One year, {found['people']:,.0f} people, {units['run']:.1f} units a person "
        f"({1e6 * found['unit']:.2f} µs a unit), {found['events'] / found['people']:.2f} events a person, "
        f"{found['pending']:,.0f} events pending at a midnight (median).",
        "",
        "| at least, in SimPy | units/person |",
        "| --- | --- |",
        f"| the run's events as bare ones, {found['event_units']:.2f} units each with as many pending "
        f"| {units['events']:.1f} |",
        f"| one process a person, without its events ({found['life_units']:.1f} with its {LIFE_EVENTS}) "
        f"| {units['lives']:.1f} |",
        f"| together | {least:.1f} |",
        f"| everything else: the model | {units['run'] - least:.1f} |",
        "",
        "Shares of CPU by module under cProfile, which overstates short functions; built-in functions count for the "
        "module that calls them.",
        "",
        "| module | share | units/person |",
        "| --- | --- | --- |",
        *(f"| {name} | {100 * share:.1f} % | {share * units['run']:.1f} |" for name, share in body),
    ]


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--json"]
    result = measure(float(given[0]) if given else SCALES["100000"])
    print(json.dumps(result) if "--json" in sys.argv else "\n".join(markdown(result)))
