"""The documents say what is true of the code."""

import re
from pathlib import Path

import pytest

import sim
from sim.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
NO_SCENARIO = {
    "patterns",
    "natural",
}  # plans of the scorecard and of the natural experiments, read by tests of their own
PATH = re.compile(r"`((?:sim|configs|tests|docs|benchmarks|verification)/[\w./]+\.\w+)`")


@pytest.mark.parametrize("document", ["README.md", "docs/odd.md", "CHANGELOG.md"])
def test_every_file_that_a_document_names_exists(document):
    named = PATH.findall((ROOT / document).read_text())
    named = [name for name in named if "<" not in name and not name.startswith("results")]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_odd_names_every_process():
    odd = (ROOT / "docs/odd.md").read_text()
    untold = {"__init__", "counting", "story"}
    files = [path for path in (ROOT / "sim/processes").glob("*.py") if path.stem not in untold]
    assert [path.name for path in files if f"sim/processes/{path.name}" not in odd] == []


def test_the_constraints_name_versions_only():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+]+( ; .+)?", line) for line in lines)


def test_every_scenario_that_ships_is_valid():
    shipped = [path for path in sorted((ROOT / "configs").glob("*.yaml")) if path.stem not in NO_SCENARIO]
    assert [load_scenario(str(path)).name for path in shipped] == [
        "aegean", "aegean_open", "albania", "albania_open", "base", "everyone", "history", "no_exchange",
        "patrols_doubled", "pilot", "returns_500", "scaled", "seizures_tripled",
    ]  # fmt: skip


def test_the_front_door_offers_what_it_lists():
    assert all(hasattr(sim, name) for name in sim.__all__)


def test_observations_end_on_30_june_2025():
    rows = (ROOT / "sim/data/arrivals_daily.csv").read_text().split()
    assert rows[-1].startswith("2025-06-30")


def test_files_stay_under_300_lines():
    long = [path.name for path in (ROOT / "sim").rglob("*.py") if len(path.read_text().splitlines()) > 300]
    assert long == []
