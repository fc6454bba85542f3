"""`Theatre`: one sea and its coasts as data: nodes, legs, groups of people, sectors, weather, dated drivers.

The Channel is the first (`configs/theatres/channel.yaml`); another sea is another YAML file run by the same code.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sim.domain.quantities import (
    ByDate,
    DayOfYear,
    Latitude,
    Longitude,
    NonNegative,
    Persistence,
    Positive,
    Share,
)

STRICT = {"extra": "forbid"}


class NodeKind(StrEnum):
    """What a place on the route graph is."""

    ORIGIN = "origin"
    HUB = "hub"
    CAMP = "camp"
    SECTOR = "sector"
    CORRIDOR = "corridor"
    LANDING = "landing"
    CENTRE = "centre"
    DETENTION = "detention"
    COMMUNITY = "community"
    RECEPTION = "reception"
    GATEWAY = "gateway"
    EXIT = "exit"


class LegKind(StrEnum):
    """How one travels along a leg."""

    LAND = "land"
    SEA = "sea"
    AIR = "air"
    LORRY = "lorry"
    ADMINISTRATIVE = "administrative"


@dataclass(frozen=True, slots=True)
class Node:
    """A place, at a real coordinate (for a launch sector: the middle of a stretch of coast)."""

    name: str
    kind: NodeKind
    label: str
    lat: Latitude
    lon: Longitude


@dataclass(frozen=True, slots=True)
class Leg:
    """A directed way from one node to the next. `hazard` is the perceived chance of dying on it."""

    start: str
    end: str
    kind: LegKind
    distance_km: NonNegative
    hours: NonNegative
    cost_gbp: NonNegative
    hazard: Share
    capacity_per_day: Positive | None = None


@dataclass(frozen=True, slots=True)
class Sector:
    """A stretch of coast where boats are launched; `exposure` multiplies the wave height at the reference point."""

    node: str
    length_km: Positive
    exposure: Positive
    fixed_patrol_share: Share


@dataclass(frozen=True, slots=True)
class Group:
    """People who share a nationality in the published statistics, and what the data say of them."""

    name: str
    label: str
    origin: str
    share: ByDate
    uk_links_share: Share
    documents_share: Share
    grant_share: Share


@dataclass(frozen=True, slots=True)
class Ages:
    """Shares of the age classes. The rest are adults."""

    accompanied_minor_share: Share
    unaccompanied_minor_share: Share


@dataclass(frozen=True, slots=True)
class Inflow:
    """People who would set out for the coast: a yearly level, one seasonal shape, split into groups."""

    people_per_year: ByDate
    season_amplitude: Share
    season_peak_day: DayOfYear


@dataclass(frozen=True, slots=True)
class Weather:
    """Significant wave height at a reference point: log-normal AR(1) around a seasonal mean."""

    median_height_m: Positive
    season_log_amplitude: NonNegative
    roughest_day: DayOfYear
    log_spread: Positive
    persistence: Persistence
    forecast_log_error: NonNegative
    trace: dict[date, Positive] | None = None
    """Observed wave heights (m) by date, in the place of drawn ones; in YAML the name of a CSV file."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Real series to show beside the simulated ones: file names inside the package's data folder."""

    arrivals_daily: str | None = None
    coastline: str | None = None


@dataclass(frozen=True, slots=True)
class Theatre:
    """One sea. Lists keep the order of the file; names are unique."""

    name: str
    nodes: tuple[Node, ...]
    legs: tuple[Leg, ...]
    sectors: tuple[Sector, ...]
    groups: tuple[Group, ...]
    ages: Ages
    inflow: Inflow
    weather: Weather
    observed: Observed

    def names(self, kind: NodeKind) -> list[str]:
        """Node names of one kind, in file order."""
        return [node.name for node in self.nodes if node.kind is kind]


for _section in (Node, Leg, Sector, Group, Ages, Inflow, Weather, Observed, Theatre):
    setattr(_section, "__pydantic_config__", STRICT)  # noqa: B010  (pydantic reads it; the class need not know it)
