"""The command of the natural experiments."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from sim.cli.options import Common, grouped
from sim.cli.terminal import app, draw, options, simulating

PLAN = "natural.yaml"


@app.command()
@grouped
def natural(
    given: Common,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="Path, or name in configs/.")] = PLAN,
    only: Annotated[str | None, typer.Option(help="albania or aegean; default: both.")] = None,
) -> None:
    """What the model makes of two agreements that did happen, under each assumption on what people go by.

    Albania 2022-23, and the Greek islands 2016 as a forecast from 8 March. Behaviour is that of the base.
    """
    from sim.cli.words_natural import natural_text
    from sim.experiment.natural import natural as answered
    from sim.experiment.natural import read_plan
    from sim.experiment.variants import read_together

    how, asked = read_together(partial(options, given), partial(read_plan, plan, given.overrides, only))
    with simulating():
        found = answered(asked, how)
    print(natural_text(found))
    draw(found, given.quiet)
