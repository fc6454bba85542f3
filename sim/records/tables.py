"""From event records to tidy tables of days: the coast, its sectors, gangs, groups and flows.

The same builders serve every recording level, so recording more never changes another table.
"""

import numpy as np

from sim.domain.population import Place
from sim.domain.randomness import Floats
from sim.records.costs import totals_by_payer
from sim.records.recorder import STOPPED, BoatEnd, BoatRow, Happened
from sim.records.tidy import Coded, Columns, Counts, Records, dates, long_table, stock


def boat_columns(records: Records) -> Columns:
    """Launches as columns, named as in `BoatRow`; whole numbers where they are counts or codes."""
    rows = records.recorder.boats
    table = np.array(rows, dtype=float).reshape(len(rows), len(BoatRow._fields))
    return dict(zip(BoatRow._fields, table.T, strict=True))


def daily_table(records: Records, counts: Counts) -> Columns:
    """The daily table of interface.md, warm-up included."""
    boats, days = boat_columns(records), records.days
    launched = boats["launched"].astype(int)
    prevented = np.isin(boats["end"], STOPPED)
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
    return table | {f"cost_{payer}_gbp": total for payer, total in totals_by_payer(records, counts).items()}


def sectors_table(records: Records) -> Columns:
    """Launches, people, deaths and patrol units by day of launch and sector."""
    boats, names = boat_columns(records), [s.node for s in records.theatre.sectors]
    cell = boats["launched"].astype(int) * len(names) + boats["sector"].astype(int)
    size = records.days * len(names)

    def by_cell(weight: Floats) -> Floats:
        return np.asarray(np.bincount(cell, weights=weight, minlength=size)[:size].reshape(-1, len(names)))

    whole = {
        "boats_launched": by_cell(np.ones(len(cell))),
        "boats_prevented": by_cell(np.isin(boats["end"], STOPPED).astype(float)),
        "boats_arrived": by_cell((boats["end"] == BoatEnd.ARRIVED).astype(float)),
        "attempts": by_cell(boats["people"]),
        "arrivals": by_cell((boats["people"] - boats["dead"]) * (boats["end"] == BoatEnd.ARRIVED)),
        "deaths": by_cell(boats["dead"]),
        "patrol_units": stock(records, "sector_units"),
    }
    return long_table(dates(records), "sector", names, {k: v.astype(np.int64) for k, v in whole.items()})


def gangs_table(records: Records) -> Columns:
    """Each gang by day: active, price asked, queue, boats, cost and adverts, cash, the day's profit (GBP)."""
    cash, capital = stock(records, "gang_cash"), stock(records, "gang_capital")
    earned, seized = cash - capital, stock(records, "gang_seized")
    values = {
        "active": stock(records, "gang_active").astype(np.int8),
        "price_gbp": stock(records, "gang_price"),
        "queue": stock(records, "gang_queue").astype(np.int64),
        "boats": stock(records, "gang_boats").astype(np.int64),
        "boats_seized": np.diff(seized, axis=0, prepend=np.zeros((1, seized.shape[1]))).astype(np.int64),
        "cost_per_seat_gbp": stock(records, "gang_cost"),
        "advertising_gbp": stock(records, "gang_adverts"),
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
        "went_home": Happened.LEFT_FOR_HOME, "lorry_deaths": Happened.DIED_IN_LORRY,
        "returned": Happened.RETURNED, "admitted": Happened.ADMITTED,
    }  # fmt: skip
    values: Columns = {k: counts.daily_by_group(h, len(names)) for k, h in flows.items()}
    scope = records.people.attributes.in_scope
    values["arrivals_in_scope"] = counts.daily_by_group(Happened.ARRIVED, len(names), among=scope)
    values["waiting_at_coast"] = stock(records, "group_waiting").astype(np.int64)
    for subject in ("return", "stopped", "died", "admitted", "granted", "work"):
        values[f"believed_{subject}"] = stock(records, f"group_{subject}_belief")
    return long_table(dates(records), "group", names, values)


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
