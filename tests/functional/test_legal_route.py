"""'One in': when an interest in the legal route counts, who is chosen, and how many."""

import numpy as np
import pytest
from worlds import (
    APPLICANTS,
    NO_RETURNS,
    by_person,
    chosen_on,
    count,
    evenings,
    exchange,
    group,
    on_day,
    run,
    times,
    who,
    with_exchange,
)

from sim.domain.population import Place
from sim.processes.world import World
from sim.records.recorder import Happened

PREFERRED = {"beliefs.admitted_prior": 1, "beliefs.prior_strength": 1e9, "legal_route.awareness": 1}
PLENTY = {"legal_route.float_places": 10_000, "legal_route.parity_tolerance": 100_000}


def first_draw(world: World) -> tuple[list[int], list[int]]:
    """Who was chosen in the first draw, in order, and who had applied before it and was not."""
    day = times(world, Happened.CHOSEN).min()
    chosen = [person for person, when in by_person(world, Happened.CHOSEN).items() if when == day]
    applied = by_person(world, Happened.APPLIED)
    return chosen, [person for person, when in applied.items() if when < day and person not in chosen]


# When an interest counts


def test_places_are_drawn_at_each_window():
    assert chosen_on(run(NO_RETURNS)) == {7: 5}
    assert chosen_on(run({**NO_RETURNS, "legal_route.window_every_days": 4})) == {4: 5}


def test_windows_are_counted_from_the_opening():
    world = run({**APPLICANTS, **with_exchange("2025-01-04", beds=0)})
    assert chosen_on(world) == {10: 5}


