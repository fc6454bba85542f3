"""Commands that answer one question with many runs: breakeven, tornado, needs, patterns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sim.cli.options import BaselineName, Common, MetricName, ScenarioName, grouped
from sim.cli.terminal import app, draw, load, options, simulating, warn
from sim.scenario import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.experiment.results import Results
    from sim.experiment.study import Options
    from sim.scenario import Scenario

Asking = TypeVar("Asking")  # a question that was read and checked

PATTERNS = "patterns.yaml"
Pounds = Annotated[float | None, typer.Option(help="GBP a person; with the other one the share to deter is printed.")]


@app.command()
@grouped
def breakeven(
    given: Common,
    scenario: Annotated[str | None, typer.Argument(metavar="SCENARIO", help="Path, or name in configs/.")] = None,
    lever: Annotated[str | None, typer.Option(metavar="a.b", help="The setting that is varied.")] = None,
    metric: MetricName = None,
    target: Annotated[str | None, typer.Option(help="Difference to the baseline: -2000, or -10% of its mean.")] = None,
    levels: Annotated[str | None, typer.Option(help="As 0,50,100; default: over the plausible range.")] = None,
    baseline: BaselineName = None,
    gross_gbp: Pounds = None,
    saved_gbp: Pounds = None,
) -> None:
    """The value of a lever at which a target is met, with its interval; or the deterrence at which costs break even.

    Eight replications of each level, unless told otherwise.
    """
    if gross_gbp is not None or saved_gbp is not None:
        _costs(scenario, gross_gbp, saved_gbp)
        return
    from sim.cli.words import breakeven_text
    from sim.experiment.breakeven import breakeven as answered
    from sim.experiment.question import Asked, read_question

    asked = Asked(lever, metric, target, levels, baseline)
    _answer(scenario, given, lambda load_it: read_question(load_it, asked), answered, breakeven_text)


@app.command()
@grouped
def tornado(
    scenario: ScenarioName,
    given: Common,
    metric: MetricName = None,
    over: Annotated[str | None, typer.Option(help="Sections or settings, as exchange,patrols.units.")] = None,
) -> None:
    """What matters most: each setting at the low and high end of its range, paired with the scenario itself.

    Four replications of each end, unless told otherwise.
    """
    from sim.cli.words import tornado_text
    from sim.experiment.one_at_a_time import read_survey
    from sim.experiment.one_at_a_time import tornado as surveyed

    _answer(scenario, given, lambda load_it: read_survey(load_it, metric, over), surveyed, tornado_text)


@app.command()
@grouped
def needs(
    scenario: ScenarioName,
    given: Common,
    targets: Annotated[str | None, typer.Option(help="Returns a week; default: 50,200,500,1000.")] = None,
    baseline: BaselineName = None,
) -> None:
    """What binds at each weekly target, and what each would need in beds, seats, staff and money.

    Four replications of each, unless told otherwise.
    """
    from sim.cli.words import needs_text
    from sim.experiment.needs import needs as supplied
    from sim.experiment.needs import read_needs

    _answer(scenario, given, lambda load_it: read_needs(load_it, targets, baseline), supplied, needs_text)


@app.command()
@grouped
def patterns(
    given: Common,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="What to measure: path, or name in configs/.")] = PATTERNS,
    only: Annotated[str | None, typer.Option(help="Patterns to look at, as P1,P9; default: all.")] = None,
    ship: Annotated[bool, typer.Option("--ship", help="Also renew the scorecard that ships with the project.")] = False,
) -> None:
    """The pattern scorecard: what is known to happen, measured in runs and held against its target range.

    Settings given with --set hold for every scenario of the plan, and come on top of it.
    """
    from sim.cli.words import patterns_text
    from sim.experiment.patterns import read_plan, scorecard, shipped
    from sim.experiment.variants import read_together

    may_ship = partial(shipped.check_shippable, ship, only, given.overrides)
    how, asked, _ = read_together(partial(options, given), partial(read_plan, plan, given.overrides, only), may_ship)
    with simulating():
        found = scorecard(asked, how)
    print(patterns_text(found))
    if ship:
        print(f"shipped: {shipped.ship(found)}")
    draw(found, given.quiet)


def _answer(
    scenario: str | None,
    given: Common,
    read: Callable[[Callable[[], Scenario]], Asking],
    run: Callable[[Asking, Options], Results],
    told: Callable[[Results], str],
) -> None:
    """Read a question about a scenario, all problems at once, run what it needs, tell the answer and draw it."""
    from sim.experiment.variants import read_together

    how, question = read_together(partial(options, given), partial(read, partial(_loaded, scenario, given)))
    warn([question.scenario], given.quiet)
    with simulating():
        found = run(question, how)
    print(told(found))
    draw(found, given.quiet)


def _loaded(scenario: str | None, given: Common) -> Scenario:
    if scenario is None:
        raise ScenarioError([Problem("SCENARIO", "is missing", "", "a scenario, or --gross-gbp with --saved-gbp")])
    return load(scenario, given.overrides)


def _costs(scenario: str | None, gross_gbp: float | None, saved_gbp: float | None) -> None:
    """Break-even on costs alone: arithmetic, no runs."""
    from sim.experiment.costs import break_even_deterrence

    if scenario is not None or gross_gbp is None or saved_gbp is None:
        message = "go together, and without a scenario: no run is needed"
        raise ScenarioError([Problem("--gross-gbp and --saved-gbp", message, "", "both, or neither with a scenario")])
    share = break_even_deterrence(gross_gbp, saved_gbp)
    print(
        f"Costs break even when {100 * share:.1f} % of people are deterred: relocating one person costs "
        f"GBP {gross_gbp:,.0f}, and GBP {saved_gbp:,.0f} is saved for everyone relocated or deterred."
    )
