"""Every lever of the exchange at work: nothing differs before its date, something does after."""

import numpy as np
import pytest
from worlds import group, run, same, with_exchange

from sim.processes.world import run_tables
from sim.records.tidy import Coded

CHANGE_DAY = 15  # 16 January
LIVELY = {
    **with_exchange(weekly_target=40, over_selection=1.5, beds=60, caseworkers=5, request_work_days=0.3,
                    flights_per_week=3, seats_per_flight=20, seat_attrition_share=0.1, until="2025-02-01"),
    "claims.human_rights_share": 0.2, "claims.human_rights_days": 5, "legal_route.checks_days": 3,
    "legal_route.other_applicants_per_week": 70, "legal_route.awareness": 0.4, "legal_route.parity_tolerance": 60,
    "legal_route.float_places": 5, "beliefs.announced_weight": 0.8, "beliefs.returned_prior": 0,
    "theatre.groups": [group("people", documents_share=0.5)],
}  # fmt: skip
LEVERS = {
    "announcement": {"announced_ratio": 0.2},
    "awareness": {"awareness": 0.9},
    "casework": {"caseworkers": 1},
    "claims": {"injunction_share": 0.8},
    "detention_beds": {"beds": 5},
    "documents_rule": {"documents_rule": "none"},
    "flights": {"seats_per_flight": 3},
    "french_reply": {"french_refusal_share": 0.6},
    "illegal_working_enforcement": {"visits_per_quarter": 100},
    "legal_route": {"links_first": False, "float_places": 50},
    "legal_route_places": {"float_places": 50},
    "parity": {"parity_tolerance": 0},
    "renewal": {"renewal": "always"},
}  # fmt: skip
LIVELY_WORK = {"asylum.work_share": 0.8, "asylum.work_after_days": 1, "asylum.arrests_per_visit": 0.7,
               "asylum.irregular_workers": 500}  # fmt: skip


def tables(*levers: dict) -> dict:
    return run_tables(run({**LIVELY, **LIVELY_WORK, "levers": [*LIVELY["levers"], *levers]}))


def before(tables: dict) -> dict:
    """Every table by day, up to the day of the change, but for the names of the days."""
    early = {}
    for name in ("daily", "sectors", "gangs", "groups", "pipeline", "costs"):
        rows = tables[name]["date"].codes < CHANGE_DAY
        columns = {key: column for key, column in tables[name].items() if key != "date"}
        early[name] = {k: c.codes[rows] if isinstance(c, Coded) else np.asarray(c)[rows] for k, c in columns.items()}
    return early


@pytest.fixture(scope="module")
def plain() -> dict:
    return tables()


@pytest.mark.parametrize("kind", LEVERS)
def test_a_lever_changes_something_from_its_date_and_nothing_before(kind, plain):
    changed = tables({kind: {"from": "2025-01-16", **LEVERS[kind]}})
    assert same(before(changed), before(plain)) == []
    assert same(changed, plain) != []


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("announcement", {"announced_ratio": 1}), ("awareness", {"awareness": 0.4}),
        ("casework", {"caseworkers": 5, "request_work_days": 0.3}), ("claims", {"human_rights_share": 0.2}),
        ("detention_beds", {"beds": 60}), ("documents_rule", {"documents_rule": "passport_or_identity_card"}),
        ("flights", {"flights_per_week": 3}), ("french_reply", {"french_reply_days": 3}),
        ("legal_route_places", {"float_places": 5}), ("parity", {"parity_tolerance": 60}),
        ("renewal", {"renewal": "never"}),
    ],
)  # fmt: skip
def test_a_lever_that_sets_what_is_already_so_changes_nothing(kind, settings, plain):
    assert same(tables({kind: {"from": "2025-01-16", **settings}}), plain) == []


def test_a_lever_after_the_run_changes_nothing(plain):
    late = [{kind: {"from": "2025-03-01", **settings}} for kind, settings in LEVERS.items()]
    assert same(tables(*late), plain) == []
