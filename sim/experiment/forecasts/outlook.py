"""The tables of a forecast: quantiles by week and month, totals, the window before and after conditioning, levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.forecasts.asked import DAY, Question
from sim.experiment.forecasts.ensemble import quantiles, sums
from sim.experiment.forecasts.periods import WEEK
from sim.experiment.forecasts.scores import LEVELS

QUANTILE_COLUMNS = tuple(f"q{level:g}" for level in LEVELS)
MONTHS_SHOWN = 36  # observed months before the origin that are kept for the figure
DRAWN, CONDITIONED = "drawn", "conditioned"
OBSERVED = {"arrivals": "people", "boats_arrived": "boats"}  # the observed column of what members are conditioned on


@dataclass(frozen=True, slots=True)
class Stage:
    """An ensemble that has run: its drivers and the days of its members.

    `log_people` is (members, starts) from the dates `starts` on; `seats` (members, blocks) from the window on, or None.
    """

    starts: pd.DatetimeIndex
    log_people: Floats
    seats: Floats | None
    days: Sequence[pd.DataFrame]


def forecast_tables(question: Question, before: Stage, ran: Stage, noise: float) -> dict[str, pd.DataFrame]:
    """Every table of a forecast by its name."""
    starts = {"week": _weeks(question), "month": _months(question)}
    rows = [
        _long(metric, period, at, quantiles(sums(ran.days, metric, at, period)))
        for metric in question.metrics
        for period, at in starts.items()
        if len(at)
    ]
    return {
        "forecast": pd.concat(rows, ignore_index=True),
        "forecast_totals": _totals(question, ran),
        "forecast_window": _window(question, {DRAWN: before, CONDITIONED: ran}),
        "forecast_levels": pd.concat([_levels(DRAWN, before), _levels(CONDITIONED, ran)], ignore_index=True),
        "forecast_observed": _observed(question),
        "forecast_about": _about(question, noise),
    }


def _weeks(question: Question) -> pd.DatetimeIndex:
    """Whole weeks from the first day that is forecast."""
    number = (question.stop - question.origin) // WEEK
    return pd.DatetimeIndex([question.origin + WEEK * week for week in range(number)])


def _months(question: Question) -> pd.DatetimeIndex:
    """Whole months of the calendar."""
    starts = pd.date_range(question.origin, question.stop - DAY, freq="MS")
    return starts[starts + pd.DateOffset(months=1) <= question.stop] if len(starts) else starts


def _long(metric: str, period: str, starts: pd.DatetimeIndex, values: Floats) -> pd.DataFrame:
    """`forecast.parquet` of one metric and period: a row a start and quantile."""
    return pd.DataFrame(
        {
            "metric": metric,
            "period": period,
            "start": [f"{start:%Y-%m-%d}" for start in starts for _ in LEVELS],
            "quantile": np.tile(LEVELS, len(starts)),
            "value": values.ravel(),
        }
    )


def _totals(question: Question, ran: Stage) -> pd.DataFrame:
    """`forecast_totals.parquet`: a row a metric, quantiles of its total over all days that are forecast."""
    inside = [days.loc[question.origin : question.stop - DAY, list(question.metrics)].sum() for days in ran.days]
    found = quantiles(np.array([each.to_numpy() for each in inside]))
    about = {
        "metric": question.metrics,
        "first": f"{question.origin:%Y-%m-%d}",
        "last": f"{question.stop - DAY:%Y-%m-%d}",
    }
    return pd.DataFrame(about | dict(zip(QUANTILE_COLUMNS, found.T, strict=True)))


def _window(question: Question, stages: dict[str, Stage]) -> pd.DataFrame:
    """`forecast_window.parquet`: a row a metric, stage and month of the window, observed and what members say of it."""
    past, rows = question.past, []
    for metric, column in OBSERVED.items():
        observed = getattr(past, column)
        for name, stage in stages.items():
            found = quantiles(sums(stage.days, metric, past.months, "month"))
            starts = [f"{start:%Y-%m-%d}" for start in past.months]
            table = {"metric": metric, "stage": name, "start": starts, "observed": observed}
            rows.append(pd.DataFrame(table | dict(zip(QUANTILE_COLUMNS, found.T, strict=True))))
    return pd.concat(rows, ignore_index=True)


def _levels(name: str, stage: Stage) -> pd.DataFrame:
    """`forecast_levels.parquet`: a row a stage and date, quantiles of the level from then on (people a year)."""
    found = quantiles(np.exp(stage.log_people))
    starts = [f"{start:%Y-%m-%d}" for start in stage.starts]
    return pd.DataFrame({"stage": name, "start": starts} | dict(zip(QUANTILE_COLUMNS, found.T, strict=True)))


def _observed(question: Question) -> pd.DataFrame:
    """`forecast_observed.parquet`: totals of calendar months before the origin, where whole: month, people, boats."""
    first = question.origin - pd.DateOffset(months=MONTHS_SHOWN)
    known = question.observed[(question.observed.index >= first) & (question.observed.index < question.origin)]
    monthly = known.resample("MS").sum(min_count=1)
    days = pd.DatetimeIndex(monthly.index).days_in_month
    whole = known["people"].resample("MS").count().to_numpy() == days.to_numpy()
    kept: pd.DataFrame = monthly[whole].reindex(columns=["people", "boats"])
    kept.insert(0, "start", [f"{start:%Y-%m-%d}" for start in kept.index])
    return kept.reset_index(drop=True)


def _about(question: Question, noise: float) -> pd.DataFrame:
    """`forecast_about.parquet`: one row, what the forecast rests on."""
    past, posterior = question.past, question.posterior
    row = {
        "scenario": question.scenario.name, "data_until": f"{question.origin - DAY:%Y-%m-%d}",
        "until": f"{question.stop - DAY:%Y-%m-%d}", "members": question.members,
        "posterior": posterior.file.name if posterior else "",
        "settings": posterior.table.shape[1] if posterior else 0,
        "window_from": f"{past.months[0]:%Y-%m-%d}", "walk_per_year": past.walk, "month_noise": noise,
        "boats_growth_per_year": _yearly(question, past.growth),
        "boats_growth_error": _yearly(question, past.growth_error),
        "boats_known": past.has_boats,
        "levers": ", ".join(lever.kind for lever in question.scenario.levers),
    }  # fmt: skip
    return pd.DataFrame([row])


def _yearly(question: Question, per_block: float) -> float:
    """A change of a logarithm over a year from that over a block."""
    return per_block / question.method.level_years if question.past.has_boats else nan
