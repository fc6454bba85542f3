"""The calibration that ships, for the page: how well the model is fitted, and what the data cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.calibration.fit import covered
from sim.experiment.calibration.shipped import PARAMETERS, SUMMARIES
from sim.report.posterior import LEAST
from sim.report.text import short
from sim.report.uncertainty.calibrated import used_value
from sim.report.uncertainty.setting_words import setting_words

ROLLING = PARAMETERS.with_name("rolling.csv")
FORECAST, POOLED = "forecast", "all"  # the model among its rivals, and the row of all origins together
FAR = 2.5  # standard deviations from which a summary is named as not met
MOST_TOLD = 8
NARROW = "\N{NO-BREAK SPACE}%"  # keeps a number and its per cent on one line of a narrow column
DECIDES = {
    "beliefs.announced_weight": "whether an announcement deters, or only returns that happen",
    "migrants.return_loss_gbp": "how much a given chance of return deters",
    "migrants.benefit_spread": "how many people are near enough to giving up for a policy to turn them",
}
"""What settings that policies act through decide; of those the data say nothing of they are told first."""
LEARNT_HEAD, SILENT_HEAD = (
    ["setting, unit", "narrowed", third, "in this run", "median (90 % range)", "plausible range"]
    for third in ("told by", "decides")
)
ROLLING_HEAD = [
    "known before", "model", "months", "CRPS, people a month", "over the best rival", "bias, people a month",
    "within 50 %", "80 %", "90 %",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The tables of the shipped calibration as they lie on disk; those that do not ship are empty."""

    parameters: pd.DataFrame = field(default_factory=pd.DataFrame)
    summaries: pd.DataFrame = field(default_factory=pd.DataFrame)
    rolling: pd.DataFrame = field(default_factory=pd.DataFrame)


def read_calibrated() -> Calibrated:
    """What ships."""
    return Calibrated(*map(_read, (PARAMETERS, SUMMARIES, ROLLING)))


def _read(file: Path) -> pd.DataFrame:
    return pd.read_csv(file) if file.is_file() else pd.DataFrame()


def fitted(found: Calibrated, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page says of the calibration; None if none ships. `settings` are the run's values by name.

    Tables are rows of text, the head first, and empty where there is nothing to tell.
    """
    if all(table.empty for table in (found.parameters, found.summaries, found.rolling)):
        return None
    parts: dict[str, Any] = {
        "told": _told(found.summaries),
        "learnt": [],
        "silent": [],
        "elsewhere": [],
        "counts": None,
    }
    if not found.parameters.empty:
        parts |= _of_settings(found.parameters[found.parameters["carried"]], settings)
    return {**parts, **_rolling(found.rolling)}


def _told(summaries: pd.DataFrame) -> list[str]:
    """How many of the fitted summaries runs with draws of the posterior meet, and which they miss by far."""
    if summaries.empty:
        return []
    used = summaries[summaries["fitted"]]
    inside, count = covered(used)
    missed = used[used["z"].abs() > FAR]
    of_missed = f"Missed by more than {FAR} standard deviations: {', '.join(missed['label'])}." if len(missed) else ""
    text = (
        f"Fitted to {count} summaries of the Channel from {used['start'].min()} to {used['end'].max()}: {inside} of "
        f"them ({inside / count:.0%}) lie within 90 % of runs with draws of the posterior.".replace("%)", " %)")
    )
    return [text, *([of_missed] if of_missed else [])]


def _of_settings(carried: pd.DataFrame, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the data narrow most, those they say nothing of, and those that the run has elsewhere."""
    rows: list[dict[Any, Any]] = carried.sort_values("narrowed", ascending=False).to_dict("records")
    learnt = [row for row in rows if row["narrowed"] >= LEAST]
    silent = sorted((row for row in rows if row["narrowed"] < LEAST), key=_rank)
    used = {row["parameter"]: used_value(row["parameter"], settings) for row in rows}
    outside = [row for row in rows if _is_outside(row, used[row["parameter"]])]
    return {
        "learnt": [LEARNT_HEAD, *(_row(row, used, row["informed_by"]) for row in learnt[:MOST_TOLD])],
        "silent": [SILENT_HEAD, *(_row(row, used, DECIDES.get(row["parameter"], "")) for row in silent)],
        "counts": (len(learnt), len(rows)),
        "elsewhere": [setting_words(row["parameter"]) for row in outside],
    }


def _rank(row: dict[Any, Any]) -> tuple[int, float]:
    """Those that policies act through first, in their order; then those that the data tell least of."""
    names = list(DECIDES)
    place = names.index(row["parameter"]) if row["parameter"] in DECIDES else len(names)
    return place, row["narrowed"]


def _is_outside(row: dict[Any, Any], used: float | None) -> bool:
    return used is not None and not row["q05"] <= used <= row["q95"]


def _row(row: dict[Any, Any], used: Mapping[str, float | None], third: str) -> list[str]:
    """The cells of a setting; `third` says what tells of it, or what it decides."""
    name, value = str(row["parameter"]), used[row["parameter"]]
    words = setting_words(name)
    return [
        f"{words[:1].upper()}{words[1:]} ({name}), {row['unit']}", f"{100 * row['narrowed']:.0f} %",
        str(third).replace(" %", NARROW), "–" if value is None else short(value),
        f"{short(row['median'])} ({_between(row['q05'], row['q95'])})", _between(row["low"], row["high"]),
    ]  # fmt: skip


def _between(low: float, high: float) -> str:
    return f"{short(low)} to {short(high)}"


def _rolling(rolling: pd.DataFrame) -> dict[str, Any]:
    """The scores of forecasts from past days, pooled first, and what they come to in a sentence."""
    if rolling.empty:
        return {"rolling": [], "rolling_told": ""}
    pooled = rolling["origin"].astype(str) == POOLED
    rows: list[dict[Any, Any]] = pd.concat([rolling[pooled], rolling[~pooled]]).to_dict("records")
    mine = next((row for row in rows if row["model"] == FORECAST), None)
    return {"rolling": [ROLLING_HEAD, *map(_scores, rows)], "rolling_told": _verdict(mine) if mine else ""}


def _verdict(mine: dict[Any, Any]) -> str:
    """How the forecast does against the best rival, picked in hindsight, and how honest its 90 % interval is."""
    better = "better" if mine["ratio"] < 1 else "no better"
    return (
        f"Forecasts of months that were not known then: {better} than the best of the rivals, picked in hindsight "
        f"(CRPS {short(mine['ratio'])} of its); {100 * mine['coverage_90']:.0f} % of the months lie within 90 %."
    )


def _scores(row: dict[Any, Any]) -> list[str]:
    origin = "all together" if str(row["origin"]) == POOLED else str(row["origin"])
    shares = [f"{100 * row[f'coverage_{percent}']:.0f} %" for percent in (50, 80, 90)]
    numbers = [short(row[name]) for name in ("crps", "ratio", "bias")]
    return [origin, str(row["model"]).replace("_", " "), str(row["months"]), *numbers, *shares]
