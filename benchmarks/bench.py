"""Speed and memory against the targets: `python -m benchmarks.bench [--quick] [--only a,c]`, or `make bench`.

Parts: a the whole model, b the reduced model in other tools, c two workers against one, d start-up, e the profile,
f sweeps. Writes benchmarks/RESULTS.md and results.png. Measurements are kept in results.json, so that a part that is
not run keeps what it showed before.
"""

import argparse
import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import figure, profile_run, reduced, startup, sweeps, whole_model, workers
from benchmarks.machine import describe

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEPT = HERE / "results.json"
TOOLS_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
QUICK_TOOLS = ["--people", "5000", "--rounds", "2"]
WITH_TARGET = ("Mesa", "Ciw", "salabim", "AgentPy")

Row = tuple[str, str, str, bool]


def other_tools(quick: bool) -> dict[str, Any]:
    """The reduced model in all tools, in their own environment; or why it could not be run."""
    if not TOOLS_PYTHON.exists():
        return {
            "missing": "The environment of the other tools is not there; `benchmarks/README.md` says how to make it."
        }
    command = [str(TOOLS_PYTHON), "-m", "benchmarks.reduced", "--json", *(QUICK_TOOLS if quick else [])]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if ran.returncode:
        return {"missing": f"The other tools could not be run: {(ran.stderr.strip().splitlines() or ['?'])[-1]}"}
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def tools_markdown(found: dict[str, Any]) -> list[str]:
    """The section of the reduced model."""
    if "missing" in found:
        return ["## The reduced model in several tools", "", f"**Not measured.** {found['missing']}"]
    return reduced.markdown(found)


def tools_targets(found: dict[str, Any]) -> list[Row]:
    """The least lead over the tools aimed at that run at a size: in this project's parts, and with all machinery."""
    from benchmarks.reduced.report import TARGET
    from benchmarks.reduced.tools import TOOLS

    aim = f"at least {TARGET:.0f}"
    if "missing" in found:
        return [(f"Times faster than {', '.join(WITH_TARGET)}", aim, "not measured", False)]
    rows = []
    for people, size in found["sizes"].items():
        tools = {t.label: size["tools"][t.module] for t in TOOLS if t.has_target and t.module in size["tools"]}
        for column, how in (("ratio", "the reduced model"), ("ratio_machinery", "the same with all machinery")):
            ratios = {label: tool.get(column, 0.0) for label, tool in tools.items()}
            least = min(ratios, key=lambda label: ratios[label])
            told = f"{ratios[least]:.2f} ({least})" if ratios[least] else f"failed ({least})"
            name = f"Times faster than {', '.join(tools)}: {how}, {int(people):,} people, the least"
            rows.append((name, aim, told, ratios[least] >= TARGET))
    return rows


PARTS: dict[str, tuple[Callable[[bool], dict[str, Any]], Callable[[dict[str, Any]], list[str]], Any]] = {
    "a": (whole_model.measure_all, whole_model.markdown, whole_model.targets),
    "b": (other_tools, tools_markdown, tools_targets),
    "c": (workers.measure, workers.markdown, workers.targets),
    "d": (startup.measure, startup.markdown, startup.targets),
    "e": (lambda _: profile_run.apart(), profile_run.markdown, None),
    "f": (sweeps.measure, sweeps.markdown, sweeps.targets),
}


def page(results: dict[str, Any]) -> list[str]:
    """All of RESULTS.md."""
    rows = [
        row for part, (_, _, targets) in PARTS.items() if targets and part in results for row in targets(results[part])
    ]
    table = [f"| {name} | {aim} | {value} | {'met' if met else '**missed**'} |" for name, aim, value, met in rows]
    machines = dict.fromkeys(results[part]["machine"] for part in sorted(results))
    lines = ["# Speed, measured by `make bench`", ""]
    lines += [*(f"Machine: {machine}." for machine in machines), ""]
    lines += ["| what | target | measured | |", "| --- | --- | --- | --- |", *table, ""]
    lines += ["![cost of a person, and other tools](results.png)", ""]
    for part, (_, markdown, _) in PARTS.items():
        if part in results:
            quick = ", with fewer repeats (`--quick`)" if results[part]["quick"] else ""
            lines += [*markdown(results[part]), "", f"Measured on {results[part]['date']}{quick}.", ""]
    return lines[:-1]


def main() -> None:
    """Measure the parts asked for, keep them, write the page and the figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, as a,c")
    given = parser.parse_args()
    asked = [part.strip() for part in given.only.split(",")]
    if unknown := [part for part in asked if part not in PARTS]:
        parser.error(f"--only: {', '.join(unknown)} is unknown; allowed: {', '.join(PARTS)}")
    results = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for part in asked:
        found = PARTS[part][0](given.quick)
        results[part] = {**found, "machine": describe(), "date": date.today().isoformat(), "quick": given.quick}
        print("\n".join([*PARTS[part][1](found), ""]), flush=True)
        KEPT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    figure.draw(results, HERE / "results.png")
    (HERE / "RESULTS.md").write_text("\n".join(page(results)) + "\n", encoding="utf-8")
    print(f"written: {(HERE / 'RESULTS.md').relative_to(ROOT)}")


if __name__ == "__main__":
    main()
