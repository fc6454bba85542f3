"""What gangs spend on posts that promise jobs, and how many of them stand for people afar to read."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.domain.market import learn
from sim.domain.randomness import Floats

if TYPE_CHECKING:
    from sim.processes.world import World


class Advertising:
    """Each gang's budget of the day, from its revenue and its need of customers, and the adverts that stand.

    `spent` is the day's budget of each gang (GBP, shape (gangs,)), `standing` the adverts that are still seen (GBP).
    """

    __slots__ = ("_per_day", "_takings", "_world", "spent", "standing")

    def __init__(self, world: World, gangs: int) -> None:
        self._world = world
        self._takings: Floats = np.zeros(gangs)
        self._per_day: Floats = np.zeros(gangs)
        self.spent: Floats = np.zeros(gangs)
        self.standing = 0.0

    def took(self, gang: int, fares_gbp: float) -> None:
        """A gang has been paid."""
        self._takings[gang] += fares_gbp

    def forget(self, gang: int) -> None:
        """A new firm under an old number."""
        self._takings[gang] = self._per_day[gang] = 0.0

    def plan(self, active: npt.NDArray[np.bool_], queue: Floats, usual_queue: Floats) -> None:
        """At noon: a share of the usual revenue, up to twice as much without customers, nothing with twice as many.

        Standing adverts fade, and some of the new ones are taken down at once. All arrays have shape (gangs,).
        """
        rules = self._world.rules.gangs
        self._per_day = learn(self._per_day, self._takings, 1 / rules.smoothing_days)
        self._takings[:] = 0
        hunger = np.clip(2 - queue / np.maximum(usual_queue, 1.0), 0.0, 2.0)
        self.spent = np.where(active, rules.advertising_share * self._per_day * hunger, 0.0)
        new = float(self.spent.sum()) * (1 - rules.advertising_takedown)
        self.standing = self.standing * exp(-1 / rules.advertising_memory_days) + new
