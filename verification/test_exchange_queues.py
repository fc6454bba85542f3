"""Beds are an Erlang B loss system, caseworkers an M/D/c queue, an unlimited stage an M_t/M/infinity stock.

A Poisson stream of people, the product's own potential people, is led past the sea to the registration; from there on
everything is the product's own. Nobody comes by boat.
"""

import sys
from math import exp, factorial, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.domain.exchange import PassedOver
from sim.domain.population import Place
from sim.processes.migrant import are_registered, faces_return
from sim.processes.world import World, build_world
from sim.records.recorder import Happened

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "functional"))  # the toy strait of the functional tests

from worlds import count, times, toy, with_exchange

LIMIT = 4.0
DAYS_PER_YEAR = 365.25
NOBODY_COMES = {"coast.people_at_start": 0, "migrants.benefit_gbp": 1, "migrants.effort_gbp": 1e6}
AT_ONCE = {"caseworkers": 100_000, "request_work_days": 0, "request_days": 1e-9}
ALL_REFUSED = {"weekly_target": 1e6, "selection_share": 1, "french_refusal_share": 1, "french_late_share": 0,
               "french_imbalance_share": 0}  # fmt: skip


def z(values: list[float] | np.ndarray, expected: float) -> float:
    return (np.mean(values) - expected) / max(np.std(values, ddof=1) / sqrt(len(values)), 1e-9)


def lands(world: World, person: int, day: float):
    """Someone who stayed away after all lands, and is registered at once. A process."""
    yield world.env.timeout(day - world.env.now)
    world.people.move(person, Place.STAYED_AWAY, Place.CENTRE)
    world.people.uk_day[person] = world.env.now
    world.recorder.record(Happened.ARRIVED, person)
    selected, _ = are_registered(world, [person])
    if selected:
        yield from faces_return(world, person)


def stream(per_day: float, until: str, replication: int, changes: dict) -> World:
    """A finished run of a world in which `per_day` people a day land one by one, at times of a Poisson process."""
    inflow = {"theatre.inflow.people_per_year": {2025: per_day * DAYS_PER_YEAR}, "until": until}
    world = build_world(toy({**NOBODY_COMES, **inflow, **changes}), replication)
    days = world.people.reach_day + 1.0  # by then everyone has found the journey not worth it
    for person in np.flatnonzero(days < world.scenario.horizon_days).tolist():
        world.env.process(lands(world, person, float(days[person])))
    world.env.run(until=world.scenario.horizon_days)
    assert count(world, Happened.REACHED_COAST) == 0
    return world


# Erlang B ------------------------------------------------------------------------------------------------------------

