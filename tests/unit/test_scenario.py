"""A loaded scenario: inheritance, overrides, the timeline, the hash."""

import pickle
from datetime import date
from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, load_scenario

CONFIGS = Path(__file__).parents[2] / "configs"
UNITS = load_scenario("base").rules.patrols.units
PILOT = f"base: {CONFIGS / 'pilot.yaml'}\n"
DATED = f"base: {CONFIGS / 'base.yaml'}\nstart: 2025-01-01\nmeasure_from: 2025-01-11\nuntil: 2025-04-11\n"


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Write a scenario and load it, from its own folder."""
    monkeypatch.chdir(tmp_path)

    def write_and_load(text: str, overrides=(), name: str = "mine.yaml") -> Scenario:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return load_scenario(name, overrides)

    return write_and_load


def days(scenario: Scenario) -> list[float]:
    return [day for day, _ in scenario.timeline()]


PLANS = ("patterns", "natural")  # no scenarios


@pytest.mark.parametrize("name", [file.name for file in CONFIGS.glob("*.yaml") if file.stem not in PLANS])
def test_every_scenario_in_configs_loads(name):
    assert load_scenario(name).name == Path(name).stem


@pytest.mark.parametrize("name", ["pilot", "pilot.yaml", CONFIGS / "pilot.yaml"])
def test_a_scenario_is_found_by_name_or_path(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_scenario(name).source_file == str(CONFIGS / "pilot.yaml")


def test_a_bare_name_is_first_looked_up_in_the_configs_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "pilot.yaml").write_text(f"{PILOT}seed: 7\n")
    assert load_scenario("pilot").seed == 7


def test_a_base_is_found_from_the_file_that_names_it(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "parent.yaml").write_text(PILOT)
    (tmp_path / "deep" / "child.yaml").write_text("base: parent.yaml\nseed: 7\n")
    assert load_scenario(tmp_path / "deep" / "child.yaml").seed == 7


def test_the_baseline_is_a_path_or_none():
    assert load_scenario("pilot").baseline == str(CONFIGS / "no_exchange.yaml")
    assert load_scenario("base").baseline is None


def test_dates_become_days(load):
    scenario = load(DATED)
    assert (scenario.horizon_days, scenario.warm_up_days) == (100.0, 10.0)


def test_a_child_changes_only_what_it_gives(load):
    base, mine = load_scenario("base").rules, load(f"{DATED}patrols: {{units: 100}}\n").rules
    assert (mine.patrols.units, mine.patrols.busy_hours) == (100, base.patrols.busy_hours)
    assert mine.gangs == base.gangs


def test_a_year_of_a_dated_driver_is_changed_alone(load):
    seats = load(f"{DATED}gangs: {{seats_per_boat: {{2025: 70}}}}\n").rules.gangs.seats_per_boat
    assert (seats[2024], seats[2025]) == (load(DATED).rules.gangs.seats_per_boat[2024], 70.0)


def test_a_list_is_replaced_whole(load):
    assert load(f"{PILOT}levers: []\n").levers == ()


def test_a_plain_value_keeps_what_the_base_says_of_it(load):
    meta = load(f"{DATED}patrols:\n  units: 100\n").catalogue["patrols.units"]
    base = load_scenario("base").catalogue["patrols.units"]
    assert (meta.value, meta.unit, meta.source, meta.low) == (100, base.unit, base.source, base.low)
    assert (Path(meta.file).name, meta.line) == ("mine.yaml", 6)


def test_a_rich_value_replaces_only_the_facts_it_gives(load):
    text = f"{DATED}patrols: {{units: {{value: 100, range: [90, 110], source: judgement}}}}\n"
    meta = load(text).catalogue["patrols.units"]
    assert (meta.value, meta.low, meta.source, meta.confidence) == (100, 90.0, "judgement", "press")


def test_the_theatres_columns_are_in_the_catalogue():
    catalogue = load_scenario("base").catalogue
    assert catalogue["theatre.nodes.lat"].unit == "degrees north"
    assert catalogue["theatre.weather.log_spread"].unit == "log m"


# Values that other readers of YAML get wrong


def test_a_leading_zero_is_no_octal(load):
    assert load(f"{DATED}patrols: {{units: 010}}\n").rules.patrols.units == 10


def test_a_whole_number_may_be_written_with_a_point(load):
    assert load(f"{DATED}patrols: {{units: 50.0}}\n").rules.patrols.units == 50


def test_loaded_values_are_plain(load):
    scenario = load(PILOT)
    held = [type(meta.value) for meta in scenario.catalogue.values()]
    assert set(held) <= {int, float, str, bool, dict, list, date, type(None)}


# Overrides


def test_an_override_applies_after_inheritance(load):
    scenario = load(f"{DATED}patrols: {{units: 100}}\n", ["patrols.units=90"])
    assert scenario.rules.patrols.units == 90


@pytest.mark.parametrize(
    "overrides",
    [
        ["patrols.units=90", "start=2025-02-01"],
        {"patrols.units": 90, "start": "2025-02-01"},
        {"patrols": {"units": 90}},
    ],
)
def test_overrides_come_as_text_or_as_a_mapping(overrides):
    assert load_scenario("pilot", overrides).rules.patrols.units == 90


def test_an_override_reaches_the_levers_that_give_the_setting():
    scenario = load_scenario("pilot", ["exchange.weekly_target=100"])
    assert scenario.levers[0].settings["weekly_target"] == 100.0
    assert scenario.rules.exchange.weekly_target == 100.0


def test_an_override_adds_nothing_to_levers_that_do_not_give_the_setting():
    scenario = load_scenario("pilot", ["exchange.beds=77"])
    assert "beds" not in scenario.levers[0].settings
    assert scenario.rules_on(300.0).exchange.beds == 77


def test_a_levers_date_can_be_overridden():
    lever = load_scenario("pilot", ["exchange.from=2025-09-01"]).levers[0]
    assert lever.starts == date(2025, 9, 1)


def test_a_lever_can_be_overridden_by_its_own_name(load):
    text = f"{DATED}levers: [boat_seizures: {{from: 2025-02-01, seized_share: 0.2}}]\n"
    scenario = load(text, ["boat_seizures.seized_share=0.4"])
    assert scenario.levers[0].settings == {"seized_share": 0.4}
    assert scenario.rules.gangs.seized_share == load_scenario("base").rules.gangs.seized_share


def test_an_override_reaches_into_the_theatre():
    theatre = load_scenario(
        "pilot", ["theatre.weather.log_spread=0.4", "theatre.inflow.people_per_year.2025=50000"]
    ).theatre
    assert (theatre.weather.log_spread, theatre.inflow.people_per_year[2025]) == (0.4, 50000.0)


def test_an_override_finds_a_row_by_its_name():
    theatre = load_scenario("pilot", ["theatre.sectors.calais_sangatte.exposure=1.3"]).theatre
    assert [s.exposure for s in theatre.sectors if s.node == "calais_sangatte"] == [1.3]


def test_dates_and_levers_at_the_top_can_be_overridden():
    scenario = load_scenario("pilot", ["until=2026-01-01", "levers=[]"])
    assert (scenario.until, scenario.levers) == (date(2026, 1, 1), ())


def test_numpy_numbers_are_accepted_in_overrides():
    numpy = pytest.importorskip("numpy")
    scenario = load_scenario("pilot", {"patrols.units": numpy.int64(90), "patrols.busy_hours": numpy.float64(3.5)})
    assert (scenario.rules.patrols.units, scenario.rules.patrols.busy_hours) == (90, 3.5)


def test_overrides_do_not_leak_into_the_next_load():
    load_scenario("pilot", ["patrols.units=1", "theatre.weather.log_spread=0.4"])
    scenario = load_scenario("pilot")
    assert scenario.rules.patrols.units != 1
    assert scenario.theatre.weather.log_spread != 0.4


# The timeline


def test_without_levers_one_set_of_rules_holds(load):
    scenario = load(DATED)
    assert scenario.timeline() == ((0.0, scenario.rules),)


def test_the_timeline_changes_on_a_levers_dates(load):
    """What ends on the last date is the run's to decide: the rules stay, and say when the exchange closes."""
    text = f"{DATED}levers: [exchange: {{announced: 2025-01-11, from: 2025-01-21, until: 2025-01-31}}]\n"
    scenario = load(text)
    assert days(scenario) == [0.0, 10.0, 20.0]
    exchanges = [rules.exchange for _, rules in scenario.timeline()]
    assert [(e.announced, e.open, e.opened_day, e.closes_day) for e in exchanges] == [
        (False, False, 0, 0),
        (True, False, 20, 0),
        (True, True, 20, 30),
    ]


