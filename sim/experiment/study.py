"""Running a scenario against its baseline, or several against one: the work behind `sim run` and `sim compare`."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.experiment.compare import runs_table
from sim.experiment.intervals import mean_interval
from sim.experiment.precision import Precision
from sim.experiment.results import Results, gather
from sim.experiment.runner import Execution, Progress, run_all
from sim.experiment.store import Store
from sim.metrics import paired_metrics
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario

RESULTS = Path("results")
STORE = ".store"


@dataclass(frozen=True, slots=True)
class Options:
    """How to run; only replications, precision and journeys change what is written.

    `precision` asks for replications until the half-width of the paired effect on a metric (without a baseline: of the
    metric) is narrow enough.
    """

    replications: int | None = None
    precision: Precision | None = None
    first_replication: int = 0
    workers: int | None = None
    executor: str = "process"
    people: bool = False
    out: Path | str | None = None
    progress: Progress | None = None
    command: str = "sim.run"
    scheduler: str | None = None
    warn: Callable[[str], None] | None = None

    def folder(self, name: str) -> Path:
        """Where the results go."""
        return Path(self.out) if self.out else RESULTS / name

    def execution(self, folder: Path) -> Execution:
        """How the runs are executed; the store lies beside the results."""
        workers = self.workers or os.cpu_count() or 1
        store = folder.parent / STORE
        return Execution(store, workers, self.executor, self.people, self.progress, self.scheduler, self.warn)


def baseline_of(scenario: Scenario, asked: str | None = None) -> Scenario | None:
    """The baseline asked for, else the scenario's own; None if there is none. Overrides hold for it too."""
    name = asked if asked is not None else scenario.baseline
    if name is None or name == "none":
        return None
    return load_scenario(name, scenario.overrides)


def study(scenarios: Sequence[Scenario], baseline: Scenario | None, options: Options) -> Results:
    """Run scenarios (and the baseline) on the same replications and write the results.

    Raises:
        ScenarioError: the scenarios cannot be compared.
    """
    together = _distinct([*scenarios, *([baseline] if baseline else [])])
    folder = options.folder(scenarios[0].name)
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    how = options.execution(folder)
    check_comparable(together)
    count = options.replications or scenarios[0].replications
    numbers = list(range(options.first_replication, options.first_replication + count))
    precise = None
    if options.precision is None:
        run_all(together, numbers, how)
    else:
        numbers, half = _until_precise(together, baseline, options.precision, options.first_replication, how)
        precise = {"asked": str(options.precision), "half_width": half, "replications": len(numbers)}
    found = gather(folder, together, baseline, numbers, Store(how.store), options.command, options.people)
    return found if precise is None else found.noting(precision=precise)


def _distinct(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Each scenario once, by name; a baseline that is also a scenario appears once."""
    return list({scenario.name: scenario for scenario in scenarios}.values())


def check_comparable(scenarios: Sequence[Scenario]) -> None:
    """Paired differences need the same days and the same seed.

    Raises:
        ScenarioError: they differ; says in what.
    """
    first, problems = scenarios[0], []
    for other in scenarios[1:]:
        for name in ("start", "measure_from", "until", "seed"):
            mine, theirs = getattr(first, name), getattr(other, name)
            if mine != theirs:
                text = f"{other.name} cannot be compared with {first.name}: {name} is {theirs} there and {mine} here"
                problems.append(Problem(setting=name, message=text))
    if problems:
        raise ScenarioError(problems)


def _until_precise(
    scenarios: Sequence[Scenario], baseline: Scenario | None, precision: Precision, first: int, how: Execution
) -> tuple[list[int], float]:
    """Add replications until the interval is as narrow as asked; also the half-width reached."""
    count = precision.fewest
    while True:
        numbers = list(range(first, first + count))
        run_all(scenarios, numbers, how)
        half, level = _half_width(scenarios, baseline, precision.metric, numbers, how)
        precision.check(level, half)
        more = precision.next(count, half, level)
        if more == count:
            return numbers, half
        count = more


def _half_width(
    scenarios: Sequence[Scenario], baseline: Scenario | None, metric: str, numbers: list[int], how: Execution
) -> tuple[float, float]:
    """The widest half-width over the scenarios, of the paired difference if there is a baseline, and the level."""
    paired = metric in {each.name for each in paired_metrics()}
    runs = runs_table(scenarios, baseline if paired else None, numbers, Store(how.store))
    values = {str(name): mine[metric].to_numpy(float) for name, mine in runs.groupby("scenario", sort=False)}
    if baseline is None:
        of_level = [v for each in values.values() for v in each]
    else:
        base = values.pop(baseline.name)
        of_level = [v for each in values.values() for v in each] if paired else list(base)
        values = values if paired else {name: mine - base for name, mine in values.items()}
    intervals = [mean_interval(mine) for mine in values.values()]
    return max((high - low) / 2 for _, low, high in intervals), mean_interval(np.array(of_level))[0]
