"""What analyses of a sweep found, as sentences and tables: the settings that matter, where a policy fails its aim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.figures.run import has
from sim.figures.wording import metric_within, policy_words
from sim.report.explorer.naming import Rows, coded, within
from sim.report.explorer.sweep_words import (
    MEANINGS,
    end_words,
    failing_words,
    fails_words,
    index_words,
    information_words,
    matters_words,
    noise_words,
    percent,
    setting_order,
)
from sim.report.text import true_minus

if TYPE_CHECKING:
    from sim.experiment.results import Results

MOST_SETTINGS, MOST_POLICIES = 12, 6  # of a table and of the page; the tables of the sweep hold all
GUESS = "guess"
DISCOVERED = ("discover", "discover_boxes")
HOW_TO_READ_A_BOX = (
    "Coverage: share of the failures that lie in the box; density: share of its futures that fail. Quasi-p: how likely "
    "so dense a box is, had the limit nothing to do with failing. Reproduced: share of half samples that limit the "
    "setting too. * the value is a guess."
)
Answer = dict[str, Any]


def sensitivity(results: Results) -> Answer:
    """Which settings the outcome depends on; empty if the sweep was not analysed."""
    if not has(results, "sensitivity"):
        return {}
    table = results.table("sensitivity")
    order = setting_order(table)
    what = "the change in " if has(results, "effects") else "the outcome "
    table = _plain(table).assign(metric=what + metric_within(str(table["metric"].iloc[0])))
    policies = [(str(name), mine) for (name, _), mine in table.groupby(["policy", "kind"], sort=False)]
    first: dict[Any, Any] = table.iloc[0].to_dict()
    meanings = "; ".join(MEANINGS[index] for index in dict.fromkeys(table["index"]) if index in MEANINGS)
    methods = "; ".join(dict.fromkeys(table["method"]))
    note = f"{methods}. {first['points']:,} points; 95 % intervals by bootstrap. {meanings}. * the value is a guess."
    said = [matters_words(name, _worded(mine)) for name, mine in policies[:MOST_POLICIES]]
    known = information_words(_worded(results.table("information"))) if has(results, "information") else []
    return {
        "said": [true_minus(text) for text in (*said, *known)], "noise": noise_words(table), "note": true_minus(note),
        "tables": [_indices(name, mine, order, meanings) for name, mine in policies[:MOST_POLICIES]],
    }  # fmt: skip


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its policies in words."""
    names = [name for name in ("policy", "policy_now", "policy_else") if name in table]
    return table.assign(**{name: table[name].astype(str).map(policy_words) for name in names})


def _worded(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with policies, settings, outcome and aim in words, for sentences; tables keep the names too."""
    changed: dict[str, pd.Series] = {}
    if "setting" in table:
        changed["setting"] = table["setting"].astype(str).map(within)
    if "target" in table:
        changed["target"] = table["target"].astype(str).str.replace("%", " %")
    if "metric" in table:
        known = table["metric"].astype(str)
        changed["metric"] = known.where(known.str.contains(" "), known.map(metric_within))
    return _plain(table).assign(**changed)


def _indices(policy: str, table: pd.DataFrame, order: list[str], meanings: str) -> Rows:
    """The settings that matter most for a policy, with every index and its interval."""
    names = list(dict.fromkeys(table["index"]))
    by = {(r["setting"], r["index"]): r for r in table.to_dict("records")}
    mine = [setting for setting in order if any((setting, name) in by for name in names)][:MOST_SETTINGS]
    head = ["setting", *(part for name in names for part in (name, "95 % low", "high"))]
    rows = [head]
    for setting in mine:
        found = [by.get((setting, name)) for name in names]
        guess = any(r and r["confidence"] == GUESS for r in found)
        cells = [index_words(r[end]) if r else "\N{EN DASH}" for r in found for end in ("value", "low", "high")]
        rows.append([coded(setting, guess), *map(true_minus, cells)])
    return Rows(true_minus(f"{policy}. {meanings}; each with its 95 % interval"), rows, tuple(range(2, len(head) + 1)))


def discovered(results: Results) -> Answer:
    """Where each policy fails its aim; empty if the sweep was not searched for it."""
    if not has(results, *DISCOVERED):
        return {}
    limits, boxes = (_plain(results.table(name)) for name in DISCOVERED)
    if boxes.empty:
        return {}
    rows: list[dict[Any, Any]] = _worded(boxes).to_dict("records")
    worded = _worded(limits)
    rows.sort(key=lambda row: -row["failing"])
    said = [fails_words(row, worded[worded["policy"] == row["policy"]]) for row in rows[:MOST_POLICIES]]
    note = f"{failing_words(rows[0])} {HOW_TO_READ_A_BOX if len(limits) else ''}"
    return {
        "said": [true_minus(text) for text in said], "noise": noise_words(boxes), "note": true_minus(note),
        "tables": list(_limits(limits)),
    }  # fmt: skip


def _limits(limits: pd.DataFrame) -> Iterator[Rows]:
    """The limits of the boxes, one row a policy and setting."""
    if limits.empty:
        return
    head = ["policy", "setting", "from", "to", "range from", "range to", "words", "quasi-p", "reproduced"]
    rows = [
        [str(r["policy"]), coded(str(r["setting"]), r["confidence"] == GUESS),
         *(end_words(r[name]) for name in ("low", "high", "range_low", "range_high")),
         r["words"] or "\N{EN DASH}", f"{r['qp']:.2g}", percent(r["reproduced"])]
        for r in limits.to_dict("records")
    ]  # fmt: skip
    yield Rows("The limits of each box", [head, *rows], (3, 4, 5, 6, 8, 9))
