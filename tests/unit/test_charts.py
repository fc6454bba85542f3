"""Charts that a reader can turn: their rows are the tables' numbers, and every choice has something behind it."""

import numpy as np
import pandas as pd
import pytest
from made_up import Fake

from sim.experiment.results import Results
from sim.figures.charts.columns import coded, rounded
from sim.figures.charts.over_time import BANDS, over_time
from sim.figures.charts.over_time_rows import DIFFERENCE, LEVEL, RUNNING, VIEWS
from sim.figures.charts.pairs import pairs
from sim.figures.run import scenarios

FIRST = {"arrivals": "Arrivals by boat", "deaths": "Deaths at sea", "deterred": "Deterred"}
WEEKS = 27  # of 190 days


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(Fake(tmp_path_factory.mktemp("charts"), ("plain", "swap", "more")).folder)


def table(spec: dict) -> pd.DataFrame:
    """The rows of a chart as the page makes them."""
    told = {
        name: column if isinstance(column, list) else [column["names"][code] for code in column["codes"]]
        for name, column in spec["columns"].items()
    }
    return pd.DataFrame(told)


def chosen(spec: dict, who: str, what: str, view: str) -> pd.DataFrame:
    rows = table(spec)
    return rows[(rows["who"] == who) & (rows["what"] == what) & (rows["view"] == view)].set_index("week")


def test_a_week_is_the_mean_over_replications_of_the_sum_of_its_days(results):
    spec, daily = over_time(results), results.table("daily")
    mine = chosen(spec, "Swap", "arrivals", LEVEL)
    days = daily[daily["scenario"] == "swap"].groupby("date")["arrivals"].mean().sort_index()
    assert len(mine) == WEEKS
    assert mine["mean"].to_numpy() == pytest.approx(days.to_numpy()[: 7 * WEEKS].reshape(-1, 7).sum(axis=1), rel=1e-3)
    assert mine.index[1] == days.index[7]


def test_stocks_and_prices_are_means_of_the_week(results):
    mine = chosen(over_time(results), "Plain", "gangs_active", LEVEL)
    daily = results.table("daily").query("scenario == 'plain'")
    assert mine["mean"].mean() == pytest.approx(daily["gangs_active"].mean(), rel=0.05)


def test_bands_hold_the_middle_of_the_replications(results):
    rows = table(over_time(results))
    assert (rows["q05"] <= rows["q25"]).all()
    assert (rows["q25"] <= rows["median"]).all()
    assert (rows["median"] <= rows["q75"]).all()
    assert (rows["low"] <= rows["mean"]).all()


def test_differences_are_those_to_the_baseline_of_the_same_week(results):
    spec = over_time(results)
    policy, base = (chosen(spec, who, "deaths", LEVEL)["mean"] for who in ("Swap", "Plain"))
    change = chosen(spec, "Swap", "deaths", DIFFERENCE)["mean"]
    assert change.to_numpy() == pytest.approx((policy - base).to_numpy(), abs=0.6)
    assert chosen(spec, "Plain", "deaths", DIFFERENCE).empty


def test_the_running_difference_begins_with_the_measured_window_and_adds_up(results):
    spec = over_time(results)
    week, total = (chosen(spec, "Swap", "arrivals", view)["mean"] for view in (DIFFERENCE, RUNNING))
    measured = scenarios(results)[0].measure_from.strftime("%Y-%m-%d")
    assert (total.index >= measured).all()
    assert total.iloc[-1] == pytest.approx(week[week.index >= measured].sum(), rel=0.01, abs=2)


def test_every_choice_has_rows_behind_it(results):
    spec = over_time(results)
    rows, choices = table(spec), spec["choices"]
    assert {value for _, value, _ in choices["outcome"]} == set(rows["what"])
    assert [value for value, _ in choices["view"]] == list(VIEWS)
    assert {value for value, _ in choices["who"]} == {"everyone", *rows["who"]}
    assert {value for value, _ in choices["band"]} == set(BANDS)
    named = {param["name"] for param in spec["params"]}
    assert set(choices) <= named


def test_what_never_happens_is_not_offered(results, tmp_path):
    fake = Fake(tmp_path, replications=2, days=100)
    fake.write("daily", Results(tmp_path).table("daily").assign(returned=0))
    offered = [value for _, value, _ in over_time(Results(tmp_path))["choices"]["outcome"]]
    assert "returned" not in offered
    assert "arrivals" in offered


def test_a_run_alone_has_neither_differences_nor_pairs(tmp_path):
    found = Results(Fake(tmp_path, ("plain",), baseline="", days=100).folder)
    assert [value for value, _ in over_time(found)["choices"]["view"]] == [LEVEL]
    assert over_time(found)["choices"]["who"] == []
    assert pairs(found, FIRST) is None


def test_a_run_shorter_than_a_week_has_no_chart_of_weeks(tmp_path):
    assert over_time(Results(Fake(tmp_path, days=6).folder)) is None


def test_one_replication_has_a_line_and_no_interval(tmp_path):
    rows = table(over_time(Results(Fake(tmp_path, replications=1, days=100).folder)))
    assert rows["mean"].notna().all()
    assert rows["low"].isna().all()


def test_dots_are_the_paired_differences_of_the_runs(results):
    rows = table(pairs(results, FIRST))
    mine = rows[(rows["who"] == "Swap") & (rows["metric"] == "arrivals")]
    runs = results.table("runs").set_index(["scenario", "replication"])["arrivals"]
    assert mine["change"].tolist() == pytest.approx((runs["swap"] - runs["plain"]).tolist())
    assert (mine["after"] - mine["before"]).tolist() == pytest.approx(mine["change"].tolist())


def test_metrics_of_a_pair_itself_are_dots_without_levels(results):
    rows = table(pairs(results, FIRST)).query("metric == 'deterred'")
    runs = results.table("runs").query("scenario == 'more'")["deterred"]
    assert rows.query("who == 'More'")["change"].tolist() == pytest.approx(runs.tolist())
    assert rows["before"].isna().all()


def test_scenarios_have_the_colours_of_the_printed_figures(results):
    text = str(over_time(results)) + str(pairs(results, FIRST))
    assert all(shown.colour in text for shown in scenarios(results))


def test_a_name_with_markup_stays_text_in_the_rows(tmp_path):
    name = "a\"<b>&'</script>"
    rows = table(over_time(Results(Fake(tmp_path, ("plain", name), days=60).folder)))
    assert name.capitalize() in set(rows["who"])


def test_columns_come_back_as_they_were():
    labels = ["b", "a", "b", "c"]
    packed = coded(labels)
    assert [packed["names"][code] for code in packed["codes"]] == labels
    values = np.array([123456.0, 0.00012345, np.inf, -7.0])
    assert rounded(values) == [123500, 0.0001235, None, -7] or rounded(values) == [123500, 0.0001234, None, -7]
