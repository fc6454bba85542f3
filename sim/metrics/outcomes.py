"""Metrics of one run over the measured window. Counts are people or boats; money is GBP."""

from sim.metrics.registry import metric
from sim.metrics.run import RunTables, ratio


@metric("people")
def people_reaching_coast(run: RunTables) -> float:
    """People who came to the coast to cross."""
    return _by_group(run, "reached_coast")


@metric("people")
def arrivals(run: RunTables) -> float:
    """People who arrived in the UK by small boat."""
    return float(run.daily("arrivals").sum())


@metric("people")
def attempts(run: RunTables) -> float:
    """Tries: a person on a boat that was launched or stopped on the beach, once for each time."""
    return float(run.daily("attempts").sum())


@metric("people")
def people_prevented(run: RunTables) -> float:
    """People stopped on the beach, once for each time."""
    return float(run.daily("people_prevented").sum())


@metric("share")
def prevented_share(run: RunTables) -> float:
    """People prevented as a share of recorded attempts (prevented plus arrived), as the Home Office counts them."""
    prevented = run.daily("people_prevented").sum()
    return ratio(prevented, prevented + run.daily("arrivals").sum())


@metric("people")
def turned_back(run: RunTables) -> float:
    """People brought back to France from the sea."""
    return float(run.daily("turned_back").sum())


@metric("boats")
def boats_arrived(run: RunTables) -> float:
    """Boats that arrived in the UK."""
    return float(run.daily("boats_arrived").sum())


@metric("people/boat")
def people_per_boat(run: RunTables) -> float:
    """People per boat that arrived."""
    return ratio(run.daily("arrivals").sum(), run.daily("boats_arrived").sum())


@metric("days")
def crossing_days(run: RunTables) -> float:
    """Days on which anyone arrived."""
    return float((run.daily("arrivals") > 0).sum())


@metric("people")
def deaths(run: RunTables) -> float:
    """People who died at sea."""
    return float(run.daily("deaths").sum())


@metric("people/1000 arrivals")
def deaths_per_1000(run: RunTables) -> float:
    """Deaths at sea per 1,000 arrivals."""
    return 1000 * ratio(run.daily("deaths").sum(), run.daily("arrivals").sum())


@metric("people")
def lorry_deaths(run: RunTables) -> float:
    """People who died on the way by lorry or ferry."""
    return _by_group(run, "lorry_deaths")


@metric("people")
def waiting_at_coast(run: RunTables) -> float:
    """People waiting at the coast, mean over the days."""
    return float(run.daily("waiting_at_coast").mean())


@metric("people")
def lorry_arrivals(run: RunTables) -> float:
    """People who arrived by lorry or ferry, seen or not (last arrival of each person)."""
    people = run.tables["people"]
    by_lorry = people["mode"].where("lorry") & people["outcome"].where("in_uk")
    days = people["outcome_date"].codes
    return float((by_lorry & (days >= run.first_day)).sum())


@metric("people")
def settled_elsewhere(run: RunTables) -> float:
    """People at the coast who gave up crossing and settled elsewhere."""
    return _by_group(run, "settled")


@metric("people")
def went_home(run: RunTables) -> float:
    """People at the coast who gave up crossing and went home."""
    return _by_group(run, "went_home")


@metric("GBP/person")
def price_gbp(run: RunTables) -> float:
    """Mean asking price of a seat."""
    return float(run.daily("price_gbp").mean())


@metric("firms")
def gangs_active(run: RunTables) -> float:
    """Active gangs, mean over the days."""
    return float(run.daily("gangs_active").mean())


@metric("GBP")
def gang_profit_gbp(run: RunTables) -> float:
    """Profit of all gangs together."""
    gangs = run.tables["gangs"]
    days = gangs["date"].codes
    return float(gangs["profit_gbp"][(days >= run.first_day) & (days < run.last_day)].sum())


def _by_group(run: RunTables, column: str) -> float:
    """The sum of a column of the groups table over the measured window."""
    groups = run.tables["groups"]
    days = groups["date"].codes
    return float(groups[column][(days >= run.first_day) & (days < run.last_day)].sum())
