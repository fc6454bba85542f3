"""A return case's claims: who raises which, how long each takes, what succeeds, and each question's own luck."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.cases import CaseEnd as End
from sim.domain.cases import Claim, ClaimsPlan, bar_days, is_confirmed, plan_claims
from sim.domain.population import Age
from sim.domain.randomness import Luck, Streams
from sim.scenario import load_scenario

NONE = replace(
    load_scenario("base").rules.claims,
    trafficking_share=0, trafficking_days=5, trafficking_upheld_share=0, trafficking_bar_days=45,
    trafficking_final_days=150, trafficking_final_share=0.5, human_rights_share=0, human_rights_days=10,
    human_rights_upheld_share=0, appeal_share=0, appeal_days=28, appeal_allowed_share=0, age_dispute_share=0,
    age_dispute_days=20, age_dispute_minor_share=0, family_days=0, days_spread=0,
)  # fmt: skip
ALL = {"trafficking_share": 1, "human_rights_share": 1, "appeal_share": 1, "age_dispute_share": 1}
LUCK = Luck(Streams(1, 0), 7)


def plan(age: Age = Age.ADULT, luck: Luck = LUCK, **changes: float) -> ClaimsPlan:
    return plan_claims(replace(NONE, **changes), age, luck)


def raised(found: ClaimsPlan) -> dict[Claim, float]:
    return dict(found.raised)


class Asked:
    """Luck that remembers its questions."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def uniform(self, question: str) -> float:
        self.questions.append(question)
        return 0.5

    def days(self, question: str, median: float, spread: float) -> float:
        self.questions.append(question)
        return median


def test_a_case_without_claims_is_settled_at_once():
    assert plan() == ClaimsPlan(0, None, ())


SINGLE = [
    ("trafficking", Claim.TRAFFICKING, 5, "trafficking_upheld_share", End.CLAIM_UPHELD),
    ("human_rights", Claim.HUMAN_RIGHTS, 10, "human_rights_upheld_share", End.HUMAN_RIGHTS_UPHELD),
    ("age_dispute", Claim.AGE_DISPUTE, 20, "age_dispute_minor_share", End.FOUND_MINOR),
]


@pytest.mark.parametrize(("name", "claim", "days", "share", "end"), SINGLE)
def test_a_claim_that_fails_is_settled_after_its_days(name, claim, days, share, end):
    assert plan(**{f"{name}_share": 1}) == ClaimsPlan(days, None, ((claim, 0),))


@pytest.mark.parametrize(("name", "claim", "days", "share", "end"), SINGLE)
def test_a_claim_that_succeeds_ends_the_case_after_its_days(name, claim, days, share, end):
    assert plan(**{f"{name}_share": 1, share: 1}) == ClaimsPlan(days, end, ((claim, 0),))


@pytest.mark.parametrize(("name", "claim", "days", "share", "end"), SINGLE)
def test_a_claim_that_nobody_raises_does_not_matter_however_it_would_end(name, claim, days, share, end):
    assert plan(**{share: 1}) == ClaimsPlan(0, None, ())


def test_a_refused_human_rights_claim_may_be_appealed():
    found = plan(human_rights_share=1, appeal_share=1)
    assert found == ClaimsPlan(10 + 28, None, ((Claim.HUMAN_RIGHTS, 0), (Claim.APPEAL, 10)))


def test_an_appeal_that_is_allowed_ends_the_case():
    found = plan(human_rights_share=1, appeal_share=1, appeal_allowed_share=1)
    assert (found.days, found.ended) == (10 + 28, End.APPEAL_ALLOWED)


def test_an_upheld_human_rights_claim_is_not_appealed():
    found = plan(human_rights_share=1, human_rights_upheld_share=1, appeal_share=1, appeal_allowed_share=1)
    assert found == ClaimsPlan(10, End.HUMAN_RIGHTS_UPHELD, ((Claim.HUMAN_RIGHTS, 0),))


def test_only_human_rights_claims_are_appealed():
    found = plan(trafficking_share=1, age_dispute_share=1, appeal_share=1)
    assert set(raised(found)) == {Claim.TRAFFICKING, Claim.AGE_DISPUTE}


def test_an_appeal_is_not_appealed_again():
    found = plan(**ALL)
    assert [claim for claim, _ in found.raised].count(Claim.APPEAL) == 1


@pytest.mark.parametrize("age", [Age.ACCOMPANIED_MINOR, Age.UNACCOMPANIED_MINOR])
def test_only_adults_dispute_their_age(age):
    assert Claim.AGE_DISPUTE not in raised(plan(age, **ALL))
    assert Claim.AGE_DISPUTE in raised(plan(Age.ADULT, **ALL))


def test_only_an_accompanied_minors_case_waits_for_the_familys_arrangements():
    assert [plan(age, family_days=21).days for age in Age] == [0, 21, 0]


