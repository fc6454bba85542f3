"""Reading the design of a block and checking that it is given what it needs.

Problems are noted on the source, never raised, so that all are told at once.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log2
from typing import Any

from sim.experiment.sweep.block import BLOCK_KEYS, LEVER, SKIP, Block, setting_of, unvaried
from sim.experiment.sweep.designs import (
    GRID,
    KINDS,
    LHS,
    LIST,
    OAT,
    POSTERIOR,
    POWERS_OF_TWO,
    SAMPLED,
    SOBOL,
    Design,
    grid,
    listed,
    nothing,
    one_at_a_time,
    sampled,
)  # fmt: skip
from sim.experiment.sweep.dimensions import FORM, Dimension, check_value, listed_dimension
from sim.experiment.sweep.over import read_dimensions
from sim.experiment.sweep.posterior import read_posterior
from sim.experiment.variants import is_number
from sim.scenario.describe import meant
from sim.scenario.errors import shown

MAY_SKIP = (LHS, SOBOL, POSTERIOR)
"""Designs that are still a sample of what is feasible if rows are left out."""
FEWEST_SAMPLES = 2
LIST_FORM = "a list of mappings of settings to values, as `- {exchange.weekly_target: 500, exchange.beds: 2200}`"


def read_design(block: Block) -> Design | None:
    """The design of a block; None if something is wrong with it. A block that varies nothing has one empty row."""
    if all(block.get(key) is None for key in BLOCK_KEYS):
        return nothing()
    kind = _kind(block)
    if kind is None:
        if isinstance(block.get("over"), dict):
            read_dimensions(block, block.get("over"))  # whatever else is wrong is told at once
        return None
    _check_samples(block, kind)
    _check_keys_fit(block, kind)
    readings = {POSTERIOR: _from_table, LIST: _from_rows}
    return readings[kind](block) if kind in readings else _from_ranges(block, kind)


def _from_ranges(block: Block, kind: str) -> Design | None:
    """A design of the values and ranges of its settings."""
    dimensions = read_dimensions(block, block.get("over"))
    if kind == GRID:
        _check_steps(block, dimensions)
    if block.source.problems:
        return None
    if kind in SAMPLED:
        return sampled(kind, int(block.get("samples")), dimensions, block.generator())
    return one_at_a_time(dimensions) if kind == OAT else grid(dimensions)


def _kind(block: Block) -> str | None:
    over_rows = isinstance(block.get("over"), list)
    usual = LIST if over_rows else (GRID if block.kind == LEVER else LHS)
    kind = block.get("design")
    if kind is None:
        return usual
    if kind not in KINDS:
        block.blame("design", f"is no design{meant(kind, KINDS)}", kind, ", ".join(KINDS))
        return None
    return str(kind)


def _check_samples(block: Block, kind: str) -> None:
    """Samples are given where they are needed, and make the design balanced."""
    samples = block.get("samples")
    if kind not in (*SAMPLED, POSTERIOR):
        if samples is not None:
            block.blame("samples", f"a {kind} design takes none: its values tell its rows", samples)
    elif samples is None:
        if kind != POSTERIOR:
            block.blame("samples", f"is missing: how many a {kind} design has", None, "a whole number of at least 2")
    elif not is_number(samples) or samples != int(samples) or samples < FEWEST_SAMPLES:
        block.blame("samples", "must be a whole number of at least 2", samples)
    elif kind in POWERS_OF_TWO and not log2(samples).is_integer():
        below = 2 ** int(log2(samples))
        block.blame(
            "samples", f"must be a power of two: a {kind} design is balanced only then", samples,
            f"{below} or {2 * below}",
        )  # fmt: skip


def _check_keys_fit(block: Block, kind: str) -> None:
    """No key stands where it means nothing."""
    if block.get("infeasible") not in (None, SKIP):
        block.blame("infeasible", "is no way with rows that cannot be", block.get("infeasible"), SKIP)
    elif block.get("infeasible") == SKIP and kind not in MAY_SKIP:
        block.blame("infeasible", f"a {kind} design is broken by rows left out", SKIP, f"only {', '.join(MAY_SKIP)}")
    if kind == POSTERIOR and block.get("over") is not None:
        block.blame("over", "a posterior design takes its settings from the columns of its table")
    if kind != POSTERIOR and block.get("table") is not None:
        block.blame("table", f"is read by a posterior design only, this is a {kind}")
    if block.get("except") is not None and not isinstance(block.get("except"), list):
        block.blame("except", "must be a list of settings", block.get("except"))


def _check_steps(block: Block, dimensions: Sequence[Dimension]) -> None:
    for each in (each for each in dimensions if each.values is None):
        block.source.blame(
            (*block.path, "over", each.setting), "a grid needs values or steps", "a range without steps", FORM
        )


def _from_table(block: Block) -> Design | None:
    """A design whose rows are drawn from a table."""
    before = len(block.source.problems)
    path = (*block.path, "table")
    columns = read_posterior(block.get("table"), block.source.place(path), block.get("samples"), block)
    if columns is None:
        return None
    dimensions = [_of_column(block, name, values) for name, values in columns.items()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    found = [each for each in dimensions if each is not None]
    return None if len(block.source.problems) > before else listed(POSTERIOR, found, rows, len(rows))


def _of_column(block: Block, name: str, values: list[Any]) -> Dimension | None:
    """The dimension of a column: of numbers from the least to the greatest, of words each of them."""
    path = (*block.path, "table")
    setting = setting_of(block, path, name)
    if setting is None:
        return None
    if not all(is_number(value) for value in values):
        for value in set(values):
            check_value(block.source, path, name, value)
        return listed_dimension(unvaried(setting, block.kind), values)
    low, high = min(values), max(values)
    broken = next((value for value in values if setting.whole and value != int(value)), low)
    for value in {low, high, broken}:
        check_value(block.source, path, name, value)
    return replace(unvaried(setting, block.kind), low=low, high=high)


def _from_rows(block: Block) -> Design | None:
    """A design whose rows are written out."""
    before, over = len(block.source.problems), block.get("over")
    if not isinstance(over, list) or not over or not all(isinstance(row, dict) for row in over):
        block.blame("over", "must be rows of values", over, LIST_FORM)
        return None
    first: dict[str, int] = {}
    for index, row in enumerate(over):
        if row in over[:index]:
            block.source.blame((*block.path, "over", index), "stands twice", shown(row), "each row once")
        for name, value in row.items():
            first.setdefault(str(name), index)
            _check_in_row(block, index, str(name), value)
    settings = {name: setting_of(block, (*block.path, "over", index), name) for name, index in first.items()}
    if len(block.source.problems) > before:
        return None
    values = {name: [row[name] for row in over if name in row] for name in settings}
    found = [listed_dimension(unvaried(each, block.kind), values[name]) for name, each in settings.items() if each]
    return listed(LIST, found, over)


def _check_in_row(block: Block, index: int, name: str, value: Any) -> None:
    """Check one value of a row; rows have no names, so that a problem tells the row's number."""
    path = (*block.path, "over", index, name)
    problems = block.source.problems
    before = len(problems)
    check_value(block.source, path, name, value)
    called = ".".join(map(str, path))
    problems[before:] = [replace(problem, setting=called) for problem in problems[before:]]
