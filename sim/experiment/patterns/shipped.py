"""The scorecard that ships: made by `sim patterns --ship`, then committed; every report of a run shows it."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sim.experiment.patterns.scorecard import COLUMNS
from sim.experiment.results import Results
from sim.scenario import Problem, ScenarioError
from sim.scenario.inherit import PACKAGED
from sim.scenario.yaml_source import read

PATTERNS = Path(__file__).resolve().parents[2] / "data" / "patterns.csv"
PLAN = PACKAGED / "patterns.yaml"


def check_shippable(ship: bool, only: str | None, settings: Sequence[str]) -> None:
    """What ships is the whole scorecard of the model as it is; without `ship` anything goes.

    Raises:
        ScenarioError: part of it was asked for, or other settings.
    """
    given = {"--only": only or "", "--set, --until, --seed": " ".join(settings)}
    why = "does not go with --ship: what ships is the whole scorecard of the model as it is"
    problems = [Problem(name, why, value, "leave it out, or --ship") for name, value in given.items() if ship and value]
    if problems:
        raise ScenarioError(problems)


def ship(found: Results, file: Path = PATTERNS) -> Path:
    """Put a scorecard into the package's data, in the place of the one there; returns the file."""
    found.table("scorecard")[COLUMNS].to_csv(file, index=False)
    return file


def shipped_scorecard(file: Path = PATTERNS) -> pd.DataFrame:
    """The columns of `patterns.csv` and `label`, what each quantity is in words; empty if no scorecard ships.

    The words are those of the plan as it is; a quantity that it no longer has goes by its name.
    """
    if not file.is_file():
        return pd.DataFrame()
    table = pd.read_csv(file)
    checks = read(PLAN).get(("checks",)) if PLAN.is_file() else {}
    labels = {name: str(check["label"]).strip() for name, check in checks.items()}
    names = table["quantity"].astype(str)
    return table.assign(label=[labels.get(name, name.replace("_", " ")) for name in names])
