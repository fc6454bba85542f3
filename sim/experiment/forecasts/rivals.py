"""Statistical forecasts that a forecast has to beat: climatology, seasonal naive, SARIMA and ETS.

Each is fitted on the last `YEARS` years before the forecast alone: of earlier ones the level says nothing about now,
and with them these forecasts do worse. None draws random numbers. All but climatology take counts on another scale and
turn them back, quantiles exactly: months as log(1 + count), in which seasons multiply; weeks, some of which have
nobody, as square roots, since from none to some is too far in logarithms.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from math import ceil, isfinite, pi
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from sim.domain.randomness import Floats
from sim.experiment.forecasts.periods import History
from sim.experiment.forecasts.scores import LEVELS

YEARS = 5  # of history
ERROR_YEARS = 2  # whose year-on-year errors spread the seasonal naive forecast
NEAR_WEEKS = 2  # a week's climatology is that of the weeks up to so many before and after it
FEWEST_YEARS = 2
WEEKS_A_YEAR = 365.25 / 7
MOST_LOG = 25.0  # log(1 + count) is kept below: no overflow
EVEN = norm.ppf((np.arange(999) + 0.5) / 999)  # equally likely values of a standard normal distribution
ORDERS = ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0))  # (p, q)
SEASONAL_ORDERS = ((0, 0), (1, 0), (0, 1))  # (P, Q), of months
DIFFERENCES = {"month": ((1, 0), (0, 1), (1, 1)), "week": ((0, 0), (1, 0))}  # (d, D)
HARMONICS = 2  # of the year, for weeks
MOST_STEPS = 60  # of the optimiser, for each order tried


class NotFittedError(Exception):
    """A rival that cannot be fitted on this history; says why."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a rival says: quantiles (periods, levels) and equally likely values (periods, values)."""

    quantiles: Floats
    values: Floats


Rival = Callable[[History, pd.DatetimeIndex], Predicted]


def climatology(past: History, starts: pd.DatetimeIndex) -> Predicted:
    """The same month of past years, or the same week and `NEAR_WEEKS` before and after it, each equally likely."""
    year = 12.0 if past.period == "month" else WEEKS_A_YEAR
    near = range(1) if past.period == "month" else range(-NEAR_WEEKS, NEAR_WEEKS + 1)
    rows = []
    for step in past.steps(starts):
        backs = [round(year * back) for back in range(1, YEARS + ceil(step / year) + 1)]
        years = [found for back in backs if len(found := _known(past, [step - back + shift for shift in near]))]
        if len(years) < FEWEST_YEARS:
            raise NotFittedError(f"needs {FEWEST_YEARS} past years of each {past.period}")
        rows.append(np.concatenate(years[:YEARS]))
    return Predicted(np.array([_empirical(row[None])[0] for row in rows]), _same_length(rows))


def seasonal_naive(past: History, starts: pd.DatetimeIndex) -> Predicted:
    """The same period of the last year observed, spread as year-on-year changes have been.

    The spread is that of the differences, on the scale of the period, in the last `ERROR_YEARS` years, over as many
    years as the forecast reaches ahead, each with both signs: last year's value is the median.
    """
    scaled, rows = _scaled(past), []
    for step in past.steps(starts):
        back = past.season * ceil(step / past.season)
        at = len(scaled) - 1 + step - back
        errors = (scaled[back:] - scaled[:-back])[-ERROR_YEARS * past.season :]
        errors = errors[~np.isnan(errors)]
        if at < 0 or np.isnan(scaled[at]) or len(errors) < past.season:
            raise NotFittedError(f"needs {back // past.season + 1} years of history, whole in the last year")
        rows.append(_back(past.period, scaled[at] + np.concatenate([errors, -errors])))
    return Predicted(np.array([_empirical(row[None])[0] for row in rows]), _same_length(rows))


def sarima(past: History, starts: pd.DatetimeIndex) -> Predicted:
    """Seasonal ARIMA, its order the one of `ORDERS` and so on with the lowest AICc.

    So that the AICc of different differences can be compared, all are reckoned on the same last observations. Months
    have a season of 12. For weeks one of 52 takes too many states: the year is there as `HARMONICS` sines and cosines
    instead (dynamic harmonic regression, Hyndman and Athanasopoulos 2021, Forecasting 3rd ed., section 10.5).
    """
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    steps = past.steps(starts)
    scaled, waves = _whole(past), _waves(past.period, len(past.values) + max(steps))
    fitted, ahead = waves[: len(scaled)], waves[len(scaled) :]
    with _quiet():
        order = _best_order(past, scaled, fitted)
        model = SARIMAX(scaled, exog=fitted if fitted.size else None, **order)
        found = _tried(lambda: model.fit(disp=0).get_forecast(max(steps), exog=ahead if ahead.size else None))
        return _normal(past.period, found.predicted_mean, found.se_mean, steps)


