"""What is wrong with an exchange is said before a run: groups, flights, terms, reviews, rules; all of it at once."""

from pathlib import Path

import pytest

from sim.cli import main
from sim.scenario import ScenarioError, load_scenario

CONFIGS = Path(__file__).parents[2] / "configs"
HEAD = f"base: {CONFIGS / 'pilot.yaml'}\n"
GROUPS = "allowed: afghanistan, iran, syria, eritrea,"
NO_FLIGHTS = "there are seats but no flights; got seats_per_flight 20, flights_per_week 0; allowed: flights_per_week"
TERM = "exchange: {from: 2025-08-06, until: 2026-06-11"  # 309 days, 44 weeks and one day


@pytest.fixture
def load(tmp_path, monkeypatch):
    """A scenario on the pilot's base with some more lines."""
    monkeypatch.chdir(tmp_path)

    def write_and_load(text: str = "", overrides=()):
        (tmp_path / "mine.yaml").write_text(HEAD + text, encoding="utf-8")
        return load_scenario("mine.yaml", overrides)

    return write_and_load


@pytest.fixture
def problems(load):
    """The lines of the error that it gives."""

    def lines(text: str = "", overrides=()) -> list[str]:
        with pytest.raises(ScenarioError) as caught:
            load(text, overrides)
        return str(caught.value).splitlines()

    return lines


