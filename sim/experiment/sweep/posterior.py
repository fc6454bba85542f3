"""The table of a posterior design: a column a setting, a row a joint value, and perhaps a column `weight`."""

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.calibration.shipped import POSTERIOR
from sim.experiment.sweep.block import Block
from sim.experiment.sweep.designs import drawn_by_weight
from sim.scenario.errors import Problem, shown
from sim.scenario.source import Place

WEIGHT = "weight"
READERS: dict[str, Callable[[FilePath], pd.DataFrame]] = {".parquet": pd.read_parquet, ".csv": pd.read_csv}
TABLE_FORM = "a .parquet or .csv file with a column a setting and, if rows differ in weight, a column weight"


def read_posterior(name: Any, at: Place, samples: Any, block: Block) -> dict[str, list[Any]] | None:
    """The values of each setting in the rows drawn: by weight, or each row once if no samples are asked for.

    Without a name it is the shipped posterior. None if the table cannot serve. The file is looked for beside the
    sweep's file and in the working directory; what is wrong is noted on the source.
    """

    table, wrong = _table(name, FilePath(at.file).parent)
    settings = [column for column in table.columns if column != WEIGHT]
    weights = _weights(table)
    if not wrong and (table.empty or not settings):
        wrong = "holds no rows" if settings else "has no column beside the weight"
    elif table[settings].isna().to_numpy().any():
        wrong = "lacks values in some rows"
    elif weights is None:
        wrong = "holds weights that are not numbers of at least 0 with a positive sum"
    if wrong or weights is None:
        told = "" if name is None else shown(name)
        block.source.problems.append(Problem("table", wrong, told, TABLE_FORM, at.file, at.line))
        return None
    rows = list(range(len(table))) if samples is None else drawn_by_weight(weights, int(samples), block.generator())
    return {setting: table[setting].iloc[rows].tolist() for setting in settings}


def _table(name: Any, near: FilePath) -> tuple[pd.DataFrame, str]:
    """The table as it stands in the file, and what is wrong with the file."""
    none = pd.DataFrame()
    if name is not None and not isinstance(name, str):
        return none, "names no file"
    places = (POSTERIOR,) if name is None else (near / name, FilePath(name))
    file = next((path for path in places if path.is_file()), None)
    if file is None:
        return none, "no such file"
    if file.suffix not in READERS:
        return none, f"cannot be read: a file of kind {file.suffix!r}"
    try:
        return READERS[file.suffix](file).rename(columns=str), ""
    except (ValueError, OSError) as error:
        return none, f"cannot be read: {' '.join(str(error).split())}"


def _weights(table: pd.DataFrame) -> Floats | None:
    """A weight a row, all one if there is no such column; None if they cannot be weights."""
    if WEIGHT not in table:
        return np.ones(len(table))
    weights = np.asarray(pd.to_numeric(table[WEIGHT], errors="coerce"), dtype=float)
    fine = bool(np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0)
    return weights if fine else None
