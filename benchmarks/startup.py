"""Start-up of the commands against the time of `import numpy, networkx, pydantic` in the same interpreter.

Every command is a process of its own, from start to end, commands in turn. Compiled modules are kept in a folder made
for the purpose and written by a first run that does not count, as they are on any machine after the first use.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REPEATS, REPEATS_FIGURES = 15, 3
TARGET = 1.5
REFERENCE = "import numpy, networkx, pydantic"
LIBRARIES = "of it, imports of pandas, SciPy, Matplotlib, seaborn"
FIGURES = "sim figures RUN"
COMMANDS = {
    REFERENCE: ["-c", REFERENCE],
    "sim --help": ["-m", "sim", "--help"],
    "sim check pilot.yaml": ["-m", "sim", "check", "pilot.yaml"],
}
AIMED_AT = ("sim --help", "sim check pilot.yaml")
TINY = ["--set", "theatre.inflow.people_per_year.2025=3000", "--until", "2025-09-20", "--replications", "2"]


def seconds(arguments: list[str], environment: dict[str, str]) -> float:
    """Wall seconds of one process of the interpreter."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True, cwd=ROOT, env=environment)
    return time.perf_counter() - began


def in_turn(commands: dict[str, list[str]], repeats: int, environment: dict[str, str]) -> dict[str, float]:
    """Medians, after one run of each that does not count."""
    for arguments in commands.values():
        seconds(arguments, environment)
    rounds = [{name: seconds(arguments, environment) for name, arguments in commands.items()} for _ in range(repeats)]
    return {name: statistics.median(each[name] for each in rounds) for name in commands}


def measure(quick: bool = False) -> dict[str, Any]:
    """Medians of all commands; the run that is drawn is made first, in a folder that goes afterwards."""
    with TemporaryDirectory() as folder:
        run = str(Path(folder) / "tiny")
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")
        repeats = 5 if quick else REPEATS
        medians = in_turn(COMMANDS, repeats, environment)
        seconds(["-m", "sim", "run", "pilot.yaml", *TINY, "--workers", "1", "--quiet", "--out", run], environment)
        drawing = {
            FIGURES: ["-m", "sim", "figures", run, "--quiet"],
            LIBRARIES: ["-c", "import pandas, scipy.stats, matplotlib.figure, seaborn"],
        }
        medians |= in_turn(drawing, 1 if quick else REPEATS_FIGURES, environment)
        files = len(list((Path(run) / "figures").glob("*")))
    return {"repeats": repeats, "seconds": medians, "files": files}


def targets(found: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    """What is aimed at: its name, the aim, what was measured, whether it is met."""
    ratios = {name: found["seconds"][name] / found["seconds"][REFERENCE] for name in AIMED_AT}
    return [
        (f"Start-up of `{name}` against imports", f"at most {TARGET}", f"{ratio:.2f}", ratio <= TARGET)
        for name, ratio in ratios.items()
    ]


def markdown(found: dict[str, Any]) -> list[str]:
    """Lines of Markdown: a row a command."""
    against = found["seconds"][REFERENCE]
    return [
        "## Start-up",
        "",
        f"Wall seconds from start to end, medians of {found['repeats']} processes, commands in turn, modules compiled. "
        f"`sim figures` draws a tiny run anew from its tables, {found['files']} files of figures and the report.",
        "",
        f"| command | s | against `{REFERENCE}` |",
        "| --- | --- | --- |",
        *(f"| `{name}` | {wall:.2f} | {wall / against:.2f} |" for name, wall in found["seconds"].items()),
    ]


if __name__ == "__main__":
    import json

    print(json.dumps(measure("--quick" in sys.argv)))
