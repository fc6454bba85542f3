"""Everything wrong with a scenario is said at once: file and line, setting, value given, values allowed."""

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load_scenario

CONFIGS = Path(__file__).parents[2] / "configs"
HEAD = f"base: {CONFIGS / 'pilot.yaml'}\n"


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """The lines of the error that a scenario gives."""
    monkeypatch.chdir(tmp_path)

    def lines(text: str, overrides=()) -> list[str]:
        (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load_scenario("mine.yaml", overrides)
        return str(caught.value).splitlines()

    return lines


def lever(text: str) -> str:
    return f"{HEAD}levers:\n  - {text}\n"


def test_a_value_out_of_bounds_names_place_setting_value_and_bounds(problems):
    assert problems(lever("exchange:\n      from: 2025-08-06\n      weekly_target: -5")) == [
        "mine.yaml:5: levers.exchange.weekly_target: must be at least 0; got -5; "
        "allowed: number >= 0, plausible 0 to 1000 returns/week"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("patrols: {unit: 3}", "patrols.unit: is unknown; did you mean 'units'?"),
        ("patrol: {units: 3}", "patrol: is unknown; did you mean 'patrols'?"),
        (
            "patrols: {units: many}",
            "patrols.units: must be a whole number; got 'many'; allowed: whole number >= 0, "
            "plausible 20 to 150 units of ten officers",
        ),
        ("patrols: {units: 2.5}", "patrols.units: must be a whole number; got 2.5"),
        ("patrols: {units: .nan}", "patrols.units: must be a whole number; got nan"),
        ("coast: {rest_days: .inf}", "coast.rest_days: must be a number; got inf"),
        ("coast: {rest_days: '3'}", "coast.rest_days: must be a number; got '3'"),
        ("coast: {rest_days: yes}", "coast.rest_days: must be a number; got 'yes'"),
        ("coast: {rest_days: true}", "coast.rest_days: must be a number; got true"),
        ("coast: {rest_days: 12:30}", "coast.rest_days: must be a number; got '12:30'"),
        ("coast: {rest_days: }", "coast.rest_days: must be a number; got nothing"),
        ("legal_route: {links_first: no}", "legal_route.links_first: must be true or false; got 'no'"),
        (
            "patrols: {night_share: 1.2}",
            "patrols.night_share: must be at most 1; got 1.2; allowed: number >= 0 and <= 1",
        ),
        ("rhythm: {count_hour: 24}", "rhythm.count_hour: must be less than 24; got 24"),
        ("migrants: {taste_gbp: 0}", "migrants.taste_gbp: must be more than 0; got 0"),
        ("gangs: {seats_per_boat: {2024: -1}}", "gangs.seats_per_boat.2024: must be more than 0; got -1"),
        ("gangs: {seats_per_boat: {soon: 60}}", "gangs.seats_per_boat.soon: must have a year or a date"),
        ("patrols: 3", "patrols: must be a mapping of settings; got 3"),
        ("patrols:", "patrols: must be a mapping of settings; got nothing"),
        ("question: 3", "question: must be text; got 3"),
        ("start: soon", "start: must be a date; got 'soon'; allowed: a date as 2025-01-31"),
        ("start: 2025-02-30", "start: must be a date; got '2025-02-30'"),
        ("start: 2025-01-01T10:00:00", "start: must be a date; got '2025-01-01T10:00:00'"),
        ("replications: 0", "replications: must be at least 1; got 0"),
        (
            "until: 2025-01-01",
            "until: until must be after start; got start 2025-01-01, measure_from 2025-08-06, until 2025-01-01; "
            "allowed: start < until",
        ),
        (
            "measure_from: 2024-01-01",
            "measure_from: measure_from must lie in the simulated time; got start 2025-01-01, measure_from 2024-01-01",
        ),
        (
            "measure_from: 2026-06-11",
            "measure_from: measure_from must lie in the simulated time; got start 2025-01-01, measure_from 2026-06-11",
        ),
        ("baseline: no_exchang", "baseline: no file 'no_exchang'"),
        ("theatre: theatres/chanel.yaml", "theatre: no file 'theatres/chanel.yaml'"),
        ("theatre: 3", "theatre: must name a file; got 3"),
        ("base2: x", "base2: is unknown; did you mean 'base'?"),
        (
            "gangs: {pricing: adaptve}",
            "gangs.pricing: is no pricing rule; did you mean 'adaptive'?; got 'adaptve'; "
            "allowed: adaptive, cost_plus, cournot",
        ),
        (
            "gangs: {sector_choice: luck}",
            "gangs.sector_choice: is no sector_choice rule; got 'luck'; allowed: gravity, herding, imitation, softmax",
        ),
        (
            "patrols: {allocation: luck}",
            "patrols.allocation: is no allocation rule; got 'luck'; allowed: fixed, proportional, security_game",
        ),
        ("exchange: {scale_up: dated_steps}", "exchange.scale_up: dated_steps needs steps; got steps: {}"),
        (
            "exchange: {request_days: 15}",
            "exchange.request_days: request_days must not exceed request_limit_days; got request_days 15",
        ),
        ("gangs: {firms: 999}", "gangs.firms: firms must not exceed firms_at_most; got firms 999, firms_at_most "),
        (
            "after_return: {go_home_share: 0.99}",
            "after_return.go_home_share: the shares after a return must not sum to more than 1; got try_again",
        ),
        (
            "rhythm: {noon_hour: 5}",
            "rhythm.noon_hour: noon_hour must be later than dawn_hour; got dawn_hour 6, noon_hour 5",
        ),
        ("patrols: {units: {value: 3, unti: x}}", "patrols.units.unti: is unknown; did you mean 'unit'?"),
        ("patrols: {units: {value: 3, range: [5, 1]}}", "patrols.units.range: must run from low to high; got [5, 1]"),
        ("patrols: {units: {value: 3, confidence: sure}}", "patrols.units.confidence: must be one of official, study"),
        ("levers:", "levers: must be a list of levers; got nothing"),
        ("levers: {exchange: {}}", "levers: must be a list of levers; got {exchange: {}}"),
    ],
)
def test_what_is_wrong_is_said_in_words_at_its_line(problems, text, said):
    found = problems(f"{HEAD}\n{text}\n")
    assert any(line.startswith(f"mine.yaml:3: {said}") for line in found), found


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "exchang: {from: 2025-08-06}",
            "levers.exchang: is no lever; did you mean 'exchange'?; allowed: advertising_takedown, announcement,",
        ),
        (
            "patrol_units: {from: 2025-08-06, unts: 3}",
            "levers.patrol_units.unts: is no setting of the lever patrol_units; did you mean 'units'?",
        ),
        (
            "patrol_units: {from: 2025-08-06, busy_hours: 3}",
            "levers.patrol_units.busy_hours: is no setting of the lever patrol_units",
        ),
        ("exchange: {from: 2025-08-06, open: true}", "levers.exchange.open: is no setting of the lever exchange"),
        ("patrol_units: {units: 3}", "levers.patrol_units.from: is missing; allowed: a date as 2025-01-31"),
        ("patrol_units: {from: soon}", "levers.patrol_units.from: must be a date; got 'soon'"),
        ("patrol_units", "levers.0: must be one lever's name with its settings below it; got 'patrol_units'"),
        ("patrol_units:", "levers.patrol_units: must be a mapping of its dates and settings; got nothing"),
        (
            "{patrol_units: {from: 2025-08-06}, x: 1}",
            "levers.patrol_units: must be one lever's name with its settings below it",
        ),
        (
            "patrol_units: {from: 2025-08-06, until: 2025-08-06}",
            "levers.patrol_units.until: must be after the lever's from; got 2025-08-06",
        ),
        (
            "exchange: {from: 2025-08-06, announced: 2025-08-07}",
            "levers.exchange.announced: must not be after the lever's from",
        ),
        (
            "exchange: {from: 2025-08-06, scale_up: fxed}",
            "levers.exchange.scale_up: is no scale_up rule; did you mean 'fixed'?",
        ),
        ("exchange: {from: 2025-08-06, scale_up: dated_steps}", "levers.exchange.scale_up: dated_steps needs steps"),
        (
            "exchange: {from: 2025-08-06, request_days: 20}",
            "levers.exchange.request_days: request_days must not exceed request_limit_days",
        ),
        ("exchange: {from: 2025-08-06, beds: 12:30}", "levers.exchange.beds: must be a whole number; got '12:30'"),
    ],
)
def test_a_wrong_lever_is_said_in_words_at_its_line(problems, entry, said):
    (line,) = problems(lever(entry))
    assert line.startswith(f"mine.yaml:3: {said}")


