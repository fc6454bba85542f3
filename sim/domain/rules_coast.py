"""The sections of `Rules` on the sea and its shores: passage, patrols, interception at sea, rescue, the way onward."""

from dataclasses import dataclass

from sim.domain.quantities import AtLeastOne, Count, Hour, NonNegative, Positive, Share


@dataclass(frozen=True, slots=True)
class Passage:
    """The sea: speed, turn-backs and fatal incidents."""

    speed_km_per_hour: Positive
    speed_spread: NonNegative
    turn_back_share: Share
    turn_back_per_wave_m: NonNegative
    turn_back_per_crowding: NonNegative
    turn_back_per_distance: NonNegative
    incident_share: Share
    incident_per_wave_m: NonNegative
    incident_per_crowding: NonNegative
    reference_wave_m: NonNegative
    reference_distance_km: Positive
    reference_people: Positive
    deaths_per_incident: Positive
    taxi_incident_ratio: NonNegative
    landing_scale_km: Positive


@dataclass(frozen=True, slots=True)
class Patrols:
    """Units on the beaches: two shifts a night, random search, and the hours that one find keeps a unit busy.

    `funded_since_day` is switched by the lever french_funding on its date, never by hand.
    """

    units: Count
    night_share: Share
    late_shift_hour: Hour
    allocation: str
    sweep_km_per_unit: NonNegative
    busy_hours: Positive
    stop_beach: Share
    stop_taxi: Share
    allocation_memory_days: Positive
    allocation_fixed_weight: Share
    extra_funding_gbp_per_year: NonNegative
    funded_since_day: float
    recruitment_days: Positive


@dataclass(frozen=True, slots=True)
class Maritime:
    """Teams near the shore that meet boats picking people up from the water, before anyone boards."""

    teams: Count
    sweep_km_per_team: NonNegative
    stop_share: Share
    busy_hours: Positive
    incident_ratio: NonNegative


@dataclass(frozen=True, slots=True)
class Rescue:
    """Vessels that answer calls at sea, and what it costs when none is free."""

    vessels: Count
    hours_busy: Positive
    unrescued_ratio: AtLeastOne


@dataclass(frozen=True, slots=True)
class Onward:
    """What keeps those who have landed from going on: what of the worth of arriving each hindrance takes."""

    route_lost_share: Share
    held_lost_share: Share
