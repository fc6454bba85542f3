"""A finished sweep as its analyses read it: the outcome of every point, and the samples in which settings vary."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from sim.domain.randomness import Floats
from sim.experiment.smoothing import is_number
from sim.metrics import outcome_metrics, paired_metrics
from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import number, shown

AXES = {"lever": "row", "uncertainty": "future"}
DESIGNS = {"lever": ("design", "samples"), "uncertainty": ("uncertainty_design", "uncertainty_samples")}
WHOLE = ("saltelli", "morris")
UNWEIGHTED = ("morris", "oat")  # their points are no sample of what may be
MOST_NAMES = 4  # that an error suggests
SAMPLING = (*WHOLE, "lhs", "sobol", "posterior")


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep's facts (`sweep.parquet`), what is known of the settings it varies (the index), and its points."""

    folder: Path
    facts: dict[str, Any]
    settings: pd.DataFrame
    points: pd.DataFrame

    @property
    def compared(self) -> bool:
        """Whether its points are paired with a baseline."""
        return bool(self.points["baseline"].any())

    @property
    def policies(self) -> pd.DataFrame:
        """The points without the baselines."""
        return self.points[~self.points["baseline"]]

    def varied(self, kind: str) -> list[str]:
        """The levers, or the uncertainties, that take more than one value."""
        names = self.settings.index[self.settings["kind"] == kind]
        return [name for name in names if self.policies[name].nunique() > 1]

    def named(self, kind: str) -> list[str]:
        """The settings that are varied; those that the design names, for the designs that have a place for each."""
        whole = self.design(kind) in WHOLE
        return list(self.settings.index[self.settings["kind"] == kind]) if whole else self.varied(kind)

    def design(self, kind: str) -> str:
        """The design of the levers, or of the uncertainties; nothing where none varies."""
        return str(self.facts[DESIGNS[kind][0]] or "") if self.varied(kind) else ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome of the policies' points: `values` has a row a point and a column a replication.

    Values are paired differences to the baseline of the same future where the sweep has one, else the metric itself;
    `levels` is the baseline in the same form (missing without one).
    """

    metric: str
    unit: str
    compared: bool
    values: pd.DataFrame
    levels: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Sample:
    """Points of one policy in the order of the design: `inputs` a column a setting, `values` a column a replication.

    `levels` is the baseline's metric, of the same shape as `values`.
    """

    policy: str
    kind: str
    design: str
    size: int
    inputs: pd.DataFrame
    values: Floats
    levels: Floats

    @property
    def means(self) -> Floats:
        """The mean outcome of each point over its replications; missing where no replication has one."""
        return mean_over_replications(self.values)

    @property
    def replications(self) -> int:
        """The fewest replications of a point."""
        return int((~np.isnan(self.values)).sum(axis=1).min(initial=self.values.shape[1]))

    @property
    def noise_share(self) -> float:
        """How much of the variance of the points' means is replication noise; missing with one replication.

        Noise is what is left of a replication's outcome after its point's mean and what all points have in common in
        that replication: common random numbers move all points alike, which is no variance between them.
        """
        known = self.values[:, ~np.isnan(self.values).any(axis=0)]
        n, each = known.shape
        if n < 2 or each < 2 or not known.mean(axis=1).var():
            return float("nan")
        left = known - known.mean(axis=1, keepdims=True) - known.mean(axis=0) + known.mean()
        noise = float((left**2).sum()) / ((n - 1) * (each - 1))
        return float(min(1.0, noise / each / float(np.var(known.mean(axis=1), ddof=1))))

    def whole(self) -> "Sample":
        """Without the points that have no outcome."""
        kept = ~np.isnan(self.means)
        return Sample(
            self.policy, self.kind, self.design, self.size, self.inputs[kept], self.values[kept], self.levels[kept]
        )


def mean_over_replications(values: Floats) -> Floats:
    """Mean of each row without its missing values; missing for a row that has none."""
    counts = (~np.isnan(values)).sum(axis=1)
    mean = np.full(len(values), np.nan)
    np.divide(np.nansum(values, axis=1), counts, out=mean, where=counts > 0)
    return mean


def read_swept(folder: Path, given: str = "") -> Swept:
    """The sweep in a folder; `given` is how the user named it.

    Raises:
        ScenarioError: the folder holds no finished sweep; says how to get one.
    """
    names = ("sweep", "dimensions", "points", "runs")
    if not all((folder / f"{name}.parquet").exists() for name in names):
        raise ScenarioError([Problem(str(folder), f"holds no finished sweep; {_where_one_is(folder, given)}")])
    sweep, dimensions, points = (pd.read_parquet(folder / f"{name}.parquet") for name in names[:3])
    settings = dimensions.drop_duplicates("setting").set_index("setting")
    facts = {str(name): value for name, value in sweep.iloc[0].items()}
    if "plausible" in points:  # futures whose baseline is not of this world say nothing of it
        points = points[points["plausible"]]
        if points.empty:
            message = f"of {folder} are all left out: no baseline is as asked ({facts.get('plausible')})"
            raise ScenarioError([Problem("futures", message)])
    return Swept(folder, facts, settings, points.astype({"baseline": bool}))


def read_outcome(swept: Swept, metric: str | None) -> Outcome:
    """The outcome of the policies' points; the sweep's headline metric unless another is named.

    Raises:
        ScenarioError: the runs have no such metric; says which is near.
    """
    name = metric or str(swept.facts["metric"])
    pairs = {each.name: each.unit for each in paired_metrics()} if swept.compared else {}
    units = {each.name: each.unit for each in outcome_metrics()} | pairs
    held = set(pq.read_schema(swept.folder / "runs.parquet").names)
    known = [each for each in units if each in held]
    if name not in known:
        near = [f"{each!r}" for each in _nearest(name, known)]
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        allowed = f"{', '.join(known[:MOST_NAMES])} and the other metrics among the columns of runs.parquet"
        problem = Problem("--metric", f"is no metric of this sweep{hint}", shown(name), "" if near else allowed)
        raise ScenarioError([problem])
    runs = pd.read_parquet(swept.folder / "runs.parquet", columns=["point", "replication", name])
    wide = runs.pivot(index="point", columns="replication", values=name).astype(float)
    policies = swept.policies
    values = wide.reindex(policies["point"])
    levels = values * np.nan
    if swept.compared:
        base = swept.points[swept.points["baseline"]].drop_duplicates("future").set_index("future")["point"]
        before = wide.reindex(base.reindex(policies["future"])).to_numpy()
        levels = pd.DataFrame(np.where(values.notna(), before, np.nan), values.index, values.columns)
        values = values if name in pairs else values - before
    return Outcome(name, units[name], swept.compared, values, levels)


def samples(swept: Swept, outcome: Outcome, kind: str, each_row: bool = True) -> list[Sample]:
    """The points along the levers' rows or the futures, one sample a policy.

    Along the futures a policy is a scenario with one row of the levers (`each_row`) or averaged over them; along the
    rows it is a scenario averaged over the futures.
    """
    if not swept.varied(kind):
        return []
    settings = swept.named(kind)
    axis, points = AXES[kind], swept.policies
    by = ["source", "row"] if kind == "uncertainty" and each_row else ["source"]
    levers = swept.varied("lever") if len(by) > 1 else []
    design, size = (swept.facts[name] for name in DESIGNS[kind])
    found = []
    for _, mine in points.groupby(by, sort=False):
        name = policy_name(mine.iloc[0], levers)
        inputs = _filled(mine.drop_duplicates(axis).set_index(axis)[settings].sort_index(), swept.settings["base"])
        values, levels = (_along(table, mine, axis) for table in (outcome.values, outcome.levels))
        found.append(Sample(name, kind, str(design), int(size or 0), inputs, values, levels))
    return found


def _where_one_is(folder: Path, given: str) -> str:
    """A hint at the sweep that may have been meant."""
    if folder.is_dir():
        return "name the folder that a sweep has written its tables to"
    file = given if given.endswith((".yaml", ".yml")) else f"{folder.name}.yaml"
    return f"run it first: make sweep SWEEP={file} (or name its folder, if it was written elsewhere)"


def _nearest(name: str, known: Sequence[str]) -> list[str]:
    """The names that may have been meant, the nearest first: those that are much alike, or have a part in common."""
    parts = [part for part in name.lower().split("_") if len(part) > 2]
    alike = get_close_matches(name.lower(), known, n=MOST_NAMES)
    sharing = [each for each in known if any(part in each for part in parts)]
    return list(dict.fromkeys([*alike, *sharing]))[:MOST_NAMES]


def policy_name(row: pd.Series, levers: Sequence[str]) -> str:
    """A policy's name: its scenario, and the levers that vary: `pilot exchange.weekly_target=50`."""
    told = {lever: row[lever] for lever in levers}
    parts = [f"{k}={number(v) if isinstance(v, int | float) else v}" for k, v in told.items() if not pd.isna(v)]
    return " ".join([str(row["source"]), *parts])


def _along(table: pd.DataFrame, points: pd.DataFrame, axis: str) -> Floats:
    """Rows of a table in the order of the axis, averaged over points that share a place on it."""
    mine = table.loc[points["point"]].to_numpy()
    if points[axis].is_unique:
        return np.asarray(mine[np.argsort(points[axis].to_numpy(), kind="stable")], dtype=float)
    return pd.DataFrame(mine).groupby(points[axis].to_numpy()).mean().to_numpy(float)


def _filled(inputs: pd.DataFrame, base: pd.Series) -> pd.DataFrame:
    """Settings that a row of a design leaves alone have the scenario's own value."""
    kinds = {str(name): float if is_number(inputs[name]) else str for name in inputs}
    return inputs.fillna({name: kind(base[name]) for name, kind in kinds.items() if inputs[name].isna().any()})
