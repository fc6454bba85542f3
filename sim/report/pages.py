"""What all pages share: templates with escaped text, styles and scripts inlined, the charting library inlined once."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from vl_convert import javascript_bundle

from sim.report.text import true_minus

TEMPLATES, STATIC = "page", "static"


def write_page(template: str, path: Path, content: dict[str, Any]) -> Path:
    """Fill a template of `sim/report/page/` and write it as one self-contained file, whole or not at all."""
    text = environment().get_template(template).render(**content)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
    return path


def environment() -> Environment:
    """Templates in which text is escaped; `static(name)` inlines a style or script of `sim/report/static/`.

    `minus` sets real minus signs in a cell of numbers.
    """
    loader = PackageLoader("sim.report", TEMPLATES)
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.globals |= {"static": static, "library": library, "data": as_data}
    found.filters["minus"] = true_minus
    return found


def static(name: str) -> Markup:
    """A style or script as it stands: it is ours, and holds nothing that came from a scenario."""
    return Markup((files("sim.report") / STATIC / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def library() -> Markup:
    """Vega, Vega-Lite and Vega-Embed as one script that needs no network (some 0.9 MB, from vl-convert)."""
    return Markup(javascript_bundle())  # type: ignore[call-arg]  # its stub asks for what has a default


def as_data(value: Any) -> Markup:
    """JSON for a `<script type="application/json">`: no text in it can end the script or open a comment.

    >>> print(as_data({"name": "</b> & <i>"}).replace(chr(92), "/"))
    {"name":"/u003c/b/u003e /u0026 /u003ci/u003e"}

    Raises:
        ValueError: a number is not finite; JSON has none such.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for sign in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
