"""Quantities of places: where boats go when a stretch of coast is watched, and how routes lock in (P4, P10)."""

from collections.abc import Callable, Sequence
from math import nan

import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats
from sim.domain.theatre import Node, Theatre
from sim.experiment.intervals import mean_interval
from sim.experiment.patterns.quantity import Interval, Run, quantity_of_all

KM_PER_DEGREE = 111.2  # of latitude
FEWEST = 3  # replications of which one can be left out and a variance remain
Rows = npt.NDArray[np.int_]


@quantity_of_all("share of the boats lost")
def share_displaced(before: Sequence[Run], after: Sequence[Run]) -> Interval:
    """Boats that get away elsewhere instead, as a share of those that no longer do where patrols were added."""
    at, gains = _gains(before, after)
    return jackknife(lambda few: displaced(gains[few].mean(axis=0), at), len(gains))


@quantity_of_all("share of the boats lost")
def near_over_far(before: Sequence[Run], after: Sequence[Run], *, near: int) -> Interval:
    """Gain of each of the `near` sectors closest to where patrols were added, less that of each other one."""
    at, gains = _gains(before, after)
    order = by_distance(after[0].scenario.theatre, at)

    def estimate(few: Rows) -> float:
        gain = gains[few].mean(axis=0)
        return float((gain[order[:near]].mean() - gain[order[near:]].mean()) / -gain[at]) if gain[at] < 0 else nan

    return jackknife(estimate, len(gains))


@quantity_of_all("share of the boats lost")
def displaced_more_if_near(before: Sequence[Run], central: Sequence[Run], remote: Sequence[Run]) -> Interval:
    """Share displaced from the sector watched in the second scenario, less that from the one watched in the third."""
    (at, gains), (other_at, other) = _gains(before, central), _gains(before, remote)

    def estimate(few: Rows) -> float:
        return displaced(gains[few].mean(axis=0), at) - displaced(other[few].mean(axis=0), other_at)

    return jackknife(estimate, len(gains))


@quantity_of_all("log of a variance ratio")
def lock_in_by_seed(usual: Sequence[Run], other: Sequence[Run]) -> Interval:
    """Log of the variance of sector shares between replications under the other rule over that under the usual one."""
    shares = [np.array([sector_shares(run) for run in runs]) for runs in (other, usual)]

    def estimate(few: Rows) -> float:
        variances = [float(share[few].var(axis=0, ddof=1).sum()) for share in shares]
        return float(np.log(variances[0] / variances[1])) if min(variances) > 0 else nan

    return jackknife(estimate, len(usual))


@quantity_of_all("correlation")
def persistence_of_routes(runs: Sequence[Run]) -> Interval:
    """How a replication's own sector shares (less the mean of all) in the first half agree with those in the second.

    The sum of products over sectors, scaled by the spread over all replications: 1 if each keeps its own routes.
    """
    halves = [np.array([sector_shares(run, half) for run in runs]) for half in (0, 1)]
    first, second = (shares - shares.mean(axis=0) for shares in halves)
    spread = np.sqrt((first**2).sum(axis=1).mean() * (second**2).sum(axis=1).mean())
    return mean_interval((first * second).sum(axis=1) / spread) if spread else (nan,) * 3


def sector_shares(run: Run, half: int | None = None) -> Floats:
    """Share of the launches from each sector, over the measured window or one half of it; shape (sectors,)."""
    launched = _by_sector(run, "boats_launched")
    parts = {0: launched[: len(launched) // 2], 1: launched[len(launched) // 2 :], None: launched}
    total = parts[half].sum(axis=0)
    return np.asarray(total / max(total.sum(), 1.0))


def by_distance(theatre: Theatre, at: int) -> npt.NDArray[np.intp]:
    """The other sectors by their distance from sector `at`, the closest first."""
    nodes = {node.name: node for node in theatre.nodes}
    places = [nodes[sector.node] for sector in theatre.sectors]
    order = np.argsort([distance_km(places[at], place) for place in places], kind="stable")
    return np.asarray(order[order != at])


def distance_km(a: Node, b: Node) -> float:
    """Distance between two nearby places (km), as on a plane."""
    east = (a.lon - b.lon) * np.cos(np.radians((a.lat + b.lat) / 2))
    return float(KM_PER_DEGREE * np.hypot(a.lat - b.lat, east))


def watched_sector(before: Theatre, after: Theatre) -> int:
    """Number of the sector whose fixed share of all patrols grew most from one theatre to the other."""
    fixed = [np.array([sector.fixed_patrol_share for sector in theatre.sectors]) for theatre in (before, after)]
    shares = [share / share.sum() for share in fixed]
    return int(np.argmax(shares[1] - shares[0]))


def displaced(gains: Floats, at: int) -> float:
    """Gains elsewhere as a share of the loss of sector `at`; missing if nothing is lost there. Gains: (sectors,)."""
    return float(np.delete(gains, at).sum() / -gains[at]) if gains[at] < 0 else nan


def jackknife(estimate: Callable[[Rows], float], n: int) -> Interval:
    """An estimate from all of `n` replications and its 95 % interval from leaving out one at a time (Tukey 1958).

    The interval is missing with fewer than three replications, or where an estimate is.
    """
    whole = estimate(np.arange(n))
    if n < FEWEST:
        return whole, nan, nan
    without = np.array([estimate(np.delete(np.arange(n), i)) for i in range(n)])
    pseudo = n * whole - (n - 1) * without
    if not np.isfinite(pseudo).all():
        return whole, nan, nan
    mean, low, high = mean_interval(pseudo)
    return whole, whole + low - mean, whole + high - mean


def _gains(before: Sequence[Run], after: Sequence[Run]) -> tuple[int, Floats]:
    """The sector where patrols were added, and how many more boats get away in each sector; (replications, sectors)."""
    away = [
        np.array([(_by_sector(r, "boats_launched") - _by_sector(r, "boats_prevented")).sum(axis=0) for r in runs])
        for runs in (before, after)
    ]
    return watched_sector(before[0].scenario.theatre, after[0].scenario.theatre), away[1] - away[0]


def _by_sector(run: Run, column: str) -> Floats:
    """A column of the sectors' table over the measured window; shape (days, sectors)."""
    values = run.tables.column("sectors", column)
    sectors = len(run.scenario.theatre.sectors)
    return np.asarray(values, float).reshape(-1, sectors)[run.tables.first_day : run.tables.last_day]
