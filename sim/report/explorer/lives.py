"""Deaths at sea, by lorry and both together, told of each policy apart: policies that differ are never pooled."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.figures.sweep import CASES
from sim.report.explorer.naming import DASH, Rows, number, policies
from sim.report.explorer.points import LORRY, SEA, TOGETHER, Explored, Outcome

WAYS = {SEA: "at sea", LORRY: "by lorry", TOGETHER: "both together"}
MOST = 6  # policies that are all told; of more, those that the answer names


def lives(found: Explored) -> list[str]:
    """What happens to deaths under the policy with the lowest headline outcome; empty without numbers of deaths."""
    ways = _ways(found)
    if not ways:
        return []
    name, rows = min(policies(found), key=lambda policy: _median(found.headline, policy[1]))
    parts = [f"{WAYS[one.name]} {_told(found, one, rows)}" for one in ways]
    against = "" if ways[0].own else " against the baseline"
    text = f"Deaths{against} with {name}: {', '.join(parts)}."
    medians = {one.name: _spread(found, one, rows)[0] for one in ways}
    if LORRY in medians and not ways[0].own and medians[SEA] < 0 < medians[LORRY]:
        text += " Deaths by lorry rise where deaths at sea fall: read both together."
    return [text]


def lives_table(found: Explored) -> list[Rows]:
    """The same of every policy, or of the two with the lowest and the highest headline outcome where there are many."""
    ways = _ways(found)
    if not ways:
        return []
    middle, spread = _kinds(found)
    head = ["policy", *(WAYS[one.name] for one in ways)]
    rows = [[name, *(_cell(found, one, rows) for one in ways)] for name, rows in _shown(found)]
    kept = f" over the {found.swept.futures:,} futures" if _over_futures(found) else ""
    kept = ", with every setting as it is" if found.swept.futures > 1 and not kept else kept
    against = "Deaths (people)" if ways[0].own else "Deaths against the baseline (people)"
    few = "" if len(rows) == sum(1 for _ in policies(found)) else "; the lowest and the highest point of the answer"
    sums = "; medians do not add up" if _over_futures(found) and len(ways) > 1 else ""
    ends = f", in brackets {f'the {spread}' if spread[0].isdigit() else spread}" if spread else ""
    caption = f"{against}: {middle}{kept}{ends}{few}{sums}"
    return [Rows(caption, [head, *rows], tuple(range(2, len(head) + 1)))]


def _ways(found: Explored) -> list[Outcome]:
    return [found.outcome(name) for name in WAYS if name in found.names()]


def _over_futures(found: Explored) -> bool:
    """Whether the futures are such as may be; those of one setting at a time are steps away from the first of them."""
    return found.swept.futures > 1 and not found.swept.alone


def _median(one: Outcome, rows: pd.DataFrame) -> float:
    return float(one.values["value"].loc[rows.index].median())


def _kinds(found: Explored) -> tuple[str, str]:
    """What the middle and the spread of a policy are; without an interval the spread is empty."""
    if _over_futures(found):
        return "median", "nine futures of ten"
    return ("mean", "95 % interval") if found.swept.most > 1 else ("one run", "")


def _spread(found: Explored, one: Outcome, rows: pd.DataFrame) -> tuple[float, float, float]:
    """Median and nine tenths over futures; in one future the mean of its point with its interval."""
    values = one.values.loc[rows.index]
    if _over_futures(found):
        low, high = values["value"].quantile(list(CASES))
        return _median(one, rows), float(low), float(high)
    only = values[rows["future"].eq(rows["future"].min())].iloc[0]
    return float(only["value"]), float(only["low"]), float(only["high"])


def _told(found: Explored, one: Outcome, rows: pd.DataFrame) -> str:
    middle, low, high = (number(one, value) for value in _spread(found, one, rows))
    unit = " people" if one.name == SEA else ""
    _, spread = _kinds(found)
    return f"{middle}{unit}" + (f" ({spread}: {low} to {high})" if spread and low != DASH else "")


def _cell(found: Explored, one: Outcome, rows: pd.DataFrame) -> str:
    middle, low, high = (number(one, value) for value in _spread(found, one, rows))
    return middle if low == DASH else f"{middle} ({low} to {high})"


def _shown(found: Explored) -> Iterator[tuple[str, pd.DataFrame]]:
    every = list(policies(found))
    if len(every) > MOST:
        middles = [_median(found.headline, rows) for _, rows in every]
        every = [every[middles.index(min(middles))], every[middles.index(max(middles))]]
    yield from every
