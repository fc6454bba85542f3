"""The reduced model's section of RESULTS.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.reduced.agreement import ERRORS, ROUNDS_TO_JUDGE
from benchmarks.reduced.tools import MACHINERY, PROJECT, REFERENCE, TOOLS, Tool

TARGET = 6.0
"""Times faster than Mesa, Ciw, salabim and AgentPy."""
RATIOS = {
    "ratio": f"A, {PROJECT.label} (the same work)",
    "ratio_machinery": f"B, {MACHINERY.label} (more work)",
}
COLUMNS = {
    "choices": ("choices", ",.0f"),
    "attempts": ("tries", ",.0f"),
    "arrivals": ("arrivals", ",.0f"),
    "prevented_share": ("prevented", ".3f"),
    "settled": ("settled", ",.0f"),
    "waiting": ("waiting at the end", ",.0f"),
    "days_to_land": ("days to land", ".2f"),
    "decisions": ("asylum decisions", ",.0f"),
}


INTRODUCTION = f"""\
What it is and how it is written in each: `benchmarks/README.md`. CPU of build and run, without imports; medians over
rounds. Ratios are to this project in the same round: above 1 it is faster.

- A, **{PROJECT.label}**, does the same work as the other tools: the reduced model told in its own parts (clock, lives,
  arrival centre, columns, keyed random numbers, law of choice). It is the row to compare with.
- B, **{MACHINERY.label}**, does more: the whole model's processes on a scenario cut down by settings, in which six
  choices, beliefs, news, prices, gangs that learn, patrols, audits, records and daily counts all run.
"""


def markdown(results: Mapping[str, Any]) -> list[str]:
    """Lines of Markdown: a table a size, what differs, and the target."""
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items() if name != "sim")
    lines = ["## The reduced model in several tools", "", INTRODUCTION]
    lines += [f"Versions: {versions}."]
    for people, size in results["sizes"].items():
        lines += ["", f"### {int(people):,} people a year; rounds: {size['rounds']}", "", *table(size["tools"])]
        lines += ["", *differences(size["tools"]), *target(size["tools"])]
    return lines


def table(tools: Mapping[str, Any]) -> list[str]:
    """One row a tool."""
    head = ["tool", "µs CPU a person", "ratio to A", "ratio to B", *(title for title, _ in COLUMNS.values()), "agrees"]
    body = [[tool.label, *cells(tools[tool.module])] for tool in TOOLS if tool.module in tools]
    return ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *body]]


def cells(tool: Mapping[str, Any]) -> list[str]:
    """What the table says of a tool; an outcome that differs stands in bold."""
    if "error" in tool:
        return ["failed", *["–"] * (len(COLUMNS) + 2), "no"]
    shown = [format(tool["outcomes"][name], how) for name, (_, how) in COLUMNS.items()]
    verdict = "–" if tool["allowed"] is None else "**no**" if tool["differs"] else "yes"
    shown = [f"**{text}**" if name in tool["differs"] else text for name, text in zip(COLUMNS, shown, strict=True)]
    ratios = [f"{tool[ratio]:.2f}" for ratio in RATIOS]
    return [f"{tool['us_per_agent']:.1f}", *ratios, *shown, verdict]


def differences(tools: Mapping[str, Any]) -> list[str]:
    """The tolerance, and what lies outside it or failed."""
    allowed = tools[REFERENCE.module]["allowed"]
    if allowed is None:
        lines = [f"- Outcomes are not judged: fewer than {ROUNDS_TO_JUDGE} rounds."]
    else:
        told = ", ".join(f"{title} {format(allowed[name], how)}" for name, (title, how) in COLUMNS.items())
        lines = [f"- Allowed difference from {REFERENCE.label} ({ERRORS:.0f} standard errors): {told}."]
    for tool in TOOLS:
        it = tools.get(tool.module, {})
        if "error" in it:
            lines += [f"- {tool.label} **failed**: {it['error']}."]
        for name, (off, most) in it.get("differs", {}).items():
            title, how = COLUMNS[name]
            lines += [f"- {tool.label} **differs** in {title} by {format(off, how)}; allowed is {format(most, how)}."]
    return lines


def target(tools: Mapping[str, Any]) -> list[str]:
    """Whether the project is as many times faster as is aimed at, in both of its rows; of Mesa's two the faster."""
    lines = []
    for kind, own in RATIOS.items():
        ratios = least_ratios(tools, kind)
        told = [f"{name} {'failed' if ratio is None else f'{ratio:.2f}'}" for name, ratio in ratios.items()]
        missed = [name for name, ratio in ratios.items() if ratio is None or ratio < TARGET]
        verdict = f"**missed** for {', '.join(missed)}" if missed else "met"
        lines += [f"- Target for {own}, {TARGET:.0f} times faster than each of {'; '.join(told)}: {verdict}."]
    if left_out := [tool.label for tool in TOOLS if tool.has_target and tool.module not in tools]:
        lines += [f"- Not run at this size, and not judged: {', '.join(left_out)}."]
    return lines


def least_ratios(tools: Mapping[str, Any], kind: str) -> dict[str, float | None]:
    """For each tool aimed at, the least ratio of its rows; None if one of them failed."""
    rows = [(name_of(tool), tools[tool.module].get(kind)) for tool in TOOLS if tool.has_target and tool.module in tools]
    least: dict[str, float | None] = {}
    for name, ratio in rows:
        before = least.get(name, ratio)
        least[name] = None if ratio is None or before is None else min(ratio, before)
    return least


def name_of(tool: Tool) -> str:
    """A tool's name without the way in which it is used."""
    return tool.label.split(",")[0]
