"""After every single event of a run the exchange adds up; and Little's law holds on each of its queues.

The product's counters are read before every SimPy event. What people did is taken from the journal of events and from
the calls that hold a person in a bed: two accounts of the same run that know nothing of each other.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from sim.domain.population import Place
from sim.processes.audit import audit
from sim.processes.flights import Flights
from sim.processes.papers import Papers
from sim.processes.returns import Returns
from sim.processes.world import World, build_world, run_tables
from sim.records.exchange_tables import CASE_ENDS
from sim.records.recorder import Happened
from sim.scenario import Scenario, load_scenario

LEVER = "levers.exchange"
SMALL = {
    "theatre.inflow.people_per_year": {2025: 12_000}, "coast.people_at_start": 300, "gangs.firms": 4,
    "gangs.firms_at_most": 5, "legal_route.other_applicants_per_week": 20, "start": "2025-06-15", "until": "2025-12-20",
    f"{LEVER}.until": "2025-11-25", f"{LEVER}.selection_share": 1, f"{LEVER}.beds": 25, f"{LEVER}.caseworkers": 2,
    f"{LEVER}.seats_per_flight": 6, "legal_route.biometrics_per_day": 2,
}  # fmt: skip
"""A quarter of the Channel's people; every queue is busy, and the exchange ends before the run does."""
LITIGIOUS = {f"claims.{name}_share": 0.4 for name in ("trafficking", "human_rights", "injunction", "age_dispute")} | {
    "claims.trafficking_upheld_share": 0.6, "claims.trafficking_final_days": 20, "claims.trafficking_bar_days": 10,
    "claims.trafficking_final_share": 0.3, "claims.appeal_share": 0.8, "after_return.try_again_share": 0.9,
    "after_return.claim_in_france_share": 0.05, "after_return.go_home_share": 0, "after_return.retry_days": 1,
    "legal_route.pass_share": 0.5, "legal_route.parity_tolerance": 5, f"{LEVER}.beds": 60,
}  # fmt: skip
"""Many cases are barred and go on, end up in court, or are of people who come again; admissions lag and fail."""
RUNS = {
    "pilot": {"start": "2025-06-15", "until": "2025-11-15"},
    "small": SMALL,
    "litigious": {**SMALL, **LITIGIOUS},
}


def steps(world: World) -> Iterator[float]:
    """Run a world event by event; yields the time until the next event, after each."""
    env, horizon = world.env, world.scenario.horizon_days
    while (due := env.peek()) < horizon:
        yield due - env.now
        env.step()
    yield horizon - env.now


# The ledger ----------------------------------------------------------------------------------------------------------

VOID = frozenset(CASE_ENDS) - {Happened.RETURNED}
"""Ends of a case that leave the person in the UK."""


def journal(world: World) -> Callable[[], Counter]:
    """A function that counts all events so far, reading only what is new."""
    seen, read = Counter(), 0

    def so_far() -> Counter:
        nonlocal read
        code = world.recorder.code
        if len(code) > read:
            seen.update(code[read:])
            read = len(code)
        return seen

    return so_far


def check_event(world: World, seen: Counter) -> None:
    """What holds after every single event."""
    at, ledger, returns = world.people.count, world.ledger, world.returns
    not_selected = seen[Happened.REGISTERED] - seen[Happened.SELECTED]
    void = sum(seen[end] for end in VOID)
    by_lorry = seen[Happened.ARRIVED_BY_LORRY] - at[Place.UK_UNSEEN]
    settled = at[Place.ASYLUM] + at[Place.DECIDED] - by_lorry - void
    in_process = at[Place.CENTRE] + at[Place.CASE]
    assert seen[Happened.ARRIVED] == settled + seen[Happened.RETURNED] + in_process + void
    assert settled == not_selected
    assert ledger.returned == seen[Happened.RETURNED]
    assert ledger.admitted == seen[Happened.ADMITTED] == at[Place.ADMITTED] + at[Place.ADMITTED_DECIDED]
    assert ledger.admitted + ledger.promised <= ledger.returned + ledger.most_float
    assert returns.beds.busy + returns.barred == at[Place.CASE]
    assert 0 <= returns.beds.busy <= returns.beds.size
    assert returns.beds.waiting == 0
    assert sum(at) == len(world.people)


