"""Figures of adapting actors: what they count, what they say, and when they say nothing."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from ruamel.yaml import YAML
from scipy.stats import poisson

from sim.experiment.results import Results
from sim.figures import attempts, beliefs, draw, hazard, market, sector_patrols, sectors
from sim.figures.run import Shown
from sim.figures.style import policy_pen

START, DAYS = pd.Timestamp("2025-01-01"), 112
KEYS = {"scenario": "swap", "replication": 0}
DATES = pd.date_range(START, periods=DAYS)


def swap(name: str = "swap") -> Shown:
    return Shown(name, policy_pen(0), False, START, START, START + pd.Timedelta(days=DAYS), None)


def coast(**given: list[float]) -> pd.DataFrame:
    """A day of two sectors; launches, boats stopped and patrol units by sector."""
    values = {"boats_launched": [60, 40], "boats_prevented": [30, 0], "patrol_units": [50, 50], **given}
    return pd.DataFrame({**KEYS, "date": START, "sector": ["north", "south"], **values})


def community(arrivals: float = 10, returned: float = 1, attempts: float = 20, days: int = DAYS) -> pd.DataFrame:
    """One group whose every day is the same."""
    flows = {"arrivals": arrivals, "arrivals_in_scope": arrivals / 2, "returned": returned, "attempts": attempts}
    chances = {"believed_return": 0.3, "believed_stopped": 0.6}
    return pd.DataFrame({**KEYS, "group": "near", "date": DATES[:days], **flows, "deaths": 0, **chances})


def tries(*arrived: float, gave_up: float = 0, waiting: float = 0) -> pd.DataFrame:
    """People who arrived after one try, two tries and so on; some gave up or still wait after one."""
    others = np.eye(len(arrived))[0] if arrived else np.zeros(0)
    numbers = np.arange(1, len(arrived) + 1)
    ends = {"arrived": arrived, "gave_up": gave_up * others, "waiting": waiting * others, "died": 0.0}
    return pd.DataFrame({**KEYS, "attempts": numbers, **ends})


def bands(**given: float) -> pd.DataFrame:
    """Two bands of load by two of waves; everything happens in the fullest boats and the highest waves."""
    counts = {"launches": 0.0, "left_beach": 0.0, "people_at_sea": 0.0, "incidents": 0.0, "deaths": 0.0}
    rows = [
        {**KEYS, "load_from": load, "load_to": load + 50 if load < 50 else np.inf, "wave_from_m": wave,
         "wave_to_m": wave + 0.4 if wave < 0.4 else np.inf, **counts, "deaths_squared": 0.0}
        for load in (0.0, 50.0) for wave in (0.0, 0.4)
    ]  # fmt: skip
    return pd.DataFrame([*rows[:3], {**rows[3], **given}])


DEADLY = {"launches": 50, "left_beach": 40, "people_at_sea": 2000, "incidents": 2, "deaths": 6, "deaths_squared": 20}


def said(figure: Figure) -> str:
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return "\n".join(text.get_text().replace("\n", " ") for text in found)


def folder(path: Path, **tables: pd.DataFrame) -> Results:
    """A results folder of one scenario, with these tables."""
    path.mkdir(exist_ok=True)
    for name, table in {"runs": pd.DataFrame([KEYS]), **tables}.items():
        text = table.assign(date=table["date"].dt.strftime("%Y-%m-%d")) if "date" in table else table
        text.to_parquet(path / f"{name}.parquet", index=False)
    until = (START + pd.Timedelta(days=DAYS)).strftime("%Y-%m-%d")
    about = {"start": "2025-01-01", "measure_from": "2025-01-01", "until": until, "levers": []}
    with (path / "scenario.yaml").open("w") as file:
        YAML(typ="safe").dump({"baseline": "none", "scenarios": {"swap": about}, "settings": {}}, file)
    return Results(path)


def test_shares_are_of_the_whole_coast() -> None:
    table = sector_patrols.shares(coast())
    assert table.loc[("swap", "north")].tolist() == [60, 50]
    assert table.loc[("swap", "south")].tolist() == [40, 50]


def test_a_replication_without_launches_does_not_count_in_the_shares() -> None:
    calm = coast(boats_launched=[0, 0]).assign(replication=1)
    table = sector_patrols.shares(pd.concat([coast(), calm]))
    assert table["launches"].tolist() == [60, 40]


def test_the_stopped_share_is_of_all_launches_of_the_sector() -> None:
    assert sector_patrols.stopped_shares(coast())["stopped"].tolist() == [50, 0]


def test_a_sector_without_launches_has_no_stopped_share() -> None:
    found = sector_patrols.stopped_shares(coast(boats_launched=[10, 0], boats_prevented=[5, 0]))["stopped"]
    assert found.iloc[0] == 50
    assert np.isnan(found.iloc[1])


def test_arrows_lead_from_the_first_weeks_to_the_last(tmp_path: Path) -> None:
    days = pd.concat([coast().assign(date=day) for day in DATES[:56]])
    later = [coast(boats_launched=[20, 80], patrol_units=[10, 90]).assign(date=day) for day in DATES[56:]]
    figure = draw("sector_patrols", folder(tmp_path, daily=pd.DataFrame(), sectors=pd.concat([days, *later])))
    assert figure is not None
    arrows = {
        (text.xyann, text.xy) for text in figure.axes[0].texts if isinstance(text, Annotation) and not text.get_text()
    }  # from (patrols, launches) to (patrols, launches)
    assert arrows == {((50.0, 60.0), (10.0, 20.0)), ((50.0, 40.0), (90.0, 80.0))}
    assert "Swap 10 % and 10 %" in said(figure)


def test_a_coast_without_launches_says_so(tmp_path: Path) -> None:
    calm = pd.concat([coast(boats_launched=[0, 0], boats_prevented=[0, 0]).assign(date=day) for day in DATES])
    figure = draw("sector_patrols", folder(tmp_path, daily=pd.DataFrame(), sectors=calm))
    assert "Swap: no launches" in said(figure)


def test_months_with_hardly_any_launches_have_no_shares() -> None:
    january = pd.concat([coast(boats_launched=[0, 0]).assign(date=day) for day in DATES[:31]])
    few, enough = january.copy(), january.copy()
    few.iloc[0, few.columns.get_loc("boats_launched")] = sectors.FEWEST_LAUNCHES - 1
    enough.iloc[0, enough.columns.get_loc("boats_launched")] = sectors.FEWEST_LAUNCHES
    assert sectors.shares(few)["launches"].isna().all()
    assert sectors.shares(enough)["launches"].tolist() == [100, 0]
    assert sectors.shares(few)["patrols"].tolist() == [50, 50]


def test_realised_shares_are_those_of_the_trailing_weeks() -> None:
    table = beliefs.shares(community())
    assert table["date"].tolist() == [DATES[83], DATES[97], DATES[111]]
    assert table["realised_return"].tolist() == [20, 20, 20]  # of those in scope, half of the arrivals
    assert table["realised_stopped"].tolist() == [50, 50, 50]
    assert table["believed_return"].tolist() == [30, 30, 30]


def test_what_happened_before_the_trailing_weeks_is_forgotten() -> None:
    early = community()
    early["returned"] = np.where(early["date"] < DATES[14], 1.0, 0.0)
    assert beliefs.shares(early)["realised_return"].tolist() == pytest.approx([100 * 14 / (84 * 5), 0, 0])


def test_a_share_of_few_people_is_not_shown() -> None:
    rare = beliefs.shares(community(arrivals=2, attempts=2))
    assert rare["realised_return"].isna().all()
    assert rare["realised_stopped"].notna().all()
    assert beliefs.shares(community(attempts=1))["realised_stopped"].isna().all()


def test_older_results_without_arrivals_in_scope_are_compared_with_all_arrivals() -> None:
    table = beliefs.shares(community().drop(columns="arrivals_in_scope"))
    assert table["realised_return"].tolist() == [10, 10, 10]


def test_groups_together_are_weighted_by_their_tries() -> None:
    near, far = community(), community(attempts=60, arrivals=60).assign(group="far", believed_stopped=0.2)
    table = beliefs.together(beliefs.shares(pd.concat([near, far])))
    assert table["believed_stopped"].tolist() == pytest.approx([30, 30, 30])
    assert table["realised_stopped"].tolist() == pytest.approx([12.5, 12.5, 12.5])


def test_the_largest_groups_are_shown(tmp_path: Path) -> None:
    many = pd.concat([community(attempts=20 + n).assign(group=f"group_{n}") for n in range(9)])
    figure = draw("beliefs", folder(tmp_path, daily=pd.DataFrame(), groups=many))
    words = said(figure)
    assert [n for n in range(9) if f"Group {n}" in words] == [3, 4, 5, 6, 7, 8]
    assert "Swap: believed 30 %, realised 20 %" in words


def test_a_run_shorter_than_the_trailing_weeks_draws_no_beliefs(tmp_path: Path) -> None:
    assert draw("beliefs", folder(tmp_path, daily=pd.DataFrame(), groups=community(days=80))) is None


def test_people_who_try_with_one_chance_are_as_many_as_the_geometric_law_says() -> None:
    people = [512.0, 256, 128, 64, 32, 16, 8, 4, 2, 1]
    row = attempts.repeaters(attempts.ended(tries(*people))).iloc[0]
    assert row["mean"] == pytest.approx(2, rel=0.02)
    assert row["share_3"] == pytest.approx(row["geometric_3"], abs=0.5)


def test_two_kinds_of_people_make_more_repeaters_than_the_geometric_law() -> None:
    row = attempts.repeaters(attempts.ended(tries(900, *[0.0] * 8, 100))).iloc[0]
    assert row["mean"] == 1.9
    assert row["share_5"] == 10 > row["geometric_5"]


def test_those_still_trying_are_not_counted_as_ended(tmp_path: Path) -> None:
    table = tries(50, 25, gave_up=15, waiting=10)
    assert attempts.ended(table)["people"].tolist() == [65, 25]
    assert attempts.at_least(attempts.ended(table)).tolist() == pytest.approx([1, 25 / 90])
    figure = draw("attempts", folder(tmp_path, daily=pd.DataFrame(), attempts=table))
    assert "(10.0 % of all)" in said(figure)


def test_a_figure_of_tries_without_tries_says_so(tmp_path: Path) -> None:
    figure = draw("attempts", folder(tmp_path, daily=pd.DataFrame(), attempts=tries()))
    assert "Swap: nobody tried" in said(figure)


def test_one_death_a_boat_has_the_exact_poisson_interval() -> None:
    rate, low, high = hazard.interval(deaths=5, squares=5, people=1000, size=1)
    assert rate == 5
    assert poisson.sf(4, low) == pytest.approx(0.025)
    assert poisson.cdf(5, high) == pytest.approx(0.025)


def test_deaths_that_come_together_are_less_certain() -> None:
    alone, together = hazard.interval(6, 6, 1000, 1), hazard.interval(6, 18, 1000, 1)
    assert alone[0] == together[0]
    assert together[1] < alone[1] < alone[2] < together[2]


def test_no_death_is_not_no_risk() -> None:
    rate, low, high = hazard.interval(0, 0, 1000, 2)
    assert (rate, low) == (0, 0)
    assert high == pytest.approx(2 * 3.689, rel=1e-3)


def test_bands_sum_over_the_other_dimension_and_over_replications() -> None:
    table = pd.concat([bands(**DEADLY), bands(**DEADLY).assign(replication=1)])
    for by, low in (("load", 50.0), ("wave", 0.4)):
        found = hazard.by_band(table, by)
        assert found[hazard.BANDS[by][0]].tolist() == [low]  # where no boat was is left out
        assert found[["left_beach", "deaths", "rate"]].iloc[0].tolist() == [80, 12, 3]


def test_a_band_with_few_people_at_sea_has_no_rate() -> None:
    few = hazard.by_band(bands(**{**DEADLY, "people_at_sea": hazard.FEWEST - 1}), "load")
    assert few[["rate", "low", "high"]].isna().all(axis=None)
    assert few["left_beach"].tolist() == [40]


def test_bands_are_named_by_their_edges() -> None:
    both = pd.DataFrame({"load_from": [0.0, 50.0, 80.0], "load_to": [50.0, 80.0, np.inf]})
    assert hazard.band_names(both, "load") == ["under 50", "50\N{EN DASH}79", "80 or more"]
    waves = pd.DataFrame({"wave_from_m": [0.0, 0.2, 0.6], "wave_to_m": [0.2, 0.3, np.inf]})
    assert hazard.band_names(waves, "wave") == ["under 0.2", "0.2\N{EN DASH}0.3", "0.6 or more"]


def test_deaths_are_named_plainly(tmp_path: Path) -> None:
    figure = draw("hazard", folder(tmp_path, daily=pd.DataFrame(), hazard=bands(**DEADLY)))
    assert "Swap: 6 deaths among 2,000 people at sea (3.00 per 1,000)" in said(figure)


def gangs(**given: list[float]) -> pd.DataFrame:
    """Two gangs on two days."""
    values = {"active": [1, 0, 1, 1], "profit_gbp": [1000.0, 0, 3000, 1000], "boats": [2, 1, 3, 4], "queue": 10}
    return pd.DataFrame({**KEYS, "date": [DATES[0]] * 2 + [DATES[1]] * 2, "gang": ["a", "b"] * 2, **values, **given})


def test_gangs_are_summed_by_day() -> None:
    table = market.by_day(gangs())
    assert table["profit"].tolist() == [1, 4]
    assert table["boats"].tolist() == [3, 7]
    assert table["queue"].tolist() == [20, 20]


def test_boats_seized_are_counted_on_their_day() -> None:
    table = market.by_day(gangs(boats_seized=[2, 1, 2, 5]))
    assert table["boats_seized"].tolist() == [3, 4]


def test_the_floor_of_the_price_is_that_of_the_active_gangs() -> None:
    table = market.by_day(gangs(cost_per_seat_gbp=[800.0, 9999, 900, 1100]))
    assert table["floor"].tolist() == [800, 1000]


@pytest.mark.parametrize("seized", [True, False])
def test_the_market_shows_boats_seized_where_they_were_recorded(tmp_path: Path, seized: bool) -> None:
    daily = pd.DataFrame({**KEYS, "date": DATES, "price_gbp": 3000.0, "gangs_active": 2, "boats_launched": 7})
    one = pd.DataFrame({**KEYS, "date": DATES, "gang": "a", "active": 1, "profit_gbp": 1.0, "boats": 1, "queue": 9})
    more = {"boats_seized": np.arange(DAYS), "cost_per_seat_gbp": 900.0} if seized else {}
    figure = draw("market", folder(tmp_path, daily=daily, gangs=one.assign(**more)))
    words = said(figure)
    assert ("Boats seized on the way" in words) is seized
    assert ("Customers in the queue" in words) is not seized
    assert ("cost of one more seat" in words) is seized
    assert "Swap 3,000" in words
