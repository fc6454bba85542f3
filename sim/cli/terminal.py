"""The command line as a whole, and what its commands have in common: stopping, loading, progress, drawing."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from sim.scenario import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.cli.options import Common
    from sim.experiment.results import Results
    from sim.experiment.study import Options
    from sim.scenario import Scenario

WRONG_INPUT, FAILED, INTERRUPTED = 2, 1, 130
YOUNG_OBJECTS = 50_000  # before the garbage collector looks: start-up makes many that stay, and looks at all in vain

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="What would a border policy really do? Paired counterfactuals of small-boat crossings.",
)


def main() -> None:
    """Run the command line; every foreseeable problem becomes one clear message and an exit status."""
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        app()
    except ScenarioError as error:
        stop(str(error), WRONG_INPUT)
    except KeyboardInterrupt:
        stop("interrupted", INTERRUPTED)


def stop(message: str, status: int) -> NoReturn:
    """Say what is wrong and end."""
    print(message, file=sys.stderr)
    raise SystemExit(status)


@contextmanager
def simulating() -> Iterator[None]:
    """Runs that fail, are interrupted or cannot be written end the command with a message."""
    from sim.experiment.runner import InterruptedRunError
    from sim.experiment.worker import RunFailedError

    try:
        yield
    except InterruptedRunError as error:
        stop(f"\n{error}", INTERRUPTED)
    except RunFailedError as error:
        stop(f"\n{error}", FAILED)
    except OSError as error:
        stop(f"\ncannot write the results: {error}", FAILED)


def load(name: str, settings: list[str] | None) -> Scenario:
    """A scenario by its path or name."""
    from sim.scenario import load_scenario

    return load_scenario(name, settings or [])


def options(common: Common) -> Options:
    """How to run, as the options of the command say.

    Raises:
        ScenarioError: there is no such executor.
    """
    from sim.experiment.runner import EXECUTORS
    from sim.experiment.study import Options

    if common.executor not in EXECUTORS:
        raise ScenarioError([Problem("--executor", "is unknown", repr(common.executor), ", ".join(EXECUTORS))])
    return Options(
        replications=common.replications, workers=common.workers, executor=common.executor, out=common.out,
        progress=None if common.quiet else progress, command=given_command(),
    )  # fmt: skip


def warn(scenarios: list[Scenario], quiet: bool) -> None:
    """Values outside their plausible range."""
    from sim.scenario import outside_range

    if not quiet:
        for text in sorted({warning for scenario in scenarios for warning in outside_range(scenario)}):
            print(f"warning: {text}", file=sys.stderr)


def given_command() -> str:
    """The command that was given, without the path of the interpreter."""
    import shlex

    return "python -m sim " + shlex.join(sys.argv[1:])


def progress(done: int, total: int, seconds_left: float) -> None:
    """One line that renews itself on a terminal; in a pipe a line for each tenth."""
    text = f"{done} of {total} runs finished, about {seconds_left:.0f} s left"
    if sys.stderr.isatty():
        print(f"\r{text}   ", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total or done % max(total // 10, 1) == 0:
        print(text, file=sys.stderr, flush=True)


def finished(name: str) -> Results:
    """Results on disk; without any, the command ends and says how to make them."""
    from sim import results

    found = results(name)
    if not (found.folder / "provenance.json").exists():
        stop(f"{found.folder} holds no results; run it first: make run CONFIG={Path(name).stem}.yaml", WRONG_INPUT)
    return found


def draw(found: Results, quiet: bool) -> None:
    """Every figure the tables allow, and for a study of scenarios the report."""
    from sim.figures import draw_all
    from sim.report.html import write_report

    for path in draw_all(found):
        if not quiet:
            print(path, file=sys.stderr)
    if is_study(found):
        print(f"report, tables and figures: {write_report(found)}")
    else:
        print(f"tables and figures: {found.folder}")


def is_study(found: Results) -> bool:
    """Whether these are runs of scenarios, rather than an answer that rests on many variants of one."""
    return (found.folder / "summary.parquet").exists()
