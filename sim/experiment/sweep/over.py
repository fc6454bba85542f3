"""What `over:` of a block varies: a dimension an entry, and one for each setting that a wildcard stands for."""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Any

from sim.experiment.one_at_a_time import DEFINITION
from sim.experiment.sweep.block import Block, setting_of
from sim.experiment.sweep.dimensions import RANGE, Dimension, read_dimension
from sim.experiment.variants import catalogue_name, is_number, read_any_setting
from sim.scenario.errors import shown

WILD = "*"


def read_dimensions(block: Block, over: Any) -> list[Dimension]:
    """A dimension an entry of `over`; a wildcard gives one for each setting that can be varied and is not named."""
    if not isinstance(over, dict) or not over:
        block.blame("over", "varies nothing", over, "a mapping of settings to what they are varied over")
        return []
    found: list[Dimension | None] = []
    for name in (name for name in map(str, over) if WILD not in name):
        setting = setting_of(block, (*block.path, "over", name), name)
        if setting is not None:
            found.append(read_dimension(block.source, (*block.path, "over", name), over[name], setting, block.kind))
    named = {catalogue_name(str(name)) for name in over}
    for pattern in (str(name) for name in over if WILD in str(name)):
        wild = _wild(block, pattern, over[pattern], named | block.apart | block.taken)
        found += wild
        named |= {each.setting for each in wild}
    return [dimension for dimension in found if dimension is not None]


def _wild(block: Block, pattern: str, given: Any, apart: Collection[str]) -> list[Dimension]:
    """Every number that the pattern fits, has a plausible range, is no definition and is not set apart."""
    path = (*block.path, "over", pattern)
    if given != RANGE and not (isinstance(given, dict) and not {"low", "high"} & set(given)):
        block.source.blame(path, "stands for many settings, each over its own range", shown(given), "range")
        return []
    out = [str(name) for name in block.get("except") or ()] if isinstance(block.get("except"), list) else []
    found = []
    for name, meta in block.first.catalogue.items():
        fits = fnmatchcase(name, pattern) and "." in name and is_number(meta.value)
        varies = meta.low is not None and meta.high is not None and meta.low < meta.high
        kept = name not in apart and not any(fnmatchcase(name, other) for other in out)
        if fits and varies and kept and meta.confidence != DEFINITION:
            setting = read_any_setting(name, block.first, "over")
            found.append(read_dimension(block.source, path, given, setting, block.kind))
    if not found:
        block.source.blame(path, "stands for nothing: no number that has a plausible range and is not set apart")
    return [dimension for dimension in found if dimension is not None]
