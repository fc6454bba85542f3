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

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

__all__ = ["compare", "load_scenario", "results", "run"]
__version__ = "0.1.0"


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
    out: Path | None = None,
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
    out: Path | None = None,
) -> Results:
    """Paired effects of several scenarios against one baseline (default: the first scenario's own)."""
    from sim.experiment.study import Options, baseline_of, study

    loaded = [load_scenario(s) if isinstance(s, str | Path) else s for s in scenarios]
    against = baseline_of(loaded[0], baseline) if baseline is None or isinstance(baseline, str) else baseline
    return study(loaded, against, Options(replications=replications, workers=workers, out=out))


def results(folder: str | Path) -> Results:
    """Results on disk, by their folder or by their name under `results/`."""
    from sim.experiment.results import Results

    path = Path(folder)
    return Results(path if path.is_dir() else Path("results") / folder)
