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
PATTERNS = {
    "P1": "arrivals come in bursts, with many days without any",
    "P2": "more people try again and again than chance would have",
    "P3": "prices respond weakly to patrols",
    "P4": "patrols displace boats in part, to near places first",
    "P5": "choosing more people returns no more without beds and seats",
    "P6": "one return in a hundred deters hardly anyone, near certainty most",
    "P7": "people hurry before an announced restriction",
    "P8": "scarcer boats raise crowding and deaths more than they cut arrivals",
    "P9": "launches cluster on calm days",
    "P10": "routes lock in where people learn from each other",
    "P11": "faster work at one stage makes the next queue grow",
    "P12": "the exchange's ledger closes with a lag",
}
"""What each pattern of `configs/patterns.yaml` claims, in words; a quantity that fails speaks against the claim."""


def behaviour(scorecard: pd.DataFrame) -> dict[str, Any] | None:
    """What the page says of the scorecard, of the columns of `patterns.csv` and `label`; None if there is none.

    `told` are sentences, the first of which names what fails; `rows` are the quantities in their order.
    """
    if scorecard.empty:
        return None
    rows: list[dict[Any, Any]] = scorecard.to_dict("records")
    marks = dict.fromkeys(row["mark"] for row in rows)
    told = [f"{_summed_up(rows)} {_failing(rows)}".strip(), *(_of_mark(mark, rows) for mark in marks)]
    return {"told": told, "rows": [_row(row) for row in rows]}


def pattern_words(code: str) -> str:
    """A pattern in words with its code; one without words goes by its code.

    >>> pattern_words("P10"), pattern_words("P99")
    ('routes lock in where people learn from each other (P10)', 'P99')
    """
    return f"{PATTERNS[code]} ({code})" if code in PATTERNS else code


def _summed_up(rows: list[dict[Any, Any]]) -> str:
    """How many pass and fail, and of how many of each chance leaves that open."""
    passed, failed = _split(rows)
    patterns = len({row["pattern"] for row in rows})
    outcome = f"{len(failed)} {'do' if len(failed) > 1 else 'does'} not{_unsure(failed)}" if failed else "none fails"
    return (
        f"{len(passed)} of {len(rows)} quantities of {patterns} patterns lie in their target range{_unsure(passed)}; "
        f"{outcome}."
    )


def _failing(rows: list[dict[Any, Any]]) -> str:
    """The patterns with a quantity that fails, in words, and how many of theirs do."""
    parts = []
    for code in dict.fromkeys(row["pattern"] for row in rows if row["verdict"] == FAIL):
        mine = [row for row in rows if row["pattern"] == code]
        failed = _split(mine)[1]
        parts.append(f"{pattern_words(code)}, {len(failed)} of {len(mine)}{_unsure(failed)}")
    return f"Patterns with quantities that fail: {'; '.join(parts)}." if parts else ""


def _split(rows: list[dict[Any, Any]]) -> tuple[list[dict[Any, Any]], list[dict[Any, Any]]]:
    """Those that pass and those that fail."""
    return [row for row in rows if row["verdict"] != FAIL], [row for row in rows if row["verdict"] == FAIL]


def _unsure(rows: list[dict[Any, Any]]) -> str:
    """How many of these verdicts chance leaves open, in brackets; nothing if none."""
    count = sum(not _is_sure(row) for row in rows)
    many = "all " if count == len(rows) > 1 else "" if len(rows) == 1 else f"{count} "
    return f" ({many}unsure)" if count else ""


def _of_mark(mark: str, rows: list[dict[Any, Any]]) -> str:
    """How many of one mark pass, and what the mark means."""
    mine = [row for row in rows if row["mark"] == mark]
    meaning = f" ({MARKS[mark]})" if mark in MARKS else ""
    passed = _split(mine)[0]
    return f"{mark}{meaning}: {len(passed)} of {len(mine)} pass{_unsure(passed)}."


def _row(row: dict[Any, Any]) -> dict[str, Any]:
    """One row as text; an interval that reaches across an end of the target leaves the verdict unsure."""
    unsure = "" if _is_sure(row) else ", unsure"
    words = pattern_words(row["pattern"])
    return {
        "failed": row["verdict"] == FAIL,
        "what": row["label"],
        "name": row["quantity"],
        "words": [words[:1].upper() + words[1:], row["mark"]],
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
