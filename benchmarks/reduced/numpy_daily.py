"""The reduced model in NumPy: columns of all people, vector operations once a day; no agents and no events.

The only approximation: the people of one landing are registered as by one desk that is as fast as all together.
"""

from __future__ import annotations

import numpy as np

from benchmarks.reduced.model import DAWN, DAYS, Act, Given, Outcomes, outcomes_of


class Strait:
    """Columns over people, and the counts."""

    def __init__(self, given: Given) -> None:
        self.given, self.random = given, np.random.default_rng(given.seed)
        self.reached, self.benefit = np.array(given.reach_days), np.array(given.benefit_gbp)
        self.nerve, self.patience = np.array(given.nerve_gbp), np.array(given.patience_days)
        self.new_by = np.searchsorted(self.reached, np.arange(DAYS))
        n = len(self.reached)
        self.failures = np.zeros(n, dtype=np.int64)
        self.review = np.zeros(n)
        self.in_line = np.zeros(n, dtype=bool)
        self.due = np.full(n, np.inf)
        self.queue = np.empty(0, dtype=np.int64)
        self.desks_free = 0.0
        self.choices = self.attempts = self.arrivals = self.settled = self.boats = 0
        self.days_to_land = 0.0

    def sail(self, aboard, launch):
        """A boat planned yesterday is stopped, or lands."""
        model, random, people = self.given.model, self.random, len(aboard)
        self.attempts += people
        stopped = self.given.stopped[self.boats]
        self.boats += 1
        if stopped:
            self.failures[aboard] += 1
            self.review[aboard] = launch + random.exponential(model.rest_days, people)
            return
        landing = launch + model.crossing_days
        self.arrivals += people
        self.days_to_land += landing * people - self.reached[aboard].sum()
        shape = model.registration_shape
        work = random.gamma(shape, model.registration_days / shape, people) / model.desks
        registered = max(self.desks_free, landing) + np.cumsum(work)
        self.desks_free = registered[-1]
        shape = model.decision_shape
        self.due[aboard] = np.floor(registered + random.gamma(shape, model.decision_days / shape, people)) + 1

    def dawn(self, now, come):
        """Everyone with a decision due takes it."""
        ids = np.flatnonzero(self.review[:come] <= now)
        acts, in_line = self.weigh(ids), self.in_line[ids]
        self.choices += len(ids)
        settles = acts == Act.SETTLE
        joins = (acts == Act.BOAT) & ~in_line
        stays = in_line & ~settles
        self.review[ids] = now + np.where(joins | stays, self.patience[ids], self.given.model.review_days)
        self.review[ids[settles]] = np.inf
        self.settled += np.count_nonzero(settles)
        self.in_line[ids] = joins | stays
        left = self.queue[self.in_line[self.queue]] if (settles & in_line).any() else self.queue
        self.queue = np.concatenate([left, ids[joins]])

    def weigh(self, ids):
        """What each of these people does."""
        model, failures = self.given.model, self.failures[ids]
        stopped = (model.stopped_prior * model.voices + failures) / (model.voices + failures)
        effort = model.effort_gbp + self.nerve[ids] * np.log2(1 + failures)
        values = np.zeros((len(ids), len(Act)))
        values[:, Act.BOAT] = (1 - stopped) * (self.benefit[ids] - model.price_gbp) - effort
        values[:, Act.WAIT] = np.maximum(values[:, Act.BOAT], 0) - model.wait_gbp_per_day * model.review_days
        return (values + self.random.gumbel(0.0, model.taste_gbp, values.shape)).argmax(axis=1)

    def plan(self, night):
        """The gang fills boats from the queue before a calm night."""
        model, planned = self.given.model, []
        if night >= DAYS or not self.given.calm[night]:
            return planned
        while len(planned) < model.boats and len(self.queue) >= model.least_aboard:
            aboard, self.queue = self.queue[: model.seats], self.queue[model.seats :]
            self.review[aboard], self.in_line[aboard] = np.inf, False
            planned.append(aboard)
        return planned


def simulate(given: Given) -> Strait:
    """Build and run."""
    strait, planned = Strait(given), []
    for today in range(DAYS):
        for aboard in planned:
            strait.sail(aboard, today + given.model.launch_day)
        strait.dawn(today + DAWN, strait.new_by[today])
        planned = strait.plan(today + 1)
    return strait


def outcomes(strait: Strait) -> Outcomes:
    """What the run tells."""
    return outcomes_of(
        strait.given,
        choices=strait.choices,
        attempts=strait.attempts,
        arrivals=strait.arrivals,
        settled=int(strait.settled),
        days_to_land=float(strait.days_to_land),
        decisions=int(np.count_nonzero(strait.due < DAYS)),
    )
