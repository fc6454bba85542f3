"""What the figures of a sweep read: its points, what they change, and the outcome of each with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd

from sim.figures.breakeven import rough
from sim.figures.run import Results, has, label_of
from sim.figures.style import true_minus
from sim.figures.wording import metric_words, plain, setting_words
from sim.scenario.errors import number

MILLION = 1e6
ONE_AT_A_TIME = "oat"
SAMPLES = ("lhs", "sobol", "saltelli", "morris", "posterior")
CASES = (0.05, 0.95)  # what the bands over futures leave out at either end
WEEKLY = "exchange.weekly_target"
AS_THEY_ARE = ("returned", "admitted", "deterred", "displaced_mode", "displaced_space", "displaced_time")  # none before


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep's facts; `levers` and `uncertainties` are the settings that vary, `settings` what is known of them."""

    facts: dict[str, Any]
    settings: pd.DataFrame
    levers: tuple[str, ...]
    uncertainties: tuple[str, ...]
    sources: tuple[str, ...]
    futures: int
    compared: bool
    fewest: int
    most: int

    @property
    def varied(self) -> tuple[str, ...]:
        """All settings that vary, the levers first."""
        return (*self.levers, *self.uncertainties)

    @property
    def sampled(self) -> bool:
        """Whether the levers' rows are a sample: their levels meet by chance, or in an analysis's own order."""
        return str(self.facts["design"]) in SAMPLES

    @property
    def alone(self) -> bool:
        """Whether the futures move one setting at a time: steps away from the first, no sample of what may be."""
        return str(self.facts["uncertainty_design"]) == ONE_AT_A_TIME

    @property
    def several(self) -> bool:
        """Whether there is more than one combination of a scenario and levers."""
        return bool(self.levers) or len(self.sources) > 1

    @property
    def point(self) -> str:
        """What a point of the sweep is: a combination of a scenario and levers, in a future where there are several."""
        if self.futures > 1:
            return "combination and future" if self.several else "future"
        return "combination"

    @property
    def metric(self) -> str:
        """The headline outcome."""
        return str(self.facts["metric"])

    def unit(self, setting: str) -> str:
        """What a setting is measured in."""
        return str(self.settings.at[setting, "unit"] or "")

    def axis(self, setting: str) -> str:
        """A setting as the label of an axis."""
        name = setting_words(setting)
        return f"{name} ({self.unit(setting)})" if self.unit(setting) else name

    def guessed(self, setting: str) -> bool:
        """Whether the value the scenario has for it is a guess."""
        return str(self.settings.at[setting, "confidence"]) == "guess"

    def short(self, setting: str) -> str:
        """A setting without its section, as words, where that leaves no doubt which is meant."""
        last = setting.rpartition(".")[2]
        alone = sum(other.rpartition(".")[2] == last for other in self.varied) == 1
        return plain(last) if alone else plain(setting)


def plausible_points(results: Results) -> pd.DataFrame:
    """The points of the futures that count: those whose baseline looks like the world that the sweep asks about."""
    points = results.table("points")
    return points[points["plausible"]] if "plausible" in points else points


def read_sweep(results: Results) -> Swept:
    """The facts of the sweep in this folder."""
    points = plausible_points(results)
    settings = results.table("dimensions").drop_duplicates("setting").set_index("setting")
    policies = points[~points["baseline"].astype(bool)]
    varied = [name for name in settings.index if name in points and policies[name].nunique() > 1]
    kinds = {kind: tuple(n for n in varied if settings.at[n, "kind"] == kind) for kind in ("lever", "uncertainty")}
    return Swept(
        facts={str(name): value for name, value in results.table("sweep").iloc[0].items()},
        settings=settings,
        levers=kinds["lever"],
        uncertainties=kinds["uncertainty"],
        sources=tuple(dict.fromkeys(policies["source"])),
        futures=int(policies["future"].nunique()),
        compared=has(results, "effects"),
        fewest=int(points.loc[points["replications"] > 0, "replications"].min()) if len(points) else 0,
        most=int(points["replications"].max()) if len(points) else 0,
    )


