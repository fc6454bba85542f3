"""Decision rules: prices, sectors; the exchange's scale-up, renewal, selection and admission."""

from dataclasses import replace
from math import exp, inf, tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviours import FAMILIES, choices, find
from sim.domain.exchange import Review
from sim.domain.market import cournot_price
from sim.domain.tactics import Outlook
from sim.scenario import load_scenario

BASE = load_scenario("base").rules
EXCHANGE = replace(
    BASE.exchange, weekly_target=50, review_weeks=8, scale_factor=2, delivery_needed=0.7, delivery_to_hold=0.3,
    cut_factor=0.5, target_at_most=150, steps={2: 100, 6: 300}, review_flow=False, flow_fall_needed=0.1,
    renewal_weeks=26, renewal_delivery_needed=0.6, selection_share=0.4, target_groups=["red"],
)  # fmt: skip
GANGS = replace(BASE.gangs, choke_price_gbp=10_000, price_adjustment=0.1, queue_response=0.5)


def review(target=50.0, week=8, delivered=50.0, held=True, flow=float("nan")) -> Review:
    return Review(week == 0, target, week, delivered, held, flow)


def proof(rules=EXCHANGE, **known: float) -> float:
    return find("scale_up", "proof_of_concept")(rules, review(**known))


def flow_proof(flow: float, fall_needed=0.1, **known: float) -> float:
    return proof(replace(EXCHANGE, review_flow=True, flow_fall_needed=fall_needed), flow=flow, **known)


def adaptive(price: float, cost=1000.0, queue_ratio=1.0, firms=4, rules=GANGS) -> float:
    return find("pricing", "adaptive")(rules, price, cost, firms, queue_ratio)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_rule_of_a_family_is_found_by_its_name(family):
    assert choices(family)
    assert all(callable(find(family, name)) for name in choices(family))


def test_an_unknown_rule_is_an_error_that_lists_the_known():
    with pytest.raises(ValueError, match="pricing has no rule 'bazaar'; it has adaptive, cost_plus, cournot"):
        find("pricing", "bazaar")


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


def settled(days=400, price=3000.0, rules=GANGS, **market) -> float:
    """The price that an adaptive gang comes to when nothing else moves."""
    for _ in range(days):
        price = adaptive(price, rules=rules, **market)
    return price


@pytest.mark.parametrize("firms", [1, 2, 5, 10])
@pytest.mark.parametrize("start", [1000.0, 60_000.0])
def test_an_adaptive_price_arrives_at_the_cournot_price(firms, start):
    assert settled(price=start, firms=firms) == pytest.approx(cournot_price(10_000, 1000, firms))


@pytest.mark.parametrize(("firms", "passed_on"), [(1, 1 / 2), (2, 2 / 3), (5, 5 / 6), (10, 10 / 11)])
def test_an_adaptive_price_passes_costs_on_as_cournot_predicts(firms, passed_on):
    assert settled(cost=1300.0, firms=firms) - settled(cost=1000.0, firms=firms) == pytest.approx(300 * passed_on)


@given(queue_ratio=st.floats(0, 1e6), response=st.floats(0, 1), firms=st.integers(1, 40))
def test_a_lasting_queue_shifts_the_price_within_known_bounds(queue_ratio, response, firms):
    rules = replace(GANGS, queue_response=response)
    anchor = cournot_price(10_000, 1000, firms)
    expected = max(anchor * exp(response * tanh(queue_ratio - 1)), 1000.0)
    assert settled(queue_ratio=queue_ratio, rules=rules, firms=firms) == pytest.approx(expected)


@given(price=st.floats(1, 1e5), cost=st.floats(1, 1e5), queue_ratio=st.floats(0, 100), firms=st.integers(1, 40))
def test_no_rule_that_watches_the_market_prices_below_marginal_cost(price, cost, queue_ratio, firms):
    for rule in ("adaptive", "cournot"):
        assert find("pricing", rule)(GANGS, price, cost, firms, queue_ratio) >= cost


@pytest.mark.parametrize(("price", "firms", "queue_ratio"), [(1.0, 1, 0.0), (9000.0, 20, 7.0)])
def test_a_cost_plus_gang_looks_at_nothing_but_its_cost(price, firms, queue_ratio):
    rules = replace(GANGS, markup=0.5)
    assert find("pricing", "cost_plus")(rules, price, np.array([1000.0, 2000.0]), firms, queue_ratio).tolist() == [
        1500,
        3000,
    ]


