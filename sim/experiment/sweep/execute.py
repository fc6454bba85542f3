"""Running a sweep: every run that the store lacks, more replications where an interval is too wide, then the tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.intervals import mean_interval
from sim.experiment.precision import Precision
from sim.experiment.provenance import code_hash
from sim.experiment.results import Results, overrides_told, write_answer
from sim.experiment.runner import Execution, Tally, Wanted, pair_wanted, run_key, run_wanted
from sim.experiment.store import RunKey, Store
from sim.experiment.study import Options
from sim.experiment.sweep.oat import oat_tables
from sim.experiment.sweep.plan import Plan, Point
from sim.experiment.sweep.tables import Known, write_tables
from sim.experiment.worker import RunFailedError
from sim.metrics import paired_metrics

MEASURED = frozenset({"run"})  # what a sweep needs of a run: its metrics

ANSWERS = ("sensitivity*", "information*", "discover*", "tornado*", "ends")  # tables that rest on those of a sweep


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep left: its results, how many runs were computed and found, and the failures in words."""

    results: Results
    tally: Tally
    failed: str = ""
    wide: tuple[str, ...] = ()


@dataclass(slots=True)
class _Progress:
    """How far a sweep is: replications wanted and done of each point."""

    plan: Plan
    how: Execution
    first: int
    hashes: list[str]
    wanted: list[int]
    done: list[int]
    tally: Tally = field(default_factory=lambda: Tally(0, 0))
    failed: str = ""

    def missing(self) -> Iterator[Wanted]:
        """Runs wanted and not done; each once, also where the model cannot tell points apart."""
        begun: set[tuple[str, int]] = set()
        for point in self.plan.points():
            against = self.plan.baseline_of(point)
            left = [n for n in self._left(point.index) if (self.hashes[point.index], n) not in begun]
            if left:
                begun |= {(self.hashes[point.index], n) for n in left}
                scenario = self.plan.scenario(point)
                for replication in left:
                    yield Wanted(scenario, replication, self.hashes[against.index] if against else None)

    def count(self) -> int:
        """How many runs are wanted and not done."""
        return len({(mine, n) for i, mine in enumerate(self.hashes) for n in self._left(i)})

    def note(self, work: Callable[[], Tally | int]) -> None:
        """Do some work, and count its runs; failures are kept for the end."""
        try:
            done = work()
        except RunFailedError as error:
            self.failed = "\n".join(filter(None, [self.failed, str(error)]))
            done = getattr(error, "tally", 0)
        if isinstance(done, Tally):
            self.tally = Tally(self.tally.computed + done.computed, self.tally.reused + done.reused)

    def can_pair(self, wanted: Wanted) -> bool:
        """Whether a run and that of its baseline are both finished."""
        key, store = run_key(wanted.scenario, wanted.replication), Store(self.how.store)
        hashes = [key.scenario_hash, *filter(None, [wanted.baseline])]
        return all(store.has(RunKey(each, key.code_hash, wanted.replication), MEASURED) for each in hashes)

    def _left(self, index: int) -> range:
        return range(self.first + self.done[index], self.first + self.wanted[index])


def sweep(plan: Plan, options: Options) -> Swept:
    """Do what the store lacks of a sweep and write its tables; runs that fail are left out of them and told of.

    Raises:
        InterruptedRunError: Ctrl-C; finished runs are kept.
    """
    folder = options.folder(plan.name)
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    how = options.execution(folder)
    precision = None if options.replications else options.precision or plan.precision
    count = precision.fewest if precision else options.replications or plan.replications or 1
    hashes = resolved(plan)
    sofar = _Progress(plan, how, options.first_replication, hashes, [count] * len(plan), [0] * len(plan))
    while True:
        _round(sofar)
        if precision is None or not _widen(sofar, precision):
            break
    known = Known(code_hash(), hashes, sofar.done, options.first_replication)
    before = _fingerprint(folder)
    finished = write_tables(folder, plan, known, Store(how.store))
    if _fingerprint(folder) != before:
        _drop_answers(folder)
    about = sweep_table(plan, precision, sofar.tally, sum(finished))
    answers = {"sweep": about, **oat_tables(plan, folder)}
    found = _told(folder, plan, answers, options, max(finished, default=0))
    wide = _too_wide(sofar, precision) if precision else ()
    return Swept(found, sofar.tally, sofar.failed, wide)


def resolved(plan: Plan) -> list[str]:
    """The scenario hash of every point, in order."""
    return [plan.scenario(point).scenario_hash for point in plan.points()]


