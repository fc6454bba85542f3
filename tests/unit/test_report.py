"""The report and the table for the terminal, on a small hand-made run."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

import sim
from sim.experiment.results import Results
from sim.figures import draw
from sim.report import answer, html, payers
from sim.report.effect import NET, TOLL, Effect, effects, signed
from sim.report.evidence import fitted
from sim.report.evidence.fit import misfit
from sim.report.html import content, write_report
from sim.report.split import split_rows
from sim.report.text import amount

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "pilot"
    small = {
        "theatre.inflow.people_per_year.2025": 900, "coast.people_at_start": 60, "until": "2025-08-25",
        "gangs.firms": 4, "gangs.firms_at_most": 5, "question": "Is <script>alert(1)</script> shown as text?",
    }  # fmt: skip
    return sim.run(sim.load_scenario("pilot", small), replications=2, workers=1, out=folder)


def test_a_question_with_html_is_shown_as_text(results):
    page = write_report(results).read_text()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_asks_no_other_host(results):
    page = write_report(results).read_text()
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_the_answer_is_one_sentence_with_its_interval_and_its_main_assumption(results):
    answer = content(results)["answers"][0].headline
    assert answer.startswith("Pilot: ")
    assert "95 % interval" in answer
    assert "assuming that" in answer
    assert answer.count(". ") == 0


def test_returns_and_deaths_stand_beside_the_answer(results):
    beside = " ".join(content(results)["answers"][0].beside)
    assert "people are returned" in beside
    assert "die at sea" in beside
    assert "The 95 % interval holds the chance between 2 replications" in content(results)["intervals"]


def test_the_cards_say_what_the_table_of_effects_says(results):
    cards = {card["what"]: card for card in content(results)["answers"][0].cards}
    arrivals = results.effects.set_index("metric").loc["arrivals"]
    assert cards["Arrivals by boat"]["much"] == signed(arrivals["difference"])
    runs = results.table("runs").set_index("scenario")
    dead = (runs["deaths"] + runs["lorry_deaths"]).groupby("scenario").mean()
    assert cards["Deaths at sea and by lorry"]["much"] == amount(dead["pilot"])
    assert f"against {amount(dead['no_exchange'])} without" in cards["Deaths at sea and by lorry"]["range"]


def test_what_a_policy_is_judged_by_has_a_row_in_words(results):
    rows = {row["words"]: row["cells"][0] for row in content(results)["changes"]}
    effects = results.effects.set_index("metric")
    assert rows["Deaths at sea"]["difference"] == signed(effects.loc["deaths", "difference"])
    assert rows["Deterred"]["before"] == rows["Deterred"]["after"] == "–"  # of the pair itself
    assert "–" not in (rows["Arrivals by boat"]["before"], rows["Arrivals by boat"]["after"])
    assert "Returned to France" not in rows or results.table("runs")["returned"].any()


def test_sums_of_metrics_are_paired_run_by_run(results, tmp_path):
    changed = Results(shutil.copytree(results.folder, tmp_path / "changed"))
    runs = changed.table("runs").sort_values(["scenario", "replication"])  # no_exchange, then pilot
    runs["deaths"], runs["lorry_deaths"] = [10, 30, 8, 20], [1, 1, 4, 12]
    runs["arrivals"], runs["lorry_arrivals"], runs["admitted"], runs["returned"] = 100, [5, 5, 9, 9], 0, [0, 0, 7, 7]
    runs.to_parquet(changed.folder / "runs.parquet")
    found = effects(changed, "pilot")
    assert found[TOLL].difference == pytest.approx((12 - 11 + 32 - 31) / 2)
    assert (found[TOLL].before, found[TOLL].after) == (21, 22)
    assert found[TOLL].low == found[TOLL].high == 1  # each pair differs by one, however unlike the worlds are
    assert found[NET].difference == 4 - 7


def test_a_policy_that_moves_deaths_to_lorries_does_not_look_as_if_it_saved_lives():
    sea, both = Effect(-20, -25, -15, -0.2, 100, 80), Effect(3, 1, 5, 0.03, 110, 113)
    told = answer._deaths({"deaths": sea, TOLL: both})
    assert "80 people die at sea, against 100" in told
    assert "with those who die by lorry it is 113 against 110 (difference +3.0" in told
    assert "told from chance" not in told


def test_several_policies_are_asked_about_together():
    told = {"scenarios": {"a_b": {"question": "A?"}, "c": {"question": "C?"}}}
    assert html.title(told, ["a_b", "c"]) == "What do a b and c do?"
    assert html.title(told, ["c"]) == "C?"


def test_a_misfit_is_said_and_by_how_much():
    told = misfit([["arrivals (people)", "20,000", "15,000", "12,000", "17,000"]])
    assert "which is outside all replications (−25 %)" in told
    assert "outside" not in misfit([["arrivals (people)", "16,000", "15,000", "12,000", "17,000"]])
    assert misfit([]) == ""


def test_the_cost_of_an_avoided_arrival_is_told_only_where_any_is_avoided(results):
    rows = {row["words"] for row in content(results)["changes"]}
    assert not effects(results, "pilot")["arrivals"].is_sure
    assert not any(words.startswith("Cost to the UK of each") for words in rows)


def test_the_lines_of_the_accounts_add_up_to_the_cost_of_each_payer(results):
    totals = {row["payer"]: row for row in content(results)["payers"] if row["total"]}
    effects = results.effects.set_index("metric")
    assert totals["United Kingdom"]["cells"][0]["difference"] == signed(effects.loc["cost_uk_gbp", "difference"])
    lines = results.table("costs").query("date >= '2025-08-06' and payer == 'uk' and scenario == 'no_exchange'")
    assert totals["United Kingdom"]["baseline"] == amount(lines["gbp"].sum() / lines["replication"].nunique())


def spent(*runs: list[float]) -> list[dict]:
    """Rows of the accounts of a policy whose lines differ by these GBP, a number a replication."""
    lines = [{"payer": "United Kingdom", "item": "housing", "total": False, "cells": [payers._cell(pd.Series(r))]}
             for r in runs]  # fmt: skip
    return [*lines, lines[0] | {"total": True, "cells": [payers._cell(pd.DataFrame(runs).sum())]}]


def test_what_the_uk_spends_comes_with_the_interval_of_the_net_difference():
    (said,) = payers.told(spent([5e6, 6e6, 7e6], [-8e6, -9.2e6, -10e6]), ["more patrols"])
    assert said.startswith("More patrols: the UK spends GBP 6.0 m more on some items and 9.1 m less on others; net")
    assert said.endswith("−3.1 m (95 % interval −3.4 m to −2.8 m).")


def test_a_net_difference_whose_interval_holds_zero_is_not_told_from_chance():
    (said,) = payers.told(spent([1e6, 2e6, 3e6], [-1e6, -2e6, -4e6]), ["swap"])
    assert said.endswith("; it cannot be told from chance).")


def test_a_half_of_the_accounts_that_is_zero_is_left_out():
    assert payers.told(spent([-5e6, -5e6], [0.0, 0.0]), ["swap"]) == [
        "Swap: the UK spends GBP 5.0 m less on some items; net −5.0 m (95 % interval −5.0 m to −5.0 m)."
    ]
    assert payers.told(spent([0.0, 0.0]), ["swap"]) == ["Swap: the UK spends what it does without it."]


def test_one_pair_has_a_net_difference_without_interval():
    assert payers.told(spent([2e6]), ["swap"]) == ["Swap: the UK spends GBP 2.0 m more on some items; net +2.0 m."]


def test_scenarios_of_the_split_are_told_in_words(results):
    table = results.table("displacement")
    _, *rows = split_rows(pd.concat([table.assign(scenario="returns_500"), table.assign(scenario="pilot")]))
    assert {row[0] for row in rows} == {"returns 500", "pilot"}


def test_a_page_without_a_baseline_has_no_answer_and_no_differences(results, tmp_path):
    alone = Results(shutil.copytree(results.folder, tmp_path / "alone"))
    alone.noting(baseline=None)
    told = content(alone)
    assert told["answers"] == told["changes"] == told["differences"] == []
    assert "moved" not in [section["id"] for section in told["sections"]]
    assert "shows levels and no effect" in write_report(alone).read_text()


def test_sections_without_anything_to_show_are_left_out(results, tmp_path):
    older = Results(shutil.copytree(results.folder, tmp_path / "older"))
    shutil.rmtree(older.folder / "figures", ignore_errors=True)
    (older.folder / "boats.parquet").unlink()
    there = [section["id"] for section in content(older)["sections"]]
    assert {"answer", "changes", "time", "fit", "assumptions", "again"} <= set(there)
    assert not {"replay", "map", "pipeline", "market", "more"} & set(there)
    page = write_report(older).read_text()
    assert 'id="replay"' not in page
    assert all(f'href="#{name}"' in page and f'<section id="{name}"' in page for name in there)


def test_guesses_are_marked_and_counted(results):
    told = content(results)
    assert told["guesses"] == sum(row["guess"] for row in told["settings"]) > 50


def test_the_fit_compares_only_observed_days(results):
    fit = {row[0]: row[1] for row in content(results)["fit"]}
    assert fit["arrivals (people)"] == "19,982"


def test_the_report_of_a_run_without_a_baseline_shows_means(tmp_path):
    out = tmp_path / "alone"
    arguments = ["run", "no_exchange", "--replications", "1", "--until", "2025-08-12", "--workers", "1", "--quiet"]
    small = [
        "--set",
        "theatre.inflow.people_per_year.2025=900",
        "--set",
        "gangs.firms=4",
        "--set",
        "gangs.firms_at_most=5",
    ]
    command = [sys.executable, "-m", "sim", *arguments, *small, "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Means over 1 replications" in (out / "report.html").read_text()
    shutil.rmtree(out)


def test_overrides_stand_beside_the_answer(results):
    assert "gangs.firms=4" in content(results)["overrides"]
    assert "<code>gangs.firms=4</code>" in write_report(results).read_text()


def test_the_answer_sets_returns_against_the_target(results):
    assert "a week against a target of 50 on average" in " ".join(content(results)["answers"][0].beside)


def test_the_split_is_the_table_of_displacement_and_adds_up_to_the_change_of_arrivals(results):
    head, *rows = content(results)["split"]
    table = results.table("displacement").query("of_arrivals")
    avoided = 0.0 - results.effects.set_index("metric").loc["arrivals", "difference"]
    assert table.groupby("replication")["people"].sum().mean() == avoided
    assert rows[-1][0] == "all together", "one policy needs no column of its own"
    assert rows[-1][head.index("arrivals")] == signed(0.0 - avoided)
    assert len(rows) - 1 == table.query("lost > 0 or gained > 0")["kind"].nunique()


def test_the_waterfall_says_how_to_read_it(results):
    folder = results.folder / "figures"
    folder.mkdir(exist_ok=True)
    draw("waterfall", results).savefig(folder / "waterfall.svg")
    page = write_report(results).read_text()
    assert "Deterred or displaced?" in page
    assert "How to read it: each bar starts where the one above it ended" in page


def test_a_page_of_older_results_has_no_split(results, tmp_path):
    older = Results(shutil.copytree(results.folder, tmp_path / "older"))
    (older.folder / "displacement.parquet").unlink()
    shutil.rmtree(older.folder / "figures", ignore_errors=True)
    assert "Deterred or displaced?" not in write_report(older).read_text()


def test_the_page_shows_the_shipped_scorecard_and_the_calibration_with_the_values_of_the_run(results):
    page, told = write_report(results).read_text(), content(results)
    assert "Does it behave like what is known?" in page
    assert "How well is it fitted, and what can the data not tell?" in page
    assert len(told["behaviour"]["rows"]) == 30
    used = [row[3] for row in told["fitted"]["silent"] if "(beliefs.announced_weight)" in row[0]]
    assert used == [str(told["announced_weight"])]


def test_a_page_without_scorecard_and_calibration_is_silent_on_them(results, monkeypatch, tmp_path):
    monkeypatch.setattr(html, "shipped_scorecard", pd.DataFrame)
    for name in ("PARAMETERS", "SUMMARIES", "ROLLING"):
        monkeypatch.setattr(fitted, name, tmp_path / name)
    page = write_report(results).read_text()
    assert "Does it behave like what is known?" not in page
    assert "How well is it fitted" not in page


def test_results_of_before_expectation_was_a_setting_have_a_page(results, tmp_path):
    older = Results(shutil.copytree(results.folder, tmp_path / "older"))
    yaml = YAML(typ="safe")
    told = yaml.load(older.folder / "scenario.yaml")
    del told["settings"]["beliefs.expectation"]
    yaml.dump(told, older.folder / "scenario.yaml")
    assert "with the assumption" not in write_report(older).read_text()
