"""Options that several commands share, and how a command takes a whole group of them as one argument."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="Path, or name in configs/.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="Name under results/, or a folder.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="a.b=value", help="Change a setting; repeatable.")]
BaselineName = Annotated[str | None, typer.Option("--baseline", help="Another baseline, or none.")]
MetricName = Annotated[str | None, typer.Option(help="A metric of one run, such as arrivals, returned, cost_uk_gbp.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


@dataclass(frozen=True, slots=True)
class Common:
    """Options of every command that simulates."""

    replications: Annotated[int | None, typer.Option(min=1, help="Replications of each scenario.")] = None
    seed: Annotated[int | None, typer.Option(min=0, help="Base seed.")] = None
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default: one for each core.")] = None
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Another horizon.")] = None
    settings: Settings = None
    out: Annotated[Path | None, typer.Option(help="Folder of the results; default: results/<name>.")] = None
    executor: Annotated[str, typer.Option("--executor", help="process, serial or dask.")] = "process"
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Scheduler for --executor dask.")] = None
    quiet: Quiet = False

    @property
    def overrides(self) -> list[str]:
        """Everything that changes the scenario, as `--set` would."""
        until = [f"until={self.until}"] if self.until else []
        return [*(self.settings or []), *until, *([f"seed={self.seed}"] if self.seed is not None else [])]


@dataclass(frozen=True, slots=True)
class Study(Common):
    """Options of a study of scenarios against a baseline."""

    baseline: BaselineName = None
    first_replication: Annotated[int, typer.Option(min=0, help="Number of the first replication.")] = 0
    record: Annotated[str | None, typer.Option(metavar="people", help="Also write people and journeys.")] = None


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command as typer reads it: a parameter that is a dataclass stands for all its fields, as options."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @wraps(command)
    def spread(**given: Any) -> None:
        built = {name: kind(**{f.name: given.pop(f.name) for f in fields(kind)}) for name, kind in groups.items()}
        command(**given, **built)

    own = inspect.signature(command).parameters.values()
    flat = [p.replace(annotation=hints[p.name]) for p in own if p.name not in groups]
    flat += [option for kind in groups.values() for option in _options(kind)]
    spread.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    spread.__annotations__ = {option.name: option.annotation for option in flat}
    return spread


def _options(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(
            f.name,
            keyword,
            annotation=hints[f.name],
            default=inspect.Parameter.empty if f.default is MISSING else f.default,
        )
        for f in fields(group)
    ]
