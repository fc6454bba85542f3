"""`Rules`: every number in force at one moment of a run, in frozen sections with units in the names.

Values, ranges, sources and confidence live in `configs/base.yaml`, section by section under these same names;
a policy lever is a function from one `Rules` to another from a date on. Nothing here has a default: a number
that is missing from the YAML is an error, never a guess made in code. The exchange's sections are in `rules_exchange`,
those of the sea and its shores in `rules_coast`.
"""

from dataclasses import dataclass, fields

from sim.domain.quantities import (
    ByDate,
    Count,
    Hour,
    NonNegative,
    Positive,
    PositiveCount,
    Share,
)
from sim.domain.rules_coast import Maritime, Onward, Passage, Patrols, Rescue
from sim.domain.rules_exchange import AfterReturn, Asylum, Claims, DocumentsRule, Exchange, LegalRoute, Money

__all__ = [
    "AfterReturn", "Asylum", "Beliefs", "Centre", "Claims", "Coast", "DocumentsRule", "Exchange", "Gangs", "LegalRoute",
    "Maritime", "Migrants", "Money", "Onward", "Passage", "Patrols", "Rescue", "Rhythm", "Rules",
]  # fmt: skip

STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The hours at which the day's shared moments fall."""

    dawn_hour: Hour
    noon_hour: Hour
    dusk_hour: Hour
    count_hour: Hour
    launch_from_hour: Hour
    launch_to_hour: Hour
    together_hours: NonNegative


@dataclass(frozen=True, slots=True)
class Coast:
    """People at the coast: who is there at the start, and how often they look at their choices again."""

    people_at_start: Count
    rest_days: NonNegative
    review_days: Positive
    seen_from_afar: Positive


@dataclass(frozen=True, slots=True)
class Migrants:
    """Tastes behind the choices, in pounds: a random-utility model with a logit of scale `taste_gbp`."""

    benefit_gbp: Positive
    benefit_spread: NonNegative
    link_benefit: NonNegative
    grant_benefit: NonNegative
    work_benefit: NonNegative
    taste_gbp: Positive
    effort_gbp: NonNegative
    nerve_gbp: NonNegative
    nerve_spread: NonNegative
    wait_gbp_per_day: NonNegative
    life_gbp: NonNegative
    risk_spread: NonNegative
    return_loss_gbp: NonNegative
    settle_gbp: float
    lorry_gbp: NonNegative
    lorry_success: Share
    lorry_days: Positive
    time_gbp_per_day: Positive
    time_spread: NonNegative
    reputation_gbp: NonNegative
    guarantee_kept_share: Share
    camp_gbp_per_km: NonNegative
    lorry_death_share: Share
    home_gbp: float
    hearsay_spread: NonNegative
    budget_gbp: Positive
    budget_spread: NonNegative
    patience_days: Positive
    patience_spread: NonNegative


@dataclass(frozen=True, slots=True)
class Beliefs:
    """How news moves what people believe. Counts are pseudo-observations of a Beta belief."""

    prior_strength: Positive
    stopped_prior: Share
    died_prior: Share
    returned_prior: Share
    admitted_prior: Share
    work_prior: Share
    memory_days: Positive
    news_delay_days: NonNegative
    noise: NonNegative
    tie_camps: Share
    tie_groups: Share
    tie_afar: Share
    tie_uk: Share
    tie_delay_days: NonNegative
    tie_least: Share
    near_miss_weight: NonNegative
    return_publicity: NonNegative
    own_weight: Positive
    community_voices: Positive
    flow_memory_days: Positive
    expectation: str
    announced_weight: Share
    stay_days: Positive
    hurry_gbp_per_day: Positive
    credibility_at_start: Share
    credibility_adjustment: Share


@dataclass(frozen=True, slots=True)
class Gangs:
    """Firms that sell seats: planning, loading, prices, supply, learning, entry and ruin."""

    firms: PositiveCount
    firms_at_most: PositiveCount
    size_spread: NonNegative
    stealth_spread: NonNegative
    pricing: str
    sector_choice: str
    wave_limit_m: Positive
    wave_limit_spread: NonNegative
    nightly_boats: Positive
    fill_at_least: Share
    seats_per_boat: ByDate
    seats_spread: NonNegative
    crowding: Positive
    squeeze_at_most: Positive
    calm_share: Share
    waiting_worth: Share
    taxi_share: Share
    taxi_cost_gbp: NonNegative
    fuel_gbp_per_km: NonNegative
    package_gbp: Positive
    scarcity_response: NonNegative
    dispatched_per_day: Positive
    other_cost_gbp_per_seat: NonNegative
    choke_price_gbp: Positive
    price_at_start_gbp: Positive
    price_adjustment: Share
    markup: NonNegative
    queue_response: NonNegative
    lead_days: Positive
    stock_days: Positive
    boats_at_start: Count
    seized_share: Share
    cash_at_start_gbp: NonNegative
    overhead_gbp_per_day: NonNegative
    learning_rate: Share
    reputation_rate: Share
    smoothing_days: Positive
    choice_temperature_gbp: Positive
    imitation_voices: NonNegative
    gravity_km: Positive
    distance_gbp_per_km: NonNegative
    entry_margin_gbp_per_day: Positive
    entry_review_days: PositiveCount
    minors_fare_share: Share
    advertising_share: NonNegative
    advertising_scale_gbp: Positive
    advertising_memory_days: Positive
    advertising_takedown: Share
    advertising_lift: NonNegative
    advertising_distrust: NonNegative


@dataclass(frozen=True, slots=True)
class Centre:
    """Arrival processing in the UK: staff, places and how long one registration takes."""

    staff: PositiveCount
    places: PositiveCount
    called_together: PositiveCount
    registration_hours: Positive
    registration_shape: Count
    lorry_detected_share: Share


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything in force at one moment of a run."""

    rhythm: Rhythm
    coast: Coast
    migrants: Migrants
    beliefs: Beliefs
    gangs: Gangs
    passage: Passage
    patrols: Patrols
    maritime: Maritime
    rescue: Rescue
    onward: Onward
    centre: Centre
    exchange: Exchange
    claims: Claims
    legal_route: LegalRoute
    after_return: AfterReturn
    asylum: Asylum
    money: Money


for _section in (Rules, *(field.type for field in fields(Rules))):
    setattr(_section, "__pydantic_config__", STRICT)  # noqa: B010  (pydantic reads it; the class need not know it)
