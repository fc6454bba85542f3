"""Who hears from whom, how much of it and how late."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.contacts import Ties, contact_graph, contacts, isolated, spread

TIES = Ties(camps=0.5, groups=0.1, afar=0.3, uk=0.4, delay_days=3, least=0.02)


def part(tied, start: int, end: int) -> float:
    """What part of a community's reports reaches another, at any delay."""
    return float(sum(matrix[start, end] for _, matrix in tied.heard))


def delay(tied, start: int, end: int) -> int:
    """After how many days beyond the community's own."""
    return next(days for days, matrix in tied.heard if matrix[start, end] > 0)


def test_every_group_has_a_community_in_each_camp_one_afar_and_one_in_the_uk():
    graph = contact_graph(2, 3, TIES)
    assert len(graph) == 2 * (3 + 2)
    assert [graph.nodes[n]["place"] for n in range(5)] == ["camp 0", "camp 1", "camp 2", "afar", "uk"]
    assert {graph.nodes[n]["group"] for n in range(5, 10)} == {1}


def test_groups_meet_in_camps_but_not_at_home_or_in_the_uk():
    graph = contact_graph(2, 1, TIES)
    meeting = [pair for pair in graph.edges if graph.nodes[pair[0]]["group"] != graph.nodes[pair[1]]["group"]]
    assert meeting == [(0, 3)]


def test_a_community_hears_all_of_its_own_news_at_once():
    tied = contacts(2, 2, TIES)
    assert all(part(tied, n, n) == pytest.approx(1) and delay(tied, n, n) == 0 for n in range(tied.communities))


def test_news_takes_the_strongest_path_and_loses_by_each_tie():
    tied = contacts(1, 1, TIES)  # camp 0, afar 1, UK 2: from the camp to those afar directly 0.3, over the UK 0.16
    assert part(tied, 0, 1) == pytest.approx(0.3)
    assert delay(tied, 0, 1) == 3
    faint = contacts(1, 1, Ties(0.5, 0.1, 0.1, 0.4, 3, 0.02))  # now over the UK: 0.4 x 0.4
    assert part(faint, 0, 1) == pytest.approx(0.16)
    assert delay(faint, 0, 1) == 6


def test_news_of_another_group_comes_over_the_camp_two_ties_late():
    tied = contacts(2, 1, TIES)
    assert part(tied, 0, 3) == pytest.approx(0.1)
    assert part(tied, 0, 5) == pytest.approx(0.1 * 0.4)
    assert delay(tied, 0, 5) == 6


def test_news_fainter_than_the_least_is_not_heard():
    assert part(contacts(2, 1, TIES), 1, 5) == 0  # home to the other group in the UK: 0.3 x 0.1 x 0.4


def test_without_ties_a_community_hears_only_itself():
    alone = contacts(2, 2, Ties(0, 0, 0, 0, 3, 0.02))
    assert len(alone.heard) == 1
    assert (alone.heard[0][1] == np.eye(8)).all()
    assert (isolated(8).voices == alone.voices).all()


def test_stronger_ties_carry_more():
    strong = contacts(1, 2, Ties(0.9, 0.1, 0.3, 0.4, 3, 0.02))
    assert part(strong, 0, 1) > part(contacts(1, 2, TIES), 0, 1)


def test_the_graph_is_connected_so_that_news_could_reach_everyone():
    assert nx.is_connected(contact_graph(4, 3, TIES))


def test_each_community_hears_as_many_voices_as_sum_to_one():
    assert contacts(3, 2, TIES).voices.sum(axis=0) == pytest.approx(1)


def test_the_mean_by_group_is_over_its_camps_only():
    tied = contacts(2, 2, TIES)
    values = np.array([1.0, 3.0, 100.0, 100.0, 5.0, 7.0, 100.0, 100.0])
    assert tied.by_group(values).tolist() == [2.0, 6.0]


def test_numbers_of_communities_agree_with_the_graph():
    tied = contacts(3, 2, TIES)
    group = np.array([0, 2])
    places = [tied.graph.nodes[int(n)]["place"] for n in (*tied.afar(group), *tied.in_uk(group))]
    assert places == ["afar", "afar", "uk", "uk"]
    assert [tied.graph.nodes[int(n)]["group"] for n in tied.at_camp(group, np.array([1, 1]))] == [0, 2]


@given(st.floats(0, 1), st.floats(0, 0.5))
def test_word_spreads_by_the_logistic_law_where_all_know_alike(share, told):
    tied = contacts(2, 2, TIES)
    after = spread(np.full(8, share), told, tied.voices)
    assert after == pytest.approx(np.full(8, min(share + told * share * (1 - share), 1)))


def test_word_reaches_communities_that_knew_nothing():
    tied = contacts(2, 1, TIES)
    aware = np.zeros(6)
    aware[0] = 0.5
    after = spread(aware, 0.1, tied.voices)
    assert after[0] > 0.5
    assert after[3] > after[5] > 0  # the other group in the camp before its people in the UK


def test_what_nobody_knows_or_everybody_knows_does_not_spread():
    voices = contacts(2, 2, TIES).voices
    assert (spread(np.zeros(8), 0.5, voices) == 0).all()
    assert spread(np.ones(8), 0.5, voices) == pytest.approx(1)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8), st.floats(0, 50))
def test_awareness_never_falls_and_is_never_above_one(aware, told):
    after = spread(np.array(aware), told, contacts(2, 2, TIES).voices)
    assert (np.array(aware) <= after + 1e-12).all()
    assert (after <= 1).all()
