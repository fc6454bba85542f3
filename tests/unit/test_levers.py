"""Levers are pure functions of the rules, which act from their dates on."""

from dataclasses import fields, replace
from datetime import date
from math import inf

import pytest

from sim.domain.rules import DocumentsRule, Rules
from sim.levers import Lever, Phase, days_between, find, names
from sim.scenario import load_scenario

START = date(2025, 1, 1)
OTHER = {"allocation": "fixed", "documents_rule": DocumentsRule.NONE, "renewal": "always", "trafficking_share": 0.9}
ANNOUNCED, OPENS, ENDS = date(2025, 1, 11), date(2025, 1, 21), date(2025, 1, 31)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_scenario("base").rules


def exchange(**settings: object) -> Lever:
    return Lever("exchange", OPENS, ENDS, ANNOUNCED, settings)


def patrols(units: int, until: date | None = None) -> Lever:
    return Lever("patrol_units", OPENS, until, None, {"units": units})


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
    with pytest.raises(ValueError, match="no lever 'tariffs'; there are advertising_takedown, announcement"):
        find("tariffs")


@pytest.mark.parametrize("name", names())
def test_a_lever_without_settings_and_out_of_force_leaves_other_sections_alone(name, rules):
    module = find(name)
    changed = module.apply(rules, {}, Phase(in_force=True, in_force_day=3.0, end_day=9.0))
    same = replace(changed, **{module.SECTION: getattr(rules, module.SECTION)})
    assert same == rules


def test_the_exchange_does_nothing_before_its_announcement(rules):
    assert exchange(weekly_target=90.0).rules_on(rules, 9.9, START) == rules


def test_of_an_announced_exchange_only_the_date_and_the_promise_are_known_before_it_opens(rules):
    seen = exchange(weekly_target=90.0, beds=7).rules_on(rules, 10.0, START).exchange
    assert seen == replace(rules.exchange, announced=True, opened_day=20.0, weekly_target=90.0)
    assert exchange(weekly_target=90.0).rules_on(rules, 20.0, START).exchange.weekly_target == 90.0


def test_an_exchange_in_force_is_open_since_its_first_day_and_closes_on_its_last(rules):
    seen = exchange().rules_on(rules, 25.0, START).exchange
    assert (seen.announced, seen.open, seen.opened_day, seen.closes_day) == (True, True, 20.0, 30.0)


def test_the_rules_of_an_exchange_stay_after_its_end_for_the_committee_to_decide(rules):
    lever = exchange(weekly_target=90.0)
    assert lever.rules_on(rules, 30.0, START) == lever.rules_on(rules, 29.0, START)
    assert lever.rules_on(rules, 500.0, START).exchange.closes_day == 30.0


def test_an_exchange_without_an_end_never_closes(rules):
    assert Lever("exchange", OPENS, None, None, {}).rules_on(rules, 25.0, START).exchange.closes_day == inf


@pytest.mark.parametrize("name", sorted(set(names()) - {"exchange"}))
def test_the_day_of_until_is_no_longer_in_force(name, rules):
    module = find(name)
    setting = module.SETTINGS[0]
    lever = Lever(name, OPENS, ENDS, None, {setting: OTHER.get(setting, 4)})
    assert lever.rules_on(rules, 29.0, START) != rules
    assert lever.rules_on(rules, 30.0, START) == rules


def test_an_exchange_that_opened_before_the_start_knows_since_when(rules):
    early = Lever("exchange", date(2024, 12, 22), None, None, {})
    assert early.rules_on(rules, 0.0, START).exchange.opened_day == -10.0


def test_the_switches_of_the_exchange_are_not_settings():
    assert not {"announced", "open", "opened_day", "closes_day"} & set(find("exchange").SETTINGS)


def test_the_exchange_lever_takes_every_other_setting_of_its_section(rules):
    switches = {"announced", "open", "opened_day", "closes_day"}
    assert set(find("exchange").SETTINGS) == {field.name for field in fields(rules.exchange)} - switches


