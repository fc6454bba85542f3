"""Paired metrics: the same replication with and without the policy, from the tables of both runs or from the store."""

from collections.abc import Sequence

from sim.experiment.store import RunKey, Store
from sim.metrics import RunTables, paired_metrics

PAIRED_TABLES = ("daily", "people")
"""The tables of a run from which every paired metric is computed."""


def paired(run: RunTables, baseline: RunTables) -> dict[str, float]:
    """Every paired metric of one replication."""
    return {metric.name: metric.function(run, baseline) for metric in paired_metrics()}


def missing_pair() -> dict[str, float]:
    """The paired metrics of a baseline: none of them means anything."""
    return {metric.name: float("nan") for metric in paired_metrics()}


def stored_run(store: Store, key: RunKey, window: tuple[int, int], tables: Sequence[str] = PAIRED_TABLES) -> RunTables:
    """Some tables of a finished run. `window` is the measured days [first, last).

    Raises:
        DamagedRunError: a table is missing or damaged.
    """
    return RunTables({name: store.columns(key, name) for name in tables}, *window)


def pair_of(store: Store, key: RunKey, baseline_hash: str, window: tuple[int, int]) -> dict[str, float]:
    """The paired metrics of a run and the same replication of a baseline: stored ones, else from their tables.

    Raises:
        DamagedRunError: a table is missing or damaged.
    """
    if store.has_pair(key, baseline_hash):
        return store.pair(key, baseline_hash)
    base = RunKey(baseline_hash, key.code_hash, key.replication)
    return paired(*(stored_run(store, one, window) for one in (key, base)))
