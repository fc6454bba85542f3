"""How forecasts are made: the numbers of the method, and the plan of rolling tests, from YAML."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from annotated_types import Ge

from sim.domain.quantities import NonNegative, Positive, PositiveCount, Share
from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import shown
from sim.scenario.inherit import find_file
from sim.scenario.shape import STRICT
from sim.scenario.source import Source
from sim.scenario.validate import validated
from sim.scenario.yaml_source import read

FOLDER = "forecasts"
METHOD, ROLLING = "channel", "rolling"
MONTHS_A_YEAR = 12
Read = TypeVar("Read")
Years = Annotated[float, Ge(1.0)]


@dataclass(frozen=True, slots=True)
class Method:
    """The numbers of `configs/forecasts/channel.yaml`, where each has its unit, range, source and confidence."""

    members: Annotated[int, Ge(2)]
    window_months: PositiveCount
    warm_up_months: PositiveCount
    level_months: PositiveCount
    inflow_ratio: Positive
    inflow_ratio_spread: Positive
    seats_ratio: Positive
    seats_ratio_spread: Positive
    offset_people: Positive
    month_noise_at_least: NonNegative
    month_noise_at_most: Positive
    seats_misfit: Positive
    recent_years: Years
    walk_per_year: Positive
    walk_weight_years: NonNegative
    walk_at_most: Positive
    level_kept: Share
    seats_kept: Share
    seats_walk_per_year: NonNegative

    @property
    def level_years(self) -> float:
        """How long one level holds (years)."""
        return self.level_months / MONTHS_A_YEAR


@dataclass(frozen=True, slots=True)
class Rolling:
    """Origins (the first days that are forecast), how many months ahead, the scenario and the method by their names."""

    scenario: str
    method: str
    origins: list[date]
    months: PositiveCount


for _part in (Method, Rolling):
    setattr(_part, "__pydantic_config__", STRICT)  # noqa: B010  (pydantic reads it; the class need not know it)


def read_method(name: str | Path | None = None, near: Path | None = None) -> Method:
    """The method of a file or of a name in `configs/forecasts/`.

    Raises:
        ScenarioError: everything that is wrong with it.
    """
    return _read(name or METHOD, near, Method, lambda source, found: _method_problems(found))


def read_rolling(name: str | Path | None = None) -> tuple[Rolling, Path]:
    """The plan of rolling tests, and the folder from which the names in it count; errors as `read_method`."""
    file = _found(name or ROLLING, None)
    plan = _read(file, None, Rolling, lambda source, found: _rolling_problems(found))
    return plan, file.parent


def _found(name: str | Path, near: Path | None) -> Path:
    try:
        return find_file(Path(FOLDER) / name, near or Path.cwd())
    except ScenarioError:
        return find_file(str(name), near or Path.cwd(), "forecast settings")


def _read(name: str | Path, near: Path | None, kind: type[Read], check: Any) -> Read:
    file = _found(name, near)
    source: Source = read(file)
    found: Read | None = validated(source, (), kind, value=source.data)
    if found is not None:
        source.problems += [Problem(p.setting, p.message, p.given, p.allowed, str(file)) for p in check(source, found)]
    if found is None or source.problems:
        raise ScenarioError(source.problems)
    return found


def _method_problems(method: Method) -> Iterator[Problem]:
    """Months that do not make whole levels."""
    if method.month_noise_at_least > method.month_noise_at_most:
        given, most = shown(method.month_noise_at_least), shown(method.month_noise_at_most)
        yield Problem("month_noise_at_least", "is more than month_noise_at_most", given, f"at most {most}")
    for name in ("window_months", "warm_up_months"):
        months = getattr(method, name)
        if months % method.level_months:
            allowed = f"a multiple of level_months, {method.level_months}"
            yield Problem(name, "holds no whole number of levels", shown(months), allowed)


def _rolling_problems(plan: Rolling) -> Iterator[Problem]:
    if not plan.origins:
        yield Problem("origins", "names none", "", "dates, the first of months")
    for origin in plan.origins:
        if origin.day != 1:
            yield Problem("origins", "months that are forecast must be whole", shown(origin), "the first of a month")
    if len(set(plan.origins)) < len(plan.origins):
        yield Problem("origins", "names one twice", ", ".join(map(str, plan.origins)))
