"""'One in': who knows of the legal route, and who of them may apply."""

import pytest
from worlds import APPLICANTS, NO_RETURNS, count, evenings, exchange, group, run, times, who, with_exchange

from sim.processes.world import World
from sim.records.recorder import Happened

PREFERRED = {"beliefs.admitted_prior": 1, "beliefs.prior_strength": 1e9, "legal_route.awareness": 1}


# Who knows of it


def test_nobody_applies_before_the_exchange_opens():
    world = run({**APPLICANTS, **with_exchange("2025-01-11", beds=0)})
    assert times(world, Happened.APPLIED).min() >= 10


def test_awareness_begins_at_its_floor_when_the_exchange_opens_and_spreads_by_word_of_mouth():
    told = {"legal_route.awareness": 0.2, "legal_route.awareness_per_day": 0.5}
    aware = evenings(run({**with_exchange("2025-01-11", beds=0), **told}), "aware")
    assert aware[:11] == [0] * 10 + [0.2]
    assert aware[11:] == pytest.approx([min(share + 0.5 * share * (1 - share), 1) for share in aware[10:-1]])
    assert aware[39] > 0.99


def test_awareness_that_nobody_tells_stays_at_its_floor():
    told = {"legal_route.awareness": 0.2, "legal_route.awareness_per_day": 0}
    assert evenings(run({**with_exchange(beds=0), **told}), "aware") == [0.2] * 40


def test_a_campaign_raises_awareness_which_is_not_forgotten_afterwards():
    campaign = {"awareness": {"from": "2025-01-16", "until": "2025-01-21", "awareness": 0.8}}
    changes = with_exchange(beds=0)
    world = run({**changes, "levers": [*changes["levers"], campaign], "legal_route.awareness": 0.2})
    assert evenings(world, "aware") == [0.2] * 15 + [0.8] * 25


def test_nobody_learns_of_a_route_that_is_closed():
    told = {"legal_route.awareness": 0.2, "legal_route.awareness_per_day": 0.5}
    aware = evenings(run({**with_exchange(until="2025-01-11", beds=0), **told}), "aware")
    assert len(set(aware[9:])) == 1


@pytest.mark.parametrize("kind", [NO_RETURNS, {**with_exchange(beds=0), **PREFERRED}], ids=["elsewhere", "coast"])
def test_only_those_who_know_of_the_route_apply(kind):
    few, many = (set(who(run({**kind, "legal_route.awareness": share}), Happened.APPLIED)) for share in (0.3, 0.7))
    everyone = set(who(run({**kind, "legal_route.awareness": 1}), Happened.APPLIED))
    assert set() < few < many < everyone
    assert len(few) < 0.5 * len(everyone)


def test_people_who_do_not_know_the_route_do_not_apply():
    for kind in (NO_RETURNS, {**with_exchange(beds=0), **PREFERRED}):
        assert count(run({**kind, "legal_route.awareness": 0}), Happened.APPLIED) == 0


# Who may apply


def test_people_at_the_coast_who_trust_the_route_apply():
    world = run({**with_exchange(beds=0), **PREFERRED})
    assert count(world, Happened.APPLIED) > 300
    assert count(world, Happened.TRIED) == 0


def papers(rule: str, passports: float, documents: float) -> World:
    rules = {"legal_route.documents_rule": rule, "legal_route.passport_share": passports}
    holders = {"theatre.groups": [group("people", documents_share=documents)]}
    return run({**with_exchange(beds=0), **PREFERRED, **rules, **holders})


@pytest.mark.parametrize("rule", ["passport_only", "passport_or_identity_card"])
def test_people_without_documents_do_not_apply(rule):
    assert count(papers(rule, 1, 0), Happened.APPLIED) == 0


def test_where_no_papers_are_asked_for_everyone_may_apply():
    assert count(papers("none", 0, 0), Happened.APPLIED) == count(papers("none", 1, 1), Happened.APPLIED) > 300


def test_where_only_passports_count_holders_of_identity_cards_do_not_apply():
    assert count(papers("passport_only", 0, 1), Happened.APPLIED) == 0
    assert set(who(papers("passport_only", 1, 0.6), Happened.APPLIED)) == set(
        who(papers("passport_or_identity_card", 1, 0.6), Happened.APPLIED)
    )
    some = set(who(papers("passport_only", 0.5, 0.6), Happened.APPLIED))
    assert set() < some < set(who(papers("passport_or_identity_card", 0.5, 0.6), Happened.APPLIED))


def test_applicants_from_elsewhere_need_the_papers_as_well():
    passports = {"legal_route.documents_rule": "passport_only", "legal_route.passport_share": 0.5}
    some, everyone = (set(who(run({**NO_RETURNS, **rule}), Happened.APPLIED)) for rule in (passports, {}))
    assert set() < some < everyone


def test_a_change_of_the_documents_rule_counts_from_its_date():
    lever = {"documents_rule": {"from": "2025-01-21", "documents_rule": "none"}}
    nobody = {"theatre.groups": [group("people", documents_share=0)]}
    world = run({**with_exchange(beds=0), **PREFERRED, **nobody, "levers": [exchange(beds=0), lever]})
    assert times(world, Happened.APPLIED).min() >= 20


def test_an_attempt_closes_the_legal_route():
    stopped = {"passage.turn_back_share": 1 - 1e-9, "coast.rest_days": 1}
    world = run({**with_exchange("2025-01-16", beds=0), **PREFERRED, **stopped})
    tried = set(who(world, Happened.TRIED))
    assert tried
    assert not tried & set(who(world, Happened.APPLIED))
    assert count(world, Happened.APPLIED) > 0
