"""Figures: the small functions they are made of."""

import numpy as np
import pandas as pd

from sim.figures.cumulative import simulated_years
from sim.figures.fan import by_week
from sim.figures.monthly import by_month
from sim.figures.observed import arrivals_daily, arrivals_monthly
from sim.figures.pipeline import ENDS, case_ends, share
from sim.figures.style import amount, spread_out, thousands


def test_observed_series_stop_at_the_cut_off() -> None:
    assert arrivals_daily()["date"].max() == pd.Timestamp("2025-06-30")
    assert arrivals_monthly().index.max() == pd.Timestamp("2025-06-01")


def test_a_year_entered_after_its_first_day_is_left_out() -> None:
    daily = pd.DataFrame({"date": pd.date_range("2022-07-01", "2024-12-31")})
    assert simulated_years(daily) == [2023, 2024]


def test_partial_months_are_left_out() -> None:
    days = pd.date_range("2025-01-01", "2025-02-27")
    daily = pd.DataFrame({"scenario": "a", "replication": 0, "date": days, "arrivals": 1})
    months = by_month(daily)
    assert months[["month", "arrivals"]].to_numpy().tolist() == [[pd.Timestamp("2025-01-01"), 31]]


def test_partial_weeks_are_left_out() -> None:
    days = pd.date_range("2025-01-01", periods=10)
    daily = pd.DataFrame({"scenario": "a", "replication": 0, "date": days, "returned": 2})
    assert by_week(daily, days[0], {"returned": "sum"})["returned"].tolist() == [14]


def test_open_cases_are_counted_as_open() -> None:
    ends = case_ends(pd.DataFrame({"end": ["returned", "", None, "voided"]}))
    assert ends[""] == 2
    assert list(ends.index) == list(ENDS)


def test_a_tiny_share_is_not_called_nothing() -> None:
    assert share(1, 1000) == "<1 %"
    assert share(0, 0) == "\N{EN DASH}"


def test_numbers_read_as_people_write_them() -> None:
    assert [thousands(12000.0), amount(12345.0), amount(-3.0)] == ["12,000", "12,300", "\N{MINUS SIGN}3"]
    assert amount(float("nan")) == "\N{EN DASH}"


def test_labels_that_would_touch_are_moved_apart() -> None:
    heights = spread_out([1.0, 1.1, 1.2, 9.0], 1.0)
    assert np.diff(heights).min() >= 1.0 - 1e-9
    assert heights[-1] == 9.0
