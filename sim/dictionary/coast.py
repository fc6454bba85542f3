"""Tables of the coast: what happened each day, boat by boat, sector by sector, gang by gang and group by group."""

from sim.dictionary.declared import (
    BOATS,
    DAYS,
    EACH_DAY,
    GBP,
    PEOPLE,
    RUN,
    SHARE,
    Column,
    Family,
    Table,
    count,
    date,
    flag,
    labelled,
    number,
    said,
    text,
)
from sim.records.movement_tables import boats_table, camps_table
from sim.records.recorder import BoatEnd
from sim.records.tables import flows_table, gangs_table, groups_table, sectors_table

METRES = "m"
SECTOR = text("sector", "Stretch of coast from which boats leave, tens of kilometres long; a place of `places`.")
BOAT_ENDS = labelled(BoatEnd, {
    BoatEnd.PREVENTED: "stopped on the beach",
    BoatEnd.TURNED_BACK: "put to sea and was brought back to France",
    BoatEnd.ARRIVED: "arrived in the UK",
    BoatEnd.INTERCEPTED: "stopped on the water by a team before people boarded",
})  # fmt: skip
TRIES = "Tries: a person on a boat that was launched or stopped on the beach, once for each time."
PREVENTED = "Launches stopped on the beach, or on the water before boarding"
ARRIVED = "People who arrived in the UK by small boat"
DIED = "People who died at sea"
WAITING = "People waiting at the coast in the evening, in a gang's queue or aboard included."

DAILY = Table(
    "daily", "a day of one replication of a scenario", "Counts of the day and stocks of its evening.",
    (
        *EACH_DAY,
        count("attempts", TRIES),
        count("boats_launched", "Boats launched or stopped on the beach, by day of launch.", BOATS),
        count("boats_prevented", f"{PREVENTED}, by day of launch.", BOATS),
        count("people_prevented", "People stopped on the beach, once for each time."),
        count("boats_arrived", "Boats that arrived in the UK, by day of arrival.", BOATS),
        count("arrivals", f"{ARRIVED}."),
        count("deaths", f"{DIED}."),
        count("turned_back", "People brought back to France from the sea."),
        count("selected", "People selected for return under the exchange."),
        count("detained", "Detention beds in use in the evening.", "beds"),
        count("returned", "People returned to France."),
        count("admitted", "People admitted by the legal route."),
        count("voided", "Return cases that ran out of time, or were open when the exchange closed."),
        count("ledger_gap", "Returns less admissions so far, in the evening; positive where France has taken more."),
        count("waiting_at_coast", WAITING),
        number("wave_height_m", METRES, "Significant wave height at the theatre's reference point (simulated)."),
        number("price_gbp", "GBP/person", "Mean asking price of a seat over the active gangs; if none is active, the "
               "last known ones."),
        count("gangs_active", "Gangs at work in the evening.", "firms"),
        number("cost_uk_gbp", GBP, "What the day cost the UK: all items of `costs` that it pays."),
        number("cost_fr_gbp", GBP, "What the day cost France: all items of `costs` that it pays."),
    ),
)  # fmt: skip

SECTORS = Table(
    "sectors", "a day and sector of one replication of a scenario", said(sectors_table),
    (
        *EACH_DAY,
        SECTOR,
        count("boats_launched", "Boats launched here or stopped on the beach.", BOATS),
        count("boats_prevented", f"{PREVENTED}.", BOATS),
        count("boats_arrived", "Boats launched here on that day that arrived, that day or the next.", BOATS),
        count("attempts", TRIES),
        count("arrivals", "People who arrived on boats launched here on that day."),
        count("deaths", "People who died on boats launched here on that day."),
        count("patrol_units", "Simulated patrol units of the shift on duty in the evening; they say nothing of real "
              "patrols, their schedules or positions.", "units"),
    ),
)  # fmt: skip

GANGS = Table(
    "gangs", "a day and gang of one replication of a scenario", said(gangs_table),
    (
        *EACH_DAY,
        text("gang", "The gang by its number; a number that a firm left may be taken by a new one."),
        count("active", "1 if it is at work in the evening, else 0.", "0 or 1"),
        number("price_gbp", "GBP/person", "What it asks for a seat; its last price if it is not at work."),
        count("queue", "Customers who wait for one of its boats."),
        count("boats", "Boats it holds at the coast.", BOATS),
        count("boats_seized", "Boats of its orders seized on the way on that day.", BOATS),
        number("cost_per_seat_gbp", "GBP/person", "Marginal cost of one person delivered, losses of boats included."),
        number("advertising_gbp", GBP, "What it spends on adverts on that day."),
        number("cash_gbp", GBP, "Cash in the evening."),
        number("profit_gbp", GBP, "Change of its cash on that day, less capital brought in."),
    ),
)  # fmt: skip


def _believed(of: str, what: str) -> Column:
    return number(f"believed_{of}", SHARE, f"What its communities believe in the evening, mean: {what}.")


