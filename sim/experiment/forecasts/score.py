"""Score a forecast against what happened, next to its statistical rivals: a table of means and one of periods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.forecasts.observations import COLUMNS, reaching_back, read_daily
from sim.experiment.forecasts.periods import History, history, totals
from sim.experiment.forecasts.quantiles import Forecast, Outlook, read_forecast
from sim.experiment.forecasts.rivals import RIVALS, YEARS, NotFittedError, Predicted
from sim.experiment.forecasts.scores import (
    INTERVALS,
    LEVELS,
    crps_quantiles,
    crps_sample,
    held,
    place,
    share_interval,
)
from sim.scenario import Problem, ScenarioError

Read = TypeVar("Read")
FORECAST = "forecast"  # the model that is scored; the others are rivals
QUANTILE_COLUMNS = tuple(f"q{level:g}" for level in LEVELS)


@dataclass(frozen=True, slots=True)
class Matter:
    """What is scored: a forecast of one metric in one period, what happened, and what was known before."""

    outlook: Outlook
    observed: Floats
    left_out: int
    past: History


@dataclass(frozen=True, slots=True)
class Scored:
    """The tables, and the metrics of the forecast that were not observed."""

    folder: Path
    score: pd.DataFrame
    periods: pd.DataFrame
    unobserved: tuple[str, ...]


def score(forecast: str, observed: Path, earlier: Path) -> Scored:
    """Score a forecast (a folder, name or file) against a daily series; `earlier` holds the days before that series.

    Only periods that the series covers whole count. Rivals know the days before the first day that is forecast.

    Raises:
        ScenarioError: something is wrong with the files, or no period of the forecast was observed whole.
    """
    read, daily, before = _read(forecast, observed, earlier)
    known = reaching_back(daily, before)
    matters = [
        _matter(outlook, daily[column], known[column], read.first)
        for outlook in read.outlooks
        if (column := COLUMNS.get(outlook.metric)) in daily.columns and column
    ]
    scored = [matter for matter in matters if len(matter.observed)]
    if not scored:
        raise ScenarioError([_nothing_observed(read, daily, observed)])
    found = [_scored(matter) for matter in scored]
    unobserved = dict.fromkeys(o.metric for o in read.outlooks if COLUMNS.get(o.metric) not in daily.columns)
    return Scored(
        read.file.parent,
        pd.concat([means for means, _ in found], ignore_index=True),
        pd.concat([rows for _, rows in found], ignore_index=True),
        tuple(unobserved),
    )


def _read(forecast: str, observed: Path, earlier: Path) -> tuple[Forecast, pd.DataFrame, pd.DataFrame]:
    """All three files, every problem of them at once."""
    problems: list[Problem] = []
    read = _tried(lambda: read_forecast(forecast), problems)
    daily = _tried(lambda: read_daily(observed), problems)
    before = daily if earlier == observed else _tried(lambda: read_daily(earlier), problems)
    if read is None or daily is None or before is None:
        raise ScenarioError(problems)
    return read, daily, before


def _tried(read: Callable[[], Read], problems: list[Problem]) -> Read | None:
    """What is read, or nothing and what is wrong with it."""
    try:
        return read()
    except ScenarioError as error:
        problems += error.problems
        return None


def _matter(outlook: Outlook, daily: pd.Series, known: pd.Series, first: pd.Timestamp) -> Matter:
    observed = totals(daily, outlook.starts, outlook.period)
    there = ~np.isnan(observed)
    kept = replace(outlook, starts=outlook.starts[there], quantiles=outlook.quantiles[there])
    past = history(known, outlook.period, outlook.starts[0], first, YEARS)
    return Matter(kept, observed[there], int((~there).sum()), past)


def _nothing_observed(read: Forecast, daily: pd.DataFrame, file: Path) -> Problem:
    metrics = ", ".join(dict.fromkeys(outlook.metric for outlook in read.outlooks))
    last = max(outlook.starts[-1] for outlook in read.outlooks)
    return Problem(
        "",
        f"no period of the forecast is observed whole; it has {metrics} in periods that start from "
        f"{read.first:%Y-%m-%d} to {last:%Y-%m-%d}",
        f"{', '.join(daily.columns)} from {daily.index[0]:%Y-%m-%d} to {daily.index[-1]:%Y-%m-%d}",
        file=str(file),
    )


def _scored(matter: Matter) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Means of every model, and its rows of periods."""
    rows, notes = [_rows(matter, FORECAST, matter.outlook.quantiles, None)], {}
    for name, predicted in _predictions(matter):
        if isinstance(predicted, str):
            notes[name] = predicted
        else:
            rows.append(_rows(matter, name, predicted.quantiles, predicted.values))
    periods = pd.concat(rows, ignore_index=True)
    means = [_means(matter, name, periods[periods["model"] == name], notes) for name in (FORECAST, *RIVALS)]
    table = pd.DataFrame(means)
    best = table.loc[table["model"] != FORECAST, "crps"].min()
    skill = 1 - table["crps"] / best if best > 0 else nan
    table.insert(list(table.columns).index("crps") + 1, "skill", skill)
    return table, periods


