"""The split of the difference in arrivals as rows of text: what became of the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.intervals import mean_interval
from sim.metrics.displacement import KINDS
from sim.report.text import amount

if TYPE_CHECKING:
    import pandas as pd

HEAD = ["scenario", "of the people", "dimension", "fewer arrivals, net", "95 % low", "high", "lost", "gained"]


def split_rows(displacement: pd.DataFrame) -> list[list[str]]:
    """Mean arrivals fewer (net, with its interval), lost and gained by class; the head first, the sum last.

    Classes in which nobody is in any scenario are left out, and so are people who arrived in both worlds.
    """
    counted = displacement[displacement["of_arrivals"]]
    used = set(counted.loc[(counted["lost"] > 0) | (counted["gained"] > 0), "kind"])
    rows = [HEAD]
    for scenario, mine in counted.groupby("scenario", sort=False):
        by_kind = {str(kind): table for kind, table in mine.groupby("kind", sort=False)}
        for kind, about in KINDS.items():
            if kind in used:
                rows.append([str(scenario), about.words, about.dimension, *_numbers(by_kind[kind])])
        together = mine.groupby("replication", as_index=False)[["people", "lost", "gained"]].sum()
        rows.append([str(scenario), "all together", "", *_numbers(together)])
    return rows


def _numbers(table: pd.DataFrame) -> list[str]:
    """Net with its interval, lost and gained, each a mean over the replications (rows)."""
    net = mean_interval(table["people"].to_numpy(dtype=float))
    return [amount(value) for value in (*net, float(np.mean(table["lost"])), float(np.mean(table["gained"])))]
