"""What figures say in words: numbers from the tables, beside what was observed where both are known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import Fake
from matplotlib.figure import Figure

from sim.experiment.results import Results
from sim.figures import cumulative, draw, hazard, market, monthly, sectors
from sim.figures.captions import caption
from sim.figures.run import Shown
from sim.figures.style import BASELINE_PEN, page, policy_pen

START, UNTIL = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-09-01")
PLAIN = Shown("plain", BASELINE_PEN, True, START, START, UNTIL, None)
SWAP = Shown("swap", policy_pen(0), False, START, START, UNTIL, None)
DAYS = pd.date_range(START, UNTIL, inclusive="left")


def daily(a_day: float, names: tuple[str, ...] = ("plain", "swap")) -> pd.DataFrame:
    """Three replications with 1 % more and less arrivals a day around `a_day`."""
    runs = [(name, r, factor) for name in names for r, factor in enumerate((0.99, 1.0, 1.01))]
    return pd.concat(
        [pd.DataFrame({"scenario": n, "replication": r, "date": DAYS, "arrivals": f * a_day}) for n, r, f in runs]
    )


def test_the_cumulative_figure_says_that_the_model_misses_what_was_observed() -> None:
    said = cumulative.finding(daily(10), [PLAIN, SWAP], [2025])
    assert "By 30 June 2025 the model (Plain) has 1,810 arrivals (90 % of replications 1,790 to 1,830); 20,000" in said
    assert "were observed, which is outside that range." in said
    assert said.endswith("Since 1 January 2025, by 31 August 2025 (medians): Plain 2,430, Swap 2,430.")


def test_what_was_observed_within_the_range_is_not_said_to_be_outside() -> None:
    said = cumulative.finding(daily(110.5), [PLAIN], [2025])
    assert "were observed. " in said
    assert "outside" not in said


def test_a_year_without_observations_is_not_compared_with_any() -> None:
    table = daily(10).assign(date=lambda rows: rows["date"] + pd.DateOffset(years=1))
    assert "observed" not in cumulative.finding(table, [PLAIN], [2026])


def test_the_monthly_figure_counts_the_months_that_the_model_holds() -> None:
    said = monthly.finding(monthly.by_month(daily(10)), [PLAIN, SWAP])
    assert said.startswith("6 months both simulated and observed, to June 2025: 20,000 people observed, 1,810 in the")
    assert "hold 0 of 6" in said
    assert "Plain 304, Swap 304." in said


def test_the_sectors_figure_names_where_most_boats_set_off() -> None:
    months = pd.DataFrame({
        "scenario": "plain", "replication": 0, "month": START, "sector": ["here", "there"],
        "launches": [30.0, 70.0], "patrols": [60.0, 40.0],
    })  # fmt: skip
    assert "Plain: The beach, with 70 % of the launches and 40 % of the patrol units." in sectors.finding(
        months, [PLAIN], {"there": "The beach"}
    )
    nothing = months.assign(launches=np.nan)
    assert "Plain: too few launches to tell." in sectors.finding(nothing, [PLAIN], {})


def test_a_number_and_its_per_cent_stay_on_one_line() -> None:
    for width in np.arange(2.0, 4.0, 0.1):
        figure = page(
            (width, 2), "Title", "An interval of 95 % in some words and 7 % in others.", "Note with 95 % too."
        )
        assert not any(line.startswith("%") for text in figure.texts for line in text.get_text().split("\n"))
        assert caption(figure).finding == "An interval of 95 % in some words and 7 % in others."


def test_a_band_without_deaths_does_not_set_the_axis_of_the_rates() -> None:
    bands = pd.DataFrame({"deaths": [0, 50], "rate": [0.0, 2.0], "high": [9.0, 3.0]})
    assert hazard.top([bands]) == pytest.approx(1.08 * 3)


@pytest.mark.parametrize(("policies", "dotted"), [(3, True), (4, False)])
def test_single_pairs_are_dots_up_to_three_policies(tmp_path: Path, policies: int, dotted: bool) -> None:
    names = ("plain", *(f"swap_{i}" for i in range(policies)))
    figure = draw("effects", Results(Fake(tmp_path, names, replications=2, days=100).folder))
    assert bool(figure.axes[0].collections) == dotted
    assert ("single pairs" in caption(figure).note) == dotted


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_the_panels_of_the_patrols_leave_no_cell_empty(tmp_path: Path, count: int) -> None:
    names = ("plain", "swap", "more", "most", "all")[:count]
    figure: Figure = draw("sector_patrols", Results(Fake(tmp_path, names, replications=2, days=100).folder))
    taken = sum(len(place.rowspan) * len(place.colspan) for axes in figure.axes if (place := axes.get_subplotspec()))
    first = figure.axes[0].get_subplotspec()
    assert first
    rows, columns = first.get_gridspec().get_geometry()
    assert taken == rows * columns


def market_said(folder: Path, cast: list[Shown], price: tuple[float, ...], profit: tuple[float, ...]) -> str:
    """What the figure of the market says of runs over 35 weeks less a day, with these paired differences."""
    names = ["plain", "swap"]
    runs = pd.DataFrame({"scenario": names, "replication": 0, "price_gbp": [2500.0, 2600.0]})
    runs.assign(gang_profit_gbp=[243e5, 243e5 / 2]).to_parquet(folder / "runs.parquet")
    rows = [("swap", "price_gbp", *price), ("swap", "gang_profit_gbp", *profit), ("swap", "arrivals", 1.0, 1.0, 1.0)]
    effects = pd.DataFrame(rows, columns=["scenario", "metric", "difference", "low", "high"])
    effects.to_parquet(folder / "effects.parquet")
    return market.finding(Results(folder), cast)


def test_the_market_tells_means_of_the_measured_window_with_differences_and_their_intervals(tmp_path: Path) -> None:
    said = market_said(tmp_path, [PLAIN, SWAP], (100.0, -20.0, 220.0), (-1215e4, -1312e4, -1118e4))
    assert "means over the measured window (in brackets: the paired difference to Plain, 95 % interval)" in said
    assert "Plain 2,500 GBP and 700 thousand GBP; Swap 2,600 GBP (difference cannot be told from chance) and" in said
    assert said.endswith("350 thousand GBP (\N{MINUS SIGN}350, \N{MINUS SIGN}378 to \N{MINUS SIGN}322).")


def test_the_market_names_no_difference_where_none_is_more_than_chance(tmp_path: Path) -> None:
    said = market_said(tmp_path, [PLAIN, SWAP], (100.0, -20.0, 220.0), (-1.0, -2.0, 3.0))
    assert said.endswith("Swap 2,600 GBP and 350 thousand GBP (differences cannot be told from chance).")


def test_one_pair_of_markets_has_a_difference_and_no_interval(tmp_path: Path) -> None:
    said = market_said(tmp_path, [PLAIN, SWAP], (100.0, np.nan, np.nan), (-1215e4, np.nan, np.nan))
    assert "95 %" not in said
    assert said.endswith("Swap 2,600 GBP (+100) and 350 thousand GBP (\N{MINUS SIGN}350).")


def test_a_market_without_a_baseline_has_means_alone(tmp_path: Path) -> None:
    said = market_said(tmp_path, [SWAP], (100.0, 50.0, 150.0), (-1.0, -2.0, -0.5))
    assert said.endswith("means over the measured window: Swap 2,600 GBP and 350 thousand GBP.")
