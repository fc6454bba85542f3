"""Commands about calibrations: calibrate."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from sim.cli.options import Common, grouped
from sim.cli.terminal import app, draw, options, simulating

CalibrationName = Annotated[str, typer.Argument(metavar="CALIBRATION", help="Path, or name in configs/calibrations/.")]


@app.command()
@grouped
def calibrate(
    name: CalibrationName,
    given: Common,
    ship: Annotated[bool, typer.Option("--ship", help="Also renew the posterior that ships with the project.")] = False,
) -> None:
    """Which values of the uncertain settings agree with the data: a posterior, and what it predicts.

    History matching in waves of runs with an emulator, then a posterior from the emulated likelihood. Finished runs are
    never run again.
    """
    from sim.cli.words_calibrations import calibration_text
    from sim.experiment.calibration import calibrate as work
    from sim.experiment.calibration.reading import read_calibration
    from sim.experiment.calibration.shipped import ship as shipped
    from sim.experiment.variants import read_together

    how, plan = read_together(partial(options, given), partial(read_calibration, name, given.overrides))
    with simulating():
        done = work.calibrate(plan, how)
    print(calibration_text(done.results, done.computed, done.reused))
    if ship:
        for file in shipped(done.results):
            print(f"shipped: {file}")
    draw(done.results, given.quiet)