BEDS, PER_DAY, MEAN_DAYS = 3, 20.0, 0.1
OFFERED = PER_DAY * MEAN_DAYS
BLOCKED = OFFERED**BEDS / factorial(BEDS) / sum(OFFERED**n / factorial(n) for n in range(BEDS + 1))
FIRST_DAY, LOSS_WORLDS = 5, 10
HOLDING = {
    "fixed": ({"french_reply_days": MEAN_DAYS}, {}),
    "two-point": (
        {"french_reply_days": 0.02, "french_reply_limit_days": 0.42, "french_late_share": 0.2},
        {},
    ),
    "log-normal": (
        {"french_reply_days": 14},
        {"claims.human_rights_share": 1, "claims.human_rights_upheld_share": 1, "claims.days_spread": 1.0,
         "claims.human_rights_days": MEAN_DAYS * exp(-0.5)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", HOLDING)
def test_beds_without_a_waiting_room_block_as_erlang_b_says_whatever_the_law_of_the_stay(law):
    """Two erlangs on three beds: 0.2105 of the people chosen find no bed, and 1.579 beds are taken on average."""
    assert pytest.approx(0.2105, abs=5e-5) == BLOCKED
    exchange, changes = HOLDING[law]
    exchange = with_exchange(beds=BEDS, **{**AT_ONCE, **ALL_REFUSED, **exchange})
    shares, taken = [], []
    for replication in range(LOSS_WORLDS):
        world = stream(PER_DAY, "2025-10-01", replication, {**exchange, **changes})
        registered, selected = (times(world, h) for h in (Happened.REGISTERED, Happened.SELECTED))
        over = np.array(world.recorder.stocks["passed_over"])
        evening = FIRST_DAY - 1 + world.rules.rhythm.count_hour / 24  # the count closes a day of `passed_over`
        blocked = over[-1] - over[FIRST_DAY - 1]
        landed, chosen = (
            ((t > evening) & (t <= over.shape[0] - 1 + evening % 1)).sum() for t in (registered, selected)
        )
        assert blocked[PassedOver.BEDS] == landed - chosen, "everyone who is not selected found no bed"
        assert blocked.sum() == blocked[PassedOver.BEDS]
        shares.append(blocked[PassedOver.BEDS] / landed)
        taken.append(np.mean(world.recorder.stocks["beds_used"][FIRST_DAY:]))
        assert world.returns.beds.waiting == 0
    scores = z(shares, BLOCKED), z(taken, OFFERED * (1 - BLOCKED))
    told = f"{law}: blocked {np.mean(shares):.4f} (z {scores[0]:.2f}), beds {np.mean(taken):.4f} (z {scores[1]:.2f})"
    assert max(np.abs(scores)) < LIMIT, told


# M/D/c ---------------------------------------------------------------------------------------------------------------

WORK_DAYS, DESK_WORLDS = 0.05, 12


def wait_in_services(load: float, clerks: int) -> float:
    """Mean wait in an M/D/c queue, in services, from Crommelin's chain of the number present one service apart."""
    arrivals, most = load * clerks, 400
    chance = stats.poisson.pmf(np.arange(most), arrivals)
    step = np.zeros((most, most))
    for present in range(most):
        left = max(present - clerks, 0)
        step[present, left:] = chance[: most - left]
    step[:, -1] += 1 - step.sum(axis=1)
    system = np.vstack([step.T - np.eye(most), np.ones(most)])
    stationary = np.linalg.lstsq(system, np.append(np.zeros(most), 1.0), rcond=None)[0]
    return float(stationary @ np.arange(most) / arrivals - 1)


@pytest.mark.parametrize(("clerks", "load"), [(1, 0.8), (3, 0.8)], ids=["M/D/1", "M/D/3"])
def test_requests_wait_for_a_caseworker_as_in_an_m_d_c_queue(clerks, load):
    """A request takes one caseworker a fixed time: M/D/1 at 0.8 waits 2 services, M/D/3 what Crommelin's chain says."""
    expected = wait_in_services(load, clerks)
    assert clerks > 1 or expected == pytest.approx(2.0, abs=1e-6)
    desk = {"beds": 100_000, "caseworkers": clerks, "request_work_days": WORK_DAYS, "request_days": 1e-9,
            "french_reply_days": 1e-3}  # fmt: skip
    means, busy = [], []
    for replication in range(DESK_WORLDS):
        world = stream(load * clerks / WORK_DAYS, "2025-10-01" if clerks == 1 else "2025-05-01", replication,
                       with_exchange(**{**ALL_REFUSED, **desk}))  # fmt: skip
        sent = times(world, Happened.REQUESTED)
        came = times(world, Happened.ARRIVED)[: len(sent)]  # first come, first served
        means.append(((sent - came)[came > 20] / WORK_DAYS - 1).mean())
        busy.append(np.mean(world.recorder.stocks["caseworkers_busy"][20:]))
    scores = z(means, expected), z(busy, load * clerks)
    told = f"wait {np.mean(means):.4f} services (z {scores[0]:.2f} against {expected:.4f}), busy z {scores[1]:.2f}"
    assert max(np.abs(scores)) < LIMIT, told


# M_t/M/infinity ------------------------------------------------------------------------------------------------------

STAY_DAYS, YEARS, CYCLE, SEASON_WORLDS = 30, 4, 365, 7
BASE, SWING, ROOM = 10.0, 5.0, 15.0


def seasonal_stock(replication: int) -> np.ndarray:
    """People in the asylum system at each midnight, once that day's decisions are out; the first year is left out.

    A decision falls due at the first midnight after the stay: at midnights whole days round nothing off.
    """
    settings = {"theatre.inflow.people_per_year": {2025: ROOM * DAYS_PER_YEAR}, "until": "2030-01-02",
                "asylum.decision_days": STAY_DAYS, "asylum.decision_shape": 1}  # fmt: skip
    world = build_world(toy({**NOBODY_COMES, **settings}), replication)
    days, keys = world.people.reach_day + 1.0, world.people.key
    comes = world.streams.uniform("thinning", keys) * ROOM < BASE + SWING * np.sin(2 * pi * days / CYCLE)
    for person in np.flatnonzero(comes & (days < world.scenario.horizon_days)).tolist():
        world.env.process(lands(world, person, float(days[person])))
    stock = []

    def observer():
        while True:
            yield world.clock.midnight.next
            stock.append(world.people.count[Place.ASYLUM])

    world.env.process(observer())
    world.env.run(until=world.scenario.horizon_days)
    return np.array(stock[CYCLE : CYCLE * (1 + YEARS)], dtype=float)


def test_a_stage_without_limit_lags_and_flattens_its_season_as_m_t_m_infinity_says():
    """lambda(t) = 10 + 5 sin(2 pi t / 365), stay 30 days: mean 300, amplitude 133.28, peak 27.69 days late."""
    turn = 2 * pi / CYCLE
    expected = (
        BASE * STAY_DAYS,
        SWING * STAY_DAYS / sqrt(1 + (turn * STAY_DAYS) ** 2),
        np.arctan(turn * STAY_DAYS) / turn,
    )
    assert expected == pytest.approx((300, 133.28, 27.69), abs=5e-3)
    angle = turn * np.arange(CYCLE, CYCLE * (1 + YEARS))
    design = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=1)
    fits = []
    for replication in range(SEASON_WORLDS):
        mean, sine, cosine = np.linalg.lstsq(design, seasonal_stock(replication), rcond=None)[0]
        fits.append((mean, np.hypot(sine, cosine), np.arctan2(-cosine, sine) / turn))
    scores = [z(values, known) for values, known in zip(np.array(fits).T, expected, strict=True)]
    told = f"mean, amplitude, lag {np.mean(fits, axis=0).round(3)} (z {np.round(scores, 2)})"
    assert max(np.abs(scores)) < LIMIT, told