def test_dates_outside_the_run_make_no_step(load):
    text = f"{DATED}levers: [patrol_units: {{from: 2024-01-01, until: 2025-04-11, units: 100}}]\n"
    scenario = load(text)
    assert [(day, rules.patrols.units) for day, rules in scenario.timeline()] == [(0.0, 100)]


def test_a_lever_listed_later_has_the_last_word(load):
    first = "patrol_units: {from: 2025-02-01, units: 100}"
    levers = f"[{first}, patrol_units: {{from: 2025-01-21, until: 2025-02-10, units: 60}}]"
    scenario = load(f"{DATED}levers: {levers}\n")
    assert [(day, rules.patrols.units) for day, rules in scenario.timeline()] == [
        (0.0, scenario.rules.patrols.units),
        (20.0, 60),
        (40.0, 100),
    ]


def test_a_lever_that_changes_nothing_makes_no_step_and_gives_the_same_hash(load):
    units = load_scenario("base").rules.patrols.units
    idle = load(f"{DATED}levers: [patrol_units: {{from: 2025-02-01, units: {units}}}]\n")
    assert days(idle) == [0.0]
    assert idle.scenario_hash == load(DATED).scenario_hash


# The hash


@pytest.mark.parametrize(
    "change",
    [
        "question: Another?\n",
        "replications: 3\n",
        "baseline: none\n",
        f"patrols: {{units: {{value: {UNITS}, note: other words}}}}\n",
    ],
)
def test_the_hash_ignores_what_the_model_does_not_see(load, change):
    assert load(f"{PILOT}{change}", name="other.yaml").scenario_hash == load_scenario("pilot").scenario_hash


