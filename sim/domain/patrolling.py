"""Patrols without a clock: how many units there are, where they should be, and whether a launch is found.

Finding is random search (Koopman 1946) and points of interception in series; the security game is a zero-sum one, its
mixed strategy a linear programme. All coverage is of stretches of coast tens of kilometres long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, prod

import numpy as np

from sim.domain.randomness import Floats
from sim.domain.rules import Patrols

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Watched:
    """What the coordinator of the patrols knows at dusk; the arrays have one value a sector, shape (sectors,).

    `units` is how many there are on one shift; it need not be whole.
    """

    fixed_share: Floats
    recent_launches: Floats
    length_km: Floats
    units: float


def planned(seen: Watched) -> Floats:
    """Each sector's share of the units in the fixed plan; shape (sectors,), sum 1."""
    return np.asarray(seen.fixed_share / seen.fixed_share.sum())


def sought(rules: Patrols, seen: Watched) -> Floats:
    """What gangs have shown to want: each sector's share of recent launches over a floor from the plan; sum 1.

    With no launches to go by, the plan.
    """
    plan, total = planned(seen), seen.recent_launches.sum()
    if total <= 0:
        return plan
    floor = rules.allocation_fixed_weight
    return np.asarray(floor * plan + (1 - floor) * seen.recent_launches / total)


def security_game(values: Floats, need: Floats, units: float) -> Floats:
    """The defender's maximin coverage of sectors against one attacker who sees it and picks the best for himself.

    Minimises z subject to z >= value (1 - coverage) in every sector, 0 <= coverage <= 1 and
    sum(coverage x need) <= units: the zero-sum case of a security game (Kiekintveld et al. 2009).

    Args:
        values: what a launch not met is worth in each sector, at least 0; shape (sectors,).
        need: units that cover each sector once, above 0; shape (sectors,).
        units: units to be placed in all.

    >>> security_game(np.array([3.0, 1.0]), np.array([1.0, 1.0]), 1.0).round(6).tolist()
    [0.75, 0.25]
    """
    from scipy.optimize import linprog  # noqa: PLC0415  (a slow import that few runs need)

    sectors = len(values)
    exposed = np.column_stack([-np.diag(values), -np.ones(sectors)])  # -value x coverage - z <= -value
    budget = np.append(need, 0.0)
    found = linprog(
        np.append(np.zeros(sectors), 1.0),
        A_ub=np.vstack([exposed, budget]),
        b_ub=np.append(-values, units),
        bounds=[(0, 1)] * sectors + [(0, None)],
    )
    covered: Floats = np.clip(np.asarray(found.x)[:-1], 0.0, 1.0)
    return covered


def whole_units(expected: Floats, u: float) -> Floats:
    """Whole units a sector from expected ones and one uniform, by comb (systematic) sampling; shape (sectors,).

    Each sector's mean over `u` is exactly what is expected, and the total is never off by one or more: how the mixed
    strategy of a security game is played (Tsai et al. 2010).

    >>> whole_units(np.array([0.75, 0.25]), 0.5).tolist()
    [1.0, 0.0]
    """
    teeth = np.floor(np.cumsum(expected) + u)
    return np.append(teeth[:1], teeth[1:] - teeth[:-1])


def units_on(rules: Patrols, gbp_per_unit_day: float, day: float) -> float:
    """Units there are on a day of the scenario: the standing ones and those recruited from extra funding so far.

    Money that buys nothing at a price (a unit that costs 0) is taken to recruit nobody.
    """
    if rules.extra_funding_gbp_per_year == 0 or gbp_per_unit_day == 0:
        return float(rules.units)
    in_the_end = rules.extra_funding_gbp_per_year / (gbp_per_unit_day * DAYS_PER_YEAR)
    since = max(day - rules.funded_since_day, 0.0)
    return rules.units + in_the_end * (1 - exp(-since / rules.recruitment_days))


def coverage(free_units: float, sweep_km_per_unit: float, length_km: float) -> float:
    """Mean number of times the free units sweep a point of the coast while a launch is visible."""
    return free_units * sweep_km_per_unit / length_km


def detection_chance(coverage: float) -> float:
    """P(detect) = 1 - exp(-coverage).

    >>> round(detection_chance(1.0), 4)
    0.6321
    """
    return 1 - exp(-coverage)


def stopped_in_series(chances: Iterable[float]) -> float:
    """P(stopped) at independent points passed one after another.

    >>> round(stopped_in_series([0.2, 0.1, 0.3]), 3)
    0.496
    """
    return 1 - prod(1 - chance for chance in chances)
