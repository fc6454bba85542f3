"""The Channel with the ways across it and the people on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.coast import (
    ATTRIBUTION,
    Busy,
    Extent,
    Sign,
    arrow,
    bend,
    draw_coast,
    place_signs,
    scale_bar,
)
from sim.figures.run import Results, Shown, has, replications, scenarios
from sim.figures.sector_changes import draw_changes, draw_levels
from sim.figures.style import QUIET, amount, look, page

SECTION = "map"
EXTENT: Extent = (0.03, 3.22, 49.88, 51.46)
MAP_INCHES, WIDEST = 7.3, 11.0
ARRIVED, TRIED = "#4A2377", "#B5651D"
MARKS = {
    "camp": ("^", "#B5651D", 7.0), "sector": ("o", "white", 6.5), "corridor": ("D", "#8FB0C4", 3.5),
    "landing": ("s", "white", 7.0), "centre": ("P", "#222222", 8.0),
}  # fmt: skip


class Place(NamedTuple):
    """A node of the route graph."""

    name: str
    kind: str
    label: str
    lat: float
    lon: float

    @property
    def at(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.lon, self.lat


@look()
def draw(results: Results) -> Figure | None:
    """Which ways over land and sea do people take, and where do they take them less because of the policy?"""
    if not has(results, "places", "legs", "flows"):
        return None
    cast, n = scenarios(results), replications(results)
    shown = cast[1] if cast[0].baseline and len(cast) > 1 else cast[0]
    flows = results.table("flows")
    figure = page(
        (12.6, 7.6),
        "The ways across the Channel, and how many people take them",
        f"Map: {shown.label}, {window(shown)}. Width of an arrow = people, mean of the replications.",
        f"Simulation: {n} replication{'s' if n > 1 else ''} of each scenario. A person who tries twice counts twice "
        "among tries. Corridors and sectors are schematic: tens of kilometres of coast, no real position of patrols. "
        + beside(n, cast[0].baseline and len(cast) > 1),
        f"Source: simulated flows; coast: {ATTRIBUTION}",
    )
    left, right = figure.subplots(1, 2, width_ratios=(MAP_INCHES, 3.0))
    left.set_anchor("N")
    draw_map(left, places(results), results.table("legs"), mean_flows(flows, shown))
    names = sector_names(places(results), mean_flows(flows, shown))
    (draw_changes if cast[0].baseline and len(cast) > 1 else draw_levels)(right, flows, cast, names)
    return figure


def beside(n: int, paired: bool) -> str:
    """What the marks right of the map mean."""
    bars, dots = ("mean differences", "single pairs") if paired else ("means", "single replications")
    return f"Right: bars = {bars}, dots = {dots}, " + ("lines = 95 % t-intervals." if n > 1 else "no interval.")


def sector_names(nodes: Mapping[str, Place], flows: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """The sectors from north to south in words, with the tries and the arrivals that the map shows."""
    sectors = sorted((p for p in nodes.values() if p.kind == "sector"), key=lambda p: -p.lat)
    words = "{}\n{} tries, {} arrive"
    return {p.name: words.format(p.label, *(amount(people) for people in passing(p, flows))) for p in sectors}


def passing(place: Place, flows: Mapping[tuple[str, str], float]) -> tuple[float, float]:
    """People who come to a place and people who go on from it."""
    into = sum(people for (_, end), people in flows.items() if end == place.name)
    return into, sum(people for (start, _), people in flows.items() if start == place.name)


def window(shown: Shown) -> str:
    """The measured window in words."""
    last = shown.until - pd.Timedelta(days=1)
    days = (shown.until - shown.measure_from).days
    return f"{shown.measure_from.day} {shown.measure_from:%B %Y} to {last.day} {last:%B %Y} ({days} days)"


def places(results: Results) -> dict[str, Place]:
    """The nodes that the map shows: those of the crossing itself, inside the frame."""
    west, east, south, north = EXTENT
    rows = results.table("places")[["name", "kind", "label", "lat", "lon"]].itertuples(index=False)
    found = [Place(*row) for row in rows]
    return {p.name: p for p in found if p.kind in MARKS and west < p.lon < east and south < p.lat < north}


def mean_flows(flows: pd.DataFrame, shown: Shown) -> dict[tuple[str, str], float]:
    """People from place to place in the measured window, mean of the replications."""
    mine = flows[flows["scenario"] == shown.name]
    people = mine.groupby(["start", "end"])["people"].mean()
    rows = people[people > 0].reset_index()
    return dict(zip(zip(rows["start"], rows["end"], strict=True), rows["people"].astype(float), strict=True))


def draw_map(
    axes: Axes, nodes: Mapping[str, Place], legs: pd.DataFrame, flows: Mapping[tuple[str, str], float]
) -> None:
    """Coast, route graph, flows, places and their names."""
    draw_coast(axes, EXTENT)
    draw_graph(axes, nodes, legs)
    busy = draw_flows(axes, nodes, legs, flows)
    for place in nodes.values():
        marker, colour, size = MARKS[place.kind]
        axes.plot(*place.at, marker=marker, ms=size, mfc=colour, mec="#222222", mew=1.1, zorder=6, ls="")
    order = sorted(nodes.values(), key=lambda p: ("landing", "sector", "camp", "centre", "corridor").index(p.kind))
    place_signs(axes, [sign(place, flows) for place in order], busy, MAP_INCHES)
    draw_key(axes, max(flows.values(), default=0))


def draw_graph(axes: Axes, nodes: Mapping[str, Place], legs: pd.DataFrame) -> None:
    """All ways, used or not, as thin lines: dashed over land, solid at sea, dotted for what officials do."""
    lines = {"sea": ("-", "#9DB6C6"), "land": ((0, (4, 2)), "#B9AB8C")}
    for leg in legs.itertuples():
        if leg.start in nodes and leg.end in nodes:
            line, colour = lines.get(str(leg.kind), ((0, (1, 1.6)), "#8C8C8C"))
            ends = nodes[str(leg.start)], nodes[str(leg.end)]
            axes.plot(*zip(*(p.at for p in ends), strict=True), ls=line, color=colour, lw=0.9, zorder=1)


def draw_flows(
    axes: Axes, nodes: Mapping[str, Place], legs: pd.DataFrame, flows: Mapping[tuple[str, str], float]
) -> list[Busy]:
    """Arrows as wide as the people on them; returns points along them that labels had better not cover."""
    most, busy = max(flows.values(), default=1), list[Busy]()
    landings = [p for p in nodes.values() if p.kind == "landing"]
    away = (sum(p.lon for p in landings) / max(len(landings), 1), sum(p.lat for p in landings) / max(len(landings), 1))
    for (start, end), people in sorted(flows.items(), key=lambda item: -item[1]):
        if start in nodes and end in nodes:
            a, b = nodes[start], nodes[end]
            by_sea = b.kind == "landing"
            middle = corridor(nodes, legs, start, end).at if by_sea else bend(a.at, b.at, away)
            width = max(WIDEST * people / most, 0.5)
            arrow(axes, (a.at, middle, b.at), width, ARRIVED if by_sea else TRIED)
            busy += [(*_on_curve(a.at, middle, b.at, i / 30), 0.15 + width / 14) for i in range(1, 30)]
    return busy


def _on_curve(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], share: float
) -> tuple[float, float]:
    first, second, third = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return first * a[0] + second * b[0] + third * c[0], first * a[1] + second * b[1] + third * c[1]


def corridor(nodes: Mapping[str, Place], legs: pd.DataFrame, start: str, end: str) -> Place:
    """The corridor on the shortest way from a sector to a landing; the landing itself if there is none."""
    first = legs[legs["start"] == start].set_index("end")["distance_km"]
    second = legs[legs["end"] == end].set_index("start")["distance_km"]
    through = [name for name in first.index.intersection(second.index) if name in nodes]
    return nodes[min(through, key=lambda name: float(first[name] + second[name]))] if through else nodes[end]


def sign(place: Place, flows: Mapping[tuple[str, str], float]) -> Sign:
    """A place's name; at landings with the people who arrive."""
    if place.kind == "corridor":
        return Sign(place.lon, place.lat, place.label, 7.5, "normal", "#54778C")
    if place.kind == "sector":
        return Sign(place.lon, place.lat, place.label, 9, "bold")
    if place.kind == "landing":
        words = f"{place.label}\n{amount(passing(place, flows)[0])} arrive"
        return Sign(place.lon, place.lat, words, 9, "bold", ARRIVED)
    if place.kind == "camp":
        return Sign(place.lon, place.lat, f"{place.label}\n(camps)", 8, "normal", "#7A4312")
    return Sign(place.lon, place.lat, place.label, 8.5)


def draw_key(axes: Axes, most: float) -> None:
    """Scale bar, and what the arrows' colours and widths mean, in the open sea."""
    west, _, south, _ = EXTENT
    scale_bar(axes, west + 0.07, south + 0.06, 20)
    for i, (words, colour) in enumerate((("arrive by sea", ARRIVED), ("set off for a sector (tries)", TRIED))):
        lat = south + 0.34 - 0.085 * i
        axes.plot([west + 0.07, west + 0.22], [lat, lat], color=colour, lw=4, alpha=0.72, zorder=6)
        axes.text(west + 0.26, lat, words, size=8.5, va="center", zorder=6)
    half = float(f"{most / 2:.1g}")
    if half > 0:
        axes.plot([west + 0.07, west + 0.22], [south + 0.165] * 2, color=QUIET, lw=WIDEST * half / most, zorder=6,
                  solid_capstyle="butt")  # fmt: skip
        axes.text(west + 0.26, south + 0.165, f"{amount(half)} people", size=8.5, va="center", zorder=6)
