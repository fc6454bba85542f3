"""Observed against simulated, over the simulated days that have been observed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report.text import amount, true_minus

if TYPE_CHECKING:
    from sim.experiment.results import Results

OBSERVED = Path(__file__).resolve().parents[2] / "data" / "arrivals_daily.csv"
FEWEST_DAYS = 90


def fit(results: Results) -> list[list[str]]:
    """Observed against simulated, over the simulated days that have been observed; empty if they are few."""
    daily, base = results.table("daily"), results.provenance["baseline"]
    mine = daily[daily["scenario"] == (base or daily["scenario"].iloc[0])]
    seen = pd.read_csv(OBSERVED)
    seen = seen[seen["date"].isin(set(mine["date"]))]
    if len(seen) < FEWEST_DAYS:
        return []
    mine = mine[mine["date"].isin(set(seen["date"]))]
    real = quantities(seen["people"].to_numpy(float), seen["boats"].to_numpy(float))
    runs = [
        quantities(run["arrivals"].to_numpy(float), run["boats_arrived"].to_numpy(float))
        for _, run in mine.groupby("replication")
    ]
    return [
        [name, *(amount(v) for v in (value, float(np.mean(each)), min(each), max(each)))]
        for name, value in real.items()
        for each in [[run[name] for run in runs]]
    ]


def misfit(rows: list[list[str]]) -> str:
    """What the first row of `fit` comes to, in a sentence; empty without one."""
    if not rows:
        return ""
    name, real, mean, low, high = rows[0]
    real_, mean_, low_, high_ = (float(text.replace(",", "")) for text in (real, mean, low, high))
    away = 100 * (mean_ - real_) / real_
    outside = "" if low_ <= real_ <= high_ else ", which is outside all replications"
    return (
        f"Over the observed days of the run the model has {mean} {name.replace(' (people)', '')} in the mean "
        f"({low} to {high}), against {real} in reality{outside} ({true_minus(f'{away:+.0f} %')}). Paired differences "
        "suffer less from this than levels do, but a policy may do more or less in a busier year."
    )


def quantities(people: Any, boats: Any) -> dict[str, float]:
    """What a series of days looks like."""
    crossing = people[people > 0]
    return {
        "arrivals (people)": people.sum(),
        "share of days with arrivals": len(crossing) / len(people),
        "median crossing day (people)": float(np.median(crossing)) if len(crossing) else 0.0,
        "90th percentile of a crossing day (people)": float(np.quantile(crossing, 0.9)) if len(crossing) else 0.0,
        "people per boat": people.sum() / max(boats.sum(), 1.0),
    }