def check_quiet(world: World, seen: Counter) -> None:
    """What holds once everything that belongs to one moment has happened: whoever was called has answered."""
    at, papers = world.people.count, world.returns.papers
    assert world.ledger.promised == at[Place.ADMISSION]
    assert world.legal_route.waiting == at[Place.APPLICANT]
    assert sum(flight.flown for flight in world.recorder.flights) == seen[Happened.RETURNED]
    assert min(papers.awaiting_request, papers.awaiting_reply, papers.awaiting_claims) >= 0
    assert papers.desk.busy + papers.desk.waiting <= papers.awaiting_request + world.returns.barred
    assert papers.desk.busy <= papers.desk.size
    audit(world)


def add_up(scenario: Scenario) -> tuple[World, Counter, int]:
    """A finished run that added up after every event; its world, its events, and how many SimPy events it had."""
    world, events = build_world(scenario, 0), 0
    so_far, quiet_day = journal(world), -1.0
    for left in steps(world):
        seen, events = so_far(), events + 1
        check_event(world, seen)
        if left > 0 and world.env.now >= quiet_day:
            quiet_day = world.env.now + 1 / 24  # an audit takes a while: once an hour of the model's time
            check_quiet(world, seen)
    return world, so_far(), events


@pytest.mark.parametrize("name", RUNS)
def test_every_arrival_is_settled_returned_in_process_or_void_after_every_event(name):
    """Also: admissions never exceed returns plus the float, and beds and cases agree."""
    world, seen, events = add_up(load_scenario("pilot", RUNS[name]))
    ends = world.ledger
    told = f"{events} events, {seen[Happened.ARRIVED]} arrivals, {ends.returned} returned, {ends.admitted} admitted"
    assert min(seen[Happened.ARRIVED], ends.returned, ends.admitted) > 20, told


# Little's law --------------------------------------------------------------------------------------------------------

QUEUES: dict[str, Callable[[World], float]] = {
    "cases": lambda w: w.people.count[Place.CASE],
    "beds": lambda w: w.returns.beds.busy,
    "awaiting_request": lambda w: w.returns.papers.awaiting_request,
    "awaiting_reply": lambda w: w.returns.papers.awaiting_reply,
    "awaiting_claims": lambda w: w.returns.papers.awaiting_claims,
    "seat_queue": lambda w: w.returns.flights.waiting,
    "in_court": lambda w: w.returns.flights.in_court,
    "barred": lambda w: w.returns.barred,
    "reception": lambda w: w.people.count[Place.RECEPTION],
    "applicants": lambda w: w.legal_route.waiting,
    "checks": lambda w: w.people.count[Place.ADMISSION],
}
STAGES = {
    "cases": "case", "beds": "bed", "awaiting_request": "awaiting_request", "awaiting_reply": "awaiting_reply",
    "awaiting_claims": "awaiting_claims", "seat_queue": "seat", "in_court": "in_court", "barred": "barred",
    "reception": "reception", "applicants": "applicant", "checks": "checks",
}  # fmt: skip
"""Each queue's name in the pipeline table."""
WINDOW = (75.0, 150.0)
HELD = {"case": (Returns, "case"), "papers": (Papers, "complete"), "papers after a bar": (Papers, "resume"),
        "seat": (Flights, "seat"), "court": (Flights, "_injunction")}  # fmt: skip
"""The product's own calls that hold a person in a stage from their first moment to their last."""


class Stay(NamedTuple):
    """Someone's time in one stage; days, infinite if it has not ended."""

    person: int
    begun: float
    ended: float


def watch(patch: pytest.MonkeyPatch, held: dict[str, list[Stay]]) -> None:
    """Note when each of these calls begins and ends; the calls themselves are not touched."""

    def watched(name: str, story: Callable):
        def told(self, whose, *rest):
            number, person = len(held[name]), getattr(whose, "person", whose)
            held[name].append(Stay(person, self._world.env.now, np.inf))
            value = yield from story(self, whose, *rest)
            held[name][number] = held[name][number]._replace(ended=self._world.env.now)
            return value

        return told

    for name, (kind, method) in HELD.items():
        patch.setattr(kind, method, watched(name, getattr(kind, method)))


