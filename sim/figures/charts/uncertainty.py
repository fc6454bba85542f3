"""How sure an effect is: chance alone beside settings that fit the data, what the data narrow, and one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from sim.figures.charts.columns import READ
from sim.figures.style import OKABE_ITO

Rows = Sequence[dict[str, Any]]
ENDS = {"low end of the range": OKABE_ITO[5], "high end of the range": OKABE_ITO[1]}
RANGE_COLOUR, POSTERIOR_COLOUR, USED_COLOUR = "#8f8f98", OKABE_ITO[0], OKABE_ITO[1]
STEP, TALL_STEP = 32, 42  # pixels a row, with its words above it
LANE = 5  # pixels from the middle of a row to that of a bar


def spreads(rows: Rows, metrics: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Chance alone and settings that fit the data, as bars one above the other, for the metric that is chosen.

    Rows have `label`, `metric`, `colour`, `middle`, the ends `low` and `high` of the thin bar, `half_low` and
    `half_high` of the thick one (None if there is none), and `about`, what the bars mean. `metrics` are pairs of a name
    and the words on the axis. Returns a specification with the parameter `metric`.
    """
    metric = alt.param("metric", value=metrics[0][0])
    words = alt.param("words", value=dict(metrics))
    base = alt.Chart(alt.InlineData(list(rows))).transform_filter("datum.metric == metric")
    order = list(dict.fromkeys(row["label"] for row in rows))
    y = _lines(order)
    colour = alt.Color("colour:N", scale=None)
    told = tips(
        {"label": " ", "about": "shown"},
        {"middle": "middle", "low": "from", "high": "to", "half_low": "middle half from", "half_high": "to "},
    )
    x = alt.X("low:Q", title=None, axis=_axis())
    thin = base.mark_rule(strokeWidth=3).encode(x, alt.X2("high:Q"), y, colour, tooltip=told)
    thick = base.mark_bar(height=13).encode(alt.X("half_low:Q"), alt.X2("half_high:Q"), y, colour, tooltip=told)
    middle = base.mark_point(filled=True, size=95, shape="diamond", opacity=1, stroke="white", strokeWidth=1).encode(
        alt.X("middle:Q"), y, colour, tooltip=told
    )
    title = alt.TitleParams(text=alt.expr("words[metric]"), anchor="start", fontWeight="normal", offset=14)
    layers = alt.layer(_rule(0.0), thin, thick, middle, _named(base, y, ["label"], 17)).add_params(metric, words)
    return _finished(layers, TALL_STEP * sum(row["metric"] == metrics[0][0] for row in rows), title=title)


def narrowed(rows: Rows) -> dict[str, Any]:
    """Each calibrated setting on its plausible range: what the data leave likely, and the value in use.

    Rows have `label`, `setting`, `unit`, `guess` (as words), `low`, `high`, `q05`, `q25`, `median`, `q75`, `q95`,
    `used` (None if there is none), `narrowed` (in words), and under `at_…` the place of each on the range (0 to 1).
    """
    base = alt.Chart(alt.InlineData(list(rows)))
    y = _lines([row["label"] for row in rows])
    told = tips(
        {"label": " ", "setting": "setting", "unit": "unit", "guess": "value in use is", "narrowed": "narrowed by"},
        {
            "low": "plausible from", "high": "to", "median": "posterior median", "q05": "9 in 10 draws from",
            "q95": "to ", "q25": "middle half from", "q75": "to  ", "used": "value in this run",
        },
    )  # fmt: skip
    place = "datum.value ? 'high' : 'low'"
    axis = alt.Axis(values=[0, 1], labelExpr=place, grid=False, title="end of the plausible range", labelFlush=True)
    ends = base.transform_calculate(zero="0", one="1")
    whole = ends.mark_bar(height=10, opacity=0.28, color=RANGE_COLOUR).encode(
        alt.X("zero:Q", axis=axis, scale=alt.Scale(domain=[-0.04, 1.04], nice=False)), alt.X2("one:Q"), y, tooltip=told
    )
    likely = base.mark_rule(strokeWidth=3, color=POSTERIOR_COLOUR).encode(
        alt.X("at_q05:Q"), alt.X2("at_q95:Q"), y, tooltip=told
    )
    half = base.mark_bar(height=10, color=POSTERIOR_COLOUR).encode(
        alt.X("at_q25:Q"), alt.X2("at_q75:Q"), y, tooltip=told
    )
    middle = base.mark_tick(thickness=2, size=10, color="white").encode(alt.X("at_median:Q"), y, tooltip=told)
    used = base.transform_filter("datum.at_used !== null").mark_point(
        filled=True, shape="diamond", size=90, color=USED_COLOUR, stroke="white", strokeWidth=1, opacity=1
    ).encode(alt.X("at_used:Q"), y, tooltip=told)  # fmt: skip
    layers = alt.layer(whole, likely, half, middle, used, _named(base, y, ["label", "mark"], 15))
    return _finished(layers, STEP * len(rows))


