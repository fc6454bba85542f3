"""Made-up folders of finished sweeps: every table that analyses and figures of a sweep read, outcomes by formula."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import qmc, t

UNITS = {
    "arrivals": "people", "deaths": "people", "returned": "people", "cost_uk_gbp": "GBP", "deterred": "people",
}  # fmt: skip
BASE = {"arrivals": 30_000.0, "deaths": 60.0, "returned": 0.0, "cost_uk_gbp": 4.0e9}
NOISE = {"arrivals": 150.0, "deaths": 4.0, "returned": 20.0, "cost_uk_gbp": 6.0e6}
PAIRED = "deterred"
EXCHANGE = "exchange.weekly_target"
Changes = Mapping[str, Any]
Outcome = Callable[[Changes, str], Mapping[str, float]]


@dataclass(frozen=True)
class Varied:
    """A varied setting as `dimensions.parquet` tells it."""

    setting: str
    low: float = 0.0
    high: float = 1.0
    kind: str = "uncertainty"
    values: tuple[Any, ...] = ()
    unit: str = "share"
    scale: str = "linear"
    whole: bool = False
    confidence: str = "guess"
    base: Any = 0.5

    def at(self, u: float) -> Any:
        """The value at a share of the range."""
        if self.values:
            return self.values[min(int(u * len(self.values)), len(self.values) - 1)]
        value = self.low + (self.high - self.low) * u
        return float(round(value)) if self.whole else value


@dataclass(frozen=True)
class Made:
    """What to make up: policies (scenario x lever row) x futures, and the outcome of a point by formula.

    `outcome(changes, source)` gives the metrics of a point; `source` is "" for the baseline. Points of one future and
    replication share their noise but for a part `own`.
    """

    dimensions: tuple[Varied, ...]
    levers: Sequence[Changes] = ({},)
    futures: Sequence[Changes] = ({},)
    sources: tuple[str, ...] = ("pilot",)
    baseline: str = "no_exchange"
    outcome: Outcome = lambda changes, source: BASE
    design: str = "grid"
    samples: int = 0
    uncertainty_design: str = ""
    uncertainty_samples: int = 0
    metric: str = "arrivals"
    aim: str = "-10%"
    replications: int = 4
    noise: Mapping[str, float] = field(default_factory=lambda: NOISE)
    own: float = 0.5
    seed: int = 1


def write_sweep(folder: Path, made: Made) -> Path:
    """Write a finished sweep's tables into the folder, which is returned; its name is the sweep's."""
    folder.mkdir(parents=True, exist_ok=True)
    points = _points(made)
    numbers = _numbers(made, points)
    tables = {
        "points": pd.DataFrame([_point_row(made, p) for p in points]),
        "dimensions": _dimensions(made),
        "runs": _runs(made, points, numbers),
        "summary": _summary(made, points, numbers),
        "sweep": _sweep(folder.name, made, len(points)),
    }
    if made.baseline:
        tables["effects"] = _effects(made, points, numbers)
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    (folder / "provenance.json").write_text(json.dumps({"command": "made up", "scenarios": {}}))
    return folder


def one_lever(folder: Path, **changes: Any) -> Path:
    """(a) A grid of one lever: weekly returns, with saturating effects."""
    levels = (0, 50, 100, 200, 500, 1000)
    lever = Varied(EXCHANGE, 0, 1000, "lever", levels, "people/week", whole=True, base=50)
    rows = [{EXCHANGE: float(level)} for level in levels]
    return write_sweep(folder, replace(Made((lever,), rows, outcome=exchange), **changes))


def two_levers(folder: Path, **changes: Any) -> Path:
    """(b) A grid of a numeric and a word lever, for two scenarios."""
    target = Varied(EXCHANGE, 0, 1000, "lever", (0, 50, 200, 1000), "people/week", whole=True, base=50)
    lot = Varied("exchange.selection", values=("lottery", "first_come", "families_first"), kind="lever", unit="",
                 low=float("nan"), high=float("nan"), base="lottery")  # fmt: skip
    rows = [{EXCHANGE: float(a), "exchange.selection": b} for a, b in product(target.values, lot.values)]
    made = Made((target, lot), rows, sources=("pilot", "patrols_doubled"), outcome=exchange)
    return write_sweep(folder, replace(made, **changes))


def known_box(folder: Path, futures: int = 200, **changes: Any) -> Path:
    """(c) Latin hypercube of ten uncertainties x three policies: `pilot` fails where x0 > 0.6, x1 < 0.5, x2 > 0.3."""
    settings = tuple(Varied(f"beliefs.x{i}", unit="share", confidence="guess" if i % 2 else "ok") for i in range(10))
    draws = qmc.LatinHypercube(10, rng=np.random.default_rng(3)).random(futures)
    rows = [{d.setting: d.at(u) for d, u in zip(settings, draw, strict=True)} for draw in draws]
    made = Made(
        settings, futures=rows, sources=("pilot", "patrols_doubled", "both"), outcome=boxed, design="", samples=0,
        uncertainty_design="lhs", uncertainty_samples=futures,
    )  # fmt: skip
    return write_sweep(folder, replace(made, **changes))


def ishigami(folder: Path, base: int = 512, second_order: bool = False, **changes: Any) -> Path:
    """(d) Saltelli's design for the Ishigami function (a = 7, b = 0.1), without baseline and, by default, noise."""
    from SALib.sample import sobol

    settings = tuple(Varied(f"market.x{i}", -np.pi, np.pi, base=0.0) for i in (1, 2, 3))
    problem = {"num_vars": 3, "names": ["1", "2", "3"], "bounds": [[-np.pi, np.pi]] * 3}
    draws = sobol.sample(problem, base, calc_second_order=second_order, seed=5)
    rows = [{d.setting: float(x) for d, x in zip(settings, draw, strict=True)} for draw in draws]

    def outcome(changes: Changes, source: str) -> Mapping[str, float]:
        x1, x2, x3 = (changes[f"market.x{i}"] for i in (1, 2, 3))
        return {"arrivals": float(np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))}

    made = Made(settings, futures=rows, baseline="", outcome=outcome, design="", uncertainty_design="saltelli",
                uncertainty_samples=base, aim="", replications=2, noise={"arrivals": 0.0})  # fmt: skip
    return write_sweep(folder, replace(made, **changes))


