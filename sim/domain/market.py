"""The market for seats: costs, Cournot prices, orders of boats, and what gangs learn about sectors."""

import numpy as np

from sim.domain.randomness import Floats


def cost_per_seat(package_gbp: float, people: float, delivered_share: float, other_gbp: float) -> float:
    """Marginal cost (GBP) of one person delivered: boat and engine spread over the people, lost boats included.

    A stopped boat is lost while its fares are not paid (escrow), so its cost falls on those who arrive.
    """
    return (package_gbp / people + other_gbp) / max(delivered_share, 0.05)


def cournot_price(choke_gbp: float, cost_gbp: float, firms: int) -> float:
    """Price (GBP) with linear demand and n equal firms: (choke + n c)/(n + 1). Pass-through of costs is n/(n + 1).

    >>> [round(cournot_price(100, 10, n), 2) for n in (1, 2, 5, 10)]
    [55.0, 40.0, 25.0, 18.18]
    """
    return (choke_gbp + firms * cost_gbp) / (firms + 1)


def boats_to_order(expected_per_day: float, lead_days: float, cover_days: float, stock: int, ordered: int) -> int:
    """Order-up-to rule: cover the lead time and some days more, less what is in stock or on the way."""
    wanted = int(np.ceil(expected_per_day * (lead_days + cover_days)))
    return max(wanted - stock - ordered, 0)


def softmax(scores: Floats, temperature: float) -> Floats:
    """Choice shares proportional to exp(score / temperature); shape as given."""
    weights = np.exp((scores - scores.max()) / temperature)
    return np.asarray(weights / weights.sum())


def learn(estimate: float, outcome: float, rate: float) -> float:
    """Exponential smoothing: the new estimate after one outcome."""
    return estimate + rate * (outcome - estimate)


def pick(shares: Floats, u: float) -> int:
    """Index drawn with probabilities `shares` by one uniform."""
    return int(min(np.searchsorted(np.cumsum(shares), u, side="right"), len(shares) - 1))
