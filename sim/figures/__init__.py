"""Figures: one file each, a function `draw(results)` from tables to a Figure with its question as docstring.

Adding a file with a `draw` adds a figure. Nothing here simulates; matplotlib is loaded when figures are drawn.
"""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.figures.run import Results

__all__ = ["DPI", "draw_all", "figure_names"]

DPI = 160
COLOURS = 256


def figure_names() -> list[str]:
    """The names of all figures: the modules of this package that have a `draw`."""
    names = sorted(module.name for module in iter_modules(__path__))
    return [name for name in names if hasattr(import_module(f"{__name__}.{name}"), "draw")]


def draw_all(results: Results) -> list[Path]:
    """Draw every figure the tables allow into `figures/` of the results folder, as PNG and SVG; returns the files."""
    folder = results.folder / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    return [path for name in figure_names() for path in _drawn(name, results, folder)]


def _drawn(name: str, results: Results, folder: Path) -> list[Path]:
    figure = import_module(f"{__name__}.{name}").draw(results)
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
        figure.savefig(svg, metadata={"Date": None})
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(png, optimize=True, dpi=(DPI, DPI))
