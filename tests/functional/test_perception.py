"""What people believe and what they then do: announcements, news, credibility, work."""

import numpy as np
import pytest
from worlds import count, exchange, group, run, times, toy, who, with_exchange

from sim.domain.population import Place
from sim.processes.perception import Perception
from sim.processes.world import build_world, run_tables
from sim.records.recorder import Happened

SCARED = {
    "migrants.benefit_gbp": 10_000, "migrants.taste_gbp": 10, "migrants.return_loss_gbp": 20_000,
    "beliefs.announced_weight": 1, "beliefs.credibility_at_start": 1, "beliefs.credibility_adjustment": 0,
    "beliefs.stopped_prior": 0, "beliefs.returned_prior": 0, "migrants.link_benefit": 0, "migrants.grant_benefit": 0,
    "legal_route.awareness": 0,
}  # fmt: skip
WORKERS = {
    "migrants.benefit_gbp": 5000, "migrants.work_benefit": 1, "asylum.work_elasticity": 1, "migrants.taste_gbp": 10,
    "asylum.visits_per_quarter": 2400, "asylum.reference_visits_per_quarter": 2400, "beliefs.stopped_prior": 0,
    "gangs.price_at_start_gbp": 2000, "gangs.choke_price_gbp": 2000, "gangs.pricing": "cournot",
}  # fmt: skip
HEARD_AT_ONCE = {
    "asylum.work_share": 1, "asylum.work_after_days": 0, "beliefs.work_prior": 1, "beliefs.prior_strength": 1,
    "beliefs.news_delay_days": 0, "beliefs.tie_uk": 1, "beliefs.tie_delay_days": 0, "beliefs.memory_days": 3,
}  # fmt: skip
ALL_STOPPED = {"passage.turn_back_share": 1 - 1e-9, "beliefs.memory_days": 1e9}


def came(world) -> np.ndarray:
    """Days on which people reached the coast."""
    return times(world, Happened.REACHED_COAST)


def belief(world, name: str) -> list[float]:
    return run_tables(world)["groups"][name].tolist()


def test_an_announced_risk_keeps_people_away():
    world = run({**SCARED, **with_exchange("2025-01-21", beds=0)})
    assert (came(world) <= 20).any()
    assert not (came(world) > 20).any()
    assert times(world, Happened.STAYED_AWAY).min() >= 20


def test_an_announcement_nobody_believes_keeps_nobody_away():
    world = run({**SCARED, **with_exchange("2025-01-21", beds=0), "beliefs.credibility_at_start": 0})
    assert count(world, Happened.STAYED_AWAY) == 0


def test_an_announcement_without_weight_keeps_nobody_away():
    world = run({**SCARED, **with_exchange("2025-01-21", beds=0), "beliefs.announced_weight": 0})
    assert count(world, Happened.STAYED_AWAY) == 0


def test_a_small_announced_target_keeps_nobody_away():
    world = run({**SCARED, **with_exchange("2025-01-21", beds=0, weekly_target=1)})
    assert count(world, Happened.STAYED_AWAY) == 0


def test_a_realised_risk_keeps_people_away_without_any_announcement():
    seen = {**SCARED, "beliefs.announced_weight": 0, "beliefs.prior_strength": 1}
    world = run({**seen, **with_exchange()})
    assert count(world, Happened.RETURNED) > 0
    assert count(world, Happened.STAYED_AWAY) > 0


def test_those_out_of_scope_are_not_kept_away_by_the_exchange():
    alone = {"theatre.ages.unaccompanied_minor_share": 1}
    assert count(run({**SCARED, **with_exchange(beds=0), **alone}), Happened.STAYED_AWAY) == 0


def test_the_announced_chance_is_the_target_over_the_weekly_flow():
    trusted = {"beliefs.announced_weight": 1, "beliefs.credibility_at_start": 1, "beliefs.returned_prior": 0}
    world = run({**trusted, **with_exchange("2025-01-21", beds=0, weekly_target=7)})
    landed = np.floor(times(world, Happened.ARRIVED))
    four_weeks = np.exp(-(20 - landed[landed <= 20]) / 28).sum()  # fading, as a month of arrivals is remembered
    assert belief(world, "believed_return")[19:21] == pytest.approx([0, 7 / (four_weeks / 4)])


