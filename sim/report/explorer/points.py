"""What the sweep explorer shows of a sweep: its points with their settings, and every outcome with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10
from typing import Any

import numpy as np
import pandas as pd
from pyarrow.parquet import read_schema
from ruamel.yaml import YAML

from sim.experiment.intervals import mean_intervals
from sim.experiment.results import Results
from sim.figures.run import has
from sim.figures.sweep import AS_THEY_ARE, Swept, fails, outcomes, plausible_points, read_sweep, scaled, words
from sim.metrics import outcome_metrics, paired_metrics

ALWAYS = (
    "arrivals",
    "deaths",
    "lorry_deaths",
    "cost_uk_gbp",
    "returned",
    "deterred",
    "attempts",
)  # said of every sweep that has them
IN_SHARES = ("arrivals",)  # outcomes that are also shown as a share of the baseline; deaths are too few for that
MOST_NUMBERS = 900_000  # of outcomes on a page: some 7 MB; a sweep of more points shows fewer outcomes
DIGITS = 6
SEA, LORRY, TOGETHER = "deaths", "lorry_deaths", "deaths_together"
ENDS = ["value", "low", "high"]
PER_CENT = "% of the baseline"
TITLES = {
    SEA: "Deaths at sea", LORRY: "Deaths by lorry", TOGETHER: "Deaths at sea and by lorry",
    "cost_fr_gbp": "Cost to France", "cost_returns_gbp": "Cost to the UK of returns",
    "cost_admissions_gbp": "Cost to the UK of admissions", "cost_exchange_fr_gbp": "Cost to France of the exchange",
    "cost_per_return_gbp": "Cost to the UK of each return",
    "cost_per_admission_gbp": "Cost to the UK of each admission",
    "cost_per_arrival_avoided_gbp": "Cost to the UK of each arrival avoided",
    "p90_days_to_return": "Days to return, 90th percentile", "median_days_to_return": "Days to return, median",
    "ledger_gap_max": "Largest gap between returns and admissions", "deaths_per_1000": "Deaths per 1,000 arrivals",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of every point: `value`, `low`, `high` in `unit` (money may be in millions), as long as the points.

    `own` marks an outcome that is the metric itself, not a difference to the baseline.
    """

    name: str
    title: str
    unit: str
    own: bool
    values: pd.DataFrame

    @property
    def known(self) -> bool:
        """Whether any point has it."""
        return bool(self.values["value"].notna().any())


@dataclass(frozen=True, slots=True)
class Aim:
    """What a point is to reach: the `metric`, the `target` as it was given; `meets` and `clear` as long as the points.

    `clear` says of which points the whole interval lies beyond the target. `lines` says where the target lies on the
    axis of an outcome, for those where it is the same for all points.
    """

    metric: str
    target: str
    meets: pd.Series
    clear: pd.Series
    lines: dict[str, float]


@dataclass(frozen=True, slots=True)
class Explored:
    """A sweep as the page shows it: `points` has a row a combination and future that has an outcome, never one a run.

    Its columns are those of `points.parquet`; settings that a row leaves alone have the scenario's own value.
    `told` is what `scenario.yaml` says, empty without one.
    """

    results: Results
    swept: Swept
    points: pd.DataFrame
    outcomes: tuple[Outcome, ...]
    aim: Aim | None
    told: dict[str, Any]

    @property
    def headline(self) -> Outcome:
        """The outcome that the sweep is about; as a share of the baseline where the level differs between futures."""
        relative = f"{self.swept.metric}_relative"
        shares = self.swept.futures > 1 and any(each.name == relative for each in self.outcomes)
        return self.outcome(relative if shares else self.swept.metric)

    def outcome(self, name: str) -> Outcome:
        """The outcome of a name."""
        return next(each for each in self.outcomes if each.name == name)

    def names(self) -> set[str]:
        """The names of all outcomes on the page."""
        return {each.name for each in self.outcomes}


def read_explored(results: Results) -> Explored:
    """The sweep in this folder."""
    swept = read_sweep(results)
    points = outcomes(results, swept.metric).reset_index(drop=True)
    every = results.table("points")
    base = every[every["baseline"].astype(bool)].drop_duplicates("future").set_index("future")["point"]
    points = points.assign(baseline_point=points["future"].map(base))
    chosen = _chosen(results, swept, len(points))
    effects, levels = (_rows(results, name, chosen) for name in ("effects", "summary"))
    found: list[Outcome] = []
    for metric in chosen:
        one = _outcome(swept, metric, points, effects, levels)
        if one is not None and one.known:
            found += [one, *_in_shares(one, metric, points, effects, levels)]
            found += _together(results, swept, points) if metric == LORRY and SEA in chosen else []
    aim = _aim(swept, points, effects, levels)
    if aim:
        aim = replace(aim, lines={each.name: aim.lines[each.name] for each in found if each.name in aim.lines})
    return Explored(results, swept, points, tuple(found), aim, _told(results))


def _told(results: Results) -> dict[str, Any]:
    path = results.folder / "scenario.yaml"
    found: dict[str, Any] = (YAML(typ="safe").load(path) if path.exists() else None) or {}
    return found


def rounded(values: pd.Series) -> list[float | int | None]:
    """Numbers to six significant digits for JSON; None where there is none.

    >>> rounded(pd.Series([1234567.8, 0.0001234567, float("nan"), -3.0]))
    [1234570, 0.000123457, None, -3]
    """
    return [_short(float(value)) for value in values]


