"""What a calibration makes of the numbers: median and 90 % range, and how much narrower that is than the prior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.experiment.calibration.shipped import POSTERIOR, shipped_parameters
from sim.report.text import short

if TYPE_CHECKING:
    from sim.scenario import Meta

WEIGHT = "weight"
LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
LEAST = 0.1  # share by which the spread must shrink to count as informed


@dataclass(frozen=True, slots=True)
class Informed:
    """The posterior of one number, in its unit; `narrowed` is the share by which the spread shrank, None if unknown."""

    median: float
    low: float
    high: float
    narrowed: float | None

    def is_moved_from(self, value: float | None) -> bool:
        """Whether the data say something of it: its spread shrank, or the value in use is not among the likely."""
        is_away = value is not None and not self.low <= value <= self.high
        return is_away or (self.narrowed is not None and self.narrowed >= LEAST)

    def __str__(self) -> str:
        """Median, range, and how far from the prior.

        >>> str(Informed(5500.0, 4000.0, 7000.0, 0.63)), str(Informed(0.5, 0.06, 0.94, 0.02))
        ('5,500 (4,000 to 7,000), 63 % narrower', '0.5 (0.06 to 0.94), as its prior')
        """
        text = f"{short(self.median)} ({short(self.low)} to {short(self.high)})"
        if self.narrowed is None:
            return text
        if abs(self.narrowed) < LEAST:
            return f"{text}, as its prior"
        return f"{text}, {abs(self.narrowed):.0%}".replace("%", " %") + (" narrower" if self.narrowed > 0 else " wider")


def read_informed(catalogue: Mapping[str, Meta], file: Path = POSTERIOR) -> dict[str, Informed] | None:
    """The posterior of each number that the table and the catalogue know; None if there is no table.

    The table has a column a setting, or a part of one (`gangs.seats_per_boat.2023`), a row a draw, and perhaps a column
    `weight`. How much narrower than its prior each is, the calibration's own table says for the shipped posterior; for
    another one the prior is taken as uniform over the plausible range.
    """
    if not file.is_file():
        return None
    table = pd.read_parquet(file)
    numeric = [name for name in table.select_dtypes("number").columns if name != WEIGHT]
    metas = {name: _meta(str(name), catalogue) for name in numeric}
    told = shipped_parameters() if file == POSTERIOR else pd.DataFrame()
    known = dict(zip(told["parameter"], told["narrowed"], strict=True)) if len(told) else {}
    found = {name: _informed(table, name, meta) for name, meta in metas.items() if meta is not None}
    return {name: replace(each, narrowed=known.get(name, each.narrowed)) for name, each in found.items()}


def _meta(name: str, catalogue: Mapping[str, Meta]) -> Meta | None:
    """What is known of a setting, or of the setting whose part it is."""
    while name and name not in catalogue:
        name = name.rpartition(".")[0]
    return catalogue.get(name)


def _informed(table: pd.DataFrame, name: str, meta: Meta) -> Informed:
    weights = table[WEIGHT].to_numpy(float) if WEIGHT in table else np.ones(len(table))
    low, median, high = np.quantile(
        table[name].to_numpy(float), [LOW, MIDDLE, HIGH], weights=weights, method="inverted_cdf"
    )
    narrowed = None
    if meta.low is not None and meta.high is not None and meta.low < meta.high:
        narrowed = 1 - float(high - low) / ((HIGH - LOW) * (meta.high - meta.low))
    return Informed(float(median), float(low), float(high), narrowed)