def test_no_price_falls_below_marginal_cost():
    assert adaptive(1.0, cost=1000.0) == 1000
    assert find("pricing", "cournot")(GANGS, 1.0, 20_000.0, 4, 0.0) == 20_000


def shares(rule: str, profit=0, transport=0, distance_km=0, rivals=0, **changes) -> list[float]:
    """A rule's shares over places; a single number stands for the same everywhere."""
    columns = [np.array(column, dtype=float) for column in (profit, transport, distance_km, rivals)]
    return find("sector_choice", rule)(replace(GANGS, **changes), Outlook(*np.broadcast_arrays(*columns))).tolist()


def follow(profit, rivals, **changes) -> list[float]:
    """Shares of a gang that imitates, with one voice for its own experience."""
    return shares("imitation", profit, rivals=rivals, **{"imitation_voices": 1, **changes})


@pytest.mark.parametrize("rule", choices("sector_choice"))
@given(
    places=st.lists(st.tuples(*[st.floats(-1e6, 1e6), *[st.floats(0, 1e4)] * 3]), min_size=1, max_size=6),
    out_of_reach=st.sets(st.integers(1, 5)),
)
def test_shares_add_up_to_one_and_leave_out_what_cannot_be_reached(rule, places, out_of_reach):
    profit, transport, km, rivals = np.array(places).T
    cut_off = [place in out_of_reach for place in range(len(places))]
    split = np.array(shares(rule, profit, np.where(cut_off, inf, transport), km, rivals))
    assert split.sum() == pytest.approx(1)
    assert (split >= 0).all()
    assert (split[cut_off] == 0).all()


def test_gangs_lean_to_what_paid_less_the_way_there():
    assert shares("softmax", profit=(1000, 0), transport=(1000, 0)) == [0.5, 0.5]
    assert shares("softmax", profit=(1000, 0))[0] > 0.5


def test_a_cooler_gang_follows_the_best_more_closely():
    loose, close = (shares("softmax", profit=(1000, 0), choice_temperature_gbp=gbp)[0] for gbp in (1000, 250))
    assert loose == pytest.approx(1 / (1 + exp(-1)))
    assert close == pytest.approx(1 / (1 + exp(-4)))


def test_a_lone_gang_that_imitates_follows_its_own_profits():
    assert follow(profit=(0, 500), rivals=(0, 0)) == [0, 1]


def test_one_launch_elsewhere_makes_a_gang_of_one_voice_toss_a_coin():
    assert follow(profit=(0, 500), rivals=(1, 0)) == [0.5, 0.5]


def test_two_launches_ahead_outweigh_what_a_gang_has_seen_itself():
    assert follow(profit=(0, 500), rivals=(2, 0)) == follow(profit=(0, 500), rivals=(9, 7)) == [1, 0]


def test_with_more_voices_a_gang_trusts_itself_longer():
    assert follow(profit=(0, 500), rivals=(2, 0), imitation_voices=3) == [0, 1]


def test_launches_that_cancel_leave_the_gang_to_its_own_experience():
    assert follow(profit=(0, 500), rivals=(4, 4)) == [0, 1]


def test_a_gang_that_imitates_counts_the_way_in_its_own_experience():
    assert shares("imitation", profit=(0, 500), transport=(0, 600)) == [1, 0]


def test_a_gang_that_knows_no_place_better_splits_its_voice():
    assert follow(profit=(0, 0, -1), rivals=(0, 0, 0)) == [0.5, 0.5, 0]
    assert follow(profit=(0, 0, -1), rivals=(0, 0, 0.6)) == [0, 0, 1]


def test_a_crowd_on_a_beach_out_of_reach_is_not_followed():
    assert shares("imitation", rivals=(0, 100), transport=(0, inf)) == [1, 0]


def test_gravity_has_the_known_shares_of_routes():
    known = shares("gravity", distance_km=(834, 1368, 536), gravity_km=10)
    assert np.round(known, 5).tolist() == [0.31663, 0.19393, 0.48944]


def test_gravity_looks_at_distance_alone():
    far_pays = {"profit": (0, 1e6), "rivals": (0, 50), "transport": (0, 1e5)}
    assert shares("gravity", distance_km=(10, 30), gravity_km=10, **far_pays) == pytest.approx([2 / 3, 1 / 3])
