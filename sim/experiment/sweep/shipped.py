"""What reports tell of shipped policies from sweeps: over the shipped posterior, and one setting at a time.

Made by `sim sweep posterior.yaml --ship` and `sim sweep one_at_a_time.yaml --ship`, then committed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm, spearmanr

from sim.domain.randomness import Floats
from sim.experiment.calibration.shipped import DATA
from sim.experiment.compare import RATIO
from sim.experiment.results import Results
from sim.experiment.sweep.designs import OAT, POSTERIOR
from sim.experiment.sweep.plan import Plan
from sim.experiment.swept import Swept, read_swept
from sim.metrics import outcome_metrics, paired_metrics
from sim.scenario import Problem, ScenarioError
from sim.scenario.inherit import PACKAGED
from sim.scenario.yaml_source import read

EFFECTS, DRIVERS, ENDS = (
    DATA / name for name in ("posterior_effects.csv", "posterior_drivers.csv", "one_at_a_time.csv")
)
"""The effects of each policy over the draws, the settings that they go with, and the effects where each setting alone
is at an end of its range; every report of a run reads them."""
DRIVEN = ("arrivals", "deaths")  # metrics of which it is told what drives them
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
LEVELS = ("q05", "median", "q95")
SIGNIFICANT = 0.05
WIDER = (
    1.03**0.5
)  # the standard error of a rank correlation over that of a correlation (Fieller, Hartley and Pearson 1957)
FORMAT = "%.5g"


def check_shippable(ship: bool, plan: Plan) -> None:
    """What ships are shipped scenarios as they are, over draws of the shipped posterior or one number at a time.

    Without `ship` anything goes.

    Raises:
        ScenarioError: the sweep is another one; says everything that does not fit.
    """
    problems = list(_misfits(plan)) if ship else []
    if problems:
        raise ScenarioError(problems)


def _misfits(plan: Plan) -> Iterator[Problem]:
    """Why a sweep cannot ship."""
    source, why = read(plan.file), "does not go with --ship"
    design = plan.uncertainties.kind
    if design not in (POSTERIOR, OAT):
        told = "what ships is over the shipped posterior, or one number at a time"
        yield Problem("uncertainties.design", f"{why}: {told}", design, f"{POSTERIOR} or {OAT}")
    elif table := source.get(("uncertainties", "table")):
        yield Problem("uncertainties.table", f"{why}: what ships is over the shipped posterior", table, "none")
    if plan.levers.dimensions:
        varied = ", ".join(each.setting for each in plan.levers.dimensions)
        yield Problem("over", f"{why}: what ships are scenarios as they are", varied, "no levers that vary")
    if plan.baseline is None:
        yield Problem("baseline", f"{why}: what ships are differences", "none", "a shipped scenario")
    for scenario in filter(None, (*plan.scenarios, plan.baseline)):
        if Path(scenario.source_file).resolve().parent != PACKAGED.resolve():
            yield Problem("scenarios", f"{why}: it is no shipped scenario", scenario.source_file, "one in configs/")
    if given := plan.scenarios[0].overrides:
        yield Problem("--set, --until, --seed", f"{why}: what ships are scenarios as they are", " ".join(given), "none")


def ship(found: Results) -> list[Path]:
    """Put the tables of a sweep into the package's data, in the place of those there; returns the files."""
    one_at_a_time = (found.folder / "ends.parquet").is_file()
    return ship_ends(found) if one_at_a_time else ship_effects(found)


def ship_ends(found: Results, file: Path = ENDS) -> list[Path]:
    """Put the ends of every setting into the package's data; returns the file.

    Columns: `told` of each policy, and those of `ends.parquet`.
    """
    told = pd.DataFrame(_told(found).values())
    _written(told.merge(found.table("ends"), on="scenario"), file)
    return [file]


def ship_effects(found: Results, effects: Path = EFFECTS, drivers: Path = DRIVERS) -> list[Path]:
    """Put both tables of a sweep over draws into the package's data; returns the files."""
    swept, told = read_swept(found.folder), _told(found)
    table = found.table("effects")
    mine = swept.policies[["point", "source", "future"]].merge(table.drop(columns=["scenario", "baseline"]), on="point")
    futures = found.table("points")["future"].nunique()
    left_out = futures - swept.points["future"].nunique()
    _written(effects_table(mine, told, _levels(found, swept)).assign(left_out=left_out), effects)
    _written(drivers_table(swept, mine, told), drivers)
    return [effects, drivers]


def _levels(found: Results, swept: Swept) -> dict[str, dict[str, float]]:
    """Quantiles over the draws of what each metric is in the baseline, by metric."""
    base = swept.points.loc[swept.points["baseline"], "point"]
    table = found.table("summary")
    by_metric = table[table["point"].isin(base)].dropna(subset=["mean"]).groupby("metric")["mean"]
    return {
        str(metric): {f"base_{name}": float(values.quantile(q)) for name, q in QUANTILES.items() if name in LEVELS}
        for metric, values in by_metric
    }


