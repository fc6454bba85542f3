"""From a sweep's YAML to a `Plan`; everything that is wrong is told at once, with file and line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from sim.experiment.precision import Precision, read_precision
from sim.experiment.question import read_target
from sim.experiment.study import baseline_of, check_comparable
from sim.experiment.sweep.block import BLOCK_KEYS, LEVER, UNCERTAINTY, Block, given_by_levers
from sim.experiment.sweep.designs import Design
from sim.experiment.sweep.feasible import feasible
from sim.experiment.sweep.plan import Aim, Plan, Plausible, Progress
from sim.experiment.sweep.plan_designs import read_design
from sim.experiment.variants import catalogue_name, is_number, read_metric
from sim.metrics import Metric
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario
from sim.scenario.describe import listed, meant
from sim.scenario.errors import short_path, shown
from sim.scenario.inherit import PACKAGED, SUFFIX, find_file
from sim.scenario.source import Path, Source
from sim.scenario.yaml_source import read

FOLDER = "sweeps"
METRIC = "arrivals"
NONE = "none"
KEYS = (
    "question", "scenario", "scenarios", "baseline", "replications", "precision", "metric", "aim", "uncertainties",
    "seed", "plausible", *BLOCK_KEYS,
)  # fmt: skip
GAPLESS = ("saltelli", "morris")
PLAUSIBLE_FORM = "{arrivals: [15000, 80000]}"
PRECISION_KEYS = ("metric", "half_width", "fewest", "most")


def read_plan(name: str, overrides: Mapping[str, Any] | Sequence[str] = (), progress: Progress | None = None) -> Plan:
    """The plan of a sweep; overrides hold for every scenario and the baseline.

    `progress` hears how many of the combinations that are tried have been (done, total, seconds left).

    Raises:
        ScenarioError: everything that is wrong with the sweep and its scenarios.
    """
    file = find_sweep(name)
    source = read(file)
    _check_keys(source)
    question = source.get(("question",)) or ""
    metric = _blamed(source, ("metric",), partial(read_metric, source.get(("metric",)) or METRIC))
    replications = _whole(source, "replications", 1)
    seed = _whole(source, "seed", 0)
    precision = _precision(source)
    aim = _aim(source)
    scenarios = _scenarios(source, overrides)
    baseline = _baseline(source, scenarios)
    designs = _designs(source, scenarios, baseline, seed) if scenarios else None
    if designs is not None:
        _check_overrides(source, overrides, designs)
    plausible = _plausible(source, baseline, designs)
    if source.problems or designs is None or metric is None:
        raise ScenarioError(sorted(source.problems, key=lambda problem: (problem.file, problem.line or 0)))
    if precision is None and replications is None:
        replications = scenarios[0].replications
    plan = Plan(
        file.stem, str(question), tuple(scenarios), baseline, replications, precision, metric, aim, *designs,
        scenarios[0].seed if seed is None else seed, file, plausible,
    )  # fmt: skip
    return feasible(plan, source, progress)


def _check_overrides(
    source: Source, overrides: Mapping[str, Any] | Sequence[str], designs: tuple[Design, Design]
) -> None:
    """No setting is both varied and overridden: the override would change the baseline under the same numbers."""
    varied = {catalogue_name(each.setting) for design in designs for each in design.dimensions}
    given = list(overrides) if isinstance(overrides, Mapping) else [text.partition("=")[0] for text in overrides]
    for name in given:
        if catalogue_name(name.strip()) in varied:
            source.problems.append(
                Problem(name.strip(), "is varied by the sweep, so it cannot be set too", file="--set")
            )


def find_sweep(name: str) -> FilePath:
    """The file of a sweep: a bare name in ./configs/sweeps or the sweeps beside the package, else a path.

    Raises:
        ScenarioError: there is none; says where it looked and which names are near.
    """
    folders = [FilePath.cwd() / "configs" / FOLDER, PACKAGED / FOLDER, FilePath.cwd()]
    for file in (folder / f"{name}{suffix}" for folder in folders for suffix in ("", SUFFIX)):
        if file.is_file():
            return file.resolve()
    known = {file.stem for folder in folders[:2] for file in folder.glob(f"*{SUFFIX}")}
    near = get_close_matches(FilePath(name).stem, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    looked = ", ".join(dict.fromkeys(short_path(str(folder)) for folder in folders))
    raise ScenarioError([Problem("", f"no sweep {name!r}; looked in {looked}{hint}", "", ", ".join(sorted(known)))])


def _check_keys(source: Source) -> None:
    """Every key is known, at the top and below `uncertainties`."""
    for path, known in (((), KEYS), (("uncertainties",), BLOCK_KEYS)):
        held = source.get(path) if path else source.data
        if held is not None and not isinstance(held, dict):
            source.blame(path, "must be a mapping of a design, samples and over", shown(held))
            source.data.pop("uncertainties")
            continue
        for key in (key for key in held or () if key not in known):
            source.blame((*path, key), f"is unknown{meant(key, known)}", "", listed(key, known))


def _blamed(source: Source, path: Path, reading: Callable[[], Any]) -> Any:
    """What a reading gives; its problems are noted at a place of the sweep's file, and None given."""
    try:
        return reading()
    except ScenarioError as error:
        at = source.place(path)
        key = ".".join(map(str, path))
        source.problems += [
            problem if problem.file else replace(problem, setting=key, file=at.file, line=at.line)
            for problem in error.problems
        ]
    return None


