"""What the page of a sweep says of deaths, costs and settings, of each policy apart."""

import re
from pathlib import Path

import made_up_sweeps as made
import numpy as np
import pandas as pd
import pytest
from test_explorer import all_words, explored, page_of, points_on

from sim.figures.information import nothing_gained
from sim.report.explorer.lives import lives_table
from sim.report.explorer.naming import coded
from sim.report.explorer.tables import by_level, missing_thirds
from sim.report.explorer.words import method, works_words


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return made.known_box(tmp_path / "box", futures=40)


def lorries(folder: Path, per_policy: float = 7.0) -> Path:
    """The same sweep with deaths by lorry: none in the baseline, and the more by policy the later its row."""
    runs, effects, summary = (pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "effects", "summary"))
    points = pd.read_parquet(folder / "points.parquet").set_index("point")
    places = {name: k for k, name in enumerate(points.loc[~points["baseline"], "source"].unique(), start=1)}
    died = points["source"].map(places).where(~points["baseline"], 0).astype(float) * per_policy
    runs.assign(lorry_deaths=runs["point"].map(died)).to_parquet(folder / "runs.parquet", index=False)
    for table, name, ends in ((effects, "effects", ["difference", "low", "high"]), (summary, "summary", ["mean"])):
        mine = table[table["metric"] == "deaths"].assign(metric="lorry_deaths")
        mine[ends] = mine[["point"]].apply(lambda row: row.map(died))[["point"] * len(ends)].to_numpy()
        pd.concat([table, mine]).to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def test_deaths_are_always_told(tmp_path: Path, box: Path) -> None:
    assert "Deaths against the baseline with Both: at sea " in all_words(box)
    assert "Deaths with " in all_words(made.one_lever(tmp_path / "alone", baseline=""))


def spread_in(text: str) -> list[float]:
    """The numbers of a cell such as `-1 (-3 to +2)`."""
    return [float(part.replace("\N{MINUS SIGN}", "-")) for part in re.findall(r"[+\N{MINUS SIGN}]?[\d.]+", text)]


def test_deaths_are_told_of_each_policy_with_those_by_lorry_and_the_sum_run_by_run(box: Path) -> None:
    (before,) = lives_table(explored(box))
    assert before.rows[0] == ["policy", "at sea"]
    (table,) = lives_table(explored(lorries(box)))
    assert [row[0] for row in table.rows[1:]] == ["Pilot", "Patrols doubled", "Both"]
    assert [row[2] for row in table.rows[1:]] == [f"+{n} (+{n} to +{n})" for n in (7, 14, 21)]
    effects = pd.read_parquet(box / "effects.parquet")
    points = pd.read_parquet(box / "points.parquet")
    pilot = effects[effects["point"].isin(points.loc[points["source"] == "pilot", "point"])]
    sea = pilot.loc[pilot["metric"] == "deaths", "difference"].astype(float)
    parts = [0.5, 0.05, 0.95]
    np.testing.assert_allclose(spread_in(table.rows[1][1]), sea.quantile(parts), rtol=6e-3, atol=6e-3)
    np.testing.assert_allclose(spread_in(table.rows[1][3]), (sea + 7).quantile(parts), rtol=6e-3, atol=6e-3)
    assert "Deaths by lorry rise where deaths at sea fall" in all_words(box)


def test_one_run_of_each_point_promises_no_interval(tmp_path: Path) -> None:
    one = explored(made.known_box(tmp_path / "one", futures=40, replications=1))
    assert "one run each, without an interval" in method(one)[-1]
    assert "95 % t-intervals" in method(explored(made.known_box(tmp_path / "more", futures=40)))[-1]


def test_both_kinds_of_deaths_are_one_outcome_in_people_and_no_share(box: Path) -> None:
    names = {each["name"]: each["title"] for each in points_on(page_of(lorries(box)))["outcomes"]}
    assert names["deaths_together"] == "Deaths at sea and by lorry"
    assert "deaths_relative" not in names


def test_where_it_works_tells_what_it_costs_and_how_many_die(box: Path) -> None:
    table, *_ = by_level(explored(lorries(box)))
    assert table.rows[0][-2:] == ["median cost to the UK (million GBP)", "median deaths at sea and by lorry (people)"]
    effects = pd.read_parquet(box / "effects.parquet")
    points = pd.read_parquet(box / "points.parquet").set_index("point")
    mine = effects[(effects["metric"] == "cost_uk_gbp") & (effects["point"].map(points["source"]) == "pilot")]
    assert float(table.rows[1][-2]) == pytest.approx(mine["difference"].median() / 1e6, rel=6e-3)


def test_points_that_meet_the_aim_and_those_that_surely_do_are_counted_apart(tmp_path: Path) -> None:
    folder = made.known_box(tmp_path / "near", futures=40, aim="-16%")
    found = explored(folder)
    assert found.aim is not None
    met, sure = int(found.aim.meets.sum()), int(found.aim.clear.sum())
    assert f"is met in {met} of 120 " in all_words(folder)
    assert f"; in {sure} of them the whole 95 % interval lies beyond it" in all_words(folder)
    rows = [dict(zip(by_level(found)[0].rows[0], row, strict=True)) for row in by_level(found)[0].rows[1:]]
    assert sum(int(row["meet the aim"]) for row in rows) == met > sure == sum(int(row["surely"]) for row in rows)
    for row in rows:
        low, middle, high = (spread_in(row[name])[0] for name in ("lowest", "median (% of the baseline)", "highest"))
        assert low < middle < high


def test_a_rise_is_surely_reached_where_the_low_end_lies_above_the_aim(tmp_path: Path) -> None:
    found = explored(made.known_box(tmp_path / "rise", futures=40, metric="returned", aim="+1200"))
    assert found.aim is not None
    assert found.aim.clear.tolist() == (found.outcome("returned").values["low"] > 1200).tolist()
    assert 0 < found.aim.clear.sum() < found.aim.meets.sum()


def test_the_question_of_where_it_works_speaks_of_levers_only_where_one_varies(tmp_path: Path, box: Path) -> None:
    assert works_words(explored(box)).startswith("In how many futures does each policy meet the aim of −10 % arrivals")
    assert works_words(explored(made.two_levers(tmp_path / "two"))).startswith("Which values of the levers meet")


def test_a_policy_without_a_row_of_thirds_is_said_with_the_reason(tmp_path: Path) -> None:
    (text,) = missing_thirds(explored(made.known_box(tmp_path / "box", futures=300)))
    assert "Both: the aim is met in every future" in text
    assert "Patrols doubled: the aim is met in no future" in text


def test_settings_are_told_in_words_with_their_name_small_beside_it() -> None:
    cell = coded("beliefs.announced_weight", guess=True)
    assert cell.startswith("How much an announced risk weighs* <span")
    assert cell.endswith(">beliefs.announced_weight</span>")
    assert "&lt;b&gt;" in coded("<b>.x", guess=False)


def test_a_gain_that_no_axis_could_show_is_no_figure() -> None:
    zeros = dict.fromkeys(("probability", "evppi", "evppi_noise", "probability_high"), 0.0)
    table = pd.DataFrame([{**zeros, "evppi_high": 13.6, "evpi": 67.0}] * 3)
    assert nothing_gained(table)
    assert not nothing_gained(table.assign(evppi=5.0))
    assert not nothing_gained(table.assign(probability=0.2))
