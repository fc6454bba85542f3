"""Captions as data: what a page of `style.page` says, in the picture's files, and out of them again."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEAD = 20_000
"""Characters of an SVG in which its caption stands: it comes first."""


class Caption(NamedTuple):
    """A figure's words: its title, its finding, and the note with numbers of runs, meaning of intervals, sources."""

    title: str
    finding: str
    note: str

    @property
    def alt(self) -> str:
        """Title and finding, as the text that stands for the picture."""
        return " ".join(part for part in (_ended(self.title), self.finding) if part)

    @property
    def svg(self) -> str:
        """As elements of an SVG: `<title>`, and `<desc>` with the finding on the first line and the note below."""
        title, told = (escape(text, quote=False) for text in (self.title, f"{self.finding}\n{self.note}"))
        return f"<title>{title}</title><desc>{told}</desc>"


def caption(figure: Figure) -> Caption:
    """The words of a page, without its line breaks; empty where it has none."""
    said = {text.get_gid(): text.get_text().replace("\n", " ") for text in figure.texts}
    return Caption(*(said.get(name, "") for name in Caption._fields))


def read_caption(path: Path) -> Caption | None:
    """The caption of an SVG that was written here; None if it has none."""
    with path.open(encoding="utf-8") as file:
        head = file.read(HEAD)
    found = re.search(r"<title>([^<]*)</title><desc>([^<\n]*)\n([^<]*)</desc>", head)
    return Caption(*map(unescape, found.groups())) if found else None


def _ended(title: str) -> str:
    return title if not title or title[-1] in ".?!" else f"{title}."
