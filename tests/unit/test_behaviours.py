"""Decision rules: patrols, prices, sectors; the exchange's scale-up, renewal, selection and admission."""

from dataclasses import replace

import numpy as np
import pytest

from sim.behaviours import FAMILIES, choices, find
from sim.domain.exchange import Review
from sim.domain.market import cournot_price
from sim.scenario import load_scenario

BASE = load_scenario("base").rules
EXCHANGE = replace(
    BASE.exchange, weekly_target=50, review_weeks=8, scale_factor=2, delivery_needed=0.7, delivery_to_hold=0.3,
    cut_factor=0.5, target_at_most=150, steps={2: 100, 6: 300}, review_flow=False, flow_fall_needed=0.1,
    renewal_weeks=26, renewal_delivery_needed=0.6, selection_share=0.4, target_groups=["red"],
)  # fmt: skip
GANGS = replace(BASE.gangs, choke_price_gbp=10_000, price_adjustment=0.1, queue_response=0.5)
PLAN = np.array([1.0, 3.0])


def review(target=50.0, week=8, delivered=50.0, held=True, flow=float("nan")) -> Review:
    return Review(week == 0, target, week, delivered, held, flow)


def proof(rules=EXCHANGE, **known: float) -> float:
    return find("scale_up", "proof_of_concept")(rules, review(**known))


def flow_proof(flow: float, fall_needed=0.1, **known: float) -> float:
    return proof(replace(EXCHANGE, review_flow=True, flow_fall_needed=fall_needed), flow=flow, **known)


def adaptive(price: float, cost=1000.0, queue_ratio=1.0, firms=4, rules=GANGS) -> float:
    return find("pricing", "adaptive")(rules, price, cost, firms, queue_ratio)


def proportional(launches, weight=0.25):
    rules = replace(BASE.patrols, allocation_fixed_weight=weight)
    return find("allocation", "proportional")(rules, PLAN, np.array(launches, dtype=float)).tolist()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_of_a_family_is_found_by_its_name(family):
    assert choices(family)
    assert all(callable(find(family, name)) for name in choices(family))


def test_an_unknown_rule_is_an_error_that_lists_the_known():
    with pytest.raises(ValueError, match="pricing has no rule 'bazaar'; it has adaptive, cournot"):
        find("pricing", "bazaar")


def test_fixed_patrols_follow_the_plan():
    assert find("allocation", "fixed")(BASE.patrols, PLAN, np.array([9.0, 0.0])).tolist() == [0.25, 0.75]


def test_proportional_patrols_follow_recent_launches():
    assert proportional([3, 1], weight=0.0) == [0.75, 0.25]


def test_proportional_patrols_leave_no_beach_bare():
    assert proportional([4, 0]) == [0.25 * 0.25 + 0.75, 0.25 * 0.75]


def test_with_no_launches_to_go_by_patrols_keep_the_plan():
    assert proportional([0, 0]) == [0.25, 0.75]


def test_a_fixed_target_stays_what_was_announced():
    decide = find("scale_up", "fixed")
    assert [decide(EXCHANGE, review(999, week, 0, False)) for week in (0, 8, 30)] == [50, 50, 50]


def test_dated_steps_come_on_their_weeks():
    decide = find("scale_up", "dated_steps")
    targets = [decide(EXCHANGE, review(0, week, 0, False)) for week in (0, 1, 2, 5, 6, 40)]
    assert targets == [50, 50, 100, 100, 300, 300]


def test_a_proof_of_concept_starts_at_the_weekly_target():
    assert proof(target=0, week=0, delivered=0) == 50


def test_a_proof_of_concept_waits_for_the_review():
    assert proof(week=7) == 50


def test_delivery_doubles_the_target_at_the_review():
    assert proof(delivered=35) == 100


def test_half_a_delivery_holds_the_target():
    assert proof(delivered=34.9) == proof(delivered=15) == 50


def test_a_broken_promise_halves_the_target():
    assert proof(delivered=14.9) == 25


def test_without_parity_the_target_is_held():
    assert proof(delivered=50, held=False) == proof(delivered=0, held=False) == 50


def test_growth_ends_at_the_most():
    assert proof(target=100, delivered=100) == 150


