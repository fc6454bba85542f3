"""What shipped policies do where one setting alone is at an end of its plausible range: the tornado of the effect."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiment.sweep.shipped import SIGNIFICANT, shipped_ends
from sim.figures.charts.uncertainty import one_at_a_time
from sim.report.effect import between, signed
from sim.report.text import short, true_minus
from sim.report.uncertainty.beside import end_of_bar
from sim.report.uncertainty.over_draws import METRICS, of_this, words_of
from sim.report.uncertainty.setting_words import setting_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.experiment.results import Results

MOST, MOST_TOLD = 15, 3  # settings in the chart, and in the sentence; the table holds them all
GUESS, KEY = "guess", "ends_"
HEAD = ["setting", "in words", "unit", "here", "low end", "effect there", "high end", "effect there", "swing"]


def effects_at_ends(results: Results, policies: Sequence[str]) -> list[dict[str, Any]]:
    """For each policy for which it ships: `name`, `key` (of its chart), `told`, `stale`, `rows` of text and `chart`.

    `stale` says whether the table is of another version of the model's code than the run.
    """
    found: list[dict[str, Any]] = []
    shipped = shipped_ends()
    for name in policies:
        table = of_this(shipped, results, name)
        if len(table):
            stale = str(table["code_hash"].iloc[0]) != results.provenance.get("code_hash")
            found.append(ends_part(table, name) | {"key": f"{KEY}{len(found)}", "stale": stale})
    return found


def ends_of_sweep(results: Results) -> list[dict[str, Any]]:
    """The same from a finished sweep of one setting at a time, for each of its policies."""
    table = results.table("ends")
    parts = [(str(name), mine) for name, mine in table.groupby("scenario", sort=False)]
    return [ends_part(mine, name) | {"key": f"{KEY}{i}", "stale": False} for i, (name, mine) in enumerate(parts)]


def ends_part(table: pd.DataFrame, name: str) -> dict[str, Any]:
    """What the page shows of one policy's ends: `name`, `told`, `span`, `rows`, `chart` and how many are `shown`."""
    ends: list[dict[Any, Any]] = table.to_dict("records")
    settings = list(dict.fromkeys(row["setting"] for row in ends))
    first, words = ends[0], words_of(name)
    shown = [end_of_bar(row, row["base_mean"]) for row in ends if row["setting"] in settings[:MOST]]
    what = _outcome(first)
    axis = f"Difference in {what} to the baseline, {first['metric_unit']}"
    by_setting = [[row for row in ends if row["setting"] == setting] for setting in settings]
    return {
        "name": words, "told": _told(ends, words), "span": _span(ends, words), "rows": [HEAD, *map(_line, by_setting)],
        "chart": one_at_a_time(shown, axis, start=float(f"{first['base_mean']:.6g}")),
        "shown": min(MOST, len(settings)),
    }  # fmt: skip


def _told(ends: list[dict[Any, Any]], words: str) -> list[str]:
    """What the ends say in sentences: how many move the effect, which most, and whether any turns it round."""
    first, known = ends[0], [row for row in ends if not isnan(row["difference"])]
    settings = list(dict.fromkeys(row["setting"] for row in ends))
    moved = [row for row in known if row["low"] * row["high"] > 0]
    told = [
        f"{len(settings)} settings, each alone at both ends of its plausible range, with {words} and its baseline run "
        f"there: means over {first['replications']} pairs of replications. With all settings as they are these pairs "
        f"give {signed(first['base_mean'])} {_outcome(first)}.",
        f"{len(moved)} of {len(known)} ends move that clearly (95 % intervals; some {SIGNIFICANT * len(known):.0f} "
        f"would by chance if nothing mattered){_strongest(ends)}.",
        _turned(known),
    ]
    if len(known) < len(ends):
        out = len(ends) - len(known)
        are = "end is" if out == 1 else "ends are"
        told.append(f"{out} {are} left out: there the baseline by itself is not the Channel of today.")
    return told


def _outcome(row: dict[Any, Any]) -> str:
    """The metric within a sentence; the sweep of somebody else may be of any."""
    name = str(row["metric"])
    return METRICS.get(name, name.replace("_", " ")).lower()


def _span(ends: list[dict[Any, Any]], words: str) -> str:
    """The effect with every setting as it is, and the lowest and the highest that one of them alone clearly makes it.

    The most extreme of all ends would be what chance made of one.
    """
    base = ends[0]["base_mean"]
    clear = [row for row in ends if row["low"] * row["high"] > 0]
    lowest, highest = (pick(clear, key=lambda row: row["effect"], default=ends[0]) for pick in (min, max))
    parts = [
        f"as {how} as {signed(row['effect'])} ({setting_words(row['setting'])}: {short(row['value'])})"
        for how, row in (("low", lowest), ("high", highest))
        if clear and (row["effect"] < base) == (how == "low")
    ]
    alone = "one of them alone at an end of its range"
    moved = f"{alone} clearly makes it {' or '.join(parts)}" if parts else f"not {alone} clearly moves that"
    name = f"{words[:1].upper()}{words[1:]}"
    return f"{name}: {signed(base)} {_outcome(ends[0])} against the baseline with every setting as it is; {moved}."


def _strongest(ends: list[dict[Any, Any]]) -> str:
    """The settings with a clear effect and the widest swing, with the effect at their ends."""
    clear = dict.fromkeys(row["setting"] for row in ends if row["low"] * row["high"] > 0)
    parts = []
    for setting in list(clear)[:MOST_TOLD]:
        mine = [row for row in ends if row["setting"] == setting and not isnan(row["effect"])]
        guess = ", a guess" if mine[0]["confidence"] == GUESS else ""
        there = " and ".join(f"{signed(row['effect'])} at {short(row['value'])}" for row in mine)
        parts.append(f"{setting_words(setting)} ({there}; here {short(mine[0]['base_value'])}{guess})")
    return f", most of all {'; '.join(parts)}" if parts else ""


def _turned(known: list[dict[Any, Any]]) -> str:
    """At which ends the effect goes the other way, clear of chance."""
    sign = 1 if known[0]["base_mean"] > 0 else -1
    other = [row for row in known if min(-sign * row["effect_low"], -sign * row["effect_high"]) > 0]
    if not other:
        return "At none of them does the effect clearly turn round."
    where = "; ".join(f"{setting_words(row['setting'])} at {short(row['value'])}" for row in other)
    return f"It clearly turns round with {where}."


def _line(ends: list[dict[Any, Any]]) -> list[str]:
    """Both ends of a setting as one row of text."""
    first = ends[0]
    guess = " (guess)" if first["confidence"] == GUESS else ""
    words = f"{setting_words(first['setting'])}{guess}"
    cells = [cell for row in ends for cell in (short(row["value"]), _effect(row))]
    swing = signed(first["swing"]).removeprefix("+")
    return [first["setting"], words, first["unit"], short(first["base_value"]), *map(true_minus, cells), swing]


def _effect(row: dict[Any, Any]) -> str:
    if isnan(row["effect"]):
        return "not the Channel of today"
    return f"{signed(row['effect'])} ({between(row['effect_low'], row['effect_high'])})"
