"""Tables of the exchange: its stages by day, its ledger by week, its charters, and a row a return case."""

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.domain.cases import CaseEnd
from sim.domain.exchange import DAYS_PER_WEEK, PassedOver
from sim.domain.population import Place
from sim.domain.randomness import Floats
from sim.records.recorder import FlightRow, Happened
from sim.records.tidy import Coded, Columns, Counts, Records, dates, long_table, stock

CASE_ENDS = {
    Happened.RETURNED: CaseEnd.RETURNED, Happened.VOIDED: CaseEnd.VOIDED,
    Happened.REFUSED_BY_FRANCE: CaseEnd.REFUSED_BY_FRANCE, Happened.CLAIM_UPHELD: CaseEnd.CLAIM_UPHELD,
    Happened.HUMAN_RIGHTS_UPHELD: CaseEnd.HUMAN_RIGHTS_UPHELD, Happened.APPEAL_ALLOWED: CaseEnd.APPEAL_ALLOWED,
    Happened.INJUNCTION_STOPPED: CaseEnd.INJUNCTION_STOPPED, Happened.FOUND_MINOR: CaseEnd.FOUND_MINOR,
    Happened.REQUEST_TOO_LATE: CaseEnd.REQUEST_TOO_LATE,
    Happened.REFUSED_FOR_IMBALANCE: CaseEnd.REFUSED_FOR_IMBALANCE,
}  # fmt: skip
"""What can end a return case."""

CASE_DAYS = {
    Happened.ARRIVED: "arrived_day", Happened.SELECTED: "selected_day", Happened.REQUESTED: "requested_day",
    Happened.ACCEPTED_BY_FRANCE: "accepted_day", Happened.READY: "ready_day", Happened.BARRED: "barred_day",
}  # fmt: skip
"""Days of a case that the table of cases keeps, by the event that makes them."""


AT_PAPERS = ("awaiting_request", "awaiting_reply", "awaiting_claims")
STAGES: dict[str, tuple[Place | tuple[str, ...], Happened | None]] = {
    "centre": (Place.CENTRE, Happened.ARRIVED),
    "case": (Place.CASE, Happened.SELECTED),
    "bed": (("beds_used",), None),
    "papers": (AT_PAPERS, None),
    **{name: ((name,), None) for name in AT_PAPERS},
    "caseworkers": (("caseworkers_busy",), None),
    "requested": ((), Happened.REQUESTED),
    "seat": (("seat_queue",), Happened.READY),
    "in_court": (("in_court",), Happened.INJUNCTION_ASKED),
    "barred": (("barred",), Happened.BARRED),
    "claim_raised": ((), Happened.CLAIM_RAISED),
    "human_rights_raised": ((), Happened.HUMAN_RIGHTS_RAISED),
    "appealed": ((), Happened.APPEALED),
    "age_disputed": ((), Happened.AGE_DISPUTED),
    "missed_flight": ((), Happened.MISSED_FLIGHT),
    **{how.name.lower(): ((), how) for how in CASE_ENDS},
    "reception": (Place.RECEPTION, Happened.RETURNED),
    "tries_again": ((), Happened.TRIES_AGAIN),
    "claimed_in_france": ((), Happened.CLAIMED_IN_FRANCE),
    "applicant": (Place.APPLICANT, Happened.APPLIED),
    "checks": (Place.ADMISSION, Happened.CHOSEN),
    "biometrics": ((), Happened.BIOMETRICS_GIVEN),
    "admitted": ((), Happened.ADMITTED),
    "lapsed": ((), Happened.LAPSED),
    "failed_checks": ((), Happened.FAILED_CHECKS),
    "asylum": (Place.ASYLUM, None),
    "working": (("working",), Happened.STARTED_WORK),
    "arrested_at_work": ((), Happened.ARRESTED_AT_WORK),
    "weekly_target": (("weekly_target",), None),
}
"""Stages of the pipeline: the place or stocks whose evening count they are, if any, and the event that enters them."""


def pipeline_table(records: Records, counts: Counts) -> Columns:
    """Stages of the exchange by day: people in a stage each evening (`stock`) and people who entered it (`entered`).

    Ends of cases and of applications have no stock; reasons of not being selected (`passed_over_...`) neither.
    `papers` is the sum of awaiting_request, awaiting_reply and awaiting_claims.
    """
    places, none = stock(records, "places"), np.full(records.days, np.nan)

    def people(where: Place | tuple[str, ...]) -> Floats:
        if isinstance(where, Place):
            return np.asarray(places[:, where])
        return np.sum([stock(records, name) for name in where], axis=0) if where else none

    def flow(happened: Happened | None) -> Floats:
        return none if happened is None else counts.daily(happened).astype(float)

    stages = {name: (people(where), flow(happened)) for name, (where, happened) in STAGES.items()}
    stages |= _passed_over(records, none)
    values = {"stock": np.stack([s for s, _ in stages.values()], axis=1),
              "entered": np.stack([e for _, e in stages.values()], axis=1)}  # fmt: skip
    return long_table(dates(records), "stage", list(stages), values)


