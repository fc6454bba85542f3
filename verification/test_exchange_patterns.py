"""Patterns of the exchange that the model was not fitted to: runs of the Channel on common random numbers.

All are validate-on: no setting was chosen to bring them about. Each names the mechanism without which it fails.
"""

from functools import cache
from math import exp, sqrt

import numpy as np
import pytest

from sim.domain.rules import LegalRoute, Rules
from sim.metrics import RunTables
from sim.metrics.exchange import returned, seat_use
from sim.processes.world import run_tables, simulate
from sim.scenario import load_scenario

pytestmark = pytest.mark.slow

REPLICATIONS = 3
LEVER = "levers.exchange"
HALF_A_YEAR = {"start": "2025-06-15", "until": "2025-12-15", "legal_route.parity_tolerance": 100_000}
"""Parity never pauses selection here: what limits returns is targets, beds, work and seats."""
AMPLE = {"beds": 4000, "caseworkers": 1000, "seats_per_flight": 100, "flights_per_week": 14,
         "flight_filled_at_least": 0}  # fmt: skip


@cache
def runs(changes: frozenset) -> tuple[RunTables, ...]:
    """The pilot with some settings changed: one run a replication."""
    scenario = load_scenario("pilot", {**HALF_A_YEAR, **dict(changes)})
    window = int(scenario.warm_up_days), int(scenario.horizon_days)
    return tuple(RunTables(run_tables(simulate(scenario, n)), *window) for n in range(REPLICATIONS))


def pilots(**settings: float) -> tuple[RunTables, ...]:
    """The pilot with other settings of the exchange."""
    return runs(frozenset({f"{LEVER}.{name}": value for name, value in settings.items()}.items()))


def all_returns(worlds: tuple[RunTables, ...]) -> np.ndarray:
    return np.array([returned(world) for world in worlds])


def mean_stock(worlds: tuple[RunTables, ...], stage: str) -> np.ndarray:
    return np.array([world.stage(stage, "stock").mean() for world in worlds])


def days_in(worlds: tuple[RunTables, ...], stage: str) -> np.ndarray:
    """Days in a stage for each return, by Little's law."""
    return np.array([world.stage(stage, "stock").sum() for world in worlds]) / all_returns(worlds)


# P5 ------------------------------------------------------------------------------------------------------------------


def test_p5_more_selection_without_beds_and_seats_plateaus():
    """validate-on P5. With the pilot's beds and seats the gain is under a tenth; with both made ample it is over half.

    Mechanism: no bed, no case, and no seat, no return (endless beds alone leave the seats to bind).
    """
    most = {"weekly_target": 1000, "selection_share": 1.0}
    for fewer in ({"selection_share": 0.3}, {"weekly_target": 50}):
        tight = all_returns(pilots(**most)) / all_returns(pilots(**most | fewer)) - 1
        ample = all_returns(pilots(**most, **AMPLE)) / all_returns(pilots(**most | fewer, **AMPLE)) - 1
        told = f"{fewer} to {most}: returns change by {tight.round(3)}, with ample beds and seats by {ample.round(2)}"
        assert tight.max() < 0.1, told
        assert ample.min() > 0.5, told


# P11 -----------------------------------------------------------------------------------------------------------------

FASTER = {
    "faster replies": ({}, {"french_reply_days": 7}, "awaiting_reply", "seat"),
    "more caseworkers": ({"caseworkers": 2}, {}, "awaiting_request", "awaiting_reply"),
    "more beds": ({}, {"beds": 200}, None, "seat"),
}


@pytest.mark.parametrize("how", FASTER)
def test_p11_faster_work_upstream_grows_the_next_queue(how):
    """validate-on P11. The queue before shrinks, the next one grows, and so do returns, in every replication.

    Mechanism: beds and people move on; seats, beds and France's answer are what they were.
    """
    some, others, before, after = FASTER[how]
    slow, fast = pilots(**some), pilots(**others)
    grew = mean_stock(fast, after) - mean_stock(slow, after)
    more = all_returns(fast) - all_returns(slow)
    told = f"{how}: {after} {mean_stock(slow, after).round(1)} + {grew.round(1)}, returns {all_returns(slow)} + {more}"
    assert grew.min() > 0, told
    assert more.min() > 0, told
    if before is not None:
        shrank = mean_stock(slow, before) - mean_stock(fast, before)
        assert shrank.min() > 0, f"{told}; {before} - {shrank.round(1)}"


