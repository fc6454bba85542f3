"""Sweeps as read from YAML: their points, names and scenarios, and how baselines and futures are paired."""

from pathlib import Path

import pandas as pd
import pytest

from sim.experiment.question import Target
from sim.experiment.sweep import Plan, read_plan
from sim.experiment.sweep.reading import find_sweep
from sim.scenario import load_scenario

SHIPPED = Path(__file__).resolve().parents[2] / "configs/sweeps"
QUICK = sorted(file.stem for file in SHIPPED.glob("*.yaml") if file.stem not in ("screening", "uncertainty"))

CROSSED = """
scenarios: [pilot.yaml, patrols_doubled.yaml]
baseline: no_exchange.yaml
replications: 2
over:
  exchange.beds: [50, 100, 200]
uncertainties:
  design: lhs
  samples: 2
  over: {beliefs.announced_weight: range, gangs.firms: range}
"""


@pytest.fixture
def plan_of(tmp_path):
    def plan(text: str, *overrides: str) -> Plan:
        file = tmp_path / "trial.yaml"
        file.write_text(text)
        return read_plan(str(file), overrides)

    return plan


@pytest.fixture(scope="module")
def crossed(tmp_path_factory):
    file = tmp_path_factory.mktemp("sweeps") / "crossed.yaml"
    file.write_text(CROSSED)
    return read_plan(str(file), ["gangs.firms_at_most=50"])


def values(plan):
    return [tuple(plan.levers.changes(row).values()) for row in range(len(plan.levers))]


def dimensions(block):
    return {each.setting: each for each in block.dimensions}


def test_each_future_has_its_baseline_and_then_every_row_of_every_scenario(crossed):
    told = [(p.source, p.future, p.row, p.is_baseline) for p in crossed.points()]
    future = [
        ("no_exchange", -1), *(("pilot", row) for row in range(3)), *(("patrols_doubled", row) for row in range(3)),
    ]  # fmt: skip
    assert told == [(source, f, row, row == -1) for f in range(2) for source, row in future]
    assert [p.index for p in crossed.points()] == list(range(len(crossed)))


def test_every_point_has_a_name_of_its_own(crossed):
    names = [point.name for point in crossed.points()]
    assert names[:2] == ["no_exchange future 0", "pilot exchange.beds=50 future 0"]
    assert len(set(names)) == len(names) == 14


def test_a_baseline_is_that_of_the_same_future_and_has_the_same_uncertainties(crossed):
    for point in crossed.points():
        baseline = crossed.baseline_of(point)
        if point.is_baseline:
            assert baseline is None
            continue
        assert (baseline.is_baseline, baseline.future) == (True, point.future)
        assert {k: v for k, v in point.changes.items() if k != "exchange.beds"} == baseline.changes


def test_a_scenario_has_the_values_of_its_point_and_the_name(crossed):
    point = crossed.point(7 + 2)
    scenario = crossed.scenario(point)
    assert (scenario.name, point.source) == ("pilot exchange.beds=100 future 1", "pilot")
    assert scenario.rules_on(300.0).exchange.beds == 100
    assert scenario.rules.gangs.firms == point.changes["gangs.firms"]
    assert scenario.rules.beliefs.announced_weight == point.changes["beliefs.announced_weight"]


def test_all_points_share_the_seed_so_that_differences_are_paired(crossed):
    assert {crossed.scenario(point).seed for point in crossed.points()} == {load_scenario("pilot").seed}


def test_overrides_hold_for_every_scenario_and_the_baseline(crossed):
    assert {crossed.scenario(crossed.point(i)).rules.gangs.firms_at_most for i in (0, 1, 4)} == {50}


def test_a_lever_never_changes_the_baseline(plan_of):
    plan = plan_of("scenario: pilot\nbaseline: no_exchange\nover: {patrols.units: [20, 150]}")
    units = [plan.scenario(point).rules.patrols.units for point in plan.points()]
    assert units == [load_scenario("no_exchange").rules.patrols.units, 20, 150]


def test_a_scenario_may_be_its_own_baseline_and_stays_apart_from_it(plan_of):
    plan = plan_of("scenario: pilot\nbaseline: pilot\ndesign: oat\nover: {exchange.beds: [50, 200]}")
    assert [point.name for point in plan.points()] == [
        "pilot baseline", "pilot", "pilot exchange.beds=50", "pilot exchange.beds=200",
    ]  # fmt: skip
    assert [point.source for point in plan.points()] == ["pilot"] * 4


def test_without_a_word_the_baseline_is_the_scenarios_own_and_none_means_none(plan_of):
    assert plan_of("scenario: pilot\nover: {exchange.beds: [50]}").baseline.name == "no_exchange"
    plan = plan_of("scenario: pilot\nbaseline: none\nover: {exchange.beds: [50]}")
    assert (plan.baseline, len(plan)) == (None, 1)
    assert plan.baseline_of(plan.point(0)) is None


