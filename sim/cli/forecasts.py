"""Commands about forecasts: forecast, score, rolling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Quiet, ScenarioName, Settings, grouped
from sim.cli.terminal import FAILED, app, draw, given_command, load, progress, simulating, stop, warn, warning

if TYPE_CHECKING:
    from sim.experiment.study import Options


@dataclass(frozen=True, slots=True)
class Running:
    """How the members of a forecast are run; nothing but the seed and the settings changes a result."""

    seed: Annotated[int | None, typer.Option(min=0, help="Base seed.")] = None
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one for each core.")] = None
    settings: Settings = None
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: results/<name>_forecast.")] = None
    executor: Annotated[str, typer.Option("--executor", help="process, serial or dask.")] = "process"
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Scheduler for --executor dask.")] = None
    quiet: Quiet = False

    @property
    def overrides(self) -> list[str]:
        """Everything that changes the scenario, as `--set` would."""
        return [*(self.settings or []), *([f"seed={self.seed}"] if self.seed is not None else [])]


@app.command()
@grouped
def forecast(
    scenario: ScenarioName,
    given: Running,
    data_until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day whose data are used.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The last day that is forecast.")] = None,
    members: Annotated[int | None, typer.Option(min=2, help="Members; default: as the method says, 100.")] = None,
    posterior: Annotated[Path | None, typer.Option(help="Joint draws of settings; default: the shipped ones.")] = None,
    series: Annotated[Path | None, typer.Option(help="CSV: date, people, boats; default: the shipped series.")] = None,
    weather: Annotated[Path | None, typer.Option(help="CSV of observed waves: date, wave_height_m.")] = None,
    metric: Annotated[list[str] | None, typer.Option(help="What to forecast; repeatable; default: five flows.")] = None,
    method: Annotated[str | None, typer.Option(help="Numbers of the method; default: configs/forecasts/.")] = None,
) -> None:
    """What is to come, as quantiles by week and month: members conditioned on the last year of data and run on.

    Each member has its own draw of behaviour, its own weather and its own levels of the inflow.
    """
    from sim.cli.words_forecasts import forecast_text
    from sim.experiment.forecasts.asked import Asked, read_question
    from sim.experiment.forecasts.forecast import forecast as foretold
    from sim.experiment.variants import read_together

    asked = Asked(data_until, until, members, posterior, series, weather, metric or (), method)
    load_it = partial(load, scenario, given.overrides)
    how, question = read_together(partial(_options, given), partial(read_question, load_it, asked))
    warn([question.scenario], given.quiet)
    with simulating():
        found = foretold(question, how)
    print(forecast_text(found.table("forecast_about"), found.table("forecast_totals"), found.table("forecast_window")))
    draw(found, given.quiet)


@app.command()
@grouped
def rolling(
    calibration: Annotated[str, typer.Argument(metavar="CALIBRATION", help="Folder with posterior_<origin>.parquet.")],
    given: Running,
    plan: Annotated[str | None, typer.Option(help="Origins; default: configs/forecasts/rolling.yaml.")] = None,
    members: Annotated[int | None, typer.Option(min=2, help="Members of each forecast.")] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Also renew the scores that every report shows.")] = False,
) -> None:
    """Forecasts from past origins against what then happened, next to four statistical rivals on the same months."""
    from sim.cli.words_forecasts import rolling_text
    from sim.experiment.forecasts.rolling import posteriors_in, read_trials, ship_scores
    from sim.experiment.forecasts.rolling import rolling as rolled
    from sim.experiment.variants import read_together

    posterior_for = posteriors_in(calibration)
    how, trials = read_together(
        partial(_options, given), partial(read_trials, plan, posterior_for, members, given.overrides)
    )
    with simulating():
        found = rolled(trials, how)
    print(rolling_text(found.table("rolling")))
    if ship:
        print(f"shipped: {ship_scores(found)}")
    draw(found, given.quiet)


def _options(given: Running) -> Options:
    """How to run; errors as `sim.cli.terminal.options`."""
    from sim.experiment.executors import check_executor
    from sim.experiment.study import Options

    check_executor(given.executor, given.scheduler)
    return Options(
        workers=given.workers, executor=given.executor, out=given.out, command=given_command(),
        progress=None if given.quiet else progress, scheduler=given.scheduler, warn=warning,
    )  # fmt: skip


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