def levers(*entries: str) -> str:
    return "levers:\n" + "".join(f"  - {entry}\n" for entry in entries)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exchange: {flights_per_week: 0}", f"exchange.flights_per_week: {NO_FLIGHTS}"),
        ("exchange: {beds: -1}", "exchange.beds: must be at least 0; got -1; allowed: whole number >= 0"),
        (
            "exchange: {french_reply_days: 29}",
            "exchange.french_reply_days: french_reply_days must not exceed french_re",
        ),
        (
            "exchange: {request_work_days: 20}",
            "exchange.request_work_days: request_work_days must not exceed request_l",
        ),
        ("exchange: {delivery_to_hold: 0.9}", "exchange.delivery_to_hold: delivery_to_hold must not exceed delivery_n"),
        ("exchange: {caseworkers: 0}", "exchange.caseworkers: must be at least 1; got 0"),
        ("exchange: {selection: targeted}", "exchange.selection: targeted needs target_groups; got target_groups: []"),
        ("exchange: {selection: targted}", "exchange.selection: is no selection rule; did you mean 'targeted'?"),
        (
            "exchange: {renewal: alway}",
            "exchange.renewal: is no renewal rule; did you mean 'always'?; got 'alway'; "
            "allowed: always, if_delivered, never",
        ),
        (
            "legal_route: {admission: balot}",
            "legal_route.admission: is no admission rule; did you mean 'ballot'?; got 'balot'; allowed: ballot, queue",
        ),
        (
            "legal_route: {documents_rule: passport}",
            "legal_route.documents_rule: must be one of passport_or_identity_card, passport_only, none; got 'passport'",
        ),
        ("legal_route: {biometrics_per_day: 0}", "legal_route.biometrics_per_day: must be at least 1; got 0"),
        (
            "exchange: {target_groups: [erytrea]}",
            f"exchange.target_groups: holds no group of this theatre; did you mean 'eritrea'?; got 'erytrea'; {GROUPS}",
        ),
        (
            "legal_route: {priority_groups: [syria, sudann]}",
            "legal_route.priority_groups: holds no group of this theatre; did you mean 'sudan'?; got 'sudann'",
        ),
        ("exchange: {target_groups: eritrea}", "exchange.target_groups: must be a list; got 'eritrea'"),
        ("claims: {trafficking_shre: 0.2}", "claims.trafficking_shre: is unknown; did you mean 'trafficking_share'?"),
        ("claims: {injunction_share: 1.2}", "claims.injunction_share: must be at most 1; got 1.2"),
        ("exchange: {claim_share: 0.2}", "exchange.claim_share: is unknown"),
        ("exchange: {closes_day: 4}", "exchange.closes_day: is set by the exchange lever on its dates, never by hand"),
    ],
)
def test_a_wrong_setting_is_said_in_words_at_its_line(text, said, problems):
    (line,) = problems(f"\n{text}\n")
    assert line.startswith(f"mine.yaml:3: {said}")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (f"{TERM}, flights_per_week: 0}}", f"exchange.flights_per_week: {NO_FLIGHTS}"),
        ("flights: {from: 2025-09-01, flights_per_week: 0}", f"flights.flights_per_week: {NO_FLIGHTS}"),
        (f"{TERM}, beds: -1}}", "exchange.beds: must be at least 0; got -1"),
        ("detention_beds: {from: 2025-09-01, beds: -1}", "detention_beds.beds: must be at least 0; got -1"),
        (
            "exchange: {from: 2025-08-06, until: 2025-08-01}",
            "exchange.until: must be after the lever's from; got 2025-08-01; allowed: later than from 2025-08-06",
        ),
        (
            f"{TERM}, selection: targeted, target_groups: [syria, erytrea]}}",
            "exchange.target_groups: holds no group of this theatre; did you mean 'eritrea'?; got 'erytrea'",
        ),
        (
            "legal_route: {from: 2025-08-06, priority_groups: [eritre]}",
            f"legal_route.priority_groups: holds no group of this theatre; did you mean 'eritrea'?; got 'eritre'; "
            f"{GROUPS}",
        ),
        (f"{TERM}, selection: targeted}}", "exchange.selection: targeted needs target_groups"),
        (f"{TERM}, renewal: sometimes}}", "exchange.renewal: is no renewal rule; got 'sometimes'"),
        (
            "renewal: {from: 2025-08-06, renewal: if_deliverd}",
            "renewal.renewal: is no renewal rule; did you mean 'if_delivered'?",
        ),
        ("legal_route: {from: 2025-08-06, admission: queu}", "legal_route.admission: is no admission rule"),
        (
            "documents_rule: {from: 2025-08-06, documents_rule: pasport_only}",
            "documents_rule.documents_rule: must be one of passport_or_identity_card, passport_only, none",
        ),
        ("flights: {from: 2025-08-06, beds: 3}", "flights.beds: is no setting of the lever flights; allowed:"),
        (
            f"{TERM}, scale_up: proof_of_concept, review_weeks: 45}}",
            "exchange.review_weeks: proof_of_concept never reviews; got review_weeks 45, open for 44.1 weeks; "
            "allowed: review_weeks < 44.1, or scale_up: fixed",
        ),
        (
            "exchange: {from: 2026-05-07, scale_up: proof_of_concept, review_weeks: 5}",
            "exchange.review_weeks: proof_of_concept never reviews; got review_weeks 5, open for 5 weeks",
        ),
        (
            f"{TERM}, scale_up: dated_steps, steps: {{50: 100, 60: 200}}}}",
            "exchange.steps: dated_steps never takes a step; got first step in week 50, open for 44.1 weeks; "
            "allowed: a step before week 44.1",
        ),
    ],
)
def test_a_wrong_lever_is_said_in_words_at_its_line(entry, said, problems):
    (line,) = problems(levers(entry))
    assert line.startswith(f"mine.yaml:3: levers.{said}")


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("exchange.flights_per_week=0", f"exchange.flights_per_week: {NO_FLIGHTS}"),
        ("exchange.beds=-1", "exchange.beds: must be at least 0"),
        ("exchange.until=2025-08-01", "exchange.until: must be after the lever's from"),
        ("exchange.target_groups=[erytrea]", "exchange.target_groups: holds no group of this theatre; did you mean"),
        ("legal_route.priority_groups=[sudann]", "legal_route.priority_groups: holds no group of this theatre"),
        ("exchange.selection=targeted", "exchange.selection: targeted needs target_groups"),
        ("exchange.renewal=alway", "exchange.renewal: is no renewal rule; did you mean 'always'?"),
        ("legal_route.admission=balot", "legal_route.admission: is no admission rule; did you mean 'ballot'?"),
        ("legal_route.documents_rule=nothing", "legal_route.documents_rule: must be one of passport_or_identity_card"),
    ],
)
def test_an_overrides_error_is_blamed_on_the_override(override, said, problems):
    (line,) = problems("", [override])
    assert line.startswith(f"--set {override}: {said}")


