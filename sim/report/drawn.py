"""The figures that were drawn for a results folder, inlined as pictures that keep their words and run no script."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.figures import section
from sim.figures.captions import read_caption

VIEW_BOX = re.compile(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"')
ESCAPED = {"%": "%25", "#": "%23", '"': "%22", "&": "&amp;"}
"""What would end the address or the attribute, the sign that escapes first."""
PROLOGUE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->", re.DOTALL)


def drawn_figures(folder: Path) -> list[dict[str, Any]]:
    """Every figure in a folder of figures, by name, as the macro `drawn` of `page/parts.html` shows it.

    Each has `name`, `section` (the part of the report it belongs to), `question`, `how` (how to read it, may be empty),
    `alt` (title and finding), `note` (n, meaning of intervals, sources), `source` (a data URL), `width`, `height`.
    """
    return [drawn_figure(path) for path in sorted(folder.glob("*.svg"))]


def drawn_figure(path: Path) -> dict[str, Any]:
    """One figure; its module is found by the file's name."""
    svg, module = path.read_text(encoding="utf-8"), import_module(f"sim.figures.{path.stem}")
    question = (module.draw.__doc__ or path.stem).strip().splitlines()[0]
    caption = read_caption(path)
    width, height = _size(svg)
    return {
        "name": path.stem, "section": section(path.stem), "question": question, "how": getattr(module, "READ", ""),
        "alt": caption.alt if caption else question, "note": caption.note if caption else "",
        "source": data_url(svg), "width": width, "height": height,
    }  # fmt: skip


def data_url(svg: str) -> Markup:
    """An SVG as the value of a `src` attribute in double quotes.

    Only what would end the attribute or the address is escaped, so that the page grows by a few per cent where base64
    would add a third. As an image it runs no script, whatever it holds.
    """
    text = " ".join(PROLOGUE.sub("", svg).split())
    for sign, code in ESCAPED.items():
        text = text.replace(sign, code)
    return Markup(f"data:image/svg+xml;charset=utf-8,{text}")


def _size(svg: str) -> tuple[int, int]:
    """Width and height in points, so that the page keeps the room before the picture is there."""
    found = VIEW_BOX.search(svg)
    return (round(float(found[1])), round(float(found[2]))) if found else (0, 0)
