"""The table of a forecast: `metric, period, start, quantile, value`, read and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.domain.randomness import Floats
from sim.experiment.forecasts.periods import PERIODS
from sim.experiment.forecasts.scores import LEVELS
from sim.scenario import Problem, ScenarioError

TABLE = "forecast.parquet"
NEEDED = ("metric", "period", "start", "quantile", "value")
KEY = ["metric", "period", "start"]
NEAR = 1e-9  # by which a level may miss its decimals
MOST_NAMED = 3  # periods named of one kind of problem


@dataclass(frozen=True, slots=True)
class Outlook:
    """The forecast of one metric in weeks or months: starts in order, quantiles (periods, levels)."""

    metric: str
    period: str
    starts: pd.DatetimeIndex
    quantiles: Floats


@dataclass(frozen=True, slots=True)
class Forecast:
    """All that a forecast says, and the folder that tables about it go to."""

    file: Path
    outlooks: tuple[Outlook, ...]

    @property
    def first(self) -> pd.Timestamp:
        """The first day that is forecast."""
        return min(outlook.starts[0] for outlook in self.outlooks)


def read_forecast(name: str) -> Forecast:
    """A forecast by its results folder, the folder's name under `results/`, or its table (Parquet or CSV).

    Raises:
        ScenarioError: it is not there or cannot be read, columns or quantiles are missing, values are no numbers,
            negative or cross, or starts are no weeks or months.
    """
    path = _found(name)
    table = _table(path)
    lacking = [column for column in NEEDED if column not in table.columns]
    if lacking:
        raise ScenarioError(
            Problem(column, "this column is missing", ", ".join(map(str, table.columns)), ", ".join(NEEDED), str(path))
            for column in lacking
        )
    table = table.assign(
        start=pd.to_datetime(table["start"], errors="coerce", format="ISO8601"),
        quantile=pd.to_numeric(table["quantile"], errors="coerce"),
        value=pd.to_numeric(table["value"], errors="coerce"),
    )
    problems = list(_cell_problems(table))
    if not problems:
        table = table.assign(quantile=_snapped(table["quantile"]))
        problems = [*_level_problems(table), *_start_problems(table)]
    if problems:
        raise ScenarioError(Problem(p.setting, p.message, p.given, p.allowed, str(path)) for p in problems)
    return Forecast(path, tuple(_outlooks(table)))


def _found(name: str) -> Path:
    given = Path(name)
    tried = [given / TABLE, given, Path("results") / name / TABLE]
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        places = ", ".join(str(path) for path in (tried[0], tried[2]))
        raise ScenarioError([Problem("", "there is no such forecast", name, f"{places}, or a file")])
    return found


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ScenarioError([Problem("", f"cannot be read as a table: {why}", file=str(path))]) from None


def _snapped(levels: pd.Series) -> pd.Series:
    """Levels with rounding errors taken off."""
    return levels.map(lambda level: next((known for known in LEVELS if abs(level - known) < NEAR), level))


def _cell_problems(table: pd.DataFrame) -> Iterator[Problem]:
    """Cells that hold nothing that can be meant."""
    if table.empty:
        yield Problem("", "holds no forecast")
    other = table["period"][~table["period"].isin(PERIODS)]
    if len(other):
        yield Problem("period", "unknown", ", ".join(map(str, other.unique()[:MOST_NAMED])), ", ".join(PERIODS))
    for column, allowed in (("start", "ISO dates"), ("quantile", "levels between 0 and 1"), ("value", "numbers")):
        wrong = int(table[column].isna().sum())
        if wrong:
            yield Problem(column, f"{wrong} rows hold none that can be read", "", allowed)
    if not np.isfinite(table["value"].dropna()).all():
        yield Problem("value", "not finite")
    below = int((table["value"] < 0).sum())
    if below:
        yield Problem("value", f"{below} rows are negative, of people or boats", "", "0 or more")


def _level_problems(table: pd.DataFrame) -> Iterator[Problem]:
    """Periods whose quantiles are missing, doubled or crossing."""
    lacking, doubled, crossing = [], [], []
    for key, mine in table.groupby(KEY, sort=True):
        known = mine[mine["quantile"].isin(LEVELS)].sort_values("quantile", kind="stable")
        if known["quantile"].duplicated().any():
            doubled.append(key)
        elif len(known) < len(LEVELS):
            lacking.append(key)
        elif (np.diff(known["value"].to_numpy()) < 0).any():
            crossing.append(key)
    levels = ", ".join(f"{level:g}" for level in LEVELS)
    for wrong, message, allowed in (
        (lacking, "quantiles are missing", levels),
        (doubled, "quantiles are doubled", "each once"),
        (crossing, "quantiles cross: a higher one has a lower value", "values that do not fall"),
    ):
        if wrong:
            yield Problem("quantile", message, _named(wrong), allowed)


def _start_problems(table: pd.DataFrame) -> Iterator[Problem]:
    """Months that start within one, weeks that overlap."""
    inside = table[(table["period"] == "month") & (table["start"].dt.day != 1)]
    if len(inside):
        yield Problem("start", "months start on the first", _named(_keys(inside)))
    weeks = table[table["period"] == "week"]
    first = weeks.groupby("metric")["start"].transform("min")
    odd = weeks[(weeks["start"] - first).dt.days % 7 != 0]
    if len(odd):
        yield Problem("start", "weeks are no whole weeks apart", _named(_keys(odd)))


def _keys(table: pd.DataFrame) -> list[Any]:
    return list(table[KEY].drop_duplicates().itertuples(index=False, name=None))


def _named(keys: list[Any]) -> str:
    """The first few periods, and how many more.

    >>> _named([("arrivals", "month", pd.Timestamp("2024-07-01"))] * 5)[-11:]
    ' and 2 more'
    """
    shown = ", ".join(f"{metric} {period} {start:%Y-%m-%d}" for metric, period, start in keys[:MOST_NAMED])
    more = len(keys) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _outlooks(table: pd.DataFrame) -> Iterator[Outlook]:
    for (metric, period), mine in table.groupby(["metric", "period"], sort=False):
        wide = mine[mine["quantile"].isin(LEVELS)].pivot(index="start", columns="quantile", values="value").sort_index()
        values = wide[list(LEVELS)].to_numpy(dtype=np.float64)
        yield Outlook(str(metric), str(period), pd.DatetimeIndex(wide.index), values)
