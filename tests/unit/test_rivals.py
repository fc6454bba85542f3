"""Statistical rivals: what they say of series whose answer is known, and what they say when they cannot be fitted."""

import warnings
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest

from sim.experiment.forecasts import rivals
from sim.experiment.forecasts.periods import History, history, totals
from sim.experiment.forecasts.rivals import RIVALS, NotFittedError, climatology, ets, sarima, seasonal_naive
from sim.experiment.forecasts.scores import LEVELS

MEDIAN = LEVELS.index(0.5)
MONTHS = np.array([400, 200, 900, 1100, 1500, 2000, 2600, 3200, 3000, 1800, 1200, 700.0])


@pytest.fixture
def few_orders(monkeypatch):
    """Fewer orders, for speed."""
    monkeypatch.setattr(rivals, "ORDERS", ((1, 0), (0, 1)))
    monkeypatch.setattr(rivals, "SEASONAL_ORDERS", ((0, 0), (0, 1)))


def months(years: int, growth: float = 1.0, noise: float = 0.0) -> History:
    """The same seasons every year, from January 2019."""
    values = np.concatenate([MONTHS * growth**year for year in range(years)])
    values = values * np.exp(noise * np.random.default_rng(3).standard_normal(len(values)))
    return History("month", pd.date_range("2019-01-01", periods=12 * years, freq="MS"), values)


def weeks(years: int, noise: float) -> History:
    turns = 2 * np.pi * np.arange(52 * years) / (365.25 / 7)
    values = 600 - 400 * np.cos(turns) + noise * np.random.default_rng(4).standard_normal(52 * years)
    return History("week", pd.date_range("2019-01-01", periods=52 * years, freq="7D"), np.maximum(values, 0))


def next_of(past: History, number: int) -> pd.DatetimeIndex:
    """The periods straight after a history."""
    freq = "MS" if past.period == "month" else "7D"
    return pd.date_range(past.starts[-1], periods=number + 1, freq=freq)[1:]


def test_climatology_is_what_the_same_month_was_in_the_last_five_years():
    past = months(6, growth=2.0)
    said = climatology(past, next_of(past, 12))
    assert sorted(said.values[6]) == [2600 * 2**year for year in range(1, 6)]
    assert said.quantiles[:, MEDIAN] == pytest.approx(MONTHS * 8)


def test_climatology_of_a_week_takes_the_weeks_around_it():
    past = weeks(4, 0.0)
    said = climatology(past, next_of(past, 3))
    assert said.values.shape == (3, 4 * 5 - 1)  # four years back its second week before is not in the history
    assert np.isin(said.values[2], past.values).all()


def test_climatology_beyond_a_year_looks_at_years_that_were_observed():
    past = months(5, growth=2.0)
    said = climatology(past, next_of(past, 24))
    assert np.array_equal(said.values[12:], said.values[:12])


def test_seasonal_naive_has_last_year_as_its_median_and_year_on_year_changes_as_its_spread():
    past = months(4, growth=1.5)
    said = seasonal_naive(past, next_of(past, 12))
    assert said.quantiles[:, MEDIAN] == pytest.approx(MONTHS * 1.5**3, rel=0.1)
    assert said.values[0].max() == pytest.approx(MONTHS[0] * 1.5**4, rel=0.01)
    assert said.values[0].min() == pytest.approx(MONTHS[0] * 1.5**2, rel=0.01)


def test_seasonal_naive_two_years_ahead_spreads_as_two_years_did():
    past = months(6, growth=1.5)
    said = seasonal_naive(past, next_of(past, 24))
    assert said.values[12].max() == pytest.approx(MONTHS[0] * 1.5**7, rel=0.01)


@pytest.mark.parametrize("rival", [sarima, ets])
def test_fitted_rivals_find_the_seasons_and_their_intervals_widen(rival, few_orders):
    past = months(5, noise=0.1)
    said = rival(past, next_of(past, 12))
    assert said.quantiles[:, MEDIAN] == pytest.approx(MONTHS, rel=0.35)
    assert (np.diff(said.quantiles, axis=1) >= 0).all()
    assert said.quantiles[:, 0].min() >= 0
    assert np.quantile(said.values[5], 0.9) == pytest.approx(said.quantiles[5, LEVELS.index(0.9)], rel=0.01)