def test_a_review_beyond_the_term_by_overrides_is_blamed_on_one_of_them(problems):
    (line,) = problems("", ["exchange.scale_up=proof_of_concept", "exchange.review_weeks=60"])
    assert line.startswith("--set exchange.scale_up=proof_of_concept: ")
    assert "proof_of_concept never reviews; got review_weeks 60, open for 44.1 weeks" in line


def test_a_review_in_the_section_that_never_comes_is_blamed_on_the_lever(problems):
    (line,) = problems(f"exchange: {{scale_up: proof_of_concept, review_weeks: 60}}\n{levers(TERM + '}')}")
    assert line.startswith("mine.yaml:4: levers.exchange: proof_of_concept never reviews; got review_weeks 60")


@pytest.mark.parametrize(
    "entry",
    [
        f"{TERM}, flights_per_week: 0, seats_per_flight: 0}}",
        f"{TERM}, scale_up: proof_of_concept, review_weeks: 44}}",
        f"{TERM}, scale_up: fixed, review_weeks: 60}}",
        f"{TERM}, scale_up: dated_steps, steps: {{8: 100, 50: 200}}}}",
        f"{TERM}, scale_up: proof_of_concept, review_weeks: 60, renewal: always}}",
        f"{TERM}, scale_up: dated_steps, steps: {{50: 200}}, renewal: if_delivered}}",
        f"{TERM}, selection: targeted, target_groups: [eritrea, sudan]}}",
        "legal_route: {from: 2025-08-06, admission: queue, priority_groups: [sudan], documents_rule: none}",
        "renewal: {from: 2025-08-06, renewal: always}",
    ],
)
def test_what_makes_sense_is_accepted(entry, load):
    assert load(levers(entry)).levers


def test_a_late_review_is_accepted_if_another_lever_renews_the_exchange(load):
    late = f"{TERM}, scale_up: proof_of_concept, review_weeks: 50}}"
    assert load(levers(late, "renewal: {from: 2025-08-06, renewal: always}")).levers


EVERYTHING_WRONG = """
exchange:
  beds: -1
  target_groups: [erytrea]
  renewal: alway
legal_route:
  documents_rule: passport
  admission: balot
  priority_groups: [sudann]
levers:
  - exchange: {from: 2025-08-06, until: 2025-08-01}
  - flights: {from: 2025-08-06, flights_per_week: -1}
"""


def test_all_problems_are_said_at_once_in_the_order_of_the_lines(problems):
    assert [line.split(": ")[:2] for line in problems(EVERYTHING_WRONG)] == [
        ["mine.yaml:4", "exchange.beds"],
        ["mine.yaml:5", "exchange.target_groups"],
        ["mine.yaml:6", "exchange.renewal"],
        ["mine.yaml:8", "legal_route.documents_rule"],
        ["mine.yaml:9", "legal_route.admission"],
        ["mine.yaml:10", "legal_route.priority_groups"],
        ["mine.yaml:12", "levers.exchange.until"],
        ["mine.yaml:13", "levers.flights.flights_per_week"],
    ]


def test_the_command_line_tells_all_of_it_and_exits_with_2(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(HEAD + EVERYTHING_WRONG, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["sim", "check", "mine.yaml"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    for setting in ("exchange.beds", "exchange.renewal", "legal_route.admission", "levers.exchange.until"):
        assert setting in told
