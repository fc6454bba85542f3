"""Commands that read a finished sweep and run nothing: sensitivity, discover."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import MetricName, Quiet
from sim.cli.terminal import FAILED, app, draw, stop

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sim.experiment.results import Results
    from sim.experiment.swept import Swept

SweptName = Annotated[str, typer.Argument(metavar="SWEEP", help="A finished sweep: its file, its name, or a folder.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Of the resampling; default: that of the sweep.")]


@app.command()
def sensitivity(
    sweep: SweptName,
    metric: MetricName = None,
    best: Annotated[str, typer.Option("--best", help="Which policy is best: lowest or highest.")] = "lowest",
    seed: Seed = None,
    quiet: Quiet = False,
) -> None:
    """What an outcome depends on, and which uncertain setting, if known, would change the ranking of policies.

    Sobol or Morris indices where the design has them, else regression; the policies of a sweep are its scenarios with
    each row of its levers.
    """
    from sim.experiment.information import FEWEST_FUTURES, information
    from sim.experiment.sensitivity import sensitivity as analysed
    from sim.experiment.swept import read_outcome
    from sim.report.explorer.sweep_words import information_text, sensitivity_text, setting_order

    swept = _swept(sweep)
    outcome = read_outcome(swept, metric)
    drawn = _seed(swept, seed)
    tables = {"sensitivity": analysed(swept, outcome, drawn), "information": information(swept, outcome, best, drawn)}
    if tables["information"].empty:
        (swept.folder / "information.parquet").unlink(missing_ok=True)
        del tables["information"]
    print(sensitivity_text(tables["sensitivity"], outcome.compared))
    if "information" in tables:
        print("\n" + information_text(tables["information"], setting_order(tables["sensitivity"])))
    elif swept.varied("uncertainty"):
        print(f"\nWhat knowing a setting is worth needs two policies in {FEWEST_FUTURES} sampled futures.")
    draw(_kept(swept, tables), quiet)


@app.command()
def discover(
    sweep: SweptName,
    metric: MetricName = None,
    target: Annotated[str | None, typer.Option(help="Difference to the baseline: -2000, or -10% of its mean.")] = None,
    fails: Annotated[
        str | None, typer.Option(help="A policy fails above or below the target; default: above a reduction.")
    ] = None,
    seed: Seed = None,
    quiet: Quiet = False,
) -> None:
    """Where a policy fails its aim: the ranges of the uncertain settings in which it does, found with PRIM.

    The aim is that of the sweep unless a target is given.
    """
    from sim.experiment.discover import discover as found
    from sim.experiment.discover import read_missed
    from sim.report.explorer.sweep_words import discover_text

    swept = _swept(sweep)
    missed = read_missed(swept, metric, target, fails)
    tables = found(swept, missed, _seed(swept, seed))
    print(discover_text(tables["discover_boxes"], tables["discover"]))
    draw(_kept(swept, tables), quiet)


def _swept(name: str) -> Swept:
    """A finished sweep by its folder, its name under `results/`, or its file."""
    from sim.experiment.swept import read_swept

    path = Path(name)
    return read_swept(path if path.is_dir() else Path("results") / path.stem, name)


def _seed(swept: Swept, given: int | None) -> int:
    return int(swept.facts["seed"]) if given is None else given


def _kept(swept: Swept, tables: Mapping[str, pd.DataFrame]) -> Results:
    """The sweep's results with these tables added."""
    from sim.experiment.results import Results, write_table

    try:
        for name, table in tables.items():
            write_table(table, swept.folder / f"{name}.parquet")
    except OSError as error:
        stop(f"cannot write the results: {error}", FAILED)
    return Results(swept.folder)