def test_without_a_word_there_are_as_many_replications_as_the_scenario_has(plan_of):
    assert plan_of("scenario: pilot\nover: {exchange.beds: [50]}").replications == load_scenario("pilot").replications


def test_scenarios_alone_are_a_sweep(plan_of):
    plan = plan_of("scenarios: [pilot, patrols_doubled]")
    assert [point.name for point in plan.points()] == ["no_exchange", "pilot", "patrols_doubled"]


def test_a_range_takes_the_ends_that_it_is_not_given_from_the_plausible_range(plan_of):
    plan = plan_of("scenario: pilot\nover: {exchange.beds: {high: 150, steps: 3}, patrols.units: {steps: 2}}")
    assert dimensions(plan.levers)["exchange.beds"].values == (50, 100, 150)
    assert dimensions(plan.levers)["patrols.units"].values == (20, 150)


def test_steps_between_the_ends_have_three_digits_and_fit_the_setting(plan_of):
    plan = plan_of(
        "scenario: pilot\nover:\n"
        "  exchange.weekly_target: {low: 0, high: 1000, steps: 4}\n"
        "  legal_route.other_applicants_per_week: {low: 1, high: 100, steps: 3, scale: log}\n"
    )
    assert dimensions(plan.levers)["exchange.weekly_target"].values == (0, 333, 667, 1000)
    assert dimensions(plan.levers)["legal_route.other_applicants_per_week"].values == (1, 10, 100)


def test_words_switches_and_dates_of_levers_can_be_varied(plan_of):
    plan = plan_of(
        "scenario: pilot\nover:\n"
        "  exchange.scale_up: [fixed, proof_of_concept]\n"
        "  exchange.review_flow: [false, true]\n"
        "  exchange.from: [2025-08-06, 2025-10-01]\n"
    )
    last = plan.scenario(plan.point(len(plan) - 1))
    assert last.name == ("pilot exchange.scale_up=proof_of_concept exchange.review_flow=true exchange.from=2025-10-01")
    assert last.levers[0].starts.isoformat() == "2025-10-01"
    assert last.rules_on(300.0).exchange.scale_up == "proof_of_concept"
    assert [each.base for each in plan.levers.dimensions][:2] == ["fixed", False]


def test_words_are_varied_under_overrides_too(plan_of):
    plan = plan_of("scenario: pilot\nover: {exchange.scale_up: [proof_of_concept]}", "exchange.beds=60")
    rules = plan.scenario(plan.point(1)).rules_on(300.0).exchange
    assert (rules.scale_up, rules.beds) == ("proof_of_concept", 60)


def test_a_list_has_its_rows_and_changes_only_what_they_name(plan_of):
    plan = plan_of(
        "scenario: pilot\nbaseline: none\ndesign: list\nover:\n"
        "  - {exchange.weekly_target: 500, exchange.beds: 1000}\n  - {exchange.weekly_target: 0}\n"
    )
    assert [point.changes for point in plan.points()] == [
        {"exchange.weekly_target": 500, "exchange.beds": 1000}, {"exchange.weekly_target": 0},
    ]  # fmt: skip


def test_a_star_stands_for_every_number_with_a_range_that_is_no_definition_and_not_named_or_left_out(plan_of):
    plan = plan_of(
        "scenario: pilot\nbaseline: none\nuncertainties:\n  samples: 2\n  over:\n"
        "    '*': range\n    patrols.units: {high: 100}\n"
        "  except: [patrols.night_share, 'gangs.*', 'after_return.*', exchange.delivery_to_hold,"
        " exchange.french_reply_limit_days]\n"
    )
    found = dimensions(plan.uncertainties)
    settings = set(found)
    assert len(settings) > 150
    assert found["patrols.units"].high == 100
    assert not {"patrols.night_share", "gangs.firms", "asylum.grant_ratio", "exchange.scale_up"} & settings
    assert all(each.low < each.high and each.kind == "uncertainty" for each in found.values())


def test_a_star_among_the_uncertainties_leaves_alone_what_the_levers_of_a_scenario_give(plan_of):
    plan = plan_of(
        "scenarios: [pilot, patrols_doubled]\nuncertainties: {samples: 2, over: {'patrols.*': range,"
        " 'exchange.*': range}, infeasible: skip}"
    )
    assert not {"patrols.units", "exchange.weekly_target"} & set(dimensions(plan.uncertainties))
    assert "exchange.beds" in dimensions(plan.uncertainties)


def test_a_star_leaves_alone_what_is_a_lever(plan_of):
    plan = plan_of(
        "scenario: pilot\nover: {patrols.units: [20]}\nuncertainties: {samples: 2, over: {'patrols.*': range}}"
    )
    assert "patrols.units" not in dimensions(plan.uncertainties)


