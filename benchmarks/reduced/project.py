"""The reduced model in this project's whole machinery: `build_world` and `env.run` with a scenario cut down to it.

Nothing is removed from the processes: beliefs, contacts, dawn decisions over six choices, the gang's learning, prices,
patrols, accounts, stock-taking and audits all run. Settings make them come to what the reduced model says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from benchmarks.reduced.model import CALM_NIGHTS, DAYS, Given, Outcomes, Reduced, outcomes_of
from sim.domain.choice import chance_to_come, value_of_boat
from sim.domain.population import Potential, draw_attributes
from sim.domain.randomness import Floats, Streams
from sim.processes.arrivals import potential_people
from sim.processes.gang import boat_key
from sim.processes.world import World, build_world
from sim.records.recorder import Happened
from sim.scenario import load_scenario
from sim.scenario.schema import Scenario

SEED = 20250710
MANY, HUGE = 1_000_000, 1e12
DISTANCE_KM = 30
CALM_M, ROUGH_M = 0.1, 5.0


def node(name: str, kind: str) -> dict[str, object]:
    """A place."""
    return {"name": name, "kind": kind, "label": name.title(), "lat": 50, "lon": 1}


def leg(start: str, end: str, kind: str, km: float) -> dict[str, object]:
    """A way between places that takes no time (time at sea follows from the distance)."""
    return {"start": start, "end": end, "kind": kind, "distance_km": km, "hours": 0, "cost_gbp": 0, "hazard": 0}


PLACES = {
    "home": "origin", "camp": "camp", "beach": "sector", "port": "landing", "hall": "centre", "block": "detention",
    "town": "community", "hostel": "reception", "gateway": "gateway", "away": "exit",
}  # fmt: skip

STRAIT = {
    "theatre.nodes": [node(name, kind) for name, kind in PLACES.items()],
    "theatre.legs": [
        leg("home", "camp", "land", 100), leg("camp", "beach", "land", 10), leg("beach", "port", "sea", DISTANCE_KM),
        leg("port", "hall", "administrative", 1), leg("hall", "block", "administrative", 1),
        leg("block", "hostel", "administrative", 1), leg("gateway", "town", "administrative", 1),
    ],
    "theatre.sectors": [{"node": "beach", "length_km": 30, "exposure": 1.0, "fixed_patrol_share": 1.0}],
    "theatre.groups": [
        {"name": "people", "label": "People", "origin": "home", "share": {2025: 1.0}, "uk_links_share": 0.5,
         "documents_share": 1.0, "grant_share": 0.5}
    ],
    "theatre.ages.accompanied_minor_share": 0, "theatre.ages.unaccompanied_minor_share": 0,
    "theatre.inflow.season_amplitude": 0, "theatre.weather.forecast_log_error": 0,
}  # fmt: skip

THREE_CHOICES = {
    "coast.people_at_start": 0, "coast.seen_from_afar": 1, "migrants.link_benefit": 0, "migrants.grant_benefit": 0,
    "migrants.work_benefit": 0, "migrants.life_gbp": 0, "migrants.lorry_gbp": 1e9, "migrants.settle_gbp": 0,
    "migrants.home_gbp": -1e9, "migrants.budget_gbp": 1e6, "migrants.budget_spread": 0, "migrants.hearsay_spread": 0,
    "beliefs.returned_prior": 0, "beliefs.prior_strength": HUGE, "beliefs.own_weight": 1, "beliefs.noise": 0,
    "legal_route.other_applicants_per_week": 0, "asylum.work_share": 0,
}  # fmt: skip
"""A boat, waiting or settling elsewhere are left of six choices. News is heard as ever, but weighs nothing against the
community's prior, so that beside it only one's own failures count."""

ONE_GANG = {
    "gangs.firms": 1, "gangs.firms_at_most": 1, "gangs.size_spread": 0, "gangs.stealth_spread": 0,
    "gangs.wave_limit_m": 1, "gangs.wave_limit_spread": 0, "gangs.seats_spread": 0, "gangs.crowding": 1,
    "gangs.squeeze_at_most": 1, "gangs.taxi_share": 0, "gangs.boats_at_start": MANY, "gangs.cash_at_start_gbp": HUGE,
    "gangs.price_adjustment": 0, "rhythm.together_hours": 0,
    "passage.turn_back_share": 0, "passage.incident_share": 0, "passage.speed_spread": 0,
    "patrols.units": MANY, "patrols.night_share": 1, "patrols.sweep_km_per_unit": 1, "patrols.busy_hours": 0.1,
    "maritime.teams": 0, "centre.places": MANY, "centre.called_together": 1,
}  # fmt: skip
"""So many patrols that each boat is found; whether it is then stopped is the reduced model's chance."""


