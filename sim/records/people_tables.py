"""Tables with a row a person, or a row an event."""

import numpy as np

from sim.domain.population import Age, Place
from sim.records.recorder import Happened
from sim.records.tidy import Coded, Columns, Records, dates

OUTCOMES = {
    Place.STAYED_AWAY: "stayed_away", Place.TRAVELLING: "on_the_way",
    Place.CAMP: "at_coast", Place.CUSTOMER: "at_coast", Place.ABOARD: "at_coast",
    Place.LORRY: "in_lorry", Place.CENTRE: "in_uk", Place.CASE: "return_case", Place.RECEPTION: "returned",
    Place.APPLICANT: "applicant", Place.ADMISSION: "applicant", Place.ASYLUM: "in_uk", Place.DECIDED: "in_uk",
    Place.UK_UNSEEN: "in_uk", Place.ADMITTED: "admitted",
    Place.ADMITTED_DECIDED: "admitted", Place.SETTLED: "settled_elsewhere",
    Place.FRANCE_ASYLUM: "france_asylum", Place.HOME: "went_home", Place.DEAD: "died",
}  # fmt: skip
"""Outcome labels of `people.parquet`; `in_uk` covers boats and lorries, which `mode` tells apart."""


def people_table(records: Records, measured_from: float) -> Columns:
    """One row a person who came, might have come but stayed away, or applied; `outcome_date` is their last event's.

    `boat_arrivals` and `first_arrival_day` (days since the start, missing without one) are those of the measured
    window, [measured_from, horizon) in days; `uk_day` is the latest arrival by boat, in the window or before.
    """
    people, recorder = records.people, records.recorder
    person = np.frombuffer(recorder.person, dtype=np.int32)
    code = np.frombuffer(recorder.code, dtype=np.uint8)
    time = np.frombuffer(recorder.time, dtype=np.float64)
    last = np.full(len(people), -1.0)
    last[person] = time
    by_lorry = np.zeros(len(people), dtype=bool)
    by_lorry[person[code == Happened.ARRIVED_BY_LORRY]] = True
    coast = np.zeros(len(people), dtype=bool)
    coast[person[code == Happened.REACHED_COAST]] = True
    landed = (code == Happened.ARRIVED) & (time >= measured_from)
    boat_arrivals = np.bincount(person[landed], minlength=len(people)).astype(np.int8)
    first_arrival = np.full(len(people), np.nan, dtype=np.float32)
    first_arrival[person[landed][::-1]] = time[landed][::-1]  # events are in order of time: the first one stays
    rows = np.flatnonzero(people.place_view != int(Place.NOT_YET))
    labels = sorted(set(OUTCOMES.values()))
    outcome = np.array([-1 if p is Place.NOT_YET else labels.index(OUTCOMES[p]) for p in Place], dtype=np.int8)
    by_boat = ~np.isnan(people.uk_day[rows])
    day = np.maximum(last[rows], 0.0).astype(np.int32)
    sectors = [s.node for s in records.theatre.sectors]
    return {
        "person": people.key[rows].astype(np.int64),
        "group": Coded(people.potential.group[rows], np.array([g.name for g in records.theatre.groups])),
        "age_class": Coded(people.attributes.age[rows], np.array([a.name.lower() for a in Age])),
        "uk_links": people.attributes.links[rows],
        "reached_coast": coast[rows],
        "attempts": people.attempts[rows],
        "outcome": Coded(outcome[people.place_view[rows]], np.array(labels)),
        "outcome_date": Coded(np.minimum(day, records.days - 1), dates(records)),
        "sector": Coded(people.last_sector[rows] % (len(sectors) + 1), np.array([*sectors, ""])),
        "mode": Coded(np.where(by_lorry[rows], 2, by_boat).astype(np.int8), np.array(["", "boat", "lorry"])),
        "uk_day": people.uk_day[rows],
        "times_returned": people.returns[rows],
        "boat_arrivals": boat_arrivals[rows],
        "first_arrival_day": first_arrival[rows],
    }


def journeys_table(records: Records) -> Columns:
    """One row an event of a person, in order of time: day (float, since the start), person, event."""
    recorder = records.recorder
    names = np.array([h.name.lower() for h in Happened])
    return {
        "day": np.frombuffer(recorder.time, dtype=np.float64).copy(),
        "person": records.people.key[np.frombuffer(recorder.person, dtype=np.int32)].astype(np.int64),
        "event": Coded(np.frombuffer(recorder.code, dtype=np.uint8).astype(np.int8), names),
    }
