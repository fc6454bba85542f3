"""Whether tools tell the same of the reduced model, and what the report says if they do not. Nothing is simulated."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))  # the benchmarks are no installed package

from benchmarks.reduced.agreement import compare
from benchmarks.reduced.measure import summarise
from benchmarks.reduced.report import COLUMNS, TARGET, least_ratios, markdown, target
from benchmarks.reduced.tools import MACHINERY, PROJECT, REFERENCE, TOOLS

SPREAD = (-1.0, 1.0, -1.0, 1.0)
"""Differences by chance from round to round: nil on average, with a variance of 4/3."""
ALLOWED = 4 * (4 / 3 / len(SPREAD)) ** 0.5
FAST_ENOUGH = 10 * TARGET


def outcomes(shift: float = 0.0, by_chance: tuple[float, ...] = SPREAD) -> list[dict[str, float]]:
    return [{"arrivals": 1000 + 10 * n + chance + shift} for n, chance in enumerate(by_chance)]


def compared(shift: float, rounds: int = 4) -> dict:
    told = {REFERENCE.module: outcomes(by_chance=(0.0,) * 4), "mesa_steps": outcomes(shift)}
    return compare({tool: runs[:rounds] for tool, runs in told.items()})["mesa_steps"]


def runs_of(us: dict[str, float], shifts: dict[str, float] | None = None) -> dict[str, list[dict]]:
    """Four rounds of every tool that takes `us`; each outcome the same but for chance and the tool's shift."""
    runs = {}
    for module, cost in us.items():
        by_chance = (0.0,) * 4 if module == REFERENCE.module else SPREAD
        told = [{name: 1000 + chance + (shifts or {}).get(module, 0.0) for name in COLUMNS} for chance in by_chance]
        runs[module] = [{"us_per_agent": cost, "outcomes": round_} for round_ in told]
    return runs


@pytest.fixture
def costs() -> dict[str, float]:
    return {tool.module: 10 * FAST_ENOUGH if tool.has_target else 10.0 for tool in TOOLS}


def shown(runs: dict) -> str:
    sizes = {"5000": {"rounds": 4, "tools": summarise(runs)}}
    return "\n".join(markdown({"versions": {"simpy": "4"}, "sizes": sizes}))


def row(page: str, label: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(f"| {label} |"))


def test_the_allowed_difference_is_four_standard_errors():
    assert compared(0.0)["allowed"]["arrivals"] == pytest.approx(ALLOWED)


@pytest.mark.parametrize("shift", [0.0, 0.99 * ALLOWED, -0.99 * ALLOWED])
def test_a_difference_within_the_tolerance_agrees(shift):
    assert compared(shift)["differs"] == {}


@pytest.mark.parametrize("shift", [1.01 * ALLOWED, -1.01 * ALLOWED])
def test_a_difference_outside_the_tolerance_is_told_with_what_is_allowed(shift):
    assert compared(shift)["differs"] == {"arrivals": pytest.approx([shift, ALLOWED])}


def test_differences_are_taken_round_by_round():
    """Rounds differ by tens, tools by one: only the latter counts."""
    assert ALLOWED < 3 < abs(outcomes()[0]["arrivals"] - outcomes()[3]["arrivals"])
    assert compared(3.0)["differs"]


def test_too_few_rounds_are_not_judged():
    assert compared(1e6, rounds=3) | {"outcomes": None} == {"outcomes": None, "differs": {}, "allowed": None}


def test_the_reference_agrees_with_itself():
    told = compare({REFERENCE.module: outcomes(), "mesa_steps": outcomes(100.0)})
    assert told[REFERENCE.module]["differs"] == {}
    assert told["mesa_steps"]["outcomes"]["arrivals"] == pytest.approx(1115.0)


def test_tools_that_agree_are_shown_as_agreeing(costs):
    page = shown(runs_of(costs))
    assert all(row(page, tool.label).endswith("| yes |") for tool in TOOLS)
    assert "differs" not in page
    assert "missed" not in page


def test_a_tool_that_differs_stands_in_bold_with_its_difference(costs):
    page = shown(runs_of(costs, {"ciw_model": 500.0}))
    assert row(page, "Ciw").endswith("| **no** |")
    assert "**1,500**" in row(page, "Ciw")
    assert "- Ciw **differs** in arrivals by 500" in page
    assert row(page, "salabim").endswith("| yes |")


def test_a_tool_that_crashes_is_shown_as_failed_and_misses_the_target(costs):
    runs = runs_of(costs)
    runs["ciw_model"][2] = {"error": "IndexError: pop from an empty deque"}
    page = shown(runs)
    assert row(page, "Ciw").startswith("| Ciw | failed |")
    assert row(page, "Ciw").endswith("| no |")
    assert "- Ciw **failed**: IndexError: pop from an empty deque." in page
    assert page.count("Ciw failed") == page.count("**missed** for Ciw.") == 2
    assert row(page, "salabim").endswith("| yes |")


@pytest.mark.parametrize("needed", [PROJECT, MACHINERY, REFERENCE])
def test_without_a_row_that_others_are_compared_with_there_is_no_report(costs, needed):
    runs = runs_of(costs)
    runs[needed.module][0] = {"error": "killed"}
    with pytest.raises(RuntimeError, match=f"{needed.label} failed: killed"):
        summarise(runs)


def test_ratios_are_to_both_rows_of_this_project(costs):
    tools = summarise(runs_of({**costs, PROJECT.module: 10.0, MACHINERY.module: 40.0, "ciw_model": 80.0}))
    assert (tools["ciw_model"]["ratio"], tools["ciw_model"]["ratio_machinery"]) == (8.0, 2.0)


def test_the_target_can_be_met_by_the_same_work_and_missed_by_all_the_machinery(costs):
    lines = target(summarise(runs_of({**costs, MACHINERY.module: 10 * FAST_ENOUGH})))
    assert lines[0].startswith("- Target for A")
    assert lines[0].endswith(": met.")
    assert lines[1].startswith("- Target for B")
    assert lines[1].endswith("**missed** for Mesa, Ciw, salabim, AgentPy.")


def test_of_two_rows_of_one_tool_the_faster_counts(costs):
    tools = summarise(runs_of({**costs, "mesa_steps": 50.0, "mesa_model": 90.0}))
    assert least_ratios(tools, "ratio")["Mesa"] == 5.0
    assert target(tools)[0].endswith("**missed** for Mesa.")


def test_what_was_not_run_is_not_called_met(costs):
    del costs["ciw_model"]
    lines = target(summarise(runs_of(costs)))
    assert "Ciw" not in lines[0]
    assert lines[-1] == "- Not run at this size, and not judged: Ciw."
