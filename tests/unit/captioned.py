"""What every figure's caption has to say."""

import re
from collections.abc import Mapping

from matplotlib.figure import Figure

from sim.figures.captions import Caption, caption

COUNTED = re.compile(r"\b\d[\d,]* (to \d+ )?(replications?|pairs? of runs|futures?|members|draws|runs|months)\b")
MEANT = re.compile(r"interval|middle \d+|[Bb]ands? = |replication noise not shown|no spread can be shown")
SOURCED = re.compile(r"Observed: |Sources? of |Source: ")


def lacking(words: Caption) -> list[str]:
    """What a caption does not say."""
    said = {
        "title": bool(words.title),
        "finding": bool(words.finding),
        "how many runs": bool(COUNTED.search(words.note)),
        "what intervals mean": bool(MEANT.search(words.note)),
        "sources": bool(SOURCED.search(words.note)),
    }
    return [what for what, there in said.items() if not there]


def all_lacking(figures: Mapping[str, Figure]) -> dict[str, list[str]]:
    """The figures whose captions lack something, with what they lack."""
    found = {name: lacking(caption(figure)) for name, figure in figures.items()}
    return {name: what for name, what in found.items() if what}
