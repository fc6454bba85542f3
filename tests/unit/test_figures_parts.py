"""Figures: the small functions they are made of."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from sim.figures.cumulative import simulated_years
from sim.figures.fan import by_week, half_width
from sim.figures.monthly import by_month
from sim.figures.observed import arrivals_daily, arrivals_monthly
from sim.figures.pipeline import ENDS, case_ends
from sim.figures.run import Shown, by_target, panels, term
from sim.figures.style import BASELINE_PEN, amount, look, policy_pen, share, spread_out, thousands


def shown(name: str, baseline: bool = False) -> Shown:
    start, until = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-03-01")
    return Shown(name, BASELINE_PEN if baseline else policy_pen(0), baseline, start, start, until, None)


def ledger(name: str, target: float, *open_days: int) -> pd.DataFrame:
    weeks = pd.date_range("2025-01-01", periods=len(open_days), freq="7D")
    return pd.DataFrame({"scenario": name, "week": weeks, "weekly_target": target, "open_days": open_days})


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


def test_an_unknown_share_is_a_dash() -> None:
    assert share(float("nan"), 10) == share(1, float("nan")) == "\N{EN DASH}"


def test_an_interval_needs_two_replications() -> None:
    assert half_width([3.0]) == 0.0
    assert half_width([1.0, 3.0]) == pytest.approx(12.706, abs=1e-3)


def test_each_policy_shares_a_panel_with_the_baseline() -> None:
    cast = [shown("plain", baseline=True), shown("swap"), shown("more")]
    assert [[s.name for s in panel] for panel in panels(cast)] == [["plain", "swap"], ["plain", "more"]]


def test_scenarios_are_ordered_by_their_mean_target_while_the_exchange_is_open() -> None:
    cast = [shown("plain"), shown("large"), shown("small"), shown("never")]
    weeks = pd.concat([ledger("large", 500.0, 0, 7), ledger("small", 50.0, 0, 7), ledger("never", 90.0, 0, 0)])
    assert [(s.name, target) for s, target in by_target(weeks, cast)] == [("small", 50.0), ("large", 500.0)]


def test_the_term_runs_from_the_first_to_the_last_open_day() -> None:
    assert term(ledger("swap", 50.0, 0, 5, 7, 2, 0), shown("swap")) == (
        pd.Timestamp("2025-01-10"), pd.Timestamp("2025-01-24"),
    )  # fmt: skip
    assert term(ledger("swap", 50.0, 0, 3), shown("swap")) == (pd.Timestamp("2025-01-08"), pd.Timestamp("2025-01-11"))


def test_an_exchange_that_never_opened_has_no_term() -> None:
    with pytest.raises(KeyError, match="the exchange of swap was never open"):
        term(ledger("swap", 50.0, 0, 0), shown("swap"))


def test_importing_the_figures_loads_no_plotting_library() -> None:
    code = "import sys, sim.figures; print('matplotlib' in sys.modules, 'seaborn' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


def test_the_look_restores_the_settings_of_matplotlib() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with look():
        assert dict(mpl.rcParams) != before
    assert dict(mpl.rcParams) == before
