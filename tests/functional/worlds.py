"""Tiny worlds for the functional tests: a toy strait whose people all want a boat, and where nothing goes wrong.

Each test changes one thing. `toy` gives the scenario, `run` simulates it; answers can be worked out by hand.
"""

from collections.abc import Mapping
from math import isnan
from typing import Any

import numpy as np

from sim.processes.world import World, run_tables, simulate
from sim.records.recorder import BoatEnd, BoatRow, Happened
from sim.records.tidy import Coded, Columns
from sim.scenario import Scenario, load_scenario

DAYS = 40

NODES = [
    {"name": name, "kind": kind, "label": name.title(), "lat": 50 + number / 10, "lon": 1 + number / 10}
    for number, (name, kind) in enumerate(
        [
            ("home", "origin"), ("camp", "camp"), ("west", "sector"), ("east", "sector"), ("port", "landing"),
            ("hall", "centre"), ("block", "detention"), ("town", "community"), ("hostel", "reception"),
            ("gateway", "gateway"), ("away", "exit"),
        ]
    )
]  # fmt: skip


def leg(start: str, end: str, kind: str, km: float) -> dict[str, Any]:
    """A leg that takes an hour and nothing else."""
    return {"start": start, "end": end, "kind": kind, "distance_km": km, "hours": 1, "cost_gbp": 0, "hazard": 0}


LEGS = [
    leg("home", "camp", "land", 100), leg("camp", "west", "land", 10), leg("camp", "east", "land", 10),
    leg("west", "port", "sea", 30), leg("east", "port", "sea", 30), leg("port", "hall", "administrative", 1),
    leg("hall", "block", "administrative", 1), leg("block", "hostel", "administrative", 1),
    leg("gateway", "town", "administrative", 1),
]  # fmt: skip

SECTORS = [{"node": name, "length_km": 30, "exposure": 1.0, "fixed_patrol_share": 0.5} for name in ("west", "east")]


def group(name: str, share: float = 1.0, **changes: Any) -> dict[str, Any]:
    """A group of people with papers."""
    facts = {"uk_links_share": 0.5, "documents_share": 1.0, "grant_share": 0.5}
    return {"name": name, "label": name.title(), "origin": "home", "share": {2025: share}, **facts, **changes}


STRAIT = {
    "theatre.nodes": NODES, "theatre.legs": LEGS, "theatre.sectors": SECTORS, "theatre.groups": [group("people")],
    "theatre.ages.accompanied_minor_share": 0, "theatre.ages.unaccompanied_minor_share": 0,
    "theatre.inflow.people_per_year": {2025: 3652.5}, "theatre.inflow.season_amplitude": 0,
    "theatre.weather.median_height_m": 0.1, "theatre.weather.season_log_amplitude": 0,
    "theatre.weather.log_spread": 0.01, "theatre.weather.forecast_log_error": 0,
}  # fmt: skip

KEEN = {
    "coast.people_at_start": 20, "coast.rest_days": 1, "coast.review_days": 1, "coast.seen_from_afar": 1,
    "migrants.benefit_gbp": 100_000, "migrants.benefit_spread": 0, "migrants.taste_gbp": 1, "migrants.effort_gbp": 0,
    "migrants.nerve_gbp": 0, "migrants.life_gbp": 0, "migrants.return_loss_gbp": 0, "migrants.lorry_gbp": 1e9,
    "migrants.settle_gbp": -1e6, "migrants.wait_gbp_per_day": 1000, "migrants.budget_gbp": 1e6,
    "migrants.budget_spread": 0, "migrants.patience_days": 1000, "migrants.patience_spread": 0,
    "beliefs.admitted_prior": 0, "beliefs.noise": 0, "migrants.home_gbp": -1e9, "migrants.hearsay_spread": 0,
}  # fmt: skip

