"""Who is passed over and why: the lot, parity, the week's target, the beds; and groups aimed at."""

import numpy as np
import pytest
from worlds import count, evenings, exchange, group, on_day, run, stage, times, who, with_exchange

from sim.domain.exchange import PassedOver
from sim.domain.population import Age
from sim.processes.world import run_tables
from sim.records.recorder import Happened

TWO_GROUPS = {"theatre.groups": [group("red", 0.5), group("blue", 0.5)]}
NO_TOLERANCE = {"legal_route.parity_tolerance": 0, "legal_route.window_every_days": 1}
ONE_OBSTACLE = {
    PassedOver.LOT: with_exchange(selection_share=0.4),
    PassedOver.PARITY: {**with_exchange(), **NO_TOLERANCE},
    PassedOver.TARGET: with_exchange(weekly_target=8, over_selection=1.5),
    PassedOver.BEDS: with_exchange(beds=5, flight_cancelled_share=1),
}


def passed_over(world) -> dict[PassedOver, int]:
    """People passed over, by reason."""
    return dict(zip(PassedOver, world.returns.passed_over, strict=True))


def group_names(world, people: list[int]) -> set[str]:
    names = np.array([g.name for g in world.scenario.theatre.groups])
    return set(names[world.people.potential.group[people]].tolist())


@pytest.mark.parametrize("why", PassedOver)
def test_where_one_thing_stands_in_the_way_it_accounts_for_everyone_passed_over(why):
    world = run(ONE_OBSTACLE[why])
    missing = count(world, Happened.REGISTERED) - count(world, Happened.SELECTED)
    assert passed_over(world) == {**dict.fromkeys(PassedOver, 0), why: missing}
    assert 0 < missing < count(world, Happened.REGISTERED)


def test_who_could_be_selected_and_nothing_is_in_the_way_is_never_passed_over(returning):
    assert sum(passed_over(returning).values()) == 0


@pytest.mark.parametrize(
    ("why", "settings"),
    [
        (PassedOver.LOT, {"selection_share": 0, "weekly_target": 0, "beds": 0}),
        (PassedOver.TARGET, {"weekly_target": 0, "beds": 0}),
        (PassedOver.BEDS, {"beds": 0}),
    ],
)
def test_the_first_thing_in_the_way_is_the_reason(why, settings):
    world = run({**with_exchange(**settings), "until": "2025-01-11"})
    everyone = count(world, Happened.REGISTERED)
    assert passed_over(world) == {**dict.fromkeys(PassedOver, 0), why: everyone}


def test_parity_counts_before_the_target_and_the_beds():
    """One case a week: its return on the sixth day pauses selection while the week's target is used up."""
    no_room = {"detention_beds": {"from": "2025-01-07", "beds": 0}}
    lever = exchange(weekly_target=1, over_selection=1)
    world = run({**with_exchange(), **NO_TOLERANCE, "levers": [lever, no_room]})
    assert [day for day, paused in enumerate(evenings(world, "returns_paused")) if paused] == list(range(6, 40))
    assert stage(world, "passed_over_target", "entered")[:6].sum() > 0
    assert stage(world, "passed_over_parity", "entered")[6:].tolist() == on_day(world, Happened.REGISTERED)[6:]
    assert passed_over(world)[PassedOver.BEDS] == 0


def test_the_target_counts_before_the_beds():
    """One bed and one case a week: the bed is free again on the sixth day, the target only on the eighth."""
    world = run(with_exchange(weekly_target=1, over_selection=1, beds=1))
    assert passed_over(world)[PassedOver.BEDS] == 0 < passed_over(world)[PassedOver.TARGET]


def test_everyone_in_scope_and_in_time_is_selected_or_passed_over():
    some_of_each = with_exchange("2025-01-11", until="2025-01-31", selection_share=0.7, weekly_target=5, beds=12)
    slow = {"centre.staff": 1, "centre.registration_hours": 2, "theatre.ages.unaccompanied_minor_share": 0.2}
    world = run({**some_of_each, **slow, "legal_route.parity_tolerance": 15, "legal_route.window_every_days": 1})
    registered = np.array(who(world, Happened.REGISTERED))
    when = times(world, Happened.REGISTERED)
    in_scope = world.people.attributes.age[registered] != Age.UNACCOMPANIED_MINOR
    eligible = (world.people.uk_day[registered] >= 10) & (when >= 10) & (when < 30) & in_scope
    reasons = passed_over(world)
    assert all(reasons.values())
    assert count(world, Happened.SELECTED) + sum(reasons.values()) == eligible.sum() < in_scope.sum() < len(registered)


def test_the_table_counts_those_passed_over_on_their_day():
    world = run(ONE_OBSTACLE[PassedOver.LOT])
    registered, selected = (np.array(on_day(world, h)) for h in (Happened.REGISTERED, Happened.SELECTED))
    assert stage(world, "passed_over_lot", "entered").tolist() == (registered - selected).tolist()
    assert not stage(world, "passed_over_beds", "entered").any()


def test_the_tables_reasons_are_those_of_the_run():
    world = run({**with_exchange(selection_share=0.7, weekly_target=40, beds=30), **NO_TOLERANCE})
    for why, people in passed_over(world).items():
        assert stage(world, f"passed_over_{why.name.lower()}", "entered").sum() == people


def test_only_the_groups_aimed_at_are_selected():
    world = run({**TWO_GROUPS, **with_exchange(selection="targeted", target_groups=["red"])})
    assert group_names(world, who(world, Happened.SELECTED)) == {"red"}
    assert group_names(world, who(world, Happened.REGISTERED)) == {"red", "blue"}
    reds = [p for p in who(world, Happened.REGISTERED) if group_names(world, [p]) == {"red"}]
    assert sorted(reds) == sorted(who(world, Happened.SELECTED))


def test_a_group_not_aimed_at_is_passed_over_by_lot():
    world = run({**TWO_GROUPS, **with_exchange(selection="targeted", target_groups=["red"])})
    blue = count(world, Happened.REGISTERED) - count(world, Happened.SELECTED)
    assert passed_over(world) == {**dict.fromkeys(PassedOver, 0), PassedOver.LOT: blue}


def test_within_the_groups_aimed_at_the_lot_decides():
    aimed = with_exchange(selection="targeted", target_groups=["red"], selection_share=0.5)
    some, every = (
        set(who(run({**TWO_GROUPS, **changes}), Happened.SELECTED))
        for changes in (aimed, with_exchange(selection="targeted", target_groups=["red"]))
    )
    assert set() < some < every


def test_by_lot_every_group_is_selected():
    world = run({**TWO_GROUPS, **with_exchange(selection="random", target_groups=["red"])})
    assert group_names(world, who(world, Happened.SELECTED)) == {"red", "blue"}


def test_a_target_that_changes_during_the_run_changes_who_is_selected():
    first = exchange(until="2025-01-16", selection="targeted", target_groups=["red"])
    second = exchange("2025-01-16", selection="targeted", target_groups=["blue"])
    world = run({**with_exchange(), **TWO_GROUPS, "levers": [first, second]})
    selected = np.array(who(world, Happened.SELECTED))
    early = times(world, Happened.SELECTED) < 15
    assert group_names(world, selected[early].tolist()) == {"red"}
    assert group_names(world, selected[~early].tolist()) == {"blue"}


def test_groups_returned_are_those_aimed_at_in_the_table_of_groups():
    world = run({**TWO_GROUPS, **with_exchange(selection="targeted", target_groups=["blue"])})
    red, blue = run_tables(world)["groups"]["returned"].reshape(-1, 2).sum(axis=0)
    assert red == 0 < blue
