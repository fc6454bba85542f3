"""The explorer of a sweep: every point with its numbers on one page, and words that say the same."""

import json
import re
from pathlib import Path
from typing import Any

import made_up_sweeps as made
import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from sim.experiment.discover import discover, read_missed
from sim.experiment.results import Results
from sim.experiment.sensitivity import sensitivity as analysed
from sim.experiment.swept import read_outcome, read_swept
from sim.report.explorer import MOST_DRAWN, content, drawn, is_sweep, page_data, write_explorer
from sim.report.explorer.points import Explored, read_explored
from sim.report.explorer.tables import by_level, by_third, varied
from sim.report.explorer.words import answers, cautions

MEGABYTE = 1_000_000
MORE = (
    "attempts", "people_reaching_coast", "people_prevented", "turned_back", "boats_arrived", "people_per_boat",
    "crossing_days", "lorry_deaths", "lorry_arrivals", "settled_elsewhere", "went_home", "price_gbp", "gangs_active",
    "selected", "voided",
)  # fmt: skip


def explored(folder: Path) -> Explored:
    return read_explored(Results(folder))


def page_of(folder: Path) -> str:
    return write_explorer(Results(folder)).read_text(encoding="utf-8")


def points_on(text: str) -> dict[str, Any]:
    """The data of the page, as its script reads them."""
    found = re.search(r'<script type="application/json" id="explorer-data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def all_words(folder: Path) -> str:
    lead, more = answers(explored(folder))
    return " ".join([*lead, *more])


def big_sweep(folder: Path, futures: int = 2500) -> Path:
    """Two policies in 2,500 futures of eight settings, with twenty outcomes: 5,000 points."""
    settings = tuple(made.Varied(f"beliefs.x{i}") for i in range(8))
    draws = qmc.LatinHypercube(8, rng=np.random.default_rng(3)).random(futures)
    rows = [{d.setting: d.at(u) for d, u in zip(settings, draw, strict=True)} for draw in draws]
    made.write_sweep(folder, made.Made(
        settings, futures=rows, sources=("pilot", "both"), outcome=made.boxed, design="", uncertainty_design="lhs",
        uncertainty_samples=futures,
    ))  # fmt: skip
    for name in ("effects", "summary"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        one = table[table["metric"] == "arrivals"]
        parts = [one.assign(metric=metric) for metric in MORE]
        pd.concat([table, *parts]).to_parquet(folder / f"{name}.parquet", index=False)
    return folder


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return made.known_box(tmp_path / "box", futures=40)


def test_a_folder_of_a_run_is_no_sweep(tmp_path: Path) -> None:
    assert not is_sweep(Results(tmp_path))
    assert is_sweep(Results(made.one_lever(tmp_path / "one")))


def test_every_scenario_and_every_point_is_on_the_page(box: Path) -> None:
    points = pd.read_parquet(box / "points.parquet")
    policies = points[~points["baseline"]]
    data = points_on(page_of(box))
    assert data["points"] == policies["point"].tolist()
    assert [data["sources"][i] for i in data["source"]] == policies["source"].str.replace(
        "_", " "
    ).str.capitalize().tolist()
    assert [data["futures"][i] for i in data["future"]] == policies["future"].tolist()


def test_the_numbers_on_the_page_are_those_of_the_tables_to_six_digits(box: Path) -> None:
    data = points_on(page_of(box))
    effects = pd.read_parquet(box / "effects.parquet")
    for outcome in data["outcomes"]:
        metric = outcome["name"].removesuffix("_relative")
        mine = effects[effects["metric"] == metric].set_index("point").loc[data["points"]]
        factor = 1e-6 if outcome["unit"].startswith("million") else 1.0
        shares = outcome["name"].endswith("_relative")
        expected = mine["relative"] * 100 if shares else mine["difference"] * factor
        np.testing.assert_allclose(outcome["value"], expected, rtol=6e-6)
        if not shares:
            np.testing.assert_allclose(outcome["low"], mine["low"] * factor, rtol=6e-6)
            np.testing.assert_allclose(outcome["high"], mine["high"] * factor, rtol=6e-6)


def test_each_point_has_the_settings_of_its_future(box: Path) -> None:
    points = pd.read_parquet(box / "points.parquet").set_index("point")
    data = points_on(page_of(box))
    for setting in data["settings"]:
        values = [setting["values"][place] for place in data[setting["by"]]]
        np.testing.assert_allclose(values, points.loc[data["points"], setting["name"]], rtol=6e-6)


def test_points_meet_the_aim_where_their_mean_does_and_surely_where_the_whole_interval_does(box: Path) -> None:
    data = points_on(page_of(box))
    effects = pd.read_parquet(box / "effects.parquet")
    mine = effects[effects["metric"] == "arrivals"].set_index("point").loc[data["points"]]
    level = mine["difference"] / mine["relative"]
    expected = (mine["relative"] <= -0.1).astype(int) + (mine["high"] / level < -0.1).astype(int)
    assert data["aim"]["meets"] == expected.tolist()


def test_the_answer_counts_the_points_that_meet_the_aim(box: Path) -> None:
    found = explored(box)
    assert found.aim is not None
    met = int(found.aim.meets.sum())
    assert f"is met in {met} of 120 combinations of policy and future" in all_words(box)
    assert "Most often: Both, in 40 of 40 futures; least often: Patrols doubled, in 0." in all_words(box)


def test_a_grid_says_at_which_values_the_aim_is_met_whatever_else_varies(tmp_path: Path) -> None:
    said = all_words(made.two_levers(tmp_path / "two"))
    assert "By weekly target: met whatever else varies at 1,000; never at 0 and 50." in said


def test_the_lowest_and_highest_points_are_said_with_their_interval(tmp_path: Path) -> None:
    folder = made.one_lever(tmp_path / "one")
    effects = pd.read_parquet(folder / "effects.parquet")
    best = effects[effects["metric"] == "arrivals"].sort_values("difference").iloc[0]
    found = re.search(
        r"Lowest arrivals by boat.*?: −([\d,]+) people \(95 % interval −([\d,]+) to −([\d,]+)\)", all_words(folder)
    )
    assert found
    told = [-float(part.replace(",", "")) for part in found.groups()]
    np.testing.assert_allclose(told, best[["difference", "low", "high"]].astype(float), rtol=6e-3)
    assert "with weekly target 1,000" in all_words(folder)


def test_names_with_html_appear_as_text(tmp_path: Path) -> None:
    bad = "</script><img src=x onerror=alert(1)>"
    folder = made.one_lever(tmp_path / "one", sources=(bad, "pilot"))
    sweep = pd.read_parquet(folder / "sweep.parquet").assign(question=f"What of {bad}?")
    sweep.to_parquet(folder / "sweep.parquet", index=False)
    text = page_of(folder)
    assert "<img src=x" not in text
    assert points_on(text)["sources"][0] == bad.replace("_", " ")
    assert "What of &lt;/script&gt;" in text


def test_a_sweep_without_baseline_shows_the_metrics_themselves(tmp_path: Path) -> None:
    folder = made.ishigami(tmp_path / "levels", base=16)
    data = points_on(page_of(folder))
    summary = pd.read_parquet(folder / "summary.parquet").set_index("point").loc[data["points"]]
    assert data["aim"] is None
    assert not data["compared"]
    np.testing.assert_allclose(data["outcomes"][0]["value"], summary["mean"], rtol=6e-6, atol=1e-9)
    assert "There is no baseline" in page_of(folder)


def test_a_single_varied_setting_has_a_row_for_each_of_its_values(tmp_path: Path) -> None:
    folder = made.one_lever(tmp_path / "one")
    (table,) = by_level(explored(folder))
    assert [row[0] for row in table.rows[1:]] == ["0", "50", "100", "200", "500", "1,000"]
    assert "95 % low" in table.rows[0]


def test_a_list_of_scenarios_without_settings_is_told_by_scenario(tmp_path: Path) -> None:
    folder = tmp_path / "list"
    made.write_sweep(folder, made.Made((), sources=("pilot", "patrols_doubled"), outcome=made.exchange, design="list"))
    columns = ["setting", "kind", "unit", "low", "high", "values", "scale", "whole", "confidence", "base"]
    pd.DataFrame(columns=columns).to_parquet(folder / "dimensions.parquet", index=False)
    text = page_of(folder)
    assert points_on(text)["settings"] == []
    assert [row[0] for row in by_level(explored(folder))[0].rows[1:]] == ["Pilot", "Patrols doubled"]
    assert 'id="varied"' not in text


def test_parts_that_a_sweep_lacks_have_no_section(box: Path) -> None:
    sections = [each["id"] for each in content(Results(box))["sections"]]
    assert {"figures", "sensitivity", "discover"}.isdisjoint(sections)
    assert sections[:3] == ["answer", "works", "explore"]


def test_implausible_futures_are_left_out_and_counted(box: Path) -> None:
    points = pd.read_parquet(box / "points.parquet")
    points.assign(plausible=points["future"] >= 10).to_parquet(box / "points.parquet", index=False)
    found = explored(box)
    assert found.points["future"].min() == 10
    assert cautions(found)[-1].startswith("10 of 40 futures are left out of this page")


def test_failed_runs_are_said(box: Path) -> None:
    points = pd.read_parquet(box / "points.parquet")
    points.loc[3, "replications"] = 1
    points.to_parquet(box / "points.parquet", index=False)
    (text,) = [text for text in cautions(explored(box)) if "failed" in text]
    assert text.startswith(f"3 runs of 1 points failed and are missing from the means: {points['name'][3]}")


def test_settings_that_decide_are_told_by_thirds_and_others_are_not(tmp_path: Path) -> None:
    table = by_third(explored(made.known_box(tmp_path / "box", futures=300)))
    assert table is not None
    rows = {row[1].rpartition("</span>")[0].rpartition(">")[2]: row for row in table.rows[1:]}
    assert {"beliefs.x0", "beliefs.x1"} <= set(rows) <= {"beliefs.x0", "beliefs.x1", "beliefs.x2"}
    assert rows["beliefs.x0"][2].endswith(": 100.0 %")


def test_a_screening_is_no_sample_of_what_may_be(tmp_path: Path) -> None:
    assert by_third(explored(made.morris(tmp_path / "morris"))) is None


def test_what_varied_is_marked_where_it_is_a_guess(box: Path) -> None:
    rows = {row["name"]: row for row in varied(explored(box))}
    assert rows["beliefs.x1"]["guess"]
    assert not rows["beliefs.x0"]["guess"]
    assert rows["beliefs.x0"]["values"] == "0 to 1"


def test_a_sample_is_drawn_only_where_there_are_too_many_points() -> None:
    assert drawn(MOST_DRAWN) is None
    sample = drawn(MOST_DRAWN + 1000)
    assert sample is not None
    assert len(set(sample)) == MOST_DRAWN
    assert sample == drawn(MOST_DRAWN + 1000)
    assert max(sample) > MOST_DRAWN


def test_five_thousand_points_of_twenty_outcomes_stay_below_fifteen_megabytes(tmp_path: Path) -> None:
    path = write_explorer(Results(big_sweep(tmp_path / "big")))
    data = page_data(explored(path.parent))
    assert data["count"] == 5000
    assert len(data["outcomes"]) >= 20
    assert path.stat().st_size < 15 * MEGABYTE


def test_the_page_asks_no_host_for_anything(box: Path) -> None:
    text = page_of(box)
    assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)="(https?:)?//', text)
    assert text.count("window.vegaEmbed=") == 1


def test_the_analyses_of_a_sweep_have_a_section_each(tmp_path: Path) -> None:
    folder = made.known_box(tmp_path / "box", futures=100)
    swept = read_swept(folder)
    found = discover(swept, read_missed(swept, None, None, None), 1)
    for name, table in found.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    analysed(swept, read_outcome(swept, None), 1).to_parquet(folder / "sensitivity.parquet", index=False)
    text = page_of(folder)
    assert "Both meets its aim of −10 % arrivals by boat in all 100 futures." in text
    assert "Pilot: the change in arrivals by boat depends most on" in text
