"""The split of the difference in arrivals as rows of text: what became of the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.intervals import mean_interval
from sim.figures.waterfall import DIMENSIONS
from sim.metrics.displacement import KINDS
from sim.report.effect import between, signed
from sim.report.text import without_sole
from sim.report.uncertainty.over_draws import words_of

if TYPE_CHECKING:
    import pandas as pd

HEAD = ["scenario", "what became of the people", "kind", "arrivals", "95 % interval", "lost", "gained"]


def split_rows(displacement: pd.DataFrame) -> list[list[str]]:
    """The change in arrivals with its interval, arrivals lost and gained by class; the head first, the sum last.

    Signs are those of the waterfall: a minus is fewer arrivals than in the baseline. Means over the replications.
    Classes in which nobody is in any scenario are left out, and so are people who arrived in both worlds.
    """
    counted = displacement[displacement["of_arrivals"]]
    used = set(counted.loc[(counted["lost"] > 0) | (counted["gained"] > 0), "kind"])
    rows = [HEAD]
    for scenario, mine in counted.groupby("scenario", sort=False):
        name = words_of(str(scenario))
        by_kind = {str(kind): table for kind, table in mine.groupby("kind", sort=False)}
        for kind, about in KINDS.items():
            if kind in used:
                rows.append([name, about.words, DIMENSIONS[about.dimension].words, *_numbers(by_kind[kind])])
        together = mine.groupby("replication", as_index=False)[["people", "lost", "gained"]].sum()
        rows.append([name, "all together", "", *_numbers(together)])
    return without_sole(rows, "scenario")


def _numbers(table: pd.DataFrame) -> list[str]:
    """The change with its interval, lost and gained, each a mean over the replications (rows)."""
    change, low, high = mean_interval(-table["people"].to_numpy(dtype=float))
    lost, gained = (float(np.mean(table[column])) for column in ("lost", "gained"))
    return [signed(change), between(low, high), signed(0.0 - lost), signed(gained)]
