"""The shipped scorecard for the page: which of the things known to happen the model shows, and which it does not."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiment.patterns.scorecard import FAIL
from sim.report.text import short

if TYPE_CHECKING:
    import pandas as pd

MARKS = {
    "calibrate-on": "looked at when the model was set",
    "validate-on": "not looked at when the model was set",
}


def behaviour(scorecard: pd.DataFrame) -> dict[str, Any] | None:
    """What the page says of the scorecard, of the columns of `patterns.csv` and `label`; None if there is none.

    `told` are sentences, the first of which names what fails; `rows` are the quantities in their order.
    """
    if scorecard.empty:
        return None
    rows: list[dict[Any, Any]] = scorecard.to_dict("records")
    failed = [f"{row['pattern']} {row['quantity'].replace('_', ' ')}" for row in rows if row["verdict"] == FAIL]
    outcome = f"fails: {'; '.join(failed)}." if failed else "none fails."
    patterns = scorecard["pattern"].nunique()
    first = f"{_passed(rows)} quantities of {patterns} patterns lie in their target range; {outcome}"
    marks = dict.fromkeys(row["mark"] for row in rows)
    return {"told": [first, *(_of_mark(mark, rows) for mark in marks)], "rows": [_row(row) for row in rows]}


def _passed(rows: list[dict[Any, Any]]) -> str:
    return f"{sum(row['verdict'] != FAIL for row in rows)} of {len(rows)}"


def _of_mark(mark: str, rows: list[dict[Any, Any]]) -> str:
    """How many of one mark pass, and what the mark means."""
    mine = [row for row in rows if row["mark"] == mark]
    meaning = f" ({MARKS[mark]})" if mark in MARKS else ""
    return f"{mark}{meaning}: {_passed(mine)} pass."


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    """One row as text; an interval that reaches across an end of the target leaves the verdict unsure."""
    unsure = "" if _is_sure(row) else ", unsure"
    return {
        "failed": row["verdict"] == FAIL,
        "what": row["label"],
        "name": row["quantity"],
        "words": [row["pattern"], row["mark"]],
        "numbers": [short(row["value"]), _interval(row), _target(row)],
        "verdict": f"{row['verdict']}{unsure}",
    }


def _is_sure(row: dict[Any, Any]) -> bool:
    low, high = row["low"], row["high"]
    ends = (row["target_low"], row["target_high"])
    return not (isnan(low) or isnan(high) or any(low < end < high for end in ends))


def _interval(row: dict[Any, Any]) -> str:
    return "–" if isnan(row["low"]) or isnan(row["high"]) else f"{short(row['low'])} to {short(row['high'])}"


def _target(row: dict[Any, Any]) -> str:
    """The target range in words; an end may be open."""
    low, high = row["target_low"], row["target_high"]
    if isnan(low):
        return f"at most {short(high)}"
    return f"at least {short(low)}" if isnan(high) else f"{short(low)} to {short(high)}"
