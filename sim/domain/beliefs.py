"""What people believe about six chances and one loss, as Beta beliefs fed by news.

A community (a group in a camp, afar, or in the UK) keeps pseudo-counts of what it hears over the contact graph, with
delay, noise and fading memory; a person adds their own experience. The chance of being returned is mixed with what
governments announce, by a rule (`expectation_*`): expectation and realised probability are separate parameters because
history disagrees about them (docs/odd.md).
"""

from collections import deque
from collections.abc import Callable
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from sim.domain.contacts import Contacts, isolated
from sim.domain.members import plain_members
from sim.domain.randomness import Floats
from sim.domain.rules import Beliefs

Counts = Floats | npt.NDArray[np.int64] | int
"""Events by community, or 0 for none."""
Noise = Callable[[int], Floats]
"""From a day's number to standard-normal noise of shape (subjects, communities)."""


@plain_members
class About(IntEnum):
    """What a belief is about, each a share: of tries, of tries, of arrivals, of applications, of decisions, of
    people who look for work without permission, of what arriving by boat is worth (`LOST` to those who came)."""

    STOPPED = 0
    DIED = 1
    RETURNED = 2
    ADMITTED = 3
    GRANTED = 4
    WORK = 5
    LOST = 6


def priors(rules: Beliefs, grant_share: Floats) -> Floats:
    """What communities believe before any news; shape (subjects, communities). `grant_share` is by community."""
    same = [rules.stopped_prior, rules.died_prior, rules.returned_prior, rules.admitted_prior]
    alike = np.repeat(np.array(same)[:, None], len(grant_share), axis=1)
    nothing_lost = np.zeros(len(grant_share))
    return np.vstack([alike, grant_share, np.full(len(grant_share), rules.work_prior), nothing_lost])


class News:
    """Communities' Beta beliefs: faded counts of `hits` among `trials`, arrays of shape (subjects, communities).

    Args:
        rules: the beliefs' settings.
        prior: what is believed before any news, shape (subjects, communities).
        contacts: who hears from whom; without it everyone hears only their own community.
        noise: what distorts each day's reports; without it they are true.
    """

    __slots__ = ("_day", "_delayed", "_noise", "_prior", "_strength", "_today", "chances", "contacts", "counts")

    def __init__(
        self, rules: Beliefs, prior: Floats, contacts: Contacts | None = None, noise: Noise | None = None
    ) -> None:
        self.contacts = contacts or isolated(prior.shape[1])
        self._prior, self._strength, self._noise = prior * rules.prior_strength, rules.prior_strength, noise
        self.counts = np.zeros((2, *prior.shape))
        self._today = np.zeros_like(self.counts)
        self._delayed: deque[Floats] = deque()
        self._day = 0
        self.chances = self._now()

    @property
    def communities(self) -> int:
        """How many communities there are."""
        return self.contacts.communities

    @property
    def trials(self) -> Floats:
        """Reports heard and not yet forgotten; shape (subjects, communities)."""
        return np.asarray(self.counts[1])

    def tell(self, about: About, hits: Counts, trials: Counts) -> None:
        """Add today's events by community; they will be heard after the news delay."""
        self._today[0, about] += hits
        self._today[1, about] += trials

    def tell_one(self, about: About, community: int, hits: float, trials: float) -> None:
        """`tell` for one community."""
        self._today[0, about, community] += hits
        self._today[1, about, community] += trials

    def next_day(self, rules: Beliefs) -> None:
        """Let memory fade by a day; hear one's own community's news of `news_delay_days` ago, others' later still."""
        self._day += 1
        self._delayed.append(self._today)
        self._today = np.zeros_like(self.counts)
        self.counts *= np.exp(-1 / rules.memory_days)
        first = int(rules.news_delay_days)
        heard = [(first + delay, part) for delay, part in self.contacts.heard if first + delay < len(self._delayed)]
        self._hear([self._delayed[-1 - delay] @ part for delay, part in heard], rules.noise)
        longest = first + max(delay for delay, _ in self.contacts.heard)
        while len(self._delayed) > longest:
            self._delayed.popleft()
        self.chances = self._now()

    def _hear(self, heard: list[Floats], noise: float) -> None:
        """Add a day's reports; what is told of hits is exaggerated or played down, right on average."""
        reports = sum(heard, np.zeros_like(self.counts))
        if noise and self._noise and reports[0].any():
            reports[0] *= np.exp(noise * self._noise(self._day) - noise**2 / 2)
        self.counts += reports

    def _now(self) -> Floats:
        """What is believed today, the same until the next news. Capped, for returns may outrun arrivals for a while."""
        hits, trials = self.counts
        return np.asarray(np.minimum((hits + self._prior) / (trials + self._strength), 1.0))

    def chance(self, about: About) -> Floats:
        """What each community believes; shape (communities,)."""
        return np.asarray(self.chances[about])

    def strength(self, about: About) -> Floats:
        """Pseudo-observations behind each community's belief; shape (communities,)."""
        return np.asarray(self.counts[1, about] + self._strength)


def with_own_experience(
    chance: Floats, strength: Floats, own_hits: Floats, own_tries: Floats, rules: Beliefs, hearsay: Floats | float = 1.0
) -> Floats:
    """A person's Beta belief: the community's counts plus the person's own, which weigh `own_weight` each.

    The community speaks with at most `community_voices` x the person's `hearsay`, so that one's own failures are heard
    beside thousands of reports. All arrays have shape (people,).
    """
    voices, weight = np.minimum(strength, rules.community_voices) * hearsay, rules.own_weight
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
