"""The arrival centre: a queue for desks that can be worked out by hand, and places that run out."""

from types import SimpleNamespace

import pytest
import simpy
from worlds import boats, count, run, times, who

from sim.domain.population import Place
from sim.processes.centre import Centre
from sim.processes.lives import Life, Past, Waiting
from sim.processes.moments import Clock
from sim.records.recorder import Happened


class Desk:
    """A centre alone: people with given registration times (hours) land at given hours."""

    def __init__(self, staff: int, hours: list[float], places: int = 100) -> None:
        import numpy as np

        self.env = simpy.Environment()
        rules = SimpleNamespace(centre=SimpleNamespace(staff=staff, places=places, called_together=1))
        people = SimpleNamespace(registration_hours=np.array(hours, dtype=np.float32))
        self.done: dict[int, float] = {}
        self.waiting = Waiting(self.env)
        self.centre = Centre(
            SimpleNamespace(env=self.env, rules=rules, people=people, clock=Clock(self.env)),
            lambda called: self.waiting.call(called, Past()),
        )

    def land(self, persons: list[int], hour: float) -> None:
        def boat():
            yield self.env.timeout(hour / 24)
            for person in persons:
                Life(self.env, self._stands_in_line(person))
            self.centre.admit(persons)

        self.env.process(boat())

    def _stands_in_line(self, person: int):
        yield self.waiting.joins(person)
        self.done[person] = self.env.now * 24

    def registered(self, until_hours: float = 240) -> dict[int, float]:
        """When each was registered, in hours."""
        self.env.run(until=until_hours / 24)
        return {person: round(hour, 4) for person, hour in self.done.items()}


def test_one_clerk_registers_one_after_another():
    desk = Desk(1, [1, 1, 1])
    desk.land([0, 1, 2], hour=2)
    assert desk.registered() == {0: 3, 1: 4, 2: 5}


def test_three_clerks_register_three_at_once():
    desk = Desk(3, [1, 1, 1])
    desk.land([0, 1, 2], hour=2)
    assert desk.registered() == {0: 3, 1: 3, 2: 3}


def test_those_who_landed_first_are_served_first():
    desk = Desk(1, [2, 2, 2])
    desk.land([2], hour=1)
    desk.land([0, 1], hour=1.5)
    assert desk.registered() == {2: 3, 0: 5, 1: 7}


def test_a_clerk_without_work_waits_for_the_next_boat():
    desk = Desk(1, [1, 1])
    desk.land([0], hour=1)
    desk.land([1], hour=10)
    assert desk.registered() == {0: 2, 1: 11}


def test_a_queue_of_one_arrival_an_hour_and_one_hour_of_service_never_builds_up():
    desk = Desk(1, [1] * 24)
    for hour in range(1, 25):
        desk.land([hour - 1], hour)
    assert desk.registered(24 + 1e-6) == {person: person + 2 for person in range(23)}


def test_an_event_exactly_at_the_horizon_does_not_happen():
    """Runs are half-open: what happens at `until` belongs to the next day, which is not simulated."""
    desk = Desk(1, [1])
    desk.land([0], hour=2)
    assert desk.registered(until_hours=3) == {}


def test_fewer_clerks_delay_registration():
    few, many = (run({"centre.staff": staff, "centre.registration_hours": 2}) for staff in (1, 50))
    assert times(few, Happened.ARRIVED).tolist() == times(many, Happened.ARRIVED).tolist()
    assert count(few, Happened.REGISTERED) < count(many, Happened.REGISTERED)
    assert few.people.count[Place.CENTRE] > 0 == many.people.count[Place.CENTRE]


def test_with_desks_enough_registration_takes_its_time():
    world = run({"centre.staff": 1000, "centre.registration_hours": 6, "centre.called_together": 1})
    landed = dict(zip(who(world, Happened.ARRIVED), times(world, Happened.ARRIVED), strict=True))
    for person, day in zip(who(world, Happened.REGISTERED), times(world, Happened.REGISTERED), strict=True):
        assert day - landed[person] == pytest.approx(0.25)


def test_a_boat_waits_at_sea_while_the_centre_is_full():
    full, roomy = (run({"centre.places": places, "passage.speed_spread": 0}) for places in (10, 1000))
    longest = max(row.ended - row.launched for row in boats(roomy))
    assert max(row.ended - row.launched for row in boats(full)) > longest


def test_places_are_free_again_when_the_buses_leave():
    world = run({"centre.places": 12})
    assert count(world, Happened.ARRIVED) > 200


def test_a_boatload_larger_than_the_centre_can_land():
    assert count(run({"centre.places": 5}), Happened.ARRIVED) > 0
