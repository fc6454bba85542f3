"""From a calibration's YAML to a `Calibration`; everything that is wrong is told at once, with file and line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path as FilePath
from typing import Any

from sim.experiment.calibration.level import FIRST, GROWTH, MONTHS, Level
from sim.experiment.calibration.parameters import Parameter
from sim.experiment.calibration.summaries import FIRST_DAY, LAST_DAY
from sim.experiment.sweep.dimensions import RANGE, read_dimension
from sim.experiment.variants import is_number, read_any_setting
from sim.scenario import Problem, Scenario, ScenarioError, load_scenario
from sim.scenario.describe import listed, meant
from sim.scenario.errors import shown
from sim.scenario.inherit import PACKAGED, SUFFIX, find_file
from sim.scenario.source import Path, Source
from sim.scenario.yaml_source import read

FOLDER = "calibrations"
KEYS = ("question", "scenario", "seed", "waves", "draws", "predictive", "origins", "level", "over", "discrepancy")
LEVEL_KEYS = ("setting", "from", FIRST, GROWTH, MONTHS, "month_persistence")
KINDS = (
    "arrivals", "boats", "roughness", "crossing_days", "crossing_day_quantiles", "persistence", "people_per_boat",
    "prevented", "rescued", "deaths", "group_shares", "red_days",
)  # fmt: skip
FEWEST_RUNS = 10
LEAST_DAYS = 180  # of data that a posterior may rest on


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is fitted to what: a scenario over the data's time, parameters with priors, and how much is run.

    `waves` are runs a wave; `draws` of the posterior; `predictive` runs with draws of it; `origins` are days before
    which rolling tests know the data; `discrepancy` is the standard
    deviation, by kind of summary, that a right model could still miss of it.
    """

    name: str
    question: str
    scenario: Scenario
    parameters: tuple[Parameter, ...]
    level: Level
    waves: tuple[int, ...]
    draws: int
    predictive: int
    origins: tuple[date, ...]
    discrepancy: Mapping[str, float]
    seed: int
    file: FilePath


def read_calibration(name: str, overrides: Mapping[str, Any] | Sequence[str] = ()) -> Calibration:
    """The calibration of a file, or of a name in configs/calibrations; overrides hold for its scenario.

    Raises:
        ScenarioError: everything that is wrong with it and with its scenario.
    """
    file = find_calibration(name)
    source = read(file)
    _check_keys(source, (), KEYS)
    _check_keys(source, ("level",), LEVEL_KEYS)
    _check_keys(source, ("discrepancy",), KINDS)
    waves, draws, predictive = _waves(source), _whole(source, "draws"), _whole(source, "predictive")
    seed, origins = _whole(source, "seed", 0), _origins(source)
    discrepancy = {kind: _number(source, ("discrepancy", kind)) for kind in KINDS}
    scenario = _scenario(source, overrides)
    level = _level(source, scenario)
    settings = _settings(source, scenario) if scenario else []
    if source.problems or scenario is None or level is None:
        raise ScenarioError(sorted(source.problems, key=lambda problem: (problem.file, problem.line or 0)))
    parameters = (*level.parameters, *settings)
    question = source.get(("question",)) or ""
    return Calibration(
        file.stem, question, scenario, parameters, level, waves, draws, predictive, origins, discrepancy, seed, file
    )


def find_calibration(name: str) -> FilePath:
    """The file of a calibration: a path, or a bare name in configs/calibrations.

    Raises:
        ScenarioError: there is none.
    """
    folders = (FilePath.cwd(), FilePath.cwd() / "configs" / FOLDER, PACKAGED / FOLDER)
    found = (folder / f"{name}{suffix}" for folder in folders for suffix in ("", SUFFIX))
    file = next((path for path in found if path.is_file()), None)
    if file is None:
        known = sorted({path.name for folder in folders[1:] for path in folder.glob(f"*{SUFFIX}")})
        raise ScenarioError([Problem("", "no such calibration", shown(name), ", ".join(known) or "the path of a file")])
    return file.resolve()


def _check_keys(source: Source, path: Path, known: Sequence[str]) -> None:
    held = source.get(path) if path else source.data
    if not isinstance(held, dict):
        source.blame(path, "is missing or no mapping of settings", "", ", ".join(known))
        return
    for key in (key for key in held if key not in known):
        source.blame((*path, key), f"is unknown{meant(key, known)}", "", listed(key, known))
    for key in (key for key in known if key not in held):
        source.blame((*path, key), "is missing")


