"""A return case: what may end it, and the claims that run beside its papers."""

from dataclasses import dataclass
from enum import IntEnum

from sim.domain.population import Age
from sim.domain.randomness import Luck
from sim.domain.rules import Claims


class CaseEnd(IntEnum):
    """How a return case ends."""

    RETURNED = 0
    VOIDED = 1
    REFUSED_BY_FRANCE = 2
    CLAIM_UPHELD = 3
    HUMAN_RIGHTS_UPHELD = 4
    APPEAL_ALLOWED = 5
    INJUNCTION_STOPPED = 6
    FOUND_MINOR = 7
    REQUEST_TOO_LATE = 8
    REFUSED_FOR_IMBALANCE = 9


class Claim(IntEnum):
    """What may be raised against a return; each costs and takes time."""

    TRAFFICKING = 0
    HUMAN_RIGHTS = 1
    APPEAL = 2
    AGE_DISPUTE = 3


@dataclass(frozen=True, slots=True)
class ClaimsPlan:
    """How the claims of one case would go, drawn at its start; days count from selection.

    `ended` is None if no claim succeeds; `days` is then when all are settled, else when the first succeeds.
    `raised` are the claims begun by then, each with its day.
    """

    days: float
    ended: CaseEnd | None
    raised: tuple[tuple[Claim, float], ...]


def plan_claims(rules: Claims, age: int, luck: Luck) -> ClaimsPlan:
    """The claims of one case: all begin at selection and run side by side; an appeal follows a refused claim.

    Args:
        rules: chances, median days and outcomes.
        age: the person's age class; only adults dispute their age, only an accompanied minor's case waits for a family.
        luck: the case's own draws.
    """
    begun = [(claim, 0.0) for claim in FIRST_CLAIMS if luck.uniform(name(claim)) < chance(rules, claim, age)]
    settled = rules.family_days if age == Age.ACCOMPANIED_MINOR else 0.0
    ends: list[tuple[float, CaseEnd]] = []
    for claim, start in begun:  # grows: a refused claim may be appealed
        day = start + luck.days(name(claim) + "/days", median_days(rules, claim), rules.days_spread)
        settled = max(settled, day)
        if luck.uniform(name(claim) + "/outcome") < upheld_share(rules, claim):
            ends.append((day, SUCCESS[claim]))
        elif claim is Claim.HUMAN_RIGHTS and luck.uniform(name(Claim.APPEAL)) < rules.appeal_share:
            begun.append((Claim.APPEAL, day))
    days, ended = min(ends) if ends else (settled, None)
    return ClaimsPlan(days, ended, tuple((claim, start) for claim, start in begun if start <= days))


def name(claim: Claim) -> str:
    """The purpose of a claim's draws."""
    return f"case/{claim.name.lower()}"


def bar_days(rules: Claims, luck: Luck) -> float:
    """Days for which an upheld trafficking claim bars removal: to the final decision, at least the statutory time."""
    final = luck.days("case/trafficking/final_days", rules.trafficking_final_days, rules.days_spread)
    return max(rules.trafficking_bar_days, final)


def is_confirmed(rules: Claims, luck: Luck) -> bool:
    """Whether the final decision confirms an upheld trafficking claim: the case is then over."""
    return luck.uniform("case/trafficking/final") < rules.trafficking_final_share


FIRST_CLAIMS = (Claim.TRAFFICKING, Claim.HUMAN_RIGHTS, Claim.AGE_DISPUTE)
SUCCESS = {
    Claim.TRAFFICKING: CaseEnd.CLAIM_UPHELD,
    Claim.HUMAN_RIGHTS: CaseEnd.HUMAN_RIGHTS_UPHELD,
    Claim.APPEAL: CaseEnd.APPEAL_ALLOWED,
    Claim.AGE_DISPUTE: CaseEnd.FOUND_MINOR,
}


def chance(rules: Claims, claim: Claim, age: int) -> float:
    """Chance that a case of someone of this age raises the claim."""
    if claim is Claim.AGE_DISPUTE:
        return rules.age_dispute_share if age == Age.ADULT else 0.0
    return rules.trafficking_share if claim is Claim.TRAFFICKING else rules.human_rights_share


def median_days(rules: Claims, claim: Claim) -> float:
    """Median days from the claim to its decision."""
    return {
        Claim.TRAFFICKING: rules.trafficking_days,
        Claim.HUMAN_RIGHTS: rules.human_rights_days,
        Claim.APPEAL: rules.appeal_days,
        Claim.AGE_DISPUTE: rules.age_dispute_days,
    }[claim]


def upheld_share(rules: Claims, claim: Claim) -> float:
    """Chance that the claim succeeds."""
    return {
        Claim.TRAFFICKING: rules.trafficking_upheld_share,
        Claim.HUMAN_RIGHTS: rules.human_rights_upheld_share,
        Claim.APPEAL: rules.appeal_allowed_share,
        Claim.AGE_DISPUTE: rules.age_dispute_minor_share,
    }[claim]
