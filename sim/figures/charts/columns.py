"""Tables for a page as columns: far smaller than rows of objects, and turned into those by `static/charts.js`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.domain.randomness import Floats

DIGITS = 4
NUMBER = "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',~g') + ' m' : format(datum.value, ',~g')"
"""The labels of an axis in Vega's own language: thousands with commas, millions as such."""
READ = ",.4~r"
"""Numbers for the pointer: four digits, thousands with commas, no powers of ten."""
FIT = {"type": "fit-x", "contains": "padding"}
"""As wide as the page lets it be, labels included."""


def coded(labels: Sequence[str]) -> dict[str, Any]:
    """A column of few different texts: the texts once, and for each row which of them.

    >>> coded(["b", "a", "b"])
    {'names': ['b', 'a'], 'codes': [0, 1, 0]}
    """
    names = list(dict.fromkeys(labels))
    place = {name: i for i, name in enumerate(names)}
    return {"names": names, "codes": [place[label] for label in labels]}


def rounded(values: Floats | Iterable[float], digits: int = DIGITS) -> list[float | int | None]:
    """Numbers to so many significant digits, whole ones as integers, missing ones as None.

    >>> rounded([1234.56, 0.0123456, 3.0, float("nan"), -0.0])
    [1235, 0.01235, 3, None, 0]
    """
    return [_short(value, digits) for value in np.asarray(values, dtype=float).tolist()]


def _short(value: float, digits: int) -> float | int | None:
    if not np.isfinite(value):
        return None
    near = float(f"{value:.{digits}g}")
    return int(near) if near == int(near) else near


def chart(drawn: Any, rows: dict[str, Any]) -> dict[str, Any]:
    """An Altair chart over the data set `rows` as the page takes it: its specification, and the rows as columns.

    Raises:
        jsonschema.ValidationError: it is no valid Vega-Lite.
    """
    spec: dict[str, Any] = drawn.to_dict()
    spec.pop("config", None)  # the page has its own, one for light and one for dark
    return spec | {"columns": rows}
