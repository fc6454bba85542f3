"""Answers that lie beside a run's folder: what moves it one setting at a time, and what it would take."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.experiment.results import Results
from sim.figures.breakeven import finding
from sim.figures.charts.uncertainty import ENDS, one_at_a_time
from sim.report.resolved import scenario_hashes
from sim.report.text import amount, short, true_minus
from sim.report.uncertainty.setting_words import setting_words

if TYPE_CHECKING:
    from pathlib import Path

MOST = 15  # settings in the chart; the table holds them all
GUESS = "guess"
HEAD = [
    "setting",
    "unit",
    "in the scenario",
    "confidence",
    "low end",
    "high end",
    "difference at low",
    "at high",
    "swing",
]


def beside(results: Results, kind: str, policies: list[str]) -> Results | None:
    """The answer `<run>_<kind>` or `<policy>_<kind>` beside a run, if it is of the same scenario; else None."""
    hashes = scenario_hashes(results)
    mine = {hashes[name] for name in policies if name in hashes}
    folder = results.folder.resolve()
    for name in dict.fromkeys([folder.name, *policies]):
        place = folder.with_name(f"{name}_{kind}")
        if _is_whole(place, kind) and mine & set(scenario_hashes(Results(place)).values()):
            return Results(place)
    return None


def _is_whole(place: Path, kind: str) -> bool:
    return all((place / name).is_file() for name in ("provenance.json", f"{kind}.parquet"))


def stale(results: Results, found: Results) -> str:
    """A warning if an answer was made with another version of the model's code; else nothing."""
    same = results.provenance.get("code_hash") == found.provenance.get("code_hash")
    return "" if same else "It was made with another version of the model's code than this run."


def tornado(results: Results, policies: list[str]) -> dict[str, Any] | None:
    """Chart, table and words of a tornado beside the run; None if there is none of this scenario."""
    found = beside(results, "tornado", policies)
    if found is None:
        return None
    rows: list[dict[Any, Any]] = found.table("tornado").to_dict("records")
    first, names = rows[0], list(dict.fromkeys(row["setting"] for row in rows))
    shown = [end_of_bar(row) for row in rows if row["setting"] in names[:MOST]]
    n = first["replications"]
    told = (
        f"{len(names)} settings, each at both ends of its plausible range with all else as in the scenario: means over "
        f"{n} pairs of replications. {amount(first['base_mean'])} {first['metric_unit']} {_words(first['metric'])} in "
        f"the scenario itself; {setting_words(first['setting'])} moves it most, by {amount(first['swing'])}."
    )
    axis = f"Difference in {_words(first['metric'])}, {first['metric_unit']}"
    by_setting = [[row for row in rows if row["setting"] == name] for name in names]
    return {
        "told": told, "stale": stale(results, found), "rows": [HEAD, *map(_line, by_setting)],
        "chart": one_at_a_time(shown, axis), "command": found.provenance["command"],
    }  # fmt: skip


def end_of_bar(row: dict[Any, Any], start: float = 0.0) -> dict[str, Any]:
    """One end of one setting for the chart, its bar beginning at `start`; what is not known is left out."""
    low_end, high_end = ENDS
    moved = {name: start + row[name] for name in ("difference", "low", "high")}
    numbers = {"value": row["value"], "base_value": row["base_value"], **moved}
    words, guess = setting_words(row["setting"]), row["confidence"] == GUESS
    return {
        "label": words[:1].upper() + words[1:], "mark": " (guess)" if guess else "", "setting": row["setting"],
        "unit": row["unit"], "end": low_end if row["end"] == "low" else high_end,
        "guess": "a guess" if guess else row["confidence"],
        **{name: float(f"{value:.6g}") if not isnan(value) else None for name, value in numbers.items()},
    }  # fmt: skip


def _line(ends: list[dict[Any, Any]]) -> list[str]:
    """Both ends of a setting as one row of text."""
    by_end = {row["end"]: row for row in ends}
    low, high, first = by_end.get("low"), by_end.get("high"), ends[0]
    values = [short(row["value"]) if row else "–" for row in (low, high)]
    changes = [_difference(row) if row else "–" for row in (low, high)]
    guess = "guess" if first["confidence"] == GUESS else first["confidence"]
    base = short(first["base_value"])
    return [first["setting"], first["unit"], base, guess, *values, *changes, amount(first["swing"])]


def _difference(row: dict[Any, Any]) -> str:
    interval = "" if isnan(row["low"]) else f" ({amount(row['low'])} to {amount(row['high'])})"
    return true_minus(f"{amount(row['difference'])}{interval}")


def breakeven(results: Results, policies: list[str]) -> dict[str, str] | None:
    """What a break-even beside the run found, in words; None if there is none of this scenario."""
    found = beside(results, "breakeven", policies)
    if found is None or not (found.folder / "breakeven_answer.parquet").is_file():
        return None
    answer: dict[Any, Any] = found.table("breakeven_answer").iloc[0].to_dict()
    where = finding(found.table("breakeven").sort_values("level"), answer)
    asked = f"What would it take for {_words(answer['metric'])} to change by {answer['target']}? "
    return {"told": true_minus(asked + where.replace("_", " ")), "stale": stale(results, found)}


def _words(name: str) -> str:
    return name.replace("_", " ")
