"""Commands that run scenarios against a baseline, and those that draw what such runs left: figures, report."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.options import Quiet, RunName, ScenarioName, Study, grouped
from sim.cli.precise import Precise
from sim.cli.terminal import WRONG_INPUT, app, draw, finished, load, options, simulating, stop, warn, write_page


@app.command()
@grouped
def run(scenario: ScenarioName, given: Study, precise: Precise) -> None:
    """Run one scenario against its baseline on common random numbers, then draw the figures."""
    _study([scenario], given, precise)


@app.command()
@grouped
def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="A B [C ...]", help="Scenarios against one baseline.")],
    given: Study,
    precise: Precise,
) -> None:
    """Paired effects of several scenarios against one baseline."""
    folder = given.out or Path("results") / "_and_".join(Path(s).stem for s in scenarios)
    _study(scenarios, replace(given, out=folder), precise)


@app.command()
def figures(run_name: RunName, quiet: Quiet = False) -> None:
    """Re-draw figures and report from the tables, without simulating."""
    draw(finished(run_name), quiet)


@app.command()
def report(run_name: RunName) -> None:
    """Write report.html from the tables and the figures that were drawn."""
    found = finished(run_name)
    page = write_page(found)
    if page is None:
        stop(f"{found.folder} holds no runs to report on but one answer; see its figures", WRONG_INPUT)
    print(page)


def _study(names: list[str], given: Study, precise: Precise) -> None:
    """Load everything first (all problems at once), then run, write, print and draw."""
    from sim.experiment.study import baseline_of, study
    from sim.experiment.variants import read_together
    from sim.report.text import effects_text

    how, precision = read_together(partial(options, given), partial(precise.asked, given.replications))
    if given.record not in (None, "people"):
        stop(f"--record: {given.record!r} is unknown; allowed: people", WRONG_INPUT)
    loaded = [load(name, given.overrides) for name in names]
    against = baseline_of(loaded[0], given.baseline)
    warn(loaded, given.quiet)
    how = replace(how, precision=precision, first_replication=given.first_replication, people=given.record == "people")
    with simulating():
        found = study(loaded, against, how)
    print(effects_text(found))
    if precision is not None:
        print(_reached(found.provenance["precision"]))
    draw(found, given.quiet)


def _reached(precise: dict[str, Any]) -> str:
    """How many replications a precision took, and how narrow the interval is."""
    return (
        f"Precision: {precise['asked']}; the half-width is {precise['half_width']:,.4g} after "
        f"{precise['replications']} replications."
    )
