"""The crossing itself: how long it takes, the chance of being taken back, and the chance that people die.

All chances rise with the sea state and with crowding; incidents also with distance. The fatality data
(deaths_annual.csv) bound the level (0.1 to 2.2 per 1,000 arrivals by year), not the slopes, which are guesses with
ranges in base.yaml.
"""

from math import ceil, exp, floor, log

from sim.domain.rules import Passage, Rescue


def hours_at_sea(rules: Passage, distance_km: float, pace: float) -> float:
    """Hours on the water; `pace` is the boat's own standard-normal luck with engine and course."""
    return distance_km / rules.speed_km_per_hour * exp(rules.speed_spread * pace)


def turn_back_chance(rules: Passage, wave_m: float, people: int, distance_km: float) -> float:
    """Chance that a boat that left the beach is rescued or turns and lands in France again."""
    odds = rules.turn_back_share / (1 - rules.turn_back_share)
    odds *= exp(rules.turn_back_per_wave_m * (wave_m - rules.reference_wave_m))
    odds *= float((people / rules.reference_people) ** rules.turn_back_per_crowding)
    odds *= float((distance_km / rules.reference_distance_km) ** rules.turn_back_per_distance)
    return odds / (1 + odds)


def incident_chance(rules: Passage, wave_m: float, people: int, distance_km: float, *, taxi: bool) -> float:
    """Chance of a fatal incident on one launch: reference share x waves x crowding x distance, at most 1."""
    chance = rules.incident_share * exp(rules.incident_per_wave_m * (wave_m - rules.reference_wave_m))
    chance *= float((people / rules.reference_people) ** rules.incident_per_crowding)
    chance *= distance_km / rules.reference_distance_km
    return min(chance * (rules.taxi_incident_ratio if taxi else 1.0), 1.0)


def deaths_in_incident(rules: Passage, people: int, u: float) -> int:
    """People who die in a fatal incident: one plus a geometric number, with the rules' mean, at most all aboard."""
    more = rules.deaths_per_incident - 1
    if more <= 0:
        return min(1, people)
    stay = more / (1 + more)
    return min(1 + floor(log(u) / log(stay)), people)


def deaths_without_rescue(rules: Rescue, dead: int, people: int) -> int:
    """People who die where no vessel is free to come, given how many die if one is: rounded up, at most all aboard."""
    return min(ceil(dead * rules.unrescued_ratio), people)
