"""A made-up results folder of a calibration: thirty parameters and a hundred summaries, none from any model."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats

SECTIONS = ("theatre.weather", "gangs", "passage", "migrants", "beliefs")
NAMES = ("persistence", "nightly_boats_at_most", "turn_back_share", "benefit_gbp", "announced_weight", "spread")
KINDS = {
    "crossing_days": (10, "share of days"), "crossing_day_quantiles": (9, "people a crossing day"),
    "people_per_boat": (10, "people/boat"), "prevented": (2, "people"), "deaths": (3, "people"),
    "group_shares": (20, "share of arrivals"), "red_days": (2, "share of days"),
}  # fmt: skip
QUANTILES = {"q025": -1.96, "q05": -1.64, "q25": -0.67, "q50": 0.0, "q75": 0.67, "q95": 1.64, "q975": 1.96}


def calibration(folder: Path, parameters: int = 30, draws: int = 400) -> Path:
    """Write `draws`, `parameters` and `summaries`; parameters are narrowed from 85 % down to not at all."""
    random = np.random.default_rng(1)
    names = [f"{SECTIONS[i % 5]}.{NAMES[i % 6]}" for i in range(parameters - 1)] + ["inflow_2022_h1"]
    shrunk = np.linspace(0.85, -0.02, parameters)
    unit = np.column_stack([_draws(random, share, draws) for share in shrunk])
    scales = ["log" if i % 4 == 1 else "linear" for i in range(parameters)]
    low, high = 10.0 ** (np.arange(parameters) % 5 - 1), 10.0 ** (np.arange(parameters) % 5 + 1)
    log = np.array(scales) == "log"
    values = np.where(log, low * (high / low) ** unit, low + (high - low) * unit)
    table = pd.DataFrame(values, columns=names)
    table.to_parquet(folder / "draws.parquet", index=False)
    q05, median, q95 = table.quantile([0.05, 0.5, 0.95]).to_numpy()
    pd.DataFrame({
        "parameter": names, "setting": names, "unit": "share of launches", "low": low, "high": high, "scale": scales,
        "base": [*((low + high) / 2)[:-1], np.nan], "median": median, "q05": q05, "q95": q95,
        "narrowed": 1 - unit.std(axis=0) * np.sqrt(12), "informed_by": "arrivals 51 %, crossing days 30 %",
        "carried": [*[True] * (parameters - 1), False],
    }).sample(frac=1, random_state=1).to_parquet(folder / "parameters.parquet", index=False)  # fmt: skip
    pd.concat([_monthly("arrivals", 3000.0, "people"), _monthly("boats", 70.0, "boats"), *_others()]).to_parquet(
        folder / "summaries.parquet", index=False
    )
    pd.DataFrame({"predictive": [100]}).to_parquet(folder / "calibration.parquet", index=False)
    return folder


def _draws(random: np.random.Generator, share: float, count: int) -> Floats:
    if share < 0.1:
        return np.asarray(random.random(count))
    found = 0.3 + (1 - share) / np.sqrt(12) * random.standard_normal(count)
    return np.asarray(np.clip(found, 0.001, 0.999))


def _monthly(kind: str, level: float, unit: str) -> pd.DataFrame:
    starts = pd.date_range("2022-01-01", periods=30, freq="MS")
    middle = level * (1 + 0.7 * np.sin((starts.month - 5) / 6 * np.pi)) + level * 0.05
    noise = np.random.default_rng(len(kind)).standard_normal(30)
    labels = [f"{kind}, {start:%b %Y}" for start in starts]
    return _table(kind, labels, unit, middle, 0.35, noise, [start.date().isoformat() for start in starts])


def _others() -> list[pd.DataFrame]:
    found = []
    for kind, (count, unit) in KINDS.items():
        noise = np.random.default_rng(count).standard_normal(count)
        labels = [f"{kind.replace('_', ' ')}, Jan {2022 + i % 3} to Mar {2022 + i % 3}" for i in range(count)]
        found.append(_table(kind, labels, unit, np.linspace(0.3, 0.6, count), 0.1, noise, [None] * count))
    return found


def _table(
    kind: str, labels: list[str], unit: str, middle: Floats, spread: float, noise: Floats, starts: list[str | None]
) -> pd.DataFrame:
    middle = np.asarray(middle, dtype=float)
    after = {name: middle * np.exp(spread * z) for name, z in QUANTILES.items()}
    before = {f"prior_{name}": middle * 1.2 * np.exp(3 * spread * QUANTILES[name]) for name in ("q05", "q50", "q95")}
    return pd.DataFrame({
        "summary": [f"{kind}_{i}" for i in range(len(labels))], "kind": kind, "label": labels, "start": starts,
        "unit": unit, "observed": middle * np.exp(spread * noise), "fitted": kind not in {"prevented", "deaths"},
        **before, **after, "z": noise, "skill": 0.6, "discrepancy": 0.1,
    })  # fmt: skip
