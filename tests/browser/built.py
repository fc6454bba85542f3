"""Small but whole results with their pages, each built once for all workers of a test run."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import sim
from sim.experiment.results import Results
from sim.experiment.study import Options
from sim.experiment.sweep import read_plan
from sim.experiment.sweep.execute import sweep
from sim.figures import draw, figure_names
from sim.figures.style import look
from sim.report.html import write_report

SMALL = {
    "theatre.inflow.people_per_year.2025": 6000, "coast.people_at_start": 150, "start": "2025-07-01",
    "until": "2025-09-20",
}  # fmt: skip
TINY = SMALL | {"start": "2025-07-28", "until": "2025-08-25"}
QUESTION = "What would 50 returns a week have done by September?"
HOSTILE_NAME = '<img src=x onerror=hacked=1>"q"&amp;\'$x$'
HOSTILE_QUESTION = """Is </script><script>window.hacked=1</script> & "<b onclick='hacked=1'>this</b>" & $x^2$ text?"""
NAMING_SCENARIOS = ("cumulative", "effects", "monthly")  # figures that write a scenario's name
SCENARIO = """
base: pilot.yaml
question: |-
  {question}
"""
SWEEP = """
question: |-
  {question}
scenario: {scenario}
baseline: no_exchange.yaml
replications: 2
design: grid
over:
  exchange.weekly_target: [50, 500]
uncertainties:
  design: list
  over:
    - {{patrols.units: 60}}
    - {{patrols.units: 120}}
"""


def once(folder: Path, build: Callable[[Path], object]) -> Path:
    """The folder, filled by the first worker that asks; the others wait for it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    ready = folder.with_suffix(".ready")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)  # what a build that failed has left
            folder.mkdir()
            build(folder)
            ready.touch()
    return folder


def shared(base: Path) -> Path:
    """The folder that all workers of a test run have in common."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def run_page(folder: Path) -> None:
    """A run of the pilot on a small scale with every figure it allows."""
    scenario = sim.load_scenario("pilot", SMALL | {"question": QUESTION})
    results = sim.run(scenario, replications=2, workers=1, out=folder)
    draw_figures(results, figure_names())
    write_report(results)


def hostile_run_page(folder: Path) -> None:
    """The same with a name and a question that would do harm if they were taken for HTML."""
    file = scenario_file(folder.with_name("scenarios"))
    results = sim.run(sim.load_scenario(file, SMALL), replications=2, workers=1, out=folder)
    draw_figures(results, NAMING_SCENARIOS)
    write_report(results)


def sweep_page(folder: Path) -> None:
    """A sweep of two policies over two futures."""
    plan_of(folder, SWEEP.format(question=QUESTION, scenario="pilot.yaml"))


def hostile_sweep_page(folder: Path) -> None:
    """A sweep of the scenario with the harmful name, with a harmful question."""
    file = scenario_file(folder.with_name("sweep scenarios"))
    quoted = "'" + str(file).replace("'", "''") + "'"
    plan_of(folder, SWEEP.format(question=HOSTILE_QUESTION, scenario=quoted))


def plan_of(folder: Path, text: str) -> None:
    file = folder.with_suffix(".yaml")
    file.write_text(text)
    small = [f"{name}={value}" for name, value in TINY.items()]
    from sim.report.explorer import write_explorer

    done = sweep(read_plan(str(file), small), Options(executor="serial", workers=1, out=folder))
    write_explorer(done.results)


def scenario_file(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{HOSTILE_NAME}.yaml"
    file.write_text(SCENARIO.format(question=HOSTILE_QUESTION))
    return file


def draw_figures(results: Results, names: Iterable[str]) -> None:
    """SVG only, which is what a page shows; pictures in PNG would take as long again."""
    folder = results.folder / "figures"
    folder.mkdir()
    for name in names:
        if (figure := draw(name, results)) is not None:
            with look():
                figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
