"""Commands: the only file that prints or exits. Results go to stdout, progress and problems to stderr.

Heavy libraries are imported where they are used, so that help and checks start at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sim.scenario import ScenarioError

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

WRONG_INPUT, FAILED, INTERRUPTED = 2, 1, 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="What would a border policy really do? Paired counterfactuals of small-boat crossings.",
)

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="Path, or name in configs/.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="a.b=value", help="Change a setting; repeatable.")]
BaselineName = Annotated[str | None, typer.Option("--baseline", help="Another baseline, or none.")]
Replications = Annotated[int | None, typer.Option(min=1, help="Replications of each scenario.")]
Precision = Annotated[float | None, typer.Option(min=0.0001, help="Replicate until the half-width is this share.")]
FirstReplication = Annotated[int, typer.Option(min=0, help="Number of the first replication.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Base seed.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; default: one for each core.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Another horizon.")]
Record = Annotated[str | None, typer.Option(metavar="people", help="Also write people and journeys.")]
Out = Annotated[Path | None, typer.Option(help="Folder of the results; default: results/<name>.")]
ExecutorName = Annotated[str, typer.Option("--executor", help="process or serial.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


def main() -> None:
    """Run the command line; every foreseeable problem becomes one clear message and an exit status."""
    try:
        app()
    except ScenarioError as error:
        _stop(str(error), WRONG_INPUT)
    except KeyboardInterrupt:
        _stop("interrupted", INTERRUPTED)


def _stop(message: str, status: int) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(status)


@app.command()
def check(scenario: ScenarioName, settings: Settings = None) -> None:
    """Validate only: every problem at once, with file, line, value given and values allowed."""
    from sim.scenario import guesses, outside_range

    loaded = _load(scenario, settings)
    for warning in outside_range(loaded):
        print(f"warning: {warning}", file=sys.stderr)
    print(f"{loaded.name}: no problem found; {len(guesses(loaded))} of {len(loaded.catalogue)} settings are guesses")


@app.command()
def explain(
    setting: Annotated[str, typer.Argument(metavar="SETTING", help="For instance exchange.beds, or a section.")],
    scenario: Annotated[str, typer.Option(help="Scenario whose value is shown.")] = "base.yaml",
) -> None:
    """Unit, range, source and confidence of one setting."""
    from sim.scenario import explain as explained

    print(explained(setting, _load(scenario, None)))


@app.command()
def run(
    scenario: ScenarioName,
    baseline: BaselineName = None,
    replications: Replications = None,
    precision: Precision = None,
    first_replication: FirstReplication = 0,
    seed: Seed = None,
    workers: Workers = None,
    until: Until = None,
    settings: Settings = None,
    record: Record = None,
    out: Out = None,
    executor: ExecutorName = "process",
    quiet: Quiet = False,
) -> None:
    """Run one scenario against its baseline on common random numbers, then draw the figures."""
    _study([scenario], baseline, replications, precision, first_replication, seed, workers, until, settings, record,
           out, executor, quiet)  # fmt: skip


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="A B [C ...]", help="Scenarios against one baseline.")],
    baseline: BaselineName = None,
    replications: Replications = None,
    precision: Precision = None,
    first_replication: FirstReplication = 0,
    seed: Seed = None,
    workers: Workers = None,
    until: Until = None,
    settings: Settings = None,
    record: Record = None,
    out: Out = None,
    executor: ExecutorName = "process",
    quiet: Quiet = False,
) -> None:
    """Paired effects of several scenarios against one baseline."""
    folder = out or Path("results") / "_and_".join(Path(s).stem for s in scenarios)
    _study(scenarios, baseline, replications, precision, first_replication, seed, workers, until, settings, record,
           folder, executor, quiet)  # fmt: skip


@app.command()
def figures(
    run_name: Annotated[str, typer.Argument(metavar="RUN", help="Name under results/, or a folder.")],
    quiet: Quiet = False,
) -> None:
    """Re-draw figures and report from the tables, without simulating."""
    _draw(_results(run_name), quiet)


@app.command()
def report(run_name: Annotated[str, typer.Argument(metavar="RUN", help="Name under results/, or a folder.")]) -> None:
    """Write report.html from the tables and the figures that were drawn."""
    from sim.report.html import write_report

    print(write_report(_results(run_name)))


@app.command()
def export(
    run_name: Annotated[str, typer.Argument(metavar="RUN", help="Name under results/, or a folder.")],
    kind: Annotated[str, typer.Option("--format", help="csv")] = "csv",
) -> None:
    """Write every table of a run as CSV beside its Parquet file."""
    import pandas as pd

    if kind != "csv":
        _stop(f"--format: {kind!r} is unknown; allowed: csv", WRONG_INPUT)
    for path in sorted(_results(run_name).folder.glob("*.parquet")):
        pd.read_parquet(path).to_csv(path.with_suffix(".csv"), index=False)
        print(path.with_suffix(".csv"))


def _load(name: str, settings: list[str] | None) -> Scenario:
    from sim.scenario import load_scenario

    return load_scenario(name, settings or [])


def _results(name: str) -> Results:
    from sim import results

    found = results(name)
    if not (found.folder / "summary.parquet").exists():
        _stop(f"{found.folder} holds no results; run it first: make run CONFIG={Path(name).stem}.yaml", WRONG_INPUT)
    return found


def _study(
    names: list[str], baseline: str | None, replications: int | None, precision: float | None, first: int,
    seed: int | None, workers: int | None, until: str | None, settings: list[str] | None, record: str | None,
    out: Path | None, executor: str, quiet: bool,
) -> None:  # fmt: skip
    """Load everything first (all problems at once), then run, write, print and draw."""
    from sim.experiment.runner import EXECUTORS, InterruptedRunError
    from sim.experiment.study import Options, baseline_of, study
    from sim.experiment.worker import RunFailedError

    if executor not in EXECUTORS:
        _stop(f"--executor: {executor!r} is unknown; allowed: {', '.join(EXECUTORS)}", WRONG_INPUT)
    if record not in (None, "people"):
        _stop(f"--record: {record!r} is unknown; allowed: people", WRONG_INPUT)
    given = [*(settings or []), *([f"until={until}"] if until else []), *([f"seed={seed}"] if seed is not None else [])]
    loaded = [_load(name, given) for name in names]
    against = baseline_of(loaded[0], baseline)
    options = Options(
        replications=replications, precision=precision, first_replication=first, workers=workers, executor=executor,
        people=record == "people", out=out, progress=None if quiet else _progress, command=_command(),
    )  # fmt: skip
    _warn(loaded, quiet)
    try:
        found = study(loaded, against, options)
    except InterruptedRunError as error:
        _stop(f"\n{error}", INTERRUPTED)
    except RunFailedError as error:
        _stop(f"\n{error}", FAILED)
    except OSError as error:
        _stop(f"\ncannot write the results: {error}", FAILED)
    _print_effects(found)
    _draw(found, quiet)


def _warn(scenarios: list[Scenario], quiet: bool) -> None:
    from sim.scenario import outside_range

    if not quiet:
        for text in sorted({warning for scenario in scenarios for warning in outside_range(scenario)}):
            print(f"warning: {text}", file=sys.stderr)


def _command() -> str:
    """The command that was given, without the path of the interpreter."""
    import shlex

    return "python -m sim " + shlex.join(sys.argv[1:])


def _progress(done: int, total: int, seconds_left: float) -> None:
    """One line that renews itself on a terminal; in a pipe a line for each tenth."""
    text = f"{done} of {total} runs finished, about {seconds_left:.0f} s left"
    if sys.stderr.isatty():
        print(f"\r{text}   ", end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done == total or done % max(total // 10, 1) == 0:
        print(text, file=sys.stderr, flush=True)


def _print_effects(found: Results) -> None:
    from sim.report.text import effects_text

    print(effects_text(found))


def _draw(found: Results, quiet: bool) -> None:
    from sim.figures import draw_all
    from sim.report.html import write_report

    for path in draw_all(found):
        if not quiet:
            print(path, file=sys.stderr)
    print(f"report, tables and figures: {write_report(found)}")
