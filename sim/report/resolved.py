"""`scenario.yaml` of a results folder as a whole, read once for all parts of a page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.results import Results


def resolved(results: Results) -> dict[str, Any]:
    """The scenarios with their levers, and every setting with what is known of it; empty if it is not there."""
    path = results.folder / "scenario.yaml"
    return _parsed(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _parsed(path: Path, changed: int) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    return found


def scenario_hashes(results: Results) -> dict[str, str]:
    """The hash of each scenario by its name, in the order in which they were asked for."""
    hashes: dict[str, str] = results.provenance.get("scenario_hashes", {})
    return hashes


def values(told: dict[str, Any], name: str) -> dict[str, Any]:
    """The values of settings in a scenario, before any lever; results of before `settings_changed` hold one for all."""
    first: dict[str, Any] = {setting: about.get("value") for setting, about in told.get("settings", {}).items()}
    other: dict[str, Any] = told.get("settings_changed", {}).get(name, {})
    return first | other
