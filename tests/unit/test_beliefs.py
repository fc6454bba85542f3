"""Beliefs: news with delay and fading, one's own experience, announcements and their credibility."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.beliefs import About, News, Noise, expected_return, next_credibility, priors, with_own_experience
from sim.domain.contacts import Contacts, Ties, contacts
from sim.domain.rules import Beliefs
from sim.scenario import load_scenario

RULES = replace(
    load_scenario("base").rules.beliefs,
    prior_strength=10, stopped_prior=0.4, died_prior=0.001, returned_prior=0.0, admitted_prior=0.1, memory_days=1e12,
    news_delay_days=2, own_weight=2, community_voices=10,
)  # fmt: skip


def news(rules: Beliefs = RULES, contacts: Contacts | None = None, noise: Noise | None = None) -> News:
    communities = contacts.communities if contacts else 2
    return News(rules, priors(rules, np.full(communities, 0.5)), contacts, noise)


def hear(heard: News, days: int, rules: Beliefs = RULES) -> None:
    for _ in range(days):
        heard.next_day(rules)


def own(chance: float, strength: float, hits: float, tries: float, rules: Beliefs = RULES) -> float:
    columns = (np.array([x]) for x in (chance, strength, hits, tries))
    return float(with_own_experience(*columns, rules)[0])


def test_before_any_news_the_prior_is_believed():
    assert news().chance(About.STOPPED).tolist() == [0.4, 0.4]
    assert news().strength(About.STOPPED).tolist() == [10, 10]


def test_news_is_not_heard_before_its_delay():
    heard = news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 2)
    assert heard.chance(About.STOPPED)[0] == 0.4


def test_news_is_heard_after_its_delay():
    heard = news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 3)
    assert heard.chance(About.STOPPED)[0] == pytest.approx((4 + 10) / 20)


def test_without_delay_news_is_heard_the_next_day():
    prompt, heard = replace(RULES, news_delay_days=0), news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 1, prompt)
    assert heard.chance(About.STOPPED)[0] == pytest.approx(0.7)


def test_a_community_does_not_hear_anothers_news():
    heard = news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 3)
    assert heard.chance(About.STOPPED)[1] == 0.4


def test_news_of_one_kind_leaves_other_beliefs_alone():
    heard = news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 3)
    assert heard.chance(About.DIED)[0] == 0.001


def test_telling_all_communities_equals_telling_each():
    together, apart = news(), news()
    together.tell(About.DIED, np.array([1.0, 2.0]), np.array([30.0, 40.0]))
    apart.tell_one(About.DIED, 0, 1.0, 30.0)
    apart.tell_one(About.DIED, 1, 2.0, 40.0)
    hear(together, 3)
    hear(apart, 3)
    assert (together.chance(About.DIED) == apart.chance(About.DIED)).all()


def test_memory_fades_to_one_over_e():
    fading, heard = replace(RULES, memory_days=5, news_delay_days=0), news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 1 + 5, fading)
    assert heard.trials[About.STOPPED, 0] == pytest.approx(10 / exp(1))


def test_forgotten_news_leaves_the_prior():
    fading, heard = replace(RULES, memory_days=1, news_delay_days=0), news()
    heard.tell_one(About.STOPPED, 0, 10, 10)
    hear(heard, 60, fading)
    assert heard.chance(About.STOPPED)[0] == pytest.approx(0.4)


def test_a_chance_is_never_believed_above_one():
    heard = news()
    heard.tell_one(About.RETURNED, 0, 50, 0)
    hear(heard, 3)
    assert heard.chance(About.RETURNED)[0] == 1.0


def test_without_own_tries_the_community_is_believed():
    assert own(0.3, 50, 0, 0) == pytest.approx(0.3)


def test_own_failures_raise_the_chance_of_being_stopped():
    assert own(0.3, 10, 1, 1) == pytest.approx((3 + 2) / (10 + 2))


def test_own_success_lowers_it():
    assert own(0.3, 10, 0, 1) == pytest.approx(3 / 12)


def test_own_experience_is_heard_beside_thousands_of_reports():
    assert own(0.3, 1e6, 1, 1) == own(0.3, RULES.community_voices, 1, 1)


def test_an_announcement_fully_believed_counts_in_full():
    assert expected_return(np.array([0.0]), 0.5, 1.0, 1.0)[0] == 0.5


def test_an_announcement_counts_by_weight_and_credibility():
    assert expected_return(np.array([0.1]), 0.5, 0.5, 0.5)[0] == pytest.approx(0.2)


def test_an_announcement_nobody_believes_changes_nothing():
    assert expected_return(np.array([0.1]), 1.0, 1.0, 0.0)[0] == 0.1


def test_an_announcement_below_what_people_see_changes_nothing():
    assert expected_return(np.array([0.6]), 0.5, 1.0, 1.0)[0] == 0.6


@given(heard=st.floats(0, 1), announced=st.floats(0, 1), weight=st.floats(0, 1), credibility=st.floats(0, 1))
def test_the_expected_chance_lies_between_what_is_heard_and_what_is_announced(heard, announced, weight, credibility):
    expected = expected_return(np.array([heard]), announced, weight, credibility)[0]
    assert heard <= expected <= max(heard, announced) + 1e-12


def test_a_broken_promise_lowers_credibility():
    assert next_credibility(1.0, promised=50, delivered=25, adjustment=0.1) == pytest.approx(0.95)


def test_a_kept_promise_restores_credibility():
    assert next_credibility(0.5, promised=50, delivered=50, adjustment=0.1) == pytest.approx(0.55)


def test_delivering_more_than_promised_counts_as_keeping_it():
    assert next_credibility(0.5, 50, 500, 0.1) == next_credibility(0.5, 50, 50, 0.1)


def test_without_a_promise_credibility_stays():
    assert next_credibility(0.7, 0, 0, 0.1) == 0.7


CAMP_AND_KIN = contacts(1, 1, Ties(camps=0, groups=0, afar=0.5, uk=0, delay_days=3, least=0.02))  # camp 0, afar 1, UK 2


def test_news_reaches_a_tied_community_later_and_in_part():
    heard = news(contacts=CAMP_AND_KIN)
    heard.tell_one(About.STOPPED, 0, 10, 20)
    hear(heard, 3)
    assert heard.trials[About.STOPPED].tolist() == pytest.approx([20, 0, 0])
    hear(heard, 3)
    assert heard.trials[About.STOPPED].tolist() == pytest.approx([20, 10, 0])
    assert heard.chance(About.STOPPED)[1] == pytest.approx((4 + 5) / (10 + 10))


def test_noise_distorts_what_is_told_of_hits_but_not_how_much_is_told():
    heard = news(replace(RULES, noise=1.0), noise=lambda day: np.full((len(About), 2), 1.0))
    heard.tell_one(About.STOPPED, 0, 10, 100)
    hear(heard, 3, replace(RULES, noise=1.0))
    assert heard.trials[About.STOPPED, 0] == 100
    assert heard.counts[0, About.STOPPED, 0] == pytest.approx(10 * exp(1 - 0.5))


def test_where_nothing_happens_noise_changes_nothing():
    loud = replace(RULES, noise=1.0)
    heard = news(loud, noise=lambda day: np.full((len(About), 2), 3.0))
    hear(heard, 5, loud)
    assert (heard.chances == news().chances).all()


def test_who_heeds_hearsay_less_listens_more_to_their_own_failures():
    columns = (np.array([x, x]) for x in (0.2, 100.0, 3.0, 3.0))
    deaf, keen = with_own_experience(*columns, RULES, np.array([0.5, 2.0]))
    assert deaf > keen > 0.2
