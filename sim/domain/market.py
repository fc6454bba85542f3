"""The market for seats: costs, Cournot prices, orders of boats, advertising, and how gangs learn."""

from math import exp
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats
from sim.domain.rules import Gangs

Estimate = TypeVar("Estimate", float, Floats)
Whole = npt.NDArray[np.int64]
LEAST_SHARE = 1 / 20
"""Below one boat in twenty delivered the cost of a seat is not pursued further: no gang lasts there."""


def cost_per_seat(package_gbp: Floats, people: float, delivered_share: Floats, other_gbp: float) -> Floats:
    """Marginal cost (GBP) of one person delivered: boat and engine spread over the people, lost boats included.

    `package_gbp` (of one boat that reaches the coast) and `delivered_share` have shape (gangs,), and so has the result.

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
    expected_per_day: Floats, lead_days: float, cover_days: float, stock: Whole, ordered: Whole, lost_share: Floats
) -> Whole:
    """Order-up-to rule: cover the lead time and some days more, less what is in stock or on the way; shape (gangs,).

    Of boats on the way and to be ordered a `lost_share` is expected to be seized.
    """
    arrive = np.maximum(1 - lost_share, LEAST_SHARE)
    wanted = np.ceil(expected_per_day * (lead_days + cover_days)) - stock - np.floor(ordered * arrive)
    return np.asarray(np.maximum(np.ceil(wanted / arrive), 0).astype(np.int64))


def affordable(boats: int, price_gbp: float, cash_gbp: float) -> int:
    """Boats that a gang can pay of those it wants.

    >>> affordable(5, 10_000, 32_000), affordable(5, 10_000, -1)
    (3, 0)
    """
    return max(min(boats, int(cash_gbp // price_gbp)), 0)


def scarcity_price(usual_gbp: float, backlog: Estimate, response: float) -> Estimate:
    """Price of a boat (GBP) while suppliers are behind by `backlog` lead times; shape as `backlog`.

    >>> scarcity_price(10_000, np.array([0.0, 0.5]), 0.4).tolist()
    [10000.0, 12000.0]
    """
    return usual_gbp * (1 + response * backlog)


def expected_profit(
    fare_gbp: float, people: float, delivered_share: float, package_gbp: float, other_gbp: float
) -> float:
    """What a launch promises to a gang that knows nothing yet (GBP): fares of boats that arrive less boat and helpers.

    >>> expected_profit(3000, 50, 0.5, 12_000, 200)
    53000.0
    """
    return fare_gbp * people * delivered_share - package_gbp - other_gbp * people


def promise(rules: Gangs, adverts_gbp: float, heard: Floats) -> Floats:
    """How far gangs' advertising raises the prospect of work, as a share of it; `heard` is 1 when as usual.

    Reach saturates with the standing adverts (GBP); the promise is believed less the worse the news of work is
    (`heard` below 1), and never more than in full. Shape as `heard`.
    """
    reach = 1 - exp(-adverts_gbp / rules.advertising_scale_gbp)
    credit = np.minimum(heard, 1.0) ** rules.advertising_distrust
    return np.asarray(rules.advertising_lift * reach * credit)


def softmax(scores: Floats, temperature: float) -> Floats:
    """Choice shares proportional to exp(score / temperature), over the last axis; shape as given."""
    weights = np.exp((scores - np.maximum.reduce(scores, axis=-1, keepdims=True)) / temperature)
    return np.asarray(weights / np.add.reduce(weights, axis=-1, keepdims=True))  # `reduce`: these are short arrays


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