def ets(past: History, starts: pd.DatetimeIndex) -> Predicted:
    """Exponential smoothing with additive errors and a damped trend, its states estimated by maximum likelihood.

    Months have additive seasons of 12. For weeks 52 seasonal states cannot be estimated from few years: the season is
    taken off by STL and that of the last year put back (the same book, section 12.1).
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.seasonal import STL

    steps, scaled = past.steps(starts), _whole(past)
    season = np.zeros(len(scaled))
    months = {"seasonal": "add", "seasonal_periods": past.season} if past.period == "month" else {}
    with _quiet():
        if not months:
            season = _tried(lambda: STL(scaled, period=past.season, robust=True).fit()).seasonal
        rest = pd.Series(scaled - season, index=pd.RangeIndex(len(scaled)))
        model = ETSModel(rest, error="add", trend="add", damped_trend=True, **months)
        first, last = len(scaled), len(scaled) + max(steps) - 1
        found = _tried(lambda: model.fit(disp=0).get_prediction(start=first, end=last))
        again = np.resize(season[-past.season :], max(steps))
        return _normal(
            past.period, np.asarray(found.predicted_mean) + again, np.sqrt(np.asarray(found.forecast_variance)), steps
        )


RIVALS: Mapping[str, Rival] = {
    "climatology": climatology, "seasonal naive": seasonal_naive, "SARIMA": sarima, "ETS": ets,
}  # fmt: skip


def _best_order(past: History, scaled: Floats, waves: Floats) -> dict[str, Any]:
    """Order, seasonal order and trend with the lowest AICc of those that can be fitted."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    best: tuple[float, dict[str, Any]] | None = None
    seasonal = SEASONAL_ORDERS if past.period == "month" else ((0, 0),)
    differences = DIFFERENCES[past.period]
    most = max(d + past.season * big for d, big in differences)
    for (d, big_d), (p, q), (big_p, big_q) in product(differences, ORDERS, seasonal):
        order = _order((p, d, q), (big_p, big_d, big_q), past.season)
        skipped = most - (d + past.season * big_d)
        exog = waves[skipped:] if waves.size else None
        model = SARIMAX(scaled[skipped:], exog=exog, simple_differencing=True, **order)
        try:
            score = float(model.fit(disp=0, maxiter=MOST_STEPS, cov_type="none").aicc)
        except (ValueError, np.linalg.LinAlgError):
            continue
        if isfinite(score) and (best is None or score < best[0]):
            best = score, order
    if best is None:
        raise NotFittedError("no order could be fitted")
    return best[1]


def _order(plain: tuple[int, int, int], seasonal: tuple[int, int, int], season: int) -> dict[str, Any]:
    """What SARIMAX takes; a level is estimated where nothing is differenced, a drift never."""
    trend = "n" if plain[1] + seasonal[1] else "c"
    length = season if any(seasonal) else 0
    return {"order": plain, "seasonal_order": (*seasonal, length), "trend": trend}


def _waves(period: str, length: int) -> Floats:
    """Sines and cosines of the year for each week: (length, 2 x HARMONICS); for months none."""
    if period == "month":
        return np.empty((length, 0))
    turns = 2 * pi * np.arange(length) / WEEKS_A_YEAR
    return np.column_stack([wave(k * turns) for k in range(1, HARMONICS + 1) for wave in (np.sin, np.cos)])


def _whole(past: History) -> Floats:
    """The history on its scale, if it has no gaps, is long enough and not always the same."""
    if np.isnan(past.values).any():
        raise NotFittedError("the history has gaps")
    if len(past.values) < (FEWEST_YEARS + 1) * past.season:
        raise NotFittedError(f"needs {FEWEST_YEARS + 1} years of history")
    scaled = _scaled(past)
    if np.ptp(scaled) == 0:
        raise NotFittedError("the history never changes")
    return scaled


@contextmanager
def _quiet() -> Iterator[None]:
    """Numerical warnings of statsmodels are its own matter: what cannot be fitted is told of."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _tried(fit: Callable[[], Any]) -> Any:
    try:
        return fit()
    except (ValueError, np.linalg.LinAlgError) as error:
        raise NotFittedError(f"statsmodels: {error}") from None


def _normal(period: str, mean: Any, spread: Any, steps: Sequence[int]) -> Predicted:
    """Normal on the scale of the period, at these steps ahead."""
    at = np.array(steps) - 1
    middle, wide = np.asarray(mean)[at, None], np.asarray(spread)[at, None]
    if not (np.isfinite(middle).all() and np.isfinite(wide).all()):
        raise NotFittedError("its forecast is not finite")
    return Predicted(_back(period, middle + wide * norm.ppf(LEVELS)), _back(period, middle + wide * EVEN))


def _scaled(past: History) -> Floats:
    scaled: Floats = np.log1p(past.values) if past.period == "month" else np.sqrt(past.values)
    return scaled


def _back(period: str, scaled: Floats) -> Floats:
    """Counts from values on the scale of their period; what lies below none is none."""
    none = np.maximum(scaled, 0.0)
    counts: Floats = np.expm1(np.minimum(none, MOST_LOG)) if period == "month" else none**2
    return counts


def _empirical(values: Floats) -> Floats:
    """The nine quantiles of equally likely values (periods, values), the i-th of n standing for level (i - 0.5) / n."""
    return np.quantile(values, LEVELS, axis=1, method="hazen").T


def _known(past: History, steps: Sequence[int]) -> Floats:
    """What was observed at steps counted from the end of the history (0 its last, negative before it)."""
    at = [len(past.values) - 1 + step for step in steps]
    found = np.array([past.values[i] for i in at if 0 <= i < len(past.values)], dtype=np.float64)
    return found[~np.isnan(found)]


def _same_length(rows: Sequence[Floats]) -> Floats:
    """Rows of equally likely values made equally long, each value as often as any other of its row or once more."""
    most = max(map(len, rows))
    return np.array([np.resize(row, most) for row in rows])
