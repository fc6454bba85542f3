"""What awaits those who land: a closed way onward, being held, and how people come to know of it."""

import numpy as np
import pytest
from worlds import content, exchange, group, run, same, toy

from sim.domain.beliefs import About
from sim.domain.choice import lost_share
from sim.processes.perception import Perception
from sim.processes.world import build_world, run_tables

HELD = {"containment": {"from": "2025-01-16", "held_lost_share": 1}}
CLOSED = {"onward_route": {"from": "2025-01-16", "route_lost_share": 1}}
TWO_GROUPS = [group("aimed", 0.5), group("spared", 0.5)]
WARY = {"migrants.settle_gbp": 0, "migrants.benefit_gbp": 10_000, "migrants.taste_gbp": 100}


def arrivals(world, since: int = 20) -> int:
    """Arrivals from a day of the run on."""
    return int(np.asarray(content(run_tables(world)["daily"])["arrivals"])[since:].sum())


def hears(expectation: str, *levers: dict, **changes) -> dict:
    return {**WARY, "beliefs.expectation": expectation, "levers": list(levers), **changes}


def test_what_is_lost_to_the_closed_way_and_to_being_held_adds_up_to_no_more_than_all():
    assert lost_share(0.5, 0.5) == 0.75
    assert lost_share(1, 0.3) == 1
    assert lost_share(0, 0) == 0


@pytest.mark.parametrize("lever", [HELD, CLOSED], ids=["held", "closed"])
@pytest.mark.parametrize("expectation", ["realised", "mixed", "announced"])
def test_a_loss_of_nothing_changes_nothing(lever, expectation):
    nothing = {kind: {**given, **{k: 0 for k in given if k != "from"}} for kind, given in lever.items()}
    assert same(run_tables(run(hears(expectation, nothing))), run_tables(run(hears(expectation)))) == []


@pytest.mark.parametrize("lever", [HELD, CLOSED], ids=["held", "closed"])
def test_people_who_believe_what_is_announced_stop_coming_when_all_is_lost_to_those_who_land(lever):
    assert arrivals(run(hears("announced"))) > 100
    assert arrivals(run(hears("announced", lever))) == 0


def test_those_who_go_by_what_they_hear_come_until_they_have_heard_of_those_held():
    keen = {"beliefs.prior_strength": 10, "beliefs.memory_days": 5, "beliefs.news_delay_days": 4}
    held = run(hears("realised", HELD, **keen))
    days = np.asarray(content(run_tables(held)["daily"])["arrivals"])
    assert days[15:19].sum() > 0
    assert days[-5:].sum() < 0.5 * arrivals(run(hears("realised", **keen)), since=35)


def test_news_of_the_loss_reaches_those_who_have_not_come_yet():
    world = run(hears("realised", HELD))
    afar = world.news.contacts.afar(np.array([0]))
    assert 0 < world.news.chance(About.LOST)[afar][0] < 1


def test_announcements_of_what_is_kept_at_once_keep_their_credibility():
    returns = exchange("2025-01-05", weekly_target=1000, beds=0)
    world = run(hears("announced", returns, HELD))
    assert world.committee.credibility < 1
    assert world.committee.expected_loss().tolist() == [1.0] * world.news.communities


def test_the_loss_is_of_what_arriving_by_boat_is_worth():
    world = build_world(toy(hears("announced", {"containment": {"from": "2025-01-01", "held_lost_share": 0.4}})), 0)
    sees, nobody = Perception(world), np.zeros(2, dtype=np.int64)
    assert sees.landing(np.array([1000.0, 500.0]), nobody).tolist() == pytest.approx([600.0, 300.0])


def aimed(expectation: str, **settings) -> dict:
    lever = exchange("2025-01-01", selection="targeted", target_groups=["aimed"], **settings)
    return hears(expectation, lever, **{"theatre.groups": TWO_GROUPS})


def test_an_exchange_aimed_at_a_group_announces_nothing_to_the_others():
    world = run(aimed("announced", weekly_target=1000, beds=0) | {"until": "2025-01-07"})
    by_group = world.news.contacts.by_group(world.committee.perceived_chance())
    assert by_group[0] == 1
    assert by_group[1] == world.rules.beliefs.returned_prior


def test_the_group_aimed_at_weighs_the_target_against_its_own_flow():
    world = build_world(toy(aimed("announced", weekly_target=2)), 0)
    groups, committee = world.people.potential.group, world.committee
    committee.saw_arrivals(np.flatnonzero(groups == 0)[:20])
    committee.saw_arrivals(np.flatnonzero(groups == 1)[:40])
    weekly = 20 * 7 / world.rules.beliefs.flow_memory_days
    expected = world.news.contacts.by_group(committee.expected(np.zeros(world.news.communities), 2))
    assert expected.tolist() == pytest.approx([2 / weekly, 0])


def by_group(world, what: str) -> dict[str, int]:
    """The sum of a column of the table of groups, by group."""
    table = content(run_tables(world)["groups"])
    found = dict.fromkeys(("aimed", "spared"), 0)
    for name, people in zip(table["group"], table[what], strict=True):
        found[name] += people
    return found


def test_only_the_group_aimed_at_is_returned():
    returned = by_group(run(aimed("realised", weekly_target=1000)), "returned")
    assert returned["aimed"] > 0
    assert returned["spared"] == 0


def test_only_the_group_aimed_at_stays_away():
    arrived = by_group(run(aimed("announced", weekly_target=1000)), "arrivals")
    assert arrived["aimed"] < 0.2 * arrived["spared"]
