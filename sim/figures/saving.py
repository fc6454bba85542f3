"""Files of a figure: a PNG for print and an SVG for screens, laid out once, each with its caption inside."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from sim.figures.captions import Caption, caption
from sim.figures.lettering import PlainHalos
from sim.figures.slim import slim
from sim.figures.style import look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 300
COLOURS = 256
EXACT, NEAR, EVERY = 96, 4, 3
"""So many of the most frequent colours are kept exactly, if one so near is there; every third pixel is counted."""
PLACES = 6  # decimals of an axes' place, as a share of the page: far below a pixel
NAMELESS: Any = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def save(figure: Figure, png: Path, svg: Path) -> None:
    """Write both files; the same figure gives the same bytes."""
    words = caption(figure)
    with look():
        _lay_out(figure)
        text, pixels = StringIO(), BytesIO()
        with PlainHalos(figure):
            figure.savefig(text, format="svg", metadata=NAMELESS)
        figure.savefig(pixels, format="rgba", dpi=DPI)
    svg.write_text(slim(text.getvalue(), words), encoding="utf-8")
    _picture(figure, pixels.getvalue()).save(png, compress_level=6, dpi=(DPI, DPI), pnginfo=_told(words))


def _lay_out(figure: Figure) -> None:
    """Once for both files; places are rounded, for the solver may differ in the last binary digit."""
    engine = figure.get_layout_engine()
    if engine is None:
        return
    engine.execute(figure)
    figure.set_layout_engine(None)
    for axes in figure.axes:
        left, low, width, height = (round(edge, PLACES) for edge in axes.get_position(original=True).bounds)
        axes.set_position((left, low, width, height))


def _picture(figure: Figure, pixels: bytes) -> Image.Image:
    """The figure in few colours."""
    width, height = (int(inches * DPI) for inches in figure.get_size_inches())
    whole = Image.frombuffer("RGBA", (width, height), pixels).convert("RGB")
    few = whole.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    few.putpalette(_true(np.array(few.getpalette()).reshape(-1, 3), whole).ravel().tolist())
    return few


def _true(palette: np.ndarray[Any, Any], whole: Image.Image) -> np.ndarray[Any, Any]:
    """A palette in which the picture's main colours are what they are, not almost: white paper is white."""
    part = whole.resize((whole.width // EVERY, whole.height // EVERY), Image.Resampling.NEAREST)
    found: Any = part.getcolors(part.width * part.height)
    taken: set[int] = set()
    for _, colour in sorted(found, reverse=True)[:EXACT]:
        apart = np.abs(palette - np.array(colour)).max(axis=1)
        place = int(apart.argmin())
        if apart[place] <= NEAR and place not in taken:
            palette[place] = colour
            taken.add(place)
    return palette


def _told(words: Caption) -> PngInfo:
    """The caption as a PNG's text chunks."""
    told = PngInfo()
    for key, text in (("Title", words.title), ("Description", words.finding), ("Source", words.note)):
        told.add_itxt(key, text)
    return told
