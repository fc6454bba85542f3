"""The market for seats: every gang's queue, price, boats and cash as columns, and the escrow that holds the fares."""

from __future__ import annotations

from itertools import islice
from math import exp
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.behaviours import find
from sim.domain.market import LEAST_SHARE, boats_to_order, cost_per_seat, expected_profit, learn
from sim.domain.population import Age, Ids, Place, person_keys
from sim.domain.quantities import level_on
from sim.domain.randomness import Floats
from sim.domain.rules import Gangs
from sim.domain.tactics import Boarding, Lessons
from sim.processes.advertising import Advertising
from sim.processes.migrant import Outcome
from sim.processes.moments import Story
from sim.processes.supply import Supplier
from sim.records.recorder import Happened

if TYPE_CHECKING:
    from sim.processes.world import World


class Market:
    """All gangs' columns, one entry a gang (active or not yet), and their customers."""

    __slots__ = (
        "_accounts", "_priced", "_world", "active", "advertising", "boats_bought", "boats_ever", "boats_ordered",
        "boats_seized", "boats_stocked", "boats_used", "boats_wanted", "camp", "capital", "conspicuous",
        "delivered_share", "distance_km", "going_there", "habit", "joined", "joins_per_day", "launches_seen",
        "lessons", "lost_share", "most", "price", "queues", "reputation", "seats_level", "size", "supplier",
        "usual_queue", "wave_limit_m",
    )  # fmt: skip

    def __init__(self, world: World) -> None:
        self._world = world
        rules, streams = world.rules.gangs, world.streams
        self.most = rules.firms_at_most
        numbers = np.arange(self.most, dtype=np.uint64)
        self.active = np.arange(self.most) < rules.firms
        self.camp = self._home_camps()
        self.size = np.exp(rules.size_spread * streams.normal("gang_size", numbers) - rules.size_spread**2 / 2)
        self.wave_limit_m = rules.wave_limit_m * np.exp(rules.wave_limit_spread * streams.normal("wave_limit", numbers))
        seen = rules.stealth_spread * streams.normal("stealth", numbers)
        self.conspicuous = np.exp(seen - rules.stealth_spread**2 / 2)
        self.price = np.full(self.most, rules.price_at_start_gbp)
        self.reputation = np.full(self.most, 1 - world.rules.beliefs.stopped_prior)
        self.delivered_share = self.reputation.copy()
        self.seats_level = level_on(rules.seats_per_boat, world.sea.dates[0])
        self.lessons = Lessons(self.most, len(world.geography.sectors), self.promising_profit())
        self.launches_seen: Floats = np.zeros(self.lessons.place.shape[1])
        self.queues: list[dict[int, None]] = [{} for _ in range(self.most)]
        self.usual_queue: Floats = np.full(self.most, np.nan)
        self.joined = np.zeros(self.most)
        self.joins_per_day: Floats = np.zeros(self.most)
        self.boats_stocked = np.where(self.active, rules.boats_at_start, 0)
        self.boats_ordered, self.boats_seized = np.zeros(self.most, dtype=int), np.zeros(self.most, dtype=int)
        self.boats_used, self.boats_bought = np.zeros(self.most, dtype=int), self.boats_stocked.copy()
        self.boats_wanted, self.boats_ever = np.zeros(self.most, dtype=int), np.zeros(self.most, dtype=int)
        self.lost_share: Floats = np.full(self.most, rules.seized_share)
        self.supplier, self.advertising = Supplier(world, self.most), Advertising(world, self.most)
        self.going_there: Floats = np.empty(0)
        self.distance_km: Floats = np.empty(0)
        self.habit: Floats = np.empty(0)
        self._priced: Gangs | None = None
        self._price_the_ways()
        self.capital = np.zeros(self.most)
        self._accounts = [f"gang {gang}" for gang in range(self.most)]
        for gang in np.flatnonzero(self.active):
            self.endow(int(gang))

    def endow(self, gang: int) -> None:
        """Put a gang's starting capital into its account."""
        cash = self._world.rules.gangs.cash_at_start_gbp
        self._world.accounts.pay("world", self.account(gang), cash)
        self.capital[gang] += cash

    def _home_camps(self) -> npt.NDArray[np.int64]:
        """Gangs settle where the customers are: each in the camp to which the way of one person of the inflow leads.

        That person is fixed by the gang's number, so one person more or fewer moves no gang. Every camp has one.
        """
        people, groups = self._world.people, len(self._world.scenario.theatre.groups)
        homes = np.arange(self.most) % len(self._world.geography.camps)
        for gang in range(len(self._world.geography.camps), self.most):
            founder = np.flatnonzero(people.key == person_keys(gang % groups, gang // groups + 1)[-1])
            homes[gang] = people.camp[founder[0]] if len(founder) else homes[gang]
        return homes

    def account(self, gang: int) -> str:
        """Name of a gang's account."""
        return self._accounts[gang]

    def promising_profit(self) -> float:
        """What a launch promises to a gang that has learned nothing yet (GBP), at the going price."""
        rules, delivered = self._world.rules.gangs, 1 - self._world.rules.beliefs.stopped_prior
        return expected_profit(
            self.mean_price, self.seats_level, delivered, rules.package_gbp, rules.other_cost_gbp_per_seat
        )

    @property
    def mean_price(self) -> float:
        """Mean asking price (GBP) of the active gangs; the last known prices if none is active."""
        asked = self.price[self.active]
        return float(np.add.reduce(asked) / len(asked) if len(asked) else self.price.mean())

    def noons(self) -> Story:
        """Each noon prepare what every gang reads when it plans: demand, boats wanted, tomorrow's price. A process."""
        world = self._world
        while True:
            yield world.clock.noon.next
            rules = world.rules.gangs
            self.seats_level = level_on(rules.seats_per_boat, world.sea.dates[world.clock.today])
            self.launches_seen *= exp(-1 / rules.smoothing_days)
            self._want_boats()
            self._price_the_ways()
            self._reprice()
            self.advertising.plan(self.active, self.waiting(), self.usual_queue)

    def _want_boats(self) -> None:
        """Order up to what the expected customers need over the lead time and some days of stock."""
        rules = self._world.rules.gangs
        self.joins_per_day = learn(self.joins_per_day, self.joined, 1 / rules.smoothing_days)
        self.joined[:] = 0
        self.boats_wanted = boats_to_order(
            self.joins_per_day / self.seats_level, rules.lead_days, rules.stock_days,
            self.boats_stocked, self.boats_ordered, self.lost_share,
        )  # fmt: skip

    def _reprice(self) -> None:
        """Tomorrow's prices, by the gangs' rule."""
        rules, queue = self._world.rules.gangs, self.waiting()
        self.usual_queue = np.where(
            np.isnan(self.usual_queue), queue, learn(self.usual_queue, queue, 1 / (2 * rules.smoothing_days))
        )
        ratio = (queue + 1) / (self.usual_queue + 1)
        asked = find("pricing", rules.pricing)(rules, self.price, self.cost_per_seat(), self.rivals(), ratio)
        self.price = np.where(self.active, asked, self.price)

    def cost_per_seat(self) -> Floats:
        """Marginal cost of one person delivered, with today's price of boats and their losses; GBP, shape (gangs,)."""
        rules = self._world.rules.gangs
        return cost_per_seat(
            self.supplier.price_gbp() / self._kept(),
            self.seats_level,
            self.delivered_share,
            rules.other_cost_gbp_per_seat,
        )

    def package_gbp(self, gang: int) -> float:
        """What a boat at the coast costs a gang today, those seized on the way included; GBP."""
        return self.supplier.price_to(gang) / max(1 - float(self.lost_share[gang]), LEAST_SHARE)

    def _kept(self) -> Floats:
        return np.asarray(np.maximum(1 - self.lost_share, LEAST_SHARE))

    def _price_the_ways(self) -> None:
        """What going to each place costs a boatload from each camp: the land, the fuel, a taxi's crew; GBP.

        Infinite for a method that is nobody's habit.
        """
        rules, land_km = self._world.rules.gangs, self._world.geography.camp_to_sector_km
        if rules is self._priced:
            return
        self._priced = rules
        sea_km, methods = self._world.sea.nearest_km, len(Boarding)
        to_sector = rules.distance_gbp_per_km * land_km + rules.fuel_gbp_per_km * sea_km
        self.distance_km = np.repeat(land_km + sea_km, methods, axis=1)
        self.habit = np.tile([1 - rules.taxi_share, rules.taxi_share], len(sea_km))
        self.going_there = np.repeat(to_sector, methods, axis=1)
        self.going_there[:, Boarding.TAXI :: methods] += rules.taxi_cost_gbp
        self.going_there[:, self.habit == 0] = np.inf

    def earned_gbp(self) -> Floats:
        """What each gang has earned since the start: its cash less the capital that was put in; shape (gangs,)."""
        cash = [self._world.accounts.balance[self.account(gang)] for gang in range(self.most)]
        return np.array(cash) - self.capital

    def rivals(self) -> npt.NDArray[np.int64]:
        """Firms that a customer compares: the active ones spread evenly over the camps; shape (gangs,)."""
        near = round(int(self.active.sum()) / len(self._world.geography.camps))
        return np.full(self.most, max(near, 1))

    def enrol(self, ids: Ids, gangs: npt.NDArray[np.intp]) -> None:
        """These people become customers of these gangs: today's fare goes into escrow."""
        world, people = self._world, self._world.people
        adult = people.attributes.age[ids] == Age.ADULT
        fares = self.price[gangs] * np.where(adult, 1.0, world.rules.gangs.minors_fare_share)
        people.gang[ids] = gangs
        people.fare_gbp[ids] = fares
        people.move_all(ids, Place.CAMP, Place.CUSTOMER)
        world.accounts.pay("people", "escrow", float(fares.sum()))
        self.joined += np.bincount(gangs, minlength=self.most)
        for person, gang in zip(ids.tolist(), gangs.tolist(), strict=True):
            self.queues[gang][person] = None

    def leave(self, ids: Ids) -> None:
        """Customers leave their queues: fares back, at the coast again."""
        world = self._world
        for person, gang in zip(ids.tolist(), world.people.gang[ids].tolist(), strict=True):
            del self.queues[gang][person]
        self._refund(ids)
        world.people.move_all(ids, Place.CUSTOMER, Place.CAMP)
        world.recorder.record_all(Happened.LEFT_QUEUE, ids)

    def board(self, gang: int, load: int) -> Ids:
        """Call the first `load` customers of a gang's queue to the beach; ids of shape (load,)."""
        queue = self.queues[gang]
        called = list(islice(queue, load))
        for person in called:
            del queue[person]
        ids = np.array(called, dtype=np.int64)
        self._world.people.move_all(ids, Place.CUSTOMER, Place.ABOARD)
        self._world.people.review_day[ids] = np.inf
        return ids

    def stopped(self, ids: Ids) -> None:
        """A failed night: everyone is at the coast again, fares back, one failure richer, and rests before deciding."""
        world = self._world
        self._refund(ids)
        world.people.move_all(ids, Place.ABOARD, Place.CAMP)
        world.people.failures[ids] += 1
        world.coast.rest_all(ids, world.rules.coast.rest_days)

    def landed(self, ids: Ids, gang: int) -> float:
        """The boat arrived: fares are released, everyone stands in line at the centre. Returns the revenue (GBP)."""
        world = self._world
        fares = float(world.people.fare_gbp[ids].sum())
        world.accounts.pay("escrow", self.account(gang), fares)
        self.advertising.took(gang, fares)
        world.people.fare_gbp[ids] = 0.0
        world.people.move_all(ids, Place.ABOARD, Place.CENTRE)
        world.people.uk_day[ids] = world.env.now
        world.centre.admit(world.coast.ends_tries(ids))
        return fares

    def died(self, ids: Ids) -> None:
        """People who died: the fare goes back to their families."""
        world = self._world
        self._refund(ids)
        world.people.move_all(ids, Place.ABOARD, Place.DEAD)
        world.recorder.record_all(Happened.DIED, ids)
        world.coast.waiting.call(world.coast.ends_tries(ids), world.env.event().succeed(Outcome.DIED))

    def enter(self, gang: int) -> None:
        """A new firm under a number that was idle: the going price, an ordinary name, nothing learned yet."""
        self.price[gang] = self.mean_price
        self.reputation[gang] = self.delivered_share[gang] = 1 - self._world.rules.beliefs.stopped_prior
        self.lessons.forget(gang, self.promising_profit())
        self.lost_share[gang] = self._world.rules.gangs.seized_share
        self.advertising.forget(gang)
        self.usual_queue[gang], self.joins_per_day[gang], self.joined[gang] = np.nan, 0.0, 0.0
        self.active[gang] = True
        self.endow(gang)

    def close(self, gang: int) -> None:
        """A gang goes out of business: its customers get their fares back and look for another."""
        self.active[gang] = False
        ids = np.array(list(self.queues[gang]), dtype=np.int64)
        self._world.people.review_day[ids] = self._world.env.now
        self.leave(ids)
        self.boats_bought[gang] -= self.boats_stocked[gang]
        self.boats_stocked[gang] = 0

    def _refund(self, ids: Ids) -> None:
        people = self._world.people
        self._world.accounts.pay("escrow", "people", float(people.fare_gbp[ids].sum()))
        people.fare_gbp[ids] = 0.0

    def waiting(self) -> Floats:
        """Customers in each gang's queue; shape (gangs,)."""
        return np.array([len(queue) for queue in self.queues], dtype=float)
