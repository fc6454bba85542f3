"""Commands about scenarios, without simulating: check, explain, assumptions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import ScenarioName, Settings
from sim.cli.terminal import app, load, show_page

if TYPE_CHECKING:
    from sim.scenario import Scenario


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


@app.command()
def assumptions(
    scenario: ScenarioName = "base.yaml",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write; without it the page is shown.")
    ] = None,
) -> None:
    """Every setting on one page: value, range, confidence, source; guesses counted by section."""
    from sim.report.assumptions import assumptions_page
    from sim.report.posterior import read_informed

    loaded = load(scenario, None)
    page = assumptions_page(loaded, list(_shipped()), read_informed(loaded.catalogue))
    show_page(page, out)


def _shipped() -> Iterator[Scenario]:
    """The scenarios that come with the project; other files among them, such as the patterns', are left out."""
    from sim.scenario import ScenarioError
    from sim.scenario.inherit import PACKAGED, SUFFIX

    for file in sorted(PACKAGED.glob(f"*{SUFFIX}")):
        try:
            yield load(str(file), None)
        except ScenarioError:
            continue
