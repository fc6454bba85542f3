"""One run of a replay: its boats, its days and its stocks as lists of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

MINUTES_PER_DAY = 1440
ENDS = ("prevented", "intercepted", "turned_back", "arrived")
DAILY = ("arrivals", "deaths", "returned", "admitted", "turned_back", "people_prevented", "selected")
STOCKS = (
    "centre", "awaiting_request", "awaiting_reply", "awaiting_claims", "bed", "seat", "in_court", "applicant",
    "checks", "reception",
)  # fmt: skip
CM_PER_M = 100


class Sites:
    """The places that boats and people are counted by, in the order in which the lists hold them."""

    def __init__(self, places: pd.DataFrame) -> None:
        of_kind = {kind: places.loc[places["kind"] == kind, "name"].tolist() for kind in ("camp", "sector", "landing")}
        self.camps, self.sectors, self.landings = of_kind["camp"], of_kind["sector"], of_kind["landing"]


def run_data(tables: Mapping[str, pd.DataFrame], dates: list[str], sites: Sites) -> dict[str, Any]:
    """What moves in one run.

    Args:
        tables: daily, sectors, boats, camps, pipeline, flights and, if there is one, ledger, of this run only.
        dates: the days of the replay (ISO); days that the run does not have count 0.
        sites: order of the places.

    Returns:
        `boats` (see `boats_data`); `daily` by quantity, with `waves_cm` and `price`; `waiting` by camp; `units` by
        sector; `stocks` by stage, each a list by day; `flights`: (day, seats, planned, flown, cancelled); `beds`:
        (day, beds) wherever their number changes.
    """
    daily = tables["daily"].set_index("date").reindex(dates, fill_value=0)
    pipeline = tables["pipeline"]
    stocks = pipeline[pipeline["stage"].isin(STOCKS)].pivot(index="date", columns="stage", values="stock")
    return {
        "boats": boats_data(tables["boats"], sites),
        "daily": {name: whole(daily[name]) for name in DAILY}
        | {"waves_cm": whole(daily["wave_height_m"] * CM_PER_M), "price": whole(daily["price_gbp"])},
        "waiting": by_place(tables["camps"], "camp", "waiting", dates, sites.camps),
        "units": by_place(tables["sectors"], "sector", "patrol_units", dates, sites.sectors),
        "stocks": {
            stage: whole(stocks[stage].reindex(dates, fill_value=0)) for stage in STOCKS if stage in stocks.columns
        },
        "flights": flights_data(tables["flights"]),
        "beds": beds_data(tables["ledger"], dates) if "ledger" in tables else [],
    }


def boats_data(boats: pd.DataFrame, sites: Sites) -> dict[str, Any]:
    """Launches in the order of their hour.

    Returns:
        `launched`: minutes after the launch before (the first: after the start); `took`: minutes from launch to end;
        `people`; `camp`, `sector` and `landing` (0 = none, 1 = the first); `end` as in ENDS; `dead`: (boat, people) for
        those with deaths.
    """
    boats = boats.sort_values(["launched", "gang"], kind="stable")
    minutes = np.rint(boats["launched"].to_numpy(float) * MINUTES_PER_DAY)
    took = np.rint((boats["ended"] - boats["launched"]).to_numpy(float) * MINUTES_PER_DAY)
    dead = boats["dead"].to_numpy(int)
    return {
        "launched": whole(np.diff(minutes, prepend=0.0)),
        "took": whole(took),
        "people": whole(boats["people"]),
        "camp": _index(boats["camp"], sites.camps),
        "sector": _index(boats["sector"], sites.sectors),
        "landing": _index(boats["landing"], ["", *sites.landings]),
        "end": _index(boats["end"], ENDS),
        "dead": [(int(boat), int(dead[boat])) for boat in np.flatnonzero(dead)],
    }


def by_place(table: pd.DataFrame, place: str, column: str, dates: list[str], names: list[str]) -> list[list[int]]:
    """A column by day for each place."""
    wide = table.pivot(index="date", columns=place, values=column).reindex(index=dates, columns=names, fill_value=0)
    return [whole(wide[name]) for name in names]


def flights_data(flights: pd.DataFrame) -> list[list[int]]:
    """Flights as (day, seats, planned, flown, 1 if cancelled)."""
    columns = ["day", "seats", "planned", "flown", "cancelled"]
    return [[int(value) for value in row] for row in flights[columns].itertuples(index=False)]


def beds_data(ledger: pd.DataFrame, dates: list[str]) -> list[tuple[int, int]]:
    """Detention beds of the exchange from each day on which their number changes."""
    beds = ledger.set_index("week")["beds"].reindex(dates).ffill().fillna(0).astype(int).to_numpy()
    changes = np.flatnonzero(np.diff(beds, prepend=-1))
    return [(int(day), int(beds[day])) for day in changes]


def whole(values: Any) -> list[int]:
    """Numbers rounded to whole ones; missing ones are 0."""
    rounded: list[int] = np.rint(np.nan_to_num(np.asarray(values, dtype=float))).astype(int).tolist()
    return rounded


def _index(values: pd.Series[str], names: Sequence[str]) -> list[int]:
    known = {name: i for i, name in enumerate(names)}
    return [known[value] for value in values]
