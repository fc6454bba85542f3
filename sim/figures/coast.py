"""A base map: the real coast, a scale bar, curved arrows and labels that keep out of each other's way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from math import cos, hypot, radians
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.patches import Polygon as Shape
from matplotlib.path import Path as Curve
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.figures.style import QUIET

Points = npt.NDArray[np.float64]
Extent = tuple[float, float, float, float]
SEA, LAND, SHORE = "#E4EDF2", "#F4EEE2", "#8C8573"
ATTRIBUTION = "Made with Natural Earth (public domain)."
KM_PER_DEGREE = 111.2
COUNTRIES = {"ENGLAND": (0.62, 51.22), "FRANCE": (2.62, 50.16), "BELGIUM": (2.93, 50.93)}
WATERS = {"English Channel": (0.62, 50.36)}


@lru_cache(maxsize=1)
def coastline() -> tuple[Points, ...]:
    """The land's outlines: arrays of (longitude, latitude)."""
    document = json.loads((files("sim") / "data" / "channel_coastline.geojson").read_text())
    return tuple(np.array(ring) for feature in document["features"] for ring in _rings(feature["geometry"]))


def _rings(geometry: dict[str, Any]) -> Iterator[Any]:
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return (ring for part in parts for ring in part)


def draw_coast(axes: Axes, extent: Extent) -> None:
    """Land and sea within (west, east, south, north), with degrees at the edges and true proportions."""
    west, east, south, north = extent
    axes.set_facecolor(SEA)
    for outline in coastline():
        axes.add_patch(Shape(outline, closed=True, facecolor=LAND, edgecolor=SHORE, lw=0.8, zorder=0.5))
    axes.set(xlim=(west, east), ylim=(south, north), aspect=1 / cos(radians((south + north) / 2)))
    axes.grid(visible=False)
    axes.spines[:].set_visible(True)
    for axis, side in ((axes.xaxis, "E"), (axes.yaxis, "N")):
        axis.set_major_locator(MultipleLocator(0.5))
        axis.set_major_formatter(FuncFormatter(lambda value, _, side=side: f"{value:.1f}° {side}"))
    axes.set(xlabel="Longitude (degrees east)", ylabel="Latitude (degrees north)")
    axes.tick_params(labelsize=8)
    _names(axes, extent)


def _names(axes: Axes, extent: Extent) -> None:
    west, east, south, north = extent
    for names, colour, size in ((COUNTRIES, "#A79F8A", 13), (WATERS, "#7F9DB0", 10)):
        for name, (lon, lat) in names.items():
            if west < lon < east and south < lat < north:
                axes.text(lon, lat, name, size=size, color=colour, style="italic", ha="center", va="center", zorder=0.7)


def scale_bar(axes: Axes, lon: float, lat: float, km: float) -> None:
    """A bar of so many kilometres, beginning at a place."""
    end = lon + km / (KM_PER_DEGREE * cos(radians(lat)))
    axes.plot([lon, end], [lat, lat], color="#333333", lw=2.6, solid_capstyle="butt", zorder=6)
    axes.annotate(f"{km:.0f} km", ((lon + end) / 2, lat), (0, 4), textcoords="offset points", ha="center", size=8.5)


def arrow(axes: Axes, points: Sequence[tuple[float, float]], width: float, colour: str, gap_km: float = 3.5) -> None:
    """A curved arrow from the first point to the last, drawn towards the middle one; it stops short of its end."""
    vertices = _shortened(np.array(points), gap_km)
    patch = FancyArrowPatch(
        path=Curve(vertices, [Curve.MOVETO, Curve.CURVE3, Curve.CURVE3]),
        arrowstyle="-|>", mutation_scale=5 + 1.05 * width, lw=width, color=colour, alpha=0.72, zorder=2.5,
        joinstyle="miter", capstyle="butt", shrinkA=0, shrinkB=0,
        path_effects=[withStroke(linewidth=width + 1.2, foreground="white", alpha=0.7)],
    )  # fmt: skip
    axes.add_patch(patch)


def _shortened(points: Points, gap_km: float) -> Points:
    """The quadratic curve of three points, cut `gap_km` before its end."""
    start, middle, end = points
    shares = np.linspace(0, 1, 201)[:, None]
    line = (1 - shares) ** 2 * start + 2 * shares * (1 - shares) * middle + shares**2 * end
    left = [hypot((x - end[0]) * 0.63, y - end[1]) * KM_PER_DEGREE for x, y in line]
    cut = float(shares[max(np.flatnonzero(np.array(left) > gap_km), default=200), 0])
    joint = (1 - cut) * start + cut * middle
    far = (1 - cut) * middle + cut * end
    return np.array([start, joint, (1 - cut) * joint + cut * far])


