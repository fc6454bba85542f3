"""The result of a run as text: effects with intervals, or means if there is no baseline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.metrics import outcome_metrics, paired_metrics

if TYPE_CHECKING:
    from sim.experiment.results import Results


MILLION = 1e6
MINUS = re.compile(r"(?<!\w)-(?=\d)")
DIGITS = 3
MORE = "Every metric: summary.parquet, and effects.parquet where there is a baseline."


def amount(value: float) -> str:
    """A number as people write it: millions as such, no decimals above ten, enough below.

    >>> amount(-1234.5), amount(0.0321), amount(4.26), amount(0.0), amount(1524671476.0)
    ('-1,234', '0.032', '4.3', '0', '1,524.7 m')
    """
    if pd.isna(value):
        return "–"
    if abs(value) >= MILLION:
        return f"{value / MILLION:,.1f} m"
    if value == 0 or abs(value) >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def short(value: float) -> str:
    """A number to three digits, as people write it.

    >>> short(0.26658), short(1.0), short(7348.77), short(float("nan"))
    ('0.267', '1', '7,350', '–')
    """
    return "–" if pd.isna(value) else f"{float(f'{value:.{DIGITS}g}'):,.12g}"


def true_minus(text: str) -> str:
    """Hyphens before numbers as real minus signs; those within dates stay.

    >>> true_minus("-3 to 5 on 2025-08-06")
    '\N{MINUS SIGN}3 to 5 on 2025-08-06'
    """
    return MINUS.sub("\N{MINUS SIGN}", text)


def table_text(rows: list[list[str]], words: int) -> str:
    """Rows as aligned columns, the first row being the head; the first `words` columns hold words, the rest numbers."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if i < words else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def without_sole(rows: list[list[str]], column: str) -> list[list[str]]:
    """Rows of text, the head first, without a column in which all rows say the same.

    >>> without_sole([["scenario", "people"], ["pilot", "3"], ["pilot", "4"]], "scenario")
    [['people'], ['3'], ['4']]
    """
    at = rows[0].index(column)
    return [row[:at] + row[at + 1 :] for row in rows] if len({row[at] for row in rows[1:]}) == 1 else rows


def effects_text(results: Results) -> str:
    """A table for the terminal: paired effects, or plain means if there is no baseline."""
    n = int(results.summary["replications"].max())
    if results.provenance["baseline"] is None:
        return table_text(mean_rows(results.summary), 3) + f"\nMeans over {n} replications, 95 % t-intervals.\n{MORE}"
    note = f"Paired differences over {n} replications on common random numbers, 95 % t-intervals.\n{MORE}"
    return table_text(effect_rows(results.summary, results.effects), 3) + "\n" + note


def mean_rows(summary: pd.DataFrame) -> list[list[str]]:
    """Means with intervals as rows of text, the head first."""
    head = ["scenario", "metric", "unit", "mean", "95 % low", "high"]
    rows: list[dict[Any, Any]] = headlines(summary).dropna(subset=["mean"]).to_dict("records")
    return [head, *([r["scenario"], r["metric"], r["unit"], *_three(r, "mean")] for r in rows)]


def effect_rows(summary: pd.DataFrame, effects: pd.DataFrame) -> list[list[str]]:
    """Paired differences with intervals as rows of text, the head first."""
    means = {(r["scenario"], r["metric"]): r["mean"] for r in summary.to_dict("records")}
    head = ["scenario", "metric", "unit", "baseline", "policy", "difference", "95 % low", "high", "%"]
    lines, pairs_only = [head], {metric.name for metric in paired_metrics()}
    rows: list[dict[Any, Any]] = headlines(effects).to_dict("records")
    for r in rows:
        before, after = (means.get((r[name], r["metric"]), float("nan")) for name in ("baseline", "scenario"))
        share = "–" if pd.isna(r["relative"]) else f"{100 * r['relative']:+.1f}"
        levels = ["–", "–"] if r["metric"] in pairs_only else [amount(before), amount(after)]
        lines.append([r["scenario"], r["metric"], r["unit"], *levels, *_three(r, "difference"), share])
    return lines


def headlines(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of metrics without those of details."""
    details = {metric.name for metric in outcome_metrics() if metric.detail}
    return table[~table["metric"].isin(details)]


def _three(row: dict[Any, Any], name: str) -> list[str]:
    return [amount(row[name]), amount(row["low"]), amount(row["high"])]
