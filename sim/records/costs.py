"""What each stage costs whom: stocks and flows of a day times the unit costs in force that day."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.domain.patrolling import units_on
from sim.domain.population import Place
from sim.domain.randomness import Floats
from sim.domain.rules import Rules
from sim.records.recorder import Happened
from sim.records.tidy import Coded, Columns, Counts, Records, dates, stock

CLAIMS = (
    Happened.CLAIM_RAISED, Happened.HUMAN_RIGHTS_RAISED, Happened.APPEALED, Happened.AGE_DISPUTED,
    Happened.INJUNCTION_ASKED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the accounts: who pays, whether it belongs to the exchange, and what it amounts to each day (GBP)."""

    payer: str
    of_exchange: bool
    daily: Callable[["Ledgered"], Floats]


class Ledgered:
    """A run's stocks and flows by day, and the unit costs in force."""

    __slots__ = ("_counts", "_places", "_records")

    def __init__(self, records: Records, counts: Counts) -> None:
        self._records, self._counts = records, counts
        self._places = stock(records, "places")

    def price(self, name: str) -> Floats:
        """A unit cost or share of `money` by day; shape (days,)."""
        return self.setting(lambda rules: float(getattr(rules.money, name)))

    def setting(self, of: Callable[[Rules], float]) -> Floats:
        """A number of the rules by day; shape (days,)."""
        return np.array([of(rules) for rules in self._records.rules])

    def people(self, *places: Place) -> Floats:
        """People in some places each evening; shape (days,)."""
        return np.asarray(self._places[:, list(places)].sum(axis=1))

    def events(self, *kinds: Happened) -> Floats:
        """Events of some kinds by day; shape (days,)."""
        return np.asarray(np.sum([self._counts.daily(kind) for kind in kinds], axis=0), dtype=float)

    def housed(self) -> Floats:
        """People who came irregularly and are housed each evening, those among them whose removal is barred."""
        return self.people(Place.ASYLUM) + stock(self._records, "barred")

    def beds(self) -> Floats:
        """Beds in use each evening; shape (days,)."""
        return stock(self._records, "beds_used")

    def flights(self) -> Floats:
        """Charters that flew, by day; shape (days,)."""
        flown = [int(flight.day) for flight in self._records.recorder.flights if not flight.cancelled]
        return np.bincount(flown, minlength=self._records.days)[: self._records.days].astype(float)

    def patrols(self) -> Floats:
        """What patrols cost by day, whoever pays, units paid from extra funding included; shape (days,)."""
        price, rules = self.price("patrol_unit_gbp_per_day"), self._records.rules
        units = [units_on(rules[day].patrols, gbp, day) for day, gbp in enumerate(price.tolist())]
        return np.array(units) * price


ITEMS = {
    "registration": Item("uk", False, lambda run: run.events(Happened.REGISTERED) * run.price("registration_gbp")),
    "housing": Item("uk", False, lambda run: run.housed() * run.price("accommodation_gbp_per_night")),
    "patrols": Item("uk", False, lambda run: run.patrols() * run.price("patrol_uk_funded_share")),
    "detention": Item("uk", True, lambda run: run.beds() * run.price("detention_gbp_per_day")),
    "casework": Item("uk", True, lambda run: run.events(Happened.SELECTED) * run.price("case_gbp")),
    "claims": Item("uk", True, lambda run: run.events(*CLAIMS) * run.price("claim_gbp")),
    "flights": Item("uk", True, lambda run: run.flights() * run.price("flight_gbp")),
    "admissions": Item("uk", True, lambda run: run.events(Happened.ADMITTED) * run.price("admission_gbp")),
    "housing_admitted": Item(
        "uk", True,
        lambda run: run.people(Place.ADMITTED) * run.price("admitted_housed_share")
        * run.price("accommodation_gbp_per_night"),
    ),
    "french_patrols": Item("fr", False, lambda run: run.patrols() * (1 - run.price("patrol_uk_funded_share"))),
    "french_replies": Item("fr", True, lambda run: run.events(Happened.REQUESTED) * run.price("french_case_gbp")),
    "french_reception": Item(
        "fr", True,
        lambda run: run.people(Place.RECEPTION, Place.FRANCE_ASYLUM) * run.price("french_reception_gbp_per_day"),
    ),
}  # fmt: skip
"""Every cost counted. Not counted: enforcement inland, courts beyond a claim's cost, people who arrive unseen."""


def daily_costs(records: Records, counts: Counts) -> dict[str, Floats]:
    """GBP a day of every item; each of shape (days,)."""
    run = Ledgered(records, counts)
    return {name: item.daily(run) for name, item in ITEMS.items()}


def totals_by_payer(records: Records, counts: Counts) -> dict[str, Floats]:
    """GBP a day by payer, `uk` and `fr`; each of shape (days,)."""
    costs = daily_costs(records, counts)
    payers = dict.fromkeys(item.payer for item in ITEMS.values())
    return {who: np.sum([costs[name] for name, item in ITEMS.items() if item.payer == who], axis=0) for who in payers}


def costs_table(records: Records, counts: Counts) -> Columns:
    """Costs by day and item: date, item, payer, whether it belongs to the exchange, GBP."""
    costs, names, items = daily_costs(records, counts), list(ITEMS), list(ITEMS.values())
    days = records.days
    return {
        "date": Coded(np.repeat(np.arange(days, dtype=np.int32), len(names)), dates(records)),
        "item": Coded(np.tile(np.arange(len(names), dtype=np.int16), days), np.array(names)),
        "payer": Coded(np.tile([int(item.payer == "fr") for item in items], days), np.array(["uk", "fr"])),
        "of_exchange": np.tile([item.of_exchange for item in items], days),
        "gbp": np.stack([costs[name] for name in names], axis=1).reshape(-1),
    }
