"""Commands that bring tables out and explain them: export, dictionary."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from sim.cli.options import Quiet, RunName
from sim.cli.terminal import FAILED, app, finished, progress, show_page, stop


@app.command()
def export(
    run_name: RunName,
    kind: Annotated[str, typer.Option("--format", help="csv")] = "csv",
    tables: Annotated[str | None, typer.Option(metavar="A,B", help="As daily,runs; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to; default: csv/ in that of the run.")] = None,
    replication: Annotated[int | None, typer.Option(help="Rows of one replication only.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write tables as CSV, with a dictionary of their columns and a note on the run."""
    from sim.report.export import read_export, write_export

    wanted = read_export(finished(run_name), kind, tables, replication, out)
    begun = monotonic()

    def rows(done: int, total: int) -> None:
        progress(done, total, (monotonic() - begun) * (total - done) / max(done, 1))

    try:
        for path in write_export(wanted, None if quiet else rows):
            if not quiet:
                print(path)
    except OSError as error:
        stop(f"cannot write the tables: {error}", FAILED)


@app.command()
def dictionary(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write; without it the page is shown.")
    ] = None,
) -> None:
    """Every table that a command writes on one page: type, unit and meaning of each column."""
    from sim.report.dictionary import dictionary_page

    page = dictionary_page()
    show_page(page, out)
