"""Conditioning an ensemble on what was observed: one step of an ensemble Kalman smoother.

Stochastic, with perturbed observations (Evensen 1994, Journal of Geophysical Research 99:10143; Burgers, van Leeuwen
and Evensen 1998, Monthly Weather Review 126:1719), over the whole window at once (van Leeuwen and Evensen 1996,
Monthly Weather Review 124:2898). What a member predicts holds its own weather, so that the spread of the predictions,
and with it the gain, accounts for what the weather alone could have done.
"""

from dataclasses import dataclass

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.forecasts.levels import Past
from sim.experiment.forecasts.settings import Method

TRIED, SMALL = 101, 1e-6  # how many values are tried; a sd that is never quite none


@dataclass(frozen=True, slots=True)
class Observations:
    """What was observed: log arrivals of the window's months, then log people per boat of its blocks if known."""

    values: Floats
    months: int


def observations(past: Past, method: Method) -> Observations:
    """The window as one vector."""
    arrivals = np.log(past.people + method.offset_people)
    boats = np.log(past.per_boat) if past.has_boats else np.empty(0)
    return Observations(np.concatenate([arrivals, boats]), len(arrivals))


def predictions(arrivals: Floats, boats: Floats, past: Past, method: Method) -> Floats:
    """What members say of the observations, (observations, members), from their months' totals, (members, months).

    A member without people or boats in a block counts as having one of each.
    """
    logs = np.log(arrivals + method.offset_people)
    if not past.has_boats:
        return np.ascontiguousarray(logs.T)
    sums = [each.reshape(len(each), -1, method.level_months).sum(axis=2) for each in (arrivals, boats)]
    people, sailed = (np.maximum(each, 1.0) for each in sums)
    return np.ascontiguousarray(np.hstack([logs, np.log(people / sailed)]).T)


def month_noise(predicted: Floats, observed: Observations, method: Method) -> float:
    """What neither levels nor weather explain of a month (sd of log): noise of the inflow, error of the model.

    The sd, between the method's bounds, under which the window's months are most likely: normal around the members'
    mean, with the covariance of the members' own predictions and this noise on top of each month (maximum likelihood
    of an error variance from innovations: Dee 1995, Monthly Weather Review 123:1128). `predicted` is (observations,
    members).
    """
    months = predicted[: observed.months]
    size, turned = np.linalg.eigh(np.cov(months))
    off = turned.T @ (observed.values[: observed.months] - months.mean(axis=1))
    tried = np.linspace(method.month_noise_at_least, method.month_noise_at_most, TRIED)
    variances = np.maximum(size, 0.0)[:, None] + np.maximum(tried, SMALL) ** 2
    unlikely = (np.log(variances) + off[:, None] ** 2 / variances).sum(axis=0)
    return float(tried[np.argmin(unlikely)])


def conditioned(unknowns: Floats, predicted: Floats, observed: Observations, spread: Floats, seed: int) -> Floats:
    """The members' unknowns, (unknowns, members), after one step; `spread` is the sd of each observation's error.

    iterative_ensemble_smoother's ES-MDA with a single assimilation, which is that step.
    """
    from iterative_ensemble_smoother import ESMDA

    smoother = ESMDA(spread**2, observed.values, alpha=1, seed=seed)
    smoother.prepare_assimilation(Y=predicted)
    found: Floats = np.asarray(smoother.assimilate_batch(X=unknowns))
    return found
