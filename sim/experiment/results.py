"""Results on disk and in memory: finished runs of the store gathered into `results/<name>/`."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from ruamel.yaml import YAML

from sim.experiment.compare import displacement_table, effects_table, runs_table, summary_table
from sim.experiment.provenance import provenance
from sim.experiment.runner import run_key
from sim.experiment.store import Store
from sim.records.parquet import plain_text, write
from sim.scenario.schema import Scenario

GATHERED = (
    "daily", "sectors", "gangs", "groups", "pipeline", "flows", "cases", "ledger", "flights", "costs",
    "attempts", "hazard", "boats", "camps",
)  # fmt: skip


UNBROKEN = 100_000  # characters a line: a long name that is folded cannot be read back as a key


@dataclass(frozen=True, slots=True)
class Results:
    """Finished results: a folder of tables."""

    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        """One table by its file's name without the ending, for instance `daily`.

        Raises:
            FileNotFoundError: this run has no such table; the message lists those it has.
        """
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            known = ", ".join(sorted(p.stem for p in self.folder.glob("*.parquet")))
            raise FileNotFoundError(f"{self.folder} has no table {name!r}; it has {known}")
        return pd.read_parquet(path)

    @property
    def summary(self) -> pd.DataFrame:
        """Mean and interval of every metric for every scenario."""
        return self.table("summary")

    @property
    def effects(self) -> pd.DataFrame:
        """Paired differences to the baseline."""
        return self.table("effects")

    @property
    def provenance(self) -> dict[str, Any]:
        """How these results came to be."""
        facts: dict[str, Any] = json.loads((self.folder / "provenance.json").read_text())
        return facts

    def noting(self, **facts: Any) -> "Results":
        """These results with more facts in `provenance.json`."""
        text = json.dumps({**self.provenance, **facts}, indent=2) + "\n"
        part = self.folder / ".provenance.part"
        part.write_text(text)
        os.replace(part, self.folder / "provenance.json")
        return self


def gather(
    folder: Path,
    scenarios: Sequence[Scenario],
    baseline: Scenario | None,
    replications: Sequence[int],
    store: Store,
    command: str,
    people: bool,
) -> Results:
    """Write every table of interface.md for these scenarios (the baseline among them) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*GATHERED, *(("people", "journeys") if people else ())):
        write(_stacked(name, scenarios, replications, store), folder / f"{name}.parquet")
    write_table(_places(scenarios[0]), folder / "places.parquet")
    write_table(_legs(scenarios[0]), folder / "legs.parquet")
    runs = runs_table(scenarios, baseline, replications, store)
    write_table(runs, folder / "runs.parquet")
    write_table(summary_table(runs), folder / "summary.parquet")
    if baseline is not None:
        write_table(effects_table(runs, baseline.name), folder / "effects.parquet")
        write_table(displacement_table(scenarios, baseline, replications, store), folder / "displacement.parquet")
    return _told(folder, scenarios, scenarios, baseline, len(replications), command)


def write_answer(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    scenarios: Sequence[Scenario],
    ran: Sequence[Scenario],
    baseline: Scenario | None,
    replications: int,
    command: str,
) -> Results:
    """Write the tables of an answer that rests on many runs, with the scenarios asked about.

    `scenario.yaml` holds `scenarios` (the first one asked about, its baseline last); `provenance.json` the hashes of
    all that `ran`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(table, folder / f"{name}.parquet")
    return _told(folder, scenarios, ran, baseline, replications, command)


def _told(
    folder: Path,
    scenarios: Sequence[Scenario],
    ran: Sequence[Scenario],
    baseline: Scenario | None,
    replications: int,
    command: str,
) -> Results:
    """How the tables of a folder came to be, written last: its presence says that the folder is whole."""
    _write_scenario(scenarios, baseline, folder / "scenario.yaml")
    hashes = {scenario.name: scenario.scenario_hash for scenario in ran}
    facts = provenance(command, scenarios[0].seed, replications, hashes)
    facts["baseline"] = baseline.name if baseline else None
    (folder / "provenance.json").write_text(json.dumps(facts, indent=2) + "\n")
    return Results(folder)


def _stacked(name: str, scenarios: Sequence[Scenario], replications: Sequence[int], store: Store) -> pa.Table:
    """One table of all runs, with the columns scenario and replication in front; text is plain text."""
    parts = []
    for scenario in scenarios:
        for replication in replications:
            table = plain_text(store.arrow(run_key(scenario, replication), name))
            rows = len(table)
            table = table.add_column(0, "replication", pa.array([replication] * rows, pa.int32()))
            parts.append(table.add_column(0, "scenario", pa.array([scenario.name] * rows, pa.string())))
    return pa.concat_tables(parts, promote_options="permissive")


def overrides_told(given: Mapping[str, Any] | Sequence[str]) -> list[str]:
    """Overrides as `--set` takes them."""
    return [f"{name}={value}" for name, value in given.items()] if isinstance(given, Mapping) else list(given)


def _places(scenario: Scenario) -> pd.DataFrame:
    """The theatre's nodes, for maps."""
    rows = [(n.name, n.kind.value, n.label, n.lat, n.lon) for n in scenario.theatre.nodes]
    return pd.DataFrame(rows, columns=["name", "kind", "label", "lat", "lon"])


def _legs(scenario: Scenario) -> pd.DataFrame:
    """The theatre's legs, for maps."""
    rows = [(leg.start, leg.end, leg.kind.value, leg.distance_km) for leg in scenario.theatre.legs]
    return pd.DataFrame(rows, columns=["start", "end", "kind", "distance_km"])


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write one table of a results folder."""
    write(pa.Table.from_pandas(frame, preserve_index=False), path)


def _write_scenario(scenarios: Sequence[Scenario], baseline: Scenario | None, path: Path) -> None:
    """The resolved scenarios, and for each setting its value with unit, range, source and confidence.

    Values are those of the first scenario; `settings_changed` holds those of each other one that differ from them.
    """
    document: dict[str, Any] = {"scenarios": {}, "baseline": baseline.name if baseline else "none", "settings": {}}
    for scenario in scenarios:
        document["scenarios"][scenario.name] = {
            "question": scenario.question,
            "start": scenario.start.isoformat(),
            "measure_from": scenario.measure_from.isoformat(),
            "until": scenario.until.isoformat(),
            "levers": [
                {
                    lever.kind: {
                        "from": lever.starts.isoformat(),
                        "until": lever.until.isoformat() if lever.until else None,
                        "announced": lever.announced.isoformat() if lever.announced else None,
                        **lever.settings,
                    }
                }
                for lever in scenario.levers
            ],
        }
    document["overrides"] = overrides_told(scenarios[0].overrides)
    document["settings_changed"] = {scenario.name: _changed(scenario, scenarios[0]) for scenario in scenarios[1:]}
    for setting, meta in scenarios[0].catalogue.items():
        document["settings"][setting] = {
            "value": meta.value, "unit": meta.unit, "low": meta.low, "high": meta.high,
            "source": meta.source, "confidence": meta.confidence, "note": meta.note,
        }  # fmt: skip
    yaml = YAML(typ="safe")
    yaml.width = UNBROKEN
    with path.open("w") as file:
        yaml.dump(document, file)


def _changed(scenario: Scenario, first: Scenario) -> dict[str, Any]:
    """The settings of sections whose values differ from those of the first scenario, before any lever."""
    missing = object()
    before = {name: meta.value for name, meta in first.catalogue.items()}
    named = ((name, meta.value) for name, meta in scenario.catalogue.items() if "." in name)
    return {name: value for name, value in named if before.get(name, missing) != value}
