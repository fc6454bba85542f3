"""Forecasts: what the series says, how levels are conditioned and go on, on a made-up coast whose truth is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import toy_coast
from toy_coast import series

from sim.experiment.forecasts import forecast as forecasting
from sim.experiment.forecasts import members
from sim.experiment.forecasts.asked import Asked, Question, read_question
from sim.experiment.forecasts.condition import conditioned, month_noise, observations
from sim.experiment.forecasts.forecast import forecast
from sim.experiment.forecasts.levels import (
    levels_ahead,
    past_of,
    prior_levels,
    seats_ahead,
    seats_so_far,
    trend,
    walk_per_year,
)
from sim.experiment.forecasts.members import dated, member_scenario, people_of, read_posterior
from sim.experiment.forecasts.quantiles import read_forecast
from sim.experiment.forecasts.settings import read_method, read_rolling
from sim.experiment.results import Results
from sim.experiment.study import Options
from sim.scenario import ScenarioError, load_scenario

METHOD = read_method()
STEADY = {"2020-01-01": 30_000.0}
DOUBLED = {"2020-01-01": 30_000.0, "2023-01-01": 60_000.0}
LAST = "2023-12-31"


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    """The made-up coast, and no posterior unless one is named."""
    monkeypatch.setattr(members, "POSTERIOR", Path("nowhere"))
    monkeypatch.setattr(forecasting, "run_members", toy_coast.run_members)


def write(days: pd.DataFrame, path: Path) -> Path:
    days.to_csv(path, index_label="date")
    return path


def asked(file: Path, **changes) -> Question:
    given = {"data_until": LAST, "until": "2024-06-30", "members": 30, "series": file, **changes}
    return read_question(lambda: load_scenario("no_exchange"), Asked(**given))


def told(question: Question, folder: Path) -> Results:
    return forecast(question, Options(workers=1, executor="serial", out=folder))


@pytest.fixture(scope="module")
def doubled(tmp_path_factory) -> tuple[Results, Question]:
    """A forecast on a coast whose inflow doubled a year before the origin."""
    folder = tmp_path_factory.mktemp("doubled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "POSTERIOR", Path("nowhere"))
        patch.setattr(forecasting, "run_members", toy_coast.run_members)
        question = asked(write(series(DOUBLED, 40, 1, LAST), folder / "series.csv"))
        return told(question, folder / "results"), question


def levels(results: Results, stage: str) -> pd.DataFrame:
    table = results.table("forecast_levels")
    return table[table["stage"] == stage].set_index("start")


def test_members_find_the_level_of_the_year_observed(doubled):
    fitted, drawn = levels(doubled[0], "conditioned"), levels(doubled[0], "drawn")
    window = fitted.loc["2023-01-01":"2023-10-01"]
    assert np.exp(np.log(window["q0.5"]).mean()) == pytest.approx(60_000, rel=0.15)
    wide = [np.log(table["q0.95"] / table["q0.05"]).loc["2023-01-01":"2023-10-01"].mean() for table in (fitted, drawn)]
    assert wide[0] < 0.6 * wide[1]


def test_without_the_smoother_members_would_not_find_it(tmp_path, monkeypatch):
    """The check above can fail: a prior that lies far off stays there."""
    monkeypatch.setattr(forecasting, "conditioned", lambda unknowns, *_: unknowns)
    question = asked(write(series(DOUBLED, 40, 1, LAST), tmp_path / "series.csv"))
    off = replace(question, method=replace(METHOD, inflow_ratio=2.0))
    window = levels(told(off, tmp_path / "results"), "conditioned").loc["2023-01-01":"2023-10-01"]
    assert np.exp(np.log(window["q0.5"]).mean()) > 80_000


def test_a_prior_that_lies_off_is_corrected(tmp_path):
    question = asked(write(series(DOUBLED, 40, 1, LAST), tmp_path / "series.csv"))
    off = replace(question, method=replace(METHOD, inflow_ratio=2.0))
    window = levels(told(off, tmp_path / "results"), "conditioned").loc["2023-01-01":"2023-10-01"]
    assert np.exp(np.log(window["q0.5"]).mean()) == pytest.approx(60_000, rel=0.25)


def test_a_forecast_has_every_quantile_of_whole_weeks_and_months_in_order(doubled):
    results, _ = doubled
    read = read_forecast(str(results.folder))
    by = {(outlook.metric, outlook.period): outlook for outlook in read.outlooks}
    assert {metric for metric, _ in by} == {"arrivals", "boats_arrived", "people_prevented", "returned", "admitted"}
    assert list(by["arrivals", "month"].starts) == list(pd.date_range("2024-01-01", "2024-06-01", freq="MS"))
    assert list(by["arrivals", "week"].starts) == list(pd.date_range("2024-01-01", periods=26, freq="7D"))
    assert (np.diff(by["arrivals", "week"].quantiles, axis=1) >= 0).all()


def test_a_forecast_of_the_same_seed_is_the_same_to_the_byte(doubled, tmp_path):
    results, question = doubled
    again = told(question, tmp_path / "again")
    for table in results.folder.glob("*.parquet"):
        assert table.read_bytes() == (again.folder / table.name).read_bytes(), table.name


def test_nothing_after_the_last_day_known_is_looked_at(doubled, tmp_path):
    _, question = doubled
    longer = series(DOUBLED | {"2024-01-01": 5_000.0}, 40, 1, "2024-12-31")
    other = asked(write(longer, tmp_path / "series.csv"))
    pd.testing.assert_frame_equal(told(other, tmp_path / "results").table("forecast"), doubled[0].table("forecast"))
    assert other.past.walk == question.past.walk


def test_boats_of_the_members_carry_as_many_as_were_observed(doubled):
    totals = doubled[0].table("forecast_window")
    conditioned_ = totals[totals["stage"] == "conditioned"].groupby("metric")["q0.5"].sum()
    assert conditioned_["arrivals"] / conditioned_["boats_arrived"] == pytest.approx(40, rel=0.05)


def test_a_series_without_boats_leaves_seats_to_the_scenario(tmp_path):
    days = series(STEADY, 40, 1, LAST).drop(columns="boats")
    question = asked(write(days, tmp_path / "series.csv"))
    assert not question.past.has_boats
    results = told(question, tmp_path / "results")
    assert not results.table("forecast_about")["boats_known"].iloc[0]


def test_the_smoother_is_the_kalman_update_of_a_linear_model():
    draws = np.random.default_rng(3)
    members, spread = 4000, np.array([0.5, 0.5])
    unknown = draws.normal(0, 2, (1, members))
    predicted = np.vstack([unknown, unknown]) + draws.normal(0, 1, (2, members))  # each with its own weather
    seen = type(observations(_past(), METHOD))(np.array([3.0, 3.4]), 2)
    after = conditioned(unknown, predicted, seen, spread, 5)
    variance = 1 / (1 / 4 + 2 / (1 + 0.25))
    assert after.mean() == pytest.approx(variance * (3.0 + 3.4) / 1.25, abs=0.06)
    assert after.var() == pytest.approx(variance, rel=0.08)


def _past():
    return past_of(series(STEADY, 40, 1, LAST), pd.Timestamp("2024-01-01"), METHOD)


def test_noise_of_months_is_what_levels_and_weather_leave_over():
    draws, members = np.random.default_rng(4), 3000
    predicted = draws.normal(0, 0.3, (1, members)) + draws.normal(0, 0.2, (12, members))
    seen = type(observations(_past(), METHOD))
    found = [
        month_noise(predicted, seen(draws.normal(0, 0.2, 12) + draws.normal(0, noise, 12), 12), METHOD)
        for noise in (0.0, 0.3)
        for _ in range(60)
    ]
    assert np.mean(found[:60]) < 0.14
    assert np.mean(found[60:]) == pytest.approx(0.28, abs=0.05)


def test_steady_growth_is_no_drift_but_its_changes_are():
    days = pd.date_range("2015-01-01", "2023-12-31")
    growing = pd.Series(1.0007 ** np.arange(len(days)), index=days)
    origin = pd.Timestamp("2024-01-01")
    own = replace(METHOD, walk_weight_years=0, walk_at_most=2.0)
    assert walk_per_year(growing, origin, own) < 0.01
    swings = growing * np.exp(0.5 * np.sin(np.arange(len(days)) / 500))
    assert walk_per_year(swings, origin, own) > 0.2
    assert walk_per_year(swings, origin, replace(own, walk_at_most=0.1)) == 0.1
    assert walk_per_year(growing, origin, METHOD) == pytest.approx(METHOD.walk_per_year / 2**0.5, rel=0.01)


def test_a_trend_of_boats_is_damped_and_as_unsure_as_its_estimate():
    assert trend(np.array([1.0, 3.0, np.nan, 7.0])) == pytest.approx((2.0, 0.0))
    past = replace(_past(), growth=0.1, growth_error=0.0)
    still = replace(METHOD, seats_walk_per_year=0.0)
    ahead = seats_ahead(np.full(5, 50.0), past, still, np.random.default_rng(1), 24)
    steps = np.diff(np.log(ahead[0]), prepend=np.log(50.0))
    assert steps == pytest.approx(0.1 * METHOD.seats_kept ** np.arange(1, 9))
    unsure = seats_ahead(np.full(500, 50.0), replace(past, growth_error=0.05), still, np.random.default_rng(1), 24)
    assert np.log(unsure[:, 0]).std() == pytest.approx(0.05 * METHOD.seats_kept, rel=0.1)
    assert seats_so_far(np.zeros(2), past).shape == (2, 4)


def test_levels_walk_on_from_the_last_and_fall_back_to_the_years_mean():
    so_far = np.log(np.tile([10.0, 10, 10, 10, 40], (4000, 1)))
    ahead = levels_ahead(so_far, 0.3, 0.0, METHOD, np.random.default_rng(1), 24)
    middle = np.log([10.0, 10, 10, 40]).mean()
    gaps = ahead.mean(axis=0)[::3] - middle
    assert gaps == pytest.approx((np.log(40) - middle) * METHOD.level_kept ** np.arange(1, 9), abs=0.03)
    assert ahead[:, 0].std() == pytest.approx(0.15, rel=0.05)
    assert ahead[:, -1].std() > ahead[:, 3].std() > ahead[:, 0].std()
    noisy = levels_ahead(so_far, 0.0, 0.4, METHOD, np.random.default_rng(1), 24)
    assert np.exp(noisy[:, 0]).mean() == pytest.approx(np.exp(ahead[:, 0]).mean(), rel=0.05)


def test_drawn_levels_share_a_wide_spread_around_the_years_arrivals():
    past = _past()
    drawn = prior_levels(past, METHOD, np.random.default_rng(1), 4000)
    assert drawn.shape == (4000, 5)
    assert np.median(drawn) == pytest.approx(np.log(past.people.sum() * METHOD.inflow_ratio), abs=0.03)
    assert drawn.mean(axis=1).std() == pytest.approx(METHOD.inflow_ratio_spread, rel=0.05)


def test_new_levels_leave_none_of_the_known_ones_in_force():
    known = {2022: 1.0, 2023: 2.0, date(2023, 8, 1): 3.0, 2025: 4.0}
    starts = [date(2022, 10, 1), date(2023, 1, 1), date(2023, 4, 1)]
    said = dated(known, starts, np.array([10.0, 20.0, 30.0]))
    assert said == {"2022-10-01": 10.0, "2023": 20.0, "2023-04-01": 30.0, "2023-08-01": 30.0, "2025": 30.0}


def test_a_members_scenario_has_its_levels_and_none_of_the_later_shares():
    scenario = load_scenario("no_exchange")
    levels_ = dated(scenario.theatre.inflow.people_per_year, [date(2023, 1, 1), date(2023, 7, 1)], np.array([9e3, 8e3]))
    member = member_scenario(
        scenario,
        {
            "start": "2023-01-01", "measure_from": "2023-04-01", "until": "2025-01-01",
            "theatre.inflow.people_per_year": levels_, **people_of(scenario, date(2023, 7, 1)),
        },
        "member 0",
    )  # fmt: skip
    assert member.name == "member 0"
    inflow = toy_coast.levels_on(member.theatre.inflow.people_per_year, [date(2023, 6, 30), date(2024, 6, 1)])
    assert inflow == [9e3, 8e3]
    for group, own in zip(member.theatre.groups, scenario.theatre.groups, strict=True):
        known = toy_coast.levels_on(own.share, [date(2023, 6, 30)])
        assert toy_coast.levels_on(group.share, [date(2024, 6, 1)]) == known


def test_a_posterior_is_drawn_by_weight_and_a_setting_of_the_user_stays(tmp_path):
    table = pd.DataFrame({"migrants.benefit_gbp": [1e4, 2e4], "gangs.firms": [30, 31], "weight": [1.0, 3.0]})
    table.to_parquet(tmp_path / "posterior.parquet")
    scenario = load_scenario("no_exchange", ["gangs.firms=25"])
    found = read_posterior(tmp_path / "posterior.parquet", scenario)
    drawn = found.drawn(8, 1)
    assert sorted(row["migrants.benefit_gbp"] for row in drawn) == [1e4] * 2 + [2e4] * 6
    assert "gangs.firms" not in drawn[0]
    assert found.drawn(8, 1) == drawn
    assert found.drawn(8, 2) != drawn


def test_a_posterior_that_cannot_be_meant_is_refused_whole(tmp_path):
    table = pd.DataFrame({"gangs.frims": [1.0, 2.0], "gangs.firms": [30.0, np.nan], "weight": [1.0, -1.0]})
    table.to_csv(tmp_path / "posterior.csv", index=False)
    with pytest.raises(ScenarioError) as error:
        read_posterior(tmp_path / "posterior.csv", load_scenario("no_exchange"))
    for words in ("did you mean 'gangs.firms'", "lacks values in 1 rows", "weight: cannot weigh the rows"):
        assert words in str(error.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data_until": None}, "--data-until: is missing"),
        ({"data_until": "2024-13-01"}, "--data-until: is no date"),
        ({"data_until": "2030-01-01", "until": "2031-01-01"}, "is not in the series"),
        ({"until": "2023-06-30"}, "must come after the last day known"),
        ({"until": "2024-01-03"}, "leaves no whole week"),
        ({"data_until": "2020-06-30"}, "needs 12 months of the series"),
        ({"metrics": ["arivals"]}, "did you mean 'arrivals'?"),
        ({"posterior": Path("nowhere.parquet")}, "no such file"),
        ({"weather": Path("nowhere.csv")}, "cannot be read"),
        ({"method": "nowhere"}, "no file 'nowhere'"),
        ({"series": Path("nowhere.csv")}, "cannot be read as CSV"),
    ],
)
def test_what_cannot_be_forecast_is_refused(changes, words, tmp_path):
    file = write(series(STEADY, 40, 1, LAST), tmp_path / "series.csv")
    with pytest.raises(ScenarioError) as error:
        asked(file, **changes)
    assert words in str(error.value)


def test_everything_that_is_wrong_is_said_at_once(tmp_path):
    file = write(series(STEADY, 40, 1, LAST), tmp_path / "series.csv")
    with pytest.raises(ScenarioError) as error:
        asked(file, data_until="soon", until=None, metrics=["joy"], posterior=Path("nowhere.parquet"))
    assert len(error.value.problems) == 4


def test_days_without_data_in_the_window_are_refused(tmp_path):
    days = series(STEADY, 40, 1, LAST).drop(index=pd.Timestamp("2023-05-05"))
    with pytest.raises(ScenarioError, match="are missing in the 12 months before"):
        asked(write(days, tmp_path / "gap.csv"))
    with pytest.raises(ScenarioError, match="nobody arrives"):
        asked(write(series(STEADY, 40, 1, LAST) * 0, tmp_path / "nobody.csv"))


def test_a_method_that_does_not_fit_together_is_refused(tmp_path):
    text = "\n".join(f"{name}: {getattr(METHOD, name)}" for name in METHOD.__slots__)
    file = tmp_path / "method.yaml"
    file.write_text(text.replace("window_months: 12", "window_months: 13").replace("members: 100", "members: 0"))
    with pytest.raises(ScenarioError, match="members"):
        read_method(file)
    file.write_text(text.replace("window_months: 12", "window_months: 13"))
    with pytest.raises(ScenarioError, match="holds no whole number of levels"):
        read_method(file)
    file.write_text(text + "\nwalk: 3\n")
    with pytest.raises(ScenarioError, match="walk.*unknown"):
        read_method(file)


def test_the_plan_of_rolling_tests_names_whole_months(tmp_path):
    plan, near = read_rolling()
    assert [f"{origin}" for origin in plan.origins] == ["2023-07-01", "2024-01-01", "2024-07-01"]
    assert (near / plan.scenario).is_file()
    file = tmp_path / "plan.yaml"
    file.write_text("scenario: no_exchange\nmethod: channel\norigins: [2023-07-02, 2023-07-02]\nmonths: 12\n")
    with pytest.raises(ScenarioError) as error:
        read_rolling(file)
    assert len(error.value.problems) == 2  # the same day twice is one wrong day
