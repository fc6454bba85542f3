"""Made-up finished runs for the tests of the store: three rows a table, so that hundreds take no time."""

from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.store import RunKey, Store
from sim.records.tidy import Coded, Columns

CODE, OTHER_CODE = "c0de" * 4, "0123456789abcdef"
PILOT, NO_EXCHANGE = "a" * 16, "b" * 16
KEY = RunKey(PILOT, CODE, 3)
DATES = np.array(["2025-08-06", "2025-08-07", "2025-08-08"])


def table(rows: int = 3) -> Columns:
    """Labels, whole numbers and others, one of them missing."""
    days = Coded(np.arange(rows, dtype=np.int32) % 3, DATES)
    return {"date": days, "arrivals": np.arange(rows), "price_gbp": np.where(np.arange(rows) == 1, np.nan, 1500.5)}


def tables(*more: str) -> dict[str, Columns]:
    """The tables of a small run."""
    return {name: table() for name in ("daily", "people", *more)}


def facts(wall_s: float = 1.5, **metrics: float) -> dict[str, Any]:
    """Facts of a run that lets 3 people arrive."""
    return {
        "metrics": {"arrivals": 3.0, "price_gbp": float("nan"), **metrics},
        "seed": 7,
        "events": 12,
        "wall_s": wall_s,
    }


def filled(store: Store, replications: int = 2) -> Store:
    """The store with runs of the pilot and of no exchange, and their pairs."""
    for replication in range(replications):
        for scenario in (PILOT, NO_EXCHANGE):
            store.save(RunKey(scenario, CODE, replication), tables(), facts(arrivals=100.0 * replication))
        store.save_pair(RunKey(PILOT, CODE, replication), NO_EXCHANGE, {"arrivals_avoided": 5.0})
    return store


def folder_of(store: Store) -> Path:
    """Where the run lies."""
    return KEY.folder(store.root)


def parts(store: Store) -> list[Path]:
    """What is being written, or was left unfinished."""
    return list((store.root / "parts").glob("*"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def make_unreadable(path: Path) -> None:
    path.unlink()
    path.mkdir()