@pytest.mark.parametrize("name", ["claims", "legal_route", "maritime_interception"])
def test_a_lever_of_a_whole_section_takes_every_setting_of_it(name, rules):
    assert set(find(name).SETTINGS) == {field.name for field in fields(getattr(rules, find(name).SECTION))}


NEW = {
    "announcement": ("exchange", {"announced_ratio": 2.0}),
    "awareness": ("legal_route", {"awareness": 0.9, "awareness_per_day": 0.04}),
    "casework": ("exchange", {"caseworkers": 77, "request_work_days": 0.5, "request_days": 2.0}),
    "claims": ("claims", {"human_rights_share": 0.9, "injunction_share": 0.01}),
    "detention_beds": ("exchange", {"beds": 777}),
    "documents_rule": ("legal_route", {"documents_rule": DocumentsRule.NONE}),
    "flights": ("exchange", {"flights_per_week": 5.0, "seats_per_flight": 50, "flight_filled_at_least": 0.9,
                             "flight_cancelled_share": 0.02, "seat_attrition_share": 0.03}),
    "french_reply": ("exchange", {"french_reply_days": 7.0, "french_reply_limit_days": 20.0, "french_late_share": 0.9,
                                  "french_refusal_share": 0.8, "french_imbalance_share": 0.7}),
    "legal_route_places": ("legal_route", {"float_places": 99}),
    "maritime_interception": ("maritime", {"teams": 3, "sweep_km_per_team": 9.0, "stop_share": 0.1, "busy_hours": 2.0,
                                           "incident_ratio": 4.0}),
    "parity": ("legal_route", {"parity_tolerance": 5}),
    "patrol_allocation": ("patrols", {"allocation": "security_game"}),
    "patrol_units": ("patrols", {"units": 99}),
    "renewal": ("exchange", {"renewal": "always", "renewal_weeks": 13, "renewal_delivery_needed": 0.4}),
    "search_and_rescue": ("rescue", {"vessels": 2, "hours_busy": 3.0}),
}  # fmt: skip


@pytest.mark.parametrize("name", NEW)
def test_a_lever_changes_just_its_settings_from_its_date(name, rules):
    section, settings = NEW[name]
    lever = Lever(name, OPENS, ENDS, None, settings)
    expected = replace(rules, **{section: replace(getattr(rules, section), **settings)})
    assert set(settings) <= set(find(name).SETTINGS)
    assert name == "claims" or set(settings) == set(find(name).SETTINGS)
    assert [lever.rules_on(rules, day, START) for day in (19.9, 20.0, 29.9, 30.0)] == [rules, expected, expected, rules]
    assert expected != rules


def test_a_lever_of_one_thing_changes_it_beside_the_exchange(rules):
    both = exchange(beds=10).rules_on(rules, 25.0, START)
    both = Lever("detention_beds", OPENS, None, None, {"beds": 400}).rules_on(both, 25.0, START)
    assert (both.exchange.open, both.exchange.beds) == (True, 400)


def test_patrols_change_only_while_in_force(rules):
    days = (19.0, 20.0, 29.0, 30.0)
    seen = [patrols(120, ENDS).rules_on(rules, day, START).patrols.units for day in days]
    assert seen == [rules.patrols.units, 120, 120, rules.patrols.units]


def test_funding_recruits_since_the_levers_first_day(rules):
    lever = Lever("french_funding", OPENS, ENDS, None, {"extra_funding_gbp_per_year": 1e7})
    expected = replace(rules, patrols=replace(rules.patrols, extra_funding_gbp_per_year=1e7, funded_since_day=20.0))
    assert [lever.rules_on(rules, day, START) for day in (19.0, 25.0, 30.0)] == [rules, expected, rules]


def test_a_lever_without_announcement_waits_for_its_first_day(rules):
    lever = Lever("patrol_units", OPENS, None, ANNOUNCED, {"units": 120})
    assert lever.rules_on(rules, 15.0, START) == rules


def test_a_lever_without_until_never_ends(rules):
    assert patrols(120).rules_on(rules, 1e6, START).patrols.units == 120


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [
        ("legal_route", "awareness", 0.9),
        ("patrol_allocation", "allocation", "fixed"),
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
