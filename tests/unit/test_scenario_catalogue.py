"""Every number says its unit, plausible range, source and confidence; a user can ask for any of them."""

from pathlib import Path

import pytest

from sim.scenario import Meta, ScenarioError, explain, guesses, load_scenario, outside_range
from sim.scenario.catalogue import UNSOURCED, source_titles

CONFIGS = Path(__file__).parents[2] / "configs"
BASE = load_scenario("base")
PILOT = load_scenario("pilot")


def is_numeric(value: object) -> bool:
    values = list(value.values()) if isinstance(value, dict) else [value]
    return bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


NUMBERS = {name: meta for name, meta in BASE.catalogue.items() if is_numeric(meta.value)}
FACTS = {name: meta for name, meta in BASE.catalogue.items() if meta.unit}


def numbers(value: object) -> list[float]:
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return [number for part in parts for number in numbers(part)]
    return [value] if isinstance(value, int | float) else []


def test_the_catalogue_holds_the_numbers_of_the_model():
    assert len(NUMBERS) > 150


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_unit_range_source_and_confidence(name):
    meta = NUMBERS[name]
    assert meta.unit
    assert meta.low is not None
    assert meta.high is not None
    assert meta.source
    assert meta.confidence


@pytest.mark.parametrize("name", FACTS)
def test_every_source_is_listed_or_is_judgement_or_definition(name):
    assert FACTS[name].source in {**source_titles(), **UNSOURCED}


@pytest.mark.parametrize("name", FACTS)
def test_every_value_lies_in_its_own_plausible_range(name):
    meta = FACTS[name]
    assert all(meta.low <= number <= meta.high for number in numbers(meta.value))


def test_the_catalogue_knows_the_line_of_a_value():
    meta = BASE.catalogue["patrols.units"]
    line = Path(meta.file).read_text(encoding="utf-8").splitlines()[meta.line - 1]
    assert line.strip().startswith("units:")


def test_a_setting_is_explained_with_all_that_is_known_of_it():
    text = explain("passage.deaths_per_incident", BASE)
    for part in (
        " people",
        "1 to 6 is plausible",
        "number > 0",
        "IOM_MMP_2026: Missing Migrants",
        "official",
        "17 in 7",
    ):
        assert part in text
    assert "base.yaml:" in text


def test_a_levers_setting_is_explained_with_what_the_lever_sets():
    text = explain("exchange.weekly_target", PILOT)
    assert "exchange sets 50.0 from 2025-08-06 until 2026-06-11" in text
    assert explain("levers.exchange.weekly_target", PILOT) == text


def test_a_levers_setting_is_found_by_the_levers_name():
    assert explain("boat_seizures.seized_share", BASE).startswith("gangs.seized_share\n")


def test_a_levers_date_is_explained():
    text = explain("exchange.from", PILOT)
    assert "first day on which the lever is in force" in text
    assert "exchange: 2025-08-06" in text


def test_a_choice_of_rule_is_explained_with_the_rules_there_are():
    assert "one of adaptive, cost_plus, cournot" in explain("gangs.pricing", BASE)


def test_a_column_of_the_theatre_is_explained():
    text = explain("theatre.sectors.exposure", BASE)
    assert "ratio of wave heights in 6 rows" in text
    assert "number > 0" in text


def test_a_section_is_explained_by_what_it_holds():
    assert f"centre.places: {BASE.rules.centre.places} people" in explain("centre", BASE)


def test_a_lever_is_explained_by_the_settings_it_takes():
    assert explain("boat_seizures", BASE).splitlines()[1].strip().startswith("gangs.seized_share:")


@pytest.mark.parametrize("setting", ["exchange.weekly_targt", "weekly_target"])
def test_an_unknown_setting_is_an_error_with_the_near_names(setting):
    with pytest.raises(ScenarioError, match=f"{setting}: is unknown; did you mean .*exchange.weekly_target"):
        explain(setting, BASE)


def test_the_base_has_no_value_outside_its_plausible_range():
    assert outside_range(BASE) == []


def test_an_implausible_value_is_warned_of():
    scenario = load_scenario("base", ["patrols.units=500"])
    assert outside_range(scenario) == [
        "patrols.units: 500 is outside the plausible range 20 to 150 units of ten officers"
    ]


def test_an_implausible_value_of_a_lever_is_warned_of():
    found = outside_range(load_scenario("pilot", ["exchange.weekly_target=5000"]))
    assert "levers.exchange.weekly_target: 5000 is outside the plausible range 0 to 1000 returns/week" in found


def test_an_implausible_year_is_warned_of():
    found = outside_range(load_scenario("base", ["gangs.seats_per_boat.2025=400"]))
    assert found == ["gangs.seats_per_boat: 400 is outside the plausible range 20 to 100 people"]


def test_guesses_are_listed():
    found = guesses(BASE)
    assert "migrants.benefit_gbp" in found
    assert "patrols.units" not in found


def test_a_setting_without_facts_has_only_value_and_place():
    meta = BASE.catalogue["gangs.pricing"]
    assert meta == Meta("adaptive", file=str(CONFIGS / "base.yaml"), line=meta.line)
