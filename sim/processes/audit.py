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
        world.accounts.audit()
        if world.clock.today % FULL_AUDIT_DAYS == 0:
            audit_everyone(world)
    except ConservationError as error:
        raise ConservationError(f"day {world.env.now:.3f}, replication {world.streams.replication}: {error}") from error


def audit_people(world: World) -> None:
    """Everybody is counted once, customers are in a queue, and no queue holds anyone else."""
    if sum(world.people.count) != len(world.people):
        raise ConservationError(
            f"{sum(world.people.count)} people are counted in places, but there are {len(world.people)}"
        )
    customers = world.people.count[Place.CUSTOMER]
    if sum(len(queue) for queue in world.market.queues) != customers:
        raise ConservationError(f"{customers} customers do not fill the places in the queues")


def audit_everyone(world: World) -> None:
    """A scan of all people: the counts are true, customers are those in queues, and escrow is what they deposited."""
    people = world.people
    if people.count != [people.in_place(place) for place in Place]:
        raise ConservationError("the counts of people by place are not what a scan of everyone finds")
    queued = np.fromiter(chain.from_iterable(world.market.queues), dtype=np.int64)
    if np.count_nonzero(people.place_view[queued] == int(Place.CUSTOMER)) != len(queued):
        raise ConservationError("someone stands in a gang's queue who is not a customer")
    world.accounts.audit_escrow(float(people.fare_gbp.sum()))


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
    """Every case has a bed, or rests while removal is barred; every bed taken belongs to a case."""
    cases = world.people.count[Place.CASE]
    returns = world.returns
    in_bed = returns.cases_at_papers + returns.flights.waiting + returns.flights.in_court
    if returns.beds.busy != in_bed:
        raise ConservationError(f"{returns.beds.busy} beds are taken but {in_bed} cases are in a stage that has one")
    if returns.beds.busy + returns.barred != cases:
        raise ConservationError(f"{in_bed} cases have beds and {returns.barred} are barred, but {cases} are open")
