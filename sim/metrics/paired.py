"""Metrics of a run against the baseline run of the same replication, person by person.

All counts are net: reshuffling between boats moves as many people one way as the other and cancels out. They are sums
over classes of the split in `displacement`, which `displacement.parquet` holds one by one.
"""

from sim.metrics.costs import cost_uk_gbp
from sim.metrics.displacement import net
from sim.metrics.outcomes import arrivals
from sim.metrics.registry import metric
from sim.metrics.run import RunTables


@metric("people")
def deterred(run: RunTables, baseline: RunTables) -> float:
    """People who would have arrived by boat but never set out, or gave up at the coast; net."""
    people = net(run, baseline)
    return people["stayed_away"] + people["gave_up"]


@metric("people")
def displaced_mode(run: RunTables, baseline: RunTables) -> float:
    """People who would have arrived by boat but took a lorry or ferry or the legal route instead; net."""
    people = net(run, baseline)
    return people["other_mode"] + people["legal_route"]


@metric("people")
def displaced_space(run: RunTables, baseline: RunTables) -> float:
    """People who arrived in both worlds and left from a sector further down the coast; net of those further up.

    Down the coast is the theatre's order of sectors: for the Channel from the north-east to the south-west.
    """
    return net(run, baseline)["moved_along_coast"]


@metric("people")
def displaced_time(run: RunTables, baseline: RunTables) -> float:
    """People who arrived more than two weeks later, or not yet by the end; net of those who came as much earlier.

    It counts those who arrived in both worlds, and those who arrived in one and were still at the coast in the other
    at the end of the window (or had come before it).
    """
    people = net(run, baseline)
    return people["later"] - people["earlier"] + people["moved_in_time"]


@metric("GBP/person")
def cost_per_arrival_avoided_gbp(run: RunTables, baseline: RunTables) -> float:
    """Extra cost to the UK for each arrival by boat fewer than in the baseline; missing if none was avoided."""
    avoided = arrivals(baseline) - arrivals(run)
    extra = cost_uk_gbp(run) - cost_uk_gbp(baseline)
    return extra / avoided if avoided > 0 else float("nan")
