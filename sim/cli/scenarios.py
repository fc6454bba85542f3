"""Commands about scenarios, without simulating: check, explain."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sim.cli.options import ScenarioName, Settings
from sim.cli.terminal import app, load


@app.command()
def check(scenario: ScenarioName, settings: Settings = None) -> None:
    """Validate only: every problem at once, with file, line, value given and values allowed."""
    from sim.scenario import guesses, outside_range

    loaded = load(scenario, settings)
    for warning in outside_range(loaded):
        print(f"warning: {warning}", file=sys.stderr)
    print(f"{loaded.name}: no problem found; {len(guesses(loaded))} of {len(loaded.catalogue)} settings are guesses")


@app.command()
def explain(
    setting: Annotated[str, typer.Argument(metavar="SETTING", help="For instance exchange.beds, or a section.")],
    scenario: Annotated[str, typer.Option(help="Scenario whose value is shown.")] = "base.yaml",
) -> None:
    """Unit, range, source and confidence of one setting."""
    from sim.scenario import explain as explained

    print(explained(setting, load(scenario, None)))
