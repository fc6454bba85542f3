"""Paired differences, replication by replication: what an interval is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from sim.figures.charts.columns import FIT, NUMBER, READ, chart, coded, rounded
from sim.figures.run import Results, Shown, baseline_name, has, scenarios

ROW = 46  # pixels a scenario


def pairs(results: Results, metrics: Mapping[str, str]) -> dict[str, Any] | None:
    """By how much does each replication differ from its baseline, and how sure is the mean?

    `metrics` are names with their words. Returns a specification with the parameter `metric`, and under `choices` those
    for which there are differences. None without a baseline.
    """
    if not has(results, "effects"):
        return None
    cast = [shown for shown in scenarios(results) if not shown.baseline]
    effects = results.table("effects").dropna(subset=["difference"])
    there = {name: words for name, words in metrics.items() if name in set(effects["metric"])}
    rows = _rows(results, cast, effects, there)
    spec = chart(_layers(cast, effects, there), rows)
    spec["choices"] = {"metric": list(there.items())}
    return spec


def _rows(results: Results, cast: Sequence[Shown], effects: pd.DataFrame, metrics: Mapping[str, str]) -> dict[str, Any]:
    """A row a policy, metric and replication: its difference, and the levels on both sides."""
    runs = results.table("runs").set_index(["scenario", "replication"])
    base = runs.loc[baseline_name(results)]
    parts = []
    for shown in cast:
        mine = runs.loc[shown.name]
        both = mine.index.intersection(base.index)
        for name in metrics:
            before, after = base.loc[both, name].astype(float), mine.loc[both, name].astype(float)
            paired = bool(before.isna().all())  # a metric of the pair itself has no level on either side
            change = after if paired else after - before
            parts.append(pd.DataFrame({
                "who": shown.label, "metric": name, "replication": both, "change": change.to_numpy(),
                "before": before.to_numpy(), "after": after.to_numpy() if not paired else float("nan"),
            }))  # fmt: skip
    rows = pd.concat(parts, ignore_index=True).dropna(subset=["change"])
    told: dict[str, Any] = {name: coded(rows[name].tolist()) for name in ("who", "metric")}
    told["replication"] = [int(number) for number in rows["replication"]]
    return told | {name: rounded(rows[name]) for name in ("change", "before", "after")}


def _layers(
    cast: Sequence[Shown], effects: pd.DataFrame, metrics: Mapping[str, str]
) -> alt.LayerChart | alt.FacetChart:
    """Dots for the replications, a bar and a diamond for the mean with its interval, a line at no difference."""
    labels = [shown.label for shown in cast]
    units = effects.drop_duplicates("metric").set_index("metric")["unit"]
    metric = alt.param("metric", value=next(iter(metrics)))
    titles = alt.param("words", value={name: f"{words}: difference ({units[name]})" for name, words in metrics.items()})
    pens = alt.Scale(domain=labels, range=[shown.colour for shown in cast])
    colour = alt.Color("who:N", legend=None, scale=pens)
    y = alt.Y("who:N", title=None, sort=labels, axis=alt.Axis(labelLimit=170, grid=False, ticks=False, domain=False))
    x = alt.X("change:Q", title=None, axis=alt.Axis(labelExpr=NUMBER, tickCount=6))
    dots = _chosen(alt.NamedData("rows")).mark_circle(size=38, opacity=0.45)
    told = {"change": "difference", "before": "baseline", "after": "policy"}
    dots = dots.encode(x, y, colour, tooltip=["replication:Q", *_numbers(told)])
    mean = _chosen(alt.InlineData(_means(cast, effects, metrics)))
    told = {"change": "mean difference", "low": "95 % interval from", "high": "to"}
    bar = mean.mark_rule(strokeWidth=3).encode(alt.X("low:Q"), y, colour, x2="high:Q", tooltip=_numbers(told))
    diamond = mean.mark_point(filled=True, size=90, shape="diamond", opacity=1)
    diamond = diamond.encode(alt.X("change:Q"), y, colour, tooltip=_numbers(told))
    zero = alt.Chart(alt.InlineData([{"at": 0}])).mark_rule(strokeWidth=1).encode(x="at:Q")
    title = alt.TitleParams(text=alt.expr("words[metric]"), anchor="start", fontWeight="normal")
    layers = alt.layer(zero, dots, bar, diamond).add_params(metric, titles)
    return layers.properties(width="container", height=ROW * len(cast), title=title, autosize=FIT)


def _chosen(rows: Any) -> alt.Chart:
    return alt.Chart(rows).transform_filter("datum.metric == metric")


def _numbers(told: Mapping[str, str]) -> list[alt.Tooltip]:
    """The scenario and some numbers, for the pointer."""
    numbers = [alt.Tooltip(f"{field}:Q", title=words, format=READ) for field, words in told.items()]
    return [alt.Tooltip("who:N", title="scenario"), *numbers]


def _means(cast: Sequence[Shown], effects: pd.DataFrame, metrics: Mapping[str, str]) -> list[dict[str, Any]]:
    """The mean differences with their intervals, as the table of effects has them."""
    labels = {shown.name: shown.label for shown in cast}
    mine = effects[effects["scenario"].isin(labels) & effects["metric"].isin(metrics)]
    numbers = zip(*(rounded(mine[name]) for name in ("difference", "low", "high")), strict=True)
    about = zip(mine["scenario"], mine["metric"], numbers, strict=True)
    return [
        {"who": labels[scenario], "metric": metric, "change": change, "low": low, "high": high}
        for scenario, metric, (change, low, high) in about
    ]
