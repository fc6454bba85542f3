"""Tables of a results folder, each read from disk once however many figures need it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.figures.run import Results


class Tables:
    """A view of results for one round of drawing; figures do not change the tables they get."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._read: dict[str, pd.DataFrame] = {}

    @property
    def folder(self) -> Path:
        """Where the tables lie."""
        return self._results.folder

    def table(self, name: str) -> pd.DataFrame:
        """One table by its name."""
        if name not in self._read:
            self._read[name] = self._results.table(name)
        return self._read[name].copy(deep=False)