def test_a_flight_without_seats_is_allowed(tmp_path):
    (tmp_path / "mine.yaml").write_text(lever("exchange: {from: 2025-08-06, seats_per_flight: 0}"))
    assert load_scenario(tmp_path / "mine.yaml").levers[0].settings == {"seats_per_flight": 0}


def test_a_lever_may_start_before_the_scenario(tmp_path):
    (tmp_path / "mine.yaml").write_text(lever("patrol_units: {from: 2020-01-01, units: 3}"))
    assert load_scenario(tmp_path / "mine.yaml").rules_on(0.0).patrols.units == 3


def test_all_problems_are_said_at_once_in_the_order_of_the_lines(problems):
    sections = "patrols:\n  units: -1\n  unts: 3\ngangs: {firms: 99, pricing: luck}\n"
    text = f"{HEAD}{sections}until: 2024-01-01\nlevers:\n  - exchang: {{}}\n"
    found = problems(text, ["theatre.weather.log_spread=0", "nonsense"])
    places = [line.split(": ")[:2] for line in found]
    assert places == [
        ["--set nonsense", "must look like section.setting=value"],
        ["--set theatre.weather.log_spread=0", "theatre.weather.log_spread"],
        ["mine.yaml:3", "patrols.units"],
        ["mine.yaml:4", "patrols.unts"],
        ["mine.yaml:5", "gangs.pricing"],
        ["mine.yaml:5", "gangs.firms"],
        ["mine.yaml:6", "until"],
        ["mine.yaml:8", "levers.exchang"],
    ]


