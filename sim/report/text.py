"""The result of a run as text: effects with intervals, or means if there is no baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sim.experiment.results import Results


def amount(value: float) -> str:
    """A number as people write it: no decimals above ten, enough below.

    >>> amount(-1234.5), amount(0.0321), amount(4.26), amount(0.0)
    ('-1,234', '0.032', '4.3', '0')
    """
    if pd.isna(value):
        return "–"
    if value == 0 or abs(value) >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def table_text(rows: list[list[str]]) -> str:
    """Rows as aligned columns, the first row being the head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True)))
             for row in rows]  # fmt: skip
    return "\n".join(line.rstrip() for line in lines)


def effects_text(results: Results) -> str:
    """A table for the terminal."""
    summary = results.summary
    means = summary.set_index(["scenario", "metric"])["mean"]
    if results.provenance["baseline"] is None:
        head = ["scenario", "metric", "unit", "mean", "95 % low", "high"]
        rows = [[r.scenario, r.metric, r.unit, amount(r.mean), amount(r.low), amount(r.high)]
                for r in summary.itertuples() if not pd.isna(r.mean)]  # fmt: skip
        return table_text([head, *rows])
    head = ["scenario", "metric", "unit", "baseline", "scenario", "difference", "95 % low", "high", "%"]
    rows = []
    for r in results.effects.itertuples():
        before = means.get((r.baseline, r.metric), float("nan"))
        share = "–" if pd.isna(r.relative) else f"{100 * r.relative:+.1f}"
        rows.append([r.scenario, r.metric, r.unit, amount(before), amount(means[r.scenario, r.metric]),
                     amount(r.difference), amount(r.low), amount(r.high), share])  # fmt: skip
    n = int(results.summary["replications"].max())
    note = f"Paired differences over {n} replications on common random numbers, 95 % t-intervals."
    return table_text([head, *rows]) + "\n" + note