def test_credibility_falls_week_by_week_when_nothing_is_delivered():
    world = run({"beliefs.credibility_adjustment": 0.1, "beliefs.credibility_at_start": 1, **with_exchange(beds=0)})
    weekly = [world.recorder.stocks["credibility"][day] for day in (0, 7, 14, 21)]
    assert weekly == pytest.approx([1, 0.9, 0.81, 0.729])


def test_credibility_falls_only_as_far_as_promises_are_broken():
    world = run({"beliefs.credibility_adjustment": 1, "beliefs.credibility_at_start": 1,
                 **with_exchange(weekly_target=1000, selection_share=0.2)})  # fmt: skip
    second_week = ((times(world, Happened.RETURNED) >= 7) & (times(world, Happened.RETURNED) < 14)).sum()
    landed = np.floor(times(world, Happened.ARRIVED))
    weekly = np.exp(-(14 - landed[landed < 14]) / 28).sum() / 4  # nobody can return more than arrive
    assert 0 < second_week < weekly < 1000
    assert world.recorder.stocks["credibility"][14] == pytest.approx(second_week / weekly)


def test_a_target_for_which_too_few_arrive_is_no_broken_promise():
    asked = {"beliefs.credibility_adjustment": 0.5, "beliefs.credibility_at_start": 0.2}
    reached = run({**asked, **with_exchange(weekly_target=5)})
    beyond = run({**asked, **with_exchange(weekly_target=1000, selection_share=1, over_selection=4)})
    assert beyond.recorder.stocks["credibility"][-1] > 0.5
    assert reached.recorder.stocks["credibility"][-1] > 0.5


def test_a_promise_kept_restores_credibility():
    world = run({"beliefs.credibility_adjustment": 0.5, "beliefs.credibility_at_start": 0.2,
                 **with_exchange(weekly_target=5)})  # fmt: skip
    assert world.recorder.stocks["credibility"][-1] > 0.7


def test_more_visits_lower_the_prospect_of_work_and_keep_people_away():
    lever = {"illegal_working_enforcement": {"from": "2025-01-21", "visits_per_quarter": 24_000}}
    world = run({**WORKERS, **HEARD_AT_ONCE, "levers": [lever]})
    away = times(world, Happened.STAYED_AWAY)
    assert len(away)
    assert away.min() > 21
    assert np.mean(away > 30) > np.mean(came(world) > 30)


def test_fewer_visits_keep_nobody_away():
    lever = {"illegal_working_enforcement": {"from": "2025-01-21", "visits_per_quarter": 1200}}
    assert count(run({**WORKERS, "levers": [lever]}), Happened.STAYED_AWAY) == 0


@pytest.mark.parametrize("delay", [0, 4, 10])
def test_news_of_the_first_night_is_heard_after_the_delay(delay):
    world = run({**ALL_STOPPED, "beliefs.news_delay_days": delay})
    believed = belief(world, "believed_stopped")
    first_night = int(times(world, Happened.TURNED_BACK).min())
    heard = next(day for day, share in enumerate(believed) if share != believed[0])
    assert heard == first_night + delay + 1


def test_news_of_boats_stopped_raises_the_belief_towards_what_happens():
    believed = belief(run(ALL_STOPPED), "believed_stopped")
    assert believed[0] == pytest.approx(run().rules.beliefs.stopped_prior)
    assert believed[-1] > 0.8


def test_news_of_boats_that_arrive_lowers_the_belief(calm):
    assert belief(calm, "believed_stopped")[-1] < belief(calm, "believed_stopped")[0]


def test_a_community_hears_what_happens_to_its_own():
    groups = [group("red", 0.5), group("blue", 0.5)]
    world = run({**ALL_STOPPED, "theatre.groups": groups})
    tried = np.bincount(world.people.potential.group[who(world, Happened.TRIED)])
    rows = np.array(belief(world, "believed_stopped")).reshape(40, 2)
    heard = np.bincount(
        world.people.potential.group[
            [p for p, t in zip(who(world, Happened.TRIED), times(world, Happened.TRIED), strict=True) if t < 35]
        ]
    )
    prior, strength = world.rules.beliefs.stopped_prior, world.rules.beliefs.prior_strength
    assert (tried > 0).all()
    assert rows[39] == pytest.approx((prior * strength + heard) / (strength + heard), rel=0.01)


