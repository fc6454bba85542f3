"""Who was where, day by day: every launch with its way and its end, and the people waiting in each camp."""

import numpy as np

from sim.records.recorder import BoatEnd
from sim.records.tables import boat_columns
from sim.records.tidy import Coded, Columns, Records, dates, long_table, stock

DAY_PLACES = 4  # decimals of a day: some ten seconds


def boats_table(records: Records, camps: tuple[str, ...]) -> Columns:
    """One row a launch in the order in which they ended: its way, its people, its end. Warm-up included.

    `launched` and `ended` are days since the start (float); `landing` is empty for boats that did not arrive; `end` is
    prevented (stopped on the beach), intercepted (on the water before boarding), turned_back or arrived; `dead` are
    among `people`.
    """
    boats, nodes = boat_columns(records), records.theatre.nodes
    landings = np.array([*(n.name for n in nodes if n.kind == "landing"), ""])
    landing = boats["landing"].astype(np.int32)  # -1, the last name, is none

    def coded(column: str, names: list[str]) -> Coded:
        return Coded(boats[column].astype(np.int32), np.array(names))

    return {
        "date": Coded(np.minimum(boats["launched"].astype(np.int32), records.days - 1), dates(records)),
        "launched": np.round(boats["launched"], DAY_PLACES),
        "ended": np.round(boats["ended"], DAY_PLACES),
        "gang": boats["gang"].astype(np.int16),
        "camp": coded("camp", list(camps)),
        "sector": coded("sector", [s.node for s in records.theatre.sectors]),
        "landing": Coded(np.where(landing < 0, len(landings) - 1, landing).astype(np.int32), landings),
        "taxi": boats["taxi"].astype(bool),
        "people": boats["people"].astype(np.int16),
        "dead": boats["dead"].astype(np.int16),
        "end": coded("end", [end.name.lower() for end in BoatEnd]),
    }


def camps_table(records: Records, camps: tuple[str, ...]) -> Columns:
    """Each camp by day: people waiting there in the evening, aboard a boat or in its queue included."""
    waiting = stock(records, "camp_waiting").astype(np.int64)
    return long_table(dates(records), "camp", list(camps), {"waiting": waiting})
