"""Tables with a row a person, a row a return case, or a row an event."""

import numpy as np

from sim.domain.population import Age, Place
from sim.records.recorder import Happened
from sim.records.tables import Coded, Columns, Records, dates

OUTCOMES = {
    Place.STAYED_AWAY: "stayed_away", Place.CAMP: "at_coast", Place.CUSTOMER: "at_coast", Place.ABOARD: "at_coast",
    Place.LORRY: "in_lorry", Place.CENTRE: "in_uk", Place.CASE: "return_case", Place.RECEPTION: "returned",
    Place.APPLICANT: "applicant", Place.ADMISSION: "applicant", Place.ASYLUM: "in_uk", Place.DECIDED: "in_uk",
    Place.UK_UNSEEN: "in_uk", Place.ADMITTED: "admitted",
    Place.ADMITTED_DECIDED: "admitted", Place.SETTLED: "settled_elsewhere",
    Place.FRANCE_ASYLUM: "france_asylum", Place.HOME: "went_home", Place.DEAD: "died",
}  # fmt: skip
"""Outcome labels of `people.parquet`; `in_uk` covers boats and lorries, which `mode` tells apart."""

CASE_ENDS = (
    Happened.RETURNED, Happened.VOIDED, Happened.REFUSED_BY_FRANCE, Happened.CLAIM_UPHELD, Happened.COURT_STOPPED,
)  # fmt: skip
"""What can end a return case."""


def people_table(records: Records) -> Columns:
    """One row a person who came, might have come but stayed away, or applied; `outcome_date` is their last event's."""
    people, recorder = records.people, records.recorder
    person = np.frombuffer(recorder.person, dtype=np.int32)
    code = np.frombuffer(recorder.code, dtype=np.uint8)
    last = np.full(len(people), -1.0)
    last[person] = np.frombuffer(recorder.time, dtype=np.float64)
    by_lorry = np.zeros(len(people), dtype=bool)
    by_lorry[person[code == Happened.ARRIVED_BY_LORRY]] = True
    coast = np.zeros(len(people), dtype=bool)
    coast[person[code == Happened.REACHED_COAST]] = True
    rows = np.flatnonzero(people.place_view != int(Place.NOT_YET))
    labels = sorted(set(OUTCOMES.values()))
    outcome = np.array([labels.index(OUTCOMES[p]) if p in OUTCOMES else 0 for p in Place], dtype=np.int8)
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
    }


def cases_table(records: Records) -> Columns:
    """One row a return case: when the person had arrived, was selected, and how and when the case ended.

    `end` is empty and `end_day` missing for a case still open at the horizon. Days count from the scenario's start.
    """
    recorder = records.recorder
    code = np.frombuffer(recorder.code, dtype=np.uint8)
    person = np.frombuffer(recorder.person, dtype=np.int32)
    time = np.frombuffer(recorder.time, dtype=np.float64)
    concerned = np.isin(person, person[code == Happened.SELECTED])
    watched = np.isin(code, [Happened.ARRIVED, Happened.SELECTED, *CASE_ENDS])
    arrived: dict[int, float] = {}
    rows: dict[int, list[float]] = {}
    table: list[list[float]] = []
    for i in np.flatnonzero(concerned & watched).tolist():
        who, what, when = int(person[i]), Happened(int(code[i])), float(time[i])
        if what is Happened.ARRIVED:
            arrived[who] = when
        elif what is Happened.SELECTED:
            rows[who] = [who, arrived[who], when, np.nan, -1]
            table.append(rows[who])
        elif who in rows:
            rows[who][3:] = [when, CASE_ENDS.index(what)]
    columns = np.array(table).reshape(len(table), 5).T
    ends = np.array([*(h.name.lower() for h in CASE_ENDS), ""])
    who = columns[0].astype(np.int64)
    return {
        "person": records.people.key[who].astype(np.int64),
        "group": Coded(records.people.potential.group[who], np.array([g.name for g in records.theatre.groups])),
        "arrived_day": columns[1],
        "selected_day": columns[2],
        "end_day": columns[3],
        "end": Coded(columns[4].astype(np.int8) % len(ends), ends),
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