def test_deaths_frighten_people_away():
    deadly = {
        "passage.incident_share": 1, "passage.incident_per_wave_m": 0, "passage.incident_per_crowding": 0,
        "passage.reference_distance_km": 1, "passage.deaths_per_incident": 5, "migrants.life_gbp": 1e6,
    }  # fmt: skip
    world = run(deadly)
    assert count(world, Happened.STAYED_AWAY) > 0
    assert count(run({**deadly, "migrants.life_gbp": 0}), Happened.STAYED_AWAY) == 0


def test_discouraged_people_settle_elsewhere():
    weary = {"passage.turn_back_share": 1 - 1e-9, "migrants.nerve_gbp": 1e6, "migrants.settle_gbp": -100,
             "migrants.nerve_spread": 0}  # fmt: skip
    world = run(weary)
    settled = who(world, Happened.SETTLED)
    assert settled
    assert (world.people.failures[settled] == 1).all()


def test_people_who_cannot_pay_for_a_seat_stay_away():
    assert count(run({"migrants.budget_gbp": 10}), Happened.REACHED_COAST) == 0


def test_people_who_cannot_pay_for_a_lorry_never_hide_in_one(calm):
    assert count(calm, Happened.TRIED_LORRY) == 0


def test_a_cheap_lorry_that_always_works_is_preferred():
    world = run({"migrants.lorry_gbp": 1, "migrants.lorry_success": 1, "centre.lorry_detected_share": 0})
    assert count(world, Happened.TRIED) == 0
    assert world.people.count[Place.UK_UNSEEN] > 300


def test_people_found_in_a_lorry_claim_asylum():
    world = run({"migrants.lorry_gbp": 1, "migrants.lorry_success": 1, "centre.lorry_detected_share": 1})
    assert world.people.count[Place.UK_UNSEEN] == 0
    assert (
        world.people.count[Place.ASYLUM] + world.people.count[Place.DECIDED]
        == count(world, Happened.ARRIVED_BY_LORRY)
        > 0
    )


def test_a_lorry_takes_its_days():
    world = run({"migrants.lorry_gbp": 1, "migrants.lorry_success": 1, "migrants.lorry_days": 6})
    began = dict(zip(who(world, Happened.TRIED_LORRY), times(world, Happened.TRIED_LORRY), strict=True))
    for person, day in zip(who(world, Happened.ARRIVED_BY_LORRY), times(world, Happened.ARRIVED_BY_LORRY), strict=True):
        assert day - began[person] == pytest.approx(6)


def test_nobody_arriving_by_lorry_is_selected_for_return():
    world = run({**with_exchange(), "migrants.lorry_gbp": 1, "migrants.lorry_success": 1})
    assert count(world, Happened.SELECTED) == 0


def test_an_exchange_that_is_not_believed_in_leaves_the_belief_at_what_is_heard():
    world = run({"levers": [exchange(beds=0)], "beliefs.announced_weight": 0, "beliefs.returned_prior": 0.25,
                 "beliefs.prior_strength": 1e9})  # fmt: skip
    assert belief(world, "believed_return") == pytest.approx([0.25] * 40, abs=1e-4)


def test_grants_follow_the_groups_share():
    sure = {"theatre.groups": [group("people", grant_share=1)], "asylum.decision_days": 2}
    world = run(sure)
    assert count(world, Happened.GRANTED) == world.people.count[Place.DECIDED] > 0
    assert count(world, Happened.REFUSED_ASYLUM) == 0


def test_who_was_returned_expects_it_more_than_their_community():
    world = build_world(toy(), 0)
    ids = np.array([0, 1])
    sees, communities = Perception(world), world.people.community[ids]
    before = sees.returned(ids, communities)
    world.people.returns[0] = 1
    after = sees.returned(ids, communities)
    assert after[0] > before[0]
    assert after[1] == before[1]