def outcomes(results: Results, metric: str) -> pd.DataFrame:
    """The points of the policies with `value`, `low`, `high`, `relative` and `unit` of their outcome; may be empty.

    The outcome is the paired difference to the baseline of the same future, or the metric itself without a baseline.
    """
    points = plausible_points(results)
    points = points[~points["baseline"].astype(bool)].drop(columns=["scenario", "replications"], errors="ignore")
    mine = _measured(results, metric)
    found = points.drop(columns=["unit", "value", "low", "high", "relative"], errors="ignore").merge(mine, on="point")
    return _filled(found[found["value"].notna()], results.table("dimensions"))


def _measured(results: Results, metric: str) -> pd.DataFrame:
    """The rows of one metric; only these are read, for a sweep may have millions."""
    name, value = ("effects", "difference") if has(results, "effects") else ("summary", "mean")
    table = pd.read_parquet(results.folder / f"{name}.parquet", filters=[("metric", "==", metric)])
    table = table.rename(columns={value: "value"})
    if "relative" not in table:
        table["relative"] = np.nan
    return table[["point", "unit", "value", "low", "high", "relative", "replications"]]


def _filled(rows: pd.DataFrame, dimensions: pd.DataFrame) -> pd.DataFrame:
    """Settings that a row of a design leaves alone have the scenario's own value."""
    base = {name: value for name, value in zip(dimensions["setting"], dimensions["base"], strict=True) if name in rows}
    kinds = {name: float if numeric(rows, name) else str for name in base if rows[name].isna().any()}
    return rows.fillna({name: kind(base[name]) for name, kind in kinds.items()})


