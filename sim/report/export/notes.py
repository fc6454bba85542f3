"""What a reader of exported tables must know of the run: README.txt beside them."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from ruamel.yaml import YAML

from sim.experiment.results import Results

WIDTH = 100
READING = (
    "An empty cell is a value that is missing: it does not apply, or it cannot be had. It is never nil. inf is an open "
    "end.",
    "Files are UTF-8 with commas between cells; a spreadsheet that shows wrong letters must be told so on import. "
    "Dates are ISO (2025-01-31). A day since the start is a number: 0.5 is noon of the scenario's first day. Numbers "
    "have up to 15 significant digits. Text that a spreadsheet might run as a formula has an apostrophe in front.",
    "Days of the warm-up are in the tables; metrics count the measured window alone. Intervals over replications tell "
    "what is left of chance after so many runs, not what is uncertain in the settings.",
)
CARE = (
    "Everything is simulated, but for columns called observed. People are counted as people, one agent each. Patrol "
    "units are simulated too, by stretch of coast: nothing here is a real patrol, schedule or position."
)
LICENCE = (
    "Observed series are aggregate and public: Home Office, Open Government Licence v3.0 (contains public sector "
    "information licensed under it). Figures from press, studies and the IOM's Missing Migrants Project are facts "
    "cited to their source; coastline: Natural Earth, public domain. sim itself: MIT. Sources are listed in "
    "sim/data/sources.csv; the source of every setting is in scenario.yaml beside the tables of the run."
)


def notes(found: Results, tables: Sequence[str], replication: int | None) -> str:
    """The text: question, command, seed, commit; what is in the files, how to read them, the licence."""
    facts = found.provenance
    parts = [
        f"Tables of {found.folder.name}, made with sim {facts['sim']}",
        "\n".join(f"{name}: {value}" for name, value in _facts(found, facts)),
        _what(tables, replication),
        "dictionary.csv tells type, unit and meaning of every column.",
        *READING, CARE, facts["data"], LICENCE,
    ]  # fmt: skip
    return (
        "\n\n".join("\n".join(fill(line, WIDTH, break_long_words=False) for line in p.split("\n")) for p in parts)
        + "\n"
    )


def _facts(found: Results, facts: dict[str, Any]) -> list[tuple[str, str]]:
    """How the run came to be, line by line."""
    told, baseline = YAML(typ="safe").load(found.folder / "scenario.yaml")["scenarios"], facts.get("baseline")
    names = sorted(told, key=lambda name: name == baseline)  # the baseline last
    questions = [(f"Question of {name}", " ".join(told[name]["question"].split())) for name in names]
    if (found.folder / "sweep.parquet").exists():
        questions = [("Question", found.table("sweep")["question"].iloc[0])]
    return [
        *questions,
        ("Baseline", baseline or "none"),
        ("Command", facts["command"]),
        ("Replications", facts["replications"]),
        ("Base seed", facts["seed"]),
        ("Commit", facts["commit"] or "unknown"),
        ("Code", f"{facts['code_hash']} (fingerprint of the model's code)"),
    ]


def _what(tables: Sequence[str], replication: int | None) -> str:
    """What the files hold."""
    listed = f"Tables: {', '.join(tables)}."
    if replication is None:
        return listed
    return (
        f"{listed} Of tables whose rows belong to single replications, only replication {replication} is here; the "
        "others (such as summary and effects) rest on all replications."
    )
