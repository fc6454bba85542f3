"""Figures: one file each, a function `draw(results)` from tables to a Figure with its question as docstring.

Adding a file with a `draw` adds a figure. It is drawn in folders that hold its `TABLES`, by default those of a run.
Nothing here simulates; matplotlib is loaded when figures are drawn.
"""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.figures.run import Results

__all__ = ["DPI", "draw", "draw_all", "figure_names"]

DPI = 160
COLOURS = 256
PLACES = 6  # decimals of an axes' place, as a share of the page: far below a pixel
RUN_TABLES = ("runs", "daily")  # what a run of scenarios leaves; figures of another answer name theirs as TABLES


def figure_names() -> list[str]:
    """The names of all figures: the modules of this package that have a `draw`."""
    names = sorted(module.name for module in iter_modules(__path__))
    return [name for name in names if hasattr(import_module(f"{__name__}.{name}"), "draw")]


def draw_all(results: Results) -> list[Path]:
    """Draw every figure the tables allow into `figures/` of the results folder, as PNG and SVG; returns the files."""
    folder = results.folder / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    return [path for name in figure_names() for path in _drawn(name, results, folder)]


def draw(name: str, results: Results) -> Any:
    """One figure, or None if the folder lacks its tables or they have nothing to show."""
    module = import_module(f"{__name__}.{name}")
    needed = getattr(module, "TABLES", RUN_TABLES)
    whole = all((results.folder / f"{table}.parquet").exists() for table in needed)
    return module.draw(results) if whole else None


def _drawn(name: str, results: Results, folder: Path) -> list[Path]:
    figure = draw(name, results)
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    if figure is None:
        for stale in paths:
            stale.unlink(missing_ok=True)
        return []
    _save(figure, *paths)
    return paths


def _save(figure: Any, png: Path, svg: Path) -> None:
    from PIL import Image

    from sim.figures.style import look

    drawn = BytesIO()
    with look():
        figure.savefig(drawn, dpi=DPI)
        figure.set_layout_engine("none")  # as laid out for the PNG
        _settle(figure)
        figure.savefig(svg, metadata={"Date": None})
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(png, optimize=True, dpi=(DPI, DPI))


def _settle(figure: Any) -> None:
    """Round the places of the axes: the layout's solver may differ in the last binary digit from call to call."""
    for axes in figure.axes:
        axes.set_position([round(edge, PLACES) for edge in axes.get_position(original=True).bounds])