def one_at_a_time(rows: Rows, axis: str, start: float = 0.0) -> dict[str, Any]:
    """How far a metric moves when a setting takes either end of its plausible range, all else as in the scenario.

    Bars begin at `start`, what the metric is with every setting as it is: zero for differences from the scenario.

    Rows have `label`, `mark`, `setting`, `unit`, `end`, `value`, `base_value`, `guess` (as words), `difference` and its
    interval `low` to `high`; the widest swing first. `axis` says what is measured, with its unit.
    """
    base = alt.Chart(alt.InlineData(list(rows)))
    order = list(dict.fromkeys(row["label"] for row in rows))
    y = _lines(order)
    colour = alt.Color("end:N", scale=alt.Scale(domain=list(ENDS), range=list(ENDS.values())), title=None,
                       legend=alt.Legend(orient="top", columns=2))  # fmt: skip
    told = tips(
        {"label": " ", "setting": "setting", "unit": "unit", "guess": "value in use is", "end": "taken at the"},
        {
            "value": "its value there", "base_value": "in the scenario", "difference": "difference",
            "low": "95 % interval from", "high": "to",
        },
    )  # fmt: skip
    x = alt.X("difference:Q", title=axis, axis=_axis())
    marks = []
    for end, lane in zip(ENDS, (-LANE, LANE), strict=True):  # side by side: both may point the same way
        mine = base.transform_filter(alt.FieldEqualPredicate(field="end", equal=end))
        bar = mine.mark_bar(height=2 * LANE - 1, yOffset=lane)
        marks.append(bar.encode(x, y, colour, x2=alt.X2Datum(start), tooltip=told))
        spread = mine.mark_rule(strokeWidth=1.5, yOffset=lane)
        marks.append(spread.encode(alt.X("low:Q"), alt.X2("high:Q"), y, tooltip=told))
    here = [_rule(start, strokeDash=[4, 3])] if start else []
    layers = alt.layer(_rule(0.0), *here, *marks, _named(base, y, ["label", "mark"], 20))
    return _finished(layers, (TALL_STEP + 4) * len(order))


def tips(words: Mapping[str, str], numbers: Mapping[str, str]) -> list[alt.Tooltip]:
    """What is told where the pointer is: fields and the words before them."""
    return [
        *(alt.Tooltip(f"{field}:N", title=title) for field, title in words.items()),
        *(alt.Tooltip(f"{field}:Q", title=title, format=READ) for field, title in numbers.items()),
    ]


def _axis() -> alt.Axis:
    """Thousands in full, millions as such."""
    words = "abs(datum.value) < 1e6 ? format(datum.value, ',') : format(datum.value, '~s')"
    return alt.Axis(labelExpr=words, tickCount=6, labelOverlap=True)


def _lines(order: Sequence[str]) -> alt.Y:
    """A row for each label, which is written above its marks: beside them there is no room on a narrow screen."""
    return alt.Y("label:N", sort=list(order), title=None, axis=None)


def _rule(at: float, **look: Any) -> Any:
    return alt.Chart(alt.InlineData([{"at": at}])).mark_rule(strokeWidth=1, **look).encode(alt.X("at:Q"))


def _named(base: Any, y: alt.Y, parts: Sequence[str], above: int) -> Any:
    """The words of each row at the left edge, above its marks; words that are longer than the chart would shrink it."""
    told = " + ".join(f"datum.{part}" for part in parts)
    words = base.transform_calculate(told=told).transform_aggregate(groupby=["label", "told"])
    text = words.mark_text(align="left", baseline="middle", dy=-above, fontSize=12, limit=alt.ExprRef("width"))
    return text.encode(alt.Text("told:N"), y, x=alt.value(0))


def _finished(layers: Any, height: int, **more: Any) -> dict[str, Any]:
    spec: dict[str, Any] = layers.properties(width="container", height=height, **more).to_dict()
    return spec
