"""From event records to tidy tables: plain columns, one NumPy array each, rows in order of date.

The same builders serve every recording level, so recording more never changes another table.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.domain.population import People, Place
from sim.domain.randomness import Floats
from sim.domain.rules import Rules
from sim.domain.theatre import Theatre
from sim.records.recorder import BoatEnd, BoatRow, Happened, Recorder


class Coded(NamedTuple):
    """A column of labels as codes into a list of names: small in memory, plain text once in a results file."""

    codes: npt.NDArray[Any]
    names: npt.NDArray[Any]

    def where(self, *labels: str) -> npt.NDArray[np.bool_]:
        """Rows that bear one of the labels."""
        wanted = [code for code, name in enumerate(self.names.tolist()) if name in labels]
        return np.isin(self.codes, wanted)


Columns = dict[str, Any]
"""A table: NumPy arrays or `Coded` columns of one length."""


@dataclass(frozen=True, slots=True)
class Records:
    """What one run left behind: its recorder, its people, and the rules in force on each day."""

    start: date
    days: int
    theatre: Theatre
    rules: tuple[Rules, ...]
    recorder: Recorder
    people: People


class Counts:
    """Events of a run counted by day (and group)."""

    __slots__ = ("_code", "_day", "_group", "_person", "days")

    def __init__(self, records: Records) -> None:
        recorder = records.recorder
        self.days = records.days
        self._day = np.frombuffer(recorder.time, dtype=np.float64).astype(np.int64)
        self._person = np.frombuffer(recorder.person, dtype=np.int32)
        self._code = np.frombuffer(recorder.code, dtype=np.uint8)
        self._group = records.people.potential.group[self._person]

    def daily(self, happened: Happened) -> npt.NDArray[np.int64]:
        """Events of one kind per day; shape (days,)."""
        return np.bincount(self._day[self._code == happened], minlength=self.days)[: self.days]

    def daily_by_group(self, happened: Happened, groups: int) -> npt.NDArray[np.int64]:
        """Events of one kind per day and group; shape (days, groups)."""
        mine = self._code == happened
        flat = np.bincount(self._day[mine] * groups + self._group[mine], minlength=self.days * groups)
        return flat[: self.days * groups].reshape(self.days, groups)


def dates(records: Records) -> npt.NDArray[Any]:
    """ISO dates of the run's days."""
    first = np.datetime64(records.start)
    return (first + np.arange(records.days)).astype(str)


def stock(records: Records, name: str) -> Floats:
    """One stock per day; shape (days,) or (days, entries)."""
    return np.asarray(records.recorder.stocks[name], dtype=float)


def boat_columns(records: Records) -> Columns:
    """Launches as columns, named as in `BoatRow`; whole numbers where they are counts or codes."""
    rows = records.recorder.boats
    table = np.array(rows, dtype=float).reshape(len(rows), len(BoatRow._fields))
    return dict(zip(BoatRow._fields, table.T, strict=True))


def daily_table(records: Records, counts: Counts) -> Columns:
    """The daily table of interface.md, warm-up included."""
    boats, days = boat_columns(records), records.days
    launched = boats["launched"].astype(int)
    prevented = boats["end"] == BoatEnd.PREVENTED
    arrived = boats["end"] == BoatEnd.ARRIVED
    places = stock(records, "places")
    on_coast = places[:, [Place.CAMP, Place.CUSTOMER, Place.ABOARD]].sum(axis=1)
    table: Columns = {
        "date": Coded(np.arange(records.days, dtype=np.int32), dates(records)),
        "attempts": counts.daily(Happened.TRIED),
        "boats_launched": np.bincount(launched, minlength=days)[:days],
        "boats_prevented": np.bincount(launched[prevented], minlength=days)[:days],
        "people_prevented": counts.daily(Happened.PREVENTED),
        "boats_arrived": np.bincount(boats["ended"][arrived].astype(int), minlength=days)[:days],
        "arrivals": counts.daily(Happened.ARRIVED),
        "deaths": counts.daily(Happened.DIED),
        "turned_back": counts.daily(Happened.TURNED_BACK),
        "selected": counts.daily(Happened.SELECTED),
        "detained": stock(records, "beds_used").astype(np.int64),
        "returned": counts.daily(Happened.RETURNED),
        "admitted": counts.daily(Happened.ADMITTED),
        "voided": counts.daily(Happened.VOIDED),
        "ledger_gap": stock(records, "ledger_gap").astype(np.int64),
        "waiting_at_coast": on_coast.astype(np.int64),
        "wave_height_m": stock(records, "wave_height_m"),
        "price_gbp": stock(records, "price_gbp"),
        "gangs_active": stock(records, "gangs_active").astype(np.int64),
    }
    return table | cost_columns(records, counts, table, places)


