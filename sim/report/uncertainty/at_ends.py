"""What shipped policies do where one setting alone is at an end of its plausible range: the tornado of the effect."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING, Any

from scipy.stats import t

from sim.experiment.intervals import CONFIDENCE
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

Ends = list[dict[Any, Any]]
MOST, MOST_TOLD = 15, 3  # settings in the chart, and in the sentence; the table holds them all
GUESS, KEY = "guess", "ends_"
NOT_TODAY = "not the Channel of today"
HEAD = ["setting", "here", "effect at the low end", "moved by", "effect at the high end", "moved by", "clear"]


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
    ends = judged(table)
    settings = list(dict.fromkeys(row["setting"] for row in ends))
    first, words = ends[0], words_of(name)
    shown = [end_of_bar(row, row["base_mean"]) for row in ends if row["setting"] in settings[:MOST]]
    axis = f"Difference in {_outcome(first)} to the baseline, {first['metric_unit']}"
    by_setting = [[row for row in ends if row["setting"] == setting] for setting in settings]
    return {
        "name": words, "told": _told(ends, words), "span": _span(ends, words), "rows": [HEAD, *map(_line, by_setting)],
        "chart": one_at_a_time(shown, axis, start=float(f"{first['base_mean']:.6g}")),
        "shown": min(MOST, len(settings)),
    }  # fmt: skip


def judged(table: pd.DataFrame) -> Ends:
    """The ends with `p`, that of the t-test of how far each moved, and whether that is `clear`, and the effect `sure`.

    Clear or sure: a p small enough for that many looks (Bonferroni), as in `sim.report.uncertainty.drivers`.
    """
    rows: Ends = table.to_dict("records")
    looks = max(sum(not isnan(row["difference"]) for row in rows), 1)
    for row in rows:
        row["p"] = _p(row, "difference", "low", "high")
        row["clear"] = row["p"] * looks < SIGNIFICANT
        row["sure"] = _p(row, "effect", "effect_low", "effect_high") * looks < SIGNIFICANT
    return rows


def _p(row: dict[Any, Any], mean: str, low: str, high: str) -> float:
    """Two-sided p of a mean over pairs, from its t-interval; 1 where it is zero or not known."""
    half, spare = (row[high] - row[low]) / 2, row["replications"] - 1
    if isnan(half) or not row[mean]:
        return 1.0
    error = half / float(t.ppf(0.5 + CONFIDENCE / 2, spare))
    return float(2 * t.sf(abs(row[mean]) / error, spare)) if error else 0.0


def _told(ends: Ends, words: str) -> list[str]:
    """What the ends say in sentences: how many move the effect, which most, and whether any turns it round."""
    first, known = ends[0], [row for row in ends if not isnan(row["difference"])]
    settings = list(dict.fromkeys(row["setting"] for row in ends))
    interval = between(first.get("base_low", nan), first.get("base_high", nan))
    told = [
        f"{len(settings)} settings, each alone at both ends of its plausible range, with {words} and its baseline run "
        f"there: means over {first['replications']} pairs of replications. With all settings as they are these pairs "
        f"give {signed(first['base_mean'])} {_outcome(first)} (95 % interval {interval}).",
        _moved(ends, known),
        _turned(known),
    ]
    if len(known) < len(ends):
        out = len(ends) - len(known)
        are = "end is" if out == 1 else "ends are"
        told.append(f"{out} {are} left out: there the baseline by itself is {NOT_TODAY}.")
    return told


def _moved(ends: Ends, known: Ends) -> str:
    """How many ends move the effect clearly, and those that do so most."""
    clear = [row for row in known if row["clear"]]
    asked = f"p below 5 % divided by the {len(known)} ends looked at"
    if clear:
        listed = "; ".join(_quoted(row) for row in _widest(clear))
        verb = "moves" if len(clear) == 1 else "move"
        return f"{len(clear)} of {len(known)} ends {verb} that clearly ({asked}), most of all {listed}."
    alone = sum(row["p"] < SIGNIFICANT for row in known)
    return (
        f"No end moves that so far that chance can be ruled out ({asked}); {alone} would pass a test of their own, and "
        f"some {SIGNIFICANT * len(known):.0f} would if nothing mattered."
    )


def _widest(clear: Ends) -> Ends:
    """Of clear ends the ones that move the effect most, one for each setting."""
    ranked = sorted(clear, key=lambda row: -abs(row["difference"]))
    first = {row["setting"]: row for row in reversed(ranked)}
    return [row for row in ranked if first[row["setting"]] is row][:MOST_TOLD]


def _quoted(row: dict[Any, Any]) -> str:
    """One end in words: the setting, its value there and here, and the effect there with its interval."""
    guess = ", a guess" if row["confidence"] == GUESS else ""
    interval = between(row["effect_low"], row["effect_high"])
    return (
        f"{setting_words(row['setting'])} ({signed(row['effect'])} at {short(row['value'])}, 95 % interval {interval}; "
        f"here {short(row['base_value'])}{guess})"
    )


def _outcome(row: dict[Any, Any]) -> str:
    """The metric within a sentence; the sweep of somebody else may be of any."""
    name = str(row["metric"])
    return METRICS.get(name, name.replace("_", " ")).lower()


def _span(ends: Ends, words: str) -> str:
    """The effect with every setting as it is, and the lowest and the highest that one of them alone clearly makes it.

    The most extreme of all ends would be what chance made of one.
    """
    base, clear = ends[0]["base_mean"], [row for row in ends if row["clear"]]
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


def _turned(known: Ends) -> str:
    """At how many ends the effect goes the other way, and where clear of chance."""
    sign = 1 if known[0]["base_mean"] > 0 else -1
    other = [row for row in known if sign * row["effect"] < 0]
    sure = [row for row in other if row["sure"]]
    if not other:
        return "At none of them does the effect turn round."
    turned = f"At {len(other)} of them the effect has the other sign"
    if not sure:
        return f"{turned}, at none by more than chance could."
    where = "; ".join(f"{setting_words(row['setting'])} at {short(row['value'])}" for row in sure)
    return f"{turned}, clearly with {where}."


def _line(ends: Ends) -> list[str]:
    """Both ends of a setting as one row of text."""
    first = ends[0]
    guess = ", a guess" if first["confidence"] == GUESS else ""
    words = setting_words(first["setting"])
    name = f"{words[:1].upper()}{words[1:]} ({first['setting']}){guess}"
    cells = [cell for row in ends for cell in _cells(row)]
    clear = " and ".join(row["end"] for row in ends if row["clear"])
    return [name, f"{short(first['base_value'])} {first['unit']}", *map(true_minus, cells), clear]


def _cells(row: dict[Any, Any]) -> tuple[str, str]:
    """The effect at the value of an end, and how far it moved with its interval."""
    if isnan(row["effect"]):
        return f"{NOT_TODAY} at {short(row['value'])}", "–"
    moved = f"{signed(row['difference'])} ({between(row['low'], row['high'])})"
    return f"{signed(row['effect'])} at {short(row['value'])}", moved
