"""Decision rules: patrols, prices, sectors, and the exchange's scale-up."""

from dataclasses import replace

import numpy as np
import pytest

from sim.behaviours import FAMILIES, choices, find
from sim.domain.market import cournot_price
from sim.scenario import load_scenario

BASE = load_scenario("base").rules
EXCHANGE = replace(
    BASE.exchange, weekly_target=50, review_weeks=8, scale_factor=2, delivery_needed=0.7, delivery_to_hold=0.3,
    cut_factor=0.5, target_at_most=150, steps={2: 100, 6: 300},
)  # fmt: skip
GANGS = replace(BASE.gangs, choke_price_gbp=10_000, price_adjustment=0.1, queue_response=0.5)
PLAN = np.array([1.0, 3.0])


def proof(target=50.0, week=8, delivered=50.0, held=True) -> float:
    return find("scale_up", "proof_of_concept")(EXCHANGE, target, week, delivered, held)


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
    assert [find("scale_up", "fixed")(EXCHANGE, 999, week, 0, False) for week in (0, 8, 30)] == [50, 50, 50]


def test_dated_steps_come_on_their_weeks():
    decide = find("scale_up", "dated_steps")
    assert [decide(EXCHANGE, 0, week, 0, False) for week in (0, 1, 2, 5, 6, 40)] == [50, 50, 100, 100, 300, 300]


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