def test_rows_that_cannot_be_are_left_out_where_the_block_says_so_and_told(plan_of):
    plan = plan_of(
        "scenario: pilot\nbaseline: none\ndesign: lhs\nsamples: 20\ninfeasible: skip\n"
        "over: {exchange.french_reply_days: range, exchange.french_reply_limit_days: range}"
    )
    assert plan.skipped
    assert len(plan) == 20 - len(plan.skipped)
    assert "french_reply_days must not exceed french_reply_limit_days" in plan.skipped[0][1]
    kept = [point.changes for point in plan.points()]
    assert all(row["exchange.french_reply_days"] <= row["exchange.french_reply_limit_days"] for row in kept)


def test_a_posterior_takes_its_settings_from_the_columns_and_its_rows_by_weight(plan_of, tmp_path):
    table = pd.DataFrame({"exchange.beds": [60, 70, 80], "patrols.night_share": [0.2, 0.3, 0.4], "weight": [1, 0, 3]})
    table.to_csv(tmp_path / "posterior.csv", index=False)
    plan = plan_of("scenario: pilot\nbaseline: none\ndesign: posterior\nsamples: 8\ntable: posterior.csv")
    assert [point.changes["exchange.beds"] for point in plan.points()] == [60] * 2 + [80] * 6
    assert dimensions(plan.levers)["patrols.night_share"].high == 0.4


def test_a_posterior_without_samples_has_every_row_once(plan_of, tmp_path):
    pd.DataFrame({"exchange.beds": [60, 70, 80]}).to_parquet(tmp_path / "posterior.parquet")
    plan = plan_of(
        "scenario: pilot\nuncertainties: {design: posterior, table: posterior.parquet}\nover: {patrols.units: [20]}"
    )
    assert [plan.uncertainties.changes(row) for row in range(3)] == [{"exchange.beds": n} for n in (60, 70, 80)]
    assert len({point.name for point in plan.points()}) == len(plan) == 6


def test_the_seed_decides_the_sample_and_is_the_scenarios_if_none_is_given(plan_of):
    text = "scenario: pilot\nbaseline: none\ndesign: lhs\nsamples: 2\nover: {exchange.beds: range}\n"
    plan = plan_of(text)
    assert plan.seed == load_scenario("pilot").seed
    assert values(plan) == values(plan_of(text)) != values(plan_of(text + "seed: 99\n"))


def test_levers_and_uncertainties_are_sampled_apart(plan_of):
    block = "{design: lhs, samples: 4, over: {%s: range}}"
    plan = plan_of(
        "scenario: pilot\nbaseline: none\ndesign: lhs\nsamples: 4\nover: {exchange.beds: range}\nuncertainties: "
        + block % "patrols.units"
    )
    assert plan.levers.units().tolist() != plan.uncertainties.units().tolist()


def test_a_row_of_many_settings_is_named_by_its_number(plan_of):
    plan = plan_of(
        "scenario: pilot\nbaseline: none\nover:\n  - {exchange.beds: 60, exchange.caseworkers: 30, patrols.units: 70,"
        " gangs.firms: 31, exchange.weekly_target: 60}\n  - {exchange.beds: 60}"
    )
    assert [point.name for point in plan.points()] == ["pilot row 0", "pilot exchange.beds=60"]


def test_the_base_of_a_dimension_is_what_the_lever_of_the_scenario_gives(plan_of):
    plan = plan_of("scenario: returns_500\nover: {exchange.weekly_target: [50], exchange.request_days: [2]}")
    assert [each.base for each in plan.levers.dimensions] == [500, 3]


def test_precision_aim_and_metric_are_read(plan_of):
    plan = plan_of(
        "scenario: pilot\nmetric: returned\nprecision: {metric: arrivals, half_width: 500, fewest: 4, most: 16}\n"
        "aim: {metric: arrivals, target: -10%}\nover: {exchange.beds: [50]}"
    )
    assert plan.metric.name == "returned"
    assert (plan.replications, plan.precision.half_width, plan.precision.most) == (None, 500.0, 16)
    assert (plan.aim.metric.name, plan.aim.target) == ("arrivals", Target(-0.1, relative=True))


def test_progress_hears_of_every_combination_that_is_tried(tmp_path):
    file, heard = tmp_path / "trial.yaml", []
    file.write_text("scenario: pilot\nover: {exchange.beds: [50, 60, 70]}")
    read_plan(str(file), (), lambda done, total, left: heard.append((done, total, left >= 0)))
    assert heard == [(1, 3, True), (2, 3, True), (3, 3, True)]


@pytest.mark.parametrize("name", QUICK)
def test_every_sweep_that_ships_can_be_read(name):
    plan = read_plan(name, [])
    assert plan.question.endswith("?")
    assert len(plan) > 10


@pytest.mark.parametrize("name", ["screening", "uncertainty"])
def test_the_sweeps_over_everything_can_be_read(name, monkeypatch):
    monkeypatch.setattr("sim.experiment.sweep.feasible.TRIED", 3)
    plan = read_plan(name, [])
    assert len(plan.uncertainties.dimensions) > 200
    assert plan.baseline.name == "no_exchange"


def test_a_bare_name_is_a_sweep_that_ships_wherever_one_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_sweep("returns") == find_sweep("returns.yaml") == SHIPPED / "returns.yaml"