def cost_columns(records: Records, counts: Counts, daily: Columns, places: Floats) -> Columns:
    """Daily cost to the UK and to France (GBP), from stocks and flows x the unit costs in force that day."""
    money = [rules.money for rules in records.rules]
    units = [rules.patrols.units for rules in records.rules]

    def rate(name: str) -> Floats:
        return np.array([getattr(m, name) for m in money])

    flights = np.bincount([int(t) for t, _ in records.recorder.flights], minlength=records.days)[: records.days]
    patrols = np.array(units) * rate("patrol_unit_gbp_per_day")
    uk = (
        (places[:, Place.ASYLUM] + places[:, Place.ADMITTED] * rate("admitted_housed_share"))
        * rate("accommodation_gbp_per_night")
        + daily["detained"] * rate("detention_gbp_per_day")
        + counts.daily(Happened.REGISTERED) * rate("registration_gbp")
        + daily["selected"] * rate("case_gbp")
        + flights * rate("flight_gbp")
        + daily["admitted"] * rate("admission_gbp")
        + patrols * rate("patrol_uk_funded_share")
    )
    housed_in_france = places[:, Place.RECEPTION] + places[:, Place.FRANCE_ASYLUM]
    france = housed_in_france * rate("french_reception_gbp_per_day") + patrols * (1 - rate("patrol_uk_funded_share"))
    return {"cost_uk_gbp": uk, "cost_fr_gbp": france}


def long_table(day_names: npt.NDArray[Any], entry: str, names: list[str], values: Columns) -> Columns:
    """Tidy rows (date, entry) from arrays of shape (days, entries)."""
    days = len(day_names)
    table: Columns = {
        "date": Coded(np.repeat(np.arange(days, dtype=np.int32), len(names)), day_names),
        entry: Coded(np.tile(np.arange(len(names), dtype=np.int16), days), np.array(names)),
    }
    return table | {name: value.reshape(-1) for name, value in values.items()}


def sectors_table(records: Records) -> Columns:
    """Launches, people, deaths and patrol units by day of launch and sector."""
    boats, names = boat_columns(records), [s.node for s in records.theatre.sectors]
    cell = boats["launched"].astype(int) * len(names) + boats["sector"].astype(int)
    size = records.days * len(names)

    def by_cell(weight: Floats) -> Floats:
        return np.asarray(np.bincount(cell, weights=weight, minlength=size)[:size].reshape(-1, len(names)))

    whole = {
        "boats_launched": by_cell(np.ones(len(cell))),
        "boats_prevented": by_cell((boats["end"] == BoatEnd.PREVENTED).astype(float)),
        "boats_arrived": by_cell((boats["end"] == BoatEnd.ARRIVED).astype(float)),
        "attempts": by_cell(boats["people"]),
        "arrivals": by_cell((boats["people"] - boats["dead"]) * (boats["end"] == BoatEnd.ARRIVED)),
        "deaths": by_cell(boats["dead"]),
        "patrol_units": stock(records, "sector_units"),
    }
    return long_table(dates(records), "sector", names, {k: v.astype(np.int64) for k, v in whole.items()})


def gangs_table(records: Records) -> Columns:
    """Each gang by day: active, price asked, queue, boats in stock, cash, and the day's profit (GBP)."""
    cash, capital = stock(records, "gang_cash"), stock(records, "gang_capital")
    earned = cash - capital
    values = {
        "active": stock(records, "gang_active").astype(np.int8),
        "price_gbp": stock(records, "gang_price"),
        "queue": stock(records, "gang_queue").astype(np.int64),
        "boats": stock(records, "gang_boats").astype(np.int64),
        "cash_gbp": cash,
        "profit_gbp": np.diff(earned, axis=0, prepend=np.zeros((1, earned.shape[1]))),
    }
    return long_table(dates(records), "gang", [f"gang_{g:02d}" for g in range(cash.shape[1])], values)