def _predictions(matter: Matter) -> Iterator[tuple[str, Predicted | str]]:
    """What each rival says, or why it says nothing."""
    for name, rival in RIVALS.items():
        if not len(matter.past.values):
            yield name, f"no whole {matter.outlook.period} is known before the forecast"
            continue
        try:
            yield name, rival(matter.past, matter.outlook.starts)
        except NotFittedError as error:
            yield name, str(error)


def _rows(matter: Matter, model: str, quantiles: Floats, values: Floats | None) -> pd.DataFrame:
    """A row a period: observed, quantiles, scores; `crps_sample` is that of the whole distribution where known."""
    outlook = matter.outlook
    whole = np.full(len(matter.observed), nan) if values is None else crps_sample(values, matter.observed)
    return pd.DataFrame(
        {
            "metric": outlook.metric,
            "unit": COLUMNS[outlook.metric],
            "period": outlook.period,
            "start": [f"{start:%Y-%m-%d}" for start in outlook.starts],
            "model": model,
            "observed": matter.observed,
            **dict(zip(QUANTILE_COLUMNS, quantiles.T, strict=True)),
            "crps": crps_quantiles(quantiles, matter.observed),
            "crps_sample": whole,
            "pit": place(quantiles, matter.observed),
        }
    )


def _means(matter: Matter, model: str, rows: pd.DataFrame, notes: dict[str, str]) -> dict[str, Any]:
    """One model's means over the periods; missing for a rival that could not be fitted, with a note why."""
    past, outlook = matter.past, matter.outlook
    off = rows["q0.5"] - rows["observed"]
    known = {"history_from": f"{past.starts[0]:%Y-%m-%d}", "history": len(past.values)} if len(past.values) else {}
    return {
        "metric": outlook.metric,
        "unit": COLUMNS[outlook.metric],
        "period": outlook.period,
        "model": model,
        "crps": rows["crps"].mean(),
        **_coverage(rows),
        "absolute_error": off.abs().mean(),
        "bias": off.mean(),
        "observed": rows["observed"].mean(),
        "crps_sample": rows["crps_sample"].mean(),
        "periods": len(rows),
        "left_out": matter.left_out,
        "history_from": "",
        "history": 0,
        **known,
        "note": notes.get(model, ""),
    }


def _coverage(rows: pd.DataFrame) -> dict[str, float]:
    """The share of periods that each interval held, with its 95 % interval."""
    found: dict[str, float] = {}
    quantiles, observed = rows[list(QUANTILE_COLUMNS)].to_numpy(), rows["observed"].to_numpy()
    for percent in INTERVALS:
        inside = int(held(quantiles, observed, percent).sum())
        low, high = share_interval(inside, len(rows))
        name = f"coverage_{percent}"
        found |= {name: inside / len(rows) if len(rows) else nan, f"{name}_low": low, f"{name}_high": high}
    return found
