"""The route graph: cheapest ways, tolls that divert exactly at the cost gap, closed legs, distances."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.routes import build_graph, land_distances, sea_ways, ways_between, without
from sim.domain.theatre import Ages, Inflow, Leg, LegKind, Node, NodeKind, Observed, Sector, Theatre, Weather

GAP = 40.0
PEOPLE = 7


def node(name: str, kind: NodeKind) -> Node:
    return Node(name, kind, name, 50.0, 1.0)


def leg(
    start: str, end: str, cost: float, hours: float = 0.0, hazard: float = 0.0, kind: LegKind = LegKind.LAND
) -> Leg:
    return Leg(start, end, kind, distance_km=10.0, hours=hours, cost_gbp=cost, hazard=hazard)


TOY = Theatre(
    name="toy",
    nodes=(
        node("home", NodeKind.ORIGIN), node("north", NodeKind.HUB), node("south", NodeKind.HUB),
        node("camp", NodeKind.CAMP), node("beach", NodeKind.SECTOR), node("cove", NodeKind.SECTOR),
        node("port", NodeKind.LANDING), node("quay", NodeKind.LANDING),
    ),
    legs=(
        leg("home", "north", 100), leg("north", "camp", 0), leg("home", "south", 100), leg("south", "camp", GAP),
        leg("camp", "beach", 5), leg("beach", "port", 0, kind=LegKind.SEA), leg("port", "quay", 0, kind=LegKind.SEA),
        leg("cove", "quay", 0, kind=LegKind.SEA),
    ),
    sectors=(Sector("beach", 10.0, 1.0, 0.5), Sector("cove", 10.0, 1.0, 0.5)),
    groups=(),
    ages=Ages(0.0, 0.0),
    inflow=Inflow({2025: 1.0}, 0.0, 0.0),
    weather=Weather(1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    observed=Observed(),
)  # fmt: skip
NORTH, SOUTH = ("home", "north", "camp"), ("home", "south", "camp")


@pytest.fixture
def graph():
    return build_graph(TOY)


def taken(graph, toll: float = 0.0, hour_gbp: float = 0.0, hazard_gbp: float = 0.0) -> set[tuple[str, ...]]:
    """The ways that people take from home to the camp with a toll on the northern one."""
    ways = ways_between(graph, "home", ["camp"], [LegKind.LAND], {("home", "north"): toll})
    chosen = ways.cheapest(np.full(PEOPLE, hour_gbp), np.full(PEOPLE, hazard_gbp))
    return {ways.ways[i] for i in chosen}


def changed(graph, start: str, end: str, **facts: float):
    other = graph.copy()
    other.edges[start, end].update(facts)
    return other


def test_without_a_toll_everybody_takes_the_cheaper_way(graph):
    assert taken(graph) == {NORTH}


def test_a_toll_below_the_cost_gap_moves_nobody(graph):
    assert taken(graph, toll=GAP - 0.01) == {NORTH}


def test_a_toll_above_the_cost_gap_moves_everybody(graph):
    assert taken(graph, toll=GAP + 0.01) == {SOUTH}


@given(toll=st.floats(0, 200))
def test_a_toll_diverts_exactly_beyond_the_gap(toll):
    assert taken(build_graph(TOY), toll) == ({NORTH} if toll <= GAP else {SOUTH})


def test_a_closed_leg_is_never_used(graph):
    assert taken(without(graph, [("home", "north")])) == {SOUTH}


def test_closing_a_leg_leaves_the_graph_itself_open(graph):
    without(graph, [("home", "north")])
    assert graph.has_edge("home", "north")


def test_closing_every_way_is_an_error_that_names_the_places(graph):
    closed = without(graph, [("home", "north"), ("home", "south")])
    with pytest.raises(ValueError, match="no way leads from 'home' to any of .*camp"):
        taken(closed)


def test_time_counts_at_its_value(graph):
    slow = changed(graph, "home", "north", hours=10)
    assert taken(slow, hour_gbp=GAP / 10 - 0.01) == {NORTH}
    assert taken(slow, hour_gbp=GAP / 10 + 0.01) == {SOUTH}


def test_danger_counts_at_its_weight(graph):
    deadly = changed(graph, "home", "north", hazard=0.01)
    assert taken(deadly, hazard_gbp=100 * GAP - 1) == {NORTH}
    assert taken(deadly, hazard_gbp=100 * GAP + 1) == {SOUTH}


def test_people_who_value_time_differently_part(graph):
    slow = changed(graph, "home", "north", hours=10)
    ways = ways_between(slow, "home", ["camp"], [LegKind.LAND])
    chosen = ways.cheapest(np.array([0.0, 100.0]), np.zeros(2))
    assert [ways.ways[i] for i in chosen] == [NORTH, SOUTH]


def test_only_legs_of_the_allowed_kinds_are_taken(graph):
    flown = changed(graph, "home", "north", kind=LegKind.AIR)
    assert taken(flown) == {SOUTH}


def test_a_way_adds_up_its_legs(graph):
    ways = ways_between(graph, "home", ["camp"], [LegKind.LAND])
    assert ways.ways == (NORTH, SOUTH)
    assert ways.cost_gbp.tolist() == [100, 100 + GAP]
    assert ways.distance_km.tolist() == [20, 20]


def test_a_way_ends_at_the_first_landing(graph):
    assert sea_ways(graph, TOY)["beach"].ways == (("beach", "port"),)


def test_every_sector_has_its_ways_over_the_sea(graph):
    assert set(sea_ways(graph, TOY)) == {"beach", "cove"}


def test_a_sector_that_cannot_be_reached_by_land_is_infinitely_far(graph):
    assert land_distances(graph, ["camp"], ["beach", "cove"]).tolist() == [[10.0, np.inf]]


def test_land_distance_takes_the_shortest_way(graph):
    legs = (*TOY.legs, leg("camp", "south", 0), leg("south", "cove", 0))
    theatre = replace(TOY, legs=legs)
    assert land_distances(build_graph(theatre), ["camp"], ["beach", "cove"]).tolist() == [[10.0, 20.0]]
