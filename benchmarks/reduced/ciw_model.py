"""The reduced model in Ciw 3: a network of a camp, the beach with slotted services, and the arrival centre.

What Ciw has no word for is said in its own extension points: a node class (boats that leave only if full enough), time
distributions that look at the clock, and routers. Nobody competes for anything while they wait for a decision, so its
day is drawn on leaving the centre: a node with thousands of people in it would be searched at every event.
"""

from __future__ import annotations

from random import Random

import ciw

from benchmarks.reduced.model import (
    DAYS,
    NOON,
    Act,
    Given,
    Outcomes,
    first_dawn,
    next_dawn,
    next_midnight,
    outcomes_of,
    weigh,
)

CAMP, BEACH, CENTRE, GONE = 1, 2, 3, -1


class Run:
    """The counts, and what is given."""

    def __init__(self, given: Given) -> None:
        self.given, self.model, self.random = given, given.model, Random(given.seed)
        self.boats = self.choices = self.attempts = self.arrivals = self.settled = self.decisions = 0
        self.days_to_land = 0.0
        self.seats = iter(())

    def chooses(self, ind):
        """What this person does now; people are numbered from 1."""
        self.choices += 1
        given, number = self.given, ind.id_number - 1
        return weigh(self.model, self.random.random, given.benefit_gbp[number], given.nerve_gbp[number], ind.failures)

    def __deepcopy__(self, memo):
        """Ciw copies distributions for each simulation; they share one run."""
        return self


class Person(ciw.Individual):
    """Someone with a day of reaching the coast, and failures."""

    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        self.reached, self.failures = self.simulation.current_time, 0
        self.review = first_dawn(self.reached)


class UntilDawn(ciw.dists.Distribution):
    """Time in the camp: until the dawn of the next decision."""

    def sample(self, t=None, ind=None):
        """Time until the person decides."""
        return ind.review - t


class Patience(ciw.dists.Distribution):
    """Time in line until a person looks at the choices again."""

    def __init__(self, run):
        self.run = run

    def sample(self, t=None, ind=None):
        """Until the first dawn after one's patience is over."""
        return next_dawn(t + self.run.given.patience_days[ind.id_number - 1]) - t


class Night(ciw.dists.Distribution):
    """Time from noon until the boat is stopped at the beach or lands."""

    def __init__(self, run):
        self.run = run

    def sample(self, t=None, ind=None):
        """Take the next seat; everyone in a boat shares its fate."""
        ind.stopped = next(self.run.seats)
        model = self.run.model
        return 1 - NOON + model.launch_day + (0 if ind.stopped else model.crossing_days)


class Erlang(ciw.dists.Distribution):
    """Registration."""

    def __init__(self, run):
        self.run, self.shape = run, run.model.registration_shape

    def sample(self, t=None, ind=None):
        """Time at the desk."""
        return self.run.random.gammavariate(self.shape, self.run.model.registration_days / self.shape)


def beach_of(run):
    """The class of a node that serves boatloads."""

    class Beach(ciw.Node):
        """A slot serves as many people as fit into boats, and leaves those who would not fill one well enough."""

        def find_number_of_slotted_services(self):
            """Fill boats; a calm night's slot has seats, a rough night has no slot."""
            model, waiting, loads = run.model, self.number_of_individuals - self.number_in_service, []
            while len(loads) < model.boats and waiting >= model.least_aboard:
                loads.append(min(model.seats, waiting))
                waiting -= loads[-1]
            fates = run.given.stopped[run.boats : run.boats + len(loads)]
            run.boats += len(loads)
            run.seats = iter([fate for fate, load in zip(fates, loads, strict=True) for _ in range(load)])
            return sum(loads)

        def renege(self):
            """Settle elsewhere, or stay in line for as long again."""
            ind = self.decide_between_simultaneous_individuals()
            if run.chooses(ind) is Act.SETTLE:
                run.settled += 1
                self.next_individual = [ind]
                super().renege()
            else:
                ind.reneging_date = self.get_reneging_date(ind)

    return Beach


class FromCamp(ciw.routing.NodeRouting):
    """Join the queue for a seat, wait, or settle elsewhere."""

    def __init__(self, run):
        self.run = run

    def next_node(self, ind):
        """Where to, at dawn."""
        act = self.run.chooses(ind)
        if act is Act.SETTLE:
            self.run.settled += 1
            return self.simulation.nodes[GONE]
        if act is Act.WAIT:
            ind.review = self.simulation.current_time + self.run.model.review_days
            return self.simulation.nodes[CAMP]
        return self.simulation.nodes[BEACH]


class FromBeach(ciw.routing.NodeRouting):
    """Back to the camp, or to the arrival centre."""

    def __init__(self, run):
        self.run = run

    def next_node(self, ind):
        """Where to, in the night."""
        run = self.run
        run.attempts += 1
        if ind.stopped:
            ind.failures += 1
            rested = self.simulation.current_time + run.random.expovariate(1 / run.model.rest_days)
            ind.review = next_dawn(rested)
            return self.simulation.nodes[CAMP]
        run.arrivals += 1
        run.days_to_land += self.simulation.current_time - ind.reached
        return self.simulation.nodes[CENTRE]


class FromCentre(ciw.routing.NodeRouting):
    """Registered: the day of the decision is drawn."""

    def __init__(self, run):
        self.run = run

    def next_node(self, ind):
        """Out of the network."""
        shape = self.run.model.decision_shape
        days = self.run.random.gammavariate(shape, self.run.model.decision_days / shape)
        self.run.decisions += next_midnight(self.simulation.current_time + days) < DAYS
        return self.simulation.nodes[GONE]


def simulate(given: Given) -> Run:
    """Build and run."""
    run, days = Run(given), given.reach_days
    noons = [night - 1 + NOON for night in range(1, DAYS) if given.calm[night]]
    network = ciw.create_network(
        arrival_distributions=[
            ciw.dists.Sequential(
                [after - before for before, after in zip([0.0, *days], [*days, 2 * DAYS], strict=True)]
            ),
            None,
            None,
        ],
        service_distributions=[UntilDawn(), Night(run), Erlang(run)],
        reneging_time_distributions=[None, Patience(run), None],
        number_of_servers=[
            float("inf"),
            ciw.Slotted(
                slots=[*noons, 2.0 * DAYS], slot_sizes=[given.model.boats * given.model.seats] * (len(noons) + 1)
            ),
            given.model.desks,
        ],
        routing=ciw.routing.NetworkRouting([FromCamp(run), FromBeach(run), FromCentre(run)]),
    )
    ciw.seed(given.seed)
    ciw.Simulation(
        network, node_class=[ciw.Node, beach_of(run), ciw.Node], individual_class=Person
    ).simulate_until_max_time(DAYS)
    return run


def outcomes(run: Run) -> Outcomes:
    """What the run tells."""
    return outcomes_of(
        run.given,
        choices=run.choices,
        attempts=run.attempts,
        arrivals=run.arrivals,
        settled=run.settled,
        days_to_land=run.days_to_land,
        decisions=run.decisions,
    )