def told_stays(world: World) -> dict[str, list[Stay]]:
    """Stays between one event and the next, person by person, from the journal."""
    r, h = world.recorder, Happened
    spans = {
        "awaiting_request": ({h.SELECTED}, {h.REQUESTED, *CASE_ENDS}),
        "awaiting_reply": ({h.REQUESTED}, {h.ACCEPTED_BY_FRANCE, *CASE_ENDS}),
        "awaiting_claims": ({h.ACCEPTED_BY_FRANCE}, {h.READY, *CASE_ENDS}),
        "reception": ({h.RETURNED}, {h.TRIES_AGAIN, h.CLAIMED_IN_FRANCE, h.WENT_HOME, h.MOVED_ON}),
        "applicants": ({h.APPLIED}, {h.CHOSEN, h.LAPSED}),
        "checks": ({h.CHOSEN}, {h.ADMITTED, h.FAILED_CHECKS}),
    }
    stays: dict[str, list[Stay]] = {name: [] for name in spans}
    since: dict[tuple[str, int], float] = {}
    for code, person, time in zip(r.code, r.person, r.time, strict=True):
        for name, (enters, leaves) in spans.items():
            if code in leaves and (name, person) in since:
                stays[name].append(Stay(person, since.pop((name, person)), time))
            if code in enters:
                since[name, person] = time
    for (name, person), time in since.items():
        stays[name].append(Stay(person, time, np.inf))
    return stays


def both(some: list[Stay], others: list[Stay]) -> list[Stay]:
    """The parts of some stays that lie inside others of the same person."""
    of: dict[int, list[Stay]] = defaultdict(list)
    for other in others:
        of[other.person].append(other)
    parts = [
        Stay(one.person, max(one.begun, other.begun), min(one.ended, other.ended))
        for one in some
        for other in of[one.person]
    ]
    return [part for part in parts if part.begun < part.ended]


@pytest.fixture(scope="module", params=["small", "litigious"])
def observed(request) -> SimpleNamespace:
    """A run with its area under each queue in the window, its evening counts, and everybody's stays with a sign."""
    held: dict[str, list[Stay]] = defaultdict(list)
    with pytest.MonkeyPatch.context() as patch:
        watch(patch, held)
        world = build_world(load_scenario("pilot", RUNS[request.param]), 0)
        area, (first, last) = np.zeros(len(QUEUES)), WINDOW
        for left in steps(world):
            now = world.env.now
            inside = min(now + left, last) - max(now, first)
            if inside > 0:
                area += inside * np.array([counter(world) for counter in QUEUES.values()], dtype=float)
    at_papers = held["papers"] + held["papers after a bar"]
    stays = {
        name: [(1, both(told, at_papers) if "awaiting" in name else told)] for name, told in told_stays(world).items()
    }
    stays |= {
        "cases": [(1, held["case"])],
        "beds": [(1, at_papers), (1, held["seat"])],
        "seat_queue": [(1, held["seat"]), (-1, held["court"])],
        "in_court": [(1, held["court"])],
        "barred": [(1, held["case"]), (-1, at_papers), (-1, held["seat"])],
    }
    table = run_tables(world)["pipeline"]
    evenings = {name: table["stock"][table["stage"].where(stage)] for name, stage in STAGES.items()}
    return SimpleNamespace(area=dict(zip(QUEUES, area, strict=True)), stays=stays, evenings=evenings,
                           count_hour=world.rules.rhythm.count_hour)  # fmt: skip


@pytest.mark.parametrize("queue", QUEUES)
def test_the_area_under_a_queue_is_the_sum_of_the_stays_in_it(queue, observed):
    """Little's law in its finite-window form: time-average stock x window = parts of stays inside the window."""
    first, last = WINDOW
    total = 0.0
    for sign, stays in observed.stays[queue]:
        _, begun, ended = np.array(stays).T
        total += sign * np.maximum(np.minimum(ended, last) - np.maximum(begun, first), 0.0).sum()
    told = f"{queue}: {observed.area[queue]:.6f} person-days under the queue, {total:.6f} in stays"
    assert observed.area[queue] > 0, told
    assert observed.area[queue] == pytest.approx(total, rel=1e-9, abs=1e-6), told


@pytest.mark.parametrize("queue", QUEUES)
def test_each_evening_as_many_are_counted_as_stays_last_over_it(queue, observed):
    """What a count each evening obeys: stock on an evening = stays begun before and not ended; so their sums agree."""
    evening = np.arange(len(observed.evenings[queue])) + observed.count_hour / 24
    expected = np.zeros(len(evening))
    for sign, stays in observed.stays[queue]:
        _, begun, ended = (np.sort(column) for column in np.array(stays).T)
        expected += sign * (np.searchsorted(begun, evening, "right") - np.searchsorted(ended, evening, "right"))
    assert np.array_equal(observed.evenings[queue], expected)
    assert expected.sum() > 0