def _whole(source: Source, key: str, least: int, under: Path = ()) -> int | None:
    """A whole number, or None if there is none or it cannot be, which is noted."""
    value = source.get((*under, key)) if isinstance(source.get(under), dict) else None
    if value is None:
        return None
    if not is_number(value) or value != int(value) or value < least:
        source.blame((*under, key), f"must be a whole number of at least {least}", shown(value))
        return None
    return int(value)


def _precision(source: Source) -> Precision | None:
    """The precision asked for, by a number or a mapping."""
    given = source.get(("precision",))
    if given is None:
        return None
    if source.get(("replications",)) is not None:
        source.blame(("precision",), "cannot stand beside replications: it decides how many there are", shown(given))
    told = given if isinstance(given, dict) else {"half_width": given}
    for key in (key for key in told if key not in PRECISION_KEYS):
        source.blame(("precision", key), f"is unknown{meant(key, PRECISION_KEYS)}", "", listed(key, PRECISION_KEYS))
    counts = [_whole(source, key, 2, ("precision",)) for key in ("fewest", "most")]
    named = told.get("metric") or source.get(("metric",)) or METRIC
    found: Precision | None = _blamed(
        source, ("precision",), partial(read_precision, told.get("half_width"), named, *counts)
    )
    return found


def _aim(source: Source) -> Aim | None:
    given = source.get(("aim",))
    if given is None:
        return None
    if not isinstance(given, dict):
        source.blame(("aim",), "must say a metric and a target", shown(given), "{metric: arrivals, target: -10%}")
        return None
    for key in (key for key in given if key not in ("metric", "target")):
        source.blame(("aim", key), f"is unknown{meant(key, ('metric', 'target'))}", "", "metric, target")
    named = given.get("metric") or source.get(("metric",)) or METRIC
    metric: Metric | None = _blamed(source, ("aim", "metric"), partial(read_metric, named))
    target = _blamed(source, ("aim", "target"), partial(read_target, given.get("target")))
    return None if metric is None or target is None else Aim(metric, target)


def _plausible(
    source: Source, baseline: Scenario | None, designs: tuple[Design, Design] | None
) -> tuple[Plausible, ...]:
    """What the baseline of a future must look like: metric -> [low, high]."""
    given = source.get(("plausible",))
    if given is None:
        return ()
    if not isinstance(given, dict):
        source.blame(("plausible",), "must be a mapping of metrics to ranges", shown(given), PLAUSIBLE_FORM)
        return ()
    if baseline is None and source.get(("baseline",)) == "none":
        source.blame(("plausible",), "speaks of the baseline, and there is none")
    if designs is not None and designs[1].kind in GAPLESS:
        source.blame(("plausible",), f"would tear gaps into a {designs[1].kind} design, which needs all its futures")
    found = []
    for name, ends in given.items():
        metric: Metric | None = _blamed(source, ("plausible", name), partial(read_metric, name))
        match ends:
            case [int() | float() as low, int() | float() as high] if low < high and metric is not None:
                found.append(Plausible(metric, float(low), float(high)))
            case _ if metric is not None:
                source.blame(("plausible", name), "must be a range, low before high", shown(ends), PLAUSIBLE_FORM)
    return tuple(found)


