"""What the report says of a difference: fewer or more, clear or not, with the policy and without it."""

from math import nan
from types import SimpleNamespace

import pandas as pd
import pytest

from sim.report import answer, changes, html, payers
from sim.report.effect import Effect, _together
from sim.report.split import split_rows
from sim.report.text import effect_rows

FEWER = Effect(-20.0, -25.0, -15.0, -0.2, 100.0, 80.0)
MORE = Effect(20.0, 15.0, 25.0, 0.2, 100.0, 120.0)
UNCLEAR = Effect(-20.0, -45.0, 5.0, -0.2, 100.0, 80.0)


def line(*means: float, total: bool = False) -> dict:
    """A line of the accounts of the UK, with the change under each policy."""
    cells = [payers._cell(pd.Series([mean, mean + 1, mean - 1])) for mean in means]
    return {"payer": "United Kingdom", "total": total, "cells": cells}


def test_the_answer_says_fewer_or_more_and_first_of_all_where_that_is_not_clear():
    assert answer._change(FEWER) == "20 fewer arrivals"
    assert answer._change(MORE) == "20 more arrivals"
    assert answer._change(UNCLEAR) == "no clear change: 20 fewer arrivals"


def test_the_card_of_deaths_sets_those_with_the_policy_against_those_without():
    card = answer._toll({"deaths": FEWER})
    assert (card["much"], card["range"]) == ("80", "against 100 without; difference −20 (−25 to −15)")


def test_a_difference_in_deaths_is_said_to_be_chance_only_where_it_may_be():
    assert answer._deaths({"deaths": FEWER}).endswith("(difference −20, 95 % interval −25 to −15).")
    assert "it cannot be told from chance" in answer._deaths({"deaths": UNCLEAR})


def test_the_draws_are_told_from_their_low_end_to_their_high_end():
    told = answer._wider({"draws": 64, "median": -500.0, "low": -2000.0, "high": 250.0})
    assert told.endswith("−500 (nine in ten: −2,000 to +250)")


@pytest.mark.parametrize(("returned", "held_back"), [(40, True), (100, False)])
def test_something_holds_returns_back_only_where_they_are_below_the_target(returned, held_back):
    stages = pd.DataFrame({"scenario": "pilot", "replication": 0, "stage": "weekly_target", "stock": [50.0] * 14})
    told = answer.pace_of_returns(SimpleNamespace(table=lambda name: stages), "pilot", returned)
    assert told.startswith(f", {returned // 2} a week against a target of 50 on average")
    assert ("what holds it back" in told) == held_back


def test_a_row_of_changes_sets_the_policy_beside_the_baseline_and_marks_what_is_clear():
    cell = changes.cell(FEWER)
    assert (cell["before"], cell["after"], cell["relative"], cell["sure"]) == ("100", "80", "−20.0 %", True)
    assert not changes.cell(UNCLEAR)["sure"]


def test_an_arrival_avoided_has_no_cost_where_arrivals_rise():
    cost = Effect(9000.0, 8000.0, 10_000.0, nan, nan, nan)
    assert changes._said(changes.RATIO, {changes.RATIO: cost, "arrivals": FEWER}) == cost
    assert changes._said(changes.RATIO, {changes.RATIO: cost, "arrivals": MORE}) is None


def test_what_each_policy_costs_the_uk_is_told_as_more_less_and_net():
    rows = [line(300.0, -20.0), line(-100.0, 50.0), line(200.0, 30.0, total=True)]
    pilot, both = payers.told(rows, ["pilot", "both"])
    assert pilot.startswith("Pilot: the UK spends GBP 300 more on some items and 100 less on others; net +200 (")
    assert both.startswith("Both: the UK spends GBP 50 more on some items and 20 less on others; net +30 (")


def test_a_change_in_costs_is_sure_only_if_its_interval_leaves_zero_out():
    assert payers._cell(pd.Series([10.0, 12.0, 11.0]))["sure"]
    assert not payers._cell(pd.Series([-10.0, 12.0, 1.0]))["sure"]


def test_the_split_tells_fewer_arrivals_with_a_minus_and_counts_only_what_changes_arrivals():
    kinds = [("stayed_away", True, 50, 10), ("gave_up", True, 5, 0), ("moved_along_coast", False, 30, 0)]
    rows = [("pilot", r, *kind) for kind in kinds for r in (0, 1)]
    table = pd.DataFrame(rows, columns=["scenario", "replication", "kind", "of_arrivals", "lost", "gained"])
    head, *told = split_rows(table.assign(people=table["lost"] - table["gained"]))
    assert head[-4:] == ["arrivals", "95 % interval", "lost", "gained"]
    assert [row[0] for row in told] == ["never set out", "gave up at the coast", "all together"]
    assert told[0][-4:] == ["−40", "−40 to −40", "−50", "+10"]
    assert told[-1][-4:] == ["−45", "−45 to −45", "−55", "+10"]


def test_a_setting_is_marked_as_a_guess_only_if_it_is_one():
    about = {"value": 80, "unit": "units", "low": 20.0, "high": 150.0, "source": "judgement", "note": ""}
    told = html.setting("patrols.units", about | {"confidence": "guess"})
    assert (told["guess"], told["range"]) == (True, "20 to 150")
    assert not html.setting("patrols.units", about | {"confidence": "official"})["guess"]


def test_the_table_of_effects_has_the_baseline_before_the_policy_and_the_low_end_before_the_high():
    summary = pd.DataFrame({"scenario": ["plain", "pilot"], "metric": "arrivals", "mean": [100.0, 80.0]})
    effect = {"scenario": "pilot", "baseline": "plain", "metric": "arrivals", "unit": "people", **FEWER._asdict()}
    head, row = effect_rows(summary, pd.DataFrame([effect]))
    assert head[3:] == ["baseline", "policy", "difference", "95 % low", "high", "%"]
    assert row[3:] == ["100", "80", "-20", "-25", "-15", "-20.0"]


def test_a_sum_of_metrics_changes_relative_to_the_baseline():
    base = pd.DataFrame({"deaths": [10.0, 30.0]})
    assert _together(base * 1.5, base, {"deaths": 1}).relative == pytest.approx(0.5)
