"""What holds an exchange back is the commonest reason for which arrivals chosen by lot are not selected."""

import pytest

from sim.figures.binding import what_binds
from sim.metrics.binding import BINDS, binding_stage

MEAN = {
    "delivered_share": 0.4, "selected": 100.0, "passed_over_beds": 0.0, "passed_over_target": 0.0,
    "passed_over_parity": 0.0, "seat_use": 0.5,
}  # fmt: skip


@pytest.mark.parametrize("why", ["beds", "target", "parity"])
def test_the_commonest_reason_binds(why):
    others = {f"passed_over_{other}": 20.0 for other in ("beds", "target", "parity")}
    assert binding_stage({**MEAN, **others, f"passed_over_{why}": 30.0}) == why


def test_if_nearly_everyone_chosen_is_selected_full_seats_bind():
    assert binding_stage({**MEAN, "passed_over_beds": 1.0, "seat_use": 0.99}) == "seats"


def test_if_nearly_everyone_chosen_is_selected_and_seats_are_free_too_few_arrive():
    assert binding_stage(MEAN) == "arrivals"


def test_nothing_binds_where_the_target_is_met():
    assert binding_stage({**MEAN, "passed_over_beds": 900.0, "delivered_share": 0.95}) == "none"


@pytest.mark.parametrize("why", ["beds", "target", "parity"])
def test_an_obstacle_that_explains_what_is_missing_is_told_and_one_for_a_few_is_not(why):
    mean = {**MEAN, "returned": 4000.0, f"passed_over_{why}": 5000.0}  # 6,000 are missing
    assert what_binds(mean) == why
    few = {**mean, f"passed_over_{why}": 500.0}
    assert binding_stage(few) == why, "it is the commonest reason"
    assert what_binds(few) == "arrivals"
    assert what_binds({**few, "seat_use": 0.99}) == "seats"


def test_where_nobody_is_returned_the_commonest_reason_is_told():
    assert what_binds({**MEAN, "returned": 0.0, "delivered_share": 0.0, "passed_over_beds": 30.0}) == "beds"


def test_every_answer_is_listed():
    assert {"beds", "target", "parity", "seats", "arrivals", "none"} == set(BINDS)