SMOOTH = {
    "gangs.firms": 2, "gangs.firms_at_most": 2, "gangs.size_spread": 0, "gangs.stealth_spread": 0,
    "gangs.wave_limit_m": 10, "gangs.wave_limit_spread": 0, "gangs.nightly_boats": 10, "gangs.fill_at_least": 0.1,
    "gangs.seats_per_boat": {2025: 10}, "gangs.seats_spread": 0, "gangs.crowding": 1, "gangs.taxi_share": 0,
    "gangs.squeeze_at_most": 1, "gangs.advertising_share": 0, "gangs.fuel_gbp_per_km": 0,
    "gangs.dispatched_per_day": 1e6, "gangs.scarcity_response": 0, "gangs.waiting_worth": 0,
    "gangs.seized_share": 0, "gangs.boats_at_start": 1000, "gangs.cash_at_start_gbp": 1e7,
    "gangs.overhead_gbp_per_day": 0, "gangs.entry_margin_gbp_per_day": 1e12, "gangs.package_gbp": 1,
    "passage.turn_back_share": 0, "passage.turn_back_per_crowding": 0,
    "passage.turn_back_per_distance": 0, "passage.incident_share": 0, "patrols.units": 0,
    "rescue.unrescued_ratio": 1,
    "centre.staff": 100, "centre.places": 1000, "centre.registration_hours": 0.01, "centre.registration_shape": 0,
}  # fmt: skip

NO_DOUBTS = {
    "claims.trafficking_share": 0, "claims.human_rights_share": 0, "claims.appeal_share": 0,
    "claims.injunction_share": 0, "claims.age_dispute_share": 0, "claims.family_days": 0, "claims.days_spread": 0,
    "legal_route.awareness": 1, "legal_route.awareness_per_day": 0, "legal_route.biometrics_per_day": 1000,
    "legal_route.visa_days": 1, "legal_route.visa_refused_share": 0, "legal_route.travel_days": 0,
    "legal_route.days_spread": 0, "asylum.work_share": 0, "asylum.finds_work_share": 1,
}  # fmt: skip

PERIOD = {
    "start": "2025-01-01", "measure_from": "2025-01-01", "until": "2025-02-10", "baseline": "none", "levers": [],
    "legal_route.other_applicants_per_week": 0,
}  # fmt: skip

WILLING_FRANCE = {
    "weekly_target": 1000, "selection_share": 1, "over_selection": 4, "carry_over_weeks": 0, "beds": 1000,
    "caseworkers": 1000, "request_work_days": 0, "request_days": 1,
    "french_reply_limit_days": 1000, "delivery_to_hold": 0,
    "french_reply_days": 3, "french_late_share": 0, "french_refusal_share": 0, "french_imbalance_share": 0,
    "flights_per_week": 7, "seats_per_flight": 1000, "flight_filled_at_least": 0, "flight_cancelled_share": 0,
    "seat_attrition_share": 0,
}  # fmt: skip

ALL_STAY_IN_FRANCE = {
    "after_return.try_again_share": 0, "after_return.claim_in_france_share": 1, "after_return.go_home_share": 0,
    "after_return.reception_days": 1, "legal_route.parity_tolerance": 100_000,
}  # fmt: skip


def exchange(starts: str = "2025-01-01", **settings: Any) -> dict[str, Any]:
    """The exchange lever, by which everyone could be returned within days, but for the given settings."""
    return {"exchange": {"from": starts, **WILLING_FRANCE, **settings}}


def with_exchange(starts: str = "2025-01-01", **settings: Any) -> dict[str, Any]:
    """Changes to a toy world: an exchange that works, after which nobody tries again."""
    return {"levers": [exchange(starts, **settings)], **ALL_STAY_IN_FRANCE}


APPLICANTS = {
    "legal_route.other_applicants_per_week": 70, "legal_route.float_places": 5, "legal_route.checks_days": 3,
    "legal_route.pass_share": 1, "theatre.groups": [group("people", uk_links_share=0.15)],
}  # fmt: skip

NO_RETURNS = {**with_exchange(beds=0), **APPLICANTS}
"""Ten people a day in France apply for the five places that the float opens; nobody is returned."""


def toy(changes: Mapping[str, Any] | None = None) -> Scenario:
    """The toy strait with some settings changed: about ten people a day for forty days.

    Levers come last, for an override replaces a setting in the levers that are there already.
    """
    settings = {**STRAIT, **KEEN, **SMOOTH, **NO_DOUBTS, **PERIOD, **(changes or {})}
    levers = settings.pop("levers")
    return load_scenario("base", {**settings, "levers": levers})


def run(changes: Mapping[str, Any] | None = None, replication: int = 0) -> World:
    """A finished run of the toy strait."""
    return simulate(toy(changes), replication)


