"""From YAML to a `Scenario`: read and merge the files, apply the overrides, check everything, build it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from sim.domain.rules import Rules
from sim.domain.theatre import Theatre
from sim.scenario.checks import check_behaviours, check_period, check_section
from sim.scenario.describe import allowed, listed, meant
from sim.scenario.errors import Problem, ScenarioError, shown
from sim.scenario.exchange_checks import check_groups, check_reviews
from sim.scenario.inherit import find_file, read_chain
from sim.scenario.lever_entries import read_levers
from sim.scenario.meta import Meta, build_catalogue
from sim.scenario.overrides import apply, names_theatre, read_overrides
from sim.scenario.schema import Scenario
from sim.scenario.shape import PERIOD, SECTIONS, TABLES, Header, Period, hints, top_level
from sim.scenario.source import Source
from sim.scenario.theatre_checks import check_theatre
from sim.scenario.trace import take_in_trace
from sim.scenario.validate import validated

BASE = "base"
NO_BASELINE = "none"


def load_scenario(path_or_name: str | FilePath, overrides: Mapping[str, Any] | Sequence[str] = ()) -> Scenario:
    """The scenario of a file or a name, with overrides such as `"patrols.units=100"` or `{"patrols.units": 100}`.

    Raises:
        ScenarioError: with every problem found.
    """
    file = find_file(path_or_name, FilePath.cwd(), "scenario")
    source = _read(file, overrides)
    scenario = _build(source, file)
    if scenario is None or source.problems:
        raise ScenarioError(sorted(source.problems, key=_order))
    return replace(scenario, overrides=overrides)


def _order(problem: Problem) -> tuple[str, int]:
    """Problems of a file stand together, in the order of its lines."""
    return problem.file, problem.line or 0


def _read(file: FilePath, overrides: Mapping[str, Any] | Sequence[str]) -> Source:
    """All files and overrides as one source."""
    source = read_chain(file)
    wanted = read_overrides(source, overrides)
    for override in (override for override in wanted if names_theatre(override)):
        apply(source, override)
    _take_in_theatre(source)
    for override in (override for override in wanted if not names_theatre(override)):
        apply(source, override)
    return source


def _near(source: Source, key: str) -> FilePath:
    """The folder of the file that gave a setting; the working directory for an override."""
    place = source.place((key,))
    return FilePath.cwd() if place.line is None else FilePath(place.file).parent


def _take_in_theatre(source: Source) -> None:
    """Put the theatre's values in the place of its file's name."""
    if "theatre" not in source.data:
        return
    place = source.place(("theatre",))
    try:
        file = find_file(source.data["theatre"], _near(source, "theatre"), "theatre", place)
        source.put_under("theatre", read_chain(file))
    except ScenarioError as error:
        source.problems += error.problems
        source.data["theatre"] = {}


def _build(source: Source, file: FilePath) -> Scenario | None:
    """The typed scenario, or None; every problem on the way is noted on the source."""
    _check_top_level(source)
    theatre, columns = _theatre(source)
    period: Period | None = validated(source, (), Period, value=_some(source, *PERIOD))
    header: Header | None = validated(source, (), Header, value=_some(source, *hints(Header)))
    sections = {name: part for name in SECTIONS if (part := _section(source, name)) is not None}
    levers = read_levers(source, sections)
    if theatre is not None:
        check_groups(source, theatre)
    if period:
        check_period(source, period)
        check_reviews(source, period, sections, levers)
    baseline = _baseline(source)
    catalogue: dict[str, Meta] = build_catalogue(source, columns)
    if theatre is None or period is None or header is None or len(sections) < len(SECTIONS):
        return None
    return Scenario(
        file.stem, header.question, period.start, period.measure_from, period.until, baseline,
        header.seed, header.replications, Rules(**sections), theatre, levers, str(file), catalogue,
    )  # fmt: skip


def _some(source: Source, *keys: str) -> dict[str, Any]:
    return {key: source.data[key] for key in keys if key in source.data}


def _check_top_level(source: Source) -> None:
    """Every key at the top is known."""
    known = top_level()
    for key in (key for key in source.data if key not in known):
        source.blame((key,), f"is unknown{meant(key, known)}", "", listed(key, known))
    if BASE in source.data:  # that of a file has been followed and taken out
        source.blame((BASE,), "cannot be overridden, only given in a file")


def _section(source: Source, name: str) -> Any:
    """One section of the rules, typed and checked."""
    if name not in source.data:
        source.blame((name,), "is missing", "", allowed(top_level()[name]))
        return None
    check_behaviours(source, name, (name,))
    section = validated(source, (name,), top_level()[name])
    if section is not None:
        check_section(source, name, section)
    return section


def _theatre(source: Source) -> tuple[Theatre | None, dict[str, Any]]:
    """The theatre, typed and checked, and the facts of its columns."""
    if not source.data.get("theatre"):
        if "theatre" not in source.data:
            source.blame(("theatre",), "is missing", "", "the name of a theatre's file")
        return None, {}
    columns = source.data["theatre"].pop("columns", {})
    take_in_trace(source)
    theatre: Theatre | None = validated(source, ("theatre",), Theatre)
    if theatre is not None:
        check_theatre(source, theatre)
    return theatre, _known_columns(source, columns)


def _known_columns(source: Source, columns: Any) -> dict[str, Any]:
    """Facts by `table.column`, for columns that exist."""
    if not isinstance(columns, dict):
        source.blame(("theatre", "columns"), "must be a mapping of columns to their facts", shown(columns))
        return {}
    known = {name: facts for name, facts in columns.items() if _is_column(str(name))}
    for name in (name for name in columns if name not in known):
        source.blame(("theatre", "columns", name), f"is no column; tables: {', '.join(TABLES)}")
    return known


def _is_column(name: str) -> bool:
    table, _, column = name.partition(".")
    kind: Any = hints(Theatre).get(table)
    row = kind.__args__[0] if table in TABLES else kind
    return row is not None and column in (hints(row) if hasattr(row, "__dataclass_fields__") else ())


def _baseline(source: Source) -> str | None:
    """The path of the baseline, or None."""
    name = source.data.get("baseline")
    if not isinstance(name, str) or name == NO_BASELINE:
        return None
    try:
        return str(find_file(name, _near(source, "baseline"), "baseline", source.place(("baseline",))))
    except ScenarioError as error:
        source.problems += error.problems
        return None
