"""The people of a run: attributes of their own, and one place each."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.population import (
    Age,
    ConservationError,
    People,
    Place,
    Potential,
    draw_attributes,
    has_papers,
    in_scope,
    join_potential,
    person_keys,
)
from sim.domain.randomness import Streams
from sim.domain.rules import DocumentsRule, Rules
from sim.domain.theatre import Theatre
from sim.scenario import load_scenario

BASE = load_scenario("base")


@pytest.fixture
def rules() -> Rules:
    return BASE.rules


@pytest.fixture
def theatre() -> Theatre:
    return BASE.theatre


def potential(people: int, group: int = 0) -> Potential:
    return Potential(
        person_keys(group, people),
        np.full(people, group, dtype=np.int8),
        np.zeros(people),
        np.zeros(people, dtype=bool),
    )


def born(people: int, theatre: Theatre, rules: Rules, replication: int = 0):
    return draw_attributes(potential(people), theatre, rules.migrants, Streams(1, replication))


def crowd(people: int = 5) -> People:
    attributes = born(people, BASE.theatre, BASE.rules)
    return People(potential(people), attributes, np.zeros(people, dtype=np.int8), np.zeros(people))


def test_everyone_starts_nowhere_yet():
    assert crowd(5).count[Place.NOT_YET] == 5


def test_a_move_takes_one_person_from_one_place_to_another():
    people = crowd()
    people.move(2, Place.NOT_YET, Place.CAMP)
    assert people.in_place(Place.CAMP) == people.count[Place.CAMP] == 1
    assert people.in_place(Place.NOT_YET) == people.count[Place.NOT_YET] == 4


def test_moving_someone_from_where_they_are_not_is_an_error_that_says_where_they_are():
    people = crowd()
    with pytest.raises(ConservationError, match="person 2 should be in CAMP but is in NOT_YET"):
        people.move(2, Place.CAMP, Place.CUSTOMER)


def test_moving_several_names_the_first_who_is_elsewhere():
    people = crowd()
    people.move(1, Place.NOT_YET, Place.CAMP)
    with pytest.raises(ConservationError, match="person 0 should be in CAMP"):
        people.move_all(np.array([1, 0]), Place.CAMP, Place.CUSTOMER)


def test_moving_a_handful_is_moving_each_and_names_who_is_elsewhere():
    few, each = crowd(), crowd()
    few.move_few([3, 1], Place.NOT_YET, Place.CAMP)
    for person in (3, 1):
        each.move(person, Place.NOT_YET, Place.CAMP)
    assert (few.place, few.count) == (each.place, each.count)
    with pytest.raises(ConservationError, match="person 1 should be in NOT_YET but is in CAMP"):
        few.move_few([2, 1], Place.NOT_YET, Place.CUSTOMER)


def test_a_refused_move_moves_nobody():
    people = crowd()
    people.move(1, Place.NOT_YET, Place.CAMP)
    with pytest.raises(ConservationError):
        people.move_all(np.array([1, 0]), Place.CAMP, Place.CUSTOMER)
    assert people.in_place(Place.CUSTOMER) == people.count[Place.CUSTOMER] == 0


@given(moves=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(Place)), max_size=30))
def test_the_counts_always_agree_with_the_places(moves):
    people = crowd(5)
    for person, place in moves:
        people.move(person, people.place[person], place)
    assert [people.in_place(place) for place in Place] == people.count
    assert sum(people.count) == len(people)


def test_moving_nobody_changes_nothing():
    people = crowd(3)
    people.move_all(np.array([], dtype=np.int64), Place.CAMP, Place.CUSTOMER)
    assert people.count[Place.NOT_YET] == 3


def test_attributes_are_keyed_by_the_person_alone(theatre, rules):
    few, many = born(10, theatre, rules), born(100, theatre, rules)
    for name in few.__slots__:
        assert (getattr(few, name) == getattr(many, name)[:10]).all()


def test_another_replication_has_other_people(theatre, rules):
    assert (born(50, theatre, rules, 0).benefit_gbp != born(50, theatre, rules, 1).benefit_gbp).all()


def test_a_spread_of_zero_makes_all_people_alike(theatre, rules):
    alike = replace(rules, migrants=replace(rules.migrants, budget_gbp=4000, budget_spread=0))
    assert (born(50, theatre, alike).budget_gbp == 4000).all()


def test_with_no_minors_everyone_is_an_adult(theatre, rules):
    adults = replace(theatre, ages=replace(theatre.ages, accompanied_minor_share=0, unaccompanied_minor_share=0))
    assert (born(200, adults, rules).age == Age.ADULT).all()


def test_only_unaccompanied_minors_are_out_of_scope(theatre, rules):
    people = born(500, theatre, rules)
    assert set(people.age.tolist()) == set(Age)
    assert (people.in_scope == (people.age != Age.UNACCOMPANIED_MINOR)).all()


def test_a_larger_share_of_minors_keeps_the_minors_there_were(theatre, rules):
    few = replace(theatre, ages=replace(theatre.ages, unaccompanied_minor_share=0.1))
    many = replace(theatre, ages=replace(theatre.ages, unaccompanied_minor_share=0.3))
    before = born(500, few, rules).age == Age.UNACCOMPANIED_MINOR
    assert (born(500, many, rules).age[before] == Age.UNACCOMPANIED_MINOR).all()


def test_links_raise_the_worth_of_being_in_the_uk(theatre, rules):
    tastes = replace(rules.migrants, benefit_gbp=1000, benefit_spread=0, link_benefit=0.5, grant_benefit=0)
    people = born(100, theatre, replace(rules, migrants=tastes))
    assert set(people.benefit_gbp[people.links].tolist()) == {1500.0}
    assert set(people.benefit_gbp[~people.links].tolist()) == {1000.0}


RANKS = np.array([0.0, 0.39, 0.4, 0.99, 1.0, 7.0], dtype=np.float32)


@pytest.mark.parametrize(
    ("rule", "may"),
    [
        (DocumentsRule.PASSPORT_ONLY, [True, True, False, False, False, False]),
        (DocumentsRule.PASSPORT_OR_IDENTITY_CARD, [True, True, True, True, False, False]),
        (DocumentsRule.NONE, [True] * 6),
    ],
)
def test_the_papers_asked_for_are_held_by_those_of_a_low_enough_rank(rule, may, rules):
    asked = replace(rules.legal_route, documents_rule=rule, passport_share=0.4)
    assert has_papers(asked, RANKS).tolist() == may


def test_those_with_papers_are_the_groups_share(theatre, rules):
    def holders(share: float):
        groups = tuple(replace(g, documents_share=share) for g in theatre.groups)
        return born(400, replace(theatre, groups=groups), rules).papers_rank < 1

    assert not holders(0).any()
    assert holders(1).all()
    assert (holders(0.3) <= holders(0.7)).all()
    assert 0 < holders(0.3).sum() < holders(0.7).sum() < 400


def test_applicants_from_elsewhere_all_have_papers(theatre, rules):
    nobody = replace(theatre, groups=tuple(replace(g, documents_share=0) for g in theatre.groups))
    applying = replace(potential(50), applicant=np.ones(50, dtype=bool))
    assert (draw_attributes(applying, nobody, rules.migrants, Streams(1, 0)).papers_rank < 1).all()


def test_groups_keys_do_not_overlap():
    assert not np.intersect1d(person_keys(0, 1000), person_keys(1, 1000)).size


def test_joined_people_keep_their_order():
    joined = join_potential([potential(3, 0), potential(2, 1)])
    assert joined.group.tolist() == [0, 0, 0, 1, 1]
    assert len(set(joined.key.tolist())) == 5


def test_one_more_person_comes_last_and_nobodys_key_changes():
    before = potential(3)
    after = before.with_one_more(2, 7.5)
    assert (after.key[:3] == before.key).all()
    assert after.key[3] not in before.key
    assert (after.group[3], after.set_out_day[3], after.applicant[3]) == (2, 7.5, False)


def test_only_adults_and_accompanied_minors_are_in_scope():
    ages = np.array([Age.ADULT, Age.ACCOMPANIED_MINOR, Age.UNACCOMPANIED_MINOR], dtype=np.int8)
    assert in_scope(ages).tolist() == [True, True, False]


def test_those_about_are_found_where_they_are_in_order():
    people = crowd(5)
    people.move_all(np.array([1, 3, 4]), Place.NOT_YET, Place.CAMP)
    people.comes(np.array([4, 1]))
    people.comes(np.array([3]))
    people.move(3, Place.CAMP, Place.ABOARD)
    assert people.at(Place.CAMP).tolist() == [1, 4]
    assert people.at(Place.CAMP, Place.ABOARD).tolist() == [1, 3, 4]


def test_someone_who_comes_back_is_found_again_though_others_are_gone_for_good():
    people = crowd(3)
    people.move_all(np.array([0, 1]), Place.NOT_YET, Place.CAMP)
    people.comes(np.array([0, 1]))
    people.move(0, Place.CAMP, Place.RECEPTION)
    people.move(1, Place.CAMP, Place.HOME)
    assert people.at(Place.CAMP).tolist() == []
    people.move(2, Place.NOT_YET, Place.CAMP)
    people.comes(np.array([2]))
    people.move(0, Place.RECEPTION, Place.CAMP)
    assert people.at(Place.CAMP).tolist() == [0, 2]


def test_someone_at_the_coast_who_was_not_said_to_have_come_is_an_error():
    people = crowd(3)
    people.move(1, Place.NOT_YET, Place.CAMP)
    with pytest.raises(ConservationError, match=r"0 people are found in \['CAMP'\], not as many as counted"):
        people.at(Place.CAMP)