def sweep_table(plan: Plan, precision: Precision | None, tally: Tally, runs: int) -> pd.DataFrame:
    """`sweep.parquet`: one row about the sweep."""
    aim = plan.aim
    row = {
        "name": plan.name, "question": plan.question,
        "scenarios": " | ".join(scenario.name for scenario in plan.scenarios),
        "baseline": plan.baseline.name if plan.baseline else "",
        "design": plan.levers.kind, "samples": plan.levers.samples,
        "uncertainty_design": plan.uncertainties.kind, "uncertainty_samples": plan.uncertainties.samples,
        "metric": plan.metric.name, "metric_unit": plan.metric.unit,
        "aim_metric": aim.metric.name if aim else "", "aim_unit": aim.metric.unit if aim else "",
        "aim_target": str(aim.target) if aim else "", "precision": str(precision or ""),
        "plausible": " | ".join(map(str, plan.plausible)), "seed": plan.seed,
        "points": len(plan), "runs": runs, "computed": tally.computed, "reused": tally.reused,
    }  # fmt: skip
    return pd.DataFrame([row])


def _round(sofar: _Progress) -> None:
    """Every run that is wanted and not done, then the pairs."""
    total = sofar.count()
    sofar.note(lambda: run_wanted(sofar.missing(), total, sofar.how, MEASURED))
    if sofar.plan.baseline is not None:  # workers have paired what they could; a baseline may have come later
        sofar.note(lambda: pair_wanted(filter(sofar.can_pair, sofar.missing()), total, sofar.how))
    sofar.done = list(sofar.wanted)


def _widen(sofar: _Progress, precision: Precision) -> bool:
    """Want more replications of points whose interval is too wide, and of their baselines; False if none is."""
    before = list(sofar.wanted)
    for point in sofar.plan.points():
        against = sofar.plan.baseline_of(point)
        if point.is_baseline:
            continue
        half, level = half_width(sofar, point, against, precision.metric)
        if isnan(half):
            continue  # its runs fail
        precision.check(level, half)
        more = precision.next(sofar.done[point.index], half, level)
        for each in filter(None, (point, against)):
            sofar.wanted[each.index] = max(sofar.wanted[each.index], more)
    return sofar.wanted != before


def _too_wide(sofar: _Progress, precision: Precision) -> tuple[str, ...]:
    """The points whose interval is too wide still, with the half-width reached and the one asked for."""
    points = [point for point in sofar.plan.points() if not point.is_baseline]
    found = {p.name: half_width(sofar, p, sofar.plan.baseline_of(p), precision.metric) for p in points}
    return tuple(
        f"{name} ({precision.metric} to {half:,.4g}, asked: {precision.goal(level):,.4g})"
        for name, (half, level) in found.items()
        if not precision.reached(half, level)
    )


def half_width(sofar: _Progress, point: Point, against: Point | None, metric: str) -> tuple[float, float]:
    """Half of the interval of a point's paired difference, or of the metric itself, and the level to compare with."""
    mine = _values(sofar, point, against, metric)
    paired = metric in {each.name for each in paired_metrics()}
    base = mine if against is None or paired else _values(sofar, against, None, metric)[: len(mine)]
    _, low, high = mean_interval(mine if base is mine else mine - base)
    return (high - low) / 2, mean_interval(base)[0]


def _values(sofar: _Progress, point: Point, against: Point | None, metric: str) -> Floats:
    """A metric in every replication of a point; missing where the run failed."""
    store, code = Store(sofar.how.store), code_hash()
    found = []
    for replication in range(sofar.first, sofar.first + sofar.done[point.index]):
        key = RunKey(sofar.hashes[point.index], code, replication)
        metrics: dict[str, float] = store.facts(key)["metrics"] if store.has(key, MEASURED) else {}
        if metric not in metrics and against is not None and store.has_pair(key, sofar.hashes[against.index]):
            metrics = store.pair(key, sofar.hashes[against.index])
        found.append(metrics.get(metric, np.nan))
    return np.array(found)


def _fingerprint(folder: Path) -> list[int]:
    """What tells whether the tables of a sweep are those of before."""
    return [crc32(path.read_bytes()) for path in (folder / "points.parquet", folder / "runs.parquet") if path.exists()]


def _drop_answers(folder: Path) -> None:
    """Take away answers that rest on other runs than those now in the tables."""
    for path in (path for name in ANSWERS for path in folder.glob(f"{name}.parquet")):
        path.unlink()


def _told(folder: Path, plan: Plan, tables: dict[str, pd.DataFrame], options: Options, replications: int) -> Results:
    """How the tables came to be, with a copy of the sweep's file, under which overrides it was run on top."""
    given = overrides_told(plan.scenarios[0].overrides)
    head = "".join(f"# run with --set {change}\n" for change in given)
    (folder / "sweep.yaml").write_text(head + plan.file.read_text(encoding="utf-8"), encoding="utf-8")
    asked = [*plan.scenarios, *([plan.baseline] if plan.baseline else [])]
    return write_answer(folder, tables, asked, asked, plan.baseline, replications, options.command)
