"""sim: what would a border policy really do? The front door for notebooks and scripts.

>>> import sim
>>> scenario = sim.load_scenario("pilot.yaml", {"until": "2025-08-20", "theatre.inflow.people_per_year.2025": 500})
>>> scenario.name, scenario.levers[0].kind
('pilot', 'exchange')
>>> import tempfile, pathlib
>>> with tempfile.TemporaryDirectory() as folder:
...     results = sim.run(scenario, replications=2, workers=1, out=pathlib.Path(folder) / "pilot")
...     arrivals = results.effects.set_index("metric").loc["arrivals"]
>>> str(arrivals["unit"]), int(arrivals["replications"])
('people', 2)
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

__all__ = ["breakeven", "compare", "load_scenario", "needs", "results", "run", "sweep", "tornado"]
__version__ = "0.1.0"

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by NumPy at import: on small matrices threads only spin


def load_scenario(source: str | Path, overrides: Mapping[str, Any] | Sequence[str] = ()) -> Scenario:
    """A validated scenario from a YAML file, or by its name in `configs/`.

    Args:
        source: path or bare name.
        overrides: settings to change, as a mapping {"patrols.units": 100} or as ["patrols.units=100"].

    Raises:
        sim.scenario.ScenarioError: everything that is wrong with it, with file and line.
    """
    from sim.scenario import load_scenario as load

    return load(str(source), overrides)


def run(
    scenario: Scenario | str | Path,
    baseline: Scenario | str | None = None,
    *,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Results:
    """Run a scenario against its baseline on common random numbers; finished runs are reused.

    Args:
        scenario: a loaded scenario, a path or a name.
        baseline: overrides the scenario's own; "none" for no baseline.
        replications: default: the scenario's own number.
        workers: processes; default: one for each core.
        out: folder of the results; default: results/<name>.
    """
    return compare([scenario], baseline, replications=replications, workers=workers, out=out)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    baseline: Scenario | str | None = None,
    *,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Results:
    """Paired effects of several scenarios against one baseline (default: the first scenario's own)."""
    from sim.experiment.study import Options, baseline_of, study

    loaded = [_loaded(s) for s in scenarios]
    against = baseline_of(loaded[0], baseline) if baseline is None or isinstance(baseline, str) else baseline
    return study(loaded, against, Options(replications=replications, workers=workers, out=out))


def sweep(
    source: str | Path,
    overrides: Mapping[str, Any] | Sequence[str] = (),
    *,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Results:
    """A design over scenarios, levers and uncertainties; tables `points`, `runs`, `summary`, `effects` and more.

    Args:
        source: a sweep's YAML file, or its name in `configs/sweeps/`.
        overrides: settings changed in every scenario and in the baseline, as for `load_scenario`.
        replications: default: the sweep's own number.
        workers: processes; default: one for each core.
        out: folder of the results; default: results/<name>.

    Raises:
        sim.scenario.ScenarioError: everything that is wrong with the sweep, with file and line.
        sim.experiment.worker.RunFailedError: runs failed; the tables of the others are written.
    """
    from sim.experiment.study import Options
    from sim.experiment.sweep import execute, read_plan
    from sim.experiment.worker import RunFailedError

    options = Options(replications=replications, workers=workers, out=out, command="sim.sweep")
    swept = execute.sweep(read_plan(str(source), overrides), options)
    if swept.failed:
        raise RunFailedError(swept.failed)
    return swept.results


def breakeven(
    scenario: Scenario | str | Path,
    *,
    lever: str,
    metric: str,
    target: str | float,
    levels: Sequence[float] | None = None,
    baseline: str | None = None,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Results:
    """The value of a lever at which a target is met; tables `breakeven` and `breakeven_answer`.

    Args:
        scenario: a loaded scenario, a path or a name.
        lever: the dotted numeric setting that is varied, in the scenario only, such as `exchange.weekly_target`.
        metric: a metric of one run, such as `arrivals`.
        target: paired difference to the baseline, in the metric's unit, or as a share of the baseline's mean: "-10%".
        levels: values of the lever to run; default: over its plausible range.
        baseline: overrides the scenario's own, by its path or name.
        replications: default 8.
        workers: processes; default: one for each core.
        out: folder of the results; default: results/<name>_breakeven.

    Raises:
        sim.scenario.ScenarioError: everything that is wrong with what is asked.
    """
    from sim.experiment.breakeven import breakeven as answered
    from sim.experiment.question import Asked, read_question
    from sim.experiment.study import Options

    question = read_question(lambda: _loaded(scenario), Asked(lever, metric, target, levels, baseline))
    return answered(question, Options(replications=replications, workers=workers, out=out, command="sim.breakeven"))


def tornado(
    scenario: Scenario | str | Path,
    *,
    metric: str,
    over: str,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Results:
    """How far a metric moves when settings go, one at a time, to the ends of their ranges; tables `tornado…`.

    Args:
        scenario: a loaded scenario, a path or a name; every variant is paired with it.
        metric: a metric of one run, such as `returned`.
        over: sections or single settings with commas between them: "exchange,patrols.units".
        replications: default 4.
        workers: processes; default: one for each core.
        out: folder of the results; default: results/<name>_tornado.

    Raises:
        sim.scenario.ScenarioError: everything that is wrong with what is asked.
    """
    from sim.experiment.one_at_a_time import read_survey
    from sim.experiment.one_at_a_time import tornado as surveyed
    from sim.experiment.study import Options

    survey = read_survey(lambda: _loaded(scenario), metric, over)
    return surveyed(survey, Options(replications=replications, workers=workers, out=out, command="sim.tornado"))


def needs(
    scenario: Scenario | str | Path,
    *,
    targets: Sequence[float] = (50, 200, 500, 1000),
    baseline: str | None = None,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Results:
    """What binds at each weekly target, and what each needs in beds, seats, staff and money; table `needs`.

    Args:
        scenario: a loaded scenario with an exchange, a path or a name.
        targets: returns a week.
        baseline: overrides the scenario's own, by its path or name.
        replications: default 4.
        workers: processes; default: one for each core.
        out: folder of the results; default: results/<name>_needs.

    Raises:
        sim.scenario.ScenarioError: everything that is wrong with what is asked.
    """
    from sim.experiment.needs import needs as supplied
    from sim.experiment.needs import read_needs
    from sim.experiment.study import Options

    question = read_needs(lambda: _loaded(scenario), ",".join(str(target) for target in targets), baseline)
    return supplied(question, Options(replications=replications, workers=workers, out=out, command="sim.needs"))


def _loaded(scenario: Scenario | str | Path) -> Scenario:
    return load_scenario(scenario) if isinstance(scenario, str | Path) else scenario


def results(folder: str | Path) -> Results:
    """Results on disk, by their folder or by their name under `results/`."""
    from sim.experiment.results import Results

    path = Path(folder)
    return Results(path if path.is_dir() else Path("results") / folder)
