"""How sure the answer is: draws that ship, what drives them, what the data narrow, and answers beside the run."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import Fake
from ruamel.yaml import YAML

from sim.experiment.results import Results
from sim.figures.run import scenarios
from sim.report import uncertainty as page
from sim.report.pages import environment
from sim.report.text import amount
from sim.report.uncertainty import beside, drivers, main_assumption, over_draws, uncertainty, under_posterior
from sim.report.uncertainty.calibrated import calibrated_rows, told_calibrated
from sim.report.uncertainty.over_draws import chance_share, effect_rows, pair_differences

HASHES = {"swap": "aaaa", "plain": "bbbb"}
SETTINGS = {
    "beliefs.announced_weight": {"value": 0.3, "confidence": "guess", "unit": "weight"},
    "beliefs.expectation": {"value": "mixed", "confidence": "", "unit": ""},
    "patrols.sweep_km_per_unit": {"value": 11, "confidence": "guess", "unit": "km"},
}
EFFECT = {
    "scenario": "pilot", "scenario_hash": "aaaa", "baseline": "no_exchange", "baseline_hash": "bbbb",
    "code_hash": "cccc", "metric": "arrivals", "unit": "people", "draws": 64, "mean": -480.0, "sd": 700.0,
    "q05": -2000.0, "q25": -900.0, "median": -500.0, "q75": -100.0, "q95": 250.0, "share_below": 0.8,
    "share_above": 0.2, "replications": 1, "left_out": 3,
}  # fmt: skip
DRIVER = {
    **{name: EFFECT[name] for name in ("scenario", "scenario_hash", "baseline", "baseline_hash", "code_hash")},
    "metric": "arrivals", "setting": "beliefs.announced_weight", "unit": "weight", "confidence": "guess", "rho": -0.64,
    "low": -0.8, "high": -0.4, "p": 1e-6, "draws": 64, "settings": 28, "clear": True,
}  # fmt: skip


class Told(Fake):
    """A made-up run with hashes and settings."""

    def __init__(self, folder: Path, levers: list | None = None, **changes) -> None:
        super().__init__(folder, replications=4, days=20)
        self.facts(scenario_hashes=HASHES, code_hash="cccc", baseline="plain")
        yaml = YAML(typ="safe")
        told = yaml.load(folder / "scenario.yaml")
        told["settings"] = SETTINGS | changes
        if levers is not None:
            told["scenarios"]["swap"]["levers"] = levers
        yaml.dump(told, folder / "scenario.yaml")

    def facts(self, **facts) -> None:
        (self.folder / "provenance.json").write_text(json.dumps(facts))

    @property
    def results(self) -> Results:
        return Results(self.folder)


@pytest.fixture
def run(tmp_path) -> Told:
    return Told(tmp_path / "run")


@pytest.fixture
def ships(monkeypatch):
    """What ships in the place of the package's own tables."""

    def put(effects=(EFFECT,), found=(DRIVER,)) -> None:
        table = pd.DataFrame(list(effects))
        monkeypatch.setattr(over_draws, "shipped_effects", lambda: table)
        monkeypatch.setattr(page, "shipped_effects", lambda: table)
        monkeypatch.setattr(drivers, "shipped_drivers", lambda: pd.DataFrame(list(found)))

    put()
    return put


def test_draws_hold_for_a_run_only_if_its_scenario_and_its_baseline_are_those_that_ship(run, ships):
    found = under_posterior(run.results, "swap", "arrivals")
    assert (found["median"], found["low"], found["high"], found["draws"]) == (-500.0, -2000.0, 250.0, 64)
    assert under_posterior(run.results, "swap", "deaths") is None
    for other in ({"scenario_hash": "x"}, {"baseline_hash": "x"}):
        ships([EFFECT | other])
        assert under_posterior(run.results, "swap", "arrivals") is None


def test_draws_of_another_version_of_the_code_are_shown_with_a_warning(run, ships):
    ships([EFFECT | {"code_hash": "older"}])
    assert "another version" in uncertainty(run.results)["posterior"]["stale"]
    ships()
    assert uncertainty(run.results)["posterior"]["stale"] == ""


def test_chance_alone_stands_beside_the_draws(run, ships):
    (row,) = effect_rows(run.results, ["swap"])[1:]
    assert row == ["Arrivals by boat, people", "−10 (−50 to +25)", "−500",
                   "−2,000 to +250", "80 %"]  # fmt: skip


def test_the_level_without_a_policy_is_that_of_the_baseline_over_the_draws_and_in_this_run(run, ships):
    ships([EFFECT | {"base_q05": 9000.0, "base_median": 20_000.0, "base_q95": 40_000.0}])
    here = amount(run.results.table("runs").query("scenario == 'plain'")["arrivals"].mean())
    told = uncertainty(run.results)["posterior"]["levels"]
    assert f"20,000 arrivals by boat (nine in ten: 9,000 to 40,000; in this run {here})." in told
    assert here != amount(run.results.table("runs").query("scenario == 'swap'")["arrivals"].mean())