def test_every_interest_expressed_before_a_draw_counts_while_the_window_is_open():
    world = run({**NO_RETURNS, **PLENTY, "legal_route.window_every_days": 10, "legal_route.window_open_days": 10})
    applied, chosen = by_person(world, Happened.APPLIED), by_person(world, Happened.CHOSEN)
    assert set(applied) - set(chosen) == {person for person, day in applied.items() if day >= 30}
    assert {person: 10 * (day // 10 + 1) for person, day in applied.items() if day < 30} == chosen


def test_an_interest_expressed_while_the_window_is_closed_waits_for_the_next():
    world = run({**NO_RETURNS, **PLENTY, "legal_route.window_every_days": 10, "legal_route.window_open_days": 3})
    applied = by_person(world, Happened.APPLIED)
    counted = {p: day if day % 10 < 3 else 10 * (day // 10 + 1) for p, day in applied.items()}
    drawn = {person: 10 * (day // 10 + 1) for person, day in counted.items() if day < 30}
    assert by_person(world, Happened.CHOSEN) == drawn
    assert set(drawn.values()) == {10, 20, 30}


def test_every_return_opens_a_place():
    world = run({**with_exchange(weekly_target=3, over_selection=1), **APPLICANTS, "legal_route.float_places": 0})
    returned = times(world, Happened.RETURNED)
    assert chosen_on(world)
    for day, so_far in zip(chosen_on(world), np.cumsum(list(chosen_on(world).values())), strict=True):
        assert so_far == (returned < day).sum()


def test_an_application_lapses_when_patience_ends():
    world = run({**NO_RETURNS, "legal_route.patience_days": 3})
    applied = by_person(world, Happened.APPLIED)
    waited = [day - applied[person] for person, day in by_person(world, Happened.LAPSED).items()]
    assert waited == [3] * len(waited) != []
    assert (world.people.place_view[who(world, Happened.LAPSED)] == Place.SETTLED).all()


def test_applications_lapse_when_the_exchange_ends():
    world = run({**APPLICANTS, **with_exchange(until="2025-01-21", beds=0)})
    assert world.people.count[Place.APPLICANT] == 0
    assert times(world, Happened.LAPSED).max() == 20


def patience_of_lapsed(world: World) -> dict[int, list[float]]:
    """Days between each application that lapsed and its lapse, by person."""
    events = sorted(
        (day, person, happened)
        for happened in (Happened.APPLIED, Happened.LAPSED)
        for person, day in zip(who(world, happened), times(world, happened).tolist(), strict=True)
    )
    applied: dict[int, float] = {}
    waited: dict[int, list[float]] = {}
    for day, person, happened in events:
        if happened is Happened.APPLIED:
            applied[person] = day
        else:
            waited.setdefault(person, []).append(day - applied[person])
    return waited


def test_who_applies_again_after_a_lapse_has_their_patience_anew():
    patient = {"legal_route.patience_days": 5, "legal_route.float_places": 0}
    waited = patience_of_lapsed(run({**with_exchange(beds=0), **PREFERRED, **patient}))
    assert max(len(days) for days in waited.values()) >= 2
    assert all(5 <= days < 6 for person in waited for days in waited[person])


def test_who_applies_again_after_failing_the_checks_has_their_patience_anew():
    """Chosen on day 7 and failed on day 10, someone's second application outlives what was left of the first."""
    failing = {"legal_route.pass_share": 0, "legal_route.patience_days": 14, "legal_route.checks_days": 3,
               "legal_route.float_places": 5}  # fmt: skip
    world = run({**with_exchange(beds=0), **PREFERRED, **failing})
    waited = patience_of_lapsed(world)
    assert set(who(world, Happened.FAILED_CHECKS)) & set(waited)
    assert all(14 <= days < 15 for person in waited for days in waited[person])


# Who is chosen


def test_people_with_uk_links_are_chosen_first():
    world = run({**NO_RETURNS, "legal_route.links_first": True})
    assert world.people.attributes.links[who(world, Happened.CHOSEN)].all()


def test_without_that_rule_links_do_not_decide():
    world = run({**NO_RETURNS, "legal_route.links_first": False})
    assert not world.people.attributes.links[who(world, Happened.CHOSEN)].all()


def test_people_without_links_are_chosen_once_those_with_links_are_served():
    world = run({**NO_RETURNS, "legal_route.float_places": 30, "legal_route.parity_tolerance": 100})
    chosen, not_chosen = first_draw(world)
    links = world.people.attributes.links
    assert links[chosen].tolist() == sorted(links[chosen].tolist(), reverse=True)
    assert (links[chosen].any(), links[chosen].all(), links[not_chosen].any()) == (True, False, False)


def test_groups_with_priority_come_before_uk_links_and_these_before_the_others():
    groups = [group("red", 0.7, uk_links_share=0.3), group("blue", 0.3, uk_links_share=0.3)]
    world = run({**NO_RETURNS, "theatre.groups": groups, "legal_route.priority_groups": ["blue"],
                 "legal_route.float_places": 50, "legal_route.parity_tolerance": 100})  # fmt: skip
    chosen, not_chosen = first_draw(world)
    red = world.people.potential.group[chosen] == 0
    links = world.people.attributes.links[chosen]
    rank = list(zip(red.tolist(), (~links).tolist(), strict=True))
    assert rank == sorted(rank)
    assert set(rank) == {(False, False), (False, True), (True, False), (True, True)}
    assert not world.people.attributes.links[not_chosen].any()
    assert set(world.people.potential.group[not_chosen].tolist()) == {0}


def test_without_priority_groups_no_group_comes_first():
    groups = [group("red", 0.7, uk_links_share=0.3), group("blue", 0.3, uk_links_share=0.3)]
    world = run({**NO_RETURNS, "theatre.groups": groups, "legal_route.float_places": 20})
    chosen, not_chosen = first_draw(world)
    assert set(world.people.potential.group[not_chosen].tolist()) == {0, 1}
    assert set(world.people.potential.group[chosen].tolist()) == {0, 1}


BY_THE_RULE_ALONE = {"legal_route.links_first": False, "legal_route.float_places": 15}


def test_in_a_queue_those_who_applied_first_are_chosen_first():
    world = run({**NO_RETURNS, **BY_THE_RULE_ALONE, "legal_route.admission": "queue"})
    applied = by_person(world, Happened.APPLIED)
    chosen, not_chosen = first_draw(world)
    assert [applied[p] for p in chosen] == sorted(applied[p] for p in chosen)
    assert max(applied[person] for person in chosen) <= min(applied[person] for person in not_chosen)


def test_in_a_ballot_the_lot_decides_not_the_day_of_the_application():
    world = run({**NO_RETURNS, **BY_THE_RULE_ALONE, "legal_route.admission": "ballot"})
    applied = by_person(world, Happened.APPLIED)
    chosen, not_chosen = first_draw(world)
    assert max(applied[person] for person in chosen) > min(applied[person] for person in not_chosen)
    lot = world.streams.uniform("ballot", world.people.key, 7)
    assert chosen == sorted([*chosen, *not_chosen], key=lambda person: lot[person])[:15]


def test_each_draw_of_a_ballot_is_another_lot():
    world = run({**NO_RETURNS, **BY_THE_RULE_ALONE, "legal_route.admission": "ballot", "legal_route.pass_share": 0})
    lots = [world.streams.uniform("ballot", world.people.key, day) for day in (7, 14)]
    second = [person for person, day in by_person(world, Happened.CHOSEN).items() if day == 14]
    assert [lots[1][p] for p in second] == sorted(lots[1][p] for p in second)
    assert [lots[0][p] for p in second] != sorted(lots[0][p] for p in second)


def test_in_a_queue_interests_that_waited_for_the_same_window_keep_their_order():
    late = {"legal_route.window_every_days": 10, "legal_route.window_open_days": 1}
    world = run({**NO_RETURNS, **BY_THE_RULE_ALONE, **late, "legal_route.admission": "queue"})
    applied, chosen = by_person(world, Happened.APPLIED), who(world, Happened.CHOSEN)
    assert [applied[person] for person in chosen] == sorted(applied[person] for person in chosen)


# How many


def test_without_returns_only_the_float_is_admitted():
    assert count(run(NO_RETURNS), Happened.ADMITTED) == 5


def test_admissions_pause_when_they_run_ahead_of_returns_beyond_the_tolerance():
    world = run({**NO_RETURNS, "legal_route.float_places": 60, "legal_route.parity_tolerance": 10})
    admitted = np.sort(times(world, Happened.ADMITTED))
    assert times(world, Happened.CHOSEN).max() <= admitted[10]
    assert evenings(world, "admissions_paused")[-1] == 1


def test_a_lower_float_later_closes_places_and_breaks_nothing():
    lower = {"legal_route": {"from": "2025-01-21", "float_places": 0}}
    world = run({**APPLICANTS, "levers": [exchange(beds=0), lower]})
    assert chosen_on(world) == {7: 5}


@pytest.mark.parametrize("lever", ["legal_route", "legal_route_places"])
def test_a_higher_float_later_opens_places(lever):
    higher = {lever: {"from": "2025-01-21", "float_places": 9}}
    world = run({**APPLICANTS, "levers": [exchange(beds=0), higher]})
    assert chosen_on(world) == {7: 5, 21: 4}


def test_a_smaller_tolerance_later_pauses_selection():
    """Nobody is admitted: with nothing to balance the returns, selection pauses at the next draw."""
    world = run({**with_exchange(), "levers": [exchange(), {"parity": {"from": "2025-01-21", "parity_tolerance": 0}}]})
    paused = evenings(world, "returns_paused")
    assert paused == [0] * 21 + [1] * 19
    assert sum(on_day(world, Happened.SELECTED)[21:]) == 0 < on_day(world, Happened.SELECTED)[20]


@pytest.mark.parametrize("target", [0, 50])
def test_with_a_target_of_zero_no_place_is_drawn(target):
    world = run({**with_exchange(weekly_target=target, beds=0), **APPLICANTS})
    assert (count(world, Happened.CHOSEN) == 0) == (target == 0)
