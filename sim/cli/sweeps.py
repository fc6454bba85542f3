"""The command `sweep`: a design over scenarios, levers and uncertainties."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from sim.cli.options import Common, grouped
from sim.cli.precise import Precise
from sim.cli.terminal import FAILED, app, draw, options, simulating, stop, warn

SweepName = Annotated[str, typer.Argument(metavar="SWEEP", help="Path, or name in configs/sweeps/.")]
Ship = Annotated[
    bool, typer.Option("--ship", help="Also renew what reports tell of shipped policies from such a sweep.")
]


@app.command()
@grouped
def sweep(
    name: SweepName,
    given: Common,
    precise: Precise,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Only count the runs and estimate time and disk; a trial of three if none is finished."
        ),
    ] = False,
    ship: Ship = False,
) -> None:
    """Run a design over levers and uncertainties, paired with its baseline; finished runs are never run again."""
    from sim.cli.words_points import estimate_text, sweep_text
    from sim.experiment.sweep import execute, read_plan, shipped
    from sim.experiment.sweep.estimate import estimate
    from sim.experiment.variants import read_together

    how, precision, plan = read_together(
        partial(options, given), partial(precise.asked, given.replications), partial(read_plan, name, given.overrides)
    )
    shipped.check_shippable(ship, plan)
    how = replace(how, precision=precision)
    warn(list(plan.scenarios), given.quiet)
    with simulating():
        if dry_run:
            print(estimate_text(plan.name, estimate(plan, how)))
            return
        swept = execute.sweep(plan, how)
    print(sweep_text(swept.results))
    if swept.wide and not given.quiet:
        print(f"warning: at the most replications still too wide: {', '.join(swept.wide)}", file=sys.stderr)
    if (swept.results.folder / "runs.parquet").exists() and swept.results.table("points")["plausible"].any():
        draw(swept.results, given.quiet)
    if swept.failed:
        stop(swept.failed, FAILED)
    for file in shipped.ship(swept.results) if ship else []:
        print(f"shipped: {file}")
