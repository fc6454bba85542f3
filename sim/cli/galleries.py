"""The command that makes the gallery of the docs from finished runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.options import Quiet
from sim.cli.terminal import FAILED, WRONG_INPUT, app, stop


@app.command()
def gallery(
    results: Annotated[Path, typer.Option(metavar="DIR", help="The folder with the runs.")] = Path("results"),
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder of the docs.")] = Path("docs"),
    only: Annotated[str | None, typer.Option(help="Figures to draw, as effects,map; default: all.")] = None,
    page_only: Annotated[bool, typer.Option("--page-only", help="Draw nothing; the page from the images.")] = False,
    quiet: Quiet = False,
) -> None:
    """Draw every figure from runs of the shipped scenarios into docs/gallery/, and write docs/gallery.md around them.

    Nothing is simulated: runs that are missing are named, with the commands that make them.
    """
    from sim.report.gallery import GalleryError, draw_images, write_page

    try:
        drawn = (
            [] if page_only else draw_images(results, out, [name.strip() for name in only.split(",")] if only else ())
        )
        page = write_page(out)
    except GalleryError as error:
        stop(str(error), WRONG_INPUT)
    except OSError as error:
        stop(f"cannot write the gallery: {error}", FAILED)
    for path in [] if quiet else drawn:
        print(path, file=sys.stderr)
    print(f"gallery: {page}")
