"""A theatre is checked: its names, its shares, and that every journey has its legs."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario

CONFIGS = Path(__file__).parents[2] / "configs"
CHANNEL = (CONFIGS / "theatres" / "channel.yaml").read_text(encoding="utf-8")


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """The lines of the error that a changed Channel gives."""
    monkeypatch.chdir(tmp_path)

    def lines(*changes: tuple[str, str]) -> list[str]:
        text = CHANNEL
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "sea.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "mine.yaml").write_text(f"base: {CONFIGS / 'base.yaml'}\ntheatre: sea.yaml\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario("mine.yaml")
        return str(caught.value).splitlines()

    return lines


def line_of(start: str) -> int:
    return next(number for number, line in enumerate(CHANNEL.splitlines(), 1) if line.strip().startswith(start))


def without_legs(*starts: str) -> list[tuple[str, str]]:
    """Changes that take out all legs that begin with some text."""
    return [(line + "\n", "") for line in CHANNEL.splitlines() if line.strip().startswith(starts)]


def test_a_leg_to_an_unknown_node_is_an_error_at_its_line(problems):
    found = problems(("end: hastings, kind: sea", "end: hasting, kind: sea"))
    line = line_of("- {start: western_channel, end: hastings")
    name = "theatre.legs.western_channel-hasting.end"
    assert f"sea.yaml:{line}: {name}: is no node; did you mean 'hastings'?; got 'hasting'" in found


def test_a_node_of_an_unknown_kind_is_an_error(problems):
    (line,) = problems(("name: paris, kind: hub", "name: paris, kind: hubb"))
    assert line.startswith(
        f"sea.yaml:{line_of('- {name: paris')}: theatre.nodes.paris.kind: must be one of origin, hub"
    )


def test_a_coordinate_outside_the_globe_is_an_error(problems):
    (line,) = problems(("label: Paris, lat: 48.9", "label: Paris, lat: 98.9"))
    assert "theatre.nodes.paris.lat: must be at most 90; got 98.9" in line


def test_a_name_used_twice_is_an_error(problems):
    found = problems(("name: calais_port,", "name: gone_home,"))
    assert any(
        "theatre.nodes.gone_home.name: must be unique, but stands in two rows; got 'gone_home'" in x for x in found
    )


def test_a_leg_given_twice_is_an_error(problems):
    leg = "  - {start: dover, end: manston, kind: administrative, distance_km: 30, hours: 3, cost_gbp: 0, hazard: 0}\n"
    (line,) = problems((leg, leg + leg))
    assert "theatre.legs.dover-manston.end: must be unique" in line


def test_a_sector_must_be_a_sector_node(problems):
    found = problems(("{node: somme_dieppe,", "{node: paris,"))
    assert any("theatre.sectors.paris.node: is no sector node" in line for line in found)
    assert any("theatre.sectors: has no row for the sector node 'somme_dieppe'" in line for line in found)


def test_a_group_must_come_from_an_origin(problems):
    (line,) = problems(("label: Turkey, origin: turkey", "label: Turkey, origin: turky"))
    assert "theatre.groups.turkey.origin: is no origin node; did you mean 'turkey'?; got 'turky'" in line


@pytest.mark.parametrize(
    ("legs", "said"),
    [
        (("- {start: vietnam,",), "origin 'vietnam' cannot reach any camp by land or air"),
        (
            ("- {start: boulogne_camps, end: ", "- {start: calais_camps, end: boulogne"),
            "camp 'boulogne_camps' cannot reach any sector by land",
        ),
        (("- {start: belgian_coast, end: strait_north",), "sector 'belgian_coast' cannot reach any landing by sea"),
        (("- {start: hastings, end: manston",), "landing 'hastings' cannot reach any centre"),
        (("- {start: manston, end: removal_centre",), "centre 'manston' cannot reach any detention"),
        (("- {start: removal_centre, end: france_reception",), "detention 'removal_centre' cannot reach any reception"),
        (("- {start: legal_gateway, end: uk_community",), "gateway 'legal_gateway' cannot reach any community"),
    ],
)
def test_missing_legs_are_named_by_who_cannot_reach_what(problems, legs, said):
    found = problems(*without_legs(*legs))
    assert any(f"theatre.legs: missing legs: {said}" in line for line in found), found


def test_a_theatre_without_a_kind_of_place_is_an_error(problems):
    found = problems(("kind: gateway", "kind: hub"))
    assert any("theatre.nodes: has no node of kind gateway; allowed: at least one gateway" in line for line in found)


def test_shares_of_groups_must_make_up_everyone(problems):
    (line,) = problems(("share: {2023: 0.2209,", "share: {2023: 0.4209,"))
    assert "theatre.groups: shares of 2023 must sum to 1; got 1.2; allowed: a sum of 1 within 0.02" in line


def test_minors_cannot_be_more_than_everyone():
    with pytest.raises(ScenarioError, match=r"must not sum to more than 1; got 1\.09; allowed: at most 1"):
        load_scenario("base", ["theatre.ages.accompanied_minor_share=1"])


def test_an_observed_series_must_exist(problems):
    (line,) = problems(("arrivals_daily: arrivals_daily.csv", "arrivals_daily: arrivals_dayly.csv"))
    assert "theatre.observed.arrivals_daily: no such file in sim/data; did you mean 'arrivals_daily.csv'?" in line


def test_facts_of_an_unknown_column_are_an_error(problems):
    (line,) = problems(("  nodes.lat: {unit", "  nodes.latt: {unit"))
    assert "nodes.latt: is no column" in line


def test_a_doubled_key_in_the_theatre_is_an_error(problems):
    (line,) = problems(("weather:\n", "weather:\n  roughest_day: 3\n"))
    assert "weather.roughest_day: is given twice" in line
