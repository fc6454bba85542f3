"""What a person weighs, in pounds, and how they choose: a random-utility (logit) model.

The value of trying a boat nests Becker's (1968) rule: with fare paid beforehand, no dread and no noise, a person
tries if and only if B (1 - p)(1 - r) > price + C (docs/odd.md, submodel Choice).
"""

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.domain.members import plain_members
from sim.domain.randomness import Floats


@plain_members
class Choice(IntEnum):
    """What a person at the coast can do at a decision point."""

    BOAT = 0
    WAIT = 1
    LORRY = 2
    LEGAL = 3
    SETTLE = 4
    HOME = 5


NEVER = -1e12
DAYS_PER_QUARTER = 365.25 / 4


def value_of_boat(
    benefit: Floats,
    stopped: Floats,
    returned: Floats,
    price: Floats,
    effort: Floats,
    dread: Floats,
    return_loss: float = 0.0,
    prepaid: bool = False,
) -> Floats:
    """Expected value (GBP) of trying one boat.

    Args:
        benefit: what being in the UK is worth, GBP.
        stopped, returned: perceived chances of being stopped on the way, and of being returned after arriving.
        price: fare, GBP. Held in escrow and released on arrival, unless `prepaid`.
        effort: cost of one try in money, time and nerve, GBP.
        dread: perceived chance of dying x what a person would pay to avoid it, GBP.
        return_loss: what a return costs beyond the lost benefit, GBP.
    """
    arrive = 1 - stopped
    fare = price if prepaid else arrive * price
    return np.asarray(arrive * (benefit * (1 - returned) - returned * return_loss) - fare - effort - dread)


def lost_share(route: float, held: float) -> float:
    """What of the worth of arriving is lost where the way onward is hindered and people are held besides (shares).

    >>> lost_share(0.5, 0.5), lost_share(0.0, 0.0)
    (0.75, 0.0)
    """
    return 1 - (1 - route) * (1 - held)


def becker_threshold(benefit: float, stopped: float, price: float, cost: float) -> float:
    """Chance of return r* above which a risk-neutral person with a prepaid fare stays: 1 - (price + C)/(B(1 - p))."""
    return 1 - (price + cost) / (benefit * (1 - stopped))


def best(utilities: Floats, noise: Floats, scale: float) -> npt.NDArray[np.intp]:
    """Index of the option each person takes; utilities (GBP) and Gumbel noise have shape (people, options)."""
    return np.asarray((utilities + scale * noise).argmax(axis=1))


def chance_to_come(value: Floats, scale: float) -> Floats:
    """Chance that a journey of a given value (GBP) is begun, against staying (value 0); logit."""
    return np.asarray(1 / (1 + np.exp(np.clip(-value / scale, -700, 700))))


def worth_hurrying(
    avoided: Floats, planned: Floats, earlier: Floats, opening: float, stay_days: float, gbp_per_day: float
) -> npt.NDArray[np.bool_]:
    """Whether reaching the coast on an earlier day is worth it, ahead of a rule that takes effect on a day to come.

    Args:
        avoided: what the rule takes from the journey's worth, GBP; shape (people,).
        planned, earlier: days on which each would and could reach the coast; shape (people,).
        opening: the day on which the rule takes effect.
        stay_days: mean stay at the coast; who comes d days before the opening is still there with chance exp(-d/stay).
        gbp_per_day: what hurrying costs for each day gained.
    """
    hit, hit_earlier = (np.exp(-np.maximum(opening - day, 0.0) / stay_days) for day in (planned, earlier))
    return np.asarray(avoided * (hit - hit_earlier) > gbp_per_day * (planned - earlier))


def prospect_of_work(visits: float, reference: float, elasticity: float) -> float:
    """Perceived prospect of illegal work relative to the reference level of enforcement visits; 1 at the reference."""
    return float((visits / reference) ** -elasticity)


def arrest_rate(visits_per_quarter: float, arrests_per_visit: float, workers: float) -> float:
    """Chance a day that one of the people who work without permission is arrested: arrests over workers.

    >>> round(arrest_rate(1826.25, 0.5, 100_000) * 1e6)
    100
    """
    return visits_per_quarter * arrests_per_visit / DAYS_PER_QUARTER / workers
