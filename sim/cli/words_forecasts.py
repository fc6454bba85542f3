"""The answer of `score` in words and as tables for the terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.report.text import amount, table_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

FORECAST = "forecast"  # as in sim.experiment.forecasts.score, which takes scipy to load
COVERED = (50, 80, 90)
NOTE = (
    "CRPS from nine quantiles (2.5 to 97.5 %), the same for every model, in the unit of the metric: 0 is best.\n"
    "Skill: 1 - CRPS / CRPS of the best rival, the best being picked in hindsight. Bias: median less observed.\n"
    "Periods of one forecast are not independent: what makes one miss makes its neighbours miss. The intervals of\n"
    "coverage (95 %, Wilson) take them as if they were, and are too narrow.\n"
    "Every period: score_periods.parquet."
)
Row = dict[Any, Any]


def score_text(table: pd.DataFrame, unobserved: Sequence[str]) -> str:
    """How the forecast did against its best rival, for each metric and period; every model; what is lacking."""
    groups = [mine for _, mine in table.groupby(["metric", "period"], sort=False)]
    answers = [answer(mine.to_dict("records")) for mine in groups]
    tables = [part for mine in groups for part in ("", *_models(mine.to_dict("records")))]
    return "\n".join([*answers, *tables, "", *_lacking(groups, unobserved), NOTE])


def answer(rows: list[Row]) -> str:
    """One sentence: the forecast's score against that of the best rival, and what its 90 % intervals held."""
    mine = next(row for row in rows if row["model"] == FORECAST)
    rivals = [row for row in rows if row["model"] != FORECAST and not isnan(row["crps"])]
    head = f"{mine['metric']} by {mine['period']}, {periods(mine['periods'], mine['period'])}: "
    own = f"the forecast's CRPS is {amount(mine['crps'])} {mine['unit']}"
    held = (
        f"its 90 % intervals held {round(mine['coverage_90'] * mine['periods'])} of {mine['periods']} "
        f"({_span(mine, 90)})."
    )
    if not rivals:
        return f"{head}{own}; no rival could be fitted; {held}"
    best = min(rivals, key=lambda row: float(row["crps"]))
    if not best["crps"]:
        return f"{head}{own}, the best rival's ({best['model']}) 0; {held}"
    share = mine["crps"] / best["crps"]
    verdict = "better" if share < 1 else "worse" if share > 1 else "no better"
    return f"{head}{own}, {share:.2f} of the best rival's ({best['model']}, {amount(best['crps'])}): {verdict}; {held}"


def periods(number: int, period: str) -> str:
    """A number of periods.

    >>> periods(1, "month"), periods(12, "week")
    ('1 month', '12 weeks')
    """
    return f"{number} {period}" if number == 1 else f"{number} {period}s"


def _models(rows: list[Row]) -> list[str]:
    """Every model of one metric and period as a table, the best first; those without a forecast below."""
    first = rows[0]
    head = ["model", "CRPS", "skill", *(f"{percent} % held" for percent in COVERED), "error", "bias"]
    fitted = sorted((row for row in rows if not isnan(row["crps"])), key=lambda row: float(row["crps"]))
    lines = [
        [
            row["model"], amount(row["crps"]), "–" if isnan(row["skill"]) else f"{row['skill']:+.2f}",
            *(_span(row, percent) for percent in COVERED), amount(row["absolute_error"]), amount(row["bias"]),
        ]
        for row in fitted
    ]  # fmt: skip
    known = f"rivals know {periods(first['history'], first['period'])} from {first['history_from']}"
    title = f"{first['metric']} by {first['period']} ({first['unit']}), mean {amount(first['observed'])}"
    missing = [f"{row['model']} could not be fitted: {row['note']}" for row in rows if isnan(row["crps"])]
    return [title + (f"; {known}:" if first["history"] else ":"), table_text([head, *lines], 1), *missing]


def _span(row: Row, percent: int) -> str:
    """A coverage with its interval, in per cent."""
    name = f"coverage_{percent}"
    share, low, high = (100 * row[key] for key in (name, f"{name}_low", f"{name}_high"))
    return f"{share:.0f} % [{low:.0f}, {high:.0f}]"


def _lacking(groups: list[pd.DataFrame], unobserved: Sequence[str]) -> list[str]:
    """Periods that were left out, and metrics that were not observed."""
    firsts: list[Row] = [mine.iloc[0].to_dict() for mine in groups]
    lines = [
        f"Left out, not observed whole: {periods(row['left_out'], row['period'])} of {row['metric']}."
        for row in firsts
        if row["left_out"]
    ]
    return [*lines, f"Not observed, not scored: {', '.join(unobserved)}."] if unobserved else lines