def test_the_family_and_the_claims_are_waited_for_side_by_side():
    minor = Age.ACCOMPANIED_MINOR
    assert plan(minor, family_days=21, human_rights_share=1).days == 21
    assert plan(minor, family_days=7, human_rights_share=1).days == 10


def test_a_claim_that_succeeds_does_not_wait_for_the_family():
    found = plan(Age.ACCOMPANIED_MINOR, family_days=21, human_rights_share=1, human_rights_upheld_share=1)
    assert (found.days, found.ended) == (10, End.HUMAN_RIGHTS_UPHELD)


def test_claims_run_side_by_side_and_the_longest_settles_the_case():
    found = plan(**{**ALL, "appeal_share": 0})
    assert (found.days, found.ended, len(found.raised)) == (20, None, 3)


def test_the_first_success_ends_the_case():
    found = plan(**ALL, trafficking_upheld_share=1, human_rights_upheld_share=1, age_dispute_minor_share=1)
    assert (found.days, found.ended) == (5, End.CLAIM_UPHELD)
    later = plan(**ALL, trafficking_days=12, trafficking_upheld_share=1, human_rights_upheld_share=1)
    assert (later.days, later.ended) == (10, End.HUMAN_RIGHTS_UPHELD)


def test_claims_are_raised_only_until_the_first_success():
    found = plan(**ALL, trafficking_upheld_share=1)  # over on day 5; the appeal would follow on day 10
    assert set(raised(found)) == {Claim.TRAFFICKING, Claim.HUMAN_RIGHTS, Claim.AGE_DISPUTE}
    late = plan(**ALL, trafficking_upheld_share=1, trafficking_days=11)
    assert raised(late)[Claim.APPEAL] == 10


def test_each_question_has_its_own_luck():
    asked = Asked()
    rules = replace(NONE, **ALL)
    plan_claims(rules, Age.ADULT, asked)
    bar_days(rules, asked)
    is_confirmed(rules, asked)
    of_each_claim = 4 * 3  # raised, days, outcome
    assert len(asked.questions) == len(set(asked.questions)) == of_each_claim + 2


def test_a_case_has_the_same_claims_whenever_they_are_planned():
    rules = replace(NONE, **ALL, days_spread=0.6, human_rights_upheld_share=0.5)
    assert plan_claims(rules, Age.ADULT, LUCK) == plan_claims(rules, Age.ADULT, Luck(Streams(1, 0), 7))


def test_another_case_of_the_same_person_has_its_own_claims():
    spread = {**ALL, "days_spread": 0.6}
    first, second = (plan(luck=Luck(Streams(1, 0), 7, case), **spread) for case in (0, 1))
    assert first.days != second.days


def test_more_claims_leave_those_there_were_as_they_were():
    some = {"human_rights_share": 1, "days_spread": 0.6}
    alone, beside = plan(**some), plan(**some, trafficking_share=1, trafficking_days=0.01)
    assert alone.days == beside.days


@given(key=st.integers(0, 2**32), share=st.floats(0, 1))
def test_a_higher_chance_of_a_claim_keeps_the_claims_there_were(key, share):
    luck = Luck(Streams(1, 0), key)
    fewer, more = (set(raised(plan(luck=luck, trafficking_share=s, human_rights_share=s))) for s in (share, 1))
    assert fewer <= more


@given(key=st.integers(0, 2**32))
def test_a_case_is_over_by_the_day_its_last_claim_is_decided(key):
    found = plan(luck=Luck(Streams(1, 0), key), **ALL, days_spread=0.6, human_rights_upheld_share=0.3,
                 trafficking_upheld_share=0.3)  # fmt: skip
    assert all(0 <= start <= found.days for _, start in found.raised)
    assert found.ended in {None, End.CLAIM_UPHELD, End.HUMAN_RIGHTS_UPHELD}


def test_a_bar_lasts_at_least_the_statutory_days_and_until_the_final_decision():
    assert bar_days(NONE, LUCK) == 150
    assert bar_days(replace(NONE, trafficking_final_days=30), LUCK) == 45


def test_the_final_decision_has_its_spread():
    spread = replace(NONE, days_spread=0.6, trafficking_bar_days=0)
    days = {bar_days(spread, Luck(Streams(1, 0), key)) for key in range(5)}
    assert len(days) == 5
    assert min(days) < 150 < max(days)


def test_the_final_decision_confirms_with_its_share():
    lucks = [Luck(Streams(1, 0), key) for key in range(40)]
    some = [is_confirmed(NONE, luck) for luck in lucks]
    assert any(some)
    assert not all(some)
    assert not any(is_confirmed(replace(NONE, trafficking_final_share=0), luck) for luck in lucks)
    assert all(is_confirmed(replace(NONE, trafficking_final_share=1), luck) for luck in lucks)
