"""Between announcement and opening: journeys brought forward, and what those at the coast reckon with."""

import numpy as np
import pytest
from worlds import by_person, count, exchange, run, times, who

from sim.records.recorder import Happened

TRUSTED = {
    "beliefs.announced_weight": 1, "beliefs.credibility_at_start": 1, "beliefs.returned_prior": 0,
    "migrants.return_loss_gbp": 20_000, "until": "2025-03-20",
}  # fmt: skip
NOTICE = {**TRUSTED, "levers": [exchange("2025-02-10", announced="2025-01-21", beds=0)]}
NO_NOTICE = {**TRUSTED, "levers": [exchange("2025-02-10", beds=0)]}
ANNOUNCED, OPENS = 20, 40


def reached(world) -> np.ndarray:
    return times(world, Happened.REACHED_COAST)


def test_journeys_are_brought_forward_before_an_announced_restriction():
    early, usual = (np.sum((t >= ANNOUNCED) & (t < OPENS)) for t in (reached(run(NOTICE)), reached(run(NO_NOTICE))))
    assert early > 1.2 * usual


def test_those_who_hurried_are_missing_after_the_opening():
    world, other = run(NOTICE), run(NO_NOTICE)
    after, usual = (np.sum((t >= OPENS) & (t < OPENS + 20)) for t in (reached(world), reached(other)))
    assert after < 0.8 * usual


def test_only_journeys_planned_for_later_are_brought_forward_and_nobody_comes_twice():
    world, other = run(NOTICE), run(NO_NOTICE)
    came, would_have = by_person(world, Happened.REACHED_COAST), by_person(other, Happened.REACHED_COAST)
    hurried = who(world, Happened.BROUGHT_FORWARD)
    assert hurried
    assert len(who(world, Happened.REACHED_COAST)) == len(came)
    assert all(came[person] <= would_have[person] for person in hurried if person in came and person in would_have)
    rest = set(came) & set(would_have) - set(hurried)
    assert all(came[person] == would_have[person] for person in rest)


def test_before_the_announcement_nothing_is_different():
    world, other = reached(run(NOTICE)), reached(run(NO_NOTICE))
    assert (world[world < ANNOUNCED] == other[other < ANNOUNCED]).all()


def test_nobody_hurries_if_a_day_costs_more_than_the_risk():
    assert not count(run({**NOTICE, "beliefs.hurry_gbp_per_day": 1e9}), Happened.BROUGHT_FORWARD)


def test_nobody_hurries_for_a_promise_that_nobody_believes():
    assert not count(run({**NOTICE, "beliefs.credibility_at_start": 0}), Happened.BROUGHT_FORWARD)


def test_nobody_hurries_ahead_of_an_exchange_that_does_not_concern_them():
    alone = {"theatre.ages.unaccompanied_minor_share": 1}
    assert not count(run({**NOTICE, **alone}), Happened.BROUGHT_FORWARD)


def test_nobody_hurries_without_notice():
    assert not count(run(NO_NOTICE), Happened.BROUGHT_FORWARD)


def test_before_the_opening_a_return_is_expected_as_far_as_one_would_still_be_there():
    world = run({**NOTICE, "beliefs.stay_days": 10, "until": "2025-02-15"})
    believed = np.array([float(v[0]) for v in world.recorder.stocks["group_return_belief"]])
    assert (believed[:ANNOUNCED] == 0).all()
    assert (np.diff(believed[ANNOUNCED:OPENS]) > 0).all()
    ratio = believed[OPENS - 1] / believed[OPENS - 11]
    assert ratio == pytest.approx(np.e, rel=0.35)  # ten days of a stay of ten
