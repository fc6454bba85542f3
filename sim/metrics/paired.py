"""Metrics of a run against the baseline run of the same replication, person by person.

The potential people of a replication are the same in both, so each person's two lives can be laid side by side.
All counts are net: reshuffling between boats moves as many people one way as the other and cancels out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.metrics.costs import cost_uk_gbp
from sim.metrics.outcomes import arrivals
from sim.metrics.registry import metric
from sim.metrics.run import RunTables
from sim.records.tidy import Columns

Rows = npt.NDArray[np.bool_]
LATER_BY_DAYS = 14.0


@dataclass(frozen=True, slots=True)
class Life:
    """What each person did within the measured window; arrays of shape (people,), people as in the run and baseline."""

    tried: Rows
    arrived: Rows
    lorry: Rows
    admitted: Rows
    sector: npt.NDArray[np.int64]
    uk_day: npt.NDArray[np.float64]


def _life(run: RunTables, rows: npt.NDArray[np.intp]) -> Life:
    people: Columns = run.tables["people"]
    uk_day = np.asarray(people["uk_day"], dtype=float)[rows]
    outcome_day = people["outcome_date"].codes[rows]
    inside = outcome_day >= run.first_day
    return Life(
        tried=(people["attempts"][rows] > 0) & (inside | run.measured(uk_day)),
        arrived=run.measured(uk_day),
        lorry=people["mode"].where("lorry")[rows] & inside,
        admitted=people["outcome"].where("admitted")[rows] & people["reached_coast"][rows] & inside,
        sector=people["sector"].codes[rows].astype(np.int64),
        uk_day=uk_day,
    )


def side_by_side(run: RunTables, baseline: RunTables) -> tuple[Life, Life]:
    """The same people's lives in both runs: everyone who came to the coast in either."""
    keys, base_keys = run.column("people", "person"), baseline.column("people", "person")
    _, mine, theirs = np.intersect1d(keys, base_keys, assume_unique=True, return_indices=True)
    return _life(run, mine), _life(baseline, theirs)


@metric("people")
def deterred(run: RunTables, baseline: RunTables) -> float:
    """People who would have tried a boat but neither tried one, nor a lorry, nor the legal route; net."""
    life, base = side_by_side(run, baseline)
    acts, acted = life.tried | life.lorry | life.admitted, base.tried | base.lorry | base.admitted
    return float((base.tried & ~acts).sum() - (life.tried & ~acted).sum())


@metric("people")
def displaced_mode(run: RunTables, baseline: RunTables) -> float:
    """People who would have come by boat but came by lorry or the legal route instead; net."""
    life, base = side_by_side(run, baseline)
    other, other_before = life.lorry | life.admitted, base.lorry | base.admitted
    return float((base.tried & other & ~life.arrived).sum() - (life.tried & other_before & ~base.arrived).sum())


@metric("people")
def displaced_space(run: RunTables, baseline: RunTables) -> float:
    """People who arrived in both worlds and left from a sector further down the coast; net of those further up.

    Down the coast is the theatre's order of sectors: for the Channel from the north-east to the south-west.
    """
    life, base = side_by_side(run, baseline)
    both = life.arrived & base.arrived
    return float(np.sign(life.sector - base.sector)[both].sum())


@metric("people")
def displaced_time(run: RunTables, baseline: RunTables) -> float:
    """People who arrived in both worlds but more than two weeks later; net of those who came as much earlier."""
    life, base = side_by_side(run, baseline)
    both = life.arrived & base.arrived
    shift = (life.uk_day - base.uk_day)[both]
    return float((shift > LATER_BY_DAYS).sum() - (shift < -LATER_BY_DAYS).sum())


@metric("GBP/person")
def cost_per_arrival_avoided_gbp(run: RunTables, baseline: RunTables) -> float:
    """Extra cost to the UK for each arrival by boat fewer than in the baseline; missing if none was avoided."""
    avoided = arrivals(baseline) - arrivals(run)
    extra = cost_uk_gbp(run) - cost_uk_gbp(baseline)
    return extra / avoided if avoided > 0 else float("nan")
