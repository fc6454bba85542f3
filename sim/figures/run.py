"""What the figures read: the tables of a results folder and the facts about its scenarios."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from ruamel.yaml import YAML

from sim.figures.style import BASELINE_PEN, Pen, policy_pen, shortened


class Results(Protocol):
    """A folder of tables; `sim.experiment.results.Results` is one."""

    @property
    def folder(self) -> Path:
        """Where the tables lie."""

    def table(self, name: str) -> pd.DataFrame:
        """One table by its name."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One scenario as the figures show it: the same pen and label everywhere."""

    name: str
    pen: Pen
    baseline: bool
    start: pd.Timestamp
    measure_from: pd.Timestamp
    until: pd.Timestamp
    exchange: dict[str, Any] | None

    @property
    def label(self) -> str:
        """The scenario's name as words; the middle of a long one is left out."""
        return label_of(self.name)

    @property
    def colour(self) -> str:
        """Colour of its lines and labels."""
        return self.pen.colour


def label_of(name: str) -> str:
    """A scenario's name as words; the middle of a long one is left out.

    >>> label_of("returns_500")
    'Returns 500'
    """
    return shortened(" ".join(name.replace("_", " ").split()).capitalize())


def scenarios(results: Results) -> list[Shown]:
    """The scenarios of the tables: the baseline first, then the policies in the order of the tables."""
    names = list(dict.fromkeys(results.table("runs")["scenario"]))
    base = baseline_name(results)
    policies = [name for name in names if name != base]
    first = [_shown(results, base, BASELINE_PEN, True)] if base in names else []
    return [*first, *(_shown(results, name, policy_pen(i), False) for i, name in enumerate(policies))]


def baseline_name(results: Results) -> str:
    """The baseline's name, empty if there is none."""
    name = str(facts(results).get("baseline") or "")
    return "" if name == "none" else name


def panels(cast: Sequence[Shown]) -> list[list[Shown]]:
    """Who shares a panel: every policy with the baseline, or each scenario alone if there is no baseline."""
    if cast[0].baseline and len(cast) > 1:
        return [[cast[0], policy] for policy in cast[1:]]
    return [[scenario] for scenario in cast]


def replications(results: Results) -> int:
    """Replications of the scenario that has most."""
    return int(results.table("runs").groupby("scenario")["replication"].nunique().max())


def dated(results: Results, name: str, column: str = "date") -> pd.DataFrame:
    """A table by day or week with its dates as time stamps."""
    table = results.table(name)
    days = pd.Index(table[column].unique())
    return table.assign(**{column: table[column].map(pd.Series(pd.to_datetime(days), index=days))})


def has(results: Results, *names: str) -> bool:
    """Whether the folder holds all these tables."""
    return all((results.folder / f"{name}.parquet").exists() for name in names)


def with_exchange(cast: Sequence[Shown]) -> list[Shown]:
    """The scenarios in which the exchange is in force for some time."""
    return [s for s in cast if s.exchange is not None]


def facts(results: Results) -> dict[str, Any]:
    """What scenario.yaml says of the scenarios and their baseline; empty if it is not there."""
    path = results.folder / "scenario.yaml"
    return _parsed(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=4)
def _parsed(path: Path, changed: int) -> dict[str, Any]:
    """The settings, most of the file, are left out: they take as long to read as some figures to draw."""
    blocks = re.split(r"^(?=[A-Za-z])", path.read_text(encoding="utf-8"), flags=re.M)
    wanted = "".join(block for block in blocks if block.startswith(("baseline:", "scenarios:")))
    found: dict[str, Any] = YAML(typ="safe").load(wanted) or {}
    return found


def _shown(results: Results, name: str, pen: Pen, baseline: bool) -> Shown:
    known = facts(results).get("scenarios", {}).get(name, {})
    start, until = (known.get(key) for key in ("start", "until"))
    if start is None or until is None:
        days = results.table("daily")["date"]
        start, until = days.min(), pd.Timestamp(days.max()) + pd.Timedelta(days=1)
    start, until = pd.Timestamp(start), pd.Timestamp(until)
    measured = pd.Timestamp(known.get("measure_from", start))
    return Shown(name, pen, baseline, start, measured, until, _exchange(known))


def _exchange(known: dict[str, Any]) -> dict[str, Any] | None:
    levers = [lever["exchange"] for lever in known.get("levers", []) if "exchange" in lever]
    return dict(levers[0]) if levers else None


def by_target(ledger: pd.DataFrame, cast: Sequence[Shown]) -> list[tuple[Shown, float]]:
    """The scenarios whose exchange was open, each with its mean weekly target while it was; smallest target first."""
    targets = ledger[ledger["open_days"] > 0].groupby("scenario")["weekly_target"].mean()
    return sorted([(s, float(targets[s.name])) for s in cast if s.name in targets], key=lambda scale: scale[1])


def term(ledger: pd.DataFrame, shown: Shown) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first day on which the exchange was open, and the day after its last, in any replication.

    Raises:
        KeyError: it never was.
    """
    weeks = ledger[(ledger["scenario"] == shown.name) & (ledger["open_days"] > 0)].groupby("week")["open_days"].max()
    if weeks.empty:
        raise KeyError(f"the exchange of {shown.name} was never open")
    last = weeks.index[-1] + pd.Timedelta(days=int(weeks.iloc[-1]))
    return (weeks.index[0] + pd.Timedelta(days=7 - int(weeks.iloc[0])) if len(weeks) > 1 else weeks.index[0]), last
