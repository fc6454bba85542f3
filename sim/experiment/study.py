"""Running a scenario against its baseline, or several against one: the work behind `sim run` and `sim compare`."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.compare import effects_table, runs_table
from sim.experiment.results import Results, gather
from sim.experiment.runner import Execution, Progress, run_all
from sim.experiment.store import Store
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario

RESULTS = Path("results")
STORE = ".store"
FEWEST, MOST, STEP = 4, 128, 4
PRECISION_METRIC = "arrivals"


@dataclass(frozen=True, slots=True)
class Options:
    """How to run; only replications, precision and journeys change what is written.

    `precision` asks for replications until the half-width of the paired effect on arrivals (without a baseline: of
    arrivals) is below this share of the baseline's arrivals.
    """

    replications: int | None = None
    precision: float | None = None
    first_replication: int = 0
    workers: int | None = None
    executor: str = "process"
    people: bool = False
    out: Path | None = None
    progress: Progress | None = None
    command: str = "sim.run"

    def folder(self, name: str) -> Path:
        """Where the results go."""
        return self.out or RESULTS / name

    def execution(self, folder: Path) -> Execution:
        """How the runs are executed; the store lies beside the results."""
        workers = self.workers or os.cpu_count() or 1
        return Execution(folder.parent / STORE, workers, self.executor, self.people, self.progress)


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
    if options.precision is None:
        run_all(together, numbers, how)
    else:
        numbers = _until_precise(together, baseline, options, how)
    return gather(folder, together, baseline, numbers, Store(how.store), options.command, options.people)


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
    scenarios: Sequence[Scenario], baseline: Scenario | None, options: Options, how: Execution
) -> list[int]:
    """Add replications until the interval is as narrow as asked, within FEWEST and MOST."""
    count = FEWEST
    while True:
        numbers = list(range(options.first_replication, options.first_replication + count))
        run_all(scenarios, numbers, how)
        if count >= MOST or _half_width(scenarios, baseline, numbers, how) <= (options.precision or 0.0):
            return numbers
        count += STEP


def _half_width(scenarios: Sequence[Scenario], baseline: Scenario | None, numbers: list[int], how: Execution) -> float:
    """Widest half-width over the scenarios, as a share of the baseline's mean (or of the mean itself)."""
    from sim.experiment.intervals import mean_interval

    runs = runs_table(scenarios, None, numbers, Store(how.store))
    level = float(runs[PRECISION_METRIC].mean())
    if baseline is None:
        intervals = [mean_interval(mine[PRECISION_METRIC].to_numpy(float)) for _, mine in runs.groupby("scenario")]
        return max((high - low) / 2 / level for _, low, high in intervals)
    level = float(runs.loc[runs["scenario"] == baseline.name, PRECISION_METRIC].mean())
    effects = effects_table(runs.assign(**_no_pairs()), baseline.name)
    mine = effects[effects["metric"] == PRECISION_METRIC]
    return float(((mine["high"] - mine["low"]) / 2 / level).max())


def _no_pairs() -> dict[str, float]:
    from sim.metrics import paired_metrics

    return {metric.name: float("nan") for metric in paired_metrics()}
