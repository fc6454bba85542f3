"""The answers of `forecast`, `score` and `rolling` in words and as tables for the terminal."""

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
ROLLING_NOTE = (
    "CRPS of monthly arrivals from nine quantiles, the same for every model and on the same months; the best rival is\n"
    "picked in hindsight. Months of one origin are not independent, and origins overlap: few origins prove little.\n"
    "Every month: rolling_periods.parquet."
)
FEW_MEMBERS = 40  # below it the 2.5 and 97.5 % quantiles are the lowest and highest members
Row = dict[Any, Any]


def forecast_text(about: pd.DataFrame, totals: pd.DataFrame, window: pd.DataFrame) -> str:
    """What is forecast over the whole time, how the members met the last year observed, and what it rests on."""
    facts: Row = about.iloc[0].to_dict()
    rows: list[Row] = totals.to_dict("records")
    first = rows[0]
    head = [f"{first['first']} to {first['last']}", "median", "50 % interval", "90 % interval"]
    lines = [
        [
            row["metric"], amount(row["q0.5"]), f"{amount(row['q0.25'])} to {amount(row['q0.75'])}",
            f"{amount(row['q0.05'])} to {amount(row['q0.95'])}",
        ]
        for row in rows
    ]  # fmt: skip
    return "\n".join([_headline(first, facts), "", table_text([head, *lines], 1), "", _met(window), *_rests_on(facts)])


def _headline(row: Row, facts: Row) -> str:
    return (
        f"{facts['scenario']}, data until {facts['data_until']}: {amount(row['q0.5'])} {row['metric']} from "
        f"{row['first']} to {row['last']}, 90 % interval {amount(row['q0.05'])} to {amount(row['q0.95'])}."
    )


def _met(window: pd.DataFrame) -> str:
    """How many months of the window the conditioned members' 90 % intervals held; they were fitted to them."""
    mine = window[(window["metric"] == "arrivals") & (window["stage"] == "conditioned")]
    inside = int(mine["observed"].between(mine["q0.05"], mine["q0.95"]).sum())
    return (
        f"Conditioned on {periods(len(mine), 'month')} of arrivals; members' 90 % intervals hold {inside} of them "
        "(fitted, so no test)."
    )


def _rests_on(facts: Row) -> list[str]:
    """What the spread holds and what it does not."""
    lines = [
        f"{facts['members']} members: level of the inflow drifts {facts['walk_per_year']:.2f} (sd of log) in a year, "
        f"months have noise of {facts['month_noise']:.2f}; weather and people drawn anew for each.",
        f"Behaviour: {facts['settings']} settings drawn from {facts['posterior']}."
        if facts["posterior"]
        else "No posterior: behaviour at its base values in every member, so the intervals lack that uncertainty.",
        "Not in the intervals: errors of the model's structure, and events that no past year had.",
    ]
    if facts["members"] < FEW_MEMBERS:
        lines.append(f"With {facts['members']} members the outermost quantiles are the lowest and highest member.")
    if not facts["boats_known"]:
        lines.append("The series has no boats in every quarter: seats per boat are the scenario's own.")
    return lines


def rolling_text(table: pd.DataFrame) -> str:
    """The forecast against the best rival at each origin and over all, and every model on the same months."""
    lines = []
    for origin, mine in table.groupby("origin", sort=False):
        rows: list[Row] = mine.to_dict("records")
        own = next(row for row in rows if row["model"] == FORECAST)
        rivals = [row for row in rows if row["model"] != FORECAST]
        name = "all origins" if origin == "all" else f"from {origin}"
        if not rivals:
            lines.append(f"{name}: CRPS {amount(own['crps'])} people a month; no rival could be fitted.")
            continue
        best = min(rivals, key=lambda row: float(row["crps"]))
        verdict = "better" if own["ratio"] < 1 else "no better"
        lines.append(
            f"{name}, {periods(own['months'], 'month')}: CRPS {amount(own['crps'])} people a month, "
            f"{own['ratio']:.2f} of the best rival's ({best['model']}): {verdict}."
        )
    head = ["origin", "model", "CRPS", "ratio", *(f"{percent} % held" for percent in COVERED), "bias"]
    cells = [
        [
            row["origin"], row["model"], amount(row["crps"]), f"{row['ratio']:.2f}",
            *(f"{100 * row[f'coverage_{percent}']:.0f} %" for percent in COVERED), amount(row["bias"]),
        ]
        for row in table.to_dict("records")
    ]  # fmt: skip
    lacking = [row["origin"] for row in table.to_dict("records") if row["model"] == FORECAST and not row["posterior"]]
    lacking = [origin for origin in lacking if origin != "all"]
    without = (
        [f"No posterior of its own, so base values, which know later years: {', '.join(lacking)}."] if lacking else []
    )
    return "\n".join([*lines, "", table_text([head, *cells], 2), "", *without, ROLLING_NOTE])


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