def pilot(changes: Mapping[str, Any] | None = None, name: str = "pilot") -> Scenario:
    """The Channel itself on a small scale: a few hundred people, about half a second."""
    small = {
        "theatre.inflow.people_per_year": {2022: 3000, 2023: 3000, 2024: 3000, 2025: 3000},
        "coast.people_at_start": 60, "start": "2025-07-01", "until": "2025-10-15", "gangs.firms": 4,
        "gangs.firms_at_most": 5, "legal_route.other_applicants_per_week": 20, "gangs.boats_at_start": 5,
    }  # fmt: skip
    return load_scenario(name, {**small, **(changes or {})})


def times(world: World, happened: Happened) -> np.ndarray:
    """When something happened, in days; one entry an event."""
    return np.frombuffer(world.recorder.time)[_rows(world, happened)]


def who(world: World, happened: Happened) -> list[int]:
    """To whom something happened; one entry an event."""
    return np.frombuffer(world.recorder.person, dtype=np.int32)[_rows(world, happened)].tolist()


def count(world: World, happened: Happened) -> int:
    """How often something happened."""
    return int(_rows(world, happened).sum())


def _rows(world: World, happened: Happened) -> np.ndarray:
    return np.frombuffer(world.recorder.code, dtype=np.uint8) == happened


def by_person(world: World, happened: Happened) -> dict[int, float]:
    """Who something happened to, and when it did for the last time."""
    return dict(zip(who(world, happened), times(world, happened).tolist(), strict=True))


def on_day(world: World, happened: Happened) -> list[int]:
    """How often something happened on each day of the run."""
    days = int(world.scenario.horizon_days)
    return np.bincount(times(world, happened).astype(int), minlength=days).tolist()


def chosen_on(world: World) -> dict[float, int]:
    """People chosen for the legal route, by the day of the draw."""
    days, people = np.unique(times(world, Happened.CHOSEN), return_counts=True)
    return dict(zip(days.tolist(), people.tolist(), strict=True))


def evenings(world: World, name: str) -> list[float]:
    """A stock each evening."""
    return [float(value) for value in world.recorder.stocks[name]]


def cases(world: World) -> list[dict[str, Any]]:
    """The table of cases, a mapping a row."""
    table = content(run_tables(world)["cases"])
    return [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]


def ended(world: World, how: str) -> list[dict[str, Any]]:
    """Cases that ended in one way."""
    return [case for case in cases(world) if case["end"] == how]


def stage(world: World, name: str, what: str = "stock") -> np.ndarray:
    """`stock` or `entered` of one stage of the pipeline, by day."""
    table = run_tables(world)["pipeline"]
    return np.asarray(table[what])[table["stage"].where(name)]


def boats(world: World, end: BoatEnd | None = None) -> list[BoatRow]:
    """Launches, all or those that ended in one way."""
    return [row for row in world.recorder.boats if end is None or row.end == end]


def plain(column: Any) -> list[Any]:
    """A column as a list of plain values; missing numbers as None."""
    values = column.names[column.codes] if isinstance(column, Coded) else np.asarray(column)
    return [None if isinstance(value, float) and isnan(value) else value for value in values.tolist()]


def content(table: Columns) -> dict[str, list[Any]]:
    """A whole table as plain values, to compare exactly."""
    return {name: plain(column) for name, column in table.items()}


def raw(table: Columns) -> dict[str, bytes]:
    """A whole table byte for byte."""
    parts = {name: (c.codes, c.names) if isinstance(c, Coded) else (np.asarray(c),) for name, c in table.items()}
    return {name: b"|".join(a.dtype.str.encode() + a.tobytes() for a in arrays) for name, arrays in parts.items()}


def same(one: Mapping[str, Columns], other: Mapping[str, Columns]) -> list[str]:
    """Names of the tables and columns that differ, byte for byte; empty if the runs are identical."""
    left = {(table, column): data for table, columns in one.items() for column, data in raw(columns).items()}
    right = {(table, column): data for table, columns in other.items() for column, data in raw(columns).items()}
    return sorted(f"{t}.{c}" for t, c in left.keys() | right.keys() if left.get((t, c)) != right.get((t, c)))