GROUPS = Table(
    "groups", "a day and group of people of one replication of a scenario", said(groups_table),
    (
        *EACH_DAY,
        text("group", "Group of people by origin, as the theatre names it."),
        count("reached_coast", "People who came to the coast to cross."),
        count("stayed_away", "People who might have come and decided against the journey."),
        count("attempts", TRIES),
        count("arrivals", f"{ARRIVED}."),
        count("deaths", f"{DIED}."),
        count("settled", "People at the coast who gave up crossing and settled elsewhere."),
        count("went_home", "People at the coast who gave up crossing and went home."),
        count("lorry_deaths", "People who died on the way by lorry or ferry."),
        count("returned", "People returned to France."),
        count("admitted", "People admitted by the legal route."),
        count("arrivals_in_scope", "Of the arrivals by boat, those whom the exchange may return: all but unaccompanied "
              "minors."),
        count("waiting_at_coast", WAITING),
        _believed("return", "the share of arrivals returned, announcements weighed in"),
        _believed("stopped", "the share of tries stopped"),
        _believed("died", "the share of tries that end in death"),
        _believed("admitted", "the share of applications for the legal route that succeed"),
        _believed("granted", "the share of asylum decisions that grant status"),
        _believed("work", "the share of people looking for work without permission who find it"),
    ),
)  # fmt: skip

CAMPS = Table(
    "camps", "a day and camp of one replication of a scenario", said(camps_table),
    (
        *EACH_DAY,
        text("camp", "Camp; a place of `places`."),
        count("waiting", "People waiting there in the evening, in a gang's queue or aboard included."),
    ),
)  # fmt: skip

BOATS_TABLE = Table(
    "boats", "a launch of one replication of a scenario", said(boats_table),
    (
        *RUN,
        date("date", "Day of the launch."),
        number("launched", DAYS, "When it was launched, or stopped on the beach."),
        number("ended", DAYS, "When it ended, by arrival or otherwise."),
        count("gang", "Number of the gang, as in `gangs`: 3 is gang_03.", ""),
        text("camp", "Camp from which its people came; a place of `places`."),
        SECTOR,
        text("landing", "Where it landed, a place of `places`; empty for boats that did not arrive."),
        flag("taxi", "Whether it was a taxi boat: launched elsewhere and boarded from the water."),
        count("people", "People who were to go, or went, on it."),
        count("dead", "Those of them who died."),
        text("end", "How it ended.", BOAT_ENDS),
    ),
)  # fmt: skip

FLOWS = Table(
    "flows", "a leg from camp to sector, or from sector to landing, of one replication of a scenario",
    said(flows_table),
    (
        *RUN,
        text("start", "Camp or sector; a place of `places`."),
        text("end", "Sector or landing; a place of `places`."),
        count("people", "From camp to sector: tries. From sector to landing: people who arrived."),
    ),
)  # fmt: skip

ATTEMPTS = Table(
    "attempts", "a number of tries in one replication of a scenario",
    "People who first tried in the measured window, by the number of tries up to "
    "their first arrival or its end. Tries after a return from the UK begin another series: left out.",
    (
        *RUN,
        count("attempts", "Number of tries, from 1 to the largest.", "tries"),
        count("arrived", "People who arrived by boat after exactly so many tries."),
        count("gave_up", "People who took a lorry (whatever came of it) or the legal route, settled or went home after "
              "so many tries."),
        count("waiting", "People who made so many tries and may still try again at the horizon."),
        count("died", "People who died at the last of so many tries."),
    ),
)  # fmt: skip

HAZARD = Table(
    "hazard", "a band of load and a band of waves in one replication of a scenario",
    "Launches, people at sea, fatal incidents and deaths "
    "of the measured window.",
    (
        *RUN,
        number("load_from", PEOPLE, "People aboard from which the band begins."),
        number("load_to", PEOPLE, "People aboard below which it ends; inf: it is open."),
        number("wave_from_m", METRES, "Wave height from which the band begins."),
        number("wave_to_m", METRES, "Wave height below which it ends; inf: it is open."),
        count("launches", "Boats launched or stopped on the beach.", BOATS),
        count("left_beach", "Boats that put to sea with people.", BOATS),
        count("people_at_sea", "People on those boats."),
        count("incidents", "Boats on which anyone died.", BOATS),
        count("deaths", f"{DIED}."),
        count("deaths_squared", "Sum over boats of the square of the deaths: deaths come in clusters, and their spread "
              "follows from it.", "people squared"),
    ),
)  # fmt: skip

COAST = Family(
    "The coast", "Written by `sim run`, `sim compare` and `sim needs`: what happened at the coast and at sea.",
    "sim/dictionary/coast.py",
    (DAILY, SECTORS, GANGS, GROUPS, CAMPS, BOATS_TABLE, FLOWS, ATTEMPTS, HAZARD),
)  # fmt: skip