def morris(folder: Path, trajectories: int = 20, **changes: Any) -> Path:
    """(e) Morris trajectories for a linear outcome: 100, -50, 10 and 0 people over the range of each setting."""
    from SALib.sample import morris as sampled

    settings = tuple(Varied(f"traffic.x{i}", 0, 10, "lever", base=5.0) for i in range(4))
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 10]] * 4}
    draws = sampled.sample(problem, trajectories, num_levels=4, seed=7)
    rows = [{d.setting: float(x) for d, x in zip(settings, draw, strict=True)} for draw in draws]

    def outcome(changes: Changes, source: str) -> Mapping[str, float]:
        weights = zip((100.0, -50.0, 10.0, 0.0), settings, strict=True)
        moved = sum(w * changes[d.setting] / 10 for w, d in weights) if source else 0.0
        return {**BASE, "arrivals": BASE["arrivals"] + moved}

    made = Made(settings, rows, outcome=outcome, design="morris", samples=trajectories,
                noise=dict.fromkeys(NOISE, 0.0))  # fmt: skip
    return write_sweep(folder, replace(made, **changes))


def one_at_a_time(folder: Path, **changes: Any) -> Path:
    """(f) One setting at a time: the scenario itself, then each setting at the low and high end of its range."""
    target = Varied(EXCHANGE, 0, 1000, "lever", unit="people/week", whole=True, base=50.0)
    belief = Varied("beliefs.announced_weight", 0, 1, "lever", base=0.5)
    reply = Varied("exchange.french_reply_days", 3, 28, "lever", unit="days", confidence="ok", base=14.0)
    settings = (target, belief, reply)
    base = {d.setting: d.base for d in settings}
    rows = [base, *({**base, d.setting: float(end)} for d in settings for end in (d.low, d.high))]
    made = Made(settings, rows, outcome=exchange, design="oat")
    return write_sweep(folder, replace(made, **changes))


