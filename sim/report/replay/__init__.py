"""The replay of a run: the recorded tables as compact data for the page, some replications of every scenario."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from sim.figures.run import Results, Shown, baseline_name, has, scenarios
from sim.report.replay.ground import map_data
from sim.report.replay.runs import Sites, run_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.domain.randomness import Floats

NEEDED = ("daily", "sectors", "boats", "camps", "pipeline", "flights", "places", "legs", "runs")
BY_RUN = ("daily", "sectors", "boats", "camps", "pipeline", "flights", "ledger")
BYTES_PER_SCENARIO, MOST_BYTES = 290_000, 800_000  # the map takes a little, and a page must open quickly
TYPICAL_IN = ("arrivals", "deaths")
TYPICAL = "nearest to the median in arrivals and deaths"


def replay(results: Results) -> dict[str, Any] | None:
    """What the page replays, or None if the results lack a table for it or nobody ever moves.

    Three replications are kept (typical, fewest and most arrivals, by the baseline) if the page stays small enough with
    them, else the typical one; scenarios beyond that are left out by name in `left_out`.

    Returns:
        `start` (ISO date), `days`, `scenarios`, `replications` (the first is the one to begin with), `map`, `camps`,
        `sectors` and `landings` (names, in the order of the runs' lists), `runs` (see `replay_runs.run_data`) each with
        its `scenario` and `replication` as positions in these lists.
    """
    if not has(results, *NEEDED):
        return None
    tables = {name: results.table(name) for name in NEEDED}
    tables |= {"ledger": results.table("ledger")} if has(results, "ledger") else {}
    if tables["boats"].empty and not tables["camps"]["waiting"].any():
        return None
    cast, chosen = scenarios(results), representative(tables["runs"], baseline_name(results))
    dates = sorted(tables["daily"]["date"].unique())
    for name in set(BY_RUN) & set(tables):
        tables[name] = tables[name][tables[name]["replication"].isin(chosen)]
    sites = Sites(tables["places"])
    shown, kept, runs = _fitting(tables, cast, chosen, dates, sites)
    return {
        "start": dates[0],
        "days": len(dates),
        "scenarios": [_scenario(one, pd.Timestamp(dates[0]), len(dates)) for one in shown],
        "left_out": [one.label for one in cast[len(shown) :]],
        "replications": [{"replication": number, "why": why} for number, why in kept.items()],
        "of_replications": int(tables["runs"]["replication"].nunique()),
        "map": map_data(tables["places"], tables["legs"]),
        "camps": sites.camps,
        "sectors": sites.sectors,
        "landings": sites.landings,
        "runs": runs,
    }


def representative(runs: pd.DataFrame, baseline: str) -> dict[int, str]:
    """Three replications and why: typical, fewest and most arrivals, in the baseline if there is one.

    Typical is the one whose arrivals and deaths are together nearest to their medians, in ranks: a replay with twice as
    many dead as in the mean would be looked at as if it were the answer.

    Only replications that every scenario has are eligible. Fewer than three replications give fewer.
    """
    everywhere = runs.groupby("replication")["scenario"].nunique()
    common = set(everywhere.index[everywhere == runs["scenario"].nunique()])
    reference = baseline if baseline in set(runs["scenario"]) else str(runs["scenario"].iloc[0])
    mine = runs[(runs["scenario"] == reference) & runs["replication"].isin(common)].sort_values("replication")
    numbers, arrivals = mine["replication"].to_numpy(int), mine["arrivals"].to_numpy(float)
    off = np.sum([from_the_middle(mine[metric].to_numpy(float)) for metric in TYPICAL_IN], axis=0)
    typical = int(numbers[off.argmin()])
    chosen = {typical: TYPICAL if len(numbers) > 1 else "the only one"}
    for at, why in ((arrivals.argmin(), "fewest arrivals"), (arrivals.argmax(), "most arrivals")):
        chosen.setdefault(int(numbers[at]), why)
    return chosen


def from_the_middle(values: Floats) -> Floats:
    """How many ranks each value is from the median of all; equal values share theirs."""
    ranks = rankdata(values)
    return np.abs(ranks - (len(values) + 1) / 2)


def _fitting(
    tables: Mapping[str, pd.DataFrame],
    cast: Sequence[Shown],
    chosen: Mapping[int, str],
    dates: list[str],
    sites: Sites,
) -> tuple[list[Shown], dict[int, str], list[dict[str, Any]]]:
    """As many replications, then as many scenarios, as fit; the first scenario with one replication always does."""
    numbers = list(chosen)
    runs = {
        (s, r): _run(tables, one.name, number, dates, sites) | {"scenario": s, "replication": r}
        for s, one in enumerate(cast)
        for r, number in enumerate(numbers)
    }
    sizes = {key: len(json.dumps(run, separators=(",", ":"))) for key, run in runs.items()}
    plans = [(len(cast), len(numbers)), *((count, 1) for count in range(len(cast), 0, -1))]
    for count, each in plans:
        keys = [(s, r) for s in range(count) for r in range(each)]
        if sum(sizes[key] for key in keys) <= min(MOST_BYTES, BYTES_PER_SCENARIO * count):
            break
    kept = {number: chosen[number] for number in numbers[:each]}
    return list(cast[:count]), kept, [runs[key] for key in keys]


def _run(
    tables: Mapping[str, pd.DataFrame], scenario: str, replication: int, dates: list[str], sites: Sites
) -> dict[str, Any]:
    mine = {}
    for name in set(BY_RUN) & set(tables):
        table = tables[name][tables[name]["replication"] == replication]
        mine[name] = table[table["scenario"] == scenario]
    return run_data(mine, dates, sites)


def _scenario(shown: Shown, first: pd.Timestamp, days: int) -> dict[str, Any]:
    """A scenario's name and its dates as days since the replay's first."""
    term = shown.exchange and [
        (pd.Timestamp(str(shown.exchange.get(key) or default)) - first).days
        for key, default in (("from", shown.start), ("until", shown.until))
    ]
    measured = [(date - first).days for date in (shown.measure_from, shown.until)]
    return {
        "label": shown.label,
        "baseline": shown.baseline,
        "measured": [max(measured[0], 0), min(measured[1], days)],
        "exchange": term and [max(term[0], 0), min(term[1], days)],
    }
