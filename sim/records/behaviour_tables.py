"""How often people try, and how deadly boats are by load and by waves: tables of the measured window of one run."""

import numpy as np
import numpy.typing as npt

from sim.domain.population import Place
from sim.domain.randomness import Floats
from sim.records.recorder import STOPPED, Happened
from sim.records.tables import boat_columns
from sim.records.tidy import Columns, Records

LOAD_EDGES = (0.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0)
"""People aboard from which a band begins, the last one open. From 50 on these are the bands in which the Home Office
counts boats (boat_occupancy.csv), so that the two can be laid side by side; below, where boats of 2022 were, the same
step."""
WAVE_EDGES_M = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6)
"""Wave heights at the beach from which a band begins, the last one open: tenths of a metre around the half metre above
which boats are rarely launched."""

STILL_TRYING = (
    Place.TRAVELLING, Place.CAMP, Place.CUSTOMER, Place.ABOARD, Place.LORRY, Place.APPLICANT, Place.ADMISSION,
)  # fmt: skip
"""Where those are at the horizon whose first series of tries has not ended."""
SERIES_ENDS = (Happened.ARRIVED, Happened.ARRIVED_BY_LORRY, Happened.DIED, Happened.DIED_IN_LORRY)


def attempts_table(records: Records, first_day: float) -> Columns:
    """People who first tried on `first_day` or later, by the number of tries up to their first arrival or its end.

    One row for each number of tries from 1 to the largest. `arrived`: by boat, after exactly so many tries; `died`: at
    the last of them; `waiting`: they may still try again at the horizon; `gave_up`: they took a lorry (whatever came of
    it) or the legal route, settled or went home. Tries after a return from the UK begin another series: left out.
    """
    recorder, people = records.recorder, records.people
    person = np.frombuffer(recorder.person, dtype=np.int32)
    code = np.frombuffer(recorder.code, dtype=np.uint8)
    time = np.frombuffer(recorder.time, dtype=np.float64)
    ends = np.flatnonzero(np.isin(code, SERIES_ENDS))[::-1]
    last_row = np.full(len(people), len(code), dtype=np.int64)
    last_row[person[ends]] = ends  # going backwards, the first end is written last
    how = np.full(len(people), -1, dtype=np.int64)
    how[person[ends]] = code[ends]
    tries = np.flatnonzero(code == Happened.TRIED)
    tries = tries[tries < last_row[person[tries]]]
    made = np.bincount(person[tries], minlength=len(people))
    first = np.full(len(people), -np.inf)
    first[person[tries[::-1]]] = time[tries[::-1]]
    ours = first >= first_day
    waiting = (how < 0) & np.isin(people.place_view, [int(place) for place in STILL_TRYING])
    arrived, died = how == Happened.ARRIVED, how == Happened.DIED
    most = int(made[ours].max(initial=0))

    def by_tries(who: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(made[ours & who], minlength=most + 1)[1:].astype(np.int64)

    return {
        "attempts": np.arange(1, most + 1, dtype=np.int64),
        "arrived": by_tries(arrived),
        "gave_up": by_tries(~(arrived | died | waiting)),
        "waiting": by_tries(waiting),
        "died": by_tries(died),
    }


def hazard_table(records: Records, first_day: float) -> Columns:
    """Launches, people at sea, fatal incidents and deaths by band of load and of waves, from `first_day` on.

    One row for each pair of bands, people aboard in [`load_from`, `load_to`) and waves in [`wave_from_m`,
    `wave_to_m`). `left_beach`: boats that put to sea with people, launches that were not prevented. `deaths_squared`
    sums the squares of the deaths of each boat: deaths come in clusters, and their spread follows from it.
    """
    boats = boat_columns(records)
    inside = boats["launched"] >= first_day
    load = np.searchsorted(LOAD_EDGES, boats["people"][inside], side="right") - 1
    wave = np.searchsorted(WAVE_EDGES_M, boats["wave_m"][inside], side="right") - 1
    shape = len(LOAD_EDGES), len(WAVE_EDGES_M)
    cell = load * shape[1] + wave
    dead, left = boats["dead"][inside], ~np.isin(boats["end"][inside], STOPPED)

    def by_cell(weight: Floats | npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(cell, weights=weight, minlength=shape[0] * shape[1]).astype(np.int64)

    loads, waves = np.indices(shape).reshape(2, -1)
    return {
        "load_from": np.array(LOAD_EDGES)[loads],
        "load_to": np.array([*LOAD_EDGES[1:], np.inf])[loads],
        "wave_from_m": np.array(WAVE_EDGES_M)[waves],
        "wave_to_m": np.array([*WAVE_EDGES_M[1:], np.inf])[waves],
        "launches": by_cell(np.ones(len(cell))),
        "left_beach": by_cell(left),
        "people_at_sea": by_cell(boats["people"][inside] * left),
        "incidents": by_cell(dead > 0),
        "deaths": by_cell(dead),
        "deaths_squared": by_cell(dead**2),
    }
