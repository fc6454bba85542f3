"""The nightly audit: every person, boat, bed, pound and exchange slot is in exactly one place, or the run stops."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from sim.domain.population import ConservationError, Place
from sim.processes.moments import Story

FULL_AUDIT_DAYS = 7
"""The counts are compared each evening, every single person's place once a week: a scan of everyone."""

if TYPE_CHECKING:
    from sim.processes.world import World


def audits(world: World) -> Story:
    """Audit each evening. A process. Every single move of a person is checked when it happens (`People.move`)."""
    while True:
        yield world.clock.count.next
        audit(world)


def audit(world: World) -> None:
    """Raise ConservationError, naming what does not add up and when."""
    try:
        audit_people(world)
        audit_boats(world)
        audit_beds(world)
        world.ledger.audit()
        world.accounts.audit(float(world.people.fare_gbp.sum()))
    except ConservationError as error:
        raise ConservationError(f"day {world.env.now:.2f}, replication {world.streams.replication}: {error}") from error


def audit_people(world: World) -> None:
    """Everybody is counted once, customers are in a queue, and no queue holds anyone else."""
    if sum(world.people.count) != len(world.people):
        raise ConservationError(f"{sum(world.people.count)} people are counted in places, but there are {len(world.people)}")
    customers = world.people.count[Place.CUSTOMER]
    if sum(len(queue) for queue in world.market.queues) != customers:
        raise ConservationError(f"{customers} customers do not fill the places in the queues")
    if world.clock.today % FULL_AUDIT_DAYS:
        return
    queued = np.fromiter(chain.from_iterable(world.market.queues), dtype=np.int64)
    if world.people.count != np.bincount(world.people.place_view, minlength=len(Place)).tolist() or (
        np.count_nonzero(world.people.place_view[queued] == int(Place.CUSTOMER)) != customers
    ):
        raise ConservationError(f"{customers} customers are counted but not all of them are where they should be")


def audit_boats(world: World) -> None:
    """Boats bought are on order, seized, in stock or used."""
    m = world.market
    wrong = np.flatnonzero(m.boats_bought != m.boats_ordered + m.boats_seized + m.boats_stocked + m.boats_used)
    if len(wrong):
        gang = int(wrong[0])
        raise ConservationError(
            f"gang {gang} bought {m.boats_bought[gang]} boats but has {m.boats_ordered[gang]} on order, "
            f"{m.boats_seized[gang]} seized, {m.boats_stocked[gang]} in stock and {m.boats_used[gang]} used"
        )


def audit_beds(world: World) -> None:
    """Nobody has a detention bed without a case."""
    cases = world.people.count[Place.CASE]
    if world.returns.beds.count > cases:
        raise ConservationError(f"{world.returns.beds.count} beds are taken but only {cases} cases are open")
