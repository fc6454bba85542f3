"""The command line as a whole, and what its commands have in common: stopping, loading, progress, drawing."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from sim.scenario import ScenarioError

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
    """Runs that fail, are interrupted, or cannot be written or read end the command with a message."""
    from sim.experiment.runner import InterruptedRunError
    from sim.experiment.store import DamagedRunError, StoreError
    from sim.experiment.worker import RunFailedError, StoppedError

    below = "\n" if sys.stderr.isatty() else ""  # the line of progress
    try:
        yield
    except InterruptedRunError as error:
        stop(f"{below}{error}", INTERRUPTED)
    except (RunFailedError, StoppedError, StoreError, DamagedRunError) as error:
        stop(f"{below}{error}", FAILED)
    except OSError as error:
        stop(f"{below}cannot write the results: {error}", FAILED)


def load(name: str, settings: list[str] | None) -> Scenario:
    """A scenario by its path or name."""
    from sim.scenario import load_scenario

    return load_scenario(name, settings or [])


def options(common: Common) -> Options:
    """How to run, as the options of the command say.

    Raises:
        ScenarioError: there is no such executor, or a scheduler is missing or not needed.
    """
    from sim.experiment.executors import check_executor
    from sim.experiment.study import Options

    check_executor(common.executor, common.scheduler)
    return Options(
        replications=common.replications, workers=common.workers, executor=common.executor, out=common.out,
        progress=None if common.quiet else progress, command=given_command(), scheduler=common.scheduler,
        warn=warning,
    )  # fmt: skip


def warning(text: str) -> None:
    """Say what is amiss, though the command goes on; on a terminal in place of the line of progress."""
    start = "\r" if sys.stderr.isatty() else ""
    print(f"{start}warning: {text}", file=sys.stderr)


def warn(scenarios: list[Scenario], quiet: bool) -> None:
    """Values outside their plausible range."""
    from sim.scenario import outside_range

    if not quiet:
        for text in sorted({warning for scenario in scenarios for warning in outside_range(scenario)}):
            warning(text)


def given_command() -> str:
    """The command that was given, without the path of the interpreter."""
    import shlex

    return "python -m sim " + shlex.join(sys.argv[1:])


def progress(done: int, total: int, seconds_left: float) -> None:
    """One line that renews itself on a terminal; nothing in a pipe."""
    if sys.stderr.isatty():
        left = "" if isnan(seconds_left) or done == total else f", about {duration(seconds_left)} left"
        text = f"{done} of {total} finished{left}"
        print(f"\r{text:<60}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def show_page(page: str, out: Path | None) -> None:
    """A page of Markdown to a file, or to stdout where none is named."""
    if out is None:
        sys.stdout.write(page)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        stop(f"cannot write the page: {error}", FAILED)


def duration(seconds: float) -> str:
    """A time as one would say it.

    >>> duration(42.3), duration(250), duration(9000)
    ('42 s', '4 min', '2 h 30 min')
    """
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def finished(name: str) -> Results:
    """Results on disk; without any, the command ends and says how to make them."""
    from sim import results

    found = results(name)
    if not (found.folder / "provenance.json").exists():
        stop(f"{found.folder} holds no results; run it first: make run CONFIG={Path(name).stem}.yaml", WRONG_INPUT)
    return found


def draw(found: Results, quiet: bool) -> None:
    """Every figure the tables allow, and for a study of scenarios or a sweep the report."""
    from sim.figures import draw_all

    for path in draw_all(found):
        if not quiet:
            print(path, file=sys.stderr)
    page = write_page(found)
    print(f"report, tables and figures: {page}" if page else f"tables and figures: {found.folder}")


def write_page(found: Results) -> Path | None:
    """The report of a study of scenarios, or the explorer of a sweep; nothing for an answer of another kind."""
    if is_study(found):
        from sim.report.html import write_report

        return write_report(found)
    from sim.report.explorer import is_sweep, write_explorer

    return write_explorer(found) if is_sweep(found) else None


def is_study(found: Results) -> bool:
    """Whether these are runs of scenarios, rather than an answer that rests on many variants of one."""
    return all((found.folder / f"{name}.parquet").exists() for name in ("summary", "daily"))
