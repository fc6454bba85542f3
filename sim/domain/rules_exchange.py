"""The sections of `Rules` on the exchange and on what comes after it: returns, claims, legal route, asylum, money."""

from dataclasses import dataclass
from enum import StrEnum

from sim.domain.quantities import Count, NonNegative, Positive, PositiveCount, Share


class DocumentsRule(StrEnum):
    """Which papers an applicant for the legal route must show."""

    PASSPORT_OR_IDENTITY_CARD = "passport_or_identity_card"
    PASSPORT_ONLY = "passport_only"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Exchange:
    """'One in, one out': targets, reviews, and the returns pipeline's clocks, shares and capacities.

    `announced`, `open`, `opened_day` and `closes_day` are switched by the exchange lever on its dates, never by hand.
    """

    announced: bool
    open: bool
    opened_day: float
    closes_day: float
    weekly_target: NonNegative
    announced_ratio: NonNegative
    scale_up: str
    review_weeks: PositiveCount
    scale_factor: Positive
    delivery_needed: Share
    delivery_to_hold: Share
    cut_factor: Share
    target_at_most: NonNegative
    steps: dict[int, NonNegative]
    review_flow: bool
    flow_fall_needed: Share
    renewal: str
    renewal_weeks: PositiveCount
    renewal_delivery_needed: Share
    selection: str
    target_groups: list[str]
    selection_share: Share
    over_selection: Positive
    carry_over_weeks: NonNegative
    beds: Count
    caseworkers: PositiveCount
    request_work_days: NonNegative
    request_days: Positive
    request_limit_days: Positive
    french_reply_days: Positive
    french_reply_limit_days: Positive
    french_late_share: Share
    french_refusal_share: Share
    french_imbalance_share: Share
    flights_per_week: NonNegative
    seats_per_flight: Count
    flight_filled_at_least: Share
    flight_cancelled_share: Share
    seat_attrition_share: Share
    void_days: Positive


@dataclass(frozen=True, slots=True)
class Claims:
    """What runs beside a return case and may delay or end it: each with its chance, duration and outcome."""

    trafficking_share: Share
    trafficking_days: Positive
    trafficking_upheld_share: Share
    trafficking_bar_days: NonNegative
    trafficking_final_days: Positive
    trafficking_final_share: Share
    human_rights_share: Share
    human_rights_days: Positive
    human_rights_upheld_share: Share
    appeal_share: Share
    appeal_days: Positive
    appeal_allowed_share: Share
    injunction_share: Share
    injunction_days: Positive
    injunction_stop_share: Share
    age_dispute_share: Share
    age_dispute_days: Positive
    age_dispute_minor_share: Share
    family_days: NonNegative
    days_spread: NonNegative


@dataclass(frozen=True, slots=True)
class LegalRoute:
    """'One in': who knows of it and may apply, who is chosen, and the stages to admission."""

    float_places: Count
    parity_tolerance: Count
    awareness: Share
    awareness_per_day: NonNegative
    other_applicants_per_week: NonNegative
    documents_rule: DocumentsRule
    passport_share: Share
    window_every_days: PositiveCount
    window_open_days: PositiveCount
    patience_days: Positive
    admission: str
    links_first: bool
    priority_groups: list[str]
    checks_days: Positive
    pass_share: Share
    biometrics_per_day: PositiveCount
    visa_days: Positive
    visa_refused_share: Share
    travel_days: NonNegative
    days_spread: NonNegative


@dataclass(frozen=True, slots=True)
class AfterReturn:
    """What people do in France after a return, and what awaits those who come again."""

    reception_days: Positive
    try_again_share: Share
    claim_in_france_share: Share
    go_home_share: Share
    retry_days: Positive
    recognised_selection_share: Share
    recognised_reply_days: Positive


@dataclass(frozen=True, slots=True)
class Asylum:
    """Waiting for a decision in the UK, and work without permission meanwhile."""

    decision_days: Positive
    decision_shape: PositiveCount
    grant_ratio: NonNegative
    grant_shares: dict[str, Share]
    work_share: Share
    finds_work_share: Share
    work_after_days: NonNegative
    visits_per_quarter: Positive
    reference_visits_per_quarter: Positive
    work_elasticity: NonNegative
    arrests_per_visit: NonNegative
    irregular_workers: Positive


@dataclass(frozen=True, slots=True)
class Money:
    """Unit costs. Pounds throughout."""

    accommodation_gbp_per_night: NonNegative
    detention_gbp_per_day: NonNegative
    registration_gbp: NonNegative
    case_gbp: NonNegative
    claim_gbp: NonNegative
    flight_gbp: NonNegative
    admission_gbp: NonNegative
    admitted_housed_share: Share
    patrol_unit_gbp_per_day: NonNegative
    patrol_uk_funded_share: Share
    french_case_gbp: NonNegative
    french_reception_gbp_per_day: NonNegative
