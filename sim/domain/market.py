"""The market for seats: costs, Cournot prices, orders of boats, and what gangs learn about sectors."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats

Estimate = TypeVar("Estimate", float, Floats)
Whole = npt.NDArray[np.int64]
LEAST_SHARE = 1 / 20
"""Below one boat in twenty delivered the cost of a seat is not pursued further: no gang lasts there."""


def cost_per_seat(package_gbp: float, people: float, delivered_share: Floats, other_gbp: float) -> Floats:
    """Marginal cost (GBP) of one person delivered: boat and engine spread over the people, lost boats included.

    `delivered_share` has shape (gangs,), and so has the result.

    A stopped boat is lost while its fares are not paid (escrow), so its cost falls on those who arrive.
    """
    return np.asarray((package_gbp / people + other_gbp) / np.maximum(delivered_share, LEAST_SHARE))


def cournot_price(choke_gbp: float, cost_gbp: Floats, firms: Whole) -> Floats:
    """Price (GBP) with linear demand and n equal firms: (choke + n c)/(n + 1). Pass-through of costs is n/(n + 1).

    >>> cournot_price(100, np.array([10.0]), np.array([1, 2, 5, 10])).round(2).tolist()
    [55.0, 40.0, 25.0, 18.18]
    """
    return np.asarray((choke_gbp + firms * cost_gbp) / (firms + 1))


def boats_to_order(
    expected_per_day: Floats, lead_days: float, cover_days: float, stock: Whole, ordered: Whole
) -> Whole:
    """Order-up-to rule: cover the lead time and some days more, less what is in stock or on the way; shape (gangs,)."""
    wanted = np.ceil(expected_per_day * (lead_days + cover_days)).astype(np.int64)
    return np.asarray(np.maximum(wanted - stock - ordered, 0))


def softmax(scores: Floats, temperature: float) -> Floats:
    """Choice shares proportional to exp(score / temperature); shape as given."""
    weights = np.exp((scores - scores.max()) / temperature)
    return np.asarray(weights / weights.sum())


def learn(estimate: Estimate, outcome: Estimate, rate: float) -> Estimate:
    """Exponential smoothing: the new estimate after one outcome."""
    return estimate + rate * (outcome - estimate)


def pick(shares: Floats, u: float) -> int:
    """Index drawn with probabilities `shares` by one uniform."""
    total = 0.0
    for index, share in enumerate(shares.tolist()):
        total += share
        if u < total:
            return index
    return len(shares) - 1
