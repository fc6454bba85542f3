"""Quantities of the exchange: what it returns, what is brought forward before it, its ledger (P6, P7, P12)."""

from math import exp

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import LegalRoute
from sim.experiment.patterns.change import change
from sim.experiment.patterns.quantity import Run, quantity
from sim.levers import days_between

LEVER = "exchange"
DAYS_PER_WEEK = 7


@quantity("relative change")
def brought_forward(usual: Run, announced: Run, *, column: str, table: str) -> float:
    """Change of a daily count between the announcement and the first day of the exchange."""
    first, opens = notice(announced)
    return _change_between(usual, announced, table, column, first, opens)


@quantity("relative change")
def dip_after(usual: Run, announced: Run, *, column: str, table: str) -> float:
    """Change of a daily count in as many days from the first day of the exchange as it was announced ahead."""
    first, opens = notice(announced)
    return _change_between(usual, announced, table, column, opens, 2 * opens - first)


@quantity("share of arrivals")
def share_returned(run: Run) -> float:
    """People returned as a share of arrivals by boat, both from the first day of the exchange on."""
    _, opens = notice(run)
    returned, arrived = (run.tables.tables["daily"][name][opens:].sum() for name in ("returned", "arrivals"))
    return float(returned / arrived) if arrived else float("nan")


@quantity("ratio")
def lag_over_checks(run: Run) -> float:
    """Mean time from a return to the admission that it opens, over what window, checks and journey take.

    The time between two flows of equal size is the area between their sums over the size.
    """
    out, back = (run.tables.tables["daily"][name].astype(float) for name in ("returned", "admitted"))
    gap = np.cumsum(out) - np.cumsum(back)
    days = float(gap.sum() / out.sum()) if out.any() else float("nan")
    return days / days_of_checks(run.scenario.rules.legal_route)


@quantity("ratio")
def gap_left_over_float(run: Run) -> float:
    """Gap between returns and admissions on the last day, either way, over the float of places."""
    left = run.tables.daily("returned").sum() - run.tables.daily("admitted").sum()
    return float(abs(left) / run.scenario.rules.legal_route.float_places)


def days_of_checks(rules: LegalRoute) -> float:
    """Mean days from a return to the admission that it opens: half a window, checks, appointment, visa and journey."""
    checks = (rules.checks_days + rules.visa_days) * exp(rules.days_spread**2 / 2)
    return rules.window_every_days / 2 + checks + 1 + rules.travel_days


def notice(run: Run) -> tuple[int, int]:
    """Days (since the start) on which the scenario's exchange is announced and opens."""
    lever = next(lever for lever in run.scenario.levers if lever.kind == LEVER)
    opens = days_between(run.scenario.start, lever.starts)
    return int(days_between(run.scenario.start, lever.announced or lever.starts)), int(opens)


def _change_between(usual: Run, announced: Run, table: str, column: str, first: int, last: int) -> float:
    counts = [daily_sums(run, table, column)[first:last].sum() for run in (announced, usual)]
    return change(float(counts[0]), float(counts[1]))


def daily_sums(run: Run, table: str, column: str) -> Floats:
    """A count of any table by day, summed over the rows of the day; shape (days,)."""
    columns = run.tables.tables[table]
    return np.asarray(np.bincount(columns["date"].codes, weights=np.asarray(columns[column], float)), float)
