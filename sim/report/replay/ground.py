"""The map under a replay: coast, places and ways over the sea, as whole hectometres from the north-western corner."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.figures.coast import ATTRIBUTION, COUNTRIES, KM_PER_DEGREE, WATERS, coastline
from sim.figures.map import EXTENT

Extent = tuple[float, float, float, float]
Point = tuple[float, float]
ON_THE_MAP = ("camp", "sector", "corridor", "landing", "centre")
BEYOND = ("detention", "community", "reception", "gateway")  # ends of the exchange's two ways, mostly off the map
MARGIN_KM, FRAME_SHARE = 6.0, 0.12
HECTOMETRES = 10.0


class Frame(NamedTuple):
    """What part of the world is shown, and how degrees become hectometres on it."""

    west: float
    east: float
    south: float
    north: float

    @classmethod
    def around(cls, places: pd.DataFrame) -> Frame:
        """The Channel as on the map figure if the crossing lies in it, else a frame around the crossing."""
        west, east, south, north = EXTENT
        inside = places["lon"].between(west, east) & places["lat"].between(south, north)
        if bool(inside.all()):
            return cls(*EXTENT)
        room = FRAME_SHARE * max(float(np.ptp(places["lon"])), float(np.ptp(places["lat"])), 0.1)
        (left, right), (low, high) = ((places[c].min(), places[c].max()) for c in ("lon", "lat"))
        return cls(float(left) - room, float(right) + room, float(low) - room, float(high) + room)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height (hectometres)."""
        return self.at(self.east, self.south)

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        """A place as (x, y), x to the east and y to the south (hectometres)."""
        across = KM_PER_DEGREE * HECTOMETRES * cos(radians((self.south + self.north) / 2))
        return round((lon - self.west) * across), round((self.north - lat) * KM_PER_DEGREE * HECTOMETRES)

    def widened(self, km: float) -> Extent:
        """West, east, south and north with some kilometres on every side."""
        up = km / KM_PER_DEGREE
        out = up / cos(radians((self.south + self.north) / 2))
        return self.west - out, self.east + out, self.south - up, self.north + up


def map_data(places: pd.DataFrame, legs: pd.DataFrame) -> dict[str, Any]:
    """Everything that does not move.

    Args:
        places: name, kind, label, lat, lon (degrees).
        legs: start, end, kind, distance_km.

    Returns:
        width and height (hectometres); `land`: rings of x, y, x, y …; `places`; `routes`: (sector, landing, x, y) for
        each pair with a way, x and y being the corridor that it bends towards; `names` of lands and waters.
    """
    frame = Frame.around(places[places["kind"].isin(ON_THE_MAP)])
    width, height = frame.size
    rings = [clipped([(float(x), float(y)) for x, y in ring], frame.widened(MARGIN_KM)) for ring in coastline()]
    shown = places[places["kind"].isin((*ON_THE_MAP, *BEYOND)) & (places["kind"] != "corridor")]
    signs = [("land", COUNTRIES), ("sea", WATERS)]
    land = [[value for point in ring for value in frame.at(*point)] for ring in rings if len(ring) > 2]
    return {
        "width": width,
        "height": height,
        "land": land,
        "places": [_place(row, frame) for row in shown.to_dict("records")],
        "routes": _routes(places, legs, frame),
        "names": [
            {"text": name, "kind": kind, "x": x, "y": y}
            for kind, names in signs
            for name, place in names.items()
            for x, y in [frame.at(*place)]
            if 0 < x < width and 0 < y < height
        ],
        "attribution": ATTRIBUTION if land else "No coastline is shipped for this sea.",
    }


def _place(row: dict[Any, Any], frame: Frame) -> dict[str, Any]:
    x, y = frame.at(float(row["lon"]), float(row["lat"]))
    return {"name": str(row["name"]), "kind": str(row["kind"]), "label": str(row["label"]), "x": x, "y": y}


def _routes(places: pd.DataFrame, legs: pd.DataFrame, frame: Frame) -> list[tuple[str, str, int, int]]:
    """For each sector and landing the corridor on the shortest way between them; the middle if they are next to it."""
    at = {str(row["name"]): frame.at(float(row["lon"]), float(row["lat"])) for row in places.to_dict("records")}
    ends = {kind: [str(n) for n in places.loc[places["kind"] == kind, "name"]] for kind in ON_THE_MAP}
    km = legs.set_index(["start", "end"])["distance_km"].to_dict()
    found = []
    for sector in ends["sector"]:
        for landing in ends["landing"]:
            through = {
                km[sector, way] + km[way, landing]: way
                for way in ends["corridor"]
                if (sector, way) in km and (way, landing) in km
            }
            if through:
                found.append((sector, landing, *at[through[min(through)]]))
            elif (sector, landing) in km:
                (x0, y0), (x1, y1) = at[sector], at[landing]
                found.append((sector, landing, (x0 + x1) // 2, (y0 + y1) // 2))
    return found


def clipped(ring: Sequence[Point], box: Extent) -> list[Point]:
    """The part of a ring inside a box of (west, east, south, north), by Sutherland and Hodgman's four cuts.

    >>> clipped([(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)], (1.0, 9.0, -9.0, 1.0))
    [(1.0, 1.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0)]
    """
    west, east, south, north = box
    points = list(ring)
    for axis, edge, sign in ((0, west, 1.0), (0, east, -1.0), (1, south, 1.0), (1, north, -1.0)):
        points = _cut(points, axis, edge, sign)
    return points


def _cut(points: Sequence[Point], axis: int, edge: float, sign: float) -> list[Point]:
    """What lies on one side of an edge, with the crossings."""
    kept: list[Point] = []
    for before, here in zip([*points[-1:], *points[:-1]], points, strict=True):
        was, now = (sign * (p[axis] - edge) >= 0 for p in (before, here))
        if was != now:
            share = (edge - before[axis]) / (here[axis] - before[axis])
            crossing = [before[i] + share * (here[i] - before[i]) for i in (0, 1)]
            crossing[axis] = edge
            kept.append((crossing[0], crossing[1]))
        if now:
            kept.append(here)
    return kept
