"""Checks of a theatre: names are unique and known, shares add up, and every journey of the model has its legs."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path as FilePath

from sim.domain.quantities import from_day, level_on
from sim.domain.theatre import LegKind, NodeKind, Theatre
from sim.scenario.describe import listed, meant
from sim.scenario.errors import number
from sim.scenario.source import Key, Source

DATA = FilePath(__file__).resolve().parents[1] / "data"
SHARES_TOLERANCE = 0.02
ANY_LEG = tuple(LegKind)
JOURNEYS = (
    (NodeKind.ORIGIN, NodeKind.CAMP, (LegKind.LAND, LegKind.AIR)),
    (NodeKind.CAMP, NodeKind.SECTOR, (LegKind.LAND,)),
    (NodeKind.SECTOR, NodeKind.LANDING, (LegKind.SEA,)),
    (NodeKind.LANDING, NodeKind.CENTRE, ANY_LEG),
    (NodeKind.CENTRE, NodeKind.DETENTION, ANY_LEG),
    (NodeKind.DETENTION, NodeKind.RECEPTION, ANY_LEG),
    (NodeKind.GATEWAY, NodeKind.COMMUNITY, ANY_LEG),
)
NEEDED = (
    NodeKind.ORIGIN, NodeKind.CAMP, NodeKind.SECTOR, NodeKind.LANDING, NodeKind.CENTRE, NodeKind.DETENTION,
    NodeKind.COMMUNITY, NodeKind.RECEPTION, NodeKind.GATEWAY, NodeKind.EXIT,
)  # fmt: skip


def check_theatre(source: Source, theatre: Theatre) -> None:
    """Note everything wrong with a theatre on the source."""
    _check_names(source, theatre)
    _check_references(source, theatre)
    _check_nodes(source, theatre)
    _check_journeys(source, theatre)
    _check_shares(source, theatre)
    _check_observed(source, theatre)


def _blame(source: Source, at: tuple[Key, ...], message: str, given: object = "", allowed: str = "") -> None:
    source.blame(("theatre", *at), message, str(given), allowed)


def _check_names(source: Source, theatre: Theatre) -> None:
    """No two rows of a table have one name."""
    _unique(source, "nodes", "name", [node.name for node in theatre.nodes])
    _unique(source, "legs", "end", [f"{leg.start} -> {leg.end}" for leg in theatre.legs])
    _unique(source, "sectors", "node", [sector.node for sector in theatre.sectors])
    _unique(source, "groups", "name", [group.name for group in theatre.groups])


def _unique(source: Source, table: str, column: str, names: list[str]) -> None:
    for name in (name for name, times in Counter(names).items() if times > 1):
        last = len(names) - 1 - names[::-1].index(name)
        _blame(source, (table, last, column), "must be unique, but stands in two rows", repr(name))


def _check_references(source: Source, theatre: Theatre) -> None:
    """Legs, sectors and groups name nodes that exist, of the right kind."""
    everywhere = [node.name for node in theatre.nodes]
    for index, leg in enumerate(theatre.legs):
        _refer(source, ("legs", index, "start"), leg.start, everywhere, "node")
        _refer(source, ("legs", index, "end"), leg.end, everywhere, "node")
    for index, sector in enumerate(theatre.sectors):
        _refer(source, ("sectors", index, "node"), sector.node, theatre.names(NodeKind.SECTOR), "sector node")
    for index, group in enumerate(theatre.groups):
        _refer(source, ("groups", index, "origin"), group.origin, theatre.names(NodeKind.ORIGIN), "origin node")


def _refer(source: Source, at: tuple[Key, ...], name: str, known: list[str], what: str) -> None:
    if name not in known:
        _blame(source, at, f"is no {what}{meant(name, known)}", repr(name), listed(name, known))


def _check_nodes(source: Source, theatre: Theatre) -> None:
    """Every kind of place that the model needs exists, and every sector node has its row."""
    for kind in NEEDED:
        if not theatre.names(kind):
            _blame(source, ("nodes",), f"has no node of kind {kind}", allowed=f"at least one {kind}")
    rows = [sector.node for sector in theatre.sectors]
    for name in (name for name in theatre.names(NodeKind.SECTOR) if name not in rows):
        _blame(source, ("sectors",), f"has no row for the sector node {name!r}")


def _check_journeys(source: Source, theatre: Theatre) -> None:
    """Every place on a journey leads to the next kind of place."""
    for start_kind, end_kind, kinds in JOURNEYS:
        goals = set(theatre.names(end_kind))
        stuck = [name for name in theatre.names(start_kind) if not goals & reachable(theatre, name, kinds)]
        by = "" if kinds == ANY_LEG else f" by {' or '.join(kinds)}"
        for name in stuck if goals else ():
            _blame(source, ("legs",), f"missing legs: {start_kind} {name!r} cannot reach any {end_kind}{by}")


def reachable(theatre: Theatre, start: str, kinds: Iterable[LegKind]) -> set[str]:
    """Names of all nodes that legs of the given kinds lead to."""
    legs = [leg for leg in theatre.legs if leg.kind in set(kinds)]
    found, new = {start}, {start}
    while new:
        new = {leg.end for leg in legs if leg.start in new} - found
        found |= new
    return found


def _check_shares(source: Source, theatre: Theatre) -> None:
    """Groups make up all people on every day on which a share changes; minors are not more than everyone."""
    keys = {from_day(key): key for group in theatre.groups for key in group.share}
    for day, key in sorted(keys.items()):
        total = sum(level_on(group.share, day) if group.share else 0.0 for group in theatre.groups)
        if abs(total - 1.0) > SHARES_TOLERANCE:
            allowed = f"a sum of 1 within {number(SHARES_TOLERANCE)}"
            rows = [("theatre", "groups", index, "share", str(key)) for index in range(len(theatre.groups))]
            path = source.latest([("theatre", "groups"), *rows])
            source.blame(path, f"shares of {key} must sum to 1", f"{total:.4g}", allowed)
    ages = theatre.ages
    minors = ages.accompanied_minor_share + ages.unaccompanied_minor_share
    if minors > 1.0:
        at = ("ages", "accompanied_minor_share")
        _blame(
            source, at, "and unaccompanied_minor_share must not sum to more than 1", f"{number(minors)}", "at most 1"
        )


def _check_observed(source: Source, theatre: Theatre) -> None:
    """Observed series are files of the package's data folder."""
    for name in ("arrivals_daily", "coastline"):
        file = getattr(theatre.observed, name)
        if file is not None and not (DATA / file).is_file():
            near = meant(file, [known.name for known in DATA.iterdir()])
            _blame(source, ("observed", name), f"no such file in sim/data{near}", repr(file))
