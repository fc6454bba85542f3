"""A case's papers: a caseworker writes the request, France answers, and claims run beside both."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import simpy

from sim.domain.cases import CaseEnd, Claim, plan_claims
from sim.domain.population import Place
from sim.domain.randomness import Luck
from sim.processes.case import Case
from sim.processes.moments import Story
from sim.processes.pool import Pool
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World

RAISED = {
    Claim.TRAFFICKING: Happened.CLAIM_RAISED,
    Claim.HUMAN_RIGHTS: Happened.HUMAN_RIGHTS_RAISED,
    Claim.APPEAL: Happened.APPEALED,
    Claim.AGE_DISPUTE: Happened.AGE_DISPUTED,
}


class Papers:
    """The caseworkers' desk, and how many cases wait for France or for claims."""

    __slots__ = ("_replying", "_world", "awaiting_claims", "desk")

    def __init__(self, world: World) -> None:
        self._world = world
        self.desk = Pool(world.env, world.rules.exchange.caseworkers)
        self._replying: set[Case] = set()
        self.awaiting_claims = 0

    @property
    def awaiting_reply(self) -> int:
        """Cases in detention that France has not yet answered."""
        return sum(case.detained for case in self._replying)

    @property
    def awaiting_request(self) -> int:
        """Cases in detention whose request is not yet sent."""
        return self._world.returns.cases_at_papers - self.awaiting_reply - self.awaiting_claims

    def complete(self, case: Case) -> Story:
        """Get a case ready for a seat. The value is None if it is, else how it ended."""
        world, env = self._world, self._world.env
        claims = plan_claims(world.rules.claims, int(world.people.attributes.age[case.person]), case.luck)
        for claim, start in claims.raised:
            env.process(self._raises(case, claim, start))
        settled = env.now + claims.days
        case.papers = papers = env.process(self._cut_short(self._request_and_reply(case)))
        by_claim = yield from case.waits(claims.days if claims.ended is not None else inf, papers)
        if papers.is_alive:
            return claims.ended if by_claim else CaseEnd.VOIDED
        if papers.value is not None:
            return papers.value
        if env.now < settled:
            self.awaiting_claims += 1
            in_time = yield from case.waits(settled - env.now)
            self.awaiting_claims -= 1
            if not in_time:
                return CaseEnd.VOIDED
        return claims.ended

    def resume(self, case: Case) -> Story:
        """After a bar, back in detention: wait for France if it has not answered. The value is as of `complete`."""
        papers = case.papers
        if papers.is_alive:
            yield from case.waits(inf, papers)
        return CaseEnd.VOIDED if papers.is_alive else papers.value

    @staticmethod
    def drop(case: Case) -> None:
        """The case is over: nobody goes on with its papers."""
        if case.papers.is_alive:
            case.papers.interrupt()

    @staticmethod
    def _cut_short(story: Story) -> Story:
        """A story that ends quietly when it is interrupted."""
        try:
            return (yield from story)
        except simpy.Interrupt:
            return None

    def _raises(self, case: Case, claim: Claim, start: float) -> Story:
        """A claim is raised some days into the case, if it is still open then. A process."""
        yield self._world.env.timeout(start)
        if self._world.people.place[case.person] == Place.CASE:
            self._world.recorder.record(RAISED[claim], case.person)

    def _request_and_reply(self, case: Case) -> Story:
        """The request, sent within the treaty's limit or never, and the answer. The value is None if France agrees.

        A process of its own, so that a claim or the end of three months can cut it short.
        """
        world, env = self._world, self._world.env
        written = yield from self._is_written(case.arrived)
        if not written:
            return CaseEnd.REQUEST_TOO_LATE
        world.recorder.record(Happened.REQUESTED, case.person)
        self._replying.add(case)
        try:
            yield env.timeout(self._reply_days(case))
        finally:
            self._replying.remove(case)
        refused = self._refusal(case.luck)
        if refused is None:
            world.recorder.record(Happened.ACCEPTED_BY_FRANCE, case.person)
        return refused

    def _is_written(self, arrived: float) -> Story:
        """A caseworker writes the request; the value says whether it was sent within the treaty's limit.

        Nobody begins a request that cannot be sent in time, else a desk with a long line would send none at all.
        """
        env, rules = self._world.env, self._world.rules.exchange
        limit, desk = arrived + rules.request_limit_days, self.desk.take()
        try:
            yield desk | env.timeout(max(limit - rules.request_work_days - env.now, 0.0))
            if not desk.triggered:
                return False
            yield env.timeout(rules.request_work_days)
        finally:
            self.desk.leave_line(desk)
        yield env.timeout(max(arrived + rules.request_days - env.now, 0.0))
        return env.now <= limit

    def _refusal(self, luck: Luck) -> CaseEnd | None:
        """France's reason to refuse, or None if it agrees."""
        rules = self._world.rules.exchange
        if luck.uniform("case/refused") < rules.french_refusal_share:
            return CaseEnd.REFUSED_BY_FRANCE
        unequal = self._world.ledger.returns_paused
        if unequal and luck.uniform("case/imbalance") < rules.french_imbalance_share:
            return CaseEnd.REFUSED_FOR_IMBALANCE
        return None

    def _reply_days(self, case: Case) -> float:
        """Days that France takes to answer; less for someone whom it has taken back before."""
        rules = self._world.rules.exchange
        if self._world.people.returns[case.person]:
            return self._world.rules.after_return.recognised_reply_days
        late = case.luck.uniform("case/late") < rules.french_late_share
        return rules.french_reply_limit_days if late else rules.french_reply_days
