"""Outcomes week by week, in a chart whose outcome, view, scenario and band a reader chooses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from sim.figures.charts.columns import FIT, NUMBER, chart
from sim.figures.charts.over_time_rows import LEVEL, OUTCOMES, VIEWS, weekly_rows
from sim.figures.run import Results, Shown, scenarios

EVERYONE = "everyone"
BANDS = {
    "interval": ("Mean and its 95 % interval", "mean", "low", "high"),
    "half": ("Median and the middle 50 % of replications", "median", "q25", "q75"),
    "most": ("Median and the middle 90 % of replications", "median", "q05", "q95"),
    "none": ("Mean alone", "mean", "mean", "mean"),
}
HEIGHT = 330


def over_time(results: Results) -> dict[str, Any] | None:
    """What happens week by week in each scenario, and how far does the policy move it?

    Returns a specification with parameters `outcome`, `view`, `who` and `band`, and under `choices` what each may be:
    pairs of a value and its words, outcomes with the part of the model they belong to in front. None if no week is
    whole.
    """
    cast = scenarios(results)
    rows = weekly_rows(results, cast)
    if not rows["week"]["codes"]:
        return None
    there = set(rows["what"]["names"])
    outcomes = [outcome for outcome in OUTCOMES if outcome.column in there]
    views = {view: words for view, words in VIEWS.items() if view in rows["view"]["names"]}
    spec = chart(_layers(cast), rows)
    spec["choices"] = {
        "outcome": [(outcome.part, outcome.column, outcome.words) for outcome in outcomes],
        "view": list(views.items()),
        "who": [(EVERYONE, "All scenarios"), *((shown.label, shown.label) for shown in cast)] if len(cast) > 1 else [],
        "band": [(name, words[0]) for name, words in BANDS.items()],
    }
    return spec


def _layers(cast: Sequence[Shown]) -> alt.LayerChart | alt.FacetChart:
    """Bands, lines, the exchange's term, and a rule that tells every scenario's numbers where the pointer is."""
    outcome, view = alt.param("outcome", value=OUTCOMES[0].column), alt.param("view", value=next(iter(VIEWS)))
    who, band = alt.param("who", value=EVERYONE), alt.param("band", value=next(iter(BANDS)))
    words = alt.param("words", value={o.column: f"{o.words} ({o.unit})" for o in OUTCOMES})
    base = next((shown.label for shown in cast if shown.baseline), "")
    whom = f"who == '{EVERYONE}' || datum.who == who || (view != '{LEVEL}' && who == baseline)"
    chosen = alt.Chart(alt.NamedData("rows")).transform_filter(
        f"datum.what == outcome && datum.view == view && ({whom})"  # the baseline has no difference to itself
    )
    bounds = {
        name: f"datum[{ {key: about[i] for key, about in BANDS.items()} }[band]]"  # a look-up in Vega's own language
        for i, name in ((1, "middle"), (2, "lower"), (3, "upper"))
    }
    chosen = chosen.transform_calculate(**bounds)
    x = alt.X(
        "week:T",
        title=None,
        axis=alt.Axis(format="%b %Y", labelOverlap=True, tickCount={"interval": "month", "step": 3}, grid=False),
    )
    colour = alt.Color(
        "who:N", title=None, sort=[s.label for s in cast],
        scale=alt.Scale(domain=[s.label for s in cast], range=[s.colour for s in cast]),
        legend=alt.Legend(
            orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1, labelLimit=260, columns=3
        ),
    )  # fmt: skip
    dash = alt.StrokeDash(
        "who:N",
        title=None,
        sort=[s.label for s in cast],
        scale=alt.Scale(domain=[s.label for s in cast], range=[_dash(s) for s in cast]),
    )
    y = alt.Y("middle:Q", title=None, axis=alt.Axis(tickCount=5, labelExpr=NUMBER))
    area = chosen.mark_area(opacity=0.2).encode(x, alt.Y("lower:Q", title=None), alt.Y2("upper:Q"), colour)
    line = chosen.mark_line(strokeWidth=2, clip=True).encode(x, y, colour, dash)
    layers = alt.layer(*_terms(cast), area, line, *_pointer(chosen, x, y, colour))
    title = alt.TitleParams(text=alt.expr("words[outcome]"), anchor="start", fontWeight="normal")
    return layers.add_params(outcome, view, who, band, words, alt.param("baseline", value=base)).properties(
        width="container", height=HEIGHT, title=title, autosize=FIT
    )


def _dash(shown: Shown) -> list[float]:
    """The line style of the printed figures."""
    return [] if shown.pen.line == "-" else [float(length) for length in shown.pen.line[1]]


def _pointer(chosen: alt.Chart, x: alt.X, y: alt.Y, colour: alt.Color) -> list[alt.Chart]:
    """Dots on the lines at the week nearest to the pointer, with the numbers as a tooltip."""
    near = alt.selection_point(
        name="near", fields=["week"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    numbers = [
        alt.Tooltip("who:N", title="scenario"), alt.Tooltip("week:T", title="week of", format="%-d %b %Y"),
        alt.Tooltip("mean:Q", format=",.4~g"), alt.Tooltip("low:Q", title="95 % interval from", format=",.4~g"),
        alt.Tooltip("high:Q", title="to", format=",.4~g"), alt.Tooltip("median:Q", format=",.4~g"),
        alt.Tooltip("q05:Q", title="9 in 10 runs from", format=",.4~g"),
        alt.Tooltip("q95:Q", title="to ", format=",.4~g"),
    ]  # fmt: skip
    seen = alt.condition(near, alt.value(1), alt.value(0))
    dots = chosen.mark_circle(size=70).encode(x, y, colour, opacity=seen, tooltip=numbers).add_params(near)
    rule = chosen.mark_rule(strokeWidth=0.8).encode(x, opacity=seen)
    return [rule, dots]


def _terms(cast: Sequence[Shown]) -> list[alt.Chart]:
    """When the measured window begins, and when the exchange is announced, as upright lines with words."""
    marks = {cast[0].measure_from: "measured from here"}
    for shown in cast:
        if shown.exchange and shown.exchange.get("announced"):
            marks[pd.Timestamp(shown.exchange["announced"])] = "announced"
    rows = [{"when": when.strftime("%Y-%m-%d"), "words": words} for when, words in marks.items()]
    base = alt.Chart(alt.InlineData(rows)).encode(alt.X("when:T"))
    return [
        base.mark_rule(strokeDash=[2, 2], strokeWidth=0.9),
        base.mark_text(align="right", baseline="bottom", angle=270, dy=-3, dx=-2, fontSize=11).encode(
            text="words:N", y=alt.value(0)
        ),
    ]
