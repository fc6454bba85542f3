"""The charts of the sweep explorer as Vega-Lite specifications; the page's script fills in data, axes and colours."""

from __future__ import annotations

from typing import Any

import altair as alt

HEIGHT, LOW = 360, 88  # of the scatters, of a setting's bars; pixels
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
FAINT, STRONG = 0.22, 0.85
CHOSEN = "mask === null || mask[datum.i] === 1"
POINTS, AIMS, BARS, ROWS = (alt.NamedData(name) for name in ("points", "aims", "bars", "rows"))


def charts() -> dict[str, dict[str, Any]]:
    """Templates by name. Points have `u`, `v`, `low`, `high`, `c` (colour), `g` (line) and `i`, their number.

    `mask` is a signal: an array with 1 at the number of each selected point, or null where all are. No field is called
    x or y: the signals of a brush over such a field would have the names of those of its pixels.
    """
    return {"scatter": _scatter(), "bins": _bins(), "levels": _levels(), "intervals": _intervals()}


def _scatter() -> dict[str, Any]:
    brush = alt.selection_interval(name="brush", encodings=["x", "y"])
    mask = alt.param(name="mask", value=None)
    place = {"x": alt.X("u:Q"), "y": alt.Y("v:Q").scale(zero=False)}
    colour = alt.Color("c:N").title(None)
    chosen: Any = alt.condition(CHOSEN, alt.value(STRONG), alt.value(FAINT))
    points = alt.Chart(POINTS)
    aims = alt.Chart(AIMS).mark_rule(strokeDash=[6, 4], strokeWidth=1.5)
    layers = [
        aims.encode(y="v:Q"),
        aims.encode(x="u:Q"),
        points.transform_filter("datum.g !== null")
        .mark_line(strokeWidth=1.2, opacity=0.4)
        .encode(**place, color=colour, detail="g:N", order="o:Q"),
        points.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.2)
        .encode(x="u:Q", y="low:Q", y2="high:Q", color=colour, opacity=_half(chosen)),
        points.mark_point(filled=True, size=46, tooltip=alt.TooltipContent("data"))
        .encode(**place, color=colour, shape=alt.Shape("c:N").scale(range=SHAPES).title(None), opacity=chosen)
        .add_params(brush),
    ]
    return _whole(alt.layer(*layers).add_params(mask).properties(width="container", height=HEIGHT))


def _half(chosen: Any) -> Any:
    """Intervals are paler than the points they belong to."""
    return alt.condition(CHOSEN, alt.value(STRONG / 2), alt.value(FAINT))


def _bins() -> dict[str, Any]:
    """Bars between the edges `k` and `k2`: all points pale, the selected ones strong."""
    brush = alt.selection_interval(name="brush", encodings=["x"])
    bars = alt.Chart(BARS).mark_bar(binSpacing=1, orient="vertical")
    place = {"x": alt.X("k:Q").title(None).scale(nice=False).axis(grid=False, tickCount=4), "x2": "k2:Q"}
    layers = [bars.encode(**place, y=_count("all")), bars.encode(**place, y=_count("chosen")).add_params(brush)]
    return _whole(alt.layer(*layers).properties(width="container", height=LOW))


def _levels() -> dict[str, Any]:
    """A bar for each value `k`."""
    brush = alt.selection_interval(name="brush", encodings=["x"])
    bars = alt.Chart(BARS).mark_bar()
    place = alt.X("k:N").title(None).sort(None).axis(labelAngle=0, labelOverlap=True, labelLimit=90)
    layers = [bars.encode(x=place, y=_count("all")), bars.encode(x=place, y=_count("chosen")).add_params(brush)]
    return _whole(alt.layer(*layers).properties(width="container", height=LOW))


def _count(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q").title(None).axis(grid=False, tickCount=2)


def _intervals() -> dict[str, Any]:
    """A row for each policy: its value with its interval, pale if it is not selected; the script sets the height."""
    rows = alt.Chart(ROWS)
    place = alt.Y("k:N").title(None).sort(None).axis(grid=False, ticks=False)
    chosen: Any = alt.condition("datum.chosen", alt.value(1), alt.value(0.2))
    colour = alt.Color("c:N").title(None)
    layers = [
        alt.Chart(AIMS).mark_rule(strokeDash=[6, 4]).encode(x="u:Q"),
        rows.mark_rule(strokeWidth=2.5).encode(x="low:Q", x2="high:Q", y=place, color=colour, opacity=chosen),
        rows.mark_point(filled=True, size=70, tooltip=alt.TooltipContent("data")).encode(
            x=alt.X("u:Q").scale(zero=True), y=place, color=colour, opacity=chosen,
            shape=alt.Shape("c:N").scale(range=SHAPES).title(None),
        ),
    ]  # fmt: skip
    return _whole(alt.layer(*layers).properties(width="container", height=HEIGHT))


def _whole(chart: alt.LayerChart | alt.FacetChart) -> dict[str, Any]:
    """The specification; charts are as wide as their place on the page."""
    spec: dict[str, Any] = chart.configure_view(stroke=None).to_dict()
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["usermeta"] = {"embedOptions": {"renderer": "canvas"}}
    return spec