def exchange(changes: Changes, source: str) -> Mapping[str, float]:
    """Outcomes of an exchange: effects saturate in the weekly target; beliefs, days to reply and patrols matter too."""
    if not source:
        return BASE
    target = float(changes.get(EXCHANGE, 50.0))
    strength = 0.5 + float(changes.get("beliefs.announced_weight", 0.5))
    slow = 1 - (float(changes.get("exchange.french_reply_days", 14.0)) - 14) / 60
    fair = {"lottery": 1.0, "first_come": 0.8}.get(changes.get("exchange.selection", "lottery"), 0.6)
    returned = 40 * target**0.8 * slow
    avoided = 9_000 * strength * fair * returned / (returned + 6_000) + (700 if source == "patrols_doubled" else 0)
    return {
        "arrivals": BASE["arrivals"] - avoided,
        "deaths": BASE["deaths"] - avoided / 450 + (5 if source == "patrols_doubled" else 0),
        "returned": returned,
        "cost_uk_gbp": BASE["cost_uk_gbp"] + 18_000 * returned - 12_000 * avoided,
    }


def boxed(changes: Changes, source: str) -> Mapping[str, float]:
    """`pilot` meets an aim of -10 % but in a box of three settings; `both` does everywhere, other policies nowhere."""
    inside = changes["beliefs.x0"] > 0.6 and changes["beliefs.x1"] < 0.5 and changes["beliefs.x2"] > 0.3
    share = {"": 0.0, "pilot": 0.04 if inside else 0.16, "both": 0.2}.get(source, 0.02 + 0.05 * changes["beliefs.x3"])
    level = BASE["arrivals"] * (0.8 + 0.4 * changes["beliefs.x4"])
    avoided = share * level
    return {
        "arrivals": level - avoided, "deaths": level / 500 - avoided / 450, "returned": avoided / 4,
        "cost_uk_gbp": level * 130_000 + 6_000 * avoided,
    }  # fmt: skip


@dataclass(frozen=True)
class _Point:
    index: int
    name: str
    source: str
    row: int
    future: int
    changes: Changes
    base: int  # the point it is paired with; -1 for a baseline or without one


def _points(made: Made) -> list[_Point]:
    """For each future its baseline, then each scenario with each lever row."""
    found: list[_Point] = []
    for f, states in enumerate(made.futures):
        base = len(found) if made.baseline else -1
        if made.baseline:
            found.append(_Point(base, _name(made.baseline, -1, f), "", -1, f, states, -1))
        for source, (r, levers) in product(made.sources, enumerate(made.levers)):
            changes = {**levers, **states}
            found.append(_Point(len(found), _name(source, r, f), source, r, f, changes, base))
    return found


def _name(source: str, row: int, future: int) -> str:
    return f"{source} f{future}" if row < 0 else f"{source} r{row} f{future}"


def _numbers(made: Made, points: Sequence[_Point]) -> dict[str, npt.NDArray[np.float64]]:
    """Each metric of each point (rows) and replication (columns)."""
    rng = np.random.default_rng(made.seed)
    means = [made.outcome(p.changes, p.source) for p in points]
    futures = np.array([p.future for p in points])
    found = {}
    for metric in means[0]:
        shared = rng.standard_normal((len(made.futures), made.replications))[futures]
        noise = shared + made.own * rng.standard_normal(shared.shape)
        found[metric] = np.array([m[metric] for m in means])[:, None] + made.noise.get(metric, 0.0) * noise
    return found


def _point_row(made: Made, point: _Point) -> dict[str, Any]:
    head = {
        "point": point.index, "name": point.name, "source": point.source or made.baseline, "row": max(point.row, 0),
        "future": point.future, "baseline": not point.source,
    }  # fmt: skip
    changes = {d.setting: point.changes.get(d.setting) for d in made.dimensions}
    hashes = {"scenario_hash": f"{point.index:016x}", "baseline_hash": f"{point.base:016x}" if point.base >= 0 else ""}
    return {**head, **changes, **hashes, "replications": made.replications}


