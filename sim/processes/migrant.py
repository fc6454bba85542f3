"""A migrant's life, from the coast to an end: this file tells it whole; the decisions are weighed in `coast`.

A person waits at the coast, becomes a gang's customer, tries boats until one arrives, or turns to a lorry, the legal
route, another country or home; in the UK they are registered, perhaps returned to France, and may try again.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from sim.domain.choice import Choice
from sim.domain.members import plain_members
from sim.domain.population import Place
from sim.processes.moments import Story
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World


@plain_members
class Outcome(IntEnum):
    """How one stage of a journey ended."""

    SELECTED = 0
    STOPPED = 1
    DIED = 2
    NOT_ADMITTED = 3
    ADMITTED = 4
    RETURNED = 5
    STAYS = 6
    TRIES_AGAIN = 7
    GONE = 8


AT_THE_COAST_AGAIN = (Outcome.STOPPED, Outcome.NOT_ADMITTED, Outcome.TRIES_AGAIN)


def migrant(world: World, person: int, choice: Choice) -> Story:
    """One person's life, from their first choice at the coast to an end. A process.

    Trying boats takes one wait, however many nights it lasts: what a failed night does to a person is told in
    `Market.stopped`, the decision after it in `Coast.weigh`. The process wakes when the person has landed and been
    registered (`are_registered`), has died, or turns to something else (the value is then that `Choice`).
    """
    while True:
        if choice is Choice.BOAT:
            outcome = yield world.coast.tries_boats(person)
            if isinstance(outcome, Choice):
                choice = outcome
                continue
        elif choice is Choice.LORRY:
            outcome = yield from hides_in_a_lorry(world, person)
        elif choice is Choice.LEGAL:
            outcome = yield from applies(world, person, Place.CAMP)
        else:
            return gives_up(world, person, choice)
        if outcome is Outcome.SELECTED:
            outcome = yield from faces_return(world, person)
        if outcome is Outcome.RETURNED:
            outcome = yield from starts_over_in_france(world, person)
        if outcome not in AT_THE_COAST_AGAIN:
            return None
        choice = yield world.coast.next_choice(person)


def are_registered(world: World, people: list[int]) -> tuple[list[int], list[int]]:
    """Landed and registered together: who is selected for return, and who waits in the asylum system for a decision."""
    selected: list[int] = []
    staying: list[int] = []
    if world.committee.open:
        for person in people:
            world.recorder.record(Happened.REGISTERED, person)
            (selected if world.returns.selects(person) else staying).append(person)
    else:
        world.recorder.record_few(Happened.REGISTERED, people)
        staying = people
    world.asylum.receive_few(staying, Place.CENTRE)
    return selected, staying


def faces_return(world: World, person: int) -> Story:
    """A return case, to its end; one that does not end in a return leads back into the asylum system."""
    outcome = yield from world.returns.case(person)
    if outcome is not Outcome.RETURNED:
        world.asylum.receive(person, Place.CASE)
    return outcome


def starts_over_in_france(world: World, person: int) -> Story:
    """After a return: reception, then to the coast again, asylum in France, home, or on."""
    rules, people = world.rules.after_return, world.people
    yield world.env.timeout(rules.reception_days)
    u = world.streams.one("after_return", int(people.key[person]), int(people.returns[person]))
    if u < rules.try_again_share:
        yield world.env.timeout(rules.retry_days)
        people.move(person, Place.RECEPTION, Place.CAMP)
        world.recorder.record(Happened.TRIES_AGAIN, person)
        world.coast.rest(person, 0.0)
        return Outcome.TRIES_AGAIN
    u -= rules.try_again_share
    if u < rules.claim_in_france_share:
        end, happened = Place.FRANCE_ASYLUM, Happened.CLAIMED_IN_FRANCE
    elif u < rules.claim_in_france_share + rules.go_home_share:
        end, happened = Place.HOME, Happened.WENT_HOME
    else:
        end, happened = Place.SETTLED, Happened.MOVED_ON
    people.move(person, Place.RECEPTION, end)
    world.recorder.record(happened, person)
    return Outcome.GONE


def hides_in_a_lorry(world: World, person: int) -> Story:
    """One try by lorry or ferry: costly, slow, sometimes it works, and half of those who arrive are never seen."""
    rules, people, streams = world.rules, world.people, world.streams
    people.move(person, Place.CAMP, Place.LORRY)
    world.recorder.record(Happened.TRIED_LORRY, person)
    key, ordinal = int(people.key[person]), int(people.decisions[person])
    yield world.env.timeout(rules.migrants.lorry_days)
    if streams.one("lorry_death", key, ordinal) < rules.migrants.lorry_death_share:
        people.move(person, Place.LORRY, Place.DEAD)
        world.recorder.record(Happened.DIED_IN_LORRY, person)
        return Outcome.DIED
    if streams.one("lorry", key, ordinal) >= rules.migrants.lorry_success:
        people.move(person, Place.LORRY, Place.CAMP)
        world.coast.rest(person, rules.coast.rest_days)
        return Outcome.STOPPED
    world.recorder.record(Happened.ARRIVED_BY_LORRY, person)
    if streams.one("lorry_seen", key) < rules.centre.lorry_detected_share:
        world.asylum.receive(person, Place.LORRY)
    else:
        people.move(person, Place.LORRY, Place.UK_UNSEEN)
    return Outcome.STAYS


def applies(world: World, person: int, start: Place) -> Story:
    """An application for the legal route, to its end."""
    people, ledger = world.people, world.ledger
    people.move(person, start, Place.APPLICANT)
    world.recorder.record(Happened.APPLIED, person)
    chosen = yield world.legal_route.application(person)
    if chosen:
        people.move(person, Place.APPLICANT, Place.ADMISSION)
        world.recorder.record(Happened.CHOSEN, person)
        if (yield from world.legal_route.passes_checks(person)):
            ledger.keep()
            world.asylum.admit(person)
            world.legal_route.tells_of_admission(person)
            world.recorder.record(Happened.ADMITTED, person)
            return Outcome.ADMITTED
        ledger.forfeit()
        people.move(person, Place.ADMISSION, Place.CAMP)
        world.recorder.record(Happened.FAILED_CHECKS, person)
    else:
        people.move(person, Place.APPLICANT, Place.CAMP)
        people.lapsed[person] += 1
        world.recorder.record(Happened.LAPSED, person)
    world.coast.rest(person, 0.0)
    return Outcome.NOT_ADMITTED


def applicant(world: World, person: int) -> Story:
    """Someone in France who applies for the legal route and would not go to the coast; else stays. A process."""
    outcome = yield from applies(world, person, Place.NOT_YET)
    if outcome is Outcome.NOT_ADMITTED:
        world.people.move(person, Place.CAMP, Place.SETTLED)


def gives_up(world: World, person: int, choice: Choice) -> None:
    """Gives up the crossing: goes home, or settles elsewhere."""
    home = choice is Choice.HOME
    world.people.move(person, Place.CAMP, Place.HOME if home else Place.SETTLED)
    world.recorder.record(Happened.LEFT_FOR_HOME if home else Happened.SETTLED, person)
