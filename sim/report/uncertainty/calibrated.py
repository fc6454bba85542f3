"""The calibrated settings for a chart: plausible range, what the data leave likely, the value in this run."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiment.calibration.shipped import POSTERIOR, shipped_parameters
from sim.report.posterior import LEAST
from sim.report.text import short
from sim.report.uncertainty.setting_words import setting_words

if TYPE_CHECKING:
    from pathlib import Path

GUESS = "guess"
PLACES = ("q05", "q25", "median", "q75", "q95", "used")
QUARTERS = {"q25": 0.25, "q75": 0.75}


def calibrated_rows(settings: Mapping[str, Mapping[str, Any]], file: Path = POSTERIOR) -> list[dict[str, Any]]:
    """A row a setting of the shipped posterior, those that the data narrow most first; empty if none ships.

    `settings` are those of a run with what is known of them. Keys as `sim.figures.charts.uncertainty.narrowed` reads.
    """
    table = shipped_parameters()
    if table.empty or not file.is_file():
        return []
    draws, values = pd.read_parquet(file), {name: about.get("value") for name, about in settings.items()}
    carried = table[table["carried"] & table["parameter"].isin(draws.columns)]
    rows: list[dict[Any, Any]] = carried.sort_values("narrowed", ascending=False).to_dict("records")
    return [_row(row, draws[row["parameter"]], settings, used_value(row["parameter"], values)) for row in rows]


def used_value(name: str, settings: Mapping[str, Any]) -> float | None:
    """A setting's value in the run, or that of its part (`gangs.seats_per_boat.2023`); None if it has none."""
    value, (whole, _, part) = settings.get(name), name.rpartition(".")
    if value is None and isinstance(parts := settings.get(whole), Mapping):
        value = next((held for key, held in parts.items() if str(key) == part), None)
    return float(value) if isinstance(value, int | float) else None


def _row(
    row: dict[Any, Any], drawn: pd.Series, settings: Mapping[str, Mapping[str, Any]], used: float | None
) -> dict[str, Any]:
    name = str(row["parameter"])
    about = settings.get(name) or settings.get(name.rpartition(".")[0]) or {}
    guess = about.get("confidence") == GUESS
    quarters = {key: float(drawn.quantile(share)) for key, share in QUARTERS.items()}
    marks = {key: float(row[key]) for key in ("low", "high", "q05", "median", "q95")} | quarters | {"used": used}
    at = {f"at_{key}": None if marks[key] is None else _place(marks, key, row["scale"] == "log") for key in PLACES}
    words = setting_words(name)
    return {
        "label": words[:1].upper() + words[1:], "mark": " (guess)" if guess else "", "setting": name,
        "unit": row["unit"], "guess": "a guess" if guess else str(about.get("confidence") or "not known"),
        "narrowed": f"{100 * row['narrowed']:.0f} %" if row["narrowed"] >= LEAST else "next to nothing",
        **{key: None if value is None else float(f"{value:.6g}") for key, value in marks.items()}, **at,
    }  # fmt: skip


def _place(marks: Mapping[str, Any], key: str, on_log: bool) -> float:
    """Where a value lies on its plausible range, 0 to 1; beyond an end at that end."""
    low, high, value = (float(marks[each]) for each in ("low", "high", key))
    if on_log and min(low, value) > 0:
        low, high, value = log(low), log(high), log(value)
    return round(min(max((value - low) / (high - low), 0.0), 1.0), 4)


def told_calibrated(rows: list[dict[str, Any]]) -> str:
    """How many settings the data narrow, and which most, in a sentence."""
    learnt = [row for row in rows if row["narrowed"].endswith("%")]
    outside = [
        setting_words(row["setting"])
        for row in rows
        if row["used"] is not None and not row["q05"] <= row["used"] <= row["q95"]
    ]
    lie = "lies" if len(outside) == 1 else "lie"
    elsewhere = (
        f" Of the values in use {len(outside)} {lie} outside 9 in 10 draws: {', '.join(outside)}." if outside else ""
    )
    first = rows[0]
    most = f"{first['narrowed']}, median {short(first['median'])} {first['unit']}"
    return (
        f"The data narrow {len(learnt)} of {len(rows)} calibrated settings by a tenth or more, most of all "
        f"{setting_words(first['setting'])} ({most}).{elsewhere}"
    )