def test_each_bar_of_a_chart_of_draws_goes_from_its_low_end_to_its_high_end(run, ships):
    rows = over_draws.bars(run.results, scenarios(run.results)[1:])
    assert len(rows) == 3
    assert all(row["low"] <= row["middle"] <= row["high"] for row in rows)


def test_values_in_use_outside_the_likely_are_named():
    row = {"setting": "a.b", "narrowed": "50 %", "median": 2.0, "unit": "km", "q05": 1.0, "q95": 3.0}
    assert "outside" not in told_calibrated([row | {"used": 2.0}])
    assert "Of the values in use 1 lies outside 9 in 10 draws: b (a)." in told_calibrated([row | {"used": 4.0}])


def test_a_difference_is_taken_replication_by_replication_and_one_of_the_pair_itself_as_it_is(run):
    runs = run.results.table("runs").set_index(["scenario", "replication"])
    expected = (runs.loc["swap"] - runs.loc["plain"])["arrivals"]
    assert pair_differences(run.results, "swap", "arrivals").tolist() == expected.tolist()
    assert pair_differences(run.results, "swap", "deterred").tolist() == runs.loc["swap"]["deterred"].tolist()


def test_how_much_of_the_spread_is_chance_comes_from_the_runs_own_pairs(run, ships):
    variance = np.var(pair_differences(run.results, "swap", "arrivals"), ddof=1)
    ships([EFFECT | {"sd": 2 * np.sqrt(variance)}])
    assert chance_share(run.results, "swap", "arrivals") == pytest.approx(25)


def test_it_is_said_on_what_an_effect_rests_and_that_it_is_a_guess(run, ships):
    (text,) = uncertainty(run.results)["posterior"]["drivers"]
    assert "rests above all on how much an announced risk weighs" in text
    assert "a guess; the higher, the fewer arrivals" in text


def test_a_setting_that_may_be_there_by_chance_is_not_named(run, ships):
    ships(found=[DRIVER | {"clear": False, "p": 0.01}])
    found = uncertainty(run.results)["posterior"]
    assert "no single setting" in found["drivers"][0]
    assert len(found["driver_rows"]) == 1
    assert "some 1.4 would pass" in found["by_chance"]


def test_a_run_without_draws_is_told_how_to_make_them(run, ships):
    ships([EFFECT | {"scenario_hash": "x"}])
    found = uncertainty(run.results)
    assert found["posterior"] is None
    assert found["missing"] == {"names": ["swap"], "shipped": ["pilot"]}
    assert page.EFFECTS_CHART not in found["charts"]


def test_an_answer_about_returns_rests_on_how_far_announcements_are_believed(run, ships):
    expected = "assuming that people give an announced risk a weight of 0.3 against what they see happen (a guess)"
    assert main_assumption(run.results) == expected


def test_an_answer_about_returns_names_the_setting_it_goes_with_most_too_if_that_is_another(run, ships):
    ships(found=[DRIVER | {"setting": "patrols.sweep_km_per_unit", "unit": "km"}, DRIVER])
    assert main_assumption(run.results).endswith(
        "(a guess), and resting most on how much coast a patrol unit sees (here 11 km, a guess)"
    )


@pytest.mark.parametrize(
    ("levers", "expected"),
    [
        ([{"exchange": {"weekly_target": 50}}, {"credibility": {"announced_weight": 0.8}}], "a weight of 0.8"),
        ([{"exchange": {}}, {"credibility": {"expectation": "realised"}}], "by the returns they hear of"),
        ([{"exchange": {}}, {"credibility": {"expectation": "announced"}}], "go by what is announced"),
        ([{"patrol_units": {"units": 160}}], "how much coast a patrol unit sees (here 11 km, a guess)"),
    ],
)
def test_the_main_assumption_is_that_of_the_policy(tmp_path, ships, levers, expected):
    ships(found=[DRIVER | {"setting": "patrols.sweep_km_per_unit", "unit": "km"}])
    assert expected in main_assumption(Told(tmp_path / "run", levers).results)


def test_without_anything_known_the_assumption_is_that_the_guesses_hold(tmp_path, ships):
    ships(found=[])
    run = Told(tmp_path / "run", [{"patrol_units": {"units": 160}}])
    assert main_assumption(run.results) == "assuming that the 2 guesses among the model's settings hold"


def test_calibrated_settings_stand_on_their_range_those_that_the_data_narrow_most_first():
    rows = calibrated_rows(SETTINGS)
    by_name = {row["setting"]: row for row in rows}
    assert rows[0]["setting"] == "patrols.sweep_km_per_unit"
    weight = by_name["beliefs.announced_weight"]
    assert (weight["at_used"], weight["mark"], weight["narrowed"]) == (0.3, " (guess)", "next to nothing")
    assert all(row["at_q05"] <= row["at_q25"] <= row["at_median"] <= row["at_q75"] <= row["at_q95"] for row in rows)
    boats = by_name["gangs.dispatched_per_day"]  # on a log scale
    assert boats["at_median"] == pytest.approx(np.log(boats["median"] / 4) / np.log(10), abs=1e-3)


