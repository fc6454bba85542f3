"""Commands about the store of finished runs: list, verify, prune, query."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.terminal import FAILED, WRONG_INPUT, app, stop

if TYPE_CHECKING:
    from sim.experiment.store import Store
    from sim.experiment.store_upkeep import Freed, Group

MEGABYTE, GIGABYTE = 1e6, 1e9
MOST_ROWS = 1000  # printed of the answer to a query
NO_VALUE = "–"

commands = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="List, verify, prune and query the store of finished runs.",
)
app.add_typer(commands, name="store")

StoreFolder = Annotated[Path, typer.Option("--store", metavar="DIR", help="The store.")]
DEFAULT = Path("results/.store")


@commands.command("list")
def list_(store: StoreFolder = DEFAULT) -> None:
    """What the store holds: a row a scenario and version of the code, the newest first."""
    from sim.experiment.provenance import code_hash
    from sim.experiment.store_files import DAMAGED, PARTS
    from sim.experiment.store_upkeep import earlier_runs, listed, size_of
    from sim.report.text import table_text

    with at_work(store) as found:
        groups, earlier = listed(found), earlier_runs(found)
        rest = {
            "set aside as damaged": [found.root / DAMAGED],
            "being written, or left by a kill": [found.root / PARTS],
        }
        rest["in a layout that is no longer read (prune --other-code)"] = earlier
        sizes = {what: sum(map(size_of, paths)) for what, paths in rest.items()}
    head = ["code", "scenario", "name", "written last", "", "runs", "with tables", "size"]
    print(table_text([head, *(_group(group, code_hash()) for group in groups)], 5))
    total = sum(group.bytes for group in groups)
    print(f"{sum(group.replications for group in groups):,} runs, {size_text(total)}; code at hand: {code_hash()}")
    for what, size in sizes.items():
        if size:
            print(f"besides: {size_text(size)} {what}")


def _group(group: Group, code: str) -> list[str]:
    which = "this code" if group.code == code else "other code"
    row = [group.code, group.scenario, group.name or NO_VALUE, f"{group.newest:%Y-%m-%d %H:%M}", which]
    return [*row, f"{group.replications:,}", f"{group.whole:,}", size_text(group.bytes)]


@commands.command()
def verify(store: StoreFolder = DEFAULT) -> None:
    """Read every byte of every run; damaged ones are named and set aside, and run again when they are next wanted."""
    from sim.experiment.store_upkeep import verify as verified

    with at_work(store) as found:
        checked = verified(found)
    for problem in checked.damaged:
        print(problem)
    print(f"{checked.runs:,} runs and {checked.pairs:,} pairs read; {len(checked.damaged)} damaged")
    if checked.damaged:
        raise SystemExit(FAILED)


@commands.command()
def prune(
    store: StoreFolder = DEFAULT,
    other_code: Annotated[
        bool, typer.Option("--other-code", help="Runs of other versions of the model's code.")
    ] = False,
    scenario: Annotated[list[str] | None, typer.Option(metavar="HASH|NAME", help="Its runs only; repeatable.")] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Tables only: metrics stay, and runs stay finished.")
    ] = False,
    damaged: Annotated[bool, typer.Option("--damaged", help="What was set aside as damaged.")] = False,
    parts: Annotated[bool, typer.Option("--parts", help="Unfinished runs of processes that are gone.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what that would free.")] = False,
) -> None:
    """Take out what is named; of --other-code and --scenario together, the runs that are both."""
    from sim.experiment.provenance import code_hash
    from sim.experiment.store_upkeep import Unwanted
    from sim.experiment.store_upkeep import prune as pruned

    if not (other_code or scenario or tables or damaged or parts):
        stop("say what to take out: --other-code, --scenario, --tables, --damaged or --parts", WRONG_INPUT)
    with at_work(store) as found:
        hashes = _hashes(found, scenario) if scenario else None
        freed = pruned(found, Unwanted(code_hash(), other_code, hashes, tables, damaged, parts), dry_run)
    print(_freed_text(freed, tables, dry_run))


def _freed_text(freed: Freed, tables: bool, dry_run: bool) -> str:
    what = f"the tables of {freed.runs:,} runs" if tables else f"{freed.runs:,} runs and {freed.pairs:,} pairs"
    others = f" and {freed.others:,} other folders" if freed.others else ""
    verb = "would take out" if dry_run else "took out"
    return f"{verb} {what}{others}: {size_text(freed.bytes)}"


def _hashes(store: Store, given: list[str]) -> set[str]:
    """Scenario hashes of hashes and names; the command ends if one is of no run here."""
    from sim.experiment.store_upkeep import keys, names

    held, known = {key.scenario_hash for key in keys(store)}, names(store)
    wanted = {name: {hash_ for hash_ in held if name in (hash_, known.get(hash_))} for name in given}
    for name in (name for name, hashes in wanted.items() if not hashes):
        has = ", ".join(sorted({known[hash_] for hash_ in held if hash_ in known})) or "hashes only; see sim store list"
        stop(f"--scenario: {store.root} has no run of {name!r}; it has {has}", WRONG_INPUT)
    return set().union(*wanted.values())


@commands.command()
def query(
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="For instance: SELECT scenario, avg(arrivals) FROM runs ...")
    ],
    store: StoreFolder = DEFAULT,
    rows: Annotated[int, typer.Option(min=1, help="At most so many rows are printed.")] = MOST_ROWS,
) -> None:
    """Ask in SQL (DuckDB): views runs, pairs, scenarios, and each table of a run, such as daily and people."""
    from sim.report.text import table_text

    head, answer = _answered(sql, store, rows + 1)
    if not head:
        return
    words = next((i for i in range(len(head)) if any(_is_number(row[i]) for row in answer)), len(head))
    print(table_text([head, *([_cell(value) for value in row] for row in answer[:rows])], words))
    if len(answer) > rows:
        print(
            f"only the first {rows:,} rows are shown; more with --rows, all with COPY (...) TO 'x.csv'", file=sys.stderr
        )


def _answered(sql: str, store: Path, most: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names of the columns and the first rows of an answer."""
    try:
        import duckdb
    except ModuleNotFoundError:
        stop('queries need DuckDB, which is not installed; install it with: pip install "sim[query]"', WRONG_INPUT)
    from sim.experiment.store_view import connect, mentioned

    with at_work(store) as found:
        try:
            with connect(found, mentioned(sql, found) or None) as connection:
                connection.execute(sql)
                return [column[0] for column in connection.description or ()], connection.fetchmany(most)
        except duckdb.Error as error:
            lines = [line for line in str(error).splitlines() if line.strip()]
            stop("\n".join(lines[:2]), WRONG_INPUT)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    """A value of an answer as text: numbers to six figures, whole ones in full."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return NO_VALUE
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.6g}"
    return str(value)


def size_text(size: float) -> str:
    """Bytes in words.

    >>> size_text(1_983_656), size_text(120), size_text(53e9)
    ('2.0 MB', '0.0 MB', '53.0 GB')
    """
    return f"{size / GIGABYTE:,.1f} GB" if size >= GIGABYTE else f"{size / MEGABYTE:,.1f} MB"


@contextmanager
def at_work(folder: Path) -> Iterator[Store]:
    """The store in a folder; without one, or if the disk does not take a change, the command ends with a message."""
    from sim.experiment.store import Store, StoreError
    from sim.experiment.store_files import DAMAGED, PAIRS, PARTS, RUNS, SCENARIOS
    from sim.experiment.store_upkeep import earlier_runs

    found = Store(folder)
    if not any((folder / part).is_dir() for part in (RUNS, PAIRS, SCENARIOS, DAMAGED, PARTS)) and not earlier_runs(
        found
    ):
        stop(
            f"there is no store of runs in {folder}; `sim run` makes one beside its results, --store names it",
            WRONG_INPUT,
        )
    try:
        yield found
    except StoreError as error:
        stop(str(error), FAILED)
