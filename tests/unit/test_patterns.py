"""The quantities of the scorecard by hand, the plan that is read, and the verdicts."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import numpy as np
import pandas as pd
import pytest

from sim.experiment.intervals import mean_interval
from sim.experiment.patterns import read_plan
from sim.experiment.patterns.change import change_of_queue, elasticity_of_price, relative_change, rise_over_fall
from sim.experiment.patterns.days import (
    arrivals_on_calm_days,
    days_without_arrivals,
    dispersion_of_arrivals,
    persistence_of_crossing_days,
)
from sim.experiment.patterns.exchange import (
    brought_forward,
    days_of_checks,
    dip_after,
    gap_left_over_float,
    lag_over_checks,
    share_returned,
)
from sim.experiment.patterns.observed import observed_range
from sim.experiment.patterns.people import repeaters_over_geometric, repeaters_ratio
from sim.experiment.patterns.places import (
    by_distance,
    displaced_more_if_near,
    jackknife,
    lock_in_by_seed,
    near_over_far,
    persistence_of_routes,
    share_displaced,
    watched_sector,
)
from sim.experiment.patterns.plan import MARKS, Target
from sim.experiment.patterns.quantity import Run, quantities
from sim.figures.patterns import band_of, strip_of, target_in_words
from sim.metrics import RunTables
from sim.records.tidy import Coded
from sim.scenario import ScenarioError, load_scenario

SCENARIO = load_scenario("pilot")
SECTORS = [sector.node for sector in SCENARIO.theatre.sectors]
NAN = float("nan")


def run_of(scenario=SCENARIO, first=0, last=None, **tables) -> Run:
    days = max((len(table[name]) for table in tables.values() for name in table if name != "date"), default=0)
    return Run(scenario, RunTables(tables, first, days if last is None else last))


def on_days(**columns) -> Run:
    return run_of(daily={name: np.array(values) for name, values in columns.items()})


# days ----------------------------------------------------------------------------------------------------------------


def test_days_without_arrivals_are_a_share_of_all_days():
    assert days_without_arrivals(np.array([0, 3, 0, 1])) == 0.5


def test_arrivals_that_never_vary_have_no_dispersion_and_those_of_one_day_their_number_less_the_mean():
    assert dispersion_of_arrivals(np.array([4, 4, 4])) == 0
    assert dispersion_of_arrivals(np.array([0, 0, 0, 8])) == 6  # variance 12, mean 2
    assert np.isnan(dispersion_of_arrivals(np.zeros(3)))


def test_crossing_days_that_alternate_are_perfectly_opposed():
    assert persistence_of_crossing_days(np.array([0, 9, 0, 7, 0, 8])) == pytest.approx(-1)


def test_calm_days_are_those_with_the_lowest_waves():
    run = on_days(wave_height_m=[0.9, 0.2, 0.5, 0.3], arrivals=[1, 6, 1, 2])
    assert arrivals_on_calm_days(run, calmest=0.5) == 0.8


# people --------------------------------------------------------------------------------------------------------------


def test_geometric_tries_have_as_many_repeaters_as_the_law_says():
    tries = np.repeat(np.arange(1, 21), [2 ** (20 - k) for k in range(1, 21)]).astype(float)
    assert repeaters_ratio(tries, 4) == pytest.approx(1, abs=1e-4)


def test_a_few_who_go_on_trying_are_more_repeaters_than_geometric():
    assert repeaters_ratio(np.array([1.0] * 9 + [11.0]), 4) == pytest.approx(0.1 / 0.5**3)


def test_people_still_waiting_returned_or_done_before_are_no_repeaters():
    outcome = Coded(np.array([0, 0, 1, 0, 0, 0]), np.array(["in_uk", "at_coast", "in_lorry"]))
    people = {
        "outcome": outcome, "outcome_date": Coded(np.array([5, 5, 5, 5, 1, 5]), np.array(["x"] * 6)),
        "attempts": np.array([1, 5, 9, 9, 9, 0]), "times_returned": np.array([0, 0, 0, 1, 0, 0]),
    }  # fmt: skip
    assert repeaters_over_geometric(run_of(first=2, people=people), tries=4) == pytest.approx(0.5 / (1 - 1 / 3) ** 3)


# change --------------------------------------------------------------------------------------------------------------


def with_units(units: int, price: float) -> Run:
    return run_of(load_scenario("base", {"patrols.units": units}), daily={"price_gbp": np.array([price, price])})


def test_a_price_that_doubles_with_four_times_the_units_has_an_elasticity_of_a_half():
    assert elasticity_of_price(with_units(20, 1000), with_units(80, 2000)) == pytest.approx(0.5)


def test_a_rise_that_equals_the_fall_of_another_metric_counts_nothing():
    before, after = on_days(arrivals=[100], returned=[10]), on_days(arrivals=[80], returned=[12])
    assert relative_change(before, after, metric="arrivals") == pytest.approx(-0.2)
    assert rise_over_fall(before, after, rising="returned", falling="arrivals") == pytest.approx(0)


def queue(*people: int) -> Run:
    stage = Coded(np.tile([0, 1], len(people)), np.array(["seat", "bed"]))
    return run_of(pipeline={"stage": stage, "stock": np.repeat(people, 2)}, last=len(people))


def test_a_queue_that_doubles_has_changed_by_one():
    assert change_of_queue(queue(1, 3), queue(4, 4), stage="seat") == 1
    assert np.isnan(change_of_queue(queue(0, 0), queue(4, 4), stage="seat"))


# places --------------------------------------------------------------------------------------------------------------

PLAIN = [0.2, 0.2, 0.2, 0.2, 0.1, 0.1]


def boats(launched, prevented=(0,) * 6, shares=PLAIN, days=1) -> Run:
    """A run with these boats by sector, all alike on each day; patrols by these fixed shares."""
    sectors = tuple(
        replace(sector, fixed_patrol_share=share)
        for sector, share in zip(SCENARIO.theatre.sectors, shares, strict=True)
    )
    scenario = replace(SCENARIO, theatre=replace(SCENARIO.theatre, sectors=sectors))
    per_day = np.array(launched).reshape(-1, 6)
    whole = per_day if len(per_day) > 1 else np.repeat(per_day, days, axis=0)
    table = {"boats_launched": whole.ravel(), "boats_prevented": np.tile(prevented, len(whole))}
    return run_of(scenario, last=len(whole), sectors=table)


AT_ETAPLES = [0.1, 0.1, 0.1, 0.1, 0.55, 0.05]
AT_THE_SOMME = [0.1, 0.1, 0.1, 0.1, 0.05, 0.55]
USUAL = boats([10, 10, 10, 10, 10, 10])


def test_the_watched_sector_is_the_one_whose_share_of_all_patrols_grew():
    theatres = [boats([0] * 6, shares=shares).scenario.theatre for shares in (PLAIN, AT_ETAPLES)]
    assert SECTORS[watched_sector(*theatres)] == "etaples_berck"


def test_the_nearest_sectors_of_etaples_are_boulogne_and_the_somme():
    order = by_distance(SCENARIO.theatre, SECTORS.index("etaples_berck"))
    assert [SECTORS[i] for i in order] == [
        "boulogne_wimereux", "somme_dieppe", "calais_sangatte", "dunkirk_gravelines", "belgian_coast",
    ]  # fmt: skip


def test_half_of_the_boats_lost_that_get_away_elsewhere_are_half_displaced():
    watched = boats([10, 10, 10, 12, 10, 11], prevented=[0, 0, 0, 0, 6, 0], shares=AT_ETAPLES)
    assert share_displaced([USUAL], [watched])[0] == 0.5


def test_what_far_sectors_gain_is_taken_from_what_near_ones_gain():
    watched = boats([13, 10, 10, 12, 4, 11], shares=AT_ETAPLES)
    assert near_over_far([USUAL], [watched], near=2)[0] == pytest.approx((1.5 - 1) / 6)


def test_boats_that_are_not_lost_have_no_share_displaced():
    assert np.isnan(share_displaced([USUAL], [boats([10, 10, 10, 12, 11, 10], shares=AT_ETAPLES)])[0])


def test_displacement_from_a_remote_sector_is_taken_from_that_of_a_central_one():
    central = boats([10, 10, 10, 13, 6, 10], shares=AT_ETAPLES)
    remote = boats([10, 10, 10, 10, 11, 6], shares=AT_THE_SOMME)
    assert displaced_more_if_near([USUAL], [central], [remote])[0] == pytest.approx(3 / 4 - 1 / 4)


def test_routes_that_differ_twice_as_far_between_seeds_have_four_times_the_variance():
    far = [boats([6, 4, 0, 0, 0, 0]), boats([4, 6, 0, 0, 0, 0]), boats([5, 5, 0, 0, 0, 0])]
    near = [boats([11, 9, 0, 0, 0, 0]), boats([9, 11, 0, 0, 0, 0]), boats([10, 10, 0, 0, 0, 0])]
    assert lock_in_by_seed(near, far)[0] == pytest.approx(np.log(4))


def test_a_jackknifed_mean_has_the_interval_of_a_mean():
    values = np.array([1.0, 2.0, 6.0])
    assert jackknife(lambda few: float(values[few].mean()), 3) == pytest.approx(mean_interval(values))
    assert np.isnan(jackknife(lambda few: 1.0, 2)[1])


def test_routes_kept_from_one_half_to_the_other_persist_and_routes_exchanged_do_not():
    first, second = [6, 4, 0, 0, 0, 0], [4, 6, 0, 0, 0, 0]
    kept = [boats([first, first]), boats([second, second])]
    swapped = [boats([first, second]), boats([second, first])]
    assert persistence_of_routes(kept)[0] == pytest.approx(1)
    assert persistence_of_routes(swapped)[0] == pytest.approx(-1)


# exchange ------------------------------------------------------------------------------------------------------------


def with_notice(counts: list[int]) -> Run:
    lever = replace(SCENARIO.levers[0], announced=date(2025, 1, 3), starts=date(2025, 1, 5))
    scenario = replace(SCENARIO, start=date(2025, 1, 1), levers=(lever,))
    dates = Coded(np.arange(len(counts)), np.array(["x"] * len(counts)))
    return run_of(scenario, daily={"date": dates, "arrivals": np.array(counts)})


def test_what_is_brought_forward_lies_between_announcement_and_opening_and_the_dip_in_as_many_days_after():
    usual, announced = with_notice([9, 9, 2, 2, 4, 4, 9, 9]), with_notice([0, 0, 3, 3, 3, 1, 0, 0])
    how = {"table": "daily", "column": "arrivals"}
    assert brought_forward(usual, announced, **how) == pytest.approx(0.5)
    assert dip_after(usual, announced, **how) == pytest.approx(-0.5)


def test_the_share_returned_counts_from_the_opening_on():
    run = with_notice([50, 50, 50, 50, 4, 6, 0, 0])
    run.tables.tables["daily"]["returned"] = np.array([9, 0, 0, 0, 0, 2, 2, 1])
    assert share_returned(run) == 0.5


def test_admissions_that_follow_returns_by_the_checks_have_a_lag_of_one():
    days = round(days_of_checks(SCENARIO.rules.legal_route))
    returned, admitted = np.zeros(100), np.zeros(100)
    returned[10], admitted[10 + days] = 5, 5
    run = on_days(returned=returned, admitted=admitted)
    assert lag_over_checks(run) == pytest.approx(1, abs=0.02)
    assert gap_left_over_float(run) == 0


def test_a_gap_left_as_large_as_the_float_counts_one():
    places = SCENARIO.rules.legal_route.float_places
    assert gap_left_over_float(on_days(returned=[0], admitted=[places])) == 1


# the plan ------------------------------------------------------------------------------------------------------------


def test_the_plan_that_ships_has_every_pattern_and_one_mark_for_each_quantity():
    checks = read_plan("patterns").checks
    assert {check.pattern for check in checks} == {f"P{n}" for n in range(1, 13)}
    assert {check.mark for check in checks} == set(MARKS)
    assert len({check.name for check in checks}) == len(checks)
    measured = [(check.quantity.name, check.scenarios, str(check.given)) for check in checks]
    assert len(set(measured)) == len(measured)


def test_the_plan_that_ships_validates_on_every_pattern():
    assert {c.pattern for c in read_plan("patterns").checks if c.mark == "validate-on"} == {
        f"P{n}" for n in range(1, 13)
    }


def test_every_source_of_the_plan_is_known():
    known = {*pd.read_csv(Path("sim/data/sources.csv"))["source_id"], "judgement", "definition"}
    assert {check.source for check in read_plan("patterns").checks} <= known


def test_every_quantity_is_used_by_the_plan_that_ships():
    assert {check.quantity.name for check in read_plan("patterns").checks} == set(quantities())


def test_only_the_scenarios_of_the_patterns_asked_for_are_loaded():
    plan = read_plan("patterns", only="P1, P3")
    assert list(plan.scenarios) == ["two_years", "enforcement_tripled", "pilot_months", "patrols_doubled"]


def test_settings_asked_for_come_on_top_of_those_of_the_plan():
    plan = read_plan("patterns", ["patrols.units=7"], only="P3")
    assert {scenario.rules.patrols.units for scenario in plan.scenarios.values()} == {7}


WRONG = """
    replications: 1
    colour: red
    scenarios:
      usual: {scenario: base}
      broken: {scenario: base, set: {patrols.unit: 3}}
      lost: {scenario: no_such_scenario}
    checks:
      first:
        {pattern: P1, mark: both, label: Days, measure: days_without_arrival, of: [usual], target: {low: 2, high: 1},
         source: judgement, confidence: guess, note: why}
      second:
        {pattern: P1, mark: validate-on, label: Days, measure: relative_change, of: [usual, usal],
         given: {metric: arrival}, target: {above: 1}, source: judgement, confidence: guess, note: why}
      third:
        {pattern: P1, mark: validate-on, label: Days, measure: arrivals_on_calm_days, of: [broken, lost],
         target: {low: 1}, source: judgement, confidence: guess}
      fourth:
        {pattern: P1, mark: validate-on, label: Days, measure: days_without_arrivals, of: [broken], given: {},
         target: {observed: [2023], spread_of: [1999, 2023]}, source: judgement, confidence: guess, note: why}
      fifth:
        {pattern: P1, mark: validate-on, label: Days, measure: days_without_arrivals, of: [broken],
         target: {low: 1}, source: judgement, confidence: guess, note: why}