def test_calibrated_settings_are_told_in_the_words_of_their_chart():
    rows = calibrated_rows(SETTINGS)
    assert "most of all how much coast a patrol unit sees (" in told_calibrated(rows)
    off = [row | {"used": -1.0} if row["setting"] == "coast.rest_days" else row for row in rows]
    assert told_calibrated(off).endswith("1 lies outside 9 in 10 draws: how long people rest after a failed try.")


def write_tornado(run: Told, hashed: str, code: str = "cccc") -> None:
    folder = run.folder.with_name("run_tornado")
    folder.mkdir(exist_ok=True)
    facts = {"scenario_hashes": {"swap": hashed}, "code_hash": code, "command": "sim tornado"}
    (folder / "provenance.json").write_text(json.dumps(facts))
    row = {"setting": "exchange.beds", "unit": "beds", "metric": "returned", "metric_unit": "people", "replications": 4,
           "base_value": 100.0, "base_mean": 900.0, "confidence": "guess", "swing": 900.0}  # fmt: skip
    ends = [{"end": "low", "value": 50.0, "difference": -400.0, "low": -450.0, "high": -350.0},
            {"end": "high", "value": 1000.0, "difference": 500.0, "low": np.nan, "high": np.nan}]  # fmt: skip
    pd.DataFrame([row | end for end in ends]).to_parquet(folder / "tornado.parquet")


def test_a_tornado_beside_the_run_is_shown_if_it_is_of_the_same_scenario(run, ships):
    write_tornado(run, "aaaa")
    found = uncertainty(run.results)
    assert found["tornado"]["rows"][1][-3:] == ["−400 (−450 to −350)", "500", "900"]
    assert found["tornado"]["stale"] == ""
    assert page.TORNADO_CHART in found["charts"]
    write_tornado(run, "aaaa", code="older")
    assert "another version" in uncertainty(run.results)["tornado"]["stale"]
    write_tornado(run, "other")
    assert uncertainty(run.results)["tornado"] is None


def test_a_bar_of_a_tornado_bears_the_end_that_its_setting_is_at():
    row = {"setting": "exchange.beds", "unit": "beds", "confidence": "guess", "value": 50.0, "base_value": 100.0,
           "difference": -400.0, "low": -450.0, "high": -350.0}  # fmt: skip
    low, high = (beside.end_of_bar(row | {"end": end}, start=500.0) for end in ("low", "high"))
    assert (low["end"], high["end"]) == ("low end of the range", "high end of the range")
    assert (low["low"], low["difference"], low["high"]) == (50, 100, 150)


def test_a_break_even_beside_the_run_is_told_in_words(run, ships):
    folder = run.folder.with_name("run_breakeven")
    folder.mkdir()
    (folder / "provenance.json").write_text(json.dumps({"scenario_hashes": HASHES, "code_hash": "cccc"}))
    pd.DataFrame({"level": [0.0, 1000.0]}).to_parquet(folder / "breakeven.parquet")
    answer = {"scenario": "swap", "baseline": "plain", "lever": "exchange.weekly_target", "lever_unit": "returns/week",
              "metric": "arrivals", "target": "-10%", "value": np.nan, "saturates_at": np.inf}  # fmt: skip
    pd.DataFrame([answer]).to_parquet(folder / "breakeven_answer.parquet")
    told = uncertainty(run.results)["breakeven"]["told"]
    assert "What would it take for arrivals to change by −10%?" in told
    assert "does not cross the target" in told


def shown(found: dict) -> str:
    return environment().get_template("uncertainty.html").render(uncertainty=found)


def test_the_page_has_a_place_for_each_chart_and_tells_how_to_make_what_is_missing(run, ships):
    full = uncertainty(run.results)
    text = shown(full)
    assert all(f'data-chart="{name}"' in text for name in full["charts"])
    assert "make tornado CONFIG=swap.yaml" in text
    ships([EFFECT | {"scenario_hash": "x"}])
    bare = shown(uncertainty(run.results))
    assert 'data-chart="posterior_effects"' not in bare
    assert "it ships for pilot as they are" in bare


def test_charts_are_valid_and_hold_no_number_that_json_lacks(run, ships):
    write_tornado(run, "aaaa")
    charts = uncertainty(run.results)["charts"]
    assert set(charts) == {page.EFFECTS_CHART, page.CALIBRATED_CHART, page.TORNADO_CHART}
    json.dumps(charts, allow_nan=False)


def test_without_a_baseline_there_is_no_such_section(tmp_path):
    fake = Fake(tmp_path / "alone", baseline="", replications=1, days=20)
    assert uncertainty(Results(fake.folder)) is None
