"""Paired differences as the page tells them: a metric's, and those of sums of metrics that belong together."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.experiment.intervals import mean_interval
from sim.report.text import amount, true_minus

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results

TOLL, NET = "deaths_together", "net_in_uk"
TOGETHER = {
    TOLL: {"deaths": 1, "lorry_deaths": 1},
    NET: {"arrivals": 1, "lorry_arrivals": 1, "admitted": 1, "returned": -1},
}
"""Sums of metrics, added up in each replication: a policy that moves people to lorries moves deaths there too."""


class Effect(NamedTuple):
    """A paired difference with its 95 % interval, the relative change, and the means on both sides (NaN if none)."""

    difference: float
    low: float
    high: float
    relative: float
    before: float
    after: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low * self.high > 0

    @property
    def interval(self) -> str:
        """The interval in words; one pair has none."""
        return "" if isnan(self.low) else between(self.low, self.high)


def effects(results: Results, scenario: str) -> dict[str, Effect]:
    """Every paired difference of one policy by metric, and those of `TOGETHER`."""
    table, levels = results.effects, results.summary.set_index(["scenario", "metric"])["mean"].to_dict()
    missing = float("nan")
    found = {
        row["metric"]: Effect(
            row["difference"], row["low"], row["high"], row["relative"],
            levels.get((row["baseline"], row["metric"]), missing), levels.get((scenario, row["metric"]), missing),
        )
        for row in table[table["scenario"] == scenario].to_dict("records")
    }  # fmt: skip
    runs = results.table("runs")
    base = str(results.provenance["baseline"])
    sums = {name: parts for name, parts in TOGETHER.items() if set(parts) <= set(runs)}
    return found | {name: _together(_of(runs, scenario), _of(runs, base), parts) for name, parts in sums.items()}


def _of(runs: pd.DataFrame, scenario: str) -> pd.DataFrame:
    return runs[runs["scenario"] == scenario].set_index("replication")


def _together(mine: pd.DataFrame, base: pd.DataFrame, parts: dict[str, int]) -> Effect:
    """The paired difference of a sum of metrics."""
    names, signs = list(parts), np.array(list(parts.values()), dtype=float)
    both = mine.index.intersection(base.index)
    after, before = (runs.loc[both, names].to_numpy(float) @ signs for runs in (mine, base))
    mean, low, high = mean_interval(after - before)
    level = float(np.mean(before))
    return Effect(mean, low, high, mean / level if level else float("nan"), level, float(np.mean(after)))


def between(low: float, high: float) -> str:
    """An interval in words, with signs; one pair of runs has none.

    >>> between(-524.4, -219.2), between(-0.5, 12), between(float("nan"), float("nan"))
    ('−524 to −219', '−0.5 to +12', '–')
    """
    return "–" if isnan(low) or isnan(high) else f"{signed(low)} to {signed(high)}"


def signed(value: float) -> str:
    """A change with its sign.

    >>> signed(-372.1), signed(4.1), signed(0.0)
    ('−372', '+4.1', '0')
    """
    return true_minus(("+" if value > 0 else "") + amount(value))