def _dimensions(made: Made) -> pd.DataFrame:
    rows = [
        {
            "setting": d.setting, "kind": d.kind, "unit": d.unit, "low": d.low, "high": d.high,
            "values": " | ".join(map(str, d.values)), "scale": d.scale, "whole": d.whole, "confidence": d.confidence,
            "base": str(d.base),
        }
        for d in made.dimensions
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _runs(made: Made, points: Sequence[_Point], numbers: Mapping[str, npt.NDArray[np.float64]]) -> pd.DataFrame:
    n, each = len(points), made.replications
    table = pd.DataFrame({
        "point": np.repeat([p.index for p in points], each),
        "scenario": np.repeat([p.name for p in points], each),
        "replication": np.tile(np.arange(each), n),
        **{metric: values.ravel() for metric, values in numbers.items()},
    })  # fmt: skip
    if "arrivals" in numbers:
        table[PAIRED] = -_paired(points, numbers["arrivals"]).ravel()
    facts = {"seed": made.seed, "wall_s": 1.0, "events": 1000}
    hashes = {"scenario_hash": np.repeat([f"{p.index:016x}" for p in points], each), "code_hash": "0" * 16}
    return table.assign(**facts, **hashes)


def _paired(points: Sequence[_Point], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Differences to the baseline of the same future; missing for baselines and without one."""
    base = np.array([p.base for p in points])
    return np.where(base[:, None] >= 0, values - values[base], np.nan)


def _interval(values: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
    n = values.shape[1]
    half = t.ppf(0.975, n - 1) * values.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(values), np.nan)
    mean = values.mean(axis=1)
    return {"mean": mean, "low": mean - half, "high": mean + half}


def _summary(made: Made, points: Sequence[_Point], numbers: Mapping[str, npt.NDArray[np.float64]]) -> pd.DataFrame:
    parts = [
        pd.DataFrame({**_named(points, metric), **_interval(values), "replications": made.replications})
        for metric, values in numbers.items()
    ]
    return pd.concat(parts).sort_values("point", kind="stable")


def _effects(made: Made, points: Sequence[_Point], numbers: Mapping[str, npt.NDArray[np.float64]]) -> pd.DataFrame:
    policies = [p for p in points if p.base >= 0]
    parts = []
    for metric, values in numbers.items():
        mine, base = (values[[getattr(p, name) for p in policies]] for name in ("index", "base"))
        found = _interval(mine - base)
        below = base.mean(axis=1)
        relative = np.divide(found["mean"], below, out=np.full(len(below), np.nan), where=below != 0)
        named = _named(policies, metric)
        named["baseline"] = [points[p.base].name for p in policies]
        named |= {"difference": found["mean"], "low": found["low"], "high": found["high"], "relative": relative}
        parts.append(pd.DataFrame({**named, "replications": made.replications}))
    return pd.concat(parts).sort_values("point", kind="stable")


def _named(points: Iterable[_Point], metric: str) -> dict[str, Any]:
    kept = list(points)
    return {
        "point": [p.index for p in kept], "scenario": [p.name for p in kept], "metric": metric, "unit": UNITS[metric],
    }  # fmt: skip


def _sweep(name: str, made: Made, points: int) -> pd.DataFrame:
    facts = {
        "name": name, "question": "What if?", "scenarios": " | ".join(made.sources), "baseline": made.baseline,
        "design": made.design, "samples": made.samples, "uncertainty_design": made.uncertainty_design,
        "uncertainty_samples": made.uncertainty_samples, "metric": made.metric, "metric_unit": UNITS[made.metric],
        "aim_metric": made.metric if made.aim else "", "aim_unit": UNITS[made.metric] if made.aim else "",
        "aim_target": made.aim, "precision": "", "seed": made.seed, "points": points,
        "runs": points * made.replications, "computed": points * made.replications, "reused": 0,
    }  # fmt: skip
    return pd.DataFrame([facts])