def test_the_file_of_the_chain_that_gave_the_value_is_blamed(problems, tmp_path):
    (tmp_path / "parent.yaml").write_text(f"{HEAD}\n\npatrols: {{units: -1}}\n")
    (line,) = problems("base: parent.yaml\npatrols: {busy_hours: 3}\n")
    assert line.startswith("parent.yaml:4: patrols.units: must be at least 0")


def test_a_missing_setting_is_an_error(problems):
    text = (CONFIGS / "base.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("  rest_days:")]
    where = kept.index("coast:") + 1
    kept = [line.replace("theatres/channel.yaml", str(CONFIGS / "theatres/channel.yaml")) for line in kept]
    (line,) = problems("\n".join(kept))
    assert line == f"mine.yaml:{where}: coast.rest_days: is missing; allowed: number >= 0"


def test_a_scenario_without_base_lacks_everything_and_says_so(problems):
    found = problems("question: Why?\n")
    missing = {line.split(": ")[1] for line in found if "is missing" in line}
    assert {"start", "until", "measure_from", "theatre", "levers", "seed", "gangs", "exchange"} <= missing


def test_a_key_given_twice_is_an_error_with_both_lines(problems):
    (line,) = problems(f"{HEAD}patrols:\n  units: 3\n  busy_hours: 4\n  units: 5\n")
    assert line == "mine.yaml:5: patrols.units: is given twice, first on line 3"


@pytest.mark.parametrize(("text", "line"), [("a: [1\nb: 2\n", 2), ("a: b: c\n", 1), ("a: 1\n\tb: 2\n", 2)])
def test_what_is_not_yaml_is_an_error_with_its_line(problems, text, line):
    (found,) = problems(text)
    assert found.startswith(f"mine.yaml:{line}: cannot be read as YAML")


@pytest.mark.parametrize("text", ["", "- 1\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_an_error(problems, text):
    assert problems(text) == ["mine.yaml:1: must be a mapping of settings, but is not"]


def test_an_alias_that_refers_to_itself_is_an_error(problems):
    assert problems("a: &x [*x]\n") == ["mine.yaml: holds an alias (*) that refers to itself"]


def test_an_unknown_tag_is_an_error(problems):
    assert any("mine.yaml:2: seed: cannot be read as YAML" in line for line in problems(f"{HEAD}seed: !secret 3\n"))


def test_an_unknown_file_says_where_it_looked_and_what_is_near(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load_scenario("pilto")
    assert str(caught.value) == (
        f"scenario: no file 'pilto'; looked in ., configs, {CONFIGS}; did you mean pilot.yaml?"
    )


def test_an_unknown_base_is_blamed_on_the_line_that_names_it(problems):
    (line,) = problems("question: Why?\nbase: bas.yaml\n")
    assert line.startswith("mine.yaml:2: base: no file 'bas.yaml'")
    assert line.endswith("did you mean base.yaml?")


def test_bases_that_come_back_to_themselves_are_an_error_that_shows_the_chain(problems, tmp_path):
    (tmp_path / "other.yaml").write_text("\nbase: mine.yaml\n")
    (line,) = problems("base: other.yaml\n")
    assert line == "other.yaml:2: base: the bases come back to themselves: mine.yaml -> other.yaml -> mine.yaml"


# Overrides answer for their own errors


@pytest.mark.parametrize(
    ("override", "said"),
    [
        (
            "exchange.weekly_target=-5",
            "exchange.weekly_target: must be at least 0; got -5; allowed: number >= 0, "
            "plausible 0 to 1000 returns/week",
        ),
        ("patrols.unit=5", "patrols.unit: is unknown; did you mean 'units'?"),
        ("patrols.units=no", "patrols.units: must be a whole number; got 'no'"),
        ("patrols.units", "must look like section.setting=value"),
        ("patrols.units.x=5", "patrols.units: has no settings of its own"),
        ("theatre.sectors.nowhere.exposure=1", "theatre.sectors: has no row 'nowhere'"),
        ("theatre.weather.log_spred=1", "theatre.weather.log_spred: is unknown; did you mean 'log_spread'?"),
        ("boat_seizures.seized_share=0.3", "boat_seizures.seized_share: this scenario has no lever 'boat_seizures'"),
        ("until=2025-01-01", "until: until must be after start"),
        ("start=2027-01-01", "start: until must be after start"),
        ("gangs.firms_at_most=3", "gangs.firms_at_most: firms must not exceed firms_at_most"),
        ("exchange.until=2025-08-06", "exchange.until: must be after the lever's from"),
        ("patrols.units=[1", "patrols.units: cannot be read as YAML"),
        ("base=scaled.yaml", "base: cannot be overridden"),
        ("theatre.groups.turkey.share.2025=0.9", "theatre.groups.turkey.share.2025: shares of 2025 must sum to 1"),
        ("baseline=nowhere", "baseline: no file 'nowhere'"),
        ("gangs.pricing=luck", "gangs.pricing: is no pricing rule; got 'luck'; allowed: adaptive, cost_plus, cournot"),
    ],
)
def test_an_overrides_error_is_blamed_on_the_override(problems, override, said):
    (line,) = problems(HEAD, [override])
    assert line.startswith(f"--set {override}: {said}")


def test_an_override_from_a_mapping_is_blamed_in_the_same_words(problems):
    (line,) = problems(HEAD, {"exchange.weekly_target": -5})
    assert line.startswith("--set exchange.weekly_target=-5: exchange.weekly_target: must be at least 0")


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("exchange.open=true", "never by hand"),
        ("exchange.opened_day=3", "never by hand"),
        ("patrols.funded_since_day=3", "is set by the french_funding lever on its dates, never by hand"),
        ("exchange.announced=true", "must be a date"),  # the lever's date of this name
    ],
)
def test_what_the_exchange_lever_switches_is_never_set_by_hand(override, message):
    with pytest.raises(ScenarioError, match=message):
        load_scenario("pilot", [override])