def effects_table(
    mine: pd.DataFrame, told: dict[str, dict[str, Any]], levels: dict[str, dict[str, float]]
) -> pd.DataFrame:
    """A row a scenario and headline metric: the paired difference to the baseline over the draws, in the metric's unit.

    Columns: `told` of each scenario, `metric`, `unit`, `draws`, `mean`, `sd`, `QUANTILES`, `share_below`, `share_above`
    (of draws in which it is below or above zero), `replications` of each draw, and quantiles of the baseline's own
    `levels` (missing for a metric of the pair). A ratio of differences that may be zero
    is left out.
    """
    metrics = [m.name for m in (*outcome_metrics(), *paired_metrics()) if not m.detail and m.name != RATIO]
    rows = []
    for source, about in told.items():
        for metric in metrics:
            here = mine[(mine["source"] == source) & (mine["metric"] == metric)].dropna(subset=["difference"])
            if len(here):
                level = levels.get(metric, {})
                rows.append({**about, "metric": metric, "unit": here["unit"].iloc[0], **_spread(here), **level})
    return pd.DataFrame(rows)


def _spread(here: pd.DataFrame) -> dict[str, Any]:
    values = here["difference"].to_numpy(float)
    quantiles = dict(zip(QUANTILES, np.quantile(values, list(QUANTILES.values())), strict=True))
    shares = {"share_below": float(np.mean(values < 0)), "share_above": float(np.mean(values > 0))}
    fewest = int(here["replications"].min())
    return {
        "draws": len(values),
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        **quantiles,
        **shares,
        "replications": fewest,
    }


def drivers_table(swept: Swept, mine: pd.DataFrame, told: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """A row a scenario, metric and setting of the draws: the rank correlation of the setting with the difference.

    Columns: `told` of each scenario, `metric`, `setting`, `unit`, `confidence`, `rho` with its 95 % interval `low` to
    `high`, `p`, `draws`, `settings` (how many were looked at) and `clear`: whether `p` is small enough for that many
    (Bonferroni). The strongest first.
    """
    names = swept.varied("uncertainty")
    values = swept.policies.drop_duplicates("future").set_index("future")[names]
    tables = []
    for source, about in told.items():
        for metric in DRIVEN:
            here = mine[(mine["source"] == source) & (mine["metric"] == metric)].dropna(subset=["difference"])
            effect, drawn = here["difference"].to_numpy(float), values.loc[here["future"]]
            rows = [_driver(swept, name, drawn[name].to_numpy(float), effect) for name in names]
            table = pd.DataFrame(rows).dropna(subset=["rho"])
            table = table.sort_values("rho", key=abs, ascending=False, kind="stable")
            told_of = {**about, "metric": metric, "draws": len(effect), "settings": len(names)}
            tables.append(table.assign(**told_of, clear=table["p"] * len(names) < SIGNIFICANT))
    columns = [*next(iter(told.values())), "metric", "setting", "unit", "confidence", "rho", "low", "high", "p"]
    return pd.concat(tables, ignore_index=True)[[*columns, "draws", "settings", "clear"]]


def _driver(swept: Swept, name: str, drawn: Floats, effect: Floats) -> dict[str, Any]:
    """The rank correlation of a setting with the effect; its interval by Fisher's transformation."""
    rho, p = (float(value) for value in spearmanr(drawn, effect))
    half = norm.ppf(1 - SIGNIFICANT / 2) * WIDER / np.sqrt(max(len(effect) - 3, 1))
    low, high = np.tanh(np.arctanh(rho * (1 - 1e-9)) + np.array([-half, half]))
    facts = swept.settings.loc[name]
    return {"setting": name, "unit": facts["unit"], "confidence": facts["confidence"], "rho": rho, "low": low,
            "high": high, "p": p}  # fmt: skip


def _told(found: Results) -> dict[str, dict[str, Any]]:
    """What tells each policy's rows, by its name: the hashes of the scenario itself, its baseline and the code."""
    facts = found.provenance
    hashes, base = facts["scenario_hashes"], facts["baseline"]
    return {
        name: {"scenario": name, "scenario_hash": hashed, "baseline": base, "baseline_hash": hashes[base],
               "code_hash": facts["code_hash"]}
        for name, hashed in hashes.items() if name != base
    }  # fmt: skip


def _written(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, float_format=FORMAT)


def shipped_effects(file: Path = EFFECTS) -> pd.DataFrame:
    """The columns of `effects_table` and `left_out`; empty if none ships."""
    return pd.read_csv(file) if file.is_file() else pd.DataFrame()


def shipped_ends(file: Path = ENDS) -> pd.DataFrame:
    """The columns of `ship_ends`; empty if none ships."""
    return pd.read_csv(file) if file.is_file() else pd.DataFrame()


def shipped_drivers(file: Path = DRIVERS) -> pd.DataFrame:
    """The columns of `drivers_table`; empty if none ships."""
    return pd.read_csv(file) if file.is_file() else pd.DataFrame()