def test_a_proof_of_concept_never_starts_above_the_most():
    assert proof(replace(EXCHANGE, target_at_most=30), week=0, target=0) == 30


def test_a_review_that_looks_at_the_flow_grows_only_if_arrivals_fell_enough():
    assert [flow_proof(flow) for flow in (-0.5, -0.1, -0.09, 0.0, 0.4)] == [100, 100, 50, 50, 50]


def test_a_flow_that_is_not_known_is_no_fall():
    assert flow_proof(float("nan")) == 50


def test_where_no_fall_is_needed_arrivals_must_not_rise():
    assert [flow_proof(flow, fall_needed=0) for flow in (0.0, 0.01)] == [100, 50]


def test_a_fall_of_arrivals_does_not_replace_delivery():
    assert flow_proof(-0.9, delivered=20) == 50
    assert flow_proof(-0.9, delivered=14) == 25


def test_a_review_that_does_not_look_at_the_flow_grows_however_many_arrive():
    assert proof(flow=3.0) == proof(flow=float("nan")) == 100


def renew(rule: str, **known: float) -> int:
    return find("renewal", rule)(EXCHANGE, review(**known))


def test_an_exchange_is_renewed_always_or_never():
    assert renew("always", delivered=0, held=False) == 26
    assert renew("never") == 0


def test_an_exchange_is_renewed_if_enough_of_the_target_was_delivered():
    assert [renew("if_delivered", delivered=people) for people in (50, 30, 29.9, 0)] == [26, 26, 0, 0]


def test_an_exchange_out_of_balance_is_not_renewed_however_much_it_delivered():
    assert renew("if_delivered", delivered=500, held=False) == 0


def test_by_lot_everyone_has_the_same_chance_of_selection():
    decide = find("selection", "random")
    assert decide(EXCHANGE, "red") == decide(EXCHANGE, "blue") == 0.4


def test_targeted_selection_knows_only_the_groups_aimed_at():
    decide = find("selection", "targeted")
    assert (decide(EXCHANGE, "red"), decide(EXCHANGE, "blue")) == (0.4, 0)


def test_a_ballot_orders_by_lot_and_a_queue_by_the_day_of_application():
    since, lot = np.array([3.0, 1.0]), np.array([0.2, 0.7])
    assert find("admission", "ballot")(since, lot).tolist() == [0.2, 0.7]
    assert find("admission", "queue")(since, lot).tolist() == [3.0, 1.0]


def test_a_cournot_gang_asks_the_cournot_price():
    assert find("pricing", "cournot")(GANGS, 1.0, 1000.0, 4, 9.0) == cournot_price(10_000, 1000, 4)


def test_an_adaptive_price_rests_at_the_cournot_price():
    anchor = cournot_price(10_000, 1000, 4)
    assert adaptive(anchor) == pytest.approx(anchor)


def test_an_adaptive_price_moves_towards_the_cournot_price():
    anchor = cournot_price(10_000, 1000, 4)
    assert 2 * anchor > adaptive(2 * anchor) > anchor
    assert anchor / 2 < adaptive(anchor / 2) < anchor


def test_a_queue_raises_the_price_and_empty_seats_lower_it():
    anchor = cournot_price(10_000, 1000, 4)
    assert adaptive(anchor, queue_ratio=0.0) < anchor < adaptive(anchor, queue_ratio=3.0)


def test_no_price_falls_below_marginal_cost():
    assert adaptive(1.0, cost=1000.0) == 1000
    assert find("pricing", "cournot")(GANGS, 1.0, 20_000.0, 4, 0.0) == 20_000


def test_gangs_lean_to_what_paid_less_the_way_there():
    decide = find("sector_choice", "softmax")
    assert decide(np.array([1000.0, 0.0]), np.array([1000.0, 0.0]), 500.0).tolist() == [0.5, 0.5]
    assert decide(np.array([1000.0, 0.0]), np.zeros(2), 500.0)[0] > 0.5


def test_a_beach_out_of_reach_is_not_chosen():
    shares = find("sector_choice", "softmax")(np.zeros(2), np.array([0.0, 1e9]), 500.0)
    assert shares.tolist() == [1.0, 0.0]
