"""Outcomes week by week, in a chart whose outcome, view, scenario and band a reader chooses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt

from sim.figures.charts.columns import FIT, NUMBER, READ, chart
from sim.figures.charts.over_time_rows import DIFFERENCE, LEVEL, OUTCOMES, RUNNING, VIEWS, weekly_rows
from sim.figures.run import Results, Shown, scenarios

EVERYONE = "everyone"
BANDS = {
    "interval": ("Mean and its 95 % interval", "mean", "low", "high"),
    "half": ("Median and the middle 50 % of replications", "median", "q25", "q75"),
    "most": ("Median and the middle 90 % of replications", "median", "q05", "q95"),
    "none": ("Mean alone", "mean", "mean", "mean"),
}
HEIGHT = 330
FEW = 2  # scenarios: with more, a tooltip has no room for bands


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
        "band": _bands(len(cast)),
    }
    return spec


def _bands(scenarios: int) -> list[tuple[str, str]]:
    """The bands to choose from; bands of many scenarios hide each other, so that none comes first then."""
    bands = [(name, words[0]) for name, words in BANDS.items()]
    return bands if scenarios <= FEW else [bands[-1], *bands[:-1]]


def _layers(cast: Sequence[Shown]) -> alt.LayerChart | alt.FacetChart:
    """Bands, lines, the exchange's term, and a rule that tells every scenario's numbers where the pointer is."""
    outcome, view = alt.param("outcome", value=OUTCOMES[0].column), alt.param("view", value=next(iter(VIEWS)))
    who, band = alt.param("who", value=EVERYONE), alt.param("band", value=next(iter(BANDS)))
    words = alt.param("words", value=_titles())
    whom = f"who == '{EVERYONE}' || datum.who == who"
    chosen = alt.Chart(alt.NamedData("rows")).transform_filter(
        f"datum.what == outcome && datum.view == view && ({whom})"
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
            orient="top", symbolType="stroke", symbolStrokeWidth=3, symbolOpacity=1, labelLimit=260, columns=3,
            values=alt.ExprRef(_named(cast)),
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
    layers = alt.layer(*_terms(cast), area, line, *_pointer(chosen, cast, x, y, colour))
    title = alt.TitleParams(text=alt.expr("words[view][outcome]"), anchor="start", fontWeight="normal")
    return layers.add_params(outcome, view, who, band, words).properties(
        width="container",
        height=HEIGHT,
        title=title,
        autosize=FIT | {"resize": True},  # a choice may need wider labels
    )


def _titles() -> dict[str, dict[str, str]]:
    """What the chart shows, by view and outcome: a running total is no longer a number a week."""
    levels = {o.column: f"{o.words} ({o.unit})" for o in OUTCOMES}
    added = {o.column: f"{o.words}: difference added up ({o.unit.removesuffix(' a week')})" for o in OUTCOMES}
    changes = {name: title.replace(" (", ": difference (", 1) for name, title in levels.items()}
    return {LEVEL: levels, DIFFERENCE: changes, RUNNING: added}


def _named(cast: Sequence[Shown]) -> str:
    """Whom the legend names, as an expression: a baseline has no difference to itself."""
    everyone = json.dumps([shown.label for shown in cast])
    policies = json.dumps([shown.label for shown in cast if not shown.baseline])
    return f"view == '{LEVEL}' ? {everyone} : {policies}"


def _dash(shown: Shown) -> list[float]:
    """The line style of the printed figures."""
    return [] if shown.pen.line == "-" else [float(length) for length in shown.pen.line[1]]


def _pointer(chosen: alt.Chart, cast: Sequence[Shown], x: alt.X, y: alt.Y, colour: alt.Color) -> list[alt.Chart]:
    """A rule at the week nearest to the pointer with every scenario's numbers as a tooltip, and dots on the lines.

    The numbers are turned into a row a week, so that one tooltip holds all scenarios; their columns have names of our
    own, since a scenario's name may hold signs that mean something in the name of a field.
    """
    near = alt.selection_point(
        name="near", fields=["week"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    seen = alt.condition(near, alt.value(1), alt.value(0))
    numbers = [alt.Tooltip("week:T", title="week of", format="%-d %b %Y")]
    for i, shown in enumerate(cast):
        parts = (
            {"middle": shown.label, "lower": "band from", "upper": "to"}
            if len(cast) <= FEW
            else {"middle": shown.label}
        )
        numbers += [
            alt.Tooltip(f"s{i}_{part}:Q", title=f"{words}{' ' * i}", format=READ) for part, words in parts.items()
        ]
    by_week = chosen.transform_fold(["middle", "lower", "upper"], as_=["part", "number"]).transform_calculate(
        column="'s' + datum.place + '_' + datum.part"
    )
    by_week = by_week.transform_pivot("column", value="number", groupby=["week"], op="max")
    rule = by_week.mark_rule(strokeWidth=0.8).encode(x, opacity=seen, tooltip=numbers).add_params(near)
    return [rule, chosen.mark_circle(size=70).encode(x, y, colour, opacity=seen)]


def _terms(cast: Sequence[Shown]) -> list[alt.Chart]:
    """When the exchange is announced, and when the measured window begins, as upright lines with words beside them."""
    first = cast[0]
    told = [shown.exchange["announced"] for shown in cast if shown.exchange and shown.exchange.get("announced")]
    marks = [(when, "announced", -1) for when in dict.fromkeys(map(str, told))]
    window = first.measure_from.strftime("%Y-%m-%d")
    marks.append((window, "measured from here", 1))
    layers: list[alt.Chart] = []
    for when, words, side in marks:
        base = alt.Chart(alt.InlineData([{"when": when, "words": words}]))
        # That view begins with the window: its lines are hidden there, where they do not draw the axis out.
        base = base.transform_calculate(when=f"toDate(view == '{RUNNING}' ? '{window}' : datum.when)")
        base = base.encode(alt.X("when:T"))
        seen = alt.ExprRef(f"view == '{RUNNING}' ? 0 : 1")
        layers.append(base.mark_rule(strokeDash=[2, 2], strokeWidth=0.9, opacity=seen))
        align: Any = "left" if side > 0 else "right"
        mark = base.mark_text(align=align, baseline="top", dx=4 * side, dy=3, fontSize=11, opacity=seen)
        layers.append(mark.encode(text="words:N", y=alt.value(0)))
    return layers
