"""What people believe about four chances, as Beta beliefs fed by news.

A community (first form: one per group) keeps pseudo-counts of what it hears, with delay and fading memory; a person
adds their own experience. The chance of being returned is mixed with what governments announce:
expectation and realised probability are separate parameters because history disagrees about them (docs/odd.md).
"""

from collections import deque
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.domain.randomness import Floats
from sim.domain.rules import Beliefs

Counts = Floats | npt.NDArray[np.int64] | int
"""Events by community, or 0 for none."""


class About(IntEnum):
    """What a belief is about, each a share: of tries, of tries, of arrivals, of applications."""

    STOPPED = 0
    DIED = 1
    RETURNED = 2
    ADMITTED = 3


class News:
    """Communities' Beta beliefs: faded counts of `hits` among `trials`, arrays of shape (subjects, communities)."""

    __slots__ = (
        "_delayed",
        "_hits_today",
        "_prior",
        "_strength",
        "_trials_today",
        "chances",
        "communities",
        "hits",
        "trials",
    )

    def __init__(self, rules: Beliefs, communities: int) -> None:
        prior = np.array([rules.stopped_prior, rules.died_prior, rules.returned_prior, rules.admitted_prior])
        self._prior = prior[:, None] * rules.prior_strength
        self._strength = rules.prior_strength
        self.communities = communities
        self.hits = np.zeros((len(About), communities))
        self.trials = np.zeros((len(About), communities))
        self._hits_today = np.zeros_like(self.hits)
        self._trials_today = np.zeros_like(self.hits)
        self.chances = self._now()
        self._delayed: deque[tuple[Floats, Floats]] = deque()

    def tell(self, about: About, hits: Counts, trials: Counts) -> None:
        """Add today's events by community; they will be heard after the news delay."""
        self._hits_today[about] += hits
        self._trials_today[about] += trials

    def tell_one(self, about: About, community: int, hits: float, trials: float) -> None:
        """`tell` for one community."""
        self._hits_today[about, community] += hits
        self._trials_today[about, community] += trials

    def next_day(self, rules: Beliefs) -> None:
        """Let memory fade by a day and hear what happened `news_delay_days` ago."""
        self._delayed.append((self._hits_today, self._trials_today))
        self._hits_today = np.zeros_like(self.hits)
        self._trials_today = np.zeros_like(self.hits)
        keep = np.exp(-1 / rules.memory_days)
        self.hits *= keep
        self.trials *= keep
        while len(self._delayed) > rules.news_delay_days:
            hits, trials = self._delayed.popleft()
            self.hits += hits
            self.trials += trials
        self.chances = self._now()

    def _now(self) -> Floats:
        """What is believed today: the same until the next news."""
        return np.asarray(np.minimum((self.hits + self._prior) / (self.trials + self._strength), 1.0))

    def chance(self, about: About) -> Floats:
        """What each community believes; shape (communities,). Returns may outrun arrivals for a while: capped at 1."""
        return np.asarray(self.chances[about])

    def strength(self, about: About) -> Floats:
        """Pseudo-observations behind each community's belief; shape (communities,)."""
        return np.asarray(self.trials[about] + self._strength)


def with_own_experience(
    chance: Floats, strength: Floats, own_hits: Floats, own_tries: Floats, rules: Beliefs
) -> Floats:
    """A person's Beta belief: the community's counts plus the person's own, which weigh `own_weight` each.

    The community speaks with at most `community_voices`, so that one's own failures are heard beside thousands of
    reports. All arrays have shape (people,).
    """
    voices, weight = np.minimum(strength, rules.community_voices), rules.own_weight
    return np.asarray((chance * voices + weight * own_hits) / (voices + weight * own_tries))


def expected_return(heard: Floats, announced: float, weight: float, credibility: float) -> Floats:
    """Perceived chance of being returned: what is heard, raised towards what is announced as far as it is believed.

    `weight` x `credibility` is the weight of the announcement; one below what people see themselves changes nothing.
    """
    return np.asarray(heard + weight * credibility * np.maximum(announced - heard, 0.0))


def next_credibility(credibility: float, promised: float, delivered: float, adjustment: float) -> float:
    """Credibility after a week: moves by `adjustment` towards the share of what was promised that was delivered."""
    if promised <= 0:
        return credibility
    return credibility + adjustment * (min(delivered / promised, 1.0) - credibility)