def _whole(source: Source, key: str, least: int = 1) -> int:
    value = source.get((key,))
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        if key in source.data:
            source.blame((key,), "must be a whole number", shown(value), f"at least {least}")
        return least
    return value


def _waves(source: Source) -> tuple[int, ...]:
    given = source.get(("waves",))
    fine = isinstance(given, list) and given and all(isinstance(n, int) and n >= FEWEST_RUNS for n in given)
    if not fine and "waves" in source.data:
        source.blame(("waves",), "must list runs a wave", shown(given), f"whole numbers of at least {FEWEST_RUNS}")
    return tuple(given) if fine and isinstance(given, list) else ()


def _origins(source: Source) -> tuple[date, ...]:
    """Days from which rolling tests forecast; enough must be known before each."""
    given = source.get(("origins",))
    earliest, latest = FIRST_DAY + timedelta(days=LEAST_DAYS), LAST_DAY + timedelta(days=1)
    fine = isinstance(given, list) and all(isinstance(day, date) and earliest <= day <= latest for day in given)
    if not fine and "origins" in source.data:
        source.blame(("origins",), "must list days within the data", shown(given), f"{earliest} to {latest}")
    return tuple(given) if fine and isinstance(given, list) else ()


def _number(source: Source, path: Path) -> float:
    value = source.get(path)
    if not is_number(value) or value < 0:
        if value is not None:
            source.blame(path, "must be a number", shown(value), "0 or more")
        return 0.0
    return float(value)


def _scenario(source: Source, overrides: Mapping[str, Any] | Sequence[str]) -> Scenario | None:
    name = source.get(("scenario",))
    if name is None:
        return None
    place = source.place(("scenario",))
    try:
        return load_scenario(find_file(name, FilePath(place.file).parent, "scenario", place), overrides)
    except ScenarioError as error:
        source.problems += error.problems
        return None


def _settings(source: Source, scenario: Scenario) -> list[Parameter]:
    """A parameter a setting below `over`."""
    over = source.get(("over",))
    if not isinstance(over, dict) or not over:
        source.blame(("over",), "must be a mapping of settings to their priors", shown(over))
        return []
    found = []
    for name, given in over.items():
        path = ("over", name)
        try:
            setting = read_any_setting(str(name), scenario, str(name))
        except ScenarioError as error:
            for problem in error.problems:
                source.blame(path, problem.message, "", problem.allowed)
            continue
        dimension = read_dimension(source, path, {} if given == RANGE else given, setting, "uncertainty")
        if dimension is None:
            continue
        if dimension.low is None or dimension.high is None or dimension.values is not None:
            source.blame(path, "needs a range, not single values", shown(given), "range, or {low: 1, high: 2}")
            continue
        base = float(setting.value) if is_number(setting.value) else None
        found.append(
            Parameter(str(name), setting.unit, dimension.low, dimension.high, dimension.scale, setting.whole, base)
        )
    return found


def _level(source: Source, scenario: Scenario | None) -> Level | None:
    """The path of the inflow's level."""
    given = source.get(("level",))
    if not isinstance(given, dict) or not set(LEVEL_KEYS) <= set(given):
        return None
    starts = given["from"]
    fine = isinstance(starts, list) and starts and all(isinstance(day, date) and day.day == 1 for day in starts)
    if not fine or starts != sorted(set(starts)):
        source.blame(("level", "from"), "must list the firsts of months, each later than the one before", shown(starts))
        return None
    first, growth, spread = (_ends(source, name) for name in (FIRST, GROWTH, MONTHS))
    persistence = _number(source, ("level", "month_persistence"))
    if scenario is None or first is None or growth is None or spread is None:
        return None
    if scenario.start < starts[0]:
        source.blame(("level", "from"), f"begins after the scenario's start, {scenario.start}", shown(starts[0]))
    return Level(str(given["setting"]), tuple(starts), scenario.until, first, growth, spread, persistence)


def _ends(source: Source, name: str) -> tuple[float, float] | None:
    """The prior range of a part of the level, which stands as its plausible range."""
    facts = source.facts.get(("level", name)) or source.get(("level", name))
    match facts.get("range") if isinstance(facts, dict) else None:
        case [int() | float() as low, int() | float() as high] if low < high:
            return float(low), float(high)
    source.blame(("level", name), "needs a range", "", "range: [low, high]")
    return None