@pytest.mark.parametrize(
    "override",
    [
        "seed=1",
        "patrols.units=81",
        "start=2025-01-02",
        "theatre.weather.persistence=0.5",
        "exchange.weekly_target=51",
        "measure_from=2025-08-07",
    ],
)
def test_the_hash_notices_what_the_model_sees(override):
    assert load_scenario("pilot", [override]).scenario_hash != load_scenario("pilot").scenario_hash


def test_the_hash_notices_a_levers_date():
    assert load_scenario("pilot", ["exchange.from=2025-08-07"]).scenario_hash != load_scenario("pilot").scenario_hash


def test_the_same_target_by_override_or_by_file_has_one_hash(load):
    by_file = load(f"{PILOT}patrols: {{units: 100}}\n")
    assert by_file.scenario_hash == load_scenario("pilot", ["patrols.units=100"]).scenario_hash


def test_the_hash_has_sixteen_digits():
    text = load_scenario("pilot").scenario_hash
    assert len(text) == 16
    assert int(text, 16) >= 0


def test_a_scenario_can_be_sent_to_another_process():
    scenario = load_scenario("pilot")
    sent = pickle.loads(pickle.dumps(scenario))
    assert sent == scenario
    assert (sent.scenario_hash, sent.catalogue) == (scenario.scenario_hash, scenario.catalogue)


def test_a_scenario_cannot_be_changed():
    with pytest.raises(AttributeError):
        load_scenario("pilot").seed = 3  # type: ignore[misc]


def test_a_wrong_scenario_raises_one_error():
    with pytest.raises(ScenarioError):
        load_scenario("pilot", ["patrols.units=-1"])