@pytest.mark.parametrize("rival", [sarima, ets])
def test_fitted_rivals_of_weeks_know_the_year(rival):
    past = weeks(4, 60.0)
    said = rival(past, next_of(past, 40))
    assert said.quantiles[25, MEDIAN] > 2 * said.quantiles[0, MEDIAN]


def test_rivals_say_the_same_again(few_orders):
    past = months(5, noise=0.3)
    for name, rival in RIVALS.items():
        first, again = rival(past, next_of(past, 6)), rival(past, next_of(past, 6))
        assert np.array_equal(first.quantiles, again.quantiles), name


def test_numerical_warnings_of_statsmodels_stay_inside(few_orders):
    past = months(4)  # no noise at all: every optimiser complains
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for rival in RIVALS.values():
            with suppress(NotFittedError):
                rival(past, next_of(past, 3))
    assert not said


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_with_too_short_a_history_says_what_it_needs(name):
    with pytest.raises(NotFittedError, match="needs [23]"):
        RIVALS[name](months(1), next_of(months(1), 2))


@pytest.mark.parametrize("rival", [sarima, ets])
def test_a_history_with_gaps_or_without_change_is_told_of(rival):
    past = months(5)
    gap = np.where(np.arange(60) == 30, np.nan, past.values)
    with pytest.raises(NotFittedError, match="has gaps"):
        rival(History("month", past.starts, gap), next_of(past, 2))
    with pytest.raises(NotFittedError, match="never changes"):
        rival(History("month", past.starts, np.zeros(60)), next_of(past, 2))


def test_an_optimiser_that_fails_is_told_of(monkeypatch, few_orders):
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    def fails(*_, **__):
        raise np.linalg.LinAlgError("singular")

    monkeypatch.setattr(SARIMAX, "fit", fails)
    with pytest.raises(NotFittedError, match="no order could be fitted"):
        sarima(months(5), next_of(months(5), 2))


def test_gaps_do_not_keep_climatology_from_the_other_years():
    past = months(5, growth=2.0)
    past.values[48 + 6] = np.nan
    said = climatology(past, next_of(past, 12))
    assert sorted(set(said.values[6])) == [2600 * 2**year for year in range(4)]


def daily(first: str, last: str) -> pd.Series:
    days = pd.date_range(first, last)
    return pd.Series(np.ones(len(days)), index=days)


def test_only_whole_periods_count():
    starts = pd.DatetimeIndex(["2024-06-01", "2024-07-01", "2024-08-01", "2024-09-01"])
    series = daily("2024-06-02", "2024-09-29").drop(pd.Timestamp("2024-08-10"))
    assert totals(series, starts, "month").tolist() == pytest.approx([np.nan, 31, np.nan, np.nan], nan_ok=True)


def test_a_day_without_a_count_is_not_observed():
    series = daily("2024-07-01", "2024-07-14")
    series.iloc[3] = np.nan
    assert totals(series, pd.DatetimeIndex(["2024-07-01", "2024-07-08"]), "week").tolist() == pytest.approx(
        [np.nan, 7], nan_ok=True
    )


def test_history_ends_before_the_forecast_begins():
    series = daily("2018-01-01", "2024-12-31")
    past = history(series, "month", pd.Timestamp("2024-07-01"), pd.Timestamp("2024-06-20"), 5)
    assert past.starts[-1] == pd.Timestamp("2024-05-01")
    assert len(past.values) == 60
    assert past.steps(pd.DatetimeIndex(["2024-07-01"])) == [2]


def test_weeks_of_the_history_are_counted_back_from_the_forecast():
    past = history(daily("2018-01-01", "2024-12-31"), "week", *[pd.Timestamp("2024-07-03")] * 2, 5)
    assert past.starts[-1] == pd.Timestamp("2024-06-26")
    assert len(past.values) == 260
    assert (past.values == 7).all()


def test_a_history_that_ends_early_leaves_more_steps_to_go():
    past = history(daily("2018-01-01", "2023-12-31"), "month", *[pd.Timestamp("2024-07-01")] * 2, 5)
    assert past.starts[-1] == pd.Timestamp("2023-12-01")
    assert past.steps(pd.DatetimeIndex(["2024-07-01", "2025-01-01"])) == [7, 13]


def test_without_a_day_before_there_is_no_history():
    assert not len(history(daily("2024-07-01", "2024-12-31"), "month", *[pd.Timestamp("2024-07-01")] * 2, 5).values)