"""


def test_everything_wrong_with_a_plan_is_told_at_once_with_its_line(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(dedent(WRONG))
    with pytest.raises(ScenarioError) as error:
        read_plan(plan, ["patrols.nits=1"], only="P1,P99")
    told = str(error.value)
    for part in (
        "plan.yaml:2: replications: must be a whole number of at least 2; got 1",
        "plan.yaml:3: colour: is unknown",
        "checks.first.mark: is unknown; got 'both'; allowed: calibrate-on, validate-on",
        "checks.first.measure: is unknown; did you mean 'days_without_arrivals'?",
        "checks.first.target: must be a range; got {low: 2, high: 1}",
        "checks.second.of: is no scenario of the plan; did you mean 'usual'?; got 'usal'",
        "checks.second.given.metric: is no metric of a run; did you mean 'arrivals'?",
        "checks.second.target: must be a range",
        "checks.third.of: must be a list of 1 scenarios of the plan; got ['broken', 'lost']",
        "checks.third.given: must be what arrivals_on_calm_days takes",
        "checks.third.note: must be text",
        "checks.fourth.target: the observed series has no whole year 1999",
        "plan.yaml:6: scenarios.broken: patrols.unit: is unknown",
        "--set patrols.nits=1: patrols.nits: is unknown",
        "--only: is no pattern of the plan; got 'P99'; allowed: P1",
    ):
        assert part in told, f"{part!r} not in:\n{told}"


def test_scenarios_that_are_compared_must_cover_the_same_days(tmp_path):
    plan = tmp_path / "plan.yaml"
    text = """
        replications: 2
        scenarios: {usual: {scenario: base}, later: {scenario: pilot}}
        checks:
          change:
            {pattern: P1, mark: validate-on, label: Change, measure: relative_change, of: [usual, later],
             given: {metric: arrivals}, target: {low: 0}, source: judgement, confidence: guess, note: why}
    """
    plan.write_text(dedent(text))
    with pytest.raises(ScenarioError, match="later cannot be compared with usual"):
        read_plan(plan)


# targets -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "value", "holds"),
    [
        (0, 1, 0.5, True),
        (0, 1, 1.0, True),
        (0, 1, 1.1, False),
        (0, None, 99, True),
        (0, None, -1, False),
        (None, 0, 1, False),
        (0, 1, NAN, False),
    ],
)
def test_a_target_holds_what_lies_between_its_ends_and_nothing_missing(low, high, value, holds):
    assert Target(low, high).holds(value) is holds


def test_an_observed_range_is_two_standard_errors_either_way():
    def total(days):
        return float(days["people"].sum())

    low, high = observed_range(total, [2023, 2024], [2023, 2024])
    apart = abs(29437 - 36816) / 2  # half the difference: sd of two is that times the root of two
    assert (low, high) == pytest.approx((66253 - 2 * apart, 66253 + 2 * apart))


def test_a_range_open_to_one_side_is_drawn_to_the_end_of_the_strip():
    row = {"value": 0.3, "low": 0.2, "high": 0.4, "target_low": 0.1, "target_high": NAN}
    assert band_of(row) == (pytest.approx(1 / 3), 1.0)
    assert strip_of(row).place(0.1) == pytest.approx(1 / 3)
    assert strip_of(row).place(0.4) == pytest.approx(2 / 3)
    assert target_in_words(row) == "0.1 or more"