def _short(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    places = DIGITS - 1 - int(np.floor(log10(abs(value)))) if value else 0
    near = round(value, places)
    return int(near) if near == int(near) else near


def _chosen(results: Results, swept: Swept, points: int) -> list[str]:
    """The metrics on the page, those that matter most first: all but details, or as many as there is room for."""
    known = set(pd.read_parquet(results.folder / "summary.parquet", columns=["metric"])["metric"])
    first = [swept.metric, str(swept.facts["aim_metric"] or ""), *ALWAYS]
    others = [metric.name for metric in [*outcome_metrics(), *paired_metrics()] if not metric.detail]
    names = [name for name in dict.fromkeys([*first, *others]) if name in known]
    return names[: max(len(ALWAYS), MOST_NUMBERS // (3 * max(points, 1)))]


def _rows(results: Results, table: str, metrics: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The rows of a table of outcomes by metric, indexed by point; nothing if there is no such table."""
    if not has(results, table):
        return {}
    rows = pd.read_parquet(results.folder / f"{table}.parquet", filters=[("metric", "in", list(metrics))])
    rows = rows.rename(columns={"difference": "value", "mean": "value"})
    return {str(metric): mine.set_index("point") for metric, mine in rows.groupby("metric", sort=False)}


def _outcome(
    swept: Swept, metric: str, points: pd.DataFrame, effects: dict[str, Any], levels: dict[str, Any]
) -> Outcome | None:
    """Differences where there are any, else the metric itself; None if it is the same at every point."""
    own = not swept.compared
    table = levels.get(metric) if own else effects.get(metric)
    if table is None or (not own and table["value"].isna().all()):
        own, table = True, levels.get(metric)
    if table is None:
        return None
    mine = table.reindex(points["point"]).reset_index()[[*ENDS, "replications"]]
    if metric not in (swept.metric, *ALWAYS) and mine["value"].nunique() < 2:
        return None
    factor, unit = scaled(mine[["value"]], str(table["unit"].iloc[0]))
    mine[ENDS] = _cut(mine[ENDS] / factor)
    title = TITLES.get(metric) or words(metric).replace("_", " ")
    return Outcome(metric, title, unit, own or metric in AS_THEY_ARE, mine)


def _cut(values: pd.DataFrame) -> pd.DataFrame:
    """As many digits as the page's script gets, so that words and live tables tell the same of the same numbers."""
    return values.apply(lambda column: pd.Series(rounded(column), column.index, dtype=float))


def _together(results: Results, swept: Swept, points: pd.DataFrame) -> list[Outcome]:
    """Deaths at sea and by lorry together, run by run: one rises where the other falls, so their intervals do not add.

    Paired with the run of the baseline of the same replication and future, where there is a baseline.
    """
    path = results.folder / "runs.parquet"
    if not {SEA, LORRY} <= set(read_schema(path).names):
        return []
    runs = pd.read_parquet(path, columns=["point", "replication", SEA, LORRY]).set_index(["point", "replication"])
    died = (runs[SEA] + runs[LORRY]).unstack("point")
    mine = died.reindex(columns=points["point"]).to_numpy(float)
    if swept.compared:
        mine = mine - died.reindex(columns=points["baseline_point"]).to_numpy(float)
    values = pd.DataFrame(dict(zip(ENDS, mean_intervals(mine), strict=True)), index=points.index)
    counts = pd.Series((~np.isnan(mine)).sum(axis=0), index=points.index)
    return [Outcome(TOGETHER, TITLES[TOGETHER], "people", not swept.compared, _cut(values).assign(replications=counts))]


def _in_shares(
    one: Outcome, metric: str, points: pd.DataFrame, effects: dict[str, Any], levels: dict[str, Any]
) -> list[Outcome]:
    """The same outcome as a share of the baseline of the same future, in per cent; nothing without one."""
    if one.own or metric not in IN_SHARES or metric not in effects:
        return []
    mine = effects[metric].reindex(points["point"]).reset_index()
    level = _levels(mine, points, levels[metric])
    values = _cut(mine[ENDS].div(level.where(level != 0), axis=0) * 100)
    found = Outcome(f"{metric}_relative", one.title, PER_CENT, False, values.assign(
        replications=mine["replications"]))  # fmt: skip
    return [found] if found.known else []


def _levels(mine: pd.DataFrame, points: pd.DataFrame, levels: pd.DataFrame) -> pd.Series:
    """The mean of a metric in the baseline of each point's future, over the replications that are compared."""
    base = pd.Series(levels["value"].reindex(points["baseline_point"]).to_numpy(float), index=points.index)
    return (mine["value"] / mine["relative"]).where(mine["relative"].fillna(0) != 0, base)


def _aim(swept: Swept, points: pd.DataFrame, effects: dict[str, Any], levels: dict[str, Any]) -> Aim | None:
    """Which points meet the sweep's aim; None where it has none, or nothing to compare with."""
    metric, target = str(swept.facts["aim_metric"] or ""), str(swept.facts["aim_target"] or "")
    if not target or not swept.compared or metric not in effects:
        return None
    rows = effects[metric].reindex(points["point"]).reset_index()
    relative, size = target.endswith("%"), float(target.removesuffix("%"))
    goal = size / 100 * _levels(rows, points, levels[metric]) if relative else pd.Series(size, rows.index)
    meets = rows["value"].notna() & ~fails(rows, target)
    clear = meets & (rows["low"] > goal if size > 0 else rows["high"] < goal)
    lines = {f"{metric}_relative": size} if relative else {metric: size}
    if relative and swept.futures == 1:
        lines[metric] = float(np.nanmedian(goal.to_numpy(float)))
    return Aim(metric, target, meets, clear, lines)


def left_out(results: Results) -> tuple[int, int]:
    """How many futures are left out as implausible, and how many there are."""
    points = results.table("points")
    return int(points["future"].nunique() - plausible_points(results)["future"].nunique()), points["future"].nunique()