def test_p11_seats_are_what_the_next_queue_waits_for():
    """validate-on P11. With twice the beds each return waits much longer for a seat; with ample seats it does not.

    Mechanism: a charter has so many seats.
    """
    seats = {"seats_per_flight": 200, "flight_filled_at_least": 0}
    waits = days_in(pilots(), "seat"), days_in(pilots(beds=200), "seat")
    ample = days_in(pilots(**seats), "seat"), days_in(pilots(beds=200, **seats), "seat")
    used = np.array([seat_use(world) for world in pilots(beds=200)])
    pairs = [f"{few.round(1)} to {many.round(1)}" for few, many in (waits, ample)]
    told = f"days for a seat {pairs[0]} (seats used {used.round(2)}); with ample seats {pairs[1]}"
    assert (waits[1] / waits[0]).min() > 1.5, told
    assert (ample[1] / ample[0]).max() < 1.25, told


# P12 -----------------------------------------------------------------------------------------------------------------

WEEK, LAGS = 7, np.arange(-4, 13)
TERM = {"start": "2025-06-15", "until": "2026-09-10"}
HALVED = {"legal_route.checks_days": 7, "legal_route.visa_days": 7, "legal_route.travel_days": 1}
FROM_WEEK, TO_WEEK = 6, 32
"""Weeks of returns to compare: at their usual pace, and all lags later still before the end."""


@cache
def term(changes: frozenset, replications: int) -> tuple[np.ndarray, np.ndarray, Rules, int]:
    """The whole pilot and what comes after: weekly returns and admissions (runs, weeks), rules, weeks until its end."""
    scenario = load_scenario("pilot", {**TERM, **dict(changes)})
    first, last = int(scenario.warm_up_days), int(scenario.horizon_days)
    weeks, rules = (last - first) // WEEK, scenario.rules_on(first + 1)
    tables = [run_tables(simulate(scenario, n))["daily"] for n in range(replications)]

    def weekly(name: str) -> np.ndarray:
        return np.array([t[name][first : first + weeks * WEEK].reshape(weeks, WEEK).sum(axis=1) for t in tables])

    return weekly("returned"), weekly("admitted"), rules, int(rules.exchange.closes_day - first) // WEEK


def weeks_of_checks(rules: LegalRoute) -> float:
    """Mean weeks from a return to the admission that it opens: half a window, checks, appointment, visa and journey."""
    checks = (rules.checks_days + rules.visa_days) * exp(rules.days_spread**2 / 2)
    return (rules.window_every_days / 2 + checks + 1 + rules.travel_days) / WEEK


@pytest.mark.parametrize(("changes", "replications"), [({}, 5), (HALVED, 2)], ids=["as it is", "checks halved"])
def test_p12_admissions_follow_returns_by_the_length_of_the_checks(changes, replications):
    """validate-on P12. Weekly returns and admissions correlate at that positive lag, and at no other; mean of runs.

    Mechanism: a return opens a place; who is drawn for it has the checks before them.
    """
    out, back, rules, _ = term(frozenset(changes.items()), replications)
    correlation = np.array(
        [
            [np.corrcoef(one[FROM_WEEK:TO_WEEK], other[FROM_WEEK + lag : TO_WEEK + lag])[0, 1] for lag in LAGS]
            for one, other in zip(out, back, strict=True)
        ]
    ).mean(axis=0)
    expected, peak = weeks_of_checks(rules.legal_route), int(LAGS[correlation.argmax()])
    error = 1 / sqrt(replications * (TO_WEEK - FROM_WEEK))
    by_lag = dict(zip(LAGS.tolist(), correlation.round(2).tolist(), strict=True))
    told = f"peak {correlation.max() / error:.1f} standard errors at {peak} weeks, checks take {expected:.1f}: {by_lag}"
    assert abs(peak - expected) <= 1, told
    assert correlation.max() > 4 * error, told
    assert correlation[np.abs(LAGS - peak) > 1].max() < correlation.max() / 2, told


def test_p12_the_ledger_closes_once_the_exchange_has_ended():
    """validate-on P12. The gap holds at what the checks' length leaves open, then closes to within the float.

    Mechanism: admissions in process when the exchange ends are still made, and no new place opens.
    """
    out, back, rules, end = term(frozenset(), 5)
    gap, places = np.cumsum(out - back, axis=1), rules.legal_route.float_places
    late = end + round(2 * weeks_of_checks(rules.legal_route))
    during, after = gap[:, 8:end], gap[:, late:]
    lagging = out[:, FROM_WEEK:end].mean() * weeks_of_checks(rules.legal_route)
    told = f"gap {during.mean(axis=1).round(0)} while open, {after[:, -1]} after; returns of a lag {lagging:.0f}"
    assert (during > places).all(), told
    assert abs(during.mean() - lagging) < 2 * places, told
    assert (np.abs(after) <= places).all(), told
    assert (out[:, end + 1 :] == 0).all(), told
