"""Which combinations of a sweep can be: values that are each allowed may still not go together.

A scenario is loaded for each combination that is tried, some 25 ms. So of a large design a part is tried, spread
evenly; a combination that is missed fails by itself when it is run. Where rows may be skipped all are tried.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.experiment.sweep.block import SKIP, row_text
from sim.experiment.sweep.designs import Design
from sim.experiment.sweep.plan import Plan, Progress
from sim.experiment.variants import catalogue_name, varied
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.source import Path, Source

TRIED = 100  # combinations of one design
TRIED_TOGETHER = 25  # points that join a row of the levers and a future
HINT = "values that go together; leave settings out with except, or say infeasible: skip in an lhs, sobol or posterior"


@dataclass(slots=True)
class Trials:
    """What went wrong, by problem: the first one, the row in which it was met first, and in how many of those tried."""

    source: Source
    places: Mapping[str, Path]
    tried: int = 0
    found: dict[tuple[str, str], tuple[Problem, str, int]] = field(default_factory=dict)

    def load(self, scenario: Scenario, changes: Mapping[str, Any]) -> str:
        """Why a scenario cannot be with these changes; "" if it can."""
        self.tried += 1
        try:
            varied(scenario, changes)
        except ScenarioError as error:
            for problem in error.problems:
                key = (problem.setting, problem.message)
                first, row, count = self.found.get(key, (problem, row_text(changes), 0))
                self.found[key] = (first, row, count + 1)
            return "; ".join(f"{problem.setting}: {problem.message}" for problem in error.problems)
        return ""

    def problems(self) -> list[Problem]:
        """Each problem once, on the line of the setting that it is about."""
        return [self._told(*each) for each in self.found.values()]

    def _told(self, problem: Problem, row: str, count: int) -> Problem:
        at = self.source.place(self.places.get(problem.setting, ("over",)))
        where = f", in {count} of {self.tried} combinations tried, as {row}" if self.tried > 1 else ""
        return replace(problem, message=problem.message + where, file=at.file, line=at.line)


def feasible(plan: Plan, source: Source, progress: Progress | None = None) -> Plan:
    """The plan without the rows that cannot be, where its blocks say `infeasible: skip`.

    Raises:
        ScenarioError: combinations cannot be and may not be skipped, or none is left.
    """
    trials = Trials(source, _places(plan, source))
    baseline = [plan.baseline] if plan.baseline else []
    futures = _kept(plan.uncertainties, [*baseline, *plan.scenarios], ("uncertainties",), trials, progress)
    levers = _kept(plan.levers, plan.scenarios, (), trials, progress)
    if not trials.found:
        plan = replace(plan, uncertainties=futures, levers=levers)
        _try_together(plan, trials)
    if trials.found:
        raise ScenarioError(trials.problems())
    return plan


def _kept(
    design: Design, scenarios: Iterable[Scenario], path: Path, trials: Trials, progress: Progress | None
) -> Design:
    """The design, without the rows that cannot be if its block says so; else the problems are kept by the trials."""
    if not design.dimensions:
        return design
    skips = trials.source.get((*path, "infeasible")) == SKIP
    combinations = [(row, scenario) for row in range(len(design)) for scenario in scenarios]
    chosen = combinations if skips else [combinations[place] for place in _spread(len(combinations), TRIED)]
    mine = Trials(trials.source, trials.places)
    reasons: dict[int, str] = {}
    for row, scenario in _told(chosen, progress):
        reason = "" if row in reasons else mine.load(scenario, design.changes(row))
        if reason:
            reasons[row] = reason
    if skips and len(reasons) < len(design):
        return design.without(reasons) if reasons else design
    trials.tried += mine.tried
    trials.found |= mine.found
    return design


def _try_together(plan: Plan, trials: Trials) -> None:
    """Try points in which a row of the levers meets a future."""
    if not plan.levers.dimensions or not plan.uncertainties.dimensions:
        return
    for index in _spread(len(plan), TRIED_TOGETHER):
        point = plan.point(index)
        scenario = next((each for each in plan.scenarios if each.name == point.source), None)
        if scenario is not None and not point.is_baseline:
            trials.load(scenario, point.changes)


def _spread(count: int, most: int) -> list[int]:
    """Places spread evenly from the first to the last, each once."""
    return sorted({int(place) for place in np.linspace(0, count - 1, min(count, most))})


def _told(chosen: list[Any], progress: Progress | None) -> Iterator[Any]:
    """Each of the chosen, telling how far one is."""
    began = time.monotonic()
    for done, each in enumerate(chosen, 1):
        yield each
        if progress:
            progress(done, len(chosen), (time.monotonic() - began) / done * (len(chosen) - done))


def _places(plan: Plan, source: Source) -> dict[str, Path]:
    """Where a setting is varied, by the name under which a problem names it."""
    found: dict[str, Path] = {}
    for path, design in (((), plan.levers), (("uncertainties",), plan.uncertainties)):
        for each in design.dimensions:
            at: Path = (*path, "over", each.setting)
            found[each.setting] = found[catalogue_name(each.setting)] = at
    return found