def settings(model: Reduced) -> dict[str, object]:
    """What of the scenario follows from the model's numbers."""
    return {
        "theatre.inflow.people_per_year": {2025: model.people * 365.25 / DAYS},
        "coast.rest_days": model.rest_days,
        "coast.review_days": model.review_days,
        "migrants.benefit_gbp": model.benefit_gbp,
        "migrants.benefit_spread": model.benefit_spread,
        "migrants.effort_gbp": model.effort_gbp,
        "migrants.nerve_gbp": model.nerve_gbp,
        "migrants.nerve_spread": model.nerve_spread,
        "migrants.taste_gbp": model.taste_gbp,
        "migrants.wait_gbp_per_day": model.wait_gbp_per_day,
        "migrants.patience_days": model.patience_days,
        "migrants.patience_spread": model.patience_spread,
        "beliefs.stopped_prior": model.stopped_prior,
        "beliefs.community_voices": model.voices,
        "gangs.price_at_start_gbp": model.price_gbp,
        "gangs.nightly_boats": model.boats,
        "gangs.seats_per_boat": {2025: model.seats},
        "gangs.fill_at_least": model.fill_at_least,
        "rhythm.launch_from_hour": model.launch_day * 24,
        "rhythm.launch_to_hour": model.launch_day * 24,
        "passage.speed_km_per_hour": DISTANCE_KM / (model.crossing_days * 24),
        "patrols.stop_beach": model.stopped_share,
        "centre.staff": model.desks,
        "centre.registration_hours": model.registration_days * 24,
        "centre.registration_shape": model.registration_shape,
        "asylum.decision_days": model.decision_days,
        "asylum.decision_shape": model.decision_shape,
    }


def scenario_of(model: Reduced) -> Scenario:
    """The base scenario cut down to the reduced model, with its list of calm nights as the observed sea."""
    dates = {"start": "2025-01-01", "measure_from": "2025-01-01", "until": "2026-01-01", "seed": SEED}
    scenario = load_scenario("base", {**STRAIT, **THREE_CHOICES, **ONE_GANG, **settings(model), **dates})
    sea = {scenario.start + timedelta(days=n): CALM_M if calm else ROUGH_M for n, calm in enumerate(CALM_NIGHTS)}
    weather = replace(scenario.theatre.weather, trace=sea)
    return replace(scenario, theatre=replace(scenario.theatre, weather=weather))


def draw(model: Reduced, seed: int) -> Given:
    """What every tool is given in the run of a seed: the people and the fates of boats that this project draws."""
    scenario, streams = scenario_of(model), Streams(SEED, seed)
    potential = potential_people(scenario, streams)
    attributes = draw_attributes(potential, scenario.theatre, scenario.rules.migrants, streams)
    comes = sets_out(model, potential, attributes.benefit_gbp.astype(float), streams)
    ids = np.flatnonzero(comes & (potential.set_out_day < DAYS - 1))
    return Given(
        model=model,
        seed=seed,
        reach_days=potential.set_out_day[ids].tolist(),
        benefit_gbp=attributes.benefit_gbp[ids].tolist(),
        nerve_gbp=attributes.nerve_gbp[ids].tolist(),
        patience_days=attributes.patience_days[ids].tolist(),
        stopped=[streams.one("stopped", boat_key(0, n)) < model.stopped_share for n in range(model.boats * DAYS)],
    )


def sets_out(model: Reduced, potential: Potential, benefit_gbp: Floats, streams: Streams) -> npt.NDArray[np.bool_]:
    """Who comes to the coast at all: to the others the journey is not worth it (`Journeys`); shape (people,)."""
    nothing = np.zeros(1)
    stopped, price, effort = (np.array([it]) for it in (model.stopped_prior, model.price_gbp, model.effort_gbp))
    value = value_of_boat(benefit_gbp, stopped, nothing, price, effort, nothing)
    return np.asarray(streams.uniform("come", potential.key) < chance_to_come(value, model.taste_gbp))


def prepare(given: Given) -> tuple[Given, Scenario]:
    """Read the scenario, before the clock starts: a study reads it once and runs it many times."""
    return given, scenario_of(given.model)


def simulate(prepared: tuple[Given, Scenario]) -> tuple[Given, World]:
    """Build and run."""
    given, scenario = prepared
    world = build_world(scenario, given.seed)
    world.env.run(until=scenario.horizon_days)
    return given, world


def outcomes(finished: tuple[Given, World]) -> Outcomes:
    """What the run tells, counted from its records; it must have had the people that the other tools are given."""
    given, world = finished
    recorder, people = world.recorder, world.people
    code, who = np.frombuffer(recorder.code, dtype=np.uint8), np.frombuffer(recorder.person, dtype=np.int32)
    reached = people.reach_day[who[code == Happened.REACHED_COAST]]
    if reached.tolist() != given.reach_days:
        raise RuntimeError("the world's people did not reach the coast when the others' did")
    if world.market.mean_price != given.model.price_gbp:
        raise RuntimeError(f"the fare has moved to {world.market.mean_price}, and with it what a boat is worth")
    landed = code == Happened.ARRIVED
    count = np.bincount(code, minlength=len(Happened)).tolist()
    return outcomes_of(
        given,
        choices=int(people.decisions.sum()),
        attempts=count[Happened.TRIED],
        arrivals=count[Happened.ARRIVED],
        settled=count[Happened.SETTLED],
        days_to_land=float((np.frombuffer(recorder.time)[landed] - people.reach_day[who[landed]]).sum()),
        decisions=count[Happened.GRANTED] + count[Happened.REFUSED_ASYLUM],
    )