def groups_table(records: Records, counts: Counts) -> Columns:
    """Each group by day: flows, people waiting, and what the community believes."""
    names = [g.name for g in records.theatre.groups]
    flows = {
        "reached_coast": Happened.REACHED_COAST, "stayed_away": Happened.STAYED_AWAY, "attempts": Happened.TRIED,
        "arrivals": Happened.ARRIVED, "deaths": Happened.DIED, "settled": Happened.SETTLED,
        "returned": Happened.RETURNED, "admitted": Happened.ADMITTED,
    }  # fmt: skip
    values: Columns = {k: counts.daily_by_group(h, len(names)) for k, h in flows.items()}
    values["waiting_at_coast"] = stock(records, "group_waiting").astype(np.int64)
    values["believed_return"] = stock(records, "group_return_belief")
    values["believed_stopped"] = stock(records, "group_stopped_belief")
    return long_table(dates(records), "group", names, values)


def pipeline_table(records: Records, counts: Counts) -> Columns:
    """Stages of the exchange by day: people in a stage each evening (`stock`) and people who entered it (`entered`).

    Ends of cases and of applications have no stock.
    """
    places, none = stock(records, "places"), np.full(records.days, np.nan)
    seats = stock(records, "seat_queue")
    stages: dict[str, tuple[Floats, Happened | None]] = {
        "centre": (places[:, Place.CENTRE], Happened.ARRIVED),
        "case": (places[:, Place.CASE], Happened.SELECTED),
        "bed": (stock(records, "beds_used"), None),
        "papers": (places[:, Place.CASE] - seats, None),
        "seat": (seats, None),
        "claim_raised": (none, Happened.CLAIM_RAISED),
        "missed_flight": (none, Happened.MISSED_FLIGHT),
        "returned": (none, Happened.RETURNED),
        "refused_by_france": (none, Happened.REFUSED_BY_FRANCE),
        "claim_upheld": (none, Happened.CLAIM_UPHELD),
        "court_stopped": (none, Happened.COURT_STOPPED),
        "voided": (none, Happened.VOIDED),
        "reception": (places[:, Place.RECEPTION], Happened.RETURNED),
        "tries_again": (none, Happened.TRIES_AGAIN),
        "claimed_in_france": (none, Happened.CLAIMED_IN_FRANCE),
        "applicant": (places[:, Place.APPLICANT], Happened.APPLIED),
        "checks": (places[:, Place.ADMISSION], Happened.CHOSEN),
        "admitted": (none, Happened.ADMITTED),
        "lapsed": (none, Happened.LAPSED),
        "failed_checks": (none, Happened.FAILED_CHECKS),
        "asylum": (places[:, Place.ASYLUM], None),
        "weekly_target": (stock(records, "weekly_target"), None),
    }
    stocks = np.stack([s for s, _ in stages.values()], axis=1)
    entered = np.stack([none if h is None else counts.daily(h).astype(float) for _, h in stages.values()], axis=1)
    return long_table(dates(records), "stage", list(stages), {"stock": stocks, "entered": entered})


def flows_table(records: Records, camps: tuple[str, ...], first_day: float) -> Columns:
    """People who set off from camp to sector and who arrived from sector to landing, in the measured window."""
    boats = boat_columns(records)
    sectors = [s.node for s in records.theatre.sectors]
    landings = [n.name for n in records.theatre.nodes if n.kind == "landing"]
    inside = boats["launched"] >= first_day
    sector, camp = boats["sector"].astype(int), boats["camp"].astype(int)
    arrived = inside & (boats["end"] == BoatEnd.ARRIVED)
    tried = np.zeros((len(camps), len(sectors)))
    np.add.at(tried, (camp[inside], sector[inside]), boats["people"][inside])
    landed = np.zeros((len(sectors), len(landings)))
    at = boats["landing"].astype(int)
    np.add.at(landed, (sector[arrived], at[arrived]), (boats["people"] - boats["dead"])[arrived])
    starts = np.array([c for c in camps for _ in sectors] + [s for s in sectors for _ in landings])
    ends = np.array(sectors * len(camps) + landings * len(sectors))
    return {"start": starts, "end": ends, "people": np.concatenate([tried.ravel(), landed.ravel()]).astype(np.int64)}
