"""What communities hear, from the UK, the beaches and gangs' adverts, and what individuals make of it."""

import numpy as np
import pytest
from test_perception import HEARD_AT_ONCE, WORKERS, belief
from worlds import count, run, toy, with_exchange

from sim.domain.population import Place
from sim.processes.perception import Perception
from sim.processes.world import build_world
from sim.records.recorder import Happened


def test_more_visits_that_nobody_hears_of_keep_nobody_away():
    lever = {"illegal_working_enforcement": {"from": "2025-01-21", "visits_per_quarter": 24_000}}
    deaf = {**WORKERS, **HEARD_AT_ONCE, "beliefs.tie_uk": 0}
    assert count(run({**deaf, "levers": [lever]}), Happened.STAYED_AWAY) == 0


def test_the_prospect_of_work_that_is_heard_of_is_that_of_those_who_look_for_it():
    world = run(
        {**HEARD_AT_ONCE, "asylum.finds_work_share": 0.5, "beliefs.memory_days": 1e9, "asylum.decision_days": 9e3}
    )
    assert belief(world, "believed_work")[-1] == pytest.approx(0.5, abs=0.1)


def test_the_chance_of_status_that_is_heard_of_is_that_of_decisions_made():
    lever = {"asylum_grants": {"from": "2025-01-01", "grant_ratio": 0.4}}
    world = run({**HEARD_AT_ONCE, "beliefs.memory_days": 1e9, "asylum.decision_days": 5, "levers": [lever]})
    granted, refused = count(world, Happened.GRANTED), count(world, Happened.REFUSED_ASYLUM)
    assert belief(world, "believed_granted")[0] == pytest.approx(0.5)
    assert granted / (granted + refused) == pytest.approx(0.2, abs=0.1)
    assert belief(world, "believed_granted")[-1] == pytest.approx(granted / (granted + refused), abs=0.03)


def test_groups_may_be_granted_by_shares_of_their_own():
    lever = {"asylum_grants": {"from": "2025-01-01", "grant_shares": {"people": 0.0}}}
    world = run({"asylum.decision_days": 5, "levers": [lever]})
    assert count(world, Happened.REFUSED_ASYLUM) > 0
    assert count(world, Happened.GRANTED) == 0


def test_a_worse_chance_of_status_keeps_people_away_who_hear_of_it():
    poor = {
        **WORKERS,
        **HEARD_AT_ONCE,
        "migrants.grant_benefit": 2,
        "migrants.work_benefit": 0,
        "asylum.decision_days": 3,
    }
    lever = {"asylum_grants": {"from": "2025-01-01", "grant_ratio": 0}}
    refused, usual = (count(run({**poor, "levers": levers}), Happened.STAYED_AWAY) for levers in ([lever], []))
    assert refused > usual


def test_returns_that_are_shown_are_believed_in_more():
    seen = {**with_exchange(weekly_target=7), "beliefs.announced_weight": 0, "beliefs.news_delay_days": 0}
    quiet, shown = (belief(run({**seen, "beliefs.return_publicity": n}), "believed_return")[-1] for n in (1, 5))
    assert shown > 2 * quiet


@pytest.mark.parametrize(("rule", "expected"), [("realised", 0.0), ("announced", 0.5), ("mixed", 0.15)])
def test_the_assumption_on_announced_risk_decides_what_is_expected(rule, expected):
    trusted = {"beliefs.announced_weight": 0.3, "beliefs.credibility_at_start": 0.5, "beliefs.returned_prior": 0,
               "beliefs.credibility_adjustment": 0}  # fmt: skip
    world = run({**trusted, **with_exchange("2025-01-21", beds=0), "beliefs.expectation": rule})
    assert belief(world, "believed_return")[20] == pytest.approx(expected)


def test_who_has_seen_others_die_dreads_the_sea_more():
    world = build_world(toy({"migrants.life_gbp": 1e5, "migrants.risk_spread": 0}), 0)
    ids = np.array([0, 1])
    world.people.attempts[ids] = 1
    world.people.seen_deaths[0] = 1
    seen, unseen = Perception(world).dread(ids, world.people.community[ids])
    assert seen > unseen > 0


def test_whose_application_lapsed_expects_less_of_the_next():
    world = build_world(toy({**with_exchange(), "beliefs.admitted_prior": 0.5}), 0)
    world.env.run(until=1)
    ids = np.array([0, 1])
    world.people.attempts[ids] = 0
    world.people.lapsed[0] = 1
    lapsed, fresh = Perception(world).legal(ids, world.people.community[ids], np.full(2, 1000.0))
    assert 0 < lapsed < fresh


def test_a_promise_of_work_draws_people_and_taking_it_down_does_not():
    poor = {
        **WORKERS,
        "migrants.benefit_gbp": 2000,
        "migrants.taste_gbp": 1000,
        "gangs.advertising_lift": 1,
        "gangs.advertising_scale_gbp": 1,
    }
    loud, quiet, cleared = (
        count(run({**poor, **posts}), Happened.REACHED_COAST)
        for posts in (
            {"gangs.advertising_share": 0.05},
            {},
            {"gangs.advertising_share": 0.05, "gangs.advertising_takedown": 1},
        )
    )
    assert loud > cleared >= quiet - 1


def test_what_gangs_spend_on_adverts_is_paid_from_their_cash():
    spent, kept = (
        sum(
            run({"gangs.advertising_share": share, "gangs.advertising_lift": 0}).accounts.balance[f"gang {n}"]
            for n in (0, 1)
        )
        for share in (0.1, 0.0)
    )
    assert spent < kept


def test_the_journey_is_worth_its_best_way_to_those_afar():
    no_boats = {"gangs.price_at_start_gbp": 1e7, "gangs.choke_price_gbp": 1e7, "gangs.pricing": "cournot"}
    by_lorry = {"migrants.lorry_gbp": 1, "migrants.lorry_success": 1}
    assert count(run({**no_boats, **by_lorry}), Happened.STAYED_AWAY) == 0
    assert count(run({**no_boats, **by_lorry, "migrants.lorry_gbp": 1e9}), Happened.REACHED_COAST) == 0


def test_some_go_home_when_that_is_worth_more():
    world = run({"migrants.home_gbp": 1e6})
    assert count(world, Happened.LEFT_FOR_HOME) == world.people.count[Place.HOME] > 0


def test_people_who_die_in_lorries_are_counted_apart():
    world = run({"migrants.lorry_gbp": 1, "migrants.lorry_success": 1, "migrants.lorry_death_share": 0.5})
    assert count(world, Happened.DIED_IN_LORRY) == world.people.count[Place.DEAD] > 0
    assert count(world, Happened.DIED) == 0