def bend(start: tuple[float, float], end: tuple[float, float], away: tuple[float, float]) -> tuple[float, float]:
    """A point beside the middle of two, on the side away from a third."""
    (x0, y0), (x1, y1) = start, end
    middle, side = ((x0 + x1) / 2, (y0 + y1) / 2), (0.5 * (y0 - y1), 0.2 * (x1 - x0))
    outward = (middle[0] - away[0]) * side[0] + (middle[1] - away[1]) * side[1]
    turn = 0.55 if outward > 0 else -0.55
    return middle[0] + turn * side[0], middle[1] + turn * side[1]


class Sign(NamedTuple):
    """Words that belong to a place."""

    lon: float
    lat: float
    text: str
    size: float = 8.5
    weight: str = "normal"
    colour: str = "#222222"


Box = tuple[float, float, float, float]
Busy = tuple[float, float, float]


def place_signs(axes: Axes, signs: Sequence[Sign], busy: Sequence[Busy], inches: float) -> None:
    """Write each sign at the spot around its place that covers least; `inches` is the width of the axes on the page.

    `busy` are points that had better stay visible, each with what it costs to cover it.
    """
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    wide = (east - west) / inches / 72
    tall = wide * cos(radians((south + north) / 2))
    names = [Sign(*at, name, 13) for name, at in {**COUNTRIES, **WATERS}.items()]
    taken = [_spot(name, 0, 0, wide, tall) for name in names]
    points = [*busy, *((sign.lon, sign.lat, 3.0) for sign in signs)]
    for sign in signs:
        spots = [_spot(sign, dx, dy, wide, tall) for dx, dy in _around()]
        far = [0.1 * i + 1.2 * (i // 8) ** 1.5 for i in range(len(spots))]
        costs = [_cost(box, taken, points, (west, south, east, north)) + f for box, f in zip(spots, far, strict=True)]
        box = spots[int(np.argmin(costs))]
        taken.append(box)
        _write(axes, sign, box)


def _around() -> list[tuple[float, float]]:
    """Offsets to try (points): the eight sides, near ones first."""
    sides = [(1, 0), (1, -0.7), (1, 0.7), (-1, 0), (-1, -0.7), (-1, 0.7), (0, -1), (0, 1)]
    return [(x * reach, y * reach) for reach in (9, 16, 24, 34, 48) for x, y in sides]


def _spot(sign: Sign, dx: float, dy: float, wide: float, tall: float) -> Box:
    lines = sign.text.split("\n")
    width = max(len(line) for line in lines) * sign.size * (0.68 if sign.weight == "bold" else 0.60) * wide
    height = len(lines) * sign.size * 1.25 * tall
    x, y = sign.lon + dx * wide, sign.lat + dy * tall
    left = x if dx > 0 else x - width if dx < 0 else x - width / 2
    bottom = y - height / 2 if abs(dy) <= abs(dx) else y if dy > 0 else y - height
    return left, bottom, left + width, bottom + height


def _cost(box: Box, taken: Sequence[Box], points: Sequence[Busy], frame: Box) -> float:
    left, bottom, right, top = box
    over = sum(20 for b in taken if left < b[2] and b[0] < right and bottom < b[3] and b[1] < top)
    hidden = sum(cost for x, y, cost in points if left <= x <= right and bottom <= y <= top)
    outside = 100 * (left < frame[0] or bottom < frame[1] or right > frame[2] or top > frame[3])
    return over + hidden + outside


def _write(axes: Axes, sign: Sign, box: Box) -> None:
    left, bottom, right, top = box
    near = min(max(sign.lon, left), right), min(max(sign.lat, bottom), top)
    if hypot((near[0] - sign.lon) * 0.63, near[1] - sign.lat) * KM_PER_DEGREE > 7:
        axes.plot([sign.lon, near[0]], [sign.lat, near[1]], color=QUIET, lw=0.6, zorder=5)
    side = "left" if left >= sign.lon else "right" if right <= sign.lon else "center"
    x = {"left": left, "right": right, "center": (left + right) / 2}[side]
    axes.text(
        x, (bottom + top) / 2, sign.text, size=sign.size, weight=sign.weight, color=sign.colour, ha=side, va="center",
        zorder=7, linespacing=1.15, path_effects=[withStroke(linewidth=2.4, foreground="white", alpha=0.85)],
    )  # fmt: skip
