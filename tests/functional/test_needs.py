"""What each scale of the exchange needs: on a very small coast, and by hand for what is supplied."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from described import faults

from sim.experiment.needs import read_needs, read_targets, rules_when_open, supply
from sim.scenario import ScenarioError, load_scenario

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "start": "2025-07-01", "until": "2025-11-01", "theatre.inflow.people_per_year.2025": 8000, "gangs.firms": 4,
    "coast.people_at_start": 200, "gangs.firms_at_most": 5, "gangs.boats_at_start": 10, "exchange.beds": 3,
}  # fmt: skip
SETTINGS = [part for name, value in SMALL.items() for part in ("--set", f"{name}={value}")]


def sim(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def asked(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("results") / "needs"
    options = ["--targets", "2,10", "--replications", "2", "--workers", "1", "--quiet", "--out", str(folder)]
    return folder, sim("needs", "pilot.yaml", *SETTINGS, *options)


@pytest.fixture(scope="module")
def needs(asked) -> pd.DataFrame:
    folder, done = asked
    assert done.returncode == 0, done.stderr
    return pd.read_parquet(folder / "needs.parquet").set_index("target")


def test_the_supplied_exchange_delivers_more_than_the_one_as_it_stands(needs):
    assert needs.index.tolist() == [2, 10]
    assert (needs["delivered_supplied"] > needs["delivered"]).all()


def test_three_beds_bind_at_ten_returns_a_week_and_no_bed_is_missing_when_supplied(needs):
    assert needs.loc[10, "binds"] == "beds"
    assert needs.loc[10, "binds_supplied"] != "beds"
    assert needs.loc[10, "beds"] > 3


def test_a_larger_scale_needs_more_of_everything(needs):
    for what in ("beds", "seats_per_week", "applicants_per_week", "cost_uk_gbp_per_year", "cost_fr_gbp_per_year"):
        assert needs.loc[10, what] > needs.loc[2, what] > 0


def test_the_answer_is_printed_and_the_scenarios_as_they_stand_are_drawn(asked):
    folder, done = asked
    assert "caseworkers" in done.stdout
    assert (folder / "figures" / "binding.png").exists()
    hashes = json.loads((folder / "provenance.json").read_text())["scenario_hashes"]
    assert list(hashes) == ["no_exchange", "pilot 2", "pilot 10"]


RULES = rules_when_open(load_scenario("pilot"))


def supplied(target: float, **exchange: float) -> dict[str, float]:
    return dict(supply(replace(RULES, exchange=replace(RULES.exchange, **exchange)), target))


def test_beds_are_supplied_for_every_case_until_it_is_void():
    assert supplied(70, over_selection=1.5, void_days=90)["exchange.beds"] == 1350


def test_seats_are_supplied_twice_over_after_cancellations_and_missed_seats():
    flights = supplied(20, over_selection=1, seat_attrition_share=0.5, flight_cancelled_share=0.5, seats_per_flight=10)
    assert flights["exchange.flights_per_week"] == 2 * 20 / 0.25 / 10


def test_caseworkers_are_supplied_for_a_weeks_cases_in_a_day():
    assert supplied(20, over_selection=2, request_work_days=0.5)["exchange.caseworkers"] == 20


def test_applicants_are_supplied_twice_over_after_failed_checks():
    legal = replace(RULES.legal_route, pass_share=0.8, visa_refused_share=0.0)
    given = supply(replace(RULES, legal_route=legal), 20)
    assert given["legal_route.other_applicants_per_week"] == pytest.approx(50)
    assert given["legal_route.awareness"] == 1


def test_a_supplied_scale_differs_from_the_one_as_it_stands_in_the_supply_alone():
    question = read_needs(lambda: load_scenario("pilot"), "50", None)
    (scale,) = question.scales
    here, more = (rules_when_open(s) for s in (scale.as_it_stands, scale.supplied))
    supplied = ("beds", "caseworkers", "flights_per_week", "selection_share")
    back = {name: getattr(here.exchange, name) for name in supplied}
    assert replace(more.exchange, **back) == here.exchange
    assert more.exchange.weekly_target == 50


@pytest.mark.parametrize("text", ["", "50,many", "0,50", "-5", "50,,200"])
def test_targets_that_are_no_positive_numbers_are_refused(text):
    with pytest.raises(ScenarioError, match="must be a list of weekly targets"):
        read_targets(text)


def test_everything_wrong_with_the_question_is_told_at_once():
    done = sim("needs", "no_such", "--targets", "many")
    assert done.returncode == 2
    assert "no_such" in done.stderr
    assert "--targets" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scenario_without_an_exchange_has_no_needs():
    done = sim("needs", "no_exchange", "--baseline", "base")
    assert done.returncode == 2
    assert "never opens an exchange" in done.stderr


def test_the_dictionary_tells_every_table_of_the_answer(asked):
    assert faults(asked[0]) == []
