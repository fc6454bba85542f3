"""The answers of `breakeven`, `tornado`, `needs` and `patterns` in words and as tables for the terminal."""

from __future__ import annotations

from math import isinf, isnan
from typing import TYPE_CHECKING, Any

from sim.report.text import amount, table_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results

GUESS = "guess"
FAIL, UNSURE = "fail", "?"


def breakeven_text(found: Results) -> str:
    """The answer, how sure it is, where the pipeline saturates, and the table it rests on."""
    curve: pd.DataFrame = found.table("breakeven")
    answer: dict[Any, Any] = found.table("breakeven_answer").iloc[0].to_dict()
    where = _not_met(curve, answer) if isnan(answer["value"]) else _met(answer)
    said = [where, *_resamples(answer), *_saturation(answer)]
    head = [answer["lever"], "difference", "95 % low", "high", "%", "returned", "95 % low", "high"]
    effects, returns = ("difference", "low", "high"), ("returned", "returned_low", "returned_high")
    rows = [
        [f"{r['level']:g}", *(amount(r[name]) for name in effects), _share(r["relative"]),
         *(amount(r[name]) for name in returns)]
        for r in curve.to_dict("records")
    ]  # fmt: skip
    note = (
        f"{answer['metric']} ({answer['unit']}) against {answer['baseline']}: paired differences over "
        f"{answer['replications']} replications on common random numbers, 95 % t-intervals; returned: people."
    )
    return "\n".join([*said, "", table_text([head, *rows], 0), note])


def tornado_text(found: Results) -> str:
    """Settings by the swing of the metric, widest first, and those left out with the reason."""
    table: pd.DataFrame = found.table("tornado")
    first: dict[Any, Any] = table.iloc[0].to_dict()
    head = ["setting", "unit", "end", "value", "difference", "95 % low", "high", "swing"]
    rows = [
        [r["setting"] + ("*" if r["confidence"] == GUESS else ""), r["unit"], r["end"], f"{r['value']:g}",
         *(amount(r[name]) for name in ("difference", "low", "high", "swing"))]
        for r in table.to_dict("records")
    ]  # fmt: skip
    note = (
        f"{first['metric']} ({first['metric_unit']}): {amount(first['base_mean'])} in the scenario itself; paired "
        f"differences to it over {first['replications']} replications, 95 % t-intervals. * the value is a guess."
    )
    skipped = [f"skipped {row.setting}: {row.reason}" for row in found.table("tornado_skipped").itertuples()]
    return "\n".join([table_text([head, *rows], 3), note, *skipped])


def needs_text(found: Results) -> str:
    """What is delivered and what binds at each weekly target, as it stands and supplied; then what each would need."""
    rows = found.table("needs").to_dict("records")
    head = ["target", "delivered", "95 % low", "high", "binds", "supplied", "95 % low", "high", "then binds"]
    delivered = [
        [f"{r['target']:g}", *(amount(r[f"delivered{end}"]) for end in ("", "_low", "_high")), r["binds"],
         *(amount(r[f"delivered_supplied{end}"]) for end in ("", "_low", "_high")), r["binds_supplied"]]
        for r in rows
    ]  # fmt: skip
    wants = ["beds", "caseworkers", "seats_per_week", "flights_per_week", "applicants_per_week",
             "cost_uk_gbp_per_year", "cost_fr_gbp_per_year", "cost_per_return_gbp"]  # fmt: skip
    needed = [[f"{r['target']:g}", *(amount(r[name]) for name in wants)] for r in rows]
    note = (
        f"Returns a week while the exchange is open, {rows[0]['replications']} replications, 95 % t-intervals.\n"
        "Supplied: more beds, staff, seats and informed applicants than can be used, every eligible arrival chosen.\n"
        "Needs are what was used then: beds and caseworkers that 19 evenings in 20 do not exceed; money in GBP."
    )
    return "\n".join([table_text([head, *delivered], 1), "", table_text([["target", *wants], *needed], 1), "", note])


