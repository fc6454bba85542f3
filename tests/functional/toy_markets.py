"""Settings of toy theatres with known answers: a plain market, people who do not care for risk, three beaches."""

from typing import Any

from worlds import LEGS, NODES, leg

SEATS, CHOKE = 10, 100.0

COURNOT = {
    "gangs.pricing": "cournot", "gangs.choke_price_gbp": CHOKE, "gangs.price_at_start_gbp": 50,
    "gangs.seats_per_boat": {2025: SEATS}, "gangs.other_cost_gbp_per_seat": 0, "beliefs.stopped_prior": 0,
    "until": "2025-01-06",
}  # fmt: skip
"""Demand 100 - Q; nothing is lost, so that a seat costs its share of the boat."""

NOTHING_MOVES = {
    **COURNOT, "gangs.pricing": "adaptive", "gangs.price_adjustment": 0.3, "until": "2025-04-01",
    "theatre.inflow.people_per_year": {2024: 3652.5, 2025: 1e-9}, "gangs.wave_limit_m": 1e-6,
    "migrants.patience_days": 1e6,
}  # fmt: skip
"""Whoever is at the coast on the first day stays in line for good: the sea is never calm enough."""

BENEFIT, PRICE, EFFORT, STOPPED = 10_000.0, 3000.0, 700.0, 0.3

RESOLUTE = {
    "migrants.benefit_gbp": BENEFIT, "migrants.benefit_spread": 0, "migrants.link_benefit": 0,
    "migrants.grant_benefit": 0, "migrants.work_benefit": 0, "migrants.effort_gbp": EFFORT, "migrants.settle_gbp": 0,
    "migrants.wait_gbp_per_day": 1e6, "migrants.taste_gbp": 1e-6, "migrants.reputation_gbp": 0,
    "beliefs.stopped_prior": STOPPED, "gangs.price_at_start_gbp": PRICE, "gangs.price_adjustment": 0,
    "until": "2025-01-02",
}  # fmt: skip
"""People who are all alike, do not care for risk and choose without noise, on the first day: beliefs are the priors."""


def threshold(benefit: float = BENEFIT) -> float:
    """Chance of return above which nobody tries, from the value of a boat whose fare is in escrow.

    (1 - p) (B (1 - r) - price) > C, so r* = 1 - (price + C / (1 - p)) / B: Becker's rule for a fare that is paid only
    on arrival. With the fare paid beforehand it is 1 - (price + C) / (B (1 - p)).
    """
    return 1 - (PRICE + EFFORT / (1 - STOPPED)) / benefit


def beaches(land_km: dict[str, float], sea_km: dict[str, float]) -> dict[str, Any]:
    """The toy strait with other beaches, so far from the camp and from the port."""
    nodes = [node for node in NODES if node["kind"] != "sector"]
    nodes += [{"name": name, "kind": "sector", "label": name.title(), "lat": 50, "lon": 1} for name in land_km]
    legs = [old for old in LEGS if old["end"] not in ("west", "east") and old["start"] not in ("west", "east")]
    legs += [leg("camp", name, "land", km) for name, km in land_km.items()]
    legs += [leg(name, "port", "sea", km) for name, km in sea_km.items()]
    share = 1 / len(land_km)
    sectors = [{"node": name, "length_km": 30, "exposure": 1.0, "fixed_patrol_share": share} for name in land_km]
    return {"theatre.nodes": nodes, "theatre.legs": legs, "theatre.sectors": sectors}
