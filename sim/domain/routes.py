"""The route graph: a NetworkX digraph of the theatre, and the cheapest ways through it as people perceive them.

What a leg costs a person is time x their value of time + money (and tolls) + hazard x their value of staying alive,
so a closed or taxed leg diverts exactly those for whom another way is now cheaper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats
from sim.domain.theatre import LegKind, NodeKind, Theatre

Way = tuple[str, ...]
LegKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """Every simple way between places, with what it takes: hours, pounds and hazard; arrays of shape (ways,)."""

    ways: tuple[Way, ...]
    hours: Floats
    cost_gbp: Floats
    hazard: Floats
    distance_km: Floats

    def cheapest(self, gbp_per_hour: Floats, gbp_per_hazard: Floats) -> npt.NDArray[np.intp]:
        """Index of the way that costs each person least; inputs and result have shape (people,)."""
        perceived = gbp_per_hour[:, None] * self.hours + self.cost_gbp + gbp_per_hazard[:, None] * self.hazard
        return np.asarray(perceived.argmin(axis=1))


def build_graph(theatre: Theatre) -> "nx.DiGraph[str]":
    """The theatre's nodes and legs as a digraph; attributes are those of `Node` and `Leg`."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for node in theatre.nodes:
        graph.add_node(node.name, kind=node.kind, label=node.label, lat=node.lat, lon=node.lon)
    for leg in theatre.legs:
        graph.add_edge(
            leg.start,
            leg.end,
            kind=leg.kind,
            distance_km=leg.distance_km,
            hours=leg.hours,
            cost_gbp=leg.cost_gbp,
            hazard=leg.hazard,
        )
    return graph


def without(graph: "nx.DiGraph[str]", closed: Iterable[LegKey]) -> "nx.DiGraph[str]":
    """A copy of the graph with some legs closed."""
    open_graph = graph.copy()
    open_graph.remove_edges_from(list(closed))
    return open_graph


def ways_between(
    graph: "nx.DiGraph[str]",
    start: str,
    ends: Iterable[str],
    kinds: Iterable[LegKind],
    tolls: Mapping[LegKey, float] | None = None,
) -> Ways:
    """All simple ways from a place to any of `ends` along legs of the given kinds; tolls (GBP) are added.

    Raises:
        ValueError: no way exists.
    """
    allowed, tolls = set(kinds), tolls or {}
    legs = [leg for leg in graph.edges if graph.edges[leg]["kind"] in allowed]
    part = graph.edge_subgraph(legs) if start in {a for a, _ in legs} else graph.__class__()
    targets = {end for end in ends if end in part}
    found = sorted(tuple(w) for end in sorted(targets) for w in nx.all_simple_paths(part, start, end))
    ways = [way for way in found if not targets & set(way[:-1])]
    if not ways:
        raise ValueError(f"no way leads from {start!r} to any of {sorted(ends)}")
    steps = [list(pairwise(way)) for way in ways]

    def total(name: str) -> Floats:
        return np.array([sum(graph.edges[leg][name] for leg in way) for way in steps], dtype=float)

    toll = np.array([sum(tolls.get(leg, 0.0) for leg in way) for way in steps])
    return Ways(tuple(ways), total("hours"), total("cost_gbp") + toll, total("hazard"), total("distance_km"))


def sea_ways(graph: "nx.DiGraph[str]", theatre: Theatre) -> dict[str, Ways]:
    """For each launch sector the ways over the sea to any landing."""
    landings = theatre.names(NodeKind.LANDING)
    return {s.node: ways_between(graph, s.node, landings, [LegKind.SEA]) for s in theatre.sectors}


def land_distances(graph: "nx.DiGraph[str]", starts: Iterable[str], ends: Iterable[str]) -> Floats:
    """Shortest land distance (km) from each start (rows) to each end (columns); infinite if there is none."""
    land = graph.edge_subgraph([leg for leg in graph.edges if graph.edges[leg]["kind"] is LegKind.LAND])
    targets = list(ends)
    rows = []
    for start in starts:
        lengths = nx.single_source_dijkstra_path_length(land, start, weight="distance_km") if start in land else {}
        rows.append([lengths.get(end, np.inf) for end in targets])
    return np.array(rows, dtype=float)
