"""Figures: one file each, a function `draw(results)` from tables to a Figure with its question as docstring.

Adding a file with a `draw` adds a figure. It is drawn in folders that hold its `TABLES`, by default those of a run,
and stands in that `SECTION` of the report. Nothing here simulates; matplotlib is loaded when figures are drawn.
"""

from __future__ import annotations

from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.figures.run import Results

__all__ = ["SECTIONS", "draw", "draw_all", "figure_names", "section"]

RUN_TABLES = ("runs", "daily")  # what a run of scenarios leaves; figures of another answer name theirs as TABLES
SECTIONS = ("key", "map", "pipeline", "moved", "costs", "market", "uncertainty", "fit", "more")
SLOW = ("market", "beliefs", "cumulative", "map")


@lru_cache(maxsize=1)
def figure_names() -> list[str]:
    """The names of all figures: the modules of this package that have a `draw`."""
    names = sorted(module.name for module in iter_modules(__path__))
    return [name for name in names if hasattr(_module(name), "draw")]


def section(name: str) -> str:
    """The part of the report, of SECTIONS, that a figure belongs to."""
    return str(getattr(_module(name), "SECTION", SECTIONS[-1]))


def draw_all(results: Results) -> list[Path]:
    """Draw every figure the tables allow into `figures/` of the results folder, as PNG and SVG; returns the files.

    The files are the same byte for byte, in however many processes they are drawn.
    """
    from sim.figures.drawing import each
    from sim.figures.run import facts
    from sim.figures.tables import Tables

    folder = results.folder / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for name in figure_names():
        if not _has_tables(name, results):
            _remove(*_files(name, folder))
    facts(results)  # read before there are copies of this process
    work = partial(_drawn, results=Tables(results), folder=folder)
    names = [name for name in figure_names() if _has_tables(name, results)]
    return [path for paths in each(work, names, SLOW) for path in paths]


def draw(name: str, results: Results) -> Any:
    """One figure, or None if the folder lacks its tables or they have nothing to show."""
    return _module(name).draw(results) if _has_tables(name, results) else None


def _drawn(name: str, results: Results, folder: Path) -> list[Path]:
    from sim.figures.saving import save

    figure, paths = draw(name, results), _files(name, folder)
    if figure is None:
        _remove(*paths)
        return []
    save(figure, *paths)
    return list(paths)


def _module(name: str) -> Any:
    return import_module(f"{__name__}.{name}")


def _has_tables(name: str, results: Results) -> bool:
    needed = getattr(_module(name), "TABLES", RUN_TABLES)
    return all((results.folder / f"{table}.parquet").exists() for table in needed)


def _files(name: str, folder: Path) -> tuple[Path, Path]:
    return folder / f"{name}.png", folder / f"{name}.svg"


def _remove(*stale: Path) -> None:
    for path in stale:
        path.unlink(missing_ok=True)
