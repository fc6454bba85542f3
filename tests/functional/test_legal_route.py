"""'One in': who may apply, who is chosen, what admission takes."""

import numpy as np
import pytest
from worlds import count, exchange, group, run, times, who, with_exchange

from sim.domain.population import Place
from sim.records.recorder import Happened

APPLICANTS = {
    "legal_route.other_applicants_per_week": 70, "legal_route.float_places": 5, "legal_route.checks_days": 3,
    "legal_route.checks_spread": 0, "legal_route.pass_share": 1,
    "theatre.groups": [group("people", uk_links_share=0.15)],
}  # fmt: skip
NO_RETURNS = {**with_exchange(beds=0), **APPLICANTS}
PREFERRED = {"beliefs.admitted_prior": 1, "beliefs.prior_strength": 1e9, "legal_route.awareness": 1}


def chosen_on(world) -> dict[float, int]:
    """People chosen, by the day of the draw."""
    days, people = np.unique(times(world, Happened.CHOSEN), return_counts=True)
    return dict(zip(days.tolist(), people.tolist(), strict=True))


def test_nobody_applies_before_the_exchange_opens():
    world = run({**APPLICANTS, **with_exchange("2025-01-11", beds=0)})
    assert times(world, Happened.APPLIED).min() >= 10


def test_without_returns_only_the_float_is_admitted():
    world = run(NO_RETURNS)
    assert count(world, Happened.ADMITTED) == 5


def test_places_are_drawn_at_each_window():
    assert chosen_on(run(NO_RETURNS)) == {7: 5}
    assert chosen_on(run({**NO_RETURNS, "legal_route.window_every_days": 4})) == {4: 5}


def test_every_return_opens_a_place():
    world = run({**with_exchange(weekly_target=3, over_selection=1), **APPLICANTS, "legal_route.float_places": 0})
    returned = times(world, Happened.RETURNED)
    for day, so_far in zip(chosen_on(world), np.cumsum(list(chosen_on(world).values())), strict=True):
        assert so_far == (returned < day).sum()


def test_checks_take_their_days():
    world = run(NO_RETURNS)
    assert times(world, Happened.ADMITTED).tolist() == [10.0] * 5


def test_a_place_of_someone_who_fails_the_checks_is_drawn_again():
    world = run({**NO_RETURNS, "legal_route.pass_share": 0})
    assert count(world, Happened.ADMITTED) == 0
    assert chosen_on(world) == {7: 5, 14: 5, 21: 5, 28: 5, 35: 5}


def test_people_with_uk_links_are_chosen_first():
    world = run({**NO_RETURNS, "legal_route.links_first": True})
    assert world.people.attributes.links[who(world, Happened.CHOSEN)].all()


def test_without_that_rule_links_do_not_decide():
    world = run({**NO_RETURNS, "legal_route.links_first": False})
    assert not world.people.attributes.links[who(world, Happened.CHOSEN)].all()


def test_people_without_links_are_chosen_once_those_with_links_are_served():
    world = run({**NO_RETURNS, "legal_route.float_places": 60})
    links = world.people.attributes.links[who(world, Happened.CHOSEN)]
    assert links[: links.sum()].all() or not links.all()
    assert not links.all()


def test_an_application_lapses_when_patience_ends():
    world = run({**NO_RETURNS, "legal_route.patience_days": 3})
    applied = dict(zip(who(world, Happened.APPLIED), times(world, Happened.APPLIED), strict=True))
    waited = [
        day - applied[person]
        for person, day in zip(who(world, Happened.LAPSED), times(world, Happened.LAPSED), strict=True)
    ]
    assert waited == [3] * len(waited) != []
    assert (world.people.place_view[who(world, Happened.LAPSED)] == Place.SETTLED).all()


def test_applications_lapse_when_the_exchange_ends():
    world = run({**APPLICANTS, **with_exchange(until="2025-01-21", beds=0)})
    assert world.people.count[Place.APPLICANT] == 0
    assert times(world, Happened.LAPSED).max() == 20


def test_admissions_under_way_are_finished_after_the_end():
    world = run({**APPLICANTS, **with_exchange(until="2025-01-09", beds=0)})
    assert times(world, Happened.ADMITTED).tolist() == [10.0] * 5


def test_people_at_the_coast_who_trust_the_route_apply():
    world = run({**with_exchange(beds=0), **PREFERRED})
    assert count(world, Happened.APPLIED) > 300
    assert count(world, Happened.TRIED) == 0


def test_people_who_do_not_know_the_route_do_not_apply():
    assert count(run({**with_exchange(beds=0), **PREFERRED, "legal_route.awareness": 0}), Happened.APPLIED) == 0


def test_people_without_documents_do_not_apply():
    papers = {"theatre.groups": [group("people", documents_share=0)]}
    assert count(run({**with_exchange(beds=0), **PREFERRED, **papers}), Happened.APPLIED) == 0


def test_an_attempt_closes_the_legal_route():
    stopped = {"passage.turn_back_share": 1 - 1e-9, "coast.rest_days": 1}
    world = run({**with_exchange("2025-01-16", beds=0), **PREFERRED, **stopped})
    tried = set(who(world, Happened.TRIED))
    assert tried
    assert not tried & set(who(world, Happened.APPLIED))
    assert count(world, Happened.APPLIED) > 0


def test_admissions_pause_when_they_run_ahead_of_returns_beyond_the_tolerance():
    world = run({**NO_RETURNS, "legal_route.float_places": 60, "legal_route.parity_tolerance": 10})
    admitted = np.sort(times(world, Happened.ADMITTED))
    assert times(world, Happened.CHOSEN).max() <= admitted[10]


def test_a_lower_float_later_closes_places_and_breaks_nothing():
    lower = {"legal_route": {"from": "2025-01-21", "float_places": 0}}
    world = run({**APPLICANTS, "levers": [exchange(beds=0), lower]})
    assert chosen_on(world) == {7: 5}


def test_a_higher_float_later_opens_places():
    higher = {"legal_route": {"from": "2025-01-21", "float_places": 9}}
    world = run({**APPLICANTS, "levers": [exchange(beds=0), higher]})
    assert chosen_on(world) == {7: 5, 21: 4}


@pytest.mark.parametrize("target", [0, 50])
def test_with_a_target_of_zero_no_place_is_drawn(target):
    world = run({**with_exchange(weekly_target=target, beds=0), **APPLICANTS})
    assert (count(world, Happened.CHOSEN) == 0) == (target == 0)