def _passed_over(records: Records, none: Floats) -> dict[str, tuple[Floats, Floats]]:
    """Eligible arrivals not selected, by the first thing that stood in the way; the day ends at the evening count."""
    so_far = stock(records, "passed_over")
    daily = np.diff(so_far, axis=0, prepend=np.zeros((1, len(PassedOver))))
    return {f"passed_over_{why.name.lower()}": (none, daily[:, why]) for why in PassedOver}


def ledger_table(records: Records, counts: Counts) -> Columns:
    """The exchange's ledger by week of the run: flows of the week, and balances on its last evening.

    `open_days`, `returns_paused_days` and `admissions_paused_days` count evenings of the week. The last week may be
    shorter than seven days.
    """
    first = np.arange(0, records.days, DAYS_PER_WEEK)
    last = np.minimum(first + DAYS_PER_WEEK, records.days) - 1

    def total(daily: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        return np.asarray(np.add.reduceat(daily, first), dtype=np.int64)

    def evening(name: str) -> Floats:
        return np.asarray(stock(records, name)[last])

    def count(name: str) -> npt.NDArray[np.int64]:
        return evening(name).astype(np.int64)

    flows = ("selected", "returned", "voided", "applied", "chosen", "admitted")
    open_days = {"open_days": "exchange_open", "returns_paused_days": "returns_paused",
                 "admissions_paused_days": "admissions_paused"}  # fmt: skip
    stocks = (
        "renewals",
        "ledger_gap",
        "promised",
        "places_open",
        "beds",
        "beds_used",
        "caseworkers",
        "caseworkers_busy",
    )
    flights = flights_table(records)
    return {
        "week": Coded(first.astype(np.int32), dates(records)),
        "weekly_target": evening("weekly_target"),
        **{name: total(counts.daily(Happened[name.upper()])) for name in flows},
        **{name: count(name) for name in stocks},
        **{name: total(stock(records, of)) for name, of in open_days.items()},
        **{name: _by_week(flights, name, len(first)) for name in ("seats", "planned", "flown")},
        "aware": evening("aware"),
        "credibility": evening("credibility"),
    }


def _by_week(flights: Columns, name: str, weeks: int) -> npt.NDArray[np.int64]:
    """Seats of charters summed by week; cancelled charters' seats are not offered."""
    week = (flights["day"] // DAYS_PER_WEEK).astype(np.int64)
    seats = np.where(flights["cancelled"], 0, flights[name])
    return np.bincount(week, weights=seats, minlength=weeks)[:weeks].astype(np.int64)


def flights_table(records: Records) -> Columns:
    """One row a charter: day (float, since the start), seats, people planned and flown, cancelled."""
    rows = records.recorder.flights
    columns = np.array(rows, dtype=float).reshape(len(rows), len(FlightRow._fields)).T
    kinds = (np.float64, np.int64, np.int64, np.int64, np.bool_)
    return {name: c.astype(kind) for name, c, kind in zip(FlightRow._fields, columns, kinds, strict=True)}


def cases_table(records: Records) -> Columns:
    """One row a return case: when the person had arrived, its stages, and how and when it ended.

    `end` is empty and `end_day` missing for a case still open at the horizon; days of stages that a case never reached
    are missing. Days count from the scenario's start.
    """
    recorder = records.recorder
    code = np.frombuffer(recorder.code, dtype=np.uint8)
    person = np.frombuffer(recorder.person, dtype=np.int32)
    time = np.frombuffer(recorder.time, dtype=np.float64)
    watched = np.isin(code, [*CASE_DAYS, *CASE_ENDS]) & np.isin(person, person[code == Happened.SELECTED])
    names = [*CASE_DAYS.values(), "end_day", "end"]
    arrived: dict[int, float] = {}
    open_cases: dict[int, dict[str, float]] = {}
    who: list[int] = []
    rows: list[dict[str, float]] = []
    for i in np.flatnonzero(watched).tolist():
        one, what, when = int(person[i]), Happened(int(code[i])), float(time[i])
        if what is Happened.ARRIVED:
            arrived[one] = when
            continue
        if what is Happened.SELECTED:
            open_cases[one] = dict.fromkeys(names, np.nan) | {"arrived_day": arrived[one]}
            who.append(one)
            rows.append(open_cases[one])
        if what in CASE_DAYS:
            open_cases[one][CASE_DAYS[what]] = when
        if what in CASE_ENDS:
            open_cases[one] |= {"end_day": when, "end": CASE_ENDS[what]}
    columns = {name: np.array([row[name] for row in rows], dtype=float) for name in names}
    ends = np.array([*(end.name.lower() for end in CaseEnd), ""])
    ids = np.array(who, dtype=np.int64)
    end = columns.pop("end")
    groups = np.array([g.name for g in records.theatre.groups])
    return {
        "person": records.people.key[ids].astype(np.int64),
        "group": Coded(records.people.potential.group[ids], groups),
        **columns,
        "end": Coded(np.where(np.isnan(end), len(CaseEnd), end).astype(np.int8), ends),
    }