def _scenarios(source: Source, overrides: Mapping[str, Any] | Sequence[str]) -> list[Scenario]:
    """The scenarios that are varied; problems are noted."""
    one, many = source.get(("scenario",)), source.get(("scenarios",))
    if (one is None) == (many is None):
        what = "is missing: which scenario is varied" if one is None else "stands beside scenarios: give one of them"
        source.blame(("scenario",), what, "", "scenario: pilot.yaml, or scenarios: [pilot.yaml, returns_500.yaml]")
        return []
    if many is not None and (not isinstance(many, list) or not many):
        source.blame(("scenarios",), "must be a list of scenarios", shown(many), "[pilot.yaml, returns_500.yaml]")
        return []
    places: list[tuple[Path, Any]] = [(("scenario",), one)]
    if many is not None:
        places = [(("scenarios", index), name) for index, name in enumerate(many)]
    read_one = [_blamed(source, path, partial(_load, source, path, name, overrides)) for path, name in places]
    found = [scenario for scenario in read_one if scenario is not None]
    names = [scenario.name for scenario in found]
    for (path, _), name in zip(places, names, strict=False):
        if names.count(name) > 1:
            source.blame(path, "stands twice: each scenario needs a name of its own", name)
    if len(found) == len(places) > 1:
        _blamed(source, ("scenarios",), partial(check_comparable, found))
    return found


def _load(source: Source, path: Path, name: Any, overrides: Mapping[str, Any] | Sequence[str]) -> Scenario:
    """A scenario, from a path beside the sweep or a bare name."""
    at = source.place(path)
    return load_scenario(find_file(name, FilePath(at.file).parent, str(path[0]), at), overrides)


def _baseline(source: Source, scenarios: Sequence[Scenario]) -> Scenario | None:
    """The baseline asked for, else the first scenario's own; None if there is none."""
    path: Path = ("baseline",)
    asked = source.get(path)
    baseline: Scenario | None
    if not scenarios:
        return None
    if asked == NONE or (asked is None and scenarios[0].baseline is None):
        for key in (key for key in ("aim",) if source.get((key,)) is not None):
            source.blame((key,), "needs a baseline to be measured against", "", "baseline: no_exchange.yaml")
        return None
    if asked is None:
        baseline = _blamed(source, path, partial(baseline_of, scenarios[0]))
    else:
        baseline = _blamed(source, path, partial(_load, source, path, asked, scenarios[0].overrides))
    if baseline is not None:
        _blamed(source, path, partial(check_comparable, [scenarios[0], baseline]))
    return baseline


def _designs(
    source: Source, scenarios: Sequence[Scenario], baseline: Scenario | None, seed: int | None
) -> tuple[Design, Design] | None:
    """The designs of the levers and of the uncertainties; None if one of them is wrong."""
    before = len(source.problems)
    first = scenarios[0]
    drawn = first.seed if seed is None else seed
    levers = read_design(Block(source, (), LEVER, first, drawn))
    taken = frozenset(catalogue_name(each.setting) for each in levers.dimensions) if levers else frozenset()
    apart = given_by_levers([*scenarios, *([baseline] if baseline else [])])
    block = Block(source, ("uncertainties",), UNCERTAINTY, first, drawn, taken, apart)
    uncertainties = read_design(block)
    if levers is None or uncertainties is None:
        return None
    nothing = not levers.dimensions and not uncertainties.dimensions and len(scenarios) == 1
    if nothing and len(source.problems) == before:
        source.blame(("over",), "is missing: the sweep varies nothing", "", "over, uncertainties or several scenarios")
    return levers, uncertainties
