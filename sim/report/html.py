"""`report.html`: one self-contained page on a run, made from its tables and figures without simulating."""

from __future__ import annotations

import base64
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader
from ruamel.yaml import YAML

from sim.behaviours import meaning
from sim.experiment.patterns.shipped import shipped_scorecard
from sim.report.fitted import fitted, read_calibrated
from sim.report.scorecard import behaviour
from sim.report.split import split_rows
from sim.report.text import amount, effect_rows, mean_rows

if TYPE_CHECKING:
    from sim.experiment.results import Results

OBSERVED = Path(__file__).resolve().parents[1] / "data" / "arrivals_daily.csv"
FEWEST_DAYS = 90
DAYS_PER_WEEK = 7
GUESS = "guess"


def write_report(results: Results) -> Path:
    """Write the page into the results folder; returns its path."""
    page = Environment(loader=PackageLoader("sim.report", "."), autoescape=True).get_template("page.html")
    path = results.folder / "report.html"
    path.write_text(page.render(**content(results)), encoding="utf-8")
    return path


def content(results: Results) -> dict[str, Any]:
    """Everything that the page shows."""
    told = YAML(typ="safe").load(results.folder / "scenario.yaml")
    facts = results.provenance
    names = list(facts["scenario_hashes"])  # in the order in which they were asked for
    policies = [name for name in names if name != facts["baseline"]] or names
    n = facts["replications"]
    paired = facts["baseline"] is not None
    split_known = (results.folder / "displacement.parquet").exists()  # results of before it was written lack it
    settings = [setting(name, about) for name, about in told["settings"].items() if about["unit"]]
    values = {name: about["value"] for name, about in told["settings"].items()}
    expectation = values.get("beliefs.expectation", "")  # results of before it was a setting lack it
    return {
        "overrides": told.get("overrides", []),
        "title": told["scenarios"][policies[0]]["question"],
        "answers": [answer(results, name) for name in policies] if paired else [],
        "table": effect_rows(results.summary, results.effects) if paired else mean_rows(results.summary),
        "caption": f"{'Paired differences' if paired else 'Means'} over {n} replications, 95 % t-intervals.",
        "split": split_rows(results.table("displacement")) if split_known else [],
        "fit": fit(results),
        "fit_caption": f"{n} replications without the policy, over the simulated days that have been observed.",
        "behaviour": behaviour(shipped_scorecard()),
        "fitted": fitted(read_calibrated(), values),
        "figures": figures(results.folder / "figures"),
        "scenarios": [scenario(name, about) for name, about in told["scenarios"].items()],
        "settings": settings,
        "guesses": sum(row["guess"] for row in settings),
        "announced_weight": values["beliefs.announced_weight"],
        "expectation": expectation,
        "expectation_meaning": meaning("expectation", expectation) if expectation else "",
        "provenance": facts,
    }


def answer(results: Results, scenario: str) -> str:
    """The finding on arrivals, returns and deaths in words, with intervals."""
    effects = results.effects[results.effects["scenario"] == scenario]
    by_metric: dict[str, dict[Any, Any]] = {row["metric"]: row for row in effects.to_dict("records")}

    def between(metric: str) -> str:
        return f"{amount(by_metric[metric]['low'])} to {amount(by_metric[metric]['high'])}"

    arrivals, deaths = by_metric["arrivals"], by_metric["deaths"]
    change = "fewer" if arrivals["difference"] < 0 else "more"
    sure = "" if arrivals["low"] * arrivals["high"] > 0 else ", an interval that holds zero"
    returned, admitted = (amount(by_metric[name]["difference"]) for name in ("returned", "admitted"))
    pace = pace_of_returns(results, scenario, by_metric["returned"]["difference"])
    return (
        f"{scenario.replace('_', ' ').capitalize()}: {amount(abs(arrivals['difference']))} {change} arrivals by boat "
        f"({100 * arrivals['relative']:+.1f} %; 95 % interval {between('arrivals')} people{sure}), "
        f"with {returned} people returned{pace}, and {admitted} admitted. "
        f"Deaths at sea change by {amount(deaths['difference'])} ({between('deaths')})."
    )


def pace_of_returns(results: Results, scenario: str, returned: float) -> str:
    """Returns a week against the target while the exchange was open, in words; empty if it never opened."""
    stages = results.table("pipeline")
    open_days = stages[(stages["scenario"] == scenario) & (stages["stage"] == "weekly_target") & (stages["stock"] > 0)]
    if open_days.empty:
        return ""
    weeks = float(open_days.groupby("replication").size().mean()) / DAYS_PER_WEEK
    return (
        f", {amount(returned / weeks)} a week against a target of {amount(float(open_days['stock'].mean()))} on average"
    )


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


def figures(folder: Path) -> list[dict[str, str]]:
    """The figures that were drawn, inlined, with the question each answers and, where it has it, how to READ it."""
    found = []
    for path in sorted(folder.glob("*.svg")):
        module = import_module(f"sim.figures.{path.stem}")
        told = module.draw.__doc__ or path.stem
        source = "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode()
        question = told.strip().splitlines()[0]
        found.append({"alt": question, "how": getattr(module, "READ", ""), "source": source})
    return found


def scenario(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """One scenario with its levers as text."""
    levers = [
        f"{kind}: " + ", ".join(f"{key} {value}" for key, value in given.items() if value is not None)
        for lever in about["levers"]
        for kind, given in lever.items()
    ]
    return {"name": name.replace("_", " "), "question": about["question"], "levers": levers}


def setting(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """One row of the table of assumptions."""
    value = about["value"]
    shown = "by row" if isinstance(value, list) else str(value)
    plausible = "" if about["low"] is None else f"{about['low']:g} to {about['high']:g}"
    guess = about["confidence"] == GUESS
    return {"name": name, "value": shown, "unit": about["unit"], "range": plausible, "source": about["source"],
            "note": about["note"], "guess": guess}  # fmt: skip
