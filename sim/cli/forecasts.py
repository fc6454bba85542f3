"""Commands about forecasts: score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Quiet
from sim.cli.terminal import FAILED, app, draw, stop


@app.command()
def score(
    forecast: Annotated[str, typer.Argument(metavar="FORECAST", help="Results of `sim forecast`: folder, name, file.")],
    observed: Annotated[Path, typer.Argument(metavar="OBSERVED.csv", help="Columns date, people, optionally boats.")],
    history: Annotated[
        Path | None, typer.Option(help="Days before OBSERVED, for the rivals; default: the shipped series.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """How good a forecast was: CRPS and coverage against what happened, next to four statistical forecasts.

    Climatology, seasonal naive, SARIMA and ETS, fitted on the same series before the forecast begins. Periods that
    OBSERVED does not cover whole are left out.
    """
    from sim.cli.words_forecasts import score_text
    from sim.experiment.forecasts.observations import SHIPPED
    from sim.experiment.forecasts.score import score as scored
    from sim.experiment.results import Results, write_table

    found = scored(forecast, observed, history or SHIPPED)
    print(score_text(found.score, found.unobserved))
    try:
        write_table(found.score, found.folder / "score.parquet")
        write_table(found.periods, found.folder / "score_periods.parquet")
        draw(Results(found.folder), quiet)
    except OSError as error:
        stop(f"cannot write the results: {error}", FAILED)