def patterns_text(found: Results) -> str:
    """Every quantity with its interval, target range and verdict, and how many of each mark pass."""
    rows = found.table("scorecard").to_dict("records")
    head = ["pattern", "mark", "quantity", "verdict", "value", "95 % low", "high", "target", "to"]
    lines = [
        [r["pattern"], r["mark"], r["quantity"], r["verdict"] + (UNSURE if is_unsure(r) else ""),
         *(amount(r[name]) for name in ("value", "low", "high", "target_low", "target_high"))]
        for r in rows
    ]  # fmt: skip
    marks = dict.fromkeys(r["mark"] for r in rows)
    counts = [_passed(mark, [r for r in rows if r["mark"] == mark]) for mark in marks]
    note = (
        f"Means over {rows[0]['replications']} replications on common random numbers, 95 % intervals. A quantity "
        f"passes if its mean lies in the target range; {UNSURE} its interval reaches across an end of that range, or "
        "cannot be had."
    )
    failed = [
        f"{r['pattern']} {r['quantity']} fails ({r['label']}). Expected: {r['note']}."
        for r in rows
        if r["verdict"] == FAIL
    ]
    return "\n".join([table_text([head, *lines], 4), "", *counts, note, *failed])


def is_unsure(row: dict[Any, Any]) -> bool:
    """Whether the interval of a quantity lies neither wholly inside nor wholly outside its target range."""
    low, high = row["low"], row["high"]
    if isnan(low) or isnan(high):
        return True
    ends = (row["target_low"], row["target_high"])
    return any(low < end < high for end in ends)


def _passed(mark: str, rows: list[dict[Any, Any]]) -> str:
    return f"{mark}: {sum(r['verdict'] != FAIL for r in rows)} of {len(rows)} quantities pass."


def target_in_words(answer: dict[Any, Any]) -> str:
    """The target as a difference: `-10% of no_exchange (-2,345 people)`."""
    size = f"{_signed(answer['target_difference'])} {answer['unit']}"
    return f"{answer['target']} of {answer['baseline']} ({size})" if answer["target"].endswith("%") else size


def _met(answer: dict[Any, Any]) -> str:
    low, high = (_beyond(answer[name]) for name in ("low", "high"))
    interval = "one replication has no interval" if isnan(answer["low"]) else f"95 % interval {low} to {high}"
    return (
        f"{answer['metric']}: the target of {target_in_words(answer)} is met at {answer['lever']} = "
        f"{answer['value']:.4g} {answer['lever_unit']} ({interval})."
    )


def _not_met(curve: pd.DataFrame, answer: dict[Any, Any]) -> str:
    """The target lies off the curve: the effect that comes nearest, or that every level goes beyond it."""
    low, high = curve["level"].min(), curve["level"].max()
    within = f"{answer['lever']} {low:g} to {high:g} {answer['lever_unit']}"
    if isnan(answer["nearest"]):
        return f"{answer['metric']}: cannot be compared with {answer['baseline']} at any level of {within}."
    best: dict[Any, Any] = curve[curve["level"] == answer["nearest"]].iloc[0].to_dict()
    target = answer["target_difference"]
    beyond = target and (best["difference"] - target) * target > 0
    verdict = "is exceeded at every level of" if beyond else "is not met within"
    size = "smallest" if beyond else "largest"
    nearest = f"the {size} effect towards it" if target else "the effect nearest to it"
    where = f"{nearest} is {_effect(best)}, at {best['level']:g}"
    return f"{answer['metric']}: the target of {target_in_words(answer)} {verdict} {within}; {where}."


def _effect(row: dict[Any, Any]) -> str:
    interval = "" if isnan(row["low"]) else f" (95 % t-interval {_signed(row['low'])} to {_signed(row['high'])})"
    return f"{_signed(row['difference'])} {row['unit']}{interval}"


def _resamples(answer: dict[Any, Any]) -> list[str]:
    if isnan(answer["never_share"]):
        return []
    if not answer["never_share"]:
        return [f"All {answer['resamples']:,} resamples of the replications meet it within these levels."]
    share = 100 * answer["never_share"]
    return [
        f"{share:.1f} % of {answer['resamples']:,} resamples of the replications never meet it within these levels."
    ]


def _saturation(answer: dict[Any, Any]) -> list[str]:
    """Where more of the lever brings no more returns; nothing if returns do not depend on it."""
    full, pace = answer["saturates_at"], amount(answer["returned_per_week"])
    if isnan(full):
        return []
    if isinf(full):
        return [f"Returns still rise at the highest level, {pace} a week there: the pipeline is nowhere saturated."]
    return [
        f"The pipeline saturates at {answer['lever']} = {full:g} {answer['lever_unit']}: {pace} returns a week there, "
        "at least 95 % of the most at any level."
    ]


def _beyond(end: float) -> str:
    """An end of an interval; those beyond the levels in words."""
    return ("below all levels" if end < 0 else "beyond all levels") if isinf(end) else f"{end:.4g}"


def _share(relative: float) -> str:
    return "–" if isnan(relative) else f"{100 * relative:+.1f}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + amount(value)
