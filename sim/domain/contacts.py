"""Who hears from whom: a NetworkX contact graph of communities, and how fast and how well news travels along it.

A community is the people of one group in one place: a camp, or `afar` (at home and on the way), or the `uk`. Ties bind
the same group in different places and different groups in the same camp. News takes the strongest path; what is left
of a report is the product of the ties on it, and each tie takes some days (docs/odd.md, submodel News).
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from math import exp, log
from typing import cast

import networkx as nx
import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats
from sim.domain.rules import Beliefs

AFAR, UK = "afar", "uk"
LEAST_TIE = 1e-9
"""Stands for no tie at all, whose logarithm would not exist."""


@dataclass(frozen=True, slots=True)
class Ties:
    """How much of a report passes each kind of tie (0 to 1), how long a tie takes (days), and what is too faint."""

    camps: float
    groups: float
    afar: float
    uk: float
    delay_days: float
    least: float

    @classmethod
    def of(cls, rules: Beliefs) -> "Ties":
        """The ties of the rules."""
        return cls(
            rules.tie_camps, rules.tie_groups, rules.tie_afar, rules.tie_uk, rules.tie_delay_days, rules.tie_least
        )


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contact graph and what was computed from it once.

    Communities are numbered group by group, each in `places`: its camps, afar, the UK. `heard` lists for each delay
    (whole days, beyond the community's own) what part of each community's reports (rows) reaches each other (columns);
    `voices` is the same over all delays, each column summing to 1: whose word a community takes.
    """

    graph: "nx.Graph[int]"
    groups: int
    camps: int
    places: int
    heard: tuple[tuple[int, Floats], ...]
    voices: Floats

    @property
    def communities(self) -> int:
        """All communities."""
        return self.groups * self.places

    def at_camp(self, group: npt.NDArray[np.integer], camp: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
        """Communities of people of these groups in these camps; shape as given."""
        return group.astype(np.int64) * self.places + camp

    def afar(self, group: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
        """Communities of people of these groups who have not come to the coast; shape as given."""
        return group.astype(np.int64) * self.places + self.camps

    def in_uk(self, group: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
        """Communities of people of these groups in the UK; shape as given."""
        return group.astype(np.int64) * self.places + self.camps + 1

    def by_group(self, values: Floats) -> Floats:
        """The mean over a group's camps of values by community, which is the last axis; shape (..., groups)."""
        by_place = values.reshape(*values.shape[:-1], self.groups, self.places)
        return np.asarray(np.add.reduce(by_place[..., : self.camps], axis=-1) / self.camps)


def contact_graph(groups: int, camps: int, ties: Ties) -> "nx.Graph[int]":
    """The communities and their ties; nodes bear `group` and `place`, edges `strength`."""
    graph: nx.Graph[int] = nx.Graph()
    places = [*(f"camp {camp}" for camp in range(camps)), AFAR, UK]
    number = {key: n for n, key in enumerate(product(range(groups), places))}
    for (group, place), n in number.items():
        graph.add_node(n, group=group, place=place)
    strength = {AFAR: ties.afar, UK: ties.uk}
    for group in range(groups):
        for one, other in combinations(places, 2):  # camps come first, then afar, then the UK
            tie = strength.get(other, ties.camps)
            graph.add_edge(number[group, one], number[group, other], strength=max(tie, LEAST_TIE))
    for place in places[:camps]:
        for one_group, other_group in combinations(range(groups), 2):
            graph.add_edge(number[one_group, place], number[other_group, place], strength=max(ties.groups, LEAST_TIE))
    return graph


@cache
def contacts(groups: int, camps: int, ties: Ties) -> Contacts:
    """The contact graph with its strongest paths; the same for all runs of a theatre under the same ties."""
    graph = contact_graph(groups, camps, ties)
    for _, _, facts in graph.edges(data=True):
        facts["faintness"] = -log(facts["strength"])
    n, faintest = len(graph), -log(max(ties.least, LEAST_TIE))
    part, steps = np.zeros((n, n)), np.zeros((n, n), dtype=int)
    for start in graph:
        found = nx.single_source_dijkstra(graph, start, cutoff=faintest, weight="faintness")
        lengths, paths = cast(tuple[dict[int, float], dict[int, list[int]]], found)
        for end, length in lengths.items():
            part[start, end], steps[start, end] = exp(-length), len(paths[end]) - 1
    delays = np.rint(steps * ties.delay_days).astype(int)
    heard = tuple((int(d), np.where(delays == d, part, 0.0)) for d in np.unique(delays[part > 0]))
    return Contacts(graph, groups, camps, camps + 2, heard, part / part.sum(axis=0))


def isolated(communities: int) -> Contacts:
    """Communities that hear nobody but themselves."""
    graph: nx.Graph[int] = nx.empty_graph(communities)
    alone = np.eye(communities)
    return Contacts(graph, communities, 1, 1, ((0, alone),), alone)


def spread(share: Floats, told_per_day: float, voices: Floats) -> Floats:
    """Share of each community who know of something a day later; shape (communities,).

    Everyone who knows tells `told_per_day` others, who may know already; whom they tell is as `voices` says
    (columns sum to 1). With equal shares everywhere this is the logistic law of Bass (1969) without advertising.
    """
    return np.asarray(np.minimum(share + told_per_day * (share @ voices) * (1 - share), 1.0))
