"""Levers are pure functions of the rules, which act from their dates on."""

from dataclasses import replace
from datetime import date

import pytest

from sim.domain.rules import Rules
from sim.levers import Lever, Phase, days_between, find, names
from sim.scenario import load_scenario

START = date(2025, 1, 1)
ANNOUNCED, OPENS, ENDS = date(2025, 1, 11), date(2025, 1, 21), date(2025, 1, 31)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_scenario("base").rules


def exchange(**settings: object) -> Lever:
    return Lever("exchange", OPENS, ENDS, ANNOUNCED, settings)


def patrols(units: int, until: date | None = None) -> Lever:
    return Lever("patrols", OPENS, until, None, {"units": units})


def test_days_are_counted_from_the_scenarios_start():
    assert days_between(START, OPENS) == 20.0


def test_every_lever_file_is_found_and_says_what_it_takes(rules):
    for name in names():
        module = find(name)
        section = getattr(rules, module.SECTION)
        assert module.__doc__
        assert all(hasattr(section, setting) for setting in module.SETTINGS)


def test_modules_that_are_no_levers_are_not_listed():
    assert not [name for name in names() if name.startswith("_")]


def test_an_unknown_lever_is_an_error_that_lists_the_levers():
    with pytest.raises(ValueError, match="no lever 'tariffs'; there are boat_seizures, exchange"):
        find("tariffs")


@pytest.mark.parametrize("name", names())
def test_a_lever_without_settings_and_out_of_force_leaves_other_sections_alone(name, rules):
    module = find(name)
    changed = module.apply(rules, {}, Phase(in_force=True, in_force_day=3.0))
    same = replace(changed, **{module.SECTION: getattr(rules, module.SECTION)})
    assert same == rules


def test_the_exchange_does_nothing_before_its_announcement(rules):
    assert exchange(weekly_target=90.0).rules_on(rules, 9.9, START) == rules


def test_an_announced_exchange_has_its_target_but_is_not_open(rules):
    seen = exchange(weekly_target=90.0).rules_on(rules, 10.0, START).exchange
    assert (seen.announced, seen.open, seen.weekly_target) == (True, False, 90.0)


def test_an_exchange_in_force_is_open_since_its_first_day(rules):
    seen = exchange().rules_on(rules, 25.0, START).exchange
    assert (seen.announced, seen.open, seen.opened_day) == (True, True, 20.0)


def test_the_day_of_until_is_no_longer_in_force(rules):
    assert exchange().rules_on(rules, 29.0, START).exchange.open
    assert exchange().rules_on(rules, 30.0, START) == rules


def test_an_exchange_that_opened_before_the_start_knows_since_when(rules):
    early = Lever("exchange", date(2024, 12, 22), None, None, {})
    assert early.rules_on(rules, 0.0, START).exchange.opened_day == -10.0


def test_the_switches_of_the_exchange_are_not_settings():
    assert not {"announced", "open", "opened_day"} & set(find("exchange").SETTINGS)


def test_patrols_change_only_while_in_force(rules):
    days = (19.0, 20.0, 29.0, 30.0)
    seen = [patrols(120, ENDS).rules_on(rules, day, START).patrols.units for day in days]
    assert seen == [rules.patrols.units, 120, 120, rules.patrols.units]


def test_a_lever_without_announcement_waits_for_its_first_day(rules):
    lever = Lever("patrols", OPENS, None, ANNOUNCED, {"units": 120})
    assert lever.rules_on(rules, 15.0, START) == rules


def test_a_lever_without_until_never_ends(rules):
    assert patrols(120).rules_on(rules, 1e6, START).patrols.units == 120


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [
        ("legal_route", "awareness", 0.9),
        ("patrols", "allocation", "fixed"),
        ("illegal_working_enforcement", "visits_per_quarter", 2763.0),
        ("boat_seizures", "seized_share", 0.3),
        ("exchange", "beds", 400),
    ],
)
def test_a_lever_sets_its_setting(kind, setting, value, rules):
    lever = Lever(kind, OPENS, None, None, {setting: value})
    section = getattr(lever.rules_on(rules, 20.0, START), find(kind).SECTION)
    assert getattr(section, setting) == value


def test_a_lever_changes_the_rules_on_its_dates():
    assert exchange().change_days(START) == [10.0, 20.0, 30.0]
    assert patrols(1).change_days(START) == [20.0]


def test_a_lever_leaves_the_rules_it_was_given_unchanged(rules):
    before = replace(rules)
    patrols(120).rules_on(rules, 20.0, START)
    assert rules == before