def together(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One row a group: the interval of its only point, or the median and 90 % of its points in several futures."""

    groups = rows.groupby(list(by), sort=False, dropna=False)
    found = groups[["value", "low", "high"]].first()
    alone = (groups.size() == 1).to_numpy()
    for column, part in (("value", 0.5), ("low", CASES[0]), ("high", CASES[1])):
        found[column] = np.where(alone, found[column], groups["value"].quantile(part))
    return found.reset_index()


def numeric(rows: pd.DataFrame, setting: str) -> bool:
    """Whether a setting holds numbers."""
    return pd.api.types.is_numeric_dtype(rows[setting]) and not pd.api.types.is_bool_dtype(rows[setting])


def levels(rows: pd.DataFrame, setting: str) -> list[Any]:
    """The values of a setting: numbers ascending, words in the order of the table."""
    found = rows[setting].dropna().unique().tolist()
    return sorted(found) if numeric(rows, setting) else found


def said(value: Any) -> str:
    """A setting's value in words.

    >>> said(1000.0), said(0.25), said("lottery"), said(float("nan"))
    ('1,000', '0.25', 'lottery', '\N{EN DASH}')
    """
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        number = float(value)
        return "\N{EN DASH}" if isnan(number) else f"{number:,.0f}" if number == int(number) else rough(number)
    return str(value).replace("_", " ")


def quoted(value: Any) -> str:
    """A setting's value within a sentence: words in quotation marks."""
    return (
        f"\N{LEFT DOUBLE QUOTATION MARK}{said(value)}\N{RIGHT DOUBLE QUOTATION MARK}"
        if isinstance(value, str)
        else said(value)
    )


def named(swept: Swept, row: Any, levers: Sequence[str]) -> str:
    """A policy in words: its scenario, where there are several, and its levers."""
    parts = [label_of(str(row["source"]))] if len(swept.sources) > 1 else []
    parts += [f"{swept.short(lever)} {quoted(row[lever])}" for lever in levers]
    return ", ".join(parts) or label_of(str(row["source"]))


def wrapped_setting(setting: str, unit: str, guess: bool, width: int = 15) -> str:
    """A setting in words, its unit and a star for a guess in short lines.

    >>> wrapped_setting("beliefs.announced_weight", "share", True)
    'Beliefs:\\nannounced\\nweight*\\n(share)'
    """
    name = fill(f"{setting_words(setting)}{'*' if guess else ''}", width, break_long_words=False)
    return "\n".join([name, *([fill(f"({unit})", width + 2)] if unit else [])])


def words(metric: str) -> str:
    """A metric's name for titles."""
    return metric_words(metric)


def scaled(values: pd.DataFrame, unit: str) -> tuple[float, str]:
    """What to divide by so that the numbers are short, and the unit that goes with it; money from a million on."""
    largest = float(np.nanmax(np.abs(values.to_numpy(float)), initial=0.0))
    millions = largest >= (1 if unit.startswith("GBP") else 10) * MILLION
    return (MILLION, f"million {unit}") if millions else (1.0, unit)


def measure(swept: Swept, metric: str, unit: str) -> str:
    """The label of an axis of outcomes."""
    name = words(metric).replace("_", " ")
    return f"{name}: difference ({unit})" if swept.compared and metric not in AS_THEY_ARE else f"{name} ({unit})"


def signed(value: float) -> str:
    """A difference to three figures, with its sign.

    >>> signed(-1234.0), signed(56.0), signed(0.0)
    ('\N{MINUS SIGN}1,230', '+56', '0')
    """
    text = rough(value)
    return f"+{text}" if value > 0 and text != "0" else text


def outcome_words(swept: Swept, value: float) -> str:
    """An outcome in words: a difference with its sign, the metric itself without."""
    return signed(value) if swept.compared else rough(value)


def short_sign(value: float) -> str:
    """The same in as little room as there is in a cell.

    >>> short_sign(-12345.0), short_sign(-1234.0), short_sign(3.26)
    ('\N{MINUS SIGN}12.3k', '\N{MINUS SIGN}1,230', '+3.26')
    """
    return true_minus(f"{value / 1000:+.1f}k") if abs(value) >= 10_000 else signed(value)


def behind(swept: Swept, what: str) -> str:
    """How many runs stand behind a figure and how they were paired; `what` says what its marks mean."""
    n = str(swept.fewest) if swept.fewest == swept.most else f"{swept.fewest} to {swept.most}"
    runs = f"{n} replication{'s' if swept.most > 1 else ''} of each {swept.point}"
    if not swept.compared:
        return f"Simulation: {runs}, no baseline: the metric itself. {what}"
    same = " of the same future" if swept.futures > 1 else ""
    kept = f" Only futures with {swept.facts['plausible']} in the baseline." if swept.facts.get("plausible") else ""
    return f"Simulation: {runs}, paired with the baseline{same} on common random numbers.{kept} {what}"


def nobody(rows: pd.DataFrame) -> str:
    """What a weekly target of nil means, where there is one among these points: the exchange itself is there."""
    nil = WEEKLY in rows and numeric(rows, WEEKLY) and bool((rows[WEEKLY] == 0).any())
    return " 0 a week: the exchange is announced and opens, and returns nobody." if nil else ""


def aimed(results: Results, swept: Swept, metric: str) -> float | None:
    """The difference that the sweep aims at in this metric; None without such an aim, or if it varies with futures."""
    target = str(swept.facts.get("aim_target") or "")
    if not target or swept.facts.get("aim_metric") != metric or not swept.compared:
        return None
    if not target.endswith("%"):
        return float(target)
    points = plausible_points(results)
    table = pd.read_parquet(results.folder / "summary.parquet", filters=[("metric", "==", metric)])
    base = table[table["point"].isin(points.loc[points["baseline"], "point"])]
    return float(target[:-1]) / 100 * float(base["mean"].iloc[0]) if len(base) == 1 else None


def fails(rows: pd.DataFrame, target: str, side: str = "") -> pd.Series:
    """Whether each point misses the target, a difference or a share of its baseline, on that side of it.

    By default a reduction is missed above its target, an increase below it.
    """
    relative = target.endswith("%")
    size = float(target.removesuffix("%")) / (100 if relative else 1)
    reached = rows["relative" if relative else "value"]
    return reached < size if (side or ("below" if size > 0 else "above")) == "below" else reached > size


def policy_name(row: Mapping[Any, Any], swept: Swept) -> str:
    """The policy a point belongs to, as the tables of an analysis name it: `pilot exchange.weekly_target=50`."""
    told = {lever: row[lever] for lever in swept.levers} if swept.uncertainties else {}
    parts = [f"{k}={number(v) if isinstance(v, int | float) else v}" for k, v in told.items()]
    return " ".join([str(row["source"]), *parts])
