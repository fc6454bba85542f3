"""Running the natural experiments and counting what came of them: weeks of the Aegean, quarters of the Albanians."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from sim.experiment.forecasts.scores import LEVELS
from sim.experiment.natural.plan import Experiment, Plan
from sim.experiment.results import Results, write_answer
from sim.experiment.runner import Wanted, run_key, run_wanted
from sim.experiment.store import Store
from sim.experiment.study import Options
from sim.scenario import Scenario

NAME = "natural"
OTHERS = "others"
LOW, HIGH = 0.025, 0.975
Runs = dict[str, list[tuple[int, Scenario]]]
"""By assumption: each replication's number and scenario."""


def natural(plan: Plan, options: Options) -> Results:
    """Do the runs that the store lacks; write the table of each experiment (`albania`, `aegean`) and `natural`."""
    folder = options.folder(NAME)
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    how = options.execution(folder)
    first = options.first_replication
    numbers = list(range(first, first + (options.replications or plan.replications)))
    asked = [(experiment, _runs(experiment, numbers)) for experiment in plan.experiments]
    ran = [one for _, runs in asked for each in runs.values() for one in each]
    run_wanted((Wanted(scenario, number) for number, scenario in _in_turn(ran)), len(ran), how)
    store = Store(how.store)
    tables = {experiment.name: TABLES[experiment.name](experiment, runs, store) for experiment, runs in asked}
    tables[NAME] = pd.concat([_returned(experiment, runs, store) for experiment, runs in asked], ignore_index=True)
    scenarios = [assumption.scenario for experiment in plan.experiments for assumption in experiment.assumptions]
    return write_answer(folder, tables, scenarios, scenarios, None, len(numbers), options.command)


def _runs(experiment: Experiment, numbers: Iterable[int]) -> Runs:
    numbers = list(numbers)
    return {each.name: [(n, each.on(n, experiment.level)) for n in numbers] for each in experiment.assumptions}


def _in_turn(runs: Sequence[tuple[int, Scenario]]) -> Iterator[tuple[int, Scenario]]:
    """First replications of everything first, so that what is there after a while is of one depth."""
    yield from sorted(runs, key=lambda run: run[0])


def aegean_table(experiment: Experiment, runs: Runs, store: Store) -> pd.DataFrame:
    """`aegean.parquet`: assumption, week (its first day), quantile, value (arrivals of the week, people).

    Weeks run from the first measured day; the last one is left out unless it is whole. The quantiles are those of a
    forecast: over replications, each with weather, people and a level of the inflow of its own.
    """
    rows = []
    for name, mine in runs.items():
        weeks, starts = zip(
            *(_weeks(_daily(store, number, scenario), scenario) for number, scenario in mine), strict=True
        )
        values = np.quantile(np.array(weeks), LEVELS, axis=0)
        rows += [
            {"assumption": name, "week": start, "quantile": level, "value": value}
            for level, line in zip(LEVELS, values, strict=True)
            for start, value in zip(starts[0], line, strict=True)
        ]
    return pd.DataFrame(rows)


def _weeks(daily: pd.DataFrame, scenario: Scenario) -> tuple[np.ndarray, pd.DatetimeIndex]:
    """Arrivals of each whole week from the first measured day on, and the first days."""
    mine = daily[daily["date"] >= pd.Timestamp(scenario.measure_from)]
    whole = len(mine) // 7
    arrivals = mine["arrivals"].to_numpy(float)[: 7 * whole].reshape(whole, 7).sum(axis=1)
    return arrivals, pd.DatetimeIndex(mine["date"].iloc[: 7 * whole : 7])


def _daily(store: Store, number: int, scenario: Scenario) -> pd.DataFrame:
    daily: pd.DataFrame = store.arrow(run_key(scenario, number), "daily").select(["date", "arrivals"]).to_pandas()
    return daily.assign(date=_days(daily))


def _days(table: pd.DataFrame) -> pd.Series:
    """The days of a table, however the store keeps them."""
    return pd.to_datetime(table["date"].astype(str))


def albania_table(experiment: Experiment, runs: Runs, store: Store) -> pd.DataFrame:
    """`albania.parquet`: assumption, quarter, group (the one aimed at, others), median, low, high, observed (people).

    Low and high are the 2.5 and 97.5 % quantiles over replications; observed is missing for quarters without data.
    """
    group, rows = str(experiment.group), []
    seen = _observed(experiment.series())
    for name, mine in runs.items():
        each = pd.concat([_quarters(store, number, scenario, group) for number, scenario in mine])
        for (quarter, who), values in each.groupby(["quarter", "group"])["arrivals"]:
            low, median, high = np.quantile(values, [LOW, 0.5, HIGH])
            rows.append(
                {"assumption": name, "quarter": quarter, "group": who, "median": median, "low": low, "high": high,
                 "observed": seen.get((str(quarter), str(who) == group), np.nan)}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _quarters(store: Store, number: int, scenario: Scenario, group: str) -> pd.DataFrame:
    """Arrivals of one replication by quarter and by whether people are of the group."""
    columns = ["date", "group", "arrivals"]
    table: pd.DataFrame = store.arrow(run_key(scenario, number), "groups").select(columns).to_pandas()
    who = np.where(table["group"].astype(str) == group, group, OTHERS)
    table = table.assign(quarter=_days(table).dt.to_period("Q").astype(str), group=who)
    return table.groupby(["quarter", "group"])["arrivals"].sum().reset_index()


def _observed(series: pd.DataFrame) -> dict[tuple[str, bool], float]:
    """Observed arrivals by quarter and by whether they are of the group."""
    group = zip(series["quarter"], series["albanian_arrivals"], strict=True)
    others = zip(series["quarter"], series["other_nationalities"], strict=True)
    return {**{(q, True): float(n) for q, n in group}, **{(q, False): float(n) for q, n in others}}


def _returned(experiment: Experiment, runs: Runs, store: Store) -> pd.DataFrame:
    """How often return was in fact: of those in scope who arrived after the statement (all, or the group aimed at)."""
    rows = []
    for name, mine in runs.items():
        found = [_counts(store, number, scenario, experiment.group) for number, scenario in mine]
        arrivals, scope, returned = (float(sum(part)) / len(found) for part in zip(*found, strict=True))
        rows.append(
            {"experiment": experiment.name, "assumption": name, "arrivals": arrivals, "returned": returned,
             "returned_share": returned / scope if scope else np.nan, "replications": len(found)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _counts(store: Store, number: int, scenario: Scenario, group: str | None) -> tuple[float, float, float]:
    """Arrivals, arrivals in scope and returns of a replication in its measured time."""
    columns = ["date", "group", "arrivals", "arrivals_in_scope", "returned"]
    table = store.arrow(run_key(scenario, number), "groups").select(columns).to_pandas()
    mine = table[_days(table) >= pd.Timestamp(scenario.measure_from)]
    mine = mine if group is None else mine[mine["group"].astype(str) == group]
    return (float(mine["arrivals"].sum()), float(mine["arrivals_in_scope"].sum()), float(mine["returned"].sum()))


TABLES = {"albania": albania_table, "aegean": aegean_table}
